//! A stretch of a run that is measured: what the server and the generator used in it, and how much
//! was delivered. Must not know what goes on meanwhile.

use std::time::Duration;

use anyhow::Result;

use super::Run;
use crate::figure::{Figure, Reading};
use crate::usage;

/// A moment's counters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    now: u64,
    deliveries: u64,
    server: Duration,
    generator: Duration,
}

impl Mark {
    /// # Errors
    /// When the server is no more.
    pub(super) fn of(run: &Run) -> Result<Self> {
        Ok(Self {
            now: run.talk.crowd.now(),
            deliveries: run.talk.ledger.deliveries(),
            server: run.server.processor_time()?,
            generator: usage::processor_time(std::process::id())?,
        })
    }

    /// What lies between two marks.
    pub(super) fn until(self, end: Self) -> Reading {
        let seconds = (end.now - self.now) as f64 / 1e9;
        let deliveries = (end.deliveries - self.deliveries) as f64;
        let server = (end.server.saturating_sub(self.server)).as_secs_f64();
        let generator = (end.generator.saturating_sub(self.generator)).as_secs_f64();
        let mut reading = Reading::new();
        if deliveries > 0.0 {
            reading.insert(Figure::CpuPerDelivery, server * 1e6 / deliveries);
        }
        reading.insert(Figure::Deliveries, deliveries / seconds);
        reading.insert(Figure::ServerUse, server * 100.0 / seconds);
        reading.insert(Figure::GeneratorUse, generator * 100.0 / seconds);
        reading
    }
}

/// What the server holds at this moment.
///
/// # Errors
/// When it is no more.
pub(super) fn memory(run: &Run, reading: &mut Reading) -> Result<()> {
    let memory = run.server.memory()?;
    reading.insert(Figure::Rss, memory.rss as f64);
    if let Some(pss) = memory.pss {
        reading.insert(Figure::Pss, pss as f64);
    }
    Ok(())
}
