//! What waits to be written to one client: a queue bounded in frames and bytes, filled by the room
//! and emptied by whatever carries the client's line. Where nothing waits and the client's socket takes
//! it, a room's batch is written in the room's own turn and never queued; only the rest costs the
//! carrier a wake-up. Must not know rooms, or frames' meaning.

mod delivery;
mod queue;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::task::AtomicWaker;
use sanctuary_protocol::CloseReason;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::encoded::{Batch, Encoded};
use crate::ledger::Account;
use crate::tally::Event;
use queue::{End, Queue};

pub(crate) use delivery::{Aside, Due};
pub use delivery::{Delivered, Delivery};
pub(crate) use queue::{Full, OutboxBounds, Outlet, Weight};

/// How long a client that was hung up on may take to read what waited for it.
const DRAIN_WAIT: Duration = Duration::from_secs(10);

/// The filling end. Clones fill the same queue.
#[derive(Clone, Debug)]
pub(crate) struct Outbox {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    bounds: OutboxBounds,
    queue: Mutex<Queue>,
    /// The one that empties it.
    carrier: AtomicWaker,
}

/// An outbox and its delivery. When `stopping` turns true while the client has no room to tell it
/// so, the outbox hangs up by itself.
pub(crate) fn outbox(
    bounds: OutboxBounds,
    account: Arc<Account>,
    stopping: watch::Receiver<bool>,
) -> (Outbox, Delivery) {
    let queue = Mutex::new(Queue::new(account));
    let shared = Arc::new(Shared { bounds, queue, carrier: AtomicWaker::new() });
    (Outbox { shared: shared.clone() }, Delivery::of(shared, stopping))
}

impl Outbox {
    /// Queues a frame. One that was hung up on takes nothing, silently.
    ///
    /// # Errors
    /// When a bound would be passed; then nothing was queued.
    pub(crate) fn push(&self, frame: Encoded, weight: Weight) -> Result<(), Full> {
        self.shared.push(frame, weight)
    }

    /// Sends a batch from the frame of that number on: what the client takes at once is written,
    /// unless something waits already; the rest is queued. One that was hung up on takes nothing,
    /// silently.
    ///
    /// # Errors
    /// When a bound would be passed; then not all of it was queued.
    pub(crate) fn deliver(&self, batch: &Batch, first: usize) -> Result<(), Full> {
        let mut queue = self.shared.queue();
        if queue.end != End::Open {
            return Ok(());
        }
        let written = queue.write_at_once(batch.wire_from(first));
        let (rest, begun) = batch.rest(first, written);
        if rest.is_empty() {
            return Ok(());
        }
        let bounds = self.shared.bounds;
        let mut frames = rest.iter();
        if begun > 0 {
            // It is on its way, whatever the bounds say.
            queue.begun = begun;
            let first = frames.next().cloned();
            first.map_or(Ok(()), |first| queue.add(first, Weight::Uncounted, bounds))?;
        }
        let queued = frames.try_for_each(|it| queue.add(it.clone(), Weight::Counted, bounds));
        drop(queue);
        self.shared.carrier.wake();
        queued
    }

    /// Closes the queue. The first reason stands. What waits is still delivered, except to a client
    /// that is too slow to read it.
    pub(crate) fn hang_up(&self, reason: CloseReason) {
        self.shared.hang_up(reason);
    }

    pub(crate) fn is_hung_up(&self) -> bool {
        self.shared.queue().end != End::Open
    }

    /// Bytes that wait.
    pub(crate) fn waiting(&self) -> usize {
        self.shared.queue().waiting_bytes()
    }

    /// What is queued from here on counts as `account`'s.
    pub(crate) fn charge_to(&self, account: Arc<Account>) {
        self.shared.queue().account = account;
    }

    /// Hang up as idle at `until`, unless told otherwise before.
    pub(crate) fn idle_until(&self, until: Option<Instant>) {
        self.shared.queue().idle_until = until;
        self.shared.carrier.wake();
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, frame: Encoded, weight: Weight) -> Result<(), Full> {
        let mut queue = self.queue();
        if queue.end != End::Open {
            return Ok(());
        }
        queue.add(frame, weight, self.bounds)?;
        drop(queue);
        self.carrier.wake();
        Ok(())
    }

    fn hang_up(&self, reason: CloseReason) {
        let mut queue = self.queue();
        if queue.end != End::Open {
            return;
        }
        queue.end = End::HungUp { reason, drain_until: Instant::now() + DRAIN_WAIT };
        queue.idle_until = None;
        queue.account.tally().count(Event::HungUp(reason));
        match reason {
            // It reads too slowly, or its successor is sent the same.
            CloseReason::TooSlow | CloseReason::Superseded => queue.clear(),
            CloseReason::Left
            | CloseReason::Purged
            | CloseReason::ByOperator
            | CloseReason::Kicked
            | CloseReason::TooFast
            | CloseReason::Idle
            | CloseReason::ShuttingDown
            | CloseReason::ProtocolError
            | CloseReason::Faulted => {}
        }
        drop(queue);
        self.carrier.wake();
    }

    /// The client may have found a seat while the clock ran out.
    fn expire(&self) {
        let idle_until = self.queue().idle_until;
        if idle_until.is_some_and(|until| until <= Instant::now()) {
            self.hang_up(CloseReason::Idle);
        }
    }
}
