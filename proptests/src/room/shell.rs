//! A shell that performs what a room wants done and believes none of it: every connection follows
//! the order by itself, and whatever reaches the wrong one, twice, late or not at all is a failure.
//! Knows the model only to compare.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use sanctuary_engine::room::{Command, ConnectionId, Effect, Room};
use sanctuary_protocol::{
    Blob, ClientFrame, ClientFrameKind, CloseReason, CommitBlob, Entry, EntryKind, Few, MemberId,
    Opening, Presence, Refusal, ResumeToken, Seq, ServerFrame, SortedMap, Text, View,
};

use super::model::{Model, Phase, TICK, sealed_commit, sealed_post};
use super::step::{Said, Step};

/// A room and everybody connected to it.
#[derive(Debug)]
pub struct Shell {
    room: Room,
    now: Instant,
    followers: BTreeMap<u64, Follower>,
    closed: BTreeSet<u64>,
    tokens: BTreeMap<u32, ResumeToken>,
    /// Everything broadcast, and the view of the creator's opening and after each.
    log: Vec<Entry>,
    views: Vec<View>,
    last_number: u32,
    /// By connection, the newcomers it was told of.
    told: BTreeSet<(u64, u32)>,
    course: Course,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Course {
    Ongoing,
    Over,
}

/// A seated connection, and what it knows by following the order: from its opening on, or, when it
/// came back, from the last entry it had processed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Follower {
    member: MemberId,
    opened: Seq,
    view: View,
}

impl Shell {
    /// An empty room under the model's limits.
    pub fn new(model: &Model) -> Self {
        let now = Instant::now();
        Self {
            room: Room::new(model.limits, [9; 32], now),
            now,
            followers: BTreeMap::new(),
            closed: BTreeSet::new(),
            tokens: BTreeMap::new(),
            log: Vec::new(),
            views: Vec::new(),
            last_number: 0,
            told: BTreeSet::new(),
            course: Course::Ongoing,
        }
    }

    /// Does `step` to the room, of which `model` says what must follow.
    pub fn apply(&mut self, model: &Model, step: &Step) {
        let command = match step {
            Step::Wait { ticks } => {
                for _ in 0..*ticks {
                    self.tick(model);
                }
                return;
            }
            Step::Say { from, said } => {
                // Due things come first, so that what follows is the frame's doing alone.
                self.elapse(model);
                let frame = self.frame(said, *from);
                return self.say(model, *from, frame);
            }
            Step::Vanish { connection } => {
                self.elapse(model);
                self.followers.remove(connection);
                self.closed.insert(*connection);
                Command::Vanish { connection: ConnectionId(*connection) }
            }
            Step::Notify => Command::Notify {
                text: Text::try_from("a word".to_owned())
                    .unwrap_or_else(|error| unreachable!("{error}")),
            },
            Step::Shed { bytes } => Command::Shed { bytes: *bytes },
            Step::Purge => Command::Purge,
            Step::ShutDown => Command::ShutDown,
        };
        let effects = self.room.handle(command, self.now);
        self.perform(model, &effects, None);
    }

    /// Half a second passes. What happens then was announced as a deadline.
    fn tick(&mut self, model: &Model) {
        self.now += TICK;
        self.elapse(model);
    }

    fn elapse(&mut self, model: &Model) {
        let deadline = self.room.deadline();
        let effects = self.room.handle(Command::Elapse, self.now);
        if deadline.is_none_or(|deadline| deadline > self.now) {
            assert_eq!(effects, [], "nothing was due before {deadline:?}");
        } else {
            assert_ne!(effects, [], "a deadline is the time of something");
        }
        self.perform(model, &effects, None);
    }

