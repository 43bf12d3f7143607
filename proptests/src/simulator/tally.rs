//! What was injected into runs, and what came of it, by kind. A kind that never came is no proof of
//! anything: [`Tally::missing`] names it.

use std::collections::BTreeMap;
use std::fmt;

use sanctuary_protocol::{CloseReason, Refusal};

use super::plan::{Act, Loss, Part};

/// Something that was injected, or that came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Injected.
    Fault(Fault),
    /// A page was refused something.
    Refused(Refusal),
    /// A page was hung up on.
    HungUp(CloseReason),
    /// A seat was taken again.
    Resumed,
}

/// Something that goes wrong, or is done to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A socket broke.
    Cut(Loss),
    /// A socket stood and led nowhere.
    HalfOpen,
    /// A reader took nothing.
    SlowReader,
    /// A page froze.
    PageAsleep,
    /// Who keeps the door froze.
    DoorkeeperAsleep,
    /// A page's clock was set.
    ClockJump,
    /// A part panicked in between two messages.
    Panic(Part),
    /// A part panicked at a message, which was lost with it.
    PanicAtMessage(Part),
    /// The lobby panicked until the server gave up.
    RestartsSpent,
    /// The server was killed, and started again.
    Killed,
    /// The operator ended a room.
    Purged,
    /// The operator ended the rooms that had been quiet.
    IdlePurged,
    /// The operator ended all rooms.
    AllPurged,
    /// The operator let nobody in.
    NobodyLetIn,
    /// The operator had the server drain.
    Drained,
    /// The operator had the server stop.
    Stopped,
    /// The operator ended everything at once.
    OperatorPanic,
}

/// What must come once there were runs enough: every fault, what is survived by resuming, and every bound
/// that few people can reach. A part that fails at a message is one that takes messages.
const DUE: [Kind; 36] = [
    Kind::Fault(Fault::Cut(Loss::Nothing)),
    Kind::Fault(Fault::Cut(Loss::Down)),
    Kind::Fault(Fault::Cut(Loss::Both)),
    Kind::Fault(Fault::HalfOpen),
    Kind::Fault(Fault::SlowReader),
    Kind::Fault(Fault::PageAsleep),
    Kind::Fault(Fault::DoorkeeperAsleep),
    Kind::Fault(Fault::ClockJump),
    Kind::Fault(Fault::Panic(Part::Room)),
    Kind::Fault(Fault::Panic(Part::Member)),
    Kind::Fault(Fault::Panic(Part::Lobby)),
    Kind::Fault(Fault::PanicAtMessage(Part::Room)),
    Kind::Fault(Fault::PanicAtMessage(Part::Lobby)),
    Kind::Fault(Fault::RestartsSpent),
    Kind::Fault(Fault::Killed),
    Kind::Fault(Fault::Purged),
    Kind::Fault(Fault::IdlePurged),
    Kind::Fault(Fault::AllPurged),
    Kind::Fault(Fault::NobodyLetIn),
    Kind::Fault(Fault::Drained),
    Kind::Fault(Fault::Stopped),
    Kind::Fault(Fault::OperatorPanic),
    Kind::Resumed,
    Kind::Refused(Refusal::RoomFull),
    Kind::Refused(Refusal::ServerFull),
    Kind::Refused(Refusal::TooManyKnocks),
    Kind::Refused(Refusal::NotAdmitting),
    Kind::Refused(Refusal::NotLive),
    Kind::Refused(Refusal::NoSuchSeat),
    Kind::Refused(Refusal::Locked),
    Kind::HungUp(CloseReason::TooSlow),
    Kind::HungUp(CloseReason::Faulted),
    Kind::HungUp(CloseReason::Kicked),
    Kind::HungUp(CloseReason::Purged),
    Kind::HungUp(CloseReason::ByOperator),
    Kind::HungUp(CloseReason::ShuttingDown),
];

/// How often each kind came.
#[derive(Clone, Debug, Default)]
pub struct Tally(BTreeMap<Kind, u64>);

impl Tally {
    /// Runs after which every fault was injected, but for one time in millions.
    pub const RUNS_FOR_FAULTS: u64 = 400;

    /// Runs after which everything that must come of them has come, likewise.
    pub const RUNS_FOR_ALL: u64 = 1_500;

    pub(super) fn count(&mut self, kind: Kind) {
        *self.0.entry(kind).or_default() += 1;
    }

    pub(super) fn fault(&mut self, fault: Fault) {
        self.count(Kind::Fault(fault));
    }

    /// The operator did it.
    pub(super) fn act(&mut self, act: Act) {
        self.fault(match act {
            Act::Purge => Fault::Purged,
            Act::PurgeIdle(_) => Fault::IdlePurged,
            Act::PurgeAll => Fault::AllPurged,
            Act::Refuse => Fault::NobodyLetIn,
            Act::Drain(_) => Fault::Drained,
            Act::Stop => Fault::Stopped,
            Act::Panic => Fault::OperatorPanic,
            Act::Notice | Act::Admit => return,
        });
    }

    /// Adds another's.
    pub fn add(&mut self, other: &Self) {
        for (kind, count) in &other.0 {
            *self.0.entry(*kind).or_default() += count;
        }
    }

    /// How many faults there were, of whatever kind.
    pub fn faults(&self) -> u64 {
        let faults = self.0.iter().filter(|(kind, _)| matches!(kind, Kind::Fault(_)));
        faults.map(|(_, count)| count).sum()
    }

    /// What never came in so many runs, and must have: faults soon, since plans are made of them, and
    /// what comes of them later.
    pub fn missing(&self, runs: u64) -> impl Iterator<Item = Kind> {
        let is_due = move |kind: &Kind| match kind {
            Kind::Fault(_) => runs >= Self::RUNS_FOR_FAULTS,
            Kind::Refused(_) | Kind::HungUp(_) | Kind::Resumed => runs >= Self::RUNS_FOR_ALL,
        };
        DUE.into_iter().filter(is_due).filter(|kind| !self.0.contains_key(kind))
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|(kind, count)| writeln!(f, "  {:<40} {count:>9}", format!("{kind:?}")))
    }
}
