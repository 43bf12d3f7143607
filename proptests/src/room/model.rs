//! What must follow from each step, told as plainly as it can be: lists searched from end to end,
//! every number derived anew. Knows nothing of effects; predicts the order, who is in it, who is
//! host and keeps the door, what is kept, and every refusal.

use std::collections::BTreeSet;
use std::time::Duration;

use sanctuary_engine::limits::RoomLimits;
use sanctuary_engine::room::RING_ENTRIES_MAX;
use sanctuary_protocol::{
    CommitBlob, DoorPolicy, Entry, EntryKind, Few, MemberId, Moderation, Policy, PostBlob, Refusal,
    Seq,
};

use super::step::{Said, Step};

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
        if let Step::Wait { ticks } = step {
            for _ in 0..*ticks {
                self.now += TICK;
                self.elapse();
                self.settle();
            }
            return;
        }
        match step {
            Step::Say { from, .. } => drop(self.known.insert(*from)),
            Step::Vanish { connection } => drop(self.vanished.insert(*connection)),
            Step::Wait { .. } | Step::Notify | Step::Shed { .. } | Step::Purge | Step::ShutDown => {
            }
        }
        self.elapse();
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

    fn hear(&mut self, from: u64, said: &Said) -> Result<(), Refusal> {
        let member = self.seats.iter().find(|seat| seat.connection == Some(from));
        let newcomer = self.knocks.iter().find(|knock| knock.connection == from);
        match (member.map(|seat| seat.number), newcomer.map(|knock| knock.number), said) {
            (Some(member), _, said) => self.hear_member(member, from, said),
            (None, newcomer, Said::Leave) => {
                self.knocks.retain(|knock| Some(knock.number) != newcomer);
                self.hung_up.insert(from);
                Ok(())
            }
            (None, _, Said::Create(policy)) if self.phase == Phase::Empty => {
                self.phase = Phase::Live;
                self.policy = *policy;
                (self.host, self.keeper, self.last_number) = (1, 1, 1);
                self.give_seat(1, from);
                Ok(())
            }
            (None, _, Said::Create(_)) => Err(Refusal::AlreadyLive),
            (None, Some(_), Said::Knock | Said::Resume(..)) => Err(Refusal::AlreadySeated),
            (None, Some(_), Said::Door(to)) => {
                self.is_live(*to).then_some(()).ok_or(Refusal::NoSuchMember)
            }
            (None, None, Said::Knock) => self.knock(from),
            (None, None, Said::Resume(member, last_seq)) => self.resume(from, *member, *last_seq),
            (None, None, Said::Door(_)) => Err(Refusal::NotSeated),
            (
                None,
                _,
                Said::Post(_) | Said::Commit(..) | Said::Lock(_) | Said::HandOver(_) | Said::Close,
            ) => Err(Refusal::NotSeated),
        }
    }

    fn hear_member(&mut self, member: u32, from: u64, said: &Said) -> Result<(), Refusal> {
        if !matches!(said, Said::Leave | Said::Close) {
            self.wake(member, from);
        }
        let moderates = self.policy.moderation == Moderation::Everyone || member == self.host;
        match said {
            Said::Create(_) => Err(Refusal::AlreadyLive),
            Said::Knock | Said::Resume(..) => Err(Refusal::AlreadySeated),
            Said::Door(to) => {
                let knock = self.knocks.iter_mut().find(|knock| knock.number == *to);
                let knock = knock.ok_or(Refusal::NoSuchMember)?;
                if member != self.keeper {
                    return Err(Refusal::NotCommitter);
                }
                knock.awaited_since = None;
                Ok(())
            }
            Said::Post(0) => Err(Refusal::Empty),
            Said::Post(bytes) => {
                self.sequence(member, EntryKind::Post { ciphertext: sealed_post(*bytes) });
                Ok(())
            }
            Said::Commit(admits, evicts) => self.commit(member, admits, evicts),
            Said::Lock(_) if member != self.host => Err(Refusal::NotHost),
            Said::Lock(policy) => {
                self.policy = *policy;
                self.sequence(member, EntryKind::Policy(*policy));
                Ok(())
            }
            Said::HandOver(_) if member != self.host => Err(Refusal::NotHost),
            Said::HandOver(to) if *to == member || !self.is_live(*to) => Err(Refusal::NoSuchMember),
            Said::HandOver(to) => {
                self.make_host(member, *to);
                Ok(())
            }
            Said::Close if !moderates => Err(Refusal::NotHost),
            Said::Close => {
                self.hang_up_everybody();
                self.phase = Phase::Over;
                Ok(())
            }
            Said::Leave => {
                self.hung_up.insert(from);
                self.end_seat(member, EntryKind::Left);
                Ok(())
            }
        }
    }

    fn knock(&mut self, from: u64) -> Result<(), Refusal> {
        if self.phase == Phase::Empty {
            return Err(Refusal::NotLive);
        }
        if self.policy.door == DoorPolicy::Locked {
            return Err(Refusal::Locked);
        }
        if self.seats.len() + self.knocks.len() >= self.limits.members_max {
            return Err(Refusal::RoomFull);
        }
        if self.knocks.len() >= self.limits.knocks_max {
            return Err(Refusal::TooManyKnocks);
        }
        if self.rests() {
            self.ask_afresh();
        }
        self.last_number += 1;
        let number = self.last_number;
        self.knocks.push(KnockModel { number, connection: from, awaited_since: Some(self.now) });
        Ok(())
    }

    fn commit(&mut self, by: u32, admits: &[u32], evicts: &[u32]) -> Result<(), Refusal> {
        if !admits.is_empty() && by != self.keeper {
            return Err(Refusal::NotCommitter);
        }
        let admits: BTreeSet<u32> =
            admits.iter().copied().filter(|it| self.seat(*it).is_none()).collect();
        let evicts: BTreeSet<u32> = evicts.iter().copied().collect();
        if admits.is_empty() && evicts.is_empty() {
            return Err(Refusal::Empty);
        }
        if admits.iter().any(|it| !self.knocks.iter().any(|knock| knock.number == *it)) {
            return Err(Refusal::NoSuchMember);
        }
        for out in &evicts {
            if *out == by || self.seat(*out).is_none() {
                return Err(Refusal::NoSuchMember);
            }
            let moderates = self.policy.moderation == Moderation::Everyone || by == self.host;
            if !moderates && (by != self.keeper || self.is_live(*out)) {
                return Err(Refusal::NotHost);
            }
        }
        let kicks = evicts.iter().any(|out| self.is_live(*out));
        let early = self.last_commit.is_some_and(|at| self.now < at + self.limits.commit_interval);
        if !kicks && early {
            return Err(Refusal::TooSoon);
        }
        if !kicks {
            self.last_commit = Some(self.now);
        }
        self.sequence(
            by,
            EntryKind::Commit {
                ciphertext: sealed_commit(),
                admits: few(&admits),
                evicts: few(&evicts),
            },
        );
        for out in evicts {
            self.hung_up.extend(self.seat(out).and_then(|seat| seat.connection));
            self.seats.retain(|seat| seat.number != out);
            self.forget(out);
        }
        self.name();
        for number in admits {
            if let Some(place) = self.knocks.iter().position(|knock| knock.number == number) {
                let knock = self.knocks.remove(place);
                self.give_seat(number, knock.connection);
            }
        }
        Ok(())
    }

    fn vanish(&mut self, connection: u64) {
        self.knocks.retain(|knock| knock.connection != connection);
        let Some(place) = self.seats.iter().position(|it| it.connection == Some(connection)) else {
            return;
        };
        let number = self.seats[place].number;
        if self.limits.seat_wait.is_zero() {
            return self.end_seat(number, EntryKind::Expired);
        }
        self.sequence(number, EntryKind::Gone);
        let (since, gone_at) = (self.seq(), self.now);
        let seat = &mut self.seats[place];
        (seat.connection, seat.since, seat.gone_at) = (None, since, gone_at);
        self.forget(number);
    }

    fn resume(&mut self, from: u64, member: u32, last_seq: u64) -> Result<(), Refusal> {
        let place = self.seats.iter().position(|seat| seat.number == member);
        let place = place.ok_or(Refusal::NoSuchSeat)?;
        let older = self.seats[place].connection;
        self.hung_up.extend(older);
        let oldest_kept = self.dropped as u64 + 1;
        if last_seq > self.seq()
            || last_seq < self.seats[place].opened_at
            || last_seq + 1 < oldest_kept
        {
            self.end_seat(member, EntryKind::Expired);
            return Err(Refusal::NoSuchSeat);
        }
        self.seats[place].connection = Some(from);
        if older.is_none() {
            self.sequence(member, EntryKind::Back);
            self.seats[place].since = self.seq();
            if member == self.host && member != self.keeper {
                self.make_keeper(member);
            }
        }
        self.name();
        self.replay = Some((last_seq + 1..=self.seq()).map(|seq| self.as_kept(seq)).collect());
        Ok(())
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
        let overdue = |knock: &KnockModel| {
            knock.awaited_since.is_some_and(|since| since + self.limits.knock_wait <= self.now)
        };
        if self.phase == Phase::Live
            && self.knocks.iter().any(overdue)
            && let Some(next) = self.next_to_ask()
        {
            self.make_keeper(next);
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

    /// Who must be named: a host, a keeper.
    fn name(&mut self) {
        let stays_away = |seat: &SeatModel| {
            seat.connection.is_none() && seat.gone_at + self.limits.host_wait <= self.now
        };
        let hostless = self.seat(self.host).is_none_or(stays_away);
        let senior = self.seats.iter().find(|seat| seat.connection.is_some());
        if let Some(senior) = senior.map(|seat| seat.number)
            && hostless
        {
            self.make_host(senior, senior);
        }
        if !self.is_live(self.keeper) {
            let host = self.is_live(self.host).then_some(self.host);
            if let Some(next) = host.or_else(|| self.present().first().copied()) {
                self.make_keeper(next);
            }
        }
    }

    fn wake(&mut self, member: u32, connection: u64) {
        if self.rests() && !self.woken.contains(&member) {
            self.woken.push(member);
            if member != self.keeper {
                self.make_keeper(member);
            }
            self.hand_to(Some((member, connection)));
        }
    }

    fn attend(&mut self) {
        self.hand_to(self.keeper_connection().map(|connection| (self.keeper, connection)));
        if self.knocks.iter().all(|knock| knock.awaited_since.is_none()) {
            self.ask_afresh();
        }
    }

    fn hand_to(&mut self, keeper: Option<(u32, u64)>) {
        if self.attended != keeper {
            self.attended = keeper;
            self.asked.extend(keeper.map(|(member, _)| member));
            for knock in &mut self.knocks {
                knock.awaited_since = Some(self.now);
            }
        }
    }

    fn ask_afresh(&mut self) {
        self.asked = self.attended.iter().map(|(member, _)| *member).collect();
        self.woken.clear();
        for knock in &mut self.knocks {
            knock.awaited_since = knock.awaited_since.map(|_| self.now);
        }
    }

    fn rests(&self) -> bool {
        self.knocks.iter().any(|knock| knock.awaited_since.is_some())
            && self.next_to_ask().is_none()
    }

    fn next_to_ask(&self) -> Option<u32> {
        self.present().into_iter().find(|member| !self.asked.contains(member))
    }

    /// Live members, the longest present first.
    fn present(&self) -> Vec<u32> {
        let mut live: Vec<&SeatModel> =
            self.seats.iter().filter(|seat| seat.connection.is_some()).collect();
        live.sort_by_key(|seat| (seat.since, seat.number));
        live.into_iter().map(|seat| seat.number).collect()
    }

    fn make_host(&mut self, from: u32, to: u32) {
        (self.host, self.keeper) = (to, to);
        self.sequence(from, EntryKind::Host { to: MemberId(to) });
    }

    fn make_keeper(&mut self, member: u32) {
        self.keeper = member;
        self.sequence(member, EntryKind::Committer);
    }

    fn give_seat(&mut self, number: u32, connection: u64) {
        let since = self.seq();
        let connection = Some(connection);
        let gone_at = Duration::ZERO;
        self.seats.push(SeatModel { number, connection, opened_at: since, since, gone_at });
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

    fn sequence(&mut self, from: u32, kind: EntryKind) {
        let seq = Seq(self.seq() + 1);
        self.log.push(Entry { seq, from: MemberId(from), kind });
        self.shed.push(false);
    }

    fn trim(&mut self) {
        let commits = |model: &Self| {
            let is_commit = |entry: &&Entry| matches!(entry.kind, EntryKind::Commit { .. });
            model.log[model.dropped..].iter().filter(is_commit).count()
        };
        while self.retained_bytes() > self.limits.ring_bytes_max && self.shed_one() {}
        while self.dropped < self.log.len()
            && (self.retained_bytes() > self.limits.ring_bytes_max
                || commits(self) > self.limits.ring_commits_max
                || self.log.len() - self.dropped > RING_ENTRIES_MAX)
        {
            self.dropped += 1;
        }
    }

    fn give_up(&mut self, bytes: usize) {
        let goal = self.retained_bytes().saturating_sub(bytes);
        while self.retained_bytes() > goal && self.shed_one() {}
        while self.retained_bytes() > goal && self.dropped < self.log.len() {
            self.dropped += 1;
        }
    }

    fn shed_one(&mut self) -> bool {
        let is_whole_post = |index: &usize| {
            matches!(self.log[*index].kind, EntryKind::Post { .. }) && !self.shed[*index]
        };
        let Some(oldest) = (self.dropped..self.log.len()).find(is_whole_post) else { return false };
        self.shed[oldest] = true;
        true
    }

    /// The bytes that must be held.
    pub fn retained_bytes(&self) -> usize {
        let cost = |index: usize| {
            let blob = match &self.log[index].kind {
                EntryKind::Post { .. } if self.shed[index] => 0,
                EntryKind::Post { ciphertext } => ciphertext.len(),
                EntryKind::Commit { ciphertext, admits, evicts } => {
                    ciphertext.len() + 4 * (admits.iter().count() + evicts.iter().count())
                }
                EntryKind::Shed { .. }
                | EntryKind::Gone
                | EntryKind::Back
                | EntryKind::Left
                | EntryKind::Expired
                | EntryKind::Host { .. }
                | EntryKind::Committer
                | EntryKind::Policy(_) => 0,
            };
            size_of::<Entry>() + blob
        };
        (self.dropped..self.log.len()).map(cost).sum()
    }

    /// The entry at `seq` as a member that comes back must read it.
    fn as_kept(&self, seq: u64) -> Entry {
        let index = usize::try_from(seq - 1).unwrap_or(usize::MAX);
        let entry = self.log[index].clone();
        if self.shed[index] {
            return Entry { kind: EntryKind::Shed { digest: entry.kind.digest() }, ..entry };
        }
        entry
    }

    /// The last entry's number.
    pub fn seq(&self) -> u64 {
        self.log.len() as u64
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
