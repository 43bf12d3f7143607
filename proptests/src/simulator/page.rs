//! A page: a real client core, and what its shell would hold.

use std::collections::VecDeque;

use sanctuary_client::{Epoch, Model, Timer};
use sanctuary_protocol::RoomId;
use tokio::time::Instant;

use super::socket::{News, Socket};

/// A page.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) model: Model,
    pub(super) socket: Option<(Epoch, Socket)>,
    pub(super) timers: Vec<(Instant, Epoch, Timer)>,
    /// What has come out of its socket, and was not taken in yet.
    pub(super) inbox: VecDeque<(Epoch, News)>,
    pub(super) watch: Watch,
    pub(super) road: Road,
    /// How far its clock is from the others', in seconds.
    pub(super) clock: i64,
    /// Where its last socket led.
    pub(super) room: Option<RoomId>,
    /// By what it last asked for a place there.
    pub(super) way: Way,
    /// What had happened when it asked.
    pub(super) asked_at: u64,
    /// Its stay in the ledger, while it is in a room.
    pub(super) stay: Option<usize>,
    /// Lines of the stay that have been read.
    pub(super) lines_read: usize,
}

/// Whether a page takes in what comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Watch {
    Awake,
    Asleep,
}

/// Whether the network carries anything for a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Road {
    Clear,
    Held,
}

/// How a page came to its room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Started,
    LetIn,
    /// It has a seat there, and asks for it again.
    Resuming,
}

impl Page {
    pub(super) fn open(fragment: &str) -> Self {
        Self {
            model: Model::open(&format!("https://{}", super::socket::HOST), fragment),
            socket: None,
            timers: Vec::new(),
            inbox: VecDeque::new(),
            watch: Watch::Awake,
            road: Road::Clear,
            clock: 0,
            room: None,
            way: Way::LetIn,
            asked_at: 0,
            stay: None,
            lines_read: 0,
        }
    }

    /// The moment of its next timer.
    pub(super) fn next_timer(&self) -> Option<Instant> {
        match self.watch {
            Watch::Awake => self.timers.iter().map(|(at, ..)| *at).min(),
            Watch::Asleep => None,
        }
    }

    /// The timers that have run out.
    pub(super) fn due(&mut self, now: Instant) -> Vec<(Epoch, Timer)> {
        if self.watch == Watch::Asleep {
            return Vec::new();
        }
        let (due, waiting): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.timers).into_iter().partition(|(at, ..)| *at <= now);
        self.timers = waiting;
        due.into_iter().map(|(_, epoch, timer)| (epoch, timer)).collect()
    }
}
