//! What the person does in a room.

use sanctuary_crypto::SealError;
use sanctuary_protocol::{ClientFrame, MemberId};
use zeroize::Zeroizing;

use super::door::Change;
use super::{Body, Dialog, Line, Problem, Room, Sheet};
use crate::command::{Command, Completion, Composed, parse};
use crate::ended::Ending;
use crate::markup::{Href, Markup};
use crate::payload::Payload;
use crate::update::{Context, Next};
use crate::{Clipboard, Effect, Field};

/// What the person did.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// The draft changed.
    TypedDraft {
        /// All of it.
        text: String,
        /// The caret, in bytes.
        caret: usize,
    },
    /// Send it, or do it.
    SubmittedDraft,
    /// Take this completion.
    ChoseCompletion(Completion),
    /// Show this beside or over the timeline.
    OpenedSheet(Sheet),
    /// Show the timeline alone.
    ClosedSheet,
    /// Show what can be typed.
    PressedHelp,
    /// Leave.
    PressedLeave,
    /// End the room for everybody; asks first.
    PressedStop,
    /// Write to this member alone.
    PressedWhisper(MemberId),
    /// Make this member the host.
    PressedHandOver(MemberId),
    /// Put this member out; asks first.
    PressedKick(MemberId),
    /// Open a link; asks first.
    PressedLink(Href),
    /// Put this on the clipboard.
    PressedCopy(Clipboard),
    /// Yes, to the question asked.
    ConfirmedDialog,
    /// No, or it has been read.
    DismissedDialog,
}

impl Room {
    pub(super) fn act(&mut self, msg: Msg, context: &mut Context<'_>) -> Next {
        match msg {
            Msg::TypedDraft { text, caret } => {
                (self.composer.draft, self.composer.caret) = (text, caret);
                self.composer.problem = None;
            }
            Msg::SubmittedDraft => return self.submit(context),
            Msg::ChoseCompletion(completion) => self.take_completion(&completion, context),
            Msg::OpenedSheet(sheet) => self.sheet = Some(sheet),
            Msg::ClosedSheet => self.sheet = None,
            Msg::PressedHelp => self.dialog = Some(Dialog::Help),
            Msg::PressedLeave => return self.exit(None, context),
            Msg::PressedStop => self.ask_to_stop(),
            Msg::PressedWhisper(member) => self.begin_whisper(member, context),
            Msg::PressedHandOver(member) => self.hand_over(member, context),
            Msg::PressedKick(member) => self.ask_to_kick(member),
            Msg::PressedLink(href) => self.dialog = Some(Dialog::OpenLink(href)),
            Msg::PressedCopy(what) => self.copy(what, context),
            Msg::ConfirmedDialog => self.confirm(context),
            Msg::DismissedDialog => self.close_dialog(context),
        }
        None
    }

    fn submit(&mut self, context: &mut Context<'_>) -> Next {
        let names = self.names();
        let me = self.me();
        let composed = match parse(&self.composer.draft, me, &names) {
            Ok(composed) => composed,
            Err(error) => {
                self.composer.problem = Some(error.into());
                return None;
            }
        };
        let done = match composed {
            Composed::Say(markup) => self.say(markup, context),
            Composed::Command(Command::Purr { to, text }) => self.whisper(to, text, context),
            Composed::Command(Command::Exit { farewell }) => return self.exit(farewell, context),
            Composed::Command(Command::Stop) => {
                self.composer.replace(String::new());
                self.ask_to_stop();
                return None;
            }
            Composed::Command(Command::Kick { member }) => self.kick(member, context),
            Composed::Command(Command::HandOver { to }) => self.make_host(to, context),
            Composed::Command(Command::Help) => {
                self.dialog = Some(Dialog::Help);
                Ok(())
            }
        };
        match done {
            Ok(()) => self.composer.replace(String::new()),
            Err(problem) => self.composer.problem = Some(problem),
        }
        None
    }

    fn say(&mut self, markup: Markup, context: &mut Context<'_>) -> Result<(), Problem> {
        self.check_room_for_post()?;
        let blob = self.session.post(&Payload::Say(markup.clone()).encode())?;
        let from = self.person(self.me());
        let line = self.timeline.draft(context.now, Body::Said { from, markup });
        self.send_post(blob, Some(line), context);
        Ok(())
    }

    fn whisper(
        &mut self,
        to: MemberId,
        markup: Markup,
        context: &mut Context<'_>,
    ) -> Result<(), Problem> {
        self.check_room_for_post()?;
        let blob = self.session.whisper(to, &Payload::Say(markup.clone()).encode())?;
        let (from, to) = (self.person(self.me()), self.person(to));
        let line = self.timeline.draft(context.now, Body::Whispered { from, to, markup });
        self.send_post(blob, Some(line), context);
        Ok(())
    }

    fn check_room_for_post(&self) -> Result<(), Problem> {
        if self.unsettled.is_full() { Err(Problem::TooManyUnsettled) } else { Ok(()) }
    }

    fn send_post(
        &mut self,
        blob: sanctuary_protocol::PostBlob,
        line: Option<Line>,
        context: &mut Context<'_>,
    ) {
        let first = self.unsettled.is_empty();
        self.unsettled.push(blob.clone(), line);
        if self.connection.is_live() {
            context.perform(Effect::Send(ClientFrame::Post { ciphertext: blob }));
            if first {
                self.watch_settling(context);
            }
        }
    }

