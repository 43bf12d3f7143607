//! What came while nobody looked at the page.

use serde_json::json;

use crate::house::House;
use crate::people::{Host, join, start_room};
use crate::window::Window;

#[tokio::test]
async fn the_title_counts_what_came_while_nobody_looked_and_names_nobody() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ada.hear("Ben came in").await;
    look_back(&ada).await;
    ben.say("under her eyes").await;
    ada.hear("under her eyes").await;
    assert_eq!(title(&ada).await, "Sanctuary");
    look_away(&ada).await;
    ben.say("one").await;
    ben.say("/purr Ada two").await;
    ada.until("the title counts", "return document.title === '(2) Sanctuary'").await;
    look_back(&ada).await;
    assert_eq!(title(&ada).await, "Sanctuary");
    look_away(&ada).await;
    ben.say("three").await;
    ada.until("the title counts", "return document.title === '(1) Sanctuary'").await;
    ada.press("Leave").await;
    ada.see("You left the room.").await;
    assert_eq!(title(&ada).await, "Sanctuary");
    house.close().await;
}

async fn title(window: &Window) -> serde_json::Value {
    window.eval("return document.title").await
}

/// Another window takes the focus. A browser without a screen has none that could.
async fn look_away(window: &Window) {
    turn(window, "blur", "false").await;
}

/// The window has the focus again.
async fn look_back(window: &Window) {
    turn(window, "focus", "true").await;
}

async fn turn(window: &Window, event: &str, has_focus: &str) {
    let turn = format!(
        "document.hasFocus = () => {has_focus}; return dispatchEvent(new Event('{event}'))"
    );
    assert_eq!(window.eval(&turn).await, json!(true));
}
