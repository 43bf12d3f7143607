//! Closed loop, as fast as it goes: each sender keeps a few messages under way, and says the next
//! when everybody in the room has one of them. So nobody lags behind, and nothing piles up.

use std::time::Duration;

use anyhow::Result;

use super::stretch::Mark;
use super::{Run, TURN_MAX, WARM_UP, nanoseconds};
use crate::crowd::Listener;
use crate::figure::Reading;
use crate::ledger::{Layout, Ledger};

/// Counts who has what.
struct UnderWay<'ledger> {
    ledger: &'ledger mut Ledger,
    members: u32,
    outstanding: u32,
    /// By sender and place: how many have the message. A place is free when all have.
    had_by: Vec<u32>,
    /// Senders with a message that all have.
    over: Vec<usize>,
}

impl Listener for UnderWay<'_> {
    #[inline]
    fn heard(&mut self, connection: usize, message: &[u8], now: u64) {
        let Some(stamp) = self.ledger.hear(connection, message, now) else { return };
        let place = stamp.sender * self.outstanding + stamp.counter % self.outstanding;
        let had_by = &mut self.had_by[place as usize];
        *had_by += 1;
        if *had_by == self.members {
            *had_by = 0;
            self.over.push(stamp.sender as usize);
        }
    }
}

/// Performs it, and reads the figures after the warm-up.
pub(super) fn perform(
    run: &mut Run,
    layout: Layout,
    outstanding: u32,
    span: Duration,
) -> Result<Reading> {
    let mut had_by = vec![0; layout.all_senders() * outstanding as usize];
    let begins = run.talk.crowd.now() + nanoseconds(WARM_UP);
    let ends = begins + nanoseconds(span);
    run.talk.ledger.measure(begins..ends);
    for _ in 0..outstanding {
        for sender in 0..layout.all_senders() {
            run.talk.say(sender, layout.receiver_of(sender), run.talk.crowd.now())?;
        }
    }
    keep_on(run, layout, outstanding, &mut had_by, begins)?;
    let start = Mark::of(run)?;
    keep_on(run, layout, outstanding, &mut had_by, ends)?;
    run.account(start)
}

fn keep_on(
    run: &mut Run,
    layout: Layout,
    outstanding: u32,
    had_by: &mut Vec<u32>,
    until: u64,
) -> Result<()> {
    while run.talk.crowd.now() < until {
        let mut under_way = UnderWay {
            ledger: &mut run.talk.ledger,
            members: layout.members as u32,
            outstanding,
            had_by: std::mem::take(had_by),
            over: Vec::new(),
        };
        run.talk.crowd.turn(TURN_MAX, &mut under_way)?;
        let over = under_way.over;
        *had_by = under_way.had_by;
        for sender in over {
            run.talk.say(sender, layout.receiver_of(sender), run.talk.crowd.now())?;
        }
    }
    Ok(())
}
