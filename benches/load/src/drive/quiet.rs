//! Everybody is there and says nothing: what that costs in memory and in processor time.

use std::time::Duration;

use anyhow::Result;

use super::stretch::{self, Mark};
use super::{Run, WARM_UP, nanoseconds};
use crate::figure::{Figure, Reading};
use crate::usage::Memory;

/// Performs it; `alone` is what the server held before anybody came.
pub(super) fn perform(run: &mut Run, alone: Memory, span: Duration) -> Result<Reading> {
    listen_for(run, WARM_UP)?;
    let connections = run.talk.ledger.receivers() as f64;
    let start = Mark::of(run)?;
    listen_for(run, span)?;
    let stretch = start.until(Mark::of(run)?);
    let mut reading = Reading::new();
    if let Some(used) = stretch.get(&Figure::ServerUse) {
        reading.insert(Figure::IdleUse, *used);
    }
    stretch::memory(run, &mut reading)?;
    let memory = run.server.memory()?;
    let each = |all: u64, alone: u64| (all as f64 - alone as f64) / connections;
    reading.insert(Figure::RssPerConnection, each(memory.rss, alone.rss));
    if let (Some(all), Some(alone)) = (memory.pss, alone.pss) {
        reading.insert(Figure::PssPerConnection, each(all, alone));
    }
    reading.insert(Figure::HungUp, run.talk.crowd.down() as f64);
    Ok(reading)
}

fn listen_for(run: &mut Run, span: Duration) -> Result<()> {
    let until = run.talk.crowd.now() + nanoseconds(span);
    loop {
        let now = run.talk.crowd.now();
        if now >= until {
            return Ok(());
        }
        run.talk.turn(Duration::from_nanos(until - now))?;
    }
}
