//! What the whole process holds: bytes of sealed frames, connections, rooms, restarts. Counts what
//! it is told and knows nothing of whom it counts. A frame shared by many outboxes counts in each:
//! the bound errs on the safe side.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};

use tokio::sync::watch;

use crate::tally::{Tally, Work};

/// The process-wide count.
#[derive(Debug)]
pub(crate) struct Ledger {
    retained: AtomicUsize,
    retained_max: usize,
    relief_asked: AtomicBool,
    restarts: AtomicU32,
    tally: Tally,
    memory: watch::Sender<usize>,
    sockets: watch::Sender<usize>,
    rooms: watch::Sender<usize>,
}

impl Ledger {
    /// An empty one, which calls for relief over `retained_max` bytes.
    pub(crate) fn new(retained_max: usize) -> Arc<Self> {
        Arc::new(Self {
            retained: AtomicUsize::new(0),
            retained_max,
            relief_asked: AtomicBool::new(false),
            restarts: AtomicU32::new(0),
            tally: Tally::default(),
            memory: watch::Sender::new(0),
            sockets: watch::Sender::new(0),
            rooms: watch::Sender::new(0),
        })
    }

    /// An account of its own for one room, or for those in none.
    pub(crate) fn account(self: &Arc<Self>) -> Arc<Account> {
        Arc::new(Account { ledger: self.clone(), held: AtomicUsize::new(0) })
    }

    /// Bytes held by everybody.
    pub(crate) fn retained(&self) -> usize {
        self.retained.load(Ordering::Relaxed)
    }

    /// Bytes held over the bound.
    pub(crate) fn excess(&self) -> usize {
        self.retained().saturating_sub(self.retained_max)
    }

    /// Whether relief is wanted and nobody has asked for it yet. The asker is who hears `true`.
    pub(crate) fn wants_relief(&self) -> bool {
        self.excess() > 0 && !self.relief_asked.swap(true, Ordering::Relaxed)
    }

    /// Relief is on its way; the next excess asks again.
    pub(crate) fn relief_heard(&self) {
        self.relief_asked.store(false, Ordering::Relaxed);
    }

    /// What has happened so far.
    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Counts some work as under way for as long as the guard lives.
    pub(crate) fn begin(self: &Arc<Self>, work: Work) -> UnderWay {
        self.tally.begin(work);
        UnderWay { ledger: self.clone(), work }
    }

    pub(crate) fn count_restart(&self) {
        self.restarts.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn restarts(&self) -> u32 {
        self.restarts.load(Ordering::Relaxed)
    }

    /// Counts one more of a kind for as long as the guard lives.
    pub(crate) fn count(self: &Arc<Self>, gauge: Gauge) -> Counted {
        self.gauge(gauge).send_modify(|count| *count += 1);
        Counted { ledger: self.clone(), gauge }
    }

    /// Counts one more of a kind, unless there are `max` already.
    pub(crate) fn count_under(self: &Arc<Self>, gauge: Gauge, max: usize) -> Option<Counted> {
        let room = self.gauge(gauge).send_if_modified(|count| {
            let room = *count < max;
            *count += usize::from(room);
            room
        });
        room.then(|| Counted { ledger: self.clone(), gauge })
    }

    /// Open connections, whatever carries them.
    pub(crate) fn connections(&self) -> usize {
        self.now(Gauge::Sockets) + self.now(Gauge::Memory)
    }

    /// How many of a kind there are.
    pub(crate) fn now(&self, gauge: Gauge) -> usize {
        *self.gauge(gauge).borrow()
    }

    /// Changes whenever one of a kind begins or ends.
    pub(crate) fn watch(&self, gauge: Gauge) -> watch::Receiver<usize> {
        self.gauge(gauge).subscribe()
    }

    fn gauge(&self, gauge: Gauge) -> &watch::Sender<usize> {
        match gauge {
            Gauge::Memory => &self.memory,
            Gauge::Sockets => &self.sockets,
            Gauge::Rooms => &self.rooms,
        }
    }
}

/// What is counted one by one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Gauge {
    /// Connections in memory.
    Memory,
    /// Connections over sockets.
    Sockets,
    /// Rooms.
    Rooms,
}

/// One connection or room, counted until dropped.
#[derive(Debug)]
pub(crate) struct Counted {
    ledger: Arc<Ledger>,
    gauge: Gauge,
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.ledger.gauge(self.gauge).send_modify(|count| *count -= 1);
    }
}

/// Some work, counted as under way until dropped.
#[derive(Debug)]
pub(crate) struct UnderWay {
    ledger: Arc<Ledger>,
    work: Work,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.ledger.tally.end(self.work);
    }
}

/// What one room holds, ring and outboxes together.
#[derive(Debug)]
pub(crate) struct Account {
    ledger: Arc<Ledger>,
    held: AtomicUsize,
}

impl Account {
    /// Whose account it is.
    pub(crate) fn tally(&self) -> &Tally {
        &self.ledger.tally
    }

    /// Bytes held.
    pub(crate) fn held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }

    /// Counts `bytes` for as long as the charge lives.
    pub(crate) fn charge(self: &Arc<Self>, bytes: usize) -> Charge {
        let mut charge = Charge { account: self.clone(), bytes: 0 };
        charge.set(bytes);
        charge
    }
}

/// Bytes somebody holds: given back when dropped, so that no path can forget to.
#[derive(Debug)]
pub(crate) struct Charge {
    account: Arc<Account>,
    bytes: usize,
}

impl Charge {
    /// Holds `bytes` from here on.
    pub(crate) fn set(&mut self, bytes: usize) {
        if bytes == self.bytes {
            return;
        }
        for total in [&self.account.held, &self.account.ledger.retained] {
            if bytes >= self.bytes {
                total.fetch_add(bytes - self.bytes, Ordering::Relaxed);
            } else {
                total.fetch_sub(self.bytes - bytes, Ordering::Relaxed);
            }
        }
        self.bytes = bytes;
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.set(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_charged_is_given_back() {
        let ledger = Ledger::new(100);
        let (one, other) = (ledger.account(), ledger.account());
        let first = one.charge(60);
        let mut second = other.charge(10);
        second.set(50);
        assert_eq!((one.held(), other.held(), ledger.retained()), (60, 50, 110));
        drop(first);
        second.set(20);
        assert_eq!((one.held(), other.held(), ledger.retained()), (0, 20, 20));
        drop(second);
        assert_eq!(ledger.retained(), 0);
    }

    #[test]
    fn relief_is_asked_for_once_until_somebody_hears() {
        let ledger = Ledger::new(10);
        let account = ledger.account();
        assert!(!ledger.wants_relief());
        let _held = account.charge(11);
        assert_eq!(ledger.excess(), 1);
        assert!(ledger.wants_relief());
        assert!(!ledger.wants_relief());
        ledger.relief_heard();
        assert!(ledger.wants_relief());
    }
}
