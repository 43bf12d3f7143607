//! Rooms in which everybody says something at its time, whatever the server does: what is said is
//! counted, and how late it comes. Must not know which server that is, nor what else is done to it.

use std::ops::Range;
use std::time::Duration;

use anyhow::Result;

use crate::crowd::{Crowd, Listener};
use crate::ledger::{Layout, Ledger};
use crate::message;

/// How long what is under way may take after the last message.
const SETTLE_WAIT: Duration = Duration::from_secs(5);

/// How long to look for what is under way at a time.
const SETTLE_TURN: Duration = Duration::from_millis(20);

/// The longest that nothing is looked at while people talk.
pub(crate) const TURN_MAX: Duration = Duration::from_millis(100);

/// Messages sent in a row when the time of many has come, before anything is read.
const IN_A_ROW_MAX: usize = 64;

/// Everybody, and the account of what they say.
pub(crate) struct Talk {
    pub(crate) crowd: Crowd,
    pub(crate) ledger: Ledger,
    pub(crate) payload_bytes: usize,
}

/// Who says something when. Everybody in turn, the rooms first, at even distances.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    layout: Layout,
    from: u64,
    per_second: u32,
    said: u64,
}

impl Talk {
    /// A sender says its next message.
    ///
    /// # Errors
    /// When the server reads nothing.
    pub(crate) fn say(&mut self, sender: usize, connection: usize, intended: u64) -> Result<()> {
        let stamp = self.ledger.say(sender, intended);
        let message = message::write(self.crowd.dialect(), stamp, self.payload_bytes)?;
        self.crowd.send(connection, &message)
    }

    /// # Errors
    /// When the server speaks no protocol.
    pub(crate) fn turn(&mut self, wait: Duration) -> Result<()> {
        self.crowd.turn(wait.min(TURN_MAX), &mut self.ledger)
    }

    /// Sends what is due, and listens meanwhile.
    ///
    /// # Errors
    /// When the server reads nothing, or speaks no protocol.
    pub(crate) fn keep_to(&mut self, schedule: &mut Schedule, until: u64) -> Result<()> {
        loop {
            for _ in 0..IN_A_ROW_MAX {
                let due = schedule.due();
                if due >= until || due > self.crowd.now() {
                    break;
                }
                let sender = schedule.next_sender();
                self.say(sender, schedule.layout.receiver_of(sender), due)?;
            }
            let now = self.crowd.now();
            let next: Range<u64> = now..schedule.due().min(until);
            self.turn(Duration::from_nanos(next.end.saturating_sub(next.start)))?;
            if now >= until {
                return Ok(());
            }
        }
    }

    /// Waits for what is under way to these receivers, until it is there or late.
    ///
    /// # Errors
    /// When the server speaks no protocol.
    pub(crate) fn settle(&mut self, receivers: impl Iterator<Item = usize> + Clone) -> Result<()> {
        let until = self.crowd.now() + nanoseconds(SETTLE_WAIT);
        while self.crowd.now() < until && !self.ledger.is_whole(receivers.clone()) {
            self.turn(SETTLE_TURN)?;
        }
        Ok(())
    }
}

impl Schedule {
    pub(crate) fn new(layout: Layout, from: u64, per_second: u32) -> Self {
        Self { layout, from, per_second, said: 0 }
    }

    /// When the next message is due.
    pub(crate) fn due(&self) -> u64 {
        let distance = u128::from(self.said) * 1_000_000_000 / u128::from(self.per_second.max(1));
        self.from + u64::try_from(distance).unwrap_or(u64::MAX)
    }

    /// Whose turn it is; then it is another's.
    pub(crate) fn next_sender(&mut self) -> usize {
        let Layout { rooms, senders, .. } = self.layout;
        let turn = self.said as usize;
        self.said += 1;
        turn % rooms * senders + turn / rooms % senders
    }
}

impl Listener for Ledger {
    #[inline]
    fn heard(&mut self, connection: usize, message: &[u8], now: u64) {
        self.hear(connection, message, now);
    }
}

pub(crate) fn nanoseconds(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sender_has_its_turn_at_even_distances_and_rooms_alternate() {
        let layout = Layout { rooms: 2, members: 5, senders: 3 };
        let mut schedule = Schedule::new(layout, 1_000, 1_000);
        let turns: Vec<(u64, usize)> =
            (0..7).map(|_| (schedule.due(), schedule.next_sender())).collect();
        let senders = [0, 3, 1, 4, 2, 5, 0];
        let expected: Vec<(u64, usize)> = senders
            .into_iter()
            .enumerate()
            .map(|(at, sender)| (1_000 + at as u64 * 1_000_000, sender))
            .collect();
        assert_eq!(turns, expected);
    }
}
