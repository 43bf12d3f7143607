//! What must follow from each step, told as plainly as it can be: lists searched from end to end,
//! every number derived anew. Knows nothing of effects; predicts the order, who is in it, who is
//! host and keeps the door, what is kept, and every refusal.

use std::collections::BTreeSet;
use std::time::Duration;

use sanctuary_engine::limits::RoomLimits;
use sanctuary_protocol::{
    CommitBlob, DoorPolicy, Entry, EntryKind, Few, MemberId, Moderation, Policy, PostBlob, Refusal,
};

use super::step::Step;

mod order;
mod roles;
mod saying;

/// How long a tick is.
pub const TICK: Duration = Duration::from_millis(500);

/// Where a room is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nobody yet.
    Empty,
    /// Somebody.
    Live,
    /// Nobody any more.
    Over,
}

/// A seat.
#[derive(Clone, Debug)]
pub struct SeatModel {
    /// Whose.
    pub number: u32,
    /// Its connection, unless it is gone.
    pub connection: Option<u64>,
    opened_at: u64,
    /// The entry by which it came, or went.
    since: u64,
    /// When it went.
    gone_at: Duration,
    /// When it may be taken again as often as ever.
    resumes_full_at: Duration,
}

/// A knock.
#[derive(Clone, Debug)]
pub struct KnockModel {
    /// Whose.
    pub number: u32,
    /// By which connection.
    pub connection: u64,
    /// Since when the keeper owes it an answer, unless it gave one.
    pub awaited_since: Option<Duration>,
    /// Since when nobody at all answered it, while an answer is owed.
    pub unanswered_since: Duration,
    /// How often its newcomer has spoken since.
    pub words: u32,
}

/// A room, as it must be.
#[derive(Clone, Debug)]
pub struct Model {
    /// The bounds.
    pub limits: RoomLimits,
    /// Since the beginning.
    pub now: Duration,
    /// Where in its life.
    pub phase: Phase,
    /// The rules.
    pub policy: Policy,
    /// Who is host.
    pub host: u32,
    /// Who keeps the door.
    pub keeper: u32,
    /// In rising order.
    pub seats: Vec<SeatModel>,
    /// In rising order.
    pub knocks: Vec<KnockModel>,
    /// The highest number given out.
    pub last_number: u32,
    /// Everything sequenced.
    pub log: Vec<Entry>,
    /// Why the last step changed nothing, if it was refused.
    pub refusal: Option<Refusal>,
    /// What the last step let a member that came back read, if it did.
    pub replay: Option<Vec<Entry>>,
    /// The connections the last step welcomed, in order.
    pub welcomed: Vec<u64>,
    shed: Vec<bool>,
    dropped: usize,
    attended: Option<(u32, u64)>,
    asked: Vec<u32>,
    woken: Vec<u32>,
    last_commit: Option<Duration>,
    known: BTreeSet<u64>,
    hung_up: BTreeSet<u64>,
    vanished: BTreeSet<u64>,
}

impl Model {
    /// Nobody yet.
    pub const fn new(limits: RoomLimits) -> Self {
        Self {
            limits,
            now: Duration::ZERO,
            phase: Phase::Empty,
            policy: Policy { moderation: Moderation::Host, door: DoorPolicy::Open },
            host: 0,
            keeper: 0,
            seats: Vec::new(),
            knocks: Vec::new(),
            last_number: 0,
            log: Vec::new(),
            refusal: None,
            replay: None,
            welcomed: Vec::new(),
            shed: Vec::new(),
            dropped: 0,
            attended: None,
            asked: Vec::new(),
            woken: Vec::new(),
            last_commit: None,
            known: BTreeSet::new(),
            hung_up: BTreeSet::new(),
            vanished: BTreeSet::new(),
        }
    }

    /// What follows from `step`.
    pub fn apply(&mut self, step: &Step) {
        (self.refusal, self.replay) = (None, None);
        self.welcomed.clear();
        if let Step::Wait { ticks } = step {
            for _ in 0..*ticks {
                self.now += TICK;
                self.elapse();
                self.settle();
            }
            return;
        }
        self.elapse();
        match step {
            Step::Say { from, .. } => {
                self.known.insert(*from);
                // The shell lets what is due happen in a turn of its own.
                self.settle();
            }
            Step::Vanish { connection } => {
                self.vanished.insert(*connection);
                self.settle();
            }
            Step::Wait { .. } | Step::Notify | Step::Shed { .. } | Step::Purge | Step::ShutDown => {
            }
        }
        if self.phase == Phase::Over {
            return;
        }
        match step {
            Step::Say { from, said } => self.refusal = self.hear(*from, said).err(),
            Step::Vanish { connection } => self.vanish(*connection),
            Step::Shed { bytes } => self.give_up(*bytes),
            Step::Purge | Step::ShutDown => {
                self.hang_up_everybody();
                self.hung_up.extend(self.knocks.iter().map(|knock| knock.connection));
                self.phase = Phase::Over;
            }
            Step::Wait { .. } | Step::Notify => {}
        }
        self.settle();
    }

