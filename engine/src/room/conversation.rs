//! A room with somebody inside: routes each command, gives every entry its place, and ends each
//! turn whole (a host, a doorkeeper, bounds kept). Must not know a clock or what a blob holds.

use std::mem;
use std::time::{Duration, Instant};

use sanctuary_protocol::{
    ClientFrame, ClientFrameKind, CloseReason, DoorPolicy, EntryKind, Few, MemberId, Moderation,
    Opening, Policy, PostBlob, Refusal, Seq, ServerFrame,
};

use super::door::Door;
use super::ring::Ring;
use super::seat::Seats;
use super::token::TokenKey;
use super::{Census, Command, ConnectionId, Effect};
use crate::limits::RoomLimits;
use crate::rates::{Rate, TokenBucket};

/// Everything a living room knows.
#[derive(Debug)]
pub(super) struct Conversation {
    pub(super) limits: RoomLimits,
    pub(super) policy: Policy,
    pub(super) host: MemberId,
    pub(super) committer: MemberId,
    pub(super) seats: Seats,
    pub(super) door: Door,
    pub(super) ring: Ring,
    /// The highest number given out: to a member or a newcomer, who share one count.
    pub(super) last_member: MemberId,
    /// When the last commit that was not a kick was sequenced.
    pub(super) last_commit: Option<Instant>,
    last_entry: Instant,
    course: Course,
    /// When something is due by itself next.
    deadline: Option<Instant>,
    /// When this turn takes place.
    pub(super) now: Instant,
    /// What this turn wants done so far.
    pub(super) effects: Vec<Effect>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Course {
    Ongoing,
    Over,
}

/// Who a connection is to the room.
enum Caller {
    Member(MemberId),
    Newcomer(MemberId),
    Stranger,
}

impl Conversation {
    /// The creator is member 1, host and doorkeeper of a room where nothing has been sequenced.
    pub(super) fn open(
        limits: RoomLimits,
        token_key: TokenKey,
        policy: Policy,
        creator: ConnectionId,
        now: Instant,
    ) -> (Self, Vec<Effect>) {
        let first = MemberId(1);
        let mut conversation = Self {
            limits,
            policy,
            host: first,
            committer: first,
            seats: Seats::new(token_key),
            door: Door::new(),
            ring: Ring::new(),
            last_member: first,
            last_commit: None,
            last_entry: now,
            course: Course::Ongoing,
            deadline: None,
            now,
            effects: Vec::new(),
        };
        let resumes = conversation.resumes();
        conversation.seats.give(first, creator, Seq(0), resumes);
        conversation.seat_and_open(first, creator);
        conversation.settle();
        conversation.deadline = conversation.next_deadline();
        let effects = mem::take(&mut conversation.effects);
        (conversation, effects)
    }

    pub(super) fn handle(&mut self, command: Command, now: Instant) -> Vec<Effect> {
        self.now = now;
        if self.deadline.is_some_and(|due| due <= now) {
            self.elapse();
        }
        if !self.is_over() {
            self.obey(command);
            self.settle();
        }
        self.deadline = self.next_deadline();
        mem::take(&mut self.effects)
    }

    pub(super) const fn is_over(&self) -> bool {
        matches!(self.course, Course::Over)
    }

    pub(super) const fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    fn next_deadline(&self) -> Option<Instant> {
        let deadlines = [
            self.seat_deadline(),
            self.host_deadline(),
            self.knock_deadline(),
            self.unanswered_deadline(),
        ];
        deadlines.into_iter().flatten().min()
    }

    pub(super) const fn retained_bytes(&self) -> usize {
        self.ring.bytes()
    }

    pub(super) fn census(&self, age: Duration, now: Instant) -> Census {
        Census {
            members_live: self.seats.live_len(),
            members_gone: self.seats.len() - self.seats.live_len(),
            knocks: self.door.len(),
            age,
            quiet: now.saturating_duration_since(self.last_entry),
            entries: self.ring.seq().0,
            entries_retained: self.ring.len(),
            retained_bytes: self.ring.bytes(),
        }
    }

