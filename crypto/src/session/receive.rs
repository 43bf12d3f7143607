//! Reading the room's order. Each entry is judged by the room as it was before it, and taken in by
//! all members alike; whatever it is, the session stays usable.

use sanctuary_protocol::{CommitBlob, Digest, Entry, EntryKind, MemberId, PostBlob, SortedMap};

use super::Session;
use super::change::{Out, Unwrapped};
use super::say::{Body, read};
use crate::group::{Next, Unopened, epoch_of};
use crate::rules::{Announced, Before, Changes, judge};
use crate::transcript::Place;
use crate::unsettled::{Returned, Saying};
use crate::{Alias, Change, Charter, Event, Fault, Recollection, Secret, Tampering, Unreadable};

impl Session {
    /// What the next entry of the room's order means.
    pub fn receive(&mut self, entry: &Entry) -> Vec<Event> {
        let mut events = Vec::new();
        match self.transcript.place(entry.seq) {
            Place::Next => {}
            Place::Late => events.push(Event::Tampering(Tampering::Order)),
            Place::Behind => return vec![Event::Tampering(Tampering::Order)],
        }
        let from = entry.from;
        let held = self.roster.get(&from).cloned();
        match &entry.kind {
            EntryKind::Post { ciphertext } => self.hear_post(from, ciphertext, &mut events),
            EntryKind::Shed { digest } => self.hear_shed(from, *digest, &mut events),
            EntryKind::Commit { ciphertext, admits, evicts } => {
                let announced =
                    Announced { from, admits: admits.as_slice(), evicts: evicts.as_slice() };
                self.hear_commit(ciphertext, announced, entry, &mut events);
                return events;
            }
            EntryKind::Left => self.part(from, held, Parting::Left, &mut events),
            EntryKind::Expired => self.part(from, held, Parting::Expired, &mut events),
            EntryKind::Gone
            | EntryKind::Back
            | EntryKind::Host { .. }
            | EntryKind::Committer
            | EntryKind::Policy(_) => {}
        }
        self.transcript.follow(entry);
        if matches!(entry.kind, EntryKind::Left | EntryKind::Expired) {
            self.refresh_roster();
        }
        events
    }

    fn part(
        &mut self,
        member: MemberId,
        alias: Option<Alias>,
        how: Parting,
        events: &mut Vec<Event>,
    ) {
        if member == self.me {
            // Whoever has left is told nothing any more.
            events.push(Event::Tampering(Tampering::Absence));
        } else if let Some(alias) = alias {
            events.push(match how {
                Parting::Left => Event::Left { member, alias },
                Parting::Expired => Event::Expired { member, alias },
            });
        }
    }

    fn settle(&mut self, digest: Digest, events: &mut Vec<Event>) {
        match self.unsettled.take_back(digest) {
            Returned::Settled(ticket) => events.push(Event::Settled(ticket)),
            Returned::Overtaken(ticket) => {
                events.push(Event::Tampering(Tampering::Dropped));
                events.push(Event::Settled(ticket));
            }
            Returned::Void => {}
            Returned::Unknown => events.push(Event::Tampering(Tampering::Forged)),
        }
        self.miss_commits(events);
    }

    /// The server answers in the order it is told: a commit sent before a post that has its place
    /// was swallowed. While missed entries are read, its refusal may have been lost with the
    /// connection.
    fn miss_commits(&mut self, events: &mut Vec<Event>) {
        let settled = self.unsettled.settled();
        let is_missing = |out: &Out| out.posted < settled;
        let missing = self.out.iter().take_while(|out| is_missing(out)).count();
        if self.unanswered.is_none() && missing > 0 {
            events.push(Event::Tampering(Tampering::Dropped));
            events.extend(self.out.drain(..missing).map(|out| Event::Void(out.change)));
        }
    }

    fn hear_shed(&mut self, from: MemberId, digest: Digest, events: &mut Vec<Event>) {
        // What the server could not keep is left out for those who come back, and for nobody else.
        if self.unanswered.is_none() {
            events.push(Event::Tampering(Tampering::Order));
        }
        if from == self.me {
            self.settle(digest, events);
        } else {
            self.transcript.shed(from);
            self.shed.add(from, digest);
        }
    }

