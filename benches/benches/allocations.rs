//! How often each step of the path allocates, and how much: counted, so that it is the same on every
//! machine. What the sockets' side adds is in `docs/PERFORMANCE.md`.

mod stage;

use std::alloc::System;
use std::hint::black_box;
use std::time::Instant;

use sanctuary_benches::{PlayedRoom, entry, post};
use sanctuary_engine::room::{Command, ConnectionId};
use sanctuary_protocol::{ClientFrame, decode, encode};
use stage::room_of;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// A line of chat, sealed, in bytes; and what is in it.
const POST_BYTES: usize = 256;
const TEXT_BYTES: usize = 100;

/// Members of the rooms.
const MEMBERS: [u32; 3] = [2, 100, 1_000];

/// Of so many times, the most usual: a table that grows now and then is not what a step costs.
const TIMES: usize = 101;

#[expect(clippy::print_stdout, reason = "whoever measures reads it")]
fn main() {
    println!("{:<40} {:>12} {:>12}", "step", "allocations", "bytes");
    let (message, frame) = (encode(&post(POST_BYTES)), entry(POST_BYTES));
    print("decode a post of 256 B", || drop(black_box(decode::<ClientFrame>(&message))));
    print("encode an entry of 256 B", || drop(black_box(encode(&frame))));
    for members in MEMBERS {
        let now = Instant::now();
        let mut room = room_of(members.into(), now);
        let mut frames: Vec<ClientFrame> = (0..TIMES).map(|_| post(POST_BYTES)).collect();
        print(&format!("a room of {members} hears it"), || {
            if let Some(frame) = frames.pop() {
                let command = Command::Receive { from: ConnectionId(1), frame };
                drop(black_box(room.handle(command, now)));
            }
        });
    }
    let mut room = PlayedRoom::of(2);
    let text = [b'x'; TEXT_BYTES];
    let mut sealed = Vec::with_capacity(TIMES);
    print("seal 100 B", || sealed.push(room.seal(&text)));
    let entries: Vec<_> = sealed.into_iter().map(|ciphertext| room.settle(ciphertext)).collect();
    let mut entries = entries.iter();
    print("open 100 B", || entries.by_ref().take(1).for_each(|entry| room.open(entry)));
}

#[expect(clippy::print_stdout, reason = "whoever measures reads it")]
fn print(step: &str, mut once: impl FnMut()) {
    let mut counts: Vec<(usize, usize)> = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let region = Region::new(ALLOCATOR);
        once();
        let change = region.change();
        counts.push((change.allocations + change.reallocations, change.bytes_allocated));
    }
    counts.sort_unstable();
    let (allocations, bytes) = counts.get(TIMES / 2).copied().unwrap_or_default();
    println!("{step:<40} {allocations:>12} {bytes:>12}");
}
