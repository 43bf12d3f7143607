//! Some stop reading: what that costs the server in memory, the others in latency, and the slow
//! themselves. The slow say nothing, so that whatever is lost is lost by the server.

use std::time::Duration;

use anyhow::Result;

use super::stretch::Mark;
use super::{Run, SETTLE_TURN, WARM_UP, nanoseconds};
use crate::crowd::ReceiveBuffer;
use crate::figure::{Figure, Reading};
use crate::ledger::Layout;
use crate::talk::Schedule;

/// What the system keeps for the slow: little, so that the server notices soon.
pub(super) const BUFFER: ReceiveBuffer = ReceiveBuffer::Bytes(32 * 1024);

/// How often the server's memory is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// How long the slow may read what was kept for them, to learn whether they were hung up on.
const CATCH_UP: Duration = Duration::from_secs(4);

/// Performs it: one span in which all read, and one in which the last `slow` do not.
pub(super) fn perform(
    run: &mut Run,
    layout: Layout,
    per_second: u32,
    slow: usize,
    span: Duration,
) -> Result<Reading> {
    let healthy = layout.receivers() - slow;
    let mut reading = Reading::new();
    let mut schedule = Schedule::new(layout, run.talk.crowd.now(), per_second);

    let begins = run.talk.crowd.now() + nanoseconds(WARM_UP);
    let stalls = begins + nanoseconds(span);
    run.talk.ledger.measure(begins..stalls);
    run.talk.keep_to(&mut schedule, stalls)?;
    run.insert_latency(&mut reading, Figure::LatencyHalfBefore, Figure::LatencyMostBefore);
    let before = run.server.memory()?;

    for connection in healthy..layout.receivers() {
        run.talk.crowd.stop_reading(connection)?;
    }
    let ends = stalls + nanoseconds(span);
    run.talk.ledger.measure(stalls..ends);
    let start = Mark::of(run)?;
    let mut rss_most = before.rss;
    let mut look_at = stalls;
    while look_at < ends {
        look_at = (look_at + nanoseconds(LOOK_EVERY)).min(ends);
        run.talk.keep_to(&mut schedule, look_at)?;
        rss_most = rss_most.max(run.server.memory()?.rss);
    }
    reading.extend(start.until(Mark::of(run)?));
    reading.insert(Figure::Rss, rss_most as f64);
    reading.insert(Figure::RssGrowth, (rss_most - before.rss) as f64);
    run.talk.settle(0..healthy)?;
    run.insert_latency(&mut reading, Figure::LatencyHalf, Figure::LatencyMost);
    run.insert_faults(&mut reading, healthy);
    reading.insert(Figure::SlowHungUp, hung_up(run, healthy, layout)? as f64);
    Ok(reading)
}

/// Lets the slow read again, and counts those whose connection ends.
fn hung_up(run: &mut Run, healthy: usize, layout: Layout) -> Result<usize> {
    for connection in healthy..layout.receivers() {
        run.talk.crowd.read_again(connection)?;
    }
    let until = run.talk.crowd.now() + nanoseconds(CATCH_UP);
    while run.talk.crowd.now() < until && run.talk.crowd.down() < layout.receivers() - healthy {
        run.talk.turn(SETTLE_TURN)?;
    }
    Ok(run.talk.crowd.down())
}