    fn hear_post(&mut self, from: MemberId, ciphertext: &PostBlob, events: &mut Vec<Event>) {
        let digest = Digest::of(ciphertext.as_slice());
        if from == self.me {
            return self.settle(digest, events);
        }
        let epoch = epoch_of(ciphertext.as_slice());
        // Of an epoch that ended before the post had its place: void, and its author says it again.
        // When nobody does, it is this member that went on alone.
        if epoch.is_some_and(|epoch| epoch < self.epoch()) {
            return self.miss(from);
        }
        // What somebody repeats after the server has shed it would open as its first author's.
        let is_repeated = self.shed.contains(&digest);
        let opened =
            if is_repeated { Err(Unopened) } else { self.group.open(from, ciphertext.as_slice()) };
        let Ok((sender, content)) = opened else {
            let future = epoch.is_some_and(|epoch| epoch > self.epoch());
            return self.fail_to_read(from, future, events);
        };
        if sender != from {
            return events.push(Event::Tampering(Tampering::Relabelled { from }));
        }
        self.hearing.opened(from);
        self.shed.opened(from);
        self.vouch(events);
        let Some((claim, body)) = read(&content) else {
            return events.push(Event::Unreadable { from, why: Unreadable::Garbage });
        };
        let checks =
            [self.transcript.count(from, claim.counter), self.transcript.compare(from, &claim)];
        events.extend(checks.into_iter().filter_map(Result::err).map(Event::Tampering));
        match body {
            Body::Heartbeat => {}
            Body::Recalled(theirs) => self.hear_recollection(from, theirs, events),
            Body::Said(text) => {
                events.push(Event::Said { from, plaintext: text.to_vec().into() });
            }
            Body::Whisper { kem, sealed } => {
                events.push(match self.open_whisper(from, claim.counter, &kem, sealed) {
                    Some(plaintext) => Event::Whispered { from, plaintext },
                    None => Event::WhisperPassed { from },
                });
            }
        }
    }

    /// What somebody saw of this group's order, compared with what this member did, in this stay or in
    /// the one before. Who keeps the door answers one that differs, so that its author learns of it.
    fn hear_recollection(&mut self, from: MemberId, theirs: Recollection, events: &mut Vec<Event>) {
        let Recollection { group, seq, view } = theirs;
        if group != self.group.id() {
            return;
        }
        let remembered = self.recollection.filter(|own| own.group == group && own.seq == seq);
        if remembered.is_some_and(|own| own.view != view) {
            return events.push(Event::Tampering(Tampering::Forked { witness: from }));
        }
        let Err(forked) = self.transcript.compare_at(from, seq, view) else { return };
        events.push(Event::Tampering(forked));
        if self.view().committer == self.me && self.answered.insert(from) {
            let view = self.transcript.at(seq).unwrap_or_else(|| self.transcript.here());
            self.unsettled.push(Saying::Recalled(Recollection { group, seq, view }));
        }
    }

    /// Before anybody has vouched for this group, others may be in another: no news.
    fn fail_to_read(&mut self, from: MemberId, future: bool, events: &mut Vec<Event>) {
        let why = if future { Unreadable::Future } else { Unreadable::Garbage };
        self.miss(from);
        if self.is_vouched() {
            events.push(Event::Unreadable { from, why });
        }
    }

    /// Something of this member's was not read. Before anybody has vouched that proves nothing.
    fn miss(&mut self, from: MemberId) {
        if self.is_vouched() {
            self.hearing.failed(from);
        }
    }

    /// Somebody else holds the same keys. What would open a further welcome is wiped.
    fn vouch(&mut self, events: &mut Vec<Event>) {
        if self.admission.take().is_some() {
            events.push(Event::Vouched);
        }
    }

    fn hear_commit(
        &mut self,
        ciphertext: &CommitBlob,
        announced: Announced<'_>,
        entry: &Entry,
        events: &mut Vec<Event>,
    ) {
        let (roster, was_me) = (self.roster.clone(), announced.from == self.me);
        let taken = if was_me {
            self.take_own(ciphertext, announced, events)
        } else {
            self.take_others(ciphertext, announced, events)
        };
        self.transcript.follow(entry);
        let mut put_out = Vec::new();
        if let Some((next, changes)) = taken {
            put_out.clone_from(&changes.removes);
            self.take(next, &changes, &roster, events);
        }
        // Seats that the server took without a member's word for it.
        for member in announced.evicts.iter().filter(|member| !put_out.contains(member)) {
            if let Some(alias) = roster.get(member) {
                let (member, alias) = (*member, alias.clone());
                events.push(Event::Removed { member, alias, by: announced.from });
            }
        }
        self.refresh_roster();
    }

