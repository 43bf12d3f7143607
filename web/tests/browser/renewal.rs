//! Another link in place of the one that is out: by itself when somebody is put out, and when asked.

use crate::house::House;
use crate::people::{Host, join, knock, start_room};
use crate::window::Window;

#[tokio::test]
async fn who_was_put_out_knows_a_link_that_opens_nothing() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ada.hear("Ben came in").await;
    ada.say("/kick Ben").await;
    ben.see("Ada put you out of the room.").await;
    let renewed = renewed_link(&ada, &link).await;

    let cleo = knock(&mut house, &link, "Cleo").await;
    cleo.see("does not open this room").await;
    let cleo = join(&mut house, &renewed, "Cleo").await;
    cleo.say("by the other link").await;
    ada.hear("by the other link").await;
    house.close().await;
}

#[tokio::test]
async fn a_link_is_renewed_when_asked_and_everybody_inside_stays() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ada.press("Make a new link").await;
    ada.see("Make a new link?").await;
    ada.press("Make it").await;
    ben.hear("Ada renewed the link.").await;
    let renewed = renewed_link(&ada, &link).await;
    let cleo = join(&mut house, &renewed, "Cleo").await;
    cleo.say("all three").await;
    for window in [&ada, &ben] {
        window.hear("all three").await;
    }
    // Whoever is inside has it too.
    ben.press("Invite").await;
    assert_eq!(renewed_link(&ben, &link).await, renewed);
    house.close().await;
}

/// The link that is shown, once it is another than `before`.
async fn renewed_link(window: &Window, before: &str) -> String {
    window.see("This link is new. The one shared before opens nothing.").await;
    let link = window.value("invitation").await;
    assert_ne!(link, before);
    link
}
