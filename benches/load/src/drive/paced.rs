//! Open loop: every message has its time, and is sent then whatever the server does. What the server
//! delays counts from that time on, so that a stall is seen by all who wait behind it.

use std::ops::Range;
use std::time::Duration;

use anyhow::Result;

use super::stretch::Mark;
use super::{Run, WARM_UP, nanoseconds};
use crate::figure::Reading;
use crate::ledger::Layout;

/// Messages sent in a row when the time of many has come, before anything is read.
const IN_A_ROW_MAX: usize = 64;

/// Who says something when. Everybody in turn, the rooms first, at even distances.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    layout: Layout,
    from: u64,
    per_second: u32,
    said: u64,
}

impl Schedule {
    pub(super) fn new(layout: Layout, from: u64, per_second: u32) -> Self {
        Self { layout, from, per_second, said: 0 }
    }

    /// When the next message is due.
    pub(super) fn due(&self) -> u64 {
        let distance = u128::from(self.said) * 1_000_000_000 / u128::from(self.per_second.max(1));
        self.from + u64::try_from(distance).unwrap_or(u64::MAX)
    }

    /// Whose turn it is; then it is another's.
    pub(super) fn next_sender(&mut self) -> usize {
        let Layout { rooms, senders, .. } = self.layout;
        let turn = self.said as usize;
        self.said += 1;
        turn % rooms * senders + turn / rooms % senders
    }
}

/// Performs it, and reads the figures after the warm-up.
pub(super) fn perform(
    run: &mut Run,
    layout: Layout,
    per_second: u32,
    span: Duration,
) -> Result<Reading> {
    let begins = run.crowd.now() + nanoseconds(WARM_UP);
    let ends = begins + nanoseconds(span);
    let mut schedule = Schedule::new(layout, run.crowd.now(), per_second);
    run.ledger.measure(begins..ends);
    send_until(run, &mut schedule, begins)?;
    let start = Mark::of(run)?;
    send_until(run, &mut schedule, ends)?;
    run.account(start)
}

/// Sends what is due, and listens meanwhile.
pub(super) fn send_until(run: &mut Run, schedule: &mut Schedule, until: u64) -> Result<()> {
    loop {
        for _ in 0..IN_A_ROW_MAX {
            let due = schedule.due();
            if due >= until || due > run.crowd.now() {
                break;
            }
            let sender = schedule.next_sender();
            run.say(sender, schedule.layout.receiver_of(sender), due)?;
        }
        let now = run.crowd.now();
        let next: Range<u64> = now..schedule.due().min(until);
        run.turn(Duration::from_nanos(next.end.saturating_sub(next.start)))?;
        if now >= until {
            return Ok(());
        }
    }
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
