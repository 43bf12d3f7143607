//! Failures on demand, to prove what each part's failure costs. Behind the feature `faults`, which
//! the tests alone turn on.

use std::sync::atomic::{AtomicU32, Ordering};

/// Which part shall fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The root of the tree.
    Root,
    /// The lobby.
    Lobby,
    /// The oldest room.
    Room,
    /// The member that has been in the oldest room for longest.
    Member,
    /// The gateway.
    Gateway,
    /// The operator's console.
    Console,
}

/// In which order a process fails that is signalled to.
pub(crate) const ON_SIGNAL: [Fault; 5] =
    [Fault::Room, Fault::Lobby, Fault::Gateway, Fault::Console, Fault::Member];

/// A part that takes messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taker {
    /// Whichever room takes the message.
    Room,
    /// The lobby.
    Lobby,
}

/// How many messages each may still take: at the last of them it fails. None is lit at first.
#[derive(Debug, Default)]
pub(crate) struct Fuses {
    room: AtomicU32,
    lobby: AtomicU32,
}

impl Fuses {
    /// `taker` fails at the message that comes after so many others.
    pub(crate) fn light(&self, taker: Taker, after: u32) {
        self.of(taker).store(after.saturating_add(1), Ordering::Relaxed);
    }

    /// `taker` takes a message.
    pub(crate) fn burn(&self, taker: Taker) {
        let fuse = self.of(taker);
        let left = fuse.load(Ordering::Relaxed);
        fuse.store(left.saturating_sub(1), Ordering::Relaxed);
        if left == 1 {
            fail();
        }
    }

    /// Whether it is still to come that `taker` fails.
    pub(crate) fn is_lit(&self, taker: Taker) -> bool {
        self.of(taker).load(Ordering::Relaxed) > 0
    }

    fn of(&self, taker: Taker) -> &AtomicU32 {
        match taker {
            Taker::Room => &self.room,
            Taker::Lobby => &self.lobby,
        }
    }
}

#[expect(clippy::panic, reason = "it is what this is for")]
pub(crate) fn fail() -> ! {
    panic!("on demand");
}
