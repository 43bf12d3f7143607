//! What the server sends into a room: frames, and the entries of the room's order.

use sanctuary_crypto::Tampering;
use sanctuary_protocol::{
    ClientFrameKind, CloseReason, Entry, EntryKind, Refusal, ServerFrame, WelcomeBlob, decode,
};

use super::{Body, Line, Person, Problem, Room};
use crate::Effect;
use crate::ended::Ending;
use crate::update::{Context, Next};

impl Room {
    pub(super) fn receive(&mut self, bytes: &[u8], context: &mut Context<'_>) -> Next {
        self.unsettled.hear();
        self.vigil.hear();
        let Ok(frame) = decode(bytes) else {
            return self.end_for_now(Ending::ProtocolError, context);
        };
        match frame {
            ServerFrame::Opened(opening) => return self.resumed(opening, context),
            ServerFrame::Entry(entry) => return self.take_in(&entry, context),
            // A knock says nothing but that somebody is there.
            ServerFrame::Knocking { member, blob: _ } => self.hear_knock(member, context),
            ServerFrame::Door { member, blob } => self.hear_door(member, &blob, context),
            ServerFrame::Withdrawn { member } => self.withdrawn(member, context),
            ServerFrame::Welcome { ciphertext } => self.welcome_again(&ciphertext, context),
            ServerFrame::Notice { text } => {
                let text = text.as_str().to_owned();
                self.timeline.add(context.now, Body::Notice { text });
            }
            ServerFrame::Refused { what, why } => return self.refused(what, why, context),
            ServerFrame::Closed { reason } => return self.closed(reason, context),
            // One is inside, and has not knocked.
            ServerFrame::Knocked { .. } => {}
        }
        None
    }

    /// The next entry of the room's order.
    fn take_in(&mut self, entry: &Entry, context: &mut Context<'_>) -> Next {
        let me = self.me();
        if entry.from == me {
            // Whoever is gone is told nothing until it is back.
            if matches!(entry.kind, EntryKind::Gone) && self.connection.is_live() {
                self.accuse(Tampering::Absence, context);
            }
        } else {
            // Whoever says anything more did not end the room.
            self.purger.take_if(|purger| *purger == entry.from);
            if matches!(entry.kind, EntryKind::Shed { .. }) {
                self.timeline.missed(context.now);
            }
        }
        let events = self.session.receive(entry);
        self.timeline.reach(self.session.view().seq);
        for event in events {
            self.take_event(event, context);
        }
        self.forget_muted();
        let charter = self.session.charter();
        (self.host, self.policy) = (charter.host, charter.policy);
        if !self.keeps_door() {
            self.remember_knocks();
        }
        match self.seat.reopening {
            Some(_) => self.catch_up(context),
            None => {
                self.attend(context);
                None
            }
        }
    }

    /// What let this member in came too late, and was made again.
    fn welcome_again(&mut self, welcome: &WelcomeBlob, context: &mut Context<'_>) {
        self.session.welcome_again(welcome);
        let charter = self.session.charter();
        (self.host, self.policy) = (charter.host, charter.policy);
        self.attend(context);
    }

    fn refused(&mut self, what: ClientFrameKind, why: Refusal, context: &mut Context<'_>) -> Next {
        match (what, why) {
            // The seat waits, and was taken again too often of late: a little later, then.
            (ClientFrameKind::Resume, Refusal::TooSoon) => {
                self.seat.was_answered();
                context.perform(Effect::Disconnect);
                self.lose_connection(context);
            }
            // The seat is gone.
            (ClientFrameKind::Resume, _) => return self.come_back(context),
            (ClientFrameKind::Commit, _) => self.commit_refused(why, context),
            (ClientFrameKind::Close, Refusal::NotHost) => {
                self.composer.problem = Some(Problem::NotHost);
            }
            // A newcomer that went away before it was answered, or nobody; what the server was told to set it
            // right, and will be again; or a frame this page never sends from inside. Nothing was
            // changed by it, so nothing need be undone.
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

    fn closed(&mut self, reason: CloseReason, context: &mut Context<'_>) -> Next {
        match reason {
            CloseReason::Left => self.end(Ending::Left, context),
            CloseReason::Purged => self.end(self.purged(), context),
            CloseReason::ByOperator => {
                self.end(Ending::PurgedByOperator(self.operators_last_word()), context)
            }
            CloseReason::Kicked => {
                let why = match (self.kicker.clone(), self.remover.clone()) {
                    (Some(kicker), _) => Ending::KickedBy(kicker),
                    (None, Some(remover)) => Ending::RemovedFor(remover),
                    (None, None) => Ending::KickedByServer,
                };
                self.end(why, context)
            }
            CloseReason::Superseded => self.superseded(context),
            CloseReason::ShuttingDown => self.end_for_now(Ending::ServerStopped, context),
            CloseReason::ProtocolError => self.end_for_now(Ending::ProtocolError, context),
            // A part of the server failed: what served this connection, and the seat waits; or the room.
            CloseReason::Faulted => {
                self.seat.is_in_doubt = true;
                self.lose_connection(context);
                None
            }
            // The seat waits: come back to it.
            CloseReason::TooSlow | CloseReason::TooFast | CloseReason::Idle => {
                self.lose_connection(context);
                None
            }
        }
    }

    /// Where nothing came after it.
    fn operators_last_word(&self) -> Option<String> {
        match &self.timeline.lines().next_back()?.body {
            Body::Notice { text } => Some(text.clone()),
            _ => None,
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
