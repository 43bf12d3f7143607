//! The door: who is let in, who is not, and who waits.

use serde_json::json;

use crate::house::House;
use crate::people::{Host, join, knock, knock_by_key, start_chosen, start_room, start_room_in};
use crate::proxy::Line;

#[tokio::test]
async fn a_wrong_password_stays_out() {
    let mut house = House::open().await;
    let ada = start_chosen(&mut house, "tea-room", "correct horse battery", "Ada").await;
    let ben = knock_by_key(&mut house, "tea-room", "incorrect horse", "Ben").await;
    ben.see("does not open this room").await;
    assert!(!ada.text().await.contains("Ben"));
    ada.hear("Somebody knocked with a wrong password").await;
    ada.see("One attempt with a wrong password.").await;
    ada.press("Clear the attempts").await;
    ada.see_no_more("One attempt with a wrong password.").await;
    ada.hear("You cleared the wrong passwords.").await;
    ben.press("Back").await;
    assert_eq!(ben.value("room-name").await, "tea-room");
    // What was typed is there to be mended.
    assert_eq!(ben.value("secret").await, "incorrect horse");
    ben.empty("secret").await;
    ben.fill("secret", "correct horse battery").await;
    ben.press("Knock").await;
    ben.hear("You came in").await;
    ada.hear("Ben came in").await;
    house.close().await;
}

#[tokio::test]
async fn a_room_nobody_is_in_is_started_only_when_asked_to() {
    let mut house = House::open().await;
    let ben = knock_by_key(&mut house, "empty-room", "correct horse battery", "Ben").await;
    ben.see("Nobody is in that room").await;
    ben.press("Look again").await;
    ben.see("Nobody is in that room").await;
    ben.press("Start").await;
    ben.hear("You started this room").await;
    house.close().await;
}

#[tokio::test]
async fn a_taken_name_and_one_that_looks_like_it_are_refused() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    // The last one's first letter is Cyrillic.
    for name in ["Ada", "aDA", "\u{410}da"] {
        let other = knock(&mut house, &link, name).await;
        other.see("That name is taken").await;
    }
    assert_eq!(ada.count("came in").await, 0);
    house.close().await;
}

#[tokio::test]
async fn a_form_filled_in_wrong_says_what_is_wrong() {
    let mut house = House::open().await;
    let window = house.window().await;
    window.press("Start the room").await;
    window.focus_on("alias").await;
    window.find("#alias[aria-invalid=true]").await;
    window.until("words", "return document.querySelector('#alias-problem').innerText !== ''").await;
    house.close().await;
}

#[tokio::test]
async fn somebody_at_the_door_waits_while_everybody_inside_sleeps() {
    let (mut house, proxy, window) = House::behind_a_proxy().await;
    let Host { window: ada, link } = start_room_in(window, "Ada").await;
    // A device asleep: its connection stands, and nobody reads from it.
    proxy.set(Line::Held);
    let link = house.straight(&link);
    let ben = knock(&mut house, &link, "Ben").await;
    ben.see("Waiting for somebody inside to open").await;
    proxy.set(Line::Up);
    ben.hear("You came in").await;
    ada.hear("Ben came in").await;
    house.close().await;
}

#[tokio::test]
async fn a_page_the_browser_froze_opens_the_door_when_it_thaws() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    ada.developer("Page.setWebLifecycleState", &json!({ "state": "frozen" })).await;
    let ben = knock(&mut house, &link, "Ben").await;
    ben.see("Waiting for somebody inside to open").await;
    ada.developer("Page.setWebLifecycleState", &json!({ "state": "active" })).await;
    ben.hear("You came in").await;
    ada.hear("Ben came in").await;
    // Chromium ends a frozen page's connection, and says so.
    house.close_expecting(&["Page entered Back-Forward Cache"]).await;
}

#[tokio::test]
async fn three_come_in_at_once_and_all_see_each_other() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = knock(&mut house, &link, "Ben").await;
    let cleo = knock(&mut house, &link, "Cleo").await;
    let dora = join(&mut house, &link, "Dora").await;
    for window in [&ada, &ben, &cleo, &dora] {
        window.until("four here", "return document.querySelectorAll('.member').length === 4").await;
    }
    dora.say("all of us").await;
    for window in [&ada, &ben, &cleo] {
        window.hear("all of us").await;
    }
    house.close().await;
}
