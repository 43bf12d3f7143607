//! One run of one server: it is started, the crowd comes in, the workload is performed, the figures
//! are read, and the server ends. How each kind of workload goes is in a file of its own.

mod flat_out;
mod paced;
mod quiet;
mod stalled;
mod stretch;

use std::time::Duration;

use anyhow::Result;

use crate::contender::{Contender, Programs, Server};
use crate::crowd::{Crowd, ReceiveBuffer};
use crate::figure::{Figure, Reading};
use crate::joining::{self, Gathered};
use crate::ledger::{Faults, Ledger};
use crate::talk::{TURN_MAX, Talk, nanoseconds};
use crate::workload::{Drive, Point};
use stretch::Mark;

/// Before figures are read: caches fill, buffers find their sizes.
const WARM_UP: Duration = Duration::from_secs(1);

/// How long to look for what is under way at a time.
const SETTLE_TURN: Duration = Duration::from_millis(20);

/// A server with everybody in.
struct Run {
    server: Server,
    talk: Talk,
}

/// Performs a workload on a server that is started for it, and ended after it.
///
/// # Errors
/// When the server does not start, does not let everybody in, or speaks no protocol.
pub(crate) fn measure(
    point: &Point,
    contender: Contender,
    programs: &Programs,
    span: Duration,
) -> Result<Reading> {
    let server = contender.start(programs, &point.server_flags())?;
    let alone = server.memory()?;
    let mut crowd = Crowd::new(server.address(), contender.dialect())?;
    let ledger = Ledger::new(contender.dialect(), point.layout)?;
    let slow_from = match point.drive {
        Drive::Stalled { slow, .. } => point.layout.receivers() - slow,
        Drive::Paced { .. } | Drive::FlatOut { .. } | Drive::Quiet => point.layout.receivers(),
    };
    let buffer_of = |connection| {
        if connection < slow_from { ReceiveBuffer::System } else { stalled::BUFFER }
    };
    let Gathered { connected, joined } = joining::gather(&mut crowd, point.layout, buffer_of)?;
    let payload_bytes = point.payload_bytes(contender);
    let mut run = Run { server, talk: Talk { crowd, ledger, payload_bytes } };
    let mut reading = match point.drive {
        Drive::Paced { per_second } => paced::perform(&mut run, point.layout, per_second, span)?,
        Drive::FlatOut { outstanding } => {
            flat_out::perform(&mut run, point.layout, outstanding, span)?
        }
        Drive::Quiet => quiet::perform(&mut run, alone, span)?,
        Drive::Stalled { per_second, slow } => {
            stalled::perform(&mut run, point.layout, per_second, slow, span)?
        }
    };
    let connections = point.layout.receivers() as f64;
    reading.insert(Figure::Connections, connections);
    reading.insert(Figure::ConnectsPerSecond, connections / connected.as_secs_f64());
    reading.insert(Figure::JoinsPerSecond, connections / joined.as_secs_f64());
    reading.insert(Figure::RssAlone, alone.rss as f64);
    if let Some(pss) = alone.pss {
        reading.insert(Figure::PssAlone, pss as f64);
    }
    Ok(reading)
}

impl Run {
    /// The figures of a stretch in which all were to hear all: what it cost, and, once what is under
    /// way has come, how late it was and what went wrong.
    fn account(&mut self, start: Mark) -> Result<Reading> {
        let receivers = self.talk.ledger.receivers();
        let mut reading = start.until(Mark::of(self)?);
        stretch::memory(self, &mut reading)?;
        self.talk.settle(0..receivers)?;
        self.insert_latency(&mut reading, Figure::LatencyHalf, Figure::LatencyMost);
        self.insert_faults(&mut reading, receivers);
        reading.insert(Figure::HungUp, self.talk.crowd.down() as f64);
        Ok(reading)
    }

    /// What went wrong for the first so many receivers.
    fn insert_faults(&self, reading: &mut Reading, receivers: usize) {
        let Faults { lost, doubled, reordered, gaps, foreign } =
            self.talk.ledger.faults(0..receivers);
        // Nobody said it: it is as wrong as what was said twice.
        reading.insert(Figure::Doubled, (doubled + foreign) as f64);
        reading.insert(Figure::Lost, lost as f64);
        reading.insert(Figure::Reordered, reordered as f64);
        reading.insert(Figure::Gaps, gaps as f64);
    }

    fn insert_latency(&self, reading: &mut Reading, half: Figure, most: Figure) {
        if let Some(latency) = self.talk.ledger.latency(0.5) {
            reading.insert(half, latency);
        }
        if let Some(latency) = self.talk.ledger.latency(0.99) {
            reading.insert(most, latency);
        }
    }
}