    fn say(&mut self, model: &Model, from: u64, frame: ClientFrame) {
        let kind = frame.kind();
        let before = (self.room.census(self.now), self.room.deadline());
        let from_id = ConnectionId(from);
        let effects = self.room.handle(Command::Receive { from: from_id, frame }, self.now);
        let refused: Vec<(ClientFrameKind, Refusal)> = effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::Send { to, frame: ServerFrame::Refused { what, why } }
                    if *to == from_id && *what == kind =>
                {
                    Some((*what, *why))
                }
                Effect::Send { .. }
                | Effect::Seat { .. }
                | Effect::Broadcast(_)
                | Effect::HangUp { .. }
                | Effect::End => None,
            })
            .collect();
        assert_eq!(refused, Vec::from_iter(model.refusal.map(|why| (kind, why))));
        if effects.len() == 1 && model.refusal.is_some() {
            let after = (self.room.census(self.now), self.room.deadline());
            assert_eq!(before, after, "a refusal changes nothing");
        }
        self.perform(model, &effects, Some(from));
    }

    fn frame(&self, said: &Said, from: u64) -> ClientFrame {
        match said {
            Said::Create(policy) => ClientFrame::Create { policy: *policy },
            Said::Knock => ClientFrame::Knock { blob: word(from) },
            Said::Door(member) => ClientFrame::Door { member: MemberId(*member), blob: word(from) },
            Said::Resume(member, last_seq) => ClientFrame::Resume {
                token: self.tokens.get(member).cloned().unwrap_or(ResumeToken::from_bytes([0; 16])),
                last_seq: Seq(*last_seq),
            },
            Said::Post(bytes) => ClientFrame::Post { ciphertext: sealed_post(*bytes) },
            Said::Commit(admits, evicts) => commit(sealed_commit(), admits, evicts, from),
            Said::BlankCommit(admits, evicts) => commit(blank(), admits, evicts, from),
            Said::Lock(policy) => ClientFrame::Lock(*policy),
            Said::HandOver(to) => ClientFrame::HandOver { to: MemberId(*to) },
            Said::Close => ClientFrame::Close,
            Said::Leave => ClientFrame::Leave,
        }
    }

    fn perform(&mut self, model: &Model, effects: &[Effect], from: Option<u64>) {
        let mut seats = BTreeSet::new();
        check_welcomes(effects, from.map_or(&[], |_| &model.welcomed));
        for effect in effects {
            assert_eq!(self.course, Course::Ongoing, "nothing follows the end");
            match effect {
                Effect::Seat { connection } => {
                    assert!(seats.insert(connection.0), "seated once");
                    assert!(!self.followers.contains_key(&connection.0), "not seated before");
                }
                Effect::Send { to, frame } => {
                    assert!(!self.closed.contains(&to.0), "nothing reaches a closed connection");
                    self.deliver(model, to.0, frame, &seats);
                }
                Effect::Broadcast(frame) => self.broadcast(model, frame),
                Effect::HangUp { connection, reason } => {
                    assert_ne!(*reason, CloseReason::Faulted);
                    assert!(self.closed.insert(connection.0), "hung up on once");
                    self.followers.remove(&connection.0);
                }
                Effect::End => self.course = Course::Over,
            }
        }
        for (connection, follower) in &self.followers {
            assert_eq!(Some(&follower.view), self.views.last(), "c{connection} is led astray");
        }
        assert!(seats.iter().all(|it| self.followers.contains_key(it)), "seated means opened to");
        assert!(seats.is_empty() || from.is_some(), "only a frame seats anybody");
    }

    fn broadcast(&mut self, model: &Model, frame: &ServerFrame) {
        match frame {
            ServerFrame::Entry(entry) => {
                assert_eq!(entry.seq.0, self.log.len() as u64 + 1, "one order without a gap");
                assert_eq!(Some(entry), model.log.get(self.log.len()), "the order foretold");
                assert!(!matches!(entry.kind, EntryKind::Shed { .. }), "just said, and whole");
                let mut view = self.views[self.log.len()].clone();
                view.after(entry);
                for follower in self.followers.values_mut() {
                    follower.follow(entry);
                    assert_eq!(follower.view, view, "whoever follows knows the same");
                    assert_eq!(follower.view.digest(), view.digest());
                }
                self.log.push(entry.clone());
                self.views.push(view);
            }
            ServerFrame::Notice { .. } => {}
            ServerFrame::Opened(_)
            | ServerFrame::Knocked { .. }
            | ServerFrame::Knocking { .. }
            | ServerFrame::Door { .. }
            | ServerFrame::Welcome { .. }
            | ServerFrame::Refused { .. }
            | ServerFrame::Closed { .. }
            | ServerFrame::Withdrawn { .. } => unreachable!("{frame:?} is for one alone"),
        }
    }

    fn deliver(&mut self, model: &Model, to: u64, frame: &ServerFrame, seats: &BTreeSet<u64>) {
        match frame {
            ServerFrame::Opened(opening) => {
                assert!(seats.contains(&to), "seated, then opened to");
                self.open(model, to, opening);
            }
            ServerFrame::Knocked { member } => {
                assert!(member.0 > self.last_number, "no number is given out twice");
                self.last_number = member.0;
            }
            ServerFrame::Knocking { member, .. } => {
                let knows = |it: &Follower| it.view.committer == it.member;
                assert!(self.followers.get(&to).is_some_and(knows), "only the keeper is told");
                assert!(member.0 <= self.last_number, "of a newcomer there is");
                self.told.insert((to, member.0));
            }
            ServerFrame::Entry(entry) => {
                let follower = self.followers.get_mut(&to);
                let follower = follower.unwrap_or_else(|| unreachable!("c{to} has no seat"));
                assert!(entry.seq <= follower.opened, "what is broadcast is not sent again");
                let place = follower.opened.0 - entry.seq.0;
                let foretold = model.replay.iter().flatten().rev().nth(place as usize);
                assert_eq!(Some(entry), foretold, "what was missed, as it was kept");
                follower.follow(entry);
            }
            ServerFrame::Withdrawn { member } => {
                assert!(self.told.contains(&(to, member.0)), "only who was told of the knock");
            }
            ServerFrame::Welcome { .. } => assert!(self.followers.contains_key(&to)),
            ServerFrame::Door { .. } | ServerFrame::Refused { .. } => {}
            ServerFrame::Notice { .. } | ServerFrame::Closed { .. } => {
                unreachable!("{frame:?} is not sent to one")
            }
        }
    }

    /// What an opening tells is what whoever followed from an earlier one knows by then.
    fn open(&mut self, model: &Model, to: u64, opening: &Opening) {
        assert_eq!(opening.seq.0, self.log.len() as u64, "it stands at the end of the order");
        let told = View::from(opening);
        assert_eq!(told.seats.get(&told.host).map(|_| ()), Some(()), "the host has a seat");
        assert_eq!(told.seats.get(&told.committer), Some(&Presence::Live));
        assert_eq!(told.seats.get(&opening.member), Some(&Presence::Live));
        if self.views.is_empty() {
            assert_eq!(told.seq, Seq(0), "a room begins with its creator");
            self.views.push(told.clone());
        }
        assert_eq!(Some(&told), self.views.last(), "an opening tells what following tells");
        assert_eq!(Some(told.digest()), self.views.last().map(View::digest));
        let known = self.tokens.insert(opening.member.0, opening.token.clone());
        assert!(known.is_none_or(|token| token == opening.token), "a seat has one token");
        self.last_number = self.last_number.max(opening.member.0);
        let missed = model.replay.as_ref().map_or(0, Vec::len);
        let view = self.views[self.log.len() - missed].clone();
        let follower = Follower { member: opening.member, opened: opening.seq, view };
        self.followers.insert(to, follower);
    }

    /// What holds after every step.
    pub fn check(&self, model: &Model) {
        assert_eq!(self.log, model.log, "all that was foretold has come");
        assert_eq!(self.course == Course::Over, model.phase == Phase::Over);
        let census = self.room.census(self.now);
        let live = model.seated_connections().len();
        assert_eq!(self.closed, model.closed_connections(), "whom the room has done with");
        if model.phase == Phase::Over {
            assert_eq!((self.room.retained_bytes(), self.room.deadline()), (0, None));
            assert_eq!((census.members_live, census.members_gone, census.knocks), (0, 0, 0));
            return;
        }
        assert_eq!(census.members_live, live);
        assert_eq!(census.members_gone, model.seats.len() - live);
        assert_eq!(census.knocks, model.knocks.len());
        assert_eq!(census.entries, model.seq());
        assert_eq!(census.retained_bytes, model.retained_bytes());
        assert!(census.members_live + census.members_gone <= model.limits.members_max);
        assert!(census.knocks <= model.limits.knocks_max);
        assert!(census.retained_bytes <= model.limits.ring_bytes_max);
        assert!(live == model.seats.len() || self.room.deadline().is_some(), "seats expire");
        self.check_followers(model);
        if let Some(keeper) = model.keeper_connection() {
            let mut awaited = model.knocks.iter().filter(|knock| knock.awaited_since.is_some());
            assert!(awaited.all(|knock| self.told.contains(&(keeper, knock.number))));
        } else {
            assert_eq!(live, 0, "whoever keeps the door is there if anybody is");
        }
    }

    /// Everybody knows the same by following the order, and it is so.
    fn check_followers(&self, model: &Model) {
        let presence = |live| if live { Presence::Live } else { Presence::Gone };
        let seats: SortedMap<MemberId, Presence> = model
            .seats
            .iter()
            .map(|seat| (MemberId(seat.number), presence(seat.connection.is_some())))
            .collect();
        let seated: BTreeMap<u64, u32> =
            model.seats.iter().filter_map(|seat| Some((seat.connection?, seat.number))).collect();
        let following: BTreeMap<u64, u32> =
            self.followers.iter().map(|(connection, it)| (*connection, it.member.0)).collect();
        assert_eq!(following, seated);
        for view in self.followers.values().map(|follower| &follower.view) {
            assert_eq!(view.seats, seats);
            assert_eq!(view.policy, model.policy);
            assert_eq!((view.host.0, view.committer.0), (model.host, model.keeper));
            assert!(seats.contains_key(&view.host), "the host has a seat");
        }
    }
}

