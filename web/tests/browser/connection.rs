//! The connection is lost and comes back: nothing is lost and nothing doubled.

use crate::house::House;
use crate::people::{Host, join, start_room, start_room_in};
use crate::proxy::Line;

/// What a browser itself says of a socket that could not be opened.
const SOCKET_FAILED: &str = "WebSocket connection to";

/// A browser fetches the icon when it has time for it; by then the server may be gone.
const ICON_FAILED: &str = ".svg - Failed to load resource";

#[tokio::test]
async fn what_is_said_while_the_connection_is_down_arrives_once_and_both_ways() {
    let (mut house, proxy, window) = House::behind_a_proxy().await;
    let Host { window: ada, link } = start_room_in(window, "Ada").await;
    let link = house.straight(&link);
    let ben = join(&mut house, &link, "Ben").await;
    ada.hear("Ben came in").await;

    proxy.set(Line::Cut);
    ada.see("Connection lost").await;
    ada.say("said into the dark").await;
    ada.hear("said into the dark").await;
    ada.find(".line.pending").await;
    ben.say("meanwhile, inside").await;
    ben.until("Ada away", "return document.querySelector('.member.gone') !== null").await;

    proxy.set(Line::Up);
    ada.see_no_more("Connection lost").await;
    ada.hear("meanwhile, inside").await;
    ben.hear("said into the dark").await;
    ada.until("all settled", "return document.querySelector('.line.pending') === null").await;
    ben.until("Ada back", "return document.querySelector('.member.gone') === null").await;

    ada.say("and on from Ada").await;
    ben.hear("and on from Ada").await;
    ben.say("and on from Ben").await;
    ada.hear("and on from Ben").await;
    for window in [&ada, &ben] {
        for words in
            ["said into the dark", "meanwhile, inside", "and on from Ada", "and on from Ben"]
        {
            assert_eq!(window.count(words).await, 1, "{words}");
        }
    }
    house.close_expecting(&[SOCKET_FAILED]).await;
}

#[tokio::test]
async fn a_line_cut_again_and_again_still_doubles_nothing() {
    let (mut house, proxy, window) = House::behind_a_proxy().await;
    let Host { window: ada, link } = start_room_in(window, "Ada").await;
    let link = house.straight(&link);
    let ben = join(&mut house, &link, "Ben").await;
    for round in 1..=3 {
        // Cut while it is on its way: whether the server got it is anybody's guess.
        ada.say(&format!("round {round} from Ada")).await;
        proxy.set(Line::Cut);
        ben.say(&format!("round {round} from Ben")).await;
        ada.see("Connection lost").await;
        proxy.set(Line::Up);
        ada.see_no_more("Connection lost").await;
        ben.hear(&format!("round {round} from Ada")).await;
        ada.hear(&format!("round {round} from Ben")).await;
    }
    for window in [&ada, &ben] {
        assert_eq!(window.count("from Ada").await, 3);
        assert_eq!(window.count("from Ben").await, 3);
    }
    house.close_expecting(&[SOCKET_FAILED]).await;
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_said_to_be() {
    let mut house = House::open().await;
    let window = house.window().await;
    window.find("#alias").await;
    house.kill_server();
    window.fill("alias", "Ada").await;
    window.press("Start the room").await;
    window.see("cannot be reached").await;
    house.close_expecting(&[SOCKET_FAILED, ICON_FAILED]).await;
}

#[tokio::test]
async fn a_server_that_was_killed_is_come_back_to_and_the_room_is_said_to_be_gone() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ben.say("before it went").await;
    ada.hear("before it went").await;
    house.kill_server();
    for window in [&ada, &ben] {
        window.see("Connection lost").await;
    }
    ben.say("said into the dark").await;
    house.start_server_again().await;
    // Nobody presses anything.
    for window in [&ada, &ben] {
        window.see("Nobody is in that room").await;
        assert_eq!(window.count("before it went").await, 0);
    }
    ada.press("Start").await;
    ada.hear("You started this room").await;
    ben.press("Look again").await;
    ben.hear("You came in").await;
    assert_eq!(ben.value("composer").await, "said into the dark");
    ben.say("here again").await;
    ada.hear("here again").await;
    house.close_expecting(&[SOCKET_FAILED]).await;
}
