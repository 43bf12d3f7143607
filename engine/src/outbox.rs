//! What waits to be written to one client: a queue bounded in frames and bytes, filled by the room
//! and emptied by whatever carries the client's line. Must not know rooms, sockets or frames'
//! meaning.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use sanctuary_protocol::CloseReason;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use crate::ledger::{Account, Charge};

/// How much may wait for one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OutboxBounds {
    pub(crate) frames_max: usize,
    pub(crate) bytes_max: usize,
}

/// How long a client that was hung up on may take to read what waited for it.
const DRAIN_WAIT: Duration = Duration::from_secs(10);

/// Whether a frame counts against the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// As everything does.
    Counted,
    /// Part of what a seat begins with: what was missed comes all at once, bounded by the ring.
    Opening,
}

/// The client does not read what is sent to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the outbox is full")]
pub(crate) struct Full;

/// The filling end. Clones fill the same queue.
#[derive(Clone, Debug)]
pub(crate) struct Outbox {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    bounds: OutboxBounds,
    queue: Mutex<Queue>,
    woken: Notify,
}

#[derive(Debug)]
struct Queue {
    waiting: VecDeque<Waiting>,
    /// Of those, how many frames and bytes count against the bounds.
    frames: usize,
    bytes: usize,
    account: Arc<Account>,
    /// Until when a client without a seat or a knock may stay silent.
    idle_until: Option<Instant>,
    end: End,
}

#[derive(Debug)]
struct Waiting {
    frame: Bytes,
    weight: Weight,
    charge: Charge,
}

/// Whether anything may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Open,
    HungUp {
        reason: CloseReason,
        drain_until: Instant,
    },
    /// Nobody will read any more.
    Abandoned,
}

/// What the carrier of a line is handed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// An encoded server frame.
    Frame(Bytes),
    /// Nothing follows: say why, and close.
    Closed(CloseReason),
}

/// The emptying end.
#[derive(Debug)]
pub struct Delivery {
    shared: Arc<Shared>,
    stopping: watch::Receiver<bool>,
}

/// An outbox and its delivery. When `stopping` turns true while the client has no room to tell it
/// so, the outbox hangs up by itself.
pub(crate) fn outbox(
    bounds: OutboxBounds,
    account: Arc<Account>,
    stopping: watch::Receiver<bool>,
) -> (Outbox, Delivery) {
    let queue = Queue {
        waiting: VecDeque::new(),
        frames: 0,
        bytes: 0,
        account,
        idle_until: None,
        end: End::Open,
    };
    let shared = Arc::new(Shared { bounds, queue: Mutex::new(queue), woken: Notify::new() });
    (Outbox { shared: shared.clone() }, Delivery { shared, stopping })
}

impl Outbox {
    /// Queues a frame. One that was hung up on takes nothing, silently.
    ///
    /// # Errors
    /// When a bound would be passed; then nothing was queued.
    pub(crate) fn push(&self, frame: Bytes, weight: Weight) -> Result<(), Full> {
        let mut queue = self.shared.queue();
        if queue.end != End::Open {
            return Ok(());
        }
        match weight {
            Weight::Counted => {
                let bytes = queue.bytes + frame.len();
                let OutboxBounds { frames_max, bytes_max } = self.shared.bounds;
                if queue.frames >= frames_max || bytes > bytes_max {
                    return Err(Full);
                }
                queue.frames += 1;
                queue.bytes = bytes;
            }
            Weight::Opening => {}
        }
        let charge = queue.account.charge(frame.len());
        queue.waiting.push_back(Waiting { frame, weight, charge });
        drop(queue);
        self.shared.woken.notify_one();
        Ok(())
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
        self.shared.queue().waiting.iter().map(|waiting| waiting.frame.len()).sum()
    }

    /// What is queued from here on counts as `account`'s.
    pub(crate) fn charge_to(&self, account: Arc<Account>) {
        self.shared.queue().account = account;
    }

    /// Hang up as idle at `until`, unless told otherwise before.
    pub(crate) fn idle_until(&self, until: Option<Instant>) {
        self.shared.queue().idle_until = until;
        self.shared.woken.notify_one();
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hang_up(&self, reason: CloseReason) {
        let mut queue = self.queue();
        if queue.end != End::Open {
            return;
        }
        queue.end = End::HungUp { reason, drain_until: Instant::now() + DRAIN_WAIT };
        queue.idle_until = None;
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
        self.woken.notify_one();
    }

    /// The client may have found a seat while the clock ran out.
    fn expire(&self) {
        let idle_until = self.queue().idle_until;
        if idle_until.is_some_and(|until| until <= Instant::now()) {
            self.hang_up(CloseReason::Idle);
        }
    }
}

impl Queue {
    fn take(&mut self) -> Option<Delivered> {
        let reason = match self.end {
            End::Open | End::Abandoned => None,
            End::HungUp { reason, drain_until } => {
                if drain_until <= Instant::now() {
                    self.clear();
                }
                Some(reason)
            }
        };
        match self.waiting.pop_front() {
            Some(Waiting { frame, weight, charge }) => {
                if weight == Weight::Counted {
                    self.frames -= 1;
                    self.bytes -= frame.len();
                }
                drop(charge);
                Some(Delivered::Frame(frame))
            }
            None => reason.map(Delivered::Closed),
        }
    }

