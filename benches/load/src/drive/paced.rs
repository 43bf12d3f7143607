//! Open loop: every message has its time, and is sent then whatever the server does. What the server
//! delays counts from that time on, so that a stall is seen by all who wait behind it.

use std::time::Duration;

use anyhow::Result;

use super::stretch::Mark;
use super::{Run, WARM_UP, nanoseconds};
use crate::figure::Reading;
use crate::ledger::Layout;
use crate::talk::Schedule;

/// Performs it, and reads the figures after the warm-up.
pub(super) fn perform(
    run: &mut Run,
    layout: Layout,
    per_second: u32,
    span: Duration,
) -> Result<Reading> {
    let begins = run.talk.crowd.now() + nanoseconds(WARM_UP);
    let ends = begins + nanoseconds(span);
    let mut schedule = Schedule::new(layout, run.talk.crowd.now(), per_second);
    run.talk.ledger.measure(begins..ends);
    run.talk.keep_to(&mut schedule, begins)?;
    let start = Mark::of(run)?;
    run.talk.keep_to(&mut schedule, ends)?;
    run.account(start)
}