    /// Does what is due by now.
    fn elapse(&mut self) {
        self.expire_seats();
        self.settle();
        if !self.is_over() {
            self.expire_knocks();
            self.rotate();
            self.attend_door();
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Receive { from, frame } => self.receive(from, frame),
            Command::Vanish { connection } => self.vanish(connection),
            Command::Elapse => {}
            Command::Purge => self.hang_up_all(CloseReason::ByOperator),
            Command::ShutDown => self.hang_up_all(CloseReason::ShuttingDown),
            Command::Notify { text } => {
                self.effects.push(Effect::Broadcast(ServerFrame::Notice { text }));
            }
            Command::Shed { bytes } => self.ring.shed(bytes),
        }
    }

    fn receive(&mut self, from: ConnectionId, frame: ClientFrame) {
        let what = frame.kind();
        let done = match self.caller(from) {
            Caller::Member(member) => self.hear_member(member, from, frame),
            Caller::Newcomer(newcomer) => self.hear_newcomer(newcomer, from, frame),
            Caller::Stranger => self.hear_stranger(from, frame),
        };
        if let Err(why) = done {
            self.refuse(from, what, why);
        }
    }

    fn caller(&self, connection: ConnectionId) -> Caller {
        if let Some(member) = self.seats.member_at(connection) {
            Caller::Member(member)
        } else if let Some(newcomer) = self.door.newcomer_at(connection) {
            Caller::Newcomer(newcomer)
        } else {
            Caller::Stranger
        }
    }

    fn hear_member(
        &mut self,
        member: MemberId,
        from: ConnectionId,
        frame: ClientFrame,
    ) -> Result<(), Refusal> {
        if !matches!(frame, ClientFrame::Leave | ClientFrame::Close) {
            self.wake(member, from);
        }
        match frame {
            ClientFrame::Create { .. } => Err(Refusal::AlreadyLive),
            ClientFrame::Knock { .. } | ClientFrame::Resume { .. } => Err(Refusal::AlreadySeated),
            ClientFrame::Door { member: newcomer, blob } => self.answer(member, newcomer, blob),
            ClientFrame::Post { ciphertext } => self.post(member, ciphertext),
            ClientFrame::Commit { ciphertext, admits, evicts, welcome } => {
                self.commit(member, ciphertext, &admits, &evicts, &welcome)
            }
            ClientFrame::Lock(policy) => self.lock(member, policy),
            ClientFrame::HandOver { to } => self.hand_over(member, to),
            ClientFrame::Close => self.close(member),
            ClientFrame::Leave => {
                self.leave(member, from);
                Ok(())
            }
        }
    }

    fn hear_newcomer(
        &mut self,
        newcomer: MemberId,
        from: ConnectionId,
        frame: ClientFrame,
    ) -> Result<(), Refusal> {
        match frame {
            ClientFrame::Create { .. } => Err(Refusal::AlreadyLive),
            ClientFrame::Knock { .. } | ClientFrame::Resume { .. } => Err(Refusal::AlreadySeated),
            ClientFrame::Door { member, blob } => {
                self.tell_doorkeeper(newcomer, from, member, blob)
            }
            ClientFrame::Post { .. }
            | ClientFrame::Commit { .. }
            | ClientFrame::Lock(_)
            | ClientFrame::HandOver { .. }
            | ClientFrame::Close => Err(Refusal::NotSeated),
            ClientFrame::Leave => {
                self.withdraw(newcomer);
                self.hang_up(from, CloseReason::Left);
                Ok(())
            }
        }
    }

    fn hear_stranger(&mut self, from: ConnectionId, frame: ClientFrame) -> Result<(), Refusal> {
        match frame {
            ClientFrame::Create { .. } => Err(Refusal::AlreadyLive),
            ClientFrame::Knock { blob } => self.knock(from, blob),
            ClientFrame::Resume { token, last_seq } => self.resume(from, &token, last_seq),
            ClientFrame::Door { .. }
            | ClientFrame::Post { .. }
            | ClientFrame::Commit { .. }
            | ClientFrame::Lock(_)
            | ClientFrame::HandOver { .. }
            | ClientFrame::Close => Err(Refusal::NotSeated),
            ClientFrame::Leave => {
                self.hang_up(from, CloseReason::Left);
                Ok(())
            }
        }
    }

    fn post(&mut self, member: MemberId, ciphertext: PostBlob) -> Result<(), Refusal> {
        if ciphertext.is_empty() {
            return Err(Refusal::Empty);
        }
        self.sequence(member, EntryKind::Post { ciphertext });
        Ok(())
    }

