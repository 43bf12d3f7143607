//! When a room's words go out: at once where it was silent, and in one batch with what others are about
//! to say where it was not. Must not know what is said.

use std::time::Duration;

use ractor::ActorRef;

use super::{Message, State, now};
use crate::room::{Command, ConnectionId};

/// How lately a room must have spoken to wait for others: longer than a large room takes to be told.
const BUSY_WITHIN: Duration = Duration::from_millis(1);

/// Connections written to in one go, and bytes: a millisecond's worth.
const LISTENERS_AT_ONCE: usize = 128;
const BYTES_AT_ONCE: usize = 1024 * 1024;

/// Whether a [`Message::Flush`] is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flush {
    Idle,
    Asked,
    /// Once more, behind those that were let in before.
    Waiting,
}

impl State {
    /// Whether the room has just spoken.
    pub(super) fn is_busy(&self) -> bool {
        now().saturating_duration_since(self.flushed) < BUSY_WITHIN
    }

    /// A room that has just spoken lets whoever is about to speak come first: their words go out in
    /// the same writes. One that has been silent speaks at once.
    pub(super) async fn time_to_flush(&mut self, myself: &ActorRef<Message>) {
        if self.flush == Flush::Asked {
            self.flush = Flush::Waiting;
            tokio::task::yield_now().await;
            let _ = myself.cast(Message::Flush);
            return;
        }
        self.flush = Flush::Idle;
        self.flush().await;
    }

    /// Sends what is pending, to so many at a time that no other room waits long for its turn.
    pub(super) async fn flush(&mut self) {
        while self.audience.is_pending() {
            let batch = self.audience.take_batch();
            let at_once = (BYTES_AT_ONCE / batch.bytes().max(1)).clamp(1, LISTENERS_AT_ONCE);
            let mut next = Some(ConnectionId(0));
            let mut vanished = Vec::new();
            while let Some(from) = next {
                let (slow, rest) = self.audience.deliver(&batch, from, at_once);
                vanished.extend(slow);
                next = rest;
                if next.is_some() {
                    tokio::task::yield_now().await;
                }
            }
            self.audience.reuse(batch);
            self.flushed = now();
            for connection in vanished {
                self.turn(Command::Vanish { connection });
            }
        }
    }
}