    /// Seals a word that acts, before the frame that acts on it.
    fn send_word(&mut self, word: &Payload, context: &mut Context<'_>) -> Result<(), SealError> {
        let blob = self.session.post(&word.encode())?;
        self.send_post(blob, None, context);
        Ok(())
    }

    fn exit(&mut self, farewell: Option<Markup>, context: &mut Context<'_>) -> Next {
        self.leave(farewell, context);
        self.end(Ending::Left, context)
    }

    /// Says farewell and gives the seat up, as far as the connection allows.
    pub(crate) fn leave(&mut self, farewell: Option<Markup>, context: &mut Context<'_>) {
        if self.connection.is_live() {
            // A farewell too long to seal is left unsaid: leaving comes first.
            let _unsaid = self.send_word(&Payload::Farewell(farewell), context);
        }
        if self.connection.stands() {
            context.perform(Effect::Send(ClientFrame::Leave));
        }
        context.perform(Effect::Disconnect);
    }

    fn check_may_act(&self) -> Result<(), Problem> {
        if !self.connection.is_live() {
            Err(Problem::NotConnected)
        } else if !self.may_moderate(self.me()) {
            Err(Problem::NotHost)
        } else {
            Ok(())
        }
    }

    fn ask_to_stop(&mut self) {
        match self.check_may_act() {
            Ok(()) => self.dialog = Some(Dialog::Stop),
            Err(problem) => self.composer.problem = Some(problem),
        }
    }

    fn ask_to_kick(&mut self, member: MemberId) {
        let alias = self.session.roster().get(&member).cloned();
        match (self.check_may_act(), alias) {
            (Ok(()), Some(alias)) => self.dialog = Some(Dialog::Kick { member, alias }),
            (Ok(()), None) => self.composer.problem = Some(Problem::NoSuchMember),
            (Err(problem), _) => self.composer.problem = Some(problem),
        }
    }

    fn confirm(&mut self, context: &mut Context<'_>) {
        let done = match self.dialog.take() {
            Some(Dialog::Stop) => self.stop(context),
            Some(Dialog::Kick { member, alias: _ }) => self.kick(member, context),
            Some(Dialog::OpenLink(href)) => {
                context.perform(Effect::OpenLink(href));
                Ok(())
            }
            Some(Dialog::Help) | None => Ok(()),
        };
        self.composer.problem = done.err();
        context.perform(Effect::Focus(Field::Composer));
    }

    fn close_dialog(&mut self, context: &mut Context<'_>) {
        self.dialog = None;
        context.perform(Effect::Focus(Field::Composer));
    }

    fn stop(&mut self, context: &mut Context<'_>) -> Result<(), Problem> {
        self.check_may_act()?;
        self.send_word(&Payload::Purge, context)?;
        self.purger = Some(self.me());
        context.perform(Effect::Send(ClientFrame::Close));
        Ok(())
    }

    fn kick(&mut self, member: MemberId, context: &mut Context<'_>) -> Result<(), Problem> {
        self.check_may_act()?;
        let commit = self.session.kick(member).map_err(|_| Problem::NoSuchMember)?;
        self.send_commit(commit, Change::Kick(member), context);
        Ok(())
    }

    fn hand_over(&mut self, to: MemberId, context: &mut Context<'_>) {
        self.composer.problem = self.make_host(to, context).err();
    }

    fn make_host(&mut self, to: MemberId, context: &mut Context<'_>) -> Result<(), Problem> {
        if !self.connection.is_live() {
            return Err(Problem::NotConnected);
        }
        if self.me() != self.host {
            return Err(Problem::NotHost);
        }
        context.perform(Effect::Send(ClientFrame::HandOver { to }));
        Ok(())
    }

    fn begin_whisper(&mut self, member: MemberId, context: &mut Context<'_>) {
        match self.session.roster().get(&member) {
            Some(alias) => {
                let draft = crate::command::whisper_draft(alias);
                self.composer.replace(draft);
                self.sheet = None;
                context.perform(Effect::Focus(Field::Composer));
            }
            None => self.composer.problem = Some(Problem::NoSuchMember),
        }
    }

    fn take_completion(&mut self, completion: &Completion, context: &mut Context<'_>) {
        let draft = &mut self.composer.draft;
        // The draft may have changed since the completion was offered.
        if draft.get(completion.replace.clone()).is_none() {
            return;
        }
        draft.replace_range(completion.replace.clone(), &completion.text);
        self.composer.caret = completion.replace.start + completion.text.len();
        self.composer.problem = None;
        context.perform(Effect::Focus(Field::Composer));
    }

    fn copy(&mut self, what: Clipboard, context: &mut Context<'_>) {
        let link = &self.invitation.link;
        let text = match what {
            Clipboard::Invitation => context.page.invitation(link),
            Clipboard::RoomName => Zeroizing::new(link.room.as_str().to_owned()),
            Clipboard::Secret => Zeroizing::new(link.secret.expose().to_owned()),
        };
        context.perform(Effect::Copy { what, text });
    }
}