    /// Whether `step` can happen: nothing is heard of a connection that was hung up on, and none
    /// ends twice.
    pub fn allows(&self, step: &Step) -> bool {
        match step {
            Step::Say { from, .. } => !self.hung_up.contains(from) && !self.vanished.contains(from),
            Step::Vanish { connection } => !self.vanished.contains(connection),
            Step::Wait { .. } | Step::Notify | Step::Shed { .. } | Step::Purge | Step::ShutDown => {
                true
            }
        }
    }

    fn elapse(&mut self) {
        if self.phase != Phase::Live {
            return;
        }
        while let Some(seat) = self.longest_gone()
            && seat.gone_at + self.limits.seat_wait <= self.now
        {
            let number = seat.number;
            self.end_seat(number, EntryKind::Expired);
        }
        self.settle();
        if self.phase == Phase::Live {
            self.expire_knocks();
        }
        let overdue = |knock: &KnockModel| {
            knock.awaited_since.is_some_and(|since| since + self.limits.knock_wait <= self.now)
        };
        if self.phase == Phase::Live
            && self.knocks.iter().any(overdue)
            && let Some(next) = self.next_to_ask()
        {
            self.make_keeper(next);
        }
        if self.phase == Phase::Live {
            self.attend();
        }
    }

    fn settle(&mut self) {
        while self.phase == Phase::Live {
            if self.seats.is_empty() {
                self.phase = Phase::Over;
                return;
            }
            self.name();
            self.trim();
            match self.longest_gone() {
                Some(seat) if seat.since <= self.dropped as u64 => {
                    let number = seat.number;
                    self.end_seat(number, EntryKind::Expired);
                }
                Some(_) | None => return self.attend(),
            }
        }
    }

    fn give_seat(&mut self, number: u32, connection: u64) {
        let since = self.seq();
        let connection = Some(connection);
        self.seats.push(SeatModel {
            number,
            connection,
            opened_at: since,
            since,
            gone_at: Duration::ZERO,
            resumes_full_at: self.now,
        });
        self.seats.sort_by_key(|seat| seat.number);
    }

    fn end_seat(&mut self, number: u32, kind: EntryKind) {
        self.seats.retain(|seat| seat.number != number);
        self.forget(number);
        self.sequence(number, kind);
    }

    fn forget(&mut self, number: u32) {
        self.asked.retain(|it| *it != number);
        self.woken.retain(|it| *it != number);
    }

    fn hang_up_everybody(&mut self) {
        let live = self.seats.iter().filter_map(|seat| seat.connection);
        self.hung_up.extend(live);
    }

    fn seat(&self, number: u32) -> Option<&SeatModel> {
        self.seats.iter().find(|seat| seat.number == number)
    }

    /// Whether that member is connected.
    pub fn is_live(&self, number: u32) -> bool {
        self.seat(number).is_some_and(|seat| seat.connection.is_some())
    }

    fn longest_gone(&self) -> Option<&SeatModel> {
        self.seats.iter().filter(|seat| seat.connection.is_none()).min_by_key(|seat| seat.since)
    }

    /// The keeper's, if it is connected.
    pub fn keeper_connection(&self) -> Option<u64> {
        self.seat(self.keeper)?.connection
    }

    /// Of all live members.
    pub fn seated_connections(&self) -> Vec<u64> {
        self.seats.iter().filter_map(|seat| seat.connection).collect()
    }

    /// All that may still say something.
    pub fn open_connections(&self) -> Vec<u64> {
        let ended = |it: &&u64| self.hung_up.contains(it) || self.vanished.contains(it);
        self.known.iter().filter(|it| !ended(it)).copied().collect()
    }

    /// Those hung up on whose end was not yet said.
    pub fn hung_up_connections(&self) -> Vec<u64> {
        self.hung_up.difference(&self.vanished).copied().collect()
    }

    /// All whose end the room or they themselves have said.
    pub fn closed_connections(&self) -> BTreeSet<u64> {
        self.hung_up.union(&self.vanished).copied().collect()
    }

    /// One never heard of.
    pub fn fresh_connection(&self) -> u64 {
        self.known.iter().chain(&self.vanished).max().map_or(1, |last| last + 1)
    }
}

/// What every post of so many bytes holds.
pub fn sealed_post(bytes: usize) -> PostBlob {
    PostBlob::try_from(vec![3; bytes]).unwrap_or_else(|error| unreachable!("{error}"))
}

/// What every commit holds.
pub fn sealed_commit() -> CommitBlob {
    CommitBlob::try_from(vec![4; 100]).unwrap_or_else(|error| unreachable!("{error}"))
}

fn few<const MAX: usize>(members: &BTreeSet<u32>) -> Few<MemberId, MAX> {
    Few::try_from(Vec::from_iter(members.iter().copied().map(MemberId))).unwrap_or(Few::none())
}