    /// A commit in this member's name: the one that is out, or a forgery.
    fn take_own(
        &mut self,
        ciphertext: &CommitBlob,
        announced: Announced<'_>,
        events: &mut Vec<Event>,
    ) -> Option<(Next, Changes)> {
        let digest = Digest::of(ciphertext.as_slice());
        let Some(at) = self.out.iter().position(|out| out.digest == digest) else {
            events.push(Event::Tampering(Tampering::Forged));
            return None;
        };
        // The server answers commits in the order they were sent: those before were dropped, unless
        // the answer, a refusal, was lost with a connection.
        let before = self.out.drain(..at).map(|out| out.change);
        match &mut self.unanswered {
            Some(unanswered) => unanswered.extend(before),
            None => {
                if at > 0 {
                    events.push(Event::Tampering(Tampering::Dropped));
                }
                events.extend(before.map(Event::Void));
            }
        }
        let Out { epoch, secrets, admits, evicts, change, digest: _, posted: _ } =
            self.out.pop_front()?;
        let same = |sent: &[MemberId], said: &[MemberId]| {
            sent.len() == said.len() && said.iter().all(|member| sent.contains(member))
        };
        if !same(&admits, announced.admits) || !same(&evicts, announced.evicts) {
            events.push(Event::Tampering(Tampering::Forged));
        }
        let taken = (epoch == self.epoch())
            .then(|| self.group.apply(secrets).ok())
            .flatten()
            .filter(|(_, changes)| judge(self.before(), announced, changes).is_ok());
        events.push(match &taken {
            Some(_) => Event::Committed(change),
            None => Event::Void(change),
        });
        taken
    }

    fn take_others(
        &mut self,
        ciphertext: &CommitBlob,
        announced: Announced<'_>,
        events: &mut Vec<Event>,
    ) -> Option<(Next, Changes)> {
        let from = announced.from;
        let unreadable = |why| Event::Unreadable { from, why };
        let Some(Unwrapped { epoch, commit }) = self.unwrap_commit(from, ciphertext.as_slice())
        else {
            events.push(unreadable(Unreadable::Garbage));
            return None;
        };
        if epoch < self.epoch() {
            self.miss(from);
            return None;
        }
        let followed = commit.and_then(|commit| self.group.follow(&commit).ok());
        let Some((next, changes)) = followed else {
            self.fail_to_read(from, epoch > self.epoch(), events);
            return None;
        };
        self.hearing.opened(from);
        match judge(self.before(), announced, &changes) {
            Ok(()) => {
                self.vouch(events);
                Some((next, changes))
            }
            // Void, as if another commit had come first; its author knows.
            Err(Fault::TooLate) => None,
            // Another's commit among them: only who holds the epoch's keys can have wrapped it so.
            Err(fault) => {
                events.push(unreadable(Unreadable::Unlawful(fault)));
                None
            }
        }
    }

    fn before(&self) -> Before<'_> {
        Before { charter: self.charter(), members: self.members(), view: self.transcript.view() }
    }

    /// The room has taken a commit: what it means for this member.
    fn take(
        &mut self,
        next: Next,
        changes: &Changes,
        roster: &SortedMap<MemberId, Alias>,
        events: &mut Vec<Event>,
    ) {
        let by = changes.author;
        let before = *self.charter();
        // Those that have no seat have been told of; only their keys are taken here.
        for member in &changes.removes {
            self.transcript.parted(*member);
            self.hearing.parted(*member);
            if let Some(alias) = roster.get(member) {
                events.push(Event::Kicked { member: *member, alias: alias.clone(), by });
            }
        }
        let Next::Within { group, invitation } = next else { return };
        self.begin_epoch(*group);
        for (member, alias) in &changes.adds {
            self.transcript.joined(*member);
            self.callers.remove(member);
            events.push(Event::Joined { member: *member, alias: alias.clone(), by });
        }
        let after = *self.charter();
        // That the invitation was renewed is an event of its own.
        if after != (Charter { generation: after.generation, ..before }) {
            events.push(Event::Chartered { by, before });
        }
        if let Some(secret) = invitation {
            self.door = None;
            // Whoever proved the old secret did not prove the one that counts from here on.
            self.callers.clear();
            events.push(Event::Renewed { secret: Secret::from_random(&secret), by });
        }
    }
}

/// How a seat ended, by the server's word.
#[derive(Clone, Copy)]
enum Parting {
    Left,
    Expired,
}

impl Change {
    /// Whether this is about letting in.
    pub const fn is_admission(&self) -> bool {
        match self {
            Self::Admit(_) => true,
            Self::Kick(_)
            | Self::Clear
            | Self::Renew
            | Self::Policy(_)
            | Self::Fading(_)
            | Self::HandOver(_)
            | Self::TakeOver => false,
        }
    }
}
