//! A door that asks, and one that is locked: the host says who comes in, and nobody else is asked.

use crate::axe::check_access;
use crate::house::House;
use crate::people::{Host, join, knock, start_room, start_room_in};
use crate::window::Window;

#[tokio::test]
async fn whoever_the_host_lets_in_comes_in_and_whoever_is_turned_away_does_not() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ask_first(&ada).await;
    ben.hear("Ada changed the rules").await;

    let cleo = knock(&mut house, &link, "Cleo").await;
    cleo.see("The host has been asked to let you in. This page waits.").await;
    ada.see("Cleo wants to come in.").await;
    let dora = knock(&mut house, &link, "Dora").await;
    ada.see("Dora wants to come in.").await;
    assert!(!ben.text().await.contains("wants to come in"));

    ada.press("Turn away Dora").await;
    dora.see("You were not let in.").await;
    check_access(&dora, "joining, declined").await;
    ada.see_no_more("Dora wants to come in.").await;
    ada.press("Let in Cleo").await;
    cleo.hear("You came in").await;
    ben.hear("Cleo came in").await;
    ada.see_no_more("wants to come in").await;
    ada.focus_on("composer").await;
    assert!(!ben.text().await.contains("Dora"));
    house.close().await;
}

#[tokio::test]
async fn who_goes_away_while_the_host_is_asked_is_asked_for_no_more() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    ask_first(&ada).await;
    let ben = knock(&mut house, &link, "Ben").await;
    ada.see("Ben wants to come in.").await;
    ben.press("Back").await;
    ada.see_no_more("Ben wants to come in.").await;
    house.close().await;
}

#[tokio::test]
async fn a_room_can_ask_from_its_beginning() {
    let mut house = House::open().await;
    let window = house.window().await;
    window.press("More").await;
    window.press("Whom I let in by hand").await;
    let Host { window: ada, link } = start_room_in(window, "Ada").await;
    let ben = knock(&mut house, &link, "Ben").await;
    ada.press("Let in Ben").await;
    ben.hear("You came in").await;
    house.close().await;
}

#[tokio::test]
async fn a_locked_door_lets_nobody_in_until_it_is_unlocked() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    ada.press("Nobody").await;
    ada.see("The door is locked").await;
    ada.hear("You changed the rules").await;
    let ben = knock(&mut house, &link, "Ben").await;
    ben.see("This room is locked").await;
    ada.press("Whoever has the link").await;
    ada.see("Whoever has this link can come in").await;
    ben.press("Try again").await;
    ben.hear("You came in").await;
    house.close().await;
}

/// Makes the door ask, in the panel that stands open where a room was just started.
async fn ask_first(host: &Window) {
    host.press("Whom I let in by hand").await;
    host.hear("You changed the rules").await;
}
