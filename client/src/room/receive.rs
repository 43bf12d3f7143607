//! What the server sends into a room, and what the session makes of it.

use sanctuary_crypto::Event;
use sanctuary_protocol::{
    ClientFrameKind, CloseReason, Entry, EntryKind, MemberId, Presence, Refusal, ServerFrame,
    decode,
};

use super::{Body, Happening, Line, Person, Problem, Room};
use crate::ended::Ending;
use crate::joining::Joining;
use crate::markup::plain;
use crate::payload::Payload;
use crate::update::{Context, Next};
use crate::{Effect, Screen};

impl Room {
    pub(super) fn receive(&mut self, bytes: &[u8], context: &mut Context<'_>) -> Next {
        let Ok(frame) = decode(bytes) else {
            return self.end_for_now(Ending::ProtocolError, context);
        };
        match frame {
            ServerFrame::Opened(opening) => self.resumed(&opening, context),
            ServerFrame::Entry(entry) => self.take_in(&entry, context),
            ServerFrame::Knocking { member, blob } => self.hear_knock(member, &blob, context),
            ServerFrame::Withdrawn { member } => self.forget_newcomer(member),
            ServerFrame::Notice { text } => {
                let text = text.as_str().to_owned();
                self.timeline.add(context.now, Body::Notice { text });
            }
            ServerFrame::Refused { what, why } => return self.refused(what, why, context),
            ServerFrame::Closed { reason } => return self.closed(reason, context),
            // One is inside: nobody opens to this member. A knock says all a newcomer has to say.
            ServerFrame::Knocked { .. }
            | ServerFrame::Door { .. }
            | ServerFrame::Welcome { .. } => {}
        }
        None
    }

    /// The next entry of the room's order. One taken in before changes nothing.
    fn take_in(&mut self, entry: &Entry, context: &mut Context<'_>) {
        if entry.seq <= self.seat.last_seq {
            return;
        }
        self.seat.last_seq = entry.seq;
        self.take_servers_word(entry, context);
        let settled = self.settle(entry, context);
        if entry.from != self.me() {
            // Whoever says anything more did not end the room.
            self.purger.take_if(|purger| *purger == entry.from);
        }
        for event in self.session.receive(entry) {
            if !settled {
                self.take_event(event, context);
            }
        }
        self.catch_up(context);
    }

    /// Presence, host and rules, which in this step of the protocol are the server's to say.
    fn take_servers_word(&mut self, entry: &Entry, context: &mut Context<'_>) {
        let from = entry.from;
        match &entry.kind {
            EntryKind::Gone => {
                self.presence.insert(from, Presence::Gone);
            }
            EntryKind::Back => {
                self.presence.insert(from, Presence::Live);
            }
            EntryKind::Left | EntryKind::Expired => {
                self.presence.remove(&from);
            }
            EntryKind::Commit { ciphertext: _, admits, evicts } => {
                self.presence.extend(admits.iter().map(|member| (*member, Presence::Live)));
                for member in evicts.iter() {
                    self.presence.remove(member);
                }
                self.committed(admits.as_slice(), from, context);
            }
            EntryKind::Host { to } => {
                self.host = *to;
                let host = self.person(*to);
                self.timeline.happened(context.now, Happening::Host(host));
            }
            EntryKind::Policy(policy) => {
                self.policy = *policy;
                let by = self.person(from);
                self.timeline.happened(context.now, Happening::Policy(by));
            }
            EntryKind::Committer if from != self.me() => self.forget_knocks(),
            EntryKind::Committer | EntryKind::Post { .. } | EntryKind::Shed { .. } => {}
        }
    }

    /// Whether this entry is a post of one's own that was waited for. Its line takes its place in
    /// the order.
    fn settle(&mut self, entry: &Entry, context: &mut Context<'_>) -> bool {
        let digest = match &entry.kind {
            EntryKind::Post { .. } | EntryKind::Shed { .. } => entry.kind.digest(),
            EntryKind::Commit { .. }
            | EntryKind::Gone
            | EntryKind::Back
            | EntryKind::Left
            | EntryKind::Expired
            | EntryKind::Host { .. }
            | EntryKind::Committer
            | EntryKind::Policy(_) => return false,
        };
        let own = (entry.from == self.me()).then(|| self.unsettled.settle(digest)).flatten();
        match own {
            Some(line) => {
                if let Some(line) = line {
                    self.timeline.push(line);
                }
                self.watch_settling(context);
                true
            }
            None => {
                if matches!(entry.kind, EntryKind::Shed { .. }) {
                    self.timeline.missed(context.now);
                }
                false
            }
        }
    }

