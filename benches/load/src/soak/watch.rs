//! What is looked at while people come and go: the server's memory, descriptors, threads and actors,
//! every few seconds; and roll calls, in which nobody moves until all numbers are the same on both
//! sides. Must not know who does what.

use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::contender::Server;
use crate::operator::{Actors, Operator};
use crate::town::Town;
use crate::usage;

/// How long the two sides may take to agree once nobody moves: the server waits two seconds for a
/// client's close, and two more for its end.
const AGREE_WAIT: Duration = Duration::from_secs(15);

/// Between two looks until they do.
const GLANCE: Duration = Duration::from_millis(50);

/// What the server is at a moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// Since the beginning.
    pub(super) minute: f64,
    pub(super) rss: u64,
    pub(super) rss_anonymous: u64,
    pub(super) threads: u64,
    pub(super) files: usize,
    pub(super) connections: u64,
    pub(super) rooms: u64,
    pub(super) actors: Actors,
    pub(super) retained: u64,
    pub(super) connections_opened: u64,
    pub(super) failures: u64,
}

/// The server under watch.
pub(super) struct Watch<'server> {
    server: &'server Server,
    operator: Operator,
    begun: Instant,
    /// The server before anybody came, the operator among its files.
    pub(super) alone: Look,
}

impl<'server> Watch<'server> {
    /// # Errors
    /// When the server does not answer its operator.
    pub(super) fn over(server: &'server Server, mut operator: Operator) -> Result<Self> {
        let begun = Instant::now();
        let alone = look(server, &mut operator, begun)?;
        ensure!(alone.connections == 0 && alone.rooms == 0, "somebody else is there: {alone:?}");
        Ok(Self { server, operator, begun, alone })
    }

    /// # Errors
    /// When the server does not answer its operator.
    pub(super) fn look(&mut self) -> Result<Look> {
        look(self.server, &mut self.operator, self.begun)
    }

    /// Waits, with nobody moving, until the server has as many connections, members, descriptors and
    /// threads as there must be; `rooms` says how many rooms there may be.
    ///
    /// # Errors
    /// When it never has, with what it has.
    pub(super) fn call_the_roll(
        &mut self,
        town: &mut Town,
        rooms: RangeInclusive<u64>,
    ) -> Result<Look> {
        let begun = Instant::now();
        loop {
            town.turn(GLANCE)?;
            let look = self.look()?;
            let seated = town.seated() as u64;
            let is_whole = look.connections == seated
                && u64::from(look.actors.members) == seated
                && look.files == self.alone.files + town.seated()
                && look.threads <= self.alone.threads
                && look.actors.others == self.alone.actors.others
                && u64::from(look.actors.rooms) == look.rooms
                && rooms.contains(&look.rooms);
            if is_whole {
                return Ok(look);
            }
            ensure!(
                begun.elapsed() < AGREE_WAIT,
                "with {seated} seated and {rooms:?} rooms, the server has {look:?}; alone it had {:?}",
                self.alone
            );
        }
    }
}

fn look(server: &Server, operator: &mut Operator, begun: Instant) -> Result<Look> {
    let process = server.process();
    let actors = operator.actors()?;
    let stats = operator.stats()?;
    // The server's own count where it tells nobody else; that one has the folder it is read from.
    let files = usage::open_files(process).unwrap_or(stats.open_files as usize);
    let usage::Status { rss, rss_anonymous, threads } = usage::status(process)?;
    Ok(Look {
        minute: begun.elapsed().as_secs_f64() / 60.0,
        rss,
        rss_anonymous,
        threads,
        files,
        connections: stats.connections.into(),
        rooms: stats.rooms.into(),
        actors,
        retained: stats.retained_bytes,
        connections_opened: stats.connections_opened,
        failures: stats.failures,
    })
}