    /// A door that is locked turns knocks away from here on. Those already taken stay, and may be
    /// let in: a host may lock the door behind the guest it waits for.
    fn lock(&mut self, member: MemberId, policy: Policy) -> Result<(), Refusal> {
        if member != self.host {
            return Err(Refusal::NotHost);
        }
        self.policy = policy;
        self.sequence(member, EntryKind::Policy(policy));
        Ok(())
    }

    fn close(&mut self, member: MemberId) -> Result<(), Refusal> {
        if !self.may_moderate(member) {
            return Err(Refusal::NotHost);
        }
        let live: Vec<ConnectionId> = self.seats.connections().collect();
        for connection in live {
            self.hang_up(connection, CloseReason::Purged);
        }
        self.end();
        Ok(())
    }

    /// A new seat's count of how often it may be taken again.
    pub(super) fn resumes(&self) -> TokenBucket {
        let rate = Rate { burst: self.limits.resume_burst, refill: self.limits.resume_refill };
        TokenBucket::new(rate, self.now)
    }

    pub(super) fn may_moderate(&self, member: MemberId) -> bool {
        match self.policy.moderation {
            Moderation::Host => member == self.host,
            Moderation::Everyone => true,
        }
    }

    pub(super) fn door_is_locked(&self) -> bool {
        match self.policy.door {
            DoorPolicy::Open | DoorPolicy::Ask => false,
            DoorPolicy::Locked => true,
        }
    }

    /// Gives `kind` its place in the order and tells everybody seated.
    pub(super) fn sequence(&mut self, from: MemberId, kind: EntryKind) -> Seq {
        let entry = self.ring.append(from, kind);
        let seq = entry.seq;
        self.last_entry = self.now;
        self.effects.push(Effect::Broadcast(ServerFrame::Entry(entry)));
        seq
    }

    /// Broadcasts reach `connection` from here on, and it is told where they begin.
    pub(super) fn seat_and_open(&mut self, member: MemberId, connection: ConnectionId) {
        let opening = Opening {
            member,
            token: self.seats.token(member),
            seq: self.ring.seq(),
            head: self.ring.head(),
            policy: self.policy,
            host: self.host,
            committer: self.committer,
            // Seats are bounded by `members_max`, which `Room::new` keeps within the wire's bound.
            seats: Few::try_from(self.seats.listed()).unwrap_or(Few::none()),
        };
        self.effects.push(Effect::Seat { connection });
        self.send(connection, ServerFrame::Opened(opening));
    }

    pub(super) fn send(&mut self, to: ConnectionId, frame: ServerFrame) {
        self.effects.push(Effect::Send { to, frame });
    }

    pub(super) fn refuse(&mut self, to: ConnectionId, what: ClientFrameKind, why: Refusal) {
        self.send(to, ServerFrame::Refused { what, why });
    }

    pub(super) fn hang_up(&mut self, connection: ConnectionId, reason: CloseReason) {
        self.effects.push(Effect::HangUp { connection, reason });
    }

    /// Ends a turn whole: a room with seats has a host and a doorkeeper that is there, the ring is
    /// within its bounds, and no seat waits for entries that are no longer kept.
    fn settle(&mut self) {
        while !self.is_over() {
            if self.seats.is_empty() {
                return self.end();
            }
            self.name_host();
            self.name_committer();
            self.ring.trim(&self.limits);
            match self.seat_past_help() {
                // To expire is an entry, which may push out another; each time a seat fewer.
                Some(member) => self.expire(member),
                None => return self.attend_door(),
            }
        }
    }

    /// The room is over. Newcomers stay connected, outside.
    fn end(&mut self) {
        let outside: Vec<ConnectionId> = self.door.connections().collect();
        for connection in outside {
            self.refuse(connection, ClientFrameKind::Knock, Refusal::NotLive);
        }
        self.effects.push(Effect::End);
        self.course = Course::Over;
    }

    fn hang_up_all(&mut self, reason: CloseReason) {
        let everybody: Vec<ConnectionId> =
            self.seats.connections().chain(self.door.connections()).collect();
        for connection in everybody {
            self.hang_up(connection, reason);
        }
        self.effects.push(Effect::End);
        self.course = Course::Over;
    }
}
