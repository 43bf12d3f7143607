//! What has happened since the server started, in numbers that only grow, and what is under way. It is
//! told that something happened, never to whom.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use sanctuary_protocol::CloseReason;
use sanctuary_protocol::admin::{ActorKind, HangUps};

/// From the root to the console.
const ACTOR_KINDS: usize = 6;

/// Counts without an order among them: each is read by itself.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    rooms_opened: AtomicU64,
    connections_opened: AtomicU64,
    connections_turned_away: AtomicU64,
    frames_received: AtomicU64,
    bytes_received: AtomicU64,
    too_slow: AtomicU64,
    too_fast: AtomicU64,
    idle: AtomicU64,
    protocol_error: AtomicU64,
    failures: [AtomicU64; ACTOR_KINDS],
    arrivals: AtomicUsize,
    frames: AtomicUsize,
    sessions: AtomicUsize,
}

/// What is begun and ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// Somebody on the way into a room.
    Arrival,
    /// A frame that its room has not heard yet.
    Frame,
    /// An operator's session.
    Session,
}

/// What happened once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A room was started.
    RoomOpened,
    /// A connection was accepted.
    ConnectionOpened,
    /// A connection was turned away.
    TurnedAway,
    /// An actor failed.
    Failed(ActorKind),
    /// The server hung up.
    HungUp(CloseReason),
}

impl Tally {
    pub(crate) fn count(&self, event: Event) {
        let counter = match event {
            Event::RoomOpened => &self.rooms_opened,
            Event::ConnectionOpened => &self.connections_opened,
            Event::TurnedAway => &self.connections_turned_away,
            Event::Failed(kind) => self.failed(kind),
            Event::HungUp(CloseReason::TooSlow) => &self.too_slow,
            Event::HungUp(CloseReason::TooFast) => &self.too_fast,
            Event::HungUp(CloseReason::Idle) => &self.idle,
            Event::HungUp(CloseReason::ProtocolError) => &self.protocol_error,
            // The ordinary ends.
            Event::HungUp(
                CloseReason::Left
                | CloseReason::Purged
                | CloseReason::ByOperator
                | CloseReason::Kicked
                | CloseReason::ShuttingDown
                | CloseReason::Superseded
                | CloseReason::Faulted,
            ) => return,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// A client sent a frame of so many bytes.
    pub(crate) fn count_frame(&self, bytes: usize) {
        self.frames_received.fetch_add(1, Ordering::Relaxed);
        self.bytes_received.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(crate) fn rooms_opened(&self) -> u64 {
        self.rooms_opened.load(Ordering::Relaxed)
    }

    pub(crate) fn connections_opened(&self) -> u64 {
        self.connections_opened.load(Ordering::Relaxed)
    }

    pub(crate) fn connections_turned_away(&self) -> u64 {
        self.connections_turned_away.load(Ordering::Relaxed)
    }

    /// Frames, and bytes of them.
    pub(crate) fn received(&self) -> (u64, u64) {
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (load(&self.frames_received), load(&self.bytes_received))
    }

    pub(crate) fn hung_up(&self) -> HangUps {
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        HangUps {
            too_slow: load(&self.too_slow),
            too_fast: load(&self.too_fast),
            idle: load(&self.idle),
            protocol_error: load(&self.protocol_error),
        }
    }

    /// How often an actor of this kind failed.
    pub(crate) fn failures(&self, kind: ActorKind) -> u64 {
        self.failed(kind).load(Ordering::Relaxed)
    }

    pub(crate) fn begin(&self, work: Work) {
        self.under_way(work).fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn end(&self, work: Work) {
        self.under_way(work).fetch_sub(1, Ordering::Relaxed);
    }

    /// How much of it is under way.
    pub(crate) fn in_flight(&self, work: Work) -> usize {
        self.under_way(work).load(Ordering::Relaxed)
    }

    fn failed(&self, kind: ActorKind) -> &AtomicU64 {
        let [sanctuary, lobby, room, member, gateway, console] = &self.failures;
        match kind {
            ActorKind::Sanctuary => sanctuary,
            ActorKind::Lobby => lobby,
            ActorKind::Room => room,
            ActorKind::Member => member,
            ActorKind::Gateway => gateway,
            ActorKind::Console => console,
        }
    }

    fn under_way(&self, work: Work) -> &AtomicUsize {
        match work {
            Work::Arrival => &self.arrivals,
            Work::Frame => &self.frames,
            Work::Session => &self.sessions,
        }
    }
}