    fn take_event(&mut self, event: Event, context: &mut Context<'_>) {
        let now = context.now;
        match event {
            Event::Said { from, plaintext } => match Payload::decode(&plaintext) {
                Ok(payload) => self.hear(from, payload, context),
                Err(_) => self.unreadable(from, context),
            },
            Event::Whispered { from, to, plaintext } => match Payload::decode(&plaintext) {
                Ok(Payload::Say(markup)) => {
                    let (from, to) = (self.person(from), self.person(to));
                    self.timeline.add(now, Body::Whispered { from, to, markup });
                }
                Ok(Payload::Farewell(_) | Payload::Purge) | Err(_) => {
                    self.unreadable(from, context);
                }
            },
            Event::WhisperPassed { from } => {
                let from = self.person(from);
                self.timeline.add(now, Body::WhisperPassed { from });
            }
            Event::Joined { member, alias, by } => {
                let (who, by) = (self.named(member, Some(alias)), self.person(by));
                self.timeline.happened(now, Happening::Joined { who, by });
            }
            Event::Kicked { member, alias, by } => {
                if member == self.me() {
                    self.kicker = self.person(by).alias;
                }
                let (who, by) = (self.named(member, Some(alias)), self.person(by));
                self.timeline.happened(now, Happening::Kicked { who, by });
            }
            Event::Removed { member, alias } => {
                let who = self.named(member, Some(alias));
                self.timeline.happened(now, Happening::Removed(who));
            }
            Event::Left { member, alias } => {
                let who = self.named(member, Some(alias));
                if !self.farewells.remove(&member) {
                    self.timeline.happened(now, Happening::Left(who));
                }
            }
            Event::Expired { member, alias } => {
                let who = self.named(member, Some(alias));
                self.timeline.happened(now, Happening::Expired(who));
            }
            Event::Unreadable { from } => self.unreadable(from, context),
        }
    }

    fn hear(&mut self, from: MemberId, payload: Payload, context: &mut Context<'_>) {
        match payload {
            Payload::Say(markup) => {
                let from = self.person(from);
                self.timeline.add(context.now, Body::Said { from, markup });
            }
            Payload::Farewell(words) => {
                self.farewells.insert(from);
                let who = self.person(from);
                self.timeline.happened(context.now, Happening::Farewell { who, words });
            }
            // Nobody's word counts who may not end the room.
            Payload::Purge => {
                if self.may_moderate(from) {
                    self.purger = Some(from);
                }
            }
        }
    }

    fn unreadable(&mut self, from: MemberId, context: &mut Context<'_>) {
        let from = self.person(from);
        self.timeline.happened(context.now, Happening::Unreadable(from));
    }

    fn refused(&mut self, what: ClientFrameKind, why: Refusal, context: &mut Context<'_>) -> Next {
        match (what, why) {
            // The seat waits, and was taken again too often of late: a little later, then.
            (ClientFrameKind::Resume, Refusal::TooSoon) => {
                context.perform(Effect::Disconnect);
                self.lose_connection(context);
            }
            (ClientFrameKind::Resume, _) => return self.come_back(context),
            (ClientFrameKind::Commit, _) => self.commit_refused(why, context),
            (_, Refusal::NotHost) => self.composer.problem = Some(Problem::NotHost),
            (ClientFrameKind::HandOver, Refusal::NoSuchMember) => {
                self.composer.problem = Some(Problem::NoSuchMember);
            }
            // A newcomer that went away before it was answered, or a frame this page never sends
            // from inside: nothing was changed by it, so nothing need be undone.
            (
                ClientFrameKind::Create
                | ClientFrameKind::Knock
                | ClientFrameKind::Door
                | ClientFrameKind::Post
                | ClientFrameKind::Lock
                | ClientFrameKind::HandOver
                | ClientFrameKind::Close
                | ClientFrameKind::Leave,
                _,
            ) => {}
        }
        None
    }

    /// The seat is gone: go in again through the door, under the same name.
    fn come_back(&mut self, context: &mut Context<'_>) -> Next {
        let invitation = self.take_invitation();
        let joining = Joining::come_back(invitation, self.unsent_draft(), context);
        Some(Screen::Joining(Box::new(joining)))
    }

    /// What was said and never sequenced goes back to the composer, above the draft. Whispers do
    /// not: the next press of Enter would say them to everybody.
    fn unsent_draft(&mut self) -> String {
        let said = self.unsettled.lines().filter_map(|line| match &line.body {
            Body::Said { markup, .. } => Some(plain(markup)),
            Body::Whispered { .. }
            | Body::WhisperPassed { .. }
            | Body::Happened(_)
            | Body::Notice { .. } => None,
        });
        let draft = std::mem::take(&mut self.composer.draft);
        let parts: Vec<String> = said.chain((!draft.is_empty()).then_some(draft)).collect();
        parts.join("\n")
    }

    fn closed(&mut self, reason: CloseReason, context: &mut Context<'_>) -> Next {
        match reason {
            CloseReason::Left => self.end(Ending::Left, context),
            CloseReason::Purged => self.end(self.purged(), context),
            CloseReason::ByOperator => self.end(Ending::PurgedByOperator, context),
            CloseReason::Kicked => {
                let why = self.kicker.clone().map_or(Ending::KickedByServer, Ending::KickedBy);
                self.end(why, context)
            }
            CloseReason::Superseded => self.end(Ending::Superseded, context),
            CloseReason::ShuttingDown => self.end_for_now(Ending::ServerStopped, context),
            CloseReason::Faulted => self.end_for_now(Ending::RoomLost, context),
            CloseReason::ProtocolError => self.end_for_now(Ending::ProtocolError, context),
            // The seat waits: come back to it.
            CloseReason::TooSlow | CloseReason::TooFast | CloseReason::Idle => {
                self.lose_connection(context);
                None
            }
        }
    }

    fn purged(&self) -> Ending {
        match self.purger.map(|member| self.person(member)) {
            Some(Person { member, .. }) if member == self.me() => Ending::Purged,
            Some(Person { alias: Some(alias), .. }) => Ending::PurgedBy(alias),
            Some(Person { alias: None, .. }) | None => Ending::PurgedByServer,
        }
    }

    /// Lines sent and not yet in the room's order, oldest first. They stand below all others.
    pub fn pending_lines(&self) -> impl DoubleEndedIterator<Item = &Line> {
        self.unsettled.lines()
    }
}
