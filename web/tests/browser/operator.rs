//! The operator's hand: a room ended, and the server stopped. Nobody is left guessing.

use crate::house::House;
use crate::people::{Host, join, start_room};

#[tokio::test]
async fn a_room_the_operator_ends_says_so_to_everybody() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    house.operate(&["notice", "We look into a complaint."]);
    for window in [&ada, &ben] {
        window.hear("We look into a complaint.").await;
    }
    // What would turn the text around is named, and not obeyed: here, and in the last word.
    house.operate(&["notice", "Open \u{202e}gpj.exe"]);
    ada.hear("Open U+202Egpj.exe").await;
    house.operate(&["purge", "r1", "--yes", "It was used to sell \u{202e}things."]);
    for window in [&ada, &ben] {
        window.see("The operator of this server ended the room.").await;
        window.see("not encrypted: It was used to sell U+202Ethings.").await;
    }
    house.close().await;
}

#[tokio::test]
async fn a_server_that_stopped_says_so_and_is_come_back_to_when_it_is_there_again() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    house.stop_server();
    for window in [&ada, &ben] {
        window.see("The server stopped, and its rooms ended with it.").await;
    }
    house.start_server_again().await;
    ada.press("Come back").await;
    ada.see("Nobody is in that room").await;
    ada.press("Start").await;
    ada.hear("You started this room").await;
    ben.press("Come back").await;
    ben.hear("You came in").await;
    ben.say("here again").await;
    ada.hear("here again").await;
    house.close().await;
}
