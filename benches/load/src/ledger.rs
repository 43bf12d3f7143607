//! The exact account of what every receiver was told: each message once and in its sender's order,
//! or which were lost, doubled or out of order; the places of our own order without a gap; and how
//! long after its *intended* time each came. Must not know sockets or servers.

use std::collections::{BTreeMap, BTreeSet};

use hdrhistogram::Histogram;

use crate::message::{self, Dialect, Heard, Stamp};

/// Latencies are kept from a microsecond to a minute, to three digits.
const LATENCY_MICROSECONDS_MAX: u64 = 60_000_000;
const LATENCY_DIGITS: u8 = 3;

/// The last place heard of by a receiver that has heard of none.
const NO_SEQ: u64 = u64::MAX;

/// How a room is laid out: every room alike, receivers and senders numbered room by room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) rooms: usize,
    pub(crate) members: usize,
    /// The first so many members of each room say something.
    pub(crate) senders: usize,
}

impl Layout {
    pub(crate) fn receivers(&self) -> usize {
        self.rooms * self.members
    }

    pub(crate) fn all_senders(&self) -> usize {
        self.rooms * self.senders
    }

    /// The receiver that a sender is.
    pub(crate) fn receiver_of(&self, sender: usize) -> usize {
        sender / self.senders * self.members + sender % self.senders
    }
}

/// What went wrong, in deliveries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Faults {
    pub(crate) lost: u64,
    pub(crate) doubled: u64,
    pub(crate) reordered: u64,
    /// Steps of a room's order that were not one; none where there is no such order.
    pub(crate) gaps: u64,
    /// Messages that nobody of this room said.
    pub(crate) foreign: u64,
}

/// The account.
pub(crate) struct Ledger {
    dialect: Dialect,
    layout: Layout,
    /// By sender: how many it has said.
    said: Vec<u32>,
    /// By receiver and the room's sender: the counter that comes next.
    next: Vec<u32>,
    /// By place in `next`: counters that were passed over and may still come.
    missing: BTreeMap<usize, BTreeSet<u32>>,
    /// By receiver: the last place of the room's order.
    last_seq: Vec<u64>,
    faults: Faults,
    deliveries: u64,
    latency: Histogram<u64>,
    /// Latencies count of what was meant to be said in this span of the run's clock.
    measured: std::ops::Range<u64>,
}

impl Ledger {
    /// # Errors
    /// Never for the constants above.
    pub(crate) fn new(dialect: Dialect, layout: Layout) -> anyhow::Result<Self> {
        Ok(Self {
            dialect,
            layout,
            said: vec![0; layout.all_senders()],
            next: vec![0; layout.receivers() * layout.senders],
            missing: BTreeMap::new(),
            last_seq: vec![NO_SEQ; layout.receivers()],
            faults: Faults::default(),
            deliveries: 0,
            latency: Histogram::new_with_bounds(1, LATENCY_MICROSECONDS_MAX, LATENCY_DIGITS)?,
            measured: 0..u64::MAX,
        })
    }

    /// Latencies count from here on, of what is meant to be said in this span; those before are
    /// forgotten.
    pub(crate) fn measure(&mut self, span: std::ops::Range<u64>) {
        self.latency.reset();
        self.measured = span;
    }

    /// The stamp of a sender's next message.
    pub(crate) fn say(&mut self, sender: usize, intended: u64) -> Stamp {
        let counter = self.said[sender];
        self.said[sender] += 1;
        Stamp { sender: sender as u32, counter, intended }
    }

    /// A receiver was told something. Says which message it was, when that came for the first time.
    #[inline]
    pub(crate) fn hear(&mut self, receiver: usize, message: &[u8], now: u64) -> Option<Stamp> {
        match message::read(self.dialect, message) {
            Heard::Message { seq, stamp } => {
                if let Some(seq) = seq {
                    self.follow(receiver, seq);
                }
                self.count(receiver, stamp, now).then_some(stamp)
            }
            Heard::Entry { seq } => {
                self.follow(receiver, seq);
                None
            }
            Heard::Closed | Heard::Other => None,
        }
    }

    #[inline]
    fn follow(&mut self, receiver: usize, seq: u64) {
        let last = &mut self.last_seq[receiver];
        if *last != NO_SEQ && seq != *last + 1 {
            self.faults.gaps += 1;
        }
        *last = seq;
    }

    #[inline]
    fn count(&mut self, receiver: usize, stamp: Stamp, now: u64) -> bool {
        let room = receiver / self.layout.members;
        let first_sender = room * self.layout.senders;
        let sender = (stamp.sender as usize).wrapping_sub(first_sender);
        if sender >= self.layout.senders || stamp.counter >= self.said[stamp.sender as usize] {
            self.faults.foreign += 1;
            return false;
        }
        let place = receiver * self.layout.senders + sender;
        let next = self.next[place];
        if stamp.counter == next {
            self.next[place] = next + 1;
        } else if stamp.counter > next {
            self.missing.entry(place).or_default().extend(next..stamp.counter);
            self.next[place] = stamp.counter + 1;
        } else if self.missing.get_mut(&place).is_some_and(|it| it.remove(&stamp.counter)) {
            self.faults.reordered += 1;
        } else {
            self.faults.doubled += 1;
            return false;
        }
        self.deliveries += 1;
        if self.measured.contains(&stamp.intended) {
            let microseconds = now.saturating_sub(stamp.intended) / 1_000;
            self.latency.saturating_record(microseconds.max(1));
        }
        true
    }

    /// Messages that reached a receiver for the first time.
    pub(crate) fn deliveries(&self) -> u64 {
        self.deliveries
    }

