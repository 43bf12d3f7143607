//! Everything with the keyboard alone.

use fantoccini::key::Key;

use crate::house::House;
use crate::people::{Host, join, knock, start_room};
use crate::window::Window;

/// Stops of the Tab key that a room may have: more than it does.
const STOPS_MAX: usize = 40;

/// Finds the page where no dialog stands.
const NO_DIALOG: &str = "body:not(:has(dialog))";

#[tokio::test]
async fn the_home_screen_is_gone_through_in_its_order_and_sent_by_enter() {
    let mut house = House::open().await;
    let window = house.window().await;
    window.focus_on("alias").await;
    let mut stops = Vec::new();
    for _ in 0..4 {
        window.strike(&[Key::Tab]).await;
        stops.push(window.focused().await);
    }
    assert_eq!(stops, ["Drawn at random", "Only me, its host", "More", "Start the room"]);
    for expected in ["More", "Only me, its host", "Drawn at random", "Your name in the room"] {
        window.strike(&[Key::Shift, Key::Tab]).await;
        assert_eq!(window.focused().await, expected);
    }
    window.strike(&[Key::Shift, Key::Tab]).await;
    assert_eq!(window.focused().await, "Start a room");
    window.strike(&[Key::Tab]).await;
    window.fill("alias", "Ada").await;
    window.strike(&[Key::Enter]).await;
    window.hear("You started this room").await;
    house.close().await;
}

#[tokio::test]
async fn completions_are_taken_by_tab_and_by_arrows_and_enter() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    join(&mut house, &link, "Ben").await;
    let cleo = join(&mut house, &link, "Cleo").await;
    ada.hear("Cleo came in").await;
    ada.fill("composer", "/pu").await;
    ada.find("[role=listbox]").await;
    ada.strike(&[Key::Tab]).await;
    ada.composes("/purr ").await;
    // Both are offered, in the order in which they came.
    ada.find("[role=option]:nth-child(2)").await;
    ada.strike(&[Key::Down]).await;
    ada.find("[role=option]:nth-child(1)[aria-selected=true]").await;
    ada.strike(&[Key::Down]).await;
    ada.find("[role=option]:nth-child(2)[aria-selected=true]").await;
    ada.strike(&[Key::Enter]).await;
    ada.composes("/purr Cleo ").await;
    ada.fill("composer", "by the keyboard").await;
    ada.strike(&[Key::Enter]).await;
    cleo.hear("by the keyboard").await;
    house.close().await;
}

#[tokio::test]
async fn a_dialog_opened_by_the_keyboard_is_left_by_escape_for_the_composer() {
    let mut house = House::open().await;
    let Host { window: ada, .. } = start_room(&mut house, "Ada").await;
    go_to(&ada, "Help").await;
    ada.strike(&[Key::Enter]).await;
    ada.find("dialog[open]").await;
    ada.see("What can be typed").await;
    ada.strike(&[Key::Escape]).await;
    ada.until("no dialog", "return document.querySelector('dialog') === null").await;
    ada.focus_on("composer").await;
    house.close().await;
}

#[tokio::test]
async fn a_question_mark_shows_the_help_and_in_a_field_it_is_written() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ben.focus_on("composer").await;
    ben.strike_holding(Key::Shift, '?').await;
    ben.composes("?").await;
    ben.find(NO_DIALOG).await;
    go_to(&ada, "Leave").await;
    ada.strike_holding(Key::Control, '?').await;
    ada.find(NO_DIALOG).await;
    ada.strike_holding(Key::Shift, '?').await;
    ada.see("What can be typed").await;
    ada.see("Where nothing is being written: show this.").await;
    ada.strike(&[Key::Escape]).await;
    ada.find(NO_DIALOG).await;
    // A question that stands is not put aside.
    ada.say("/stop").await;
    ada.see("End the room for everybody?").await;
    ada.strike_holding(Key::Shift, '?').await;
    ada.press("Cancel").await;
    ada.find(NO_DIALOG).await;
    house.close().await;
}

#[tokio::test]
async fn escape_struck_twice_covers_tracks_but_not_while_it_closes_something() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ben.hear("You came in").await;
    // Two strikes are one soon after the other, however slow the machine is.
    ada.eval("const now = Date.now(); Date.now = () => now").await;
    ada.fill("composer", "/pu").await;
    ada.find("[role=listbox]").await;
    ada.strike(&[Key::Escape]).await;
    ada.until("no list", "return document.querySelector('[role=listbox]') === null").await;
    ada.empty("composer").await;
    ada.press("Help").await;
    ada.see("Esc, Esc").await;
    ada.strike(&[Key::Escape]).await;
    ada.until("no dialog", "return document.querySelector('dialog') === null").await;
    ada.focus_on("composer").await;
    ada.strike(&[Key::Escape]).await;
    ada.press("Invite").await;
    ada.find(".room").await;
    ada.strike(&[Key::Escape]).await;
    ada.until("an empty page", "return location.href === 'about:blank'").await;
    ben.hear("Ada left.").await;
    house.close().await;
}

#[tokio::test]
async fn a_members_menu_is_unfolded_and_used_by_the_keyboard() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ada.hear("Ben came in").await;
    go_to(&ada, "Ben").await;
    ada.strike(&[Key::Enter]).await;
    ada.find("details[open]").await;
    ada.strike(&[Key::Tab]).await;
    assert_eq!(ada.focused().await, "Whisper to Ben");
    ada.strike(&[Key::Enter]).await;
    ada.focus_on("composer").await;
    ada.fill("composer", "psst").await;
    ada.strike(&[Key::Enter]).await;
    ben.hear("psst").await;
    ben.hear("whispered to you").await;
    house.close().await;
}

#[tokio::test]
async fn somebody_who_asks_is_let_in_and_the_next_turned_away_by_the_keyboard() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    ada.say("/door ask").await;
    ada.hear("You changed the rules").await;
    let ben = knock(&mut house, &link, "Ben").await;
    ada.see("Ben wants to come in.").await;
    let cleo = knock(&mut house, &link, "Cleo").await;
    ada.see("Cleo wants to come in.").await;
    go_to(&ada, "Let in Ben").await;
    ada.strike(&[Key::Enter]).await;
    ben.hear("You came in").await;
    ada.see_no_more("Ben wants to come in.").await;
    // The focus stayed by the one who is left.
    ada.strike(&[Key::Tab]).await;
    assert_eq!(ada.focused().await, "Let in Cleo");
    ada.strike(&[Key::Tab]).await;
    ada.strike(&[Key::Enter]).await;
    cleo.see("You were not let in.").await;
    ada.focus_on("composer").await;
    house.close().await;
}

/// Strikes Tab until the focus is on what goes by that name.
async fn go_to(window: &Window, name: &str) {
    let mut stops = Vec::new();
    while stops.len() < STOPS_MAX {
        window.strike(&[Key::Tab]).await;
        let stop = window.focused().await;
        if stop == name {
            return;
        }
        stops.push(stop);
    }
    panic!("no way leads to {name}: {stops:?}");
}
