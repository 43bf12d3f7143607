//! A room core with members in it, for whoever measures one.

#![allow(clippy::expect_used, clippy::panic, reason = "a bench may stop at its own mistake")]

use std::time::Instant;

use sanctuary_engine::limits::RoomLimits;
use sanctuary_engine::room::{Command, ConnectionId, Effect, Room};
use sanctuary_protocol::{
    ClientFrame, CommitBlob, Few, KnockBlob, MemberId, Policy, ServerFrame, WelcomeBlob,
};

/// A room of that many.
pub(crate) fn room_of(members: u64, now: Instant) -> Room {
    let limits = RoomLimits {
        members_max: 10_000,
        commit_interval: std::time::Duration::ZERO,
        ..RoomLimits::default()
    };
    let mut room = Room::new(limits, [9; 32], now);
    let host = ConnectionId(1);
    let create = ClientFrame::Create { policy: Policy::default() };
    room.handle(Command::Receive { from: host, frame: create }, now);
    for number in 2..=members {
        let from = ConnectionId(number);
        let frame = ClientFrame::Knock { blob: KnockBlob::try_from(vec![1]).expect("short") };
        let effects = room.handle(Command::Receive { from, frame }, now);
        let newcomer = effects.iter().find_map(knocked).expect("the knock was taken");
        let frame = ClientFrame::Commit {
            ciphertext: CommitBlob::try_from(vec![1]).expect("short"),
            admits: Few::try_from(vec![newcomer]).expect("one"),
            evicts: Few::none(),
            welcome: WelcomeBlob::try_from(vec![1]).expect("short"),
        };
        room.handle(Command::Receive { from: host, frame }, now);
    }
    assert_eq!(room.census(now).members_live as u64, members);
    room
}

fn knocked(effect: &Effect) -> Option<MemberId> {
    match effect {
        Effect::Send { frame: ServerFrame::Knocked { member }, .. } => Some(*member),
        _ => None,
    }
}
