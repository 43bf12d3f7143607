//! Whom a room speaks to: the outboxes of its connections, seated or waiting. A frame for all is
//! encoded once and shared, and waits here for its batch: what a room says in a row goes out to each
//! in one write. Whoever is told something alone is told first what all were. Must not know why a
//! frame is sent, nor when a batch is.

use std::collections::BTreeMap;

use ractor::ActorId;
use sanctuary_protocol::{CloseReason, ServerFrame};

use crate::encoded::{Batch, Encoded};
use crate::ledger::Charge;
use crate::limits::Limits;
use crate::line::Tether;
use crate::outbox::{Full, Outbox, Weight};
use crate::room::{ConnectionId, Effect};

/// Frames of a batch: one write takes no more, and a room that is never silent is heard all the same.
const BATCH_FRAMES_MAX: usize = 64;

/// A batch is no larger than this part of an outbox, so that a socket which just now takes nothing
/// is not too slow at once.
const BATCH_PART_OF_OUTBOX: usize = 4;

/// Bytes of a batch, but for the frame that passes it: what a socket commonly takes at once.
const BATCH_BYTES_MAX: usize = 128 * 1024;

/// Places for frames that a room keeps between batches: a burst's are given back.
const PENDING_KEPT: usize = 4;

/// A room's connections.
#[derive(Debug)]
pub(crate) struct Audience {
    listeners: BTreeMap<ConnectionId, Listener>,
    /// What all seats are told next.
    pending: Vec<Encoded>,
    charge: Charge,
    pending_bytes: usize,
    frames_max: usize,
    bytes_max: usize,
    /// Who came in, or took a seat, in this turn.
    arriving: Vec<ConnectionId>,
}

#[derive(Debug)]
struct Listener {
    tether: Tether,
    /// The tether's own, at hand: it is written to for every word, when little of it is in any cache.
    outbox: Outbox,
    member: ActorId,
    place: Place,
    /// The first frame of those pending that it is still to be sent.
    next: usize,
}

/// Where a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Its first frame is being handled.
    Threshold,
    /// It has knocked.
    Door,
    /// It takes a seat in this turn.
    Opening,
    /// Broadcasts reach it.
    Seat,
}

impl Audience {
    /// Nobody. What is pending counts in `charge`.
    pub(crate) fn new(charge: Charge, limits: &Limits) -> Self {
        let frames_max = limits.outbox_frames_max / BATCH_PART_OF_OUTBOX;
        let bytes_max = limits.outbox_bytes_max / BATCH_PART_OF_OUTBOX;
        Self {
            listeners: BTreeMap::new(),
            pending: Vec::new(),
            charge,
            pending_bytes: 0,
            frames_max: frames_max.clamp(1, BATCH_FRAMES_MAX),
            bytes_max: bytes_max.min(BATCH_BYTES_MAX),
            arriving: Vec::new(),
        }
    }

    /// A connection comes in.
    pub(crate) fn join(&mut self, tether: Tether, member: ActorId) {
        let connection = tether.connection();
        self.arriving.push(connection);
        let outbox = tether.outbox().clone();
        let listener = Listener { tether, outbox, member, place: Place::Threshold, next: 0 };
        self.listeners.insert(connection, listener);
    }

    pub(crate) fn seat(&mut self, connection: ConnectionId) {
        if let Some(listener) = self.listeners.get_mut(&connection) {
            listener.place = Place::Opening;
            listener.next = self.pending.len();
            self.arriving.push(connection);
        }
    }

    pub(crate) fn contains(&self, connection: ConnectionId) -> bool {
        self.listeners.contains_key(&connection)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.listeners.is_empty()
    }

    /// Sends to one; says whether it was too slow, and is hung up on.
    pub(crate) fn send(&mut self, to: ConnectionId, frame: &ServerFrame) -> Option<ConnectionId> {
        let listener = self.listeners.get_mut(&to)?;
        let told = listener.tell(&self.pending);
        match told.and_then(|()| listener.push(Encoded::frame(frame))) {
            Ok(()) => None,
            Err(Full) => self.hang_up(to, CloseReason::TooSlow),
        }
    }

    /// Every seat gets this with the next batch; whoever takes a seat in this turn, at once.
    pub(crate) fn broadcast(&mut self, frame: &ServerFrame) {
        let frame = Encoded::frame(frame);
        self.pending_bytes += frame.len();
        self.charge.set(self.pending_bytes);
        self.pending.push(frame);
        for connection in &self.arriving {
            if let Some(listener) = self.listeners.get_mut(connection)
                && listener.place == Place::Opening
            {
                // Against no bound.
                let _ = listener.tell(&self.pending);
            }
        }
    }

    /// Whether a batch waits.
    pub(crate) fn is_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Whether the batch that waits is as large as one gets.
    pub(crate) fn is_batch_full(&self) -> bool {
        self.pending.len() >= self.frames_max || self.pending_bytes >= self.bytes_max
    }

    /// What was pending, to be [`deliver`](Self::deliver)ed to all before anything else is said.
    pub(crate) fn take_batch(&mut self) -> Batch {
        Batch::of(std::mem::take(&mut self.pending))
    }

    /// A batch has been delivered: the next takes its place.
    pub(crate) fn reuse(&mut self, batch: Batch) {
        self.pending_bytes -= batch.bytes();
        self.charge.set(self.pending_bytes);
        if self.pending.is_empty() {
            self.pending = batch.into_places(PENDING_KEPT);
        }
    }

