//! Many at once: twenty people who press the button in the same moment, each in a tab, and each a
//! page that derives its keys, knocks, and is let in by commits of sixteen at the most.

use crate::house::House;
use crate::people::{Host, start_room};
use crate::safety::words;

/// More than one commit lets in.
const NEWCOMERS: usize = 20;

#[tokio::test]
async fn twenty_who_come_at_once_are_all_in_one_group() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let crowd = house.window_at(&link).await;
    let mut tabs = vec![crowd.tab().await];
    while tabs.len() < NEWCOMERS {
        tabs.push(crowd.open_tab(&link).await);
    }
    for (number, tab) in tabs.iter().enumerate() {
        crowd.show_tab(tab).await;
        crowd.fill("alias", &format!("Guest {number}")).await;
    }
    for tab in &tabs {
        crowd.show_tab(tab).await;
        crowd.press("Go in").await;
    }
    ada.until("everybody's name in the roster", ALL_ARE_HERE).await;
    let words_inside = words(&ada).await;
    for tab in &tabs {
        crowd.show_tab(tab).await;
        crowd.until("everybody's name in the roster", ALL_ARE_HERE).await;
        assert_eq!(words(&crowd).await, words_inside);
    }
    crowd.say("we are all in").await;
    ada.hear("we are all in").await;
    for tab in &tabs {
        crowd.show_tab(tab).await;
        crowd.hear("we are all in").await;
        assert_eq!(crowd.count("we are all in").await, 1);
    }
    house.close().await;
}

const ALL_ARE_HERE: &str = "return document.querySelectorAll('.members > .member').length === 21";
