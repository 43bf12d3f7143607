//! Replies, actions, what one sent before, and messages that go.

use fantoccini::key::Key;

use crate::house::House;
use crate::look::{Look, Scheme};
use crate::people::{Host, join, start_room};

/// The line that says these words, as a script's expression.
fn line(words: &str) -> String {
    format!("[...document.querySelectorAll('.said')].find(it => it.innerText.includes('{words}'))")
}

#[tokio::test]
async fn a_reply_shows_what_it_is_to_and_leads_there() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ada.say("soup or salad?").await;
    ben.hear("soup or salad?").await;
    for number in 0..30 {
        ben.say(&format!("no. {number}")).await;
    }
    ada.hear("no. 29").await;
    let press = format!("{}.querySelector('[aria-label=Reply]').click()", line("soup or salad"));
    ben.eval(&press).await;
    ben.see("Reply to").await;
    assert_eq!(ben.focused().await, "Message");
    ben.say("soup!").await;
    ben.see_no_more("Reply to").await;
    ada.until(
        "the reply quotes the question",
        &format!(
            "return {}?.querySelector('.quote')?.innerText.includes('soup or salad?')",
            line("soup!")
        ),
    )
    .await;
    ada.eval(&format!("{}.querySelector('.quote').click()", line("soup!"))).await;
    ada.until("the question is in sight and has the focus", "
        const focused = document.activeElement, log = document.querySelector('.timeline');
        const {top, bottom} = focused.getBoundingClientRect(), frame = log.getBoundingClientRect();
        return focused.innerText.includes('soup or salad?') && top >= frame.top && bottom <= frame.bottom
    ").await;
    house.close().await;
}

#[tokio::test]
async fn the_keyboard_replies_and_brings_back_what_was_sent() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let phone = Look { scheme: Scheme::Dark, ..Look::PHONE };
    let ben = house.window_with(&link, phone).await;
    ben.fill("alias", "Ben").await;
    ben.press("Go in").await;
    ben.hear("You came in").await;
    ada.say("first").await;
    ada.say("second").await;
    ben.hear("second").await;
    ben.focus_on("composer").await;
    ben.strike(&[Key::Alt, Key::Up]).await;
    ben.until(
        "the last is replied to",
        "
        return document.querySelector('.replying')?.innerText.includes('second')",
    )
    .await;
    ben.strike(&[Key::Alt, Key::Up]).await;
    ben.until(
        "the one before is replied to",
        "
        return document.querySelector('.replying')?.innerText.includes('first')",
    )
    .await;
    ben.strike(&[Key::Escape]).await;
    ben.see_no_more("Reply to").await;
    ben.say("/me *waves*").await;
    ada.until(
        "Ben is told to wave",
        "
        return document.querySelector('.action')?.innerText.includes('Ben waves')",
    )
    .await;
    ben.strike(&[Key::Up]).await;
    ben.composes("/me *waves*").await;
    ben.strike(&[Key::Down]).await;
    ben.composes("").await;
    house.close().await;
}

#[tokio::test]
async fn the_host_says_how_long_messages_stay_and_they_go() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ada.hear("Ben came in").await;
    ada.press("Half a minute").await;
    ben.hear("set messages to go after half a minute").await;
    ben.see("Fades: 30 s").await;
    ada.say("soon gone").await;
    ben.hear("soon gone").await;
    // The browser's own clock, put on: what was to go by then goes with whatever comes next.
    ben.eval("const now = Date.now; Date.now = () => now() + 31_000").await;
    ada.say("hello?").await;
    ben.hear("hello?").await;
    ben.see_no_more("soon gone").await;
    house.close().await;
}
