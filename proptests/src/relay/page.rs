//! One page: a real client core and what its shell would hold. Everything it sends and gets waits in
//! its two boxes until somebody carries it.

use std::collections::VecDeque;
use std::time::Instant;

use sanctuary_client::room::Room;
use sanctuary_client::{Epoch, Model, Screen, Timer};
use sanctuary_engine::room::ConnectionId;
use sanctuary_protocol::ClientFrame;

use super::server::Letter;

/// A page.
#[derive(Debug)]
pub struct Page {
    /// The core.
    pub model: Model,
    pub(super) socket: Option<Socket>,
    pub(super) timers: Vec<(Instant, Epoch, Timer)>,
    pub(super) inbox: VecDeque<Letter>,
    pub(super) outbox: VecDeque<Outward>,
    /// Whether it takes in what comes.
    pub watch: Watch,
    /// Whether the network carries anything.
    pub road: Road,
    /// Whether it is used as it is.
    pub conduct: Conduct,
    /// Its stay in the ledger, while it is in a room.
    pub stay: Option<usize>,
    /// Lines of the stay that have been read.
    pub(super) lines_read: usize,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Socket {
    pub(super) connection: ConnectionId,
    pub(super) epoch: Epoch,
    pub(super) leads: Leads,
}

/// Whether what a page sends arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leads {
    Somewhere,
    Nowhere,
}

/// What waits to arrive at the server.
#[derive(Debug)]
pub(super) enum Outward {
    Frame(ConnectionId, ClientFrame),
    /// The socket was closed after what was sent before.
    End(ConnectionId),
}

/// Whether a page takes in what comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// It does.
    Awake,
    /// It is frozen: its socket stands, and what comes waits.
    Asleep,
}

/// Whether the network carries anything for a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Road {
    /// It does.
    Clear,
    /// Everything waits.
    Held,
}

/// Whether a page is used as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conduct {
    /// It is.
    Honest,
    /// Something sends garbage in its name: what it shows proves nothing.
    Rogue,
}

impl Page {
    pub(super) fn open(fragment: &str) -> Self {
        Self {
            model: Model::open("https://sanctuary.example", fragment),
            socket: None,
            timers: Vec::new(),
            inbox: VecDeque::new(),
            outbox: VecDeque::new(),
            watch: Watch::Awake,
            road: Road::Clear,
            conduct: Conduct::Honest,
            stay: None,
            lines_read: 0,
        }
    }

    /// The room it is in.
    pub fn room(&self) -> Option<&Room> {
        match &self.model.screen {
            Screen::Room(room) => Some(room),
            Screen::Home(_) | Screen::Joining(_) | Screen::Ended(_) => None,
        }
    }

    /// The moment of its next timer.
    pub(super) fn next_timer(&self) -> Option<Instant> {
        match self.watch {
            Watch::Awake => self.timers.iter().map(|(at, ..)| *at).min(),
            Watch::Asleep => None,
        }
    }
}
