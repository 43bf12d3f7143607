//! The clock over the sessions of a played room. Knows what is measured, and nothing of who asks.

use std::hint::black_box;

use sanctuary_benches::{PlayedRoom, create};
use sanctuary_crypto::{RoomName, Secret, Stretched};
use sanctuary_protocol::MemberId;
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

/// A measure is the median of calls that fill so many milliseconds …
const FILL_MILLIS: f64 = 150.0;

/// … but of so many at least, however long they take.
const CALLS_MIN: usize = 7;

/// Newcomers in one commit.
const ADMITS: [usize; 3] = [1, 10, 16];

/// Newcomers that need several commits.
const CROWD: usize = 100;

/// What is said, in bytes: a line, a paragraph, the most that fits.
const TEXT_BYTES: [usize; 3] = [100, 3_000, 16_000];

#[wasm_bindgen]
extern "C" {
    /// `performance.now()`: milliseconds.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

/// What something costs.
#[derive(Serialize)]
pub(crate) struct Cost {
    what: String,
    millis: f64,
}

/// What no room's size matters to.
pub(crate) fn alone() -> Vec<Cost> {
    let mut costs = Vec::new();
    let invitation = (RoomName::new("tea-room"), Secret::new("correct horse battery"));
    if let (Ok(room), Ok(secret)) = invitation {
        costs.push(median("stretch a secret", || clocked(|| Stretched::derive(&room, &secret))));
    }
    costs.push(median("create", || clocked(create)));
    costs
}

/// What a member of a room of that size does.
pub(crate) fn among(members: u32) -> Vec<Cost> {
    let mut room = PlayedRoom::of(members);
    let mut costs = vec![hearing_out(&mut room), coming_in(&mut room)];
    talking(&mut room, &mut costs);
    committing(&mut room, &mut costs);
    costs
}

fn hearing_out(room: &mut PlayedRoom) -> Cost {
    median("hear a newcomer out", || {
        let mut millis = 0.0;
        room.hear_out(|half| millis += clocked(half));
        millis
    })
}

fn talking(room: &mut PlayedRoom, costs: &mut Vec<Cost>) {
    for bytes in TEXT_BYTES {
        let text = vec![b'x'; bytes];
        costs.push(median(&format!("seal {bytes} B"), || {
            let begun = now();
            let sealed = room.seal(black_box(&text));
            let millis = now() - begun;
            // The guest keeps up, or it would have every key in between to draw at once.
            let entry = room.settle(sealed);
            room.open(&entry);
            millis
        }));
        costs.push(median(&format!("open {bytes} B"), || {
            let sealed = room.seal(&text);
            let entry = room.settle(sealed);
            clocked(|| room.open(black_box(&entry)))
        }));
    }
}

fn committing(room: &mut PlayedRoom, costs: &mut Vec<Cost>) {
    costs.push(median("remove 1", || clocked(|| room.draft_kick())));
    let frame = room.draft_kick();
    costs.push(median("follow 1 removed", || {
        let entry = room.entry_of(&frame);
        clocked(|| room.follow(black_box(&entry)))
    }));
    let numbers: Vec<MemberId> = (0..ADMITS[2]).map(|_| room.knock().0).collect();
    for admits in ADMITS {
        let numbers = &numbers[..admits];
        costs.push(median(&format!("add {admits}"), || {
            clocked(|| room.draft_admit(black_box(numbers)))
        }));
        let frame = room.draft_admit(numbers);
        costs.push(median(&format!("follow {admits} added"), || {
            let entry = room.entry_of(&frame);
            clocked(|| room.follow(black_box(&entry)))
        }));
    }
}

/// What a newcomer does with the welcome that it is sent.
fn coming_in(room: &mut PlayedRoom) -> Cost {
    median("come in", || {
        let (newcomer, opening, welcome) = room.welcome();
        clocked(|| assert!(newcomer.welcome(&opening, &welcome).is_ok()))
    })
}

/// The host's part and the guest's, of commits that let sixteen in each, until a hundred are in a
/// room that had so many before.
pub(crate) fn crowd(members: u32) -> Vec<Cost> {
    let mut room = PlayedRoom::of(members);
    let (mut millis, mut arrived) = (0.0, 0);
    while arrived < CROWD {
        let arriving = (CROWD - arrived).min(ADMITS[2]);
        let numbers: Vec<MemberId> = (0..arriving).map(|_| room.knock().0).collect();
        millis += clocked(|| room.admit(&numbers));
        arrived += arriving;
    }
    vec![Cost { what: format!("add and follow {CROWD}"), millis }]
}

/// The median of many calls, each of which says what it took: whatever else the machine does in
/// between falls on few of them. The first does not count, since the browser may still compile.
fn median(what: &str, mut once: impl FnMut() -> f64) -> Cost {
    once();
    let (mut calls, mut millis) = (Vec::new(), 0.0);
    while calls.len() < CALLS_MIN || millis < FILL_MILLIS {
        calls.push(once());
        millis += calls[calls.len() - 1];
    }
    calls.sort_by(f64::total_cmp);
    Cost { what: what.to_owned(), millis: calls[calls.len() / 2] }
}

fn clocked<T>(act: impl FnOnce() -> T) -> f64 {
    let begun = now();
    black_box(act());
    now() - begun
}
