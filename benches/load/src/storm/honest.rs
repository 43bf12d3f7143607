//! Rooms in which people behave and talk at a steady rate while somebody else does not: what they lose,
//! and how late what is said comes.

use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::crowd::{Crowd, ReceiveBuffer};
use crate::house::House;
use crate::joining;
use crate::ledger::{Faults, Layout, Ledger};
use crate::message::Dialect;
use crate::talk::{Schedule, Talk, nanoseconds};

/// How late what was said in a stretch came, in microseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Late {
    pub(super) half: f64,
    pub(super) most: f64,
}

/// Everybody who behaves.
pub(super) struct Honest {
    pub(super) talk: Talk,
    schedule: Schedule,
}

impl Honest {
    /// Everybody comes in, each with as much space for what it has not read as `buffer_of` says.
    pub(super) fn gather(
        house: &House,
        layout: Layout,
        (per_second, payload_bytes): (u32, usize),
        buffer_of: impl Fn(usize) -> ReceiveBuffer,
    ) -> Result<Self> {
        let mut crowd = Crowd::new(house.server.address(), Dialect::Sanctuary)?;
        joining::gather(&mut crowd, layout, buffer_of)?;
        let ledger = Ledger::new(Dialect::Sanctuary, layout)?;
        let schedule = Schedule::new(layout, crowd.now(), per_second);
        Ok(Self { talk: Talk { crowd, ledger, payload_bytes }, schedule })
    }

    /// They talk for so long.
    pub(super) fn go_on(&mut self, span: Duration) -> Result<()> {
        let until = self.talk.crowd.now() + nanoseconds(span);
        self.talk.keep_to(&mut self.schedule, until)
    }

    /// They talk for so long, and until it has come: how late was it?
    pub(super) fn timed(&mut self, span: Duration) -> Result<Late> {
        self.measure(span);
        self.go_on(span + span / 10)?;
        self.late()
    }

    /// From here on, for so long, it counts how late what is said comes.
    pub(super) fn measure(&mut self, span: Duration) {
        let begins = self.talk.crowd.now();
        self.talk.ledger.measure(begins..begins + nanoseconds(span));
    }

    pub(super) fn late(&self) -> Result<Late> {
        let at = |share| self.talk.ledger.latency(share).context("nothing came");
        Ok(Late { half: at(0.5)?, most: at(0.99)? })
    }

    /// What these were told wrongly, or not at all.
    pub(super) fn faults(
        &mut self,
        receivers: impl Iterator<Item = usize> + Clone,
    ) -> Result<Faults> {
        self.talk.settle(receivers.clone())?;
        Ok(self.talk.ledger.faults(receivers))
    }
}