impl Follower {
    /// The next entry, and no other.
    fn follow(&mut self, entry: &Entry) {
        assert_eq!(entry.seq, self.view.seq.next(), "each entry once, in order");
        self.view.after(entry);
    }
}

/// Those who were foretold are welcomed, each once: a newcomer right after its opening, a member
/// right after the commit that lets it in again.
fn check_welcomes(effects: &[Effect], foretold: &[u64]) {
    let mut welcomed = Vec::new();
    let mut before: Option<&Effect> = None;
    for effect in effects {
        if let Effect::Send { to, frame: ServerFrame::Welcome { .. } } = effect {
            let is_opened = matches!(before, Some(Effect::Send { to: opened, .. }) if opened == to);
            assert!(is_opened || is_commit(before), "c{} is welcomed after {before:?}", to.0);
            welcomed.push(to.0);
            // Of several that are let in again, each stands right after the commit.
            before = if is_opened { Some(effect) } else { before };
        } else {
            before = Some(effect);
        }
    }
    assert_eq!(welcomed, foretold, "whom it lets in, it welcomes");
}

const fn is_commit(effect: Option<&Effect>) -> bool {
    let Some(Effect::Broadcast(ServerFrame::Entry(entry))) = effect else { return false };
    matches!(entry.kind, EntryKind::Commit { .. })
}

fn blank<const MAX: usize>() -> Blob<MAX> {
    Blob::try_from(Vec::new()).unwrap_or_else(|error| unreachable!("{error}"))
}

fn commit(ciphertext: CommitBlob, admits: &[u32], evicts: &[u32], from: u64) -> ClientFrame {
    let (admits, evicts) = (members(admits), members(evicts));
    ClientFrame::Commit { ciphertext, admits, evicts, welcome: word(from) }
}

fn word<const MAX: usize>(from: u64) -> Blob<MAX> {
    Blob::try_from(from.to_le_bytes().to_vec()).unwrap_or_else(|error| unreachable!("{error}"))
}

fn members<const MAX: usize>(numbers: &[u32]) -> Few<MemberId, MAX> {
    Few::try_from(Vec::from_iter(numbers.iter().copied().map(MemberId))).unwrap_or(Few::none())
}