    /// Sends a batch to up to `count` connections from `from` on. Says who was too slow, and is hung
    /// up on, and where to go on.
    pub(crate) fn deliver(
        &mut self,
        batch: &Batch,
        from: ConnectionId,
        count: usize,
    ) -> (Vec<ConnectionId>, Option<ConnectionId>) {
        let mut slow = Vec::new();
        let mut rest = self.listeners.range_mut(from..);
        for (connection, listener) in rest.by_ref().take(count) {
            let next = std::mem::take(&mut listener.next);
            if listener.is_seated() && listener.outbox.deliver(batch, next) == Err(Full) {
                slow.push(*connection);
            }
        }
        let next = rest.next().map(|(connection, _)| *connection);
        slow.retain(|connection| self.hang_up(*connection, CloseReason::TooSlow).is_some());
        (slow, next)
    }

    /// Says why, and forgets the connection; nothing when it is not here.
    pub(crate) fn hang_up(
        &mut self,
        connection: ConnectionId,
        reason: CloseReason,
    ) -> Option<ConnectionId> {
        let mut listener = self.listeners.remove(&connection)?;
        let reason = match listener.tell(&self.pending) {
            Ok(()) => reason,
            Err(Full) => CloseReason::TooSlow,
        };
        listener.tether.hang_up(reason);
        Some(connection)
    }

    /// Whom these effects leave outside: a newcomer refused at the threshold and, when the room
    /// ends, everybody it does not hang up on.
    pub(crate) fn left_outside(&self, effects: &[Effect]) -> Vec<ConnectionId> {
        let ends = effects.last() == Some(&Effect::End);
        let is_outside = |(connection, listener): &(&ConnectionId, &Listener)| {
            let mut outside = ends;
            for effect in effects {
                match effect {
                    Effect::Send { to, frame: ServerFrame::Refused { .. } }
                        if to == *connection && listener.place == Place::Threshold =>
                    {
                        outside = true;
                    }
                    Effect::Seat { connection: one } | Effect::HangUp { connection: one, .. }
                        if one == *connection =>
                    {
                        return false;
                    }
                    Effect::Seat { .. }
                    | Effect::HangUp { .. }
                    | Effect::Send { .. }
                    | Effect::Broadcast(_)
                    | Effect::End => {}
                }
            }
            outside
        };
        if ends {
            let all = self.listeners.iter().filter(is_outside);
            return all.map(|(connection, _)| *connection).collect();
        }
        let arriving = self.arriving.iter().filter_map(|it| self.listeners.get_key_value(it));
        let candidates = arriving.filter(|(_, listener)| listener.place == Place::Threshold);
        candidates.filter(is_outside).map(|(connection, _)| *connection).collect()
    }

    /// Leads a connection's line back to the vestibule. What is sent to it until it is forgotten
    /// still arrives, and whoever reads that finds the line already there.
    pub(crate) fn release(&self, connection: ConnectionId) {
        if let Some(listener) = self.listeners.get(&connection) {
            listener.tether.release();
        }
    }

    /// Forgets a connection; nothing when it is not here.
    pub(crate) fn forget(&mut self, connection: ConnectionId) -> Option<ConnectionId> {
        self.listeners.remove(&connection).map(|_| connection)
    }

    /// Forgets the connection of a member that is no more, unless it has come in again as another.
    pub(crate) fn part(
        &mut self,
        connection: ConnectionId,
        member: ActorId,
    ) -> Option<ConnectionId> {
        let listener = self.listeners.get(&connection)?;
        if listener.member == member { self.forget(connection) } else { None }
    }

    /// Forgets everybody, once they have been told what is pending.
    pub(crate) fn forget_all(&mut self) {
        for listener in self.listeners.values_mut() {
            let _ = listener.tell(&self.pending);
        }
        self.listeners.clear();
        self.pending = Vec::new();
        self.pending_bytes = 0;
        self.charge.set(0);
    }

    /// A member that failed costs its own connection.
    pub(crate) fn fault(&mut self, connection: ConnectionId) {
        if let Some(listener) = self.listeners.get_mut(&connection) {
            let _ = listener.tell(&self.pending);
            listener.tether.hang_up(CloseReason::Faulted);
        }
    }

    /// A command has been carried out: who took a seat sits.
    pub(crate) fn sit_down(&mut self) {
        for connection in self.arriving.drain(..) {
            if let Some(listener) = self.listeners.get_mut(&connection) {
                listener.place = match listener.place {
                    Place::Threshold | Place::Door => Place::Door,
                    Place::Opening | Place::Seat => Place::Seat,
                };
            }
        }
    }

    /// The connection for which most waits.
    pub(crate) fn fullest(&self) -> Option<ConnectionId> {
        let waiting =
            |listener: &Listener| (listener.outbox.waiting(), listener.tether.connection());
        let (bytes, fullest) = self.listeners.values().map(waiting).max()?;
        (bytes > 0).then_some(fullest)
    }
}

impl Listener {
    /// Queues what is pending and not yet sent to it.
    fn tell(&mut self, pending: &[Encoded]) -> Result<(), Full> {
        if !self.is_seated() {
            return Ok(());
        }
        let next = std::mem::replace(&mut self.next, pending.len());
        let mut untold = pending.get(next..).unwrap_or_default().iter();
        untold.try_for_each(|frame| self.push(frame.clone()))
    }

    fn push(&self, frame: Encoded) -> Result<(), Full> {
        let weight = match self.place {
            Place::Opening => Weight::Uncounted,
            Place::Threshold | Place::Door | Place::Seat => Weight::Counted,
        };
        self.outbox.push(frame, weight)
    }

    fn is_seated(&self) -> bool {
        matches!(self.place, Place::Opening | Place::Seat)
    }
}

/// A room that fails takes its connections with it, and tells them so. In `Drop`, because a panic
/// runs nothing else.
impl Drop for Audience {
    fn drop(&mut self) {
        for listener in self.listeners.values_mut() {
            let _ = listener.tell(&self.pending);
            listener.tether.hang_up(CloseReason::Faulted);
        }
    }
}
