//! Hostile words over a network that flaps: what cannot be said at once is said later, to a page that
//! loses its socket meanwhile and takes in what it missed all at once. It is no less safe.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::weather::{Network, Outages, weather};
use super::{SOCKET_FAILED, print};
use crate::burst::BOUNDS;
use crate::dice::Dice;
use crate::hostile::{Trap, broken, cases, some, two_watched_by};
use crate::house::House;
use crate::window::Window;

/// What decides the weather.
const SEED: u64 = 7;

/// How long the network flaps.
const LASTS: Duration = Duration::from_secs(40);

/// As many of the cases are said in each way.
const CASES: usize = 96;

/// Said between two looks at the page, by which time these may all wait for the network.
const BATCH: usize = 12;

#[tokio::test]
async fn hostile_words_are_no_less_harmless_over_a_network_that_flaps() {
    let trap = Trap::set().await;
    let cases = some(cases(&trap.address.to_string()), CASES);
    let (mut house, [adas, bens]) = House::with_lines(&BOUNDS).await;
    let (ada, ben) = two_watched_by(&mut house, [&adas.page(), &bens.page()]).await;
    let people = [("who said it", &ada), ("who read it", &ben)];
    let mut around: Vec<Value> = Vec::new();
    for (_, window) in people {
        around.push(window.eval("return hostile.around()").await);
    }
    let networks = [Network::of(&ada, adas).await, Network::of(&ben, bens).await];
    let mut dice = Dice::new(SEED);
    let weathers = [(); 2].map(|()| weather(dice.other(), LASTS, Outages::Short));
    let talk = async {
        let mut said = 0;
        let begun = Instant::now();
        for way in ["said", "done", "linked", "pasted"] {
            for batch in cases.chunks(BATCH) {
                said += speak(&ada, batch, way).await;
                for (who, window) in people {
                    assert_eq!(broken(window).await, [""; 0], "{way}, {who}");
                }
            }
        }
        (said, begun.elapsed())
    };
    let (_, _, (said, took)) =
        tokio::join!(networks[0].go_by(&weathers[0]), networks[1].go_by(&weathers[1]), talk,);
    print(&format!("{said} hostile lines said in {} s", took.as_secs()));
    assert!(said > 3 * CASES as u64, "only {said} were said");
    ada.until("all is settled", "return document.querySelector('.pending') === null").await;
    ada.say("so much for that.").await;
    ben.hear("so much for that.").await;
    for ((who, window), around) in people.into_iter().zip(around) {
        window.see_no_more("Connection lost").await;
        assert_eq!(broken(window).await, [""; 0], "{who}");
        assert_eq!(window.eval("return hostile.around()").await, around, "{who}");
    }
    assert_eq!(trap.caught(), 0, "something was fetched");
    house.close_expecting(&[SOCKET_FAILED]).await;
}

/// Says them as soon as the page takes so many; how many were said.
async fn speak(window: &Window, batch: &[String], way: &str) -> u64 {
    let room = format!("return document.querySelectorAll('.pending').length < {BATCH}");
    window.until("the page takes more", &room).await;
    let said = window.eval(&format!("return hostile.speak({}, '{way}')", json!(batch))).await;
    said.as_u64().unwrap()
}