    fn clear(&mut self) {
        self.waiting = VecDeque::new();
        self.frames = 0;
        self.bytes = 0;
    }
}

impl Delivery {
    /// The next thing to hand to the client. After [`Delivered::Closed`] it is that for ever.
    /// Cancel-safe: nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Delivered {
        let Self { shared, stopping } = self;
        loop {
            let idle_until = {
                let mut queue = shared.queue();
                if let Some(delivered) = queue.take() {
                    return delivered;
                }
                queue.idle_until
            };
            let Some(until) = idle_until else {
                shared.woken.notified().await;
                continue;
            };
            tokio::select! {
                () = shared.woken.notified() => {}
                () = tokio::time::sleep_until(until) => shared.expire(),
                () = begun(stopping) => shared.hang_up(CloseReason::ShuttingDown),
            }
        }
    }

    /// The next thing, if there is one already.
    pub fn try_next(&mut self) -> Option<Delivered> {
        self.shared.queue().take()
    }
}

/// Until the server begins to stop.
async fn begun(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

impl Drop for Delivery {
    fn drop(&mut self) {
        let mut queue = self.shared.queue();
        queue.clear();
        queue.end = End::Abandoned;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::ledger::Ledger;

    fn small() -> (Outbox, Delivery, Arc<Account>) {
        let account = Ledger::new(1_000).account();
        let bounds = OutboxBounds { frames_max: 3, bytes_max: 10 };
        let (outbox, delivery) =
            outbox(bounds, account.clone(), watch::Sender::new(false).subscribe());
        (outbox, delivery, account)
    }

    fn frame(bytes: usize) -> Bytes {
        Bytes::from(vec![0; bytes])
    }

    #[test]
    fn a_bound_in_frames_or_bytes_passed_is_full() {
        for sizes in [&[1, 1, 1, 1][..], &[5, 6], &[11]] {
            let (outbox, _delivery, _) = small();
            let (last, before) = sizes.split_last().unwrap();
            before.iter().for_each(|size| outbox.push(frame(*size), Weight::Counted).unwrap());
            assert_eq!(outbox.push(frame(*last), Weight::Counted), Err(Full), "{sizes:?}");
        }
    }

    #[test]
    fn what_a_seat_begins_with_counts_against_no_bound() {
        let (outbox, mut delivery, account) = small();
        (0..9).for_each(|_| outbox.push(frame(20), Weight::Opening).unwrap());
        (0..3).for_each(|_| outbox.push(frame(1), Weight::Counted).unwrap());
        assert_eq!(outbox.push(frame(1), Weight::Counted), Err(Full));
        assert_eq!((account.held(), outbox.waiting()), (183, 183));
        while delivery.try_next().is_some() {}
        assert_eq!(outbox.push(frame(10), Weight::Counted), Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn what_waits_for_one_hung_up_on_does_not_wait_for_ever() {
        let (outbox, mut delivery, account) = small();
        outbox.push(frame(9), Weight::Counted).unwrap();
        outbox.hang_up(CloseReason::Kicked);
        tokio::time::advance(DRAIN_WAIT).await;
        assert_eq!(delivery.next().await, Delivered::Closed(CloseReason::Kicked));
        assert_eq!(account.held(), 0);
    }

    #[test]
    fn what_waits_is_delivered_before_the_reason() {
        let (outbox, mut delivery, account) = small();
        outbox.push(frame(4), Weight::Counted).unwrap();
        outbox.hang_up(CloseReason::Purged);
        outbox.hang_up(CloseReason::Idle);
        outbox.push(frame(1), Weight::Counted).unwrap();
        assert_eq!(account.held(), 4);
        assert_eq!(delivery.try_next(), Some(Delivered::Frame(frame(4))));
        assert_eq!(delivery.try_next(), Some(Delivered::Closed(CloseReason::Purged)));
        assert_eq!(delivery.try_next(), Some(Delivered::Closed(CloseReason::Purged)));
        assert_eq!(account.held(), 0);
    }

    #[test]
    fn the_too_slow_give_their_memory_back_at_once() {
        let (outbox, mut delivery, account) = small();
        outbox.push(frame(9), Weight::Counted).unwrap();
        outbox.hang_up(CloseReason::TooSlow);
        assert_eq!((account.held(), outbox.waiting()), (0, 0));
        assert_eq!(delivery.try_next(), Some(Delivered::Closed(CloseReason::TooSlow)));
    }

    #[test]
    fn an_abandoned_outbox_holds_nothing() {
        let (outbox, delivery, account) = small();
        outbox.push(frame(3), Weight::Counted).unwrap();
        drop(delivery);
        outbox.push(frame(3), Weight::Counted).unwrap();
        assert!(outbox.is_hung_up());
        assert_eq!(account.held(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_given_up_loses_nothing() {
        let (outbox, mut delivery, _) = small();
        assert!(tokio::time::timeout(Duration::from_secs(1), delivery.next()).await.is_err());
        outbox.push(frame(2), Weight::Counted).unwrap();
        assert_eq!(delivery.next().await, Delivered::Frame(frame(2)));
    }

    #[tokio::test(start_paused = true)]
    async fn the_idle_are_hung_up_on_when_their_time_is_over_and_not_before() {
        let account = Ledger::new(1_000).account();
        let bounds = OutboxBounds { frames_max: 3, bytes_max: 10 };
        let stopping = watch::Sender::new(false);
        let (outbox, mut delivery) = super::outbox(bounds, account, stopping.subscribe());
        let until = Instant::now() + Duration::from_secs(30);
        outbox.idle_until(Some(until));
        assert_eq!(delivery.next().await, Delivered::Closed(CloseReason::Idle));
        assert_eq!(Instant::now(), until);
    }
}