    pub(crate) fn receivers(&self) -> usize {
        self.layout.receivers()
    }

    /// Microseconds within which that share of the measured messages came; nothing when none did.
    pub(crate) fn latency(&self, quantile: f64) -> Option<f64> {
        let any = !self.latency.is_empty();
        any.then(|| self.latency.value_at_quantile(quantile) as f64)
    }

    /// Whether these receivers were told everything.
    pub(crate) fn is_whole(&self, mut receivers: impl Iterator<Item = usize>) -> bool {
        receivers.all(|receiver| self.lost_by(receiver) == 0)
    }

    /// What went wrong; lost is what has not come to these receivers by now.
    pub(crate) fn faults(&self, receivers: impl Iterator<Item = usize>) -> Faults {
        Faults { lost: receivers.map(|receiver| self.lost_by(receiver)).sum(), ..self.faults }
    }

    fn lost_by(&self, receiver: usize) -> u64 {
        let Layout { members, senders, .. } = self.layout;
        let first = receiver / members * senders;
        let lost_of = |sender: usize| {
            let place = receiver * senders + sender;
            let passed_over = self.missing.get(&place).map_or(0, BTreeSet::len) as u64;
            u64::from(self.said[first + sender] - self.next[place]) + passed_over
        };
        (0..senders).map(lost_of).sum()
    }
}

#[cfg(test)]
mod tests {
    use sanctuary_protocol::{Entry, EntryKind, MemberId, PostBlob, Seq, ServerFrame, encode};

    use super::*;

    const LAYOUT: Layout = Layout { rooms: 2, members: 3, senders: 2 };

    fn plain(stamp: Stamp) -> Vec<u8> {
        message::write(Dialect::Plain, stamp, 16).unwrap()
    }

    /// Four messages of sender 2, the second room's first, as receiver 4 is told them.
    fn check(told: &[usize], lost: u64, doubled: u64, reordered: u64) {
        let mut ledger = Ledger::new(Dialect::Plain, LAYOUT).unwrap();
        let said: Vec<Stamp> = (0..4).map(|_| ledger.say(2, 0)).collect();
        for counter in told {
            ledger.hear(4, &plain(said[*counter]), 0);
        }
        let expected = Faults { lost, doubled, reordered, ..Faults::default() };
        assert_eq!(ledger.faults([4].into_iter()), expected, "{told:?}");
        assert_eq!(ledger.is_whole([4].into_iter()), lost == 0, "{told:?}");
        assert_eq!(ledger.deliveries(), told.len() as u64 - doubled, "{told:?}");
    }

    #[test]
    fn lost_doubled_and_reordered_are_told_apart_exactly() {
        check(&[0, 1, 2, 3], 0, 0, 0);
        check(&[], 4, 0, 0);
        check(&[0, 1], 2, 0, 0);
        check(&[0, 3], 2, 0, 0);
        check(&[0, 1, 1, 2, 3, 0], 0, 2, 0);
        check(&[1, 0, 2, 3], 0, 0, 1);
        check(&[3, 2, 1, 0], 0, 0, 3);
        check(&[2, 0, 0, 2, 3], 1, 2, 1);
    }

    #[test]
    fn each_receiver_and_sender_has_an_account_of_its_own() {
        let mut ledger = Ledger::new(Dialect::Plain, LAYOUT).unwrap();
        let (one, other) = (ledger.say(0, 0), ledger.say(3, 0));
        for receiver in 0..3 {
            assert_eq!(ledger.hear(receiver, &plain(one), 0), Some(one));
        }
        ledger.hear(3, &plain(other), 0);
        ledger.hear(0, &plain(other), 0);
        ledger.hear(0, &plain(Stamp { counter: 9, ..one }), 0);
        let faults = ledger.faults(0..LAYOUT.receivers());
        assert_eq!(faults, Faults { lost: 2, foreign: 2, ..Faults::default() });
        assert_eq!(ledger.deliveries(), 4);
        assert_eq!((LAYOUT.receiver_of(1), LAYOUT.receiver_of(2)), (1, 3));
    }

    #[test]
    fn a_step_of_the_order_that_is_not_one_is_a_gap() {
        let mut ledger = Ledger::new(Dialect::Sanctuary, LAYOUT).unwrap();
        for seq in [5, 6, 8, 8, 9] {
            let entry = Entry { seq: Seq(seq), from: MemberId(1), kind: EntryKind::Gone };
            ledger.hear(0, &encode(&ServerFrame::Entry(entry)), 0);
        }
        assert_eq!(ledger.faults([].into_iter()), Faults { gaps: 2, ..Faults::default() });
    }

    #[test]
    fn latency_is_counted_from_the_intended_time_and_of_the_measured_span_alone() {
        let mut ledger = Ledger::new(Dialect::Sanctuary, LAYOUT).unwrap();
        ledger.measure(1_000_000..2_000_000);
        for (seq, intended, now) in [(1, 999_999, 99_000_000), (2, 1_000_000, 8_000_000)] {
            let stamp = ledger.say(0, intended);
            let sent = message::write(Dialect::Sanctuary, stamp, 100).unwrap();
            let ciphertext = PostBlob::try_from(sent[2..].to_vec()).unwrap();
            let kind = EntryKind::Post { ciphertext };
            let entry = Entry { seq: Seq(seq), from: MemberId(1), kind };
            ledger.hear(1, &encode(&ServerFrame::Entry(entry)), now);
        }
        assert_eq!(ledger.deliveries(), 2);
        for quantile in [0.0, 0.5, 1.0] {
            let latency = ledger.latency(quantile);
            assert!(latency.is_some_and(|it| (6_990.0..7_010.0).contains(&it)), "{latency:?}");
        }
    }
}
