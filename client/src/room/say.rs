//! Saying something: to everybody, to one, or a word before a frame that acts. The session seals it
//! when it can go out; here it is shown as pending until it has its place in the room's order.

use sanctuary_crypto::{Outgoing, SealError, Ticket};
use sanctuary_protocol::{ClientFrame, MemberId};

use super::unsettled::{Awaited, Saying};
use super::{Body, Happening, Line, Problem, Room};
use crate::command::whisper_draft;
use crate::ended::Ending;
use crate::markup::{Markup, plain};
use crate::payload::Payload;
use crate::update::{Context, Next};
use crate::{Effect, Manner, Timer, Words};

/// How long something sent may take to come back before the socket is taken for dead.
pub(super) const SETTLE_MILLIS: u32 = 10_000;

impl Room {
    pub(super) fn say(
        &mut self,
        manner: Manner,
        markup: Markup,
        context: &mut Context<'_>,
    ) -> Result<(), Problem> {
        self.check_room_for_post()?;
        let words = Words { manner, reply_to: self.public_reply(), markup };
        let ticket = self.session.post(&Payload::Say(words.clone()).encode())?;
        let from = self.person(self.me());
        let line = self.timeline.draft(context.now, Body::Said { from, words });
        self.recall.sent(line.id, self.composer.draft.clone());
        self.unsettled.push(ticket, Saying::Shown(line));
        self.attention.spoke();
        self.pump(context);
        Ok(())
    }

    pub(super) fn whisper(
        &mut self,
        to: MemberId,
        markup: Markup,
        context: &mut Context<'_>,
    ) -> Result<(), Problem> {
        self.check_room_for_post()?;
        let words = Words { manner: Manner::Plain, reply_to: self.private_reply(), markup };
        let ticket = self.session.whisper(to, &Payload::Say(words.clone()).encode())?;
        let (from, to) = (self.person(self.me()), self.person(to));
        let line = self.timeline.draft(context.now, Body::Whispered { from, to, words });
        self.recall.sent(line.id, self.composer.draft.clone());
        self.unsettled.push(ticket, Saying::Shown(line));
        self.attention.spoke();
        self.pump(context);
        Ok(())
    }

    pub(super) fn check_room_for_post(&self) -> Result<(), Problem> {
        if self.unsettled.is_full() { Err(Problem::TooManyUnsettled) } else { Ok(()) }
    }

    /// Seals a word that acts, before the frame that acts on it.
    pub(super) fn send_word(
        &mut self,
        word: &Payload,
        context: &mut Context<'_>,
    ) -> Result<(), SealError> {
        let ticket = self.session.post(&word.encode())?;
        self.unsettled.push(ticket, Saying::Passing);
        self.pump(context);
        Ok(())
    }

    /// Tells the other pages something, which goes out with the rest.
    pub(super) fn tell_all(&mut self, word: &Payload) {
        // The words that are told so have no length of their own.
        if let Ok(ticket) = self.session.post(&word.encode()) {
            self.unsettled.push(ticket, Saying::Lasting);
        }
    }

    /// Vouches for the room's order, saying nothing; it goes out with the rest.
    pub(super) fn vouch(&mut self) {
        if let Some(ticket) = self.session.heartbeat() {
            self.unsettled.push(ticket, Saying::Passing);
        }
    }

    /// Sends whatever is said and not out, if the connection stands.
    pub(super) fn pump(&mut self, context: &mut Context<'_>) {
        if !self.connection.is_live() {
            return;
        }
        let Outgoing { posts, undeliverable } = self.session.outgoing();
        for ciphertext in posts {
            context.perform(Effect::Send(ClientFrame::Post { ciphertext }));
        }
        for ticket in undeliverable {
            self.take_back(ticket, context);
        }
        self.watch_settling(context);
    }

    /// Something can never be said: whom it was for has gone. It goes back to where it was written, or
    /// stands where it is read while something else is being written.
    fn take_back(&mut self, ticket: Ticket, context: &Context<'_>) {
        let Some(Line { body, .. }) = self.unsettled.take(ticket) else { return };
        let draft = match body {
            Body::Whispered { to, words, .. } if !self.composer.draft.is_empty() => {
                let what = Happening::Undelivered { to, words: words.markup };
                self.timeline.happened(context.now, what);
                return;
            }
            // It begins as a whisper again, so that it is never said to everybody by mistake.
            Body::Whispered { to, words, .. } => to
                .alias
                .map(|alias| format!("{}{}", whisper_draft(&alias), plain(&words.markup)))
                .unwrap_or_default(),
            Body::Said { words, .. } | Body::Pictured { words, .. } => words.draft(),
            Body::WhisperPassed { .. } | Body::Happened(_) | Body::Notice { .. } => String::new(),
        };
        if self.composer.draft.is_empty() {
            self.composer.replace(draft);
        }
        self.composer.problem = Some(Problem::NoSuchMember);
    }

    /// Something said has its place in the room's order.
    pub(super) fn settled(&mut self, ticket: Ticket, context: &Context<'_>) {
        if let Some(line) = self.unsettled.take(ticket) {
            self.timeline.push(context.now, line);
        }
        self.piece_settled(ticket);
    }

    /// Starts the wait for the oldest that is out.
    pub(super) fn watch_settling(&mut self, context: &mut Context<'_>) {
        match self.awaited() {
            Some(awaited) if !self.unsettled.awaits(awaited) => {
                let epoch = context.start_timer(Timer::Settle, SETTLE_MILLIS);
                self.unsettled.watch(epoch, awaited);
            }
            Some(_) | None => {}
        }
    }

    /// The oldest that is out: nothing is before a member's word proved the group to be the room's.
    pub(super) fn awaited(&self) -> Option<Awaited> {
        let ticket = self.session.oldest_unsettled().filter(|_| self.is_ready())?;
        Some(Awaited { ticket, group_epoch: self.session.epoch() })
    }

    pub(super) fn exit(&mut self, farewell: Option<Markup>, context: &mut Context<'_>) -> Next {
        self.leave(farewell, context);
        self.end(Ending::Left, context)
    }

    /// Says farewell and gives the seat up, as far as the connection allows.
    pub(crate) fn leave(&mut self, farewell: Option<Markup>, context: &mut Context<'_>) {
        if self.connection.is_live() {
            // A farewell too long to seal is left unsaid: leaving comes first.
            let _unsaid = self.send_word(&Payload::Farewell(farewell), context);
        }
        self.give_up_seat(context);
    }

    pub(super) fn give_up_seat(&mut self, context: &mut Context<'_>) {
        if self.connection.stands() {
            context.perform(Effect::Send(ClientFrame::Leave));
        }
        context.perform(Effect::Disconnect);
    }

    pub(super) fn stop(&mut self, context: &mut Context<'_>) -> Result<(), Problem> {
        self.check_may_act()?;
        self.send_word(&Payload::Purge, context)?;
        self.purger = Some(self.me());
        context.perform(Effect::Send(ClientFrame::Close));
        Ok(())
    }
}
