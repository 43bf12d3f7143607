//! Whom a room speaks to: the outboxes of its connections, seated or waiting. A frame for all is
//! encoded once and shared. Must not know why a frame is sent.

use std::collections::BTreeMap;

use bytes::Bytes;
use sanctuary_protocol::{CloseReason, ServerFrame, encode};

use crate::line::Tether;
use crate::outbox::{Full, Weight};
use crate::room::{ConnectionId, Effect};

/// A room's connections.
#[derive(Debug, Default)]
pub(crate) struct Audience {
    listeners: BTreeMap<ConnectionId, Listener>,
}

#[derive(Debug)]
struct Listener {
    tether: Tether,
    place: Place,
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
    /// A connection comes in.
    pub(crate) fn join(&mut self, tether: Tether) {
        self.listeners.insert(tether.connection(), Listener { tether, place: Place::Threshold });
    }

    pub(crate) fn seat(&mut self, connection: ConnectionId) {
        if let Some(listener) = self.listeners.get_mut(&connection) {
            listener.place = Place::Opening;
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
        let listener = self.listeners.get(&to)?;
        match listener.push(encode(frame).into()) {
            Ok(()) => None,
            Err(Full) => self.hang_up(to, CloseReason::TooSlow),
        }
    }

    /// Sends to every seat; says which were too slow, and are hung up on.
    pub(crate) fn broadcast(&mut self, frame: &ServerFrame) -> Vec<ConnectionId> {
        let frame = Bytes::from(encode(frame));
        let seated = self.listeners.values().filter(|listener| listener.is_seated());
        let slow: Vec<_> = seated
            .filter(|listener| listener.push(frame.clone()) == Err(Full))
            .map(|listener| listener.tether.connection())
            .collect();
        for connection in &slow {
            self.hang_up(*connection, CloseReason::TooSlow);
        }
        slow
    }

    /// Says why, and forgets the connection; nothing when it is not here.
    pub(crate) fn hang_up(
        &mut self,
        connection: ConnectionId,
        reason: CloseReason,
    ) -> Option<ConnectionId> {
        let listener = self.listeners.remove(&connection)?;
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
        let candidates =
            self.listeners.iter().filter(|(_, it)| ends || it.place == Place::Threshold);
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

    /// Forgets everybody.
    pub(crate) fn forget_all(&mut self) {
        self.listeners.clear();
    }

    /// A member that failed costs its own connection.
    pub(crate) fn fault(&self, connection: ConnectionId) {
        if let Some(listener) = self.listeners.get(&connection) {
            listener.tether.hang_up(CloseReason::Faulted);
        }
    }

    /// A command has been carried out: who took a seat sits.
    pub(crate) fn sit_down(&mut self) {
        for listener in self.listeners.values_mut() {
            listener.place = match listener.place {
                Place::Threshold | Place::Door => Place::Door,
                Place::Opening | Place::Seat => Place::Seat,
            };
        }
    }

    /// The connection for which most waits.
    pub(crate) fn fullest(&self) -> Option<ConnectionId> {
        let waiting =
            |listener: &Listener| (listener.tether.waiting(), listener.tether.connection());
        let (bytes, fullest) = self.listeners.values().map(waiting).max()?;
        (bytes > 0).then_some(fullest)
    }
}

impl Listener {
    fn push(&self, frame: Bytes) -> Result<(), Full> {
        let weight = match self.place {
            Place::Opening => Weight::Opening,
            Place::Threshold | Place::Door | Place::Seat => Weight::Counted,
        };
        self.tether.push(frame, weight)
    }

    fn is_seated(&self) -> bool {
        matches!(self.place, Place::Opening | Place::Seat)
    }
}

/// A room that fails takes its connections with it, and tells them so. In `Drop`, because a panic
/// runs nothing else.
impl Drop for Audience {
    fn drop(&mut self) {
        for listener in self.listeners.values() {
            listener.tether.hang_up(CloseReason::Faulted);
        }
    }
}
