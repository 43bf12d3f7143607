//! The host's powers: hand the room over, put somebody out, end it for everybody.

use crate::house::House;
use crate::people::{Host, join, start_room};
use crate::window::Window;

#[tokio::test]
async fn a_host_hands_the_room_over_and_the_mark_moves() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    host_is(&ada, "Ada").await;
    ben.say("/kick Ada").await;
    ben.see("Only the host").await;
    open_member(&ada, "Ben").await;
    ada.press("Make Ben the host").await;
    ben.hear("You are the host now.").await;
    ada.hear("Ben is the host now.").await;
    host_is(&ada, "Ben").await;
    host_is(&ben, "Ben").await;
    house.close().await;
}

#[tokio::test]
async fn who_is_put_out_reads_by_whom_and_nothing_that_follows() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    let cleo = join(&mut house, &link, "Cleo").await;
    ada.hear("Cleo came in").await;
    open_member(&ada, "Ben").await;
    ada.press("Remove\u{2026} Ben").await;
    ada.see("Remove Ben?").await;
    ada.press("Remove").await;
    ben.see("Ada put you out of the room.").await;
    cleo.hear("Ada put Ben out of the room.").await;
    ada.say("behind his back").await;
    cleo.hear("behind his back").await;
    assert!(!ben.text().await.contains("behind his back"));
    cleo.until("two here", "return document.querySelectorAll('.member').length === 2").await;
    house.close().await;
}

#[tokio::test]
async fn stop_asks_and_then_ends_the_room_for_everybody() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ada.say("/stop").await;
    ada.see("End the room for everybody?").await;
    ada.press("Cancel").await;
    ada.say("not yet").await;
    ben.hear("not yet").await;
    ada.say("/stop").await;
    ada.see("End the room for everybody?").await;
    ada.press("End the room").await;
    ada.see("You ended the room for everybody.").await;
    ben.see("Ada ended the room for everybody.").await;
    house.close().await;
}

#[tokio::test]
async fn where_everybody_moderates_anybody_may_put_somebody_out() {
    let mut house = House::open().await;
    let window = house.window().await;
    window.press("Everybody in it").await;
    let Host { window: ada, link } = crate::people::start_room_in(window, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ben.say("/kick Ada").await;
    ada.see("Ben put you out of the room.").await;
    ben.hear("You are the host now.").await;
    house.close().await;
}

#[tokio::test]
async fn who_is_muted_is_heard_by_the_others_and_learns_nothing() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    let cleo = join(&mut house, &link, "Cleo").await;
    ben.hear("Cleo came in").await;
    ben.say("before").await;
    ada.hear("before").await;
    open_member(&ada, "Ben").await;
    ada.press("Mute Ben").await;
    ada.hear("You muted Ben.").await;
    ada.until("Ben marked", &marked("Ben", "Muted")).await;
    ben.say("blah").await;
    ben.say("/purr Ada blah in your ear").await;
    // Whatever comes after it in the room's order shows that it has come.
    cleo.hear("blah").await;
    cleo.say("did you read that?").await;
    ada.hear("did you read that?").await;
    assert_eq!((ada.count("before").await, ada.count("blah").await), (1, 0));
    assert_eq!((ben.count("muted").await, cleo.count("muted").await), (0, 0));
    ada.say("/unmute Ben").await;
    ada.hear("You unmuted Ben.").await;
    ben.say("after").await;
    ada.hear("after").await;
    house.close().await;
}

/// Unfolds what can be done about a member.
async fn open_member(window: &Window, name: &str) {
    let unfold = format!(
        "const row = [...document.querySelectorAll('.member details')]\
             .find(row => row.innerText.includes({name:?}));\
         if (!row) return false;\
         row.open = true;\
         return true;"
    );
    window.until(&format!("{name} in the roster"), &unfold).await;
}

/// Whether a member's row carries that word.
fn marked(name: &str, mark: &str) -> String {
    format!(
        "return [...document.querySelectorAll('.member')]\
             .some(row => row.innerText.includes({name:?})\
                 && [...row.querySelectorAll('.chip')].some(it => it.innerText === {mark:?}))"
    )
}

async fn host_is(window: &Window, name: &str) {
    let marked = format!(
        "const marked = [...document.querySelectorAll('.member')]\
             .filter(row => row.querySelector('.chip-host'));\
         return marked.length === 1 && marked[0].innerText.includes({name:?});"
    );
    window.until(&format!("{name} marked as host"), &marked).await;
}
