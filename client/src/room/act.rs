//! What the person does in a room.

use std::ops::Range;

use sanctuary_crypto::Fading;
use sanctuary_protocol::{DoorPolicy, MemberId, Moderation, Redacted};
use zeroize::Zeroizing;

use super::{Dialog, Format, LineId, PictureRefusal, Problem, Room, Seek, Sheet, Sight};
use crate::command::{Command, Completion, Composed, parse};
use crate::markup::Href;
use crate::update::{Context, Next};
use crate::{Clipboard, Effect, Field, Manner, Picture, PictureId};

/// What the person did.
#[derive(Clone, derive_more::Debug, PartialEq)]
pub enum Msg {
    /// The draft changed.
    TypedDraft {
        /// All of it.
        #[debug("{Redacted}")]
        text: String,
        /// The caret, in bytes.
        caret: usize,
    },
    /// Send it, or do it.
    SubmittedDraft,
    /// Take this completion.
    ChoseCompletion(Completion),
    /// This is in sight now.
    ScrolledTo(Sight),
    /// The oldest line on the page is almost in sight.
    ReachedOldest,
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
    /// Show nothing more of what this member says.
    PressedMute(MemberId),
    /// Show what this member says again.
    PressedUnmute(MemberId),
    /// Make this member the host.
    PressedHandOver(MemberId),
    /// Put this member out; asks first.
    PressedKick(MemberId),
    /// Let this newcomer in.
    PressedLetIn(MemberId),
    /// Do not let this newcomer in.
    PressedTurnAway(MemberId),
    /// Have the failures at the door forgotten.
    PressedClearDoor,
    /// Change who may come in.
    ChoseDoor(DoorPolicy),
    /// Change who may put out.
    ChoseModeration(Moderation),
    /// Change how long messages stay.
    ChoseFading(Fading),
    /// Make another link, so that the one before opens nothing; asks first.
    PressedRenew,
    /// Show the words to compare.
    PressedShield,
    /// Reply to this line.
    PressedReply(LineId),
    /// Format what is selected of the draft, in bytes.
    PressedFormat {
        /// How.
        format: Format,
        /// Which part.
        selection: Range<usize>,
    },
    /// Put these words in the place of what is selected of the draft, in bytes.
    Pasted {
        /// As a person could have typed them.
        #[debug("{Redacted}")]
        words: String,
        /// Which part.
        selection: Range<usize>,
    },
    /// Put what was sent before or after the draft in its place.
    SoughtSent(Seek),
    /// Look for a message to reply to.
    SoughtReply(Seek),
    /// Reply to nothing after all.
    DroppedReply,
    /// Show the line that a reply is to.
    PressedQuote(LineId),
    /// Open a link; asks first.
    PressedLink(Href),
    /// Put this on the clipboard.
    PressedCopy(Clipboard),
    /// Send the invitation on, by whatever the device has for it.
    PressedShare,
    /// Put this listing on the clipboard.
    PressedCopyListing(#[debug("{Redacted}")] String),
    /// A picture was chosen, and is being drawn anew.
    OpenedPicture,
    /// A picture is ready to be looked at before it is sent.
    ChosePicture(Picture),
    /// What was chosen is not to be sent as a picture.
    RefusedPicture(PictureRefusal),
    /// Send the picture that is looked at.
    SubmittedPicture {
        /// What is said to it.
        #[debug("{Redacted}")]
        caption: String,
    },
    /// Show this picture by itself.
    PressedPicture(PictureId),
    /// Take back one's own picture, which is on its way or failed.
    PressedDropPicture(PictureId),
    /// Send one's own picture again, which failed.
    PressedRetryPicture(PictureId),
    /// The browser can make nothing of a picture.
    SawBrokenPicture(PictureId),
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
            Msg::ScrolledTo(sight) => self.scrolled_to(sight, context),
            Msg::ReachedOldest => self.reach_back(),
            Msg::OpenedSheet(sheet) => self.sheet = Some(sheet),
            Msg::ClosedSheet => self.sheet = None,
            Msg::PressedHelp => self.dialog = Some(Dialog::Help),
            Msg::PressedLeave => return self.exit(None, context),
            Msg::PressedStop => self.ask_to_stop(),
            Msg::PressedWhisper(member) => self.begin_whisper(member, context),
            Msg::PressedMute(member) => {
                let done = self.mute(member, context);
                self.tell_outcome(done);
            }
            Msg::PressedUnmute(member) => {
                let done = self.unmute(member, context);
                self.tell_outcome(done);
            }
            Msg::PressedHandOver(member) => {
                let done = self.make_host(member, context);
                self.tell_outcome(done);
            }
            Msg::PressedKick(member) => self.ask_to_kick(member),
            Msg::PressedLetIn(newcomer) => self.open_to(newcomer, context),
            Msg::PressedTurnAway(newcomer) => self.turn_away_caller(newcomer, context),
            Msg::PressedClearDoor => {
                let done = self.clear_door(context);
                self.tell_outcome(done);
            }
            Msg::ChoseDoor(door) => {
                let done = self.choose_door(door, context);
                self.tell_outcome(done);
            }
            Msg::ChoseModeration(moderation) => {
                let done = self.choose_moderation(moderation, context);
                self.tell_outcome(done);
            }
            Msg::ChoseFading(fading) => {
                let done = self.choose_fading(fading, context);
                self.tell_outcome(done);
            }
            Msg::PressedRenew => self.ask_to_renew(),
            Msg::PressedShield => self.dialog = Some(Dialog::Safety(self.safety())),
            Msg::PressedReply(line) => self.begin_reply(line, context),
            Msg::PressedFormat { format, selection } => self.format(format, selection, context),
            Msg::Pasted { words, selection } => self.paste(&words, selection, context),
            Msg::SoughtSent(seek) => self.recall(seek),
            Msg::SoughtReply(seek) => self.seek_reply(seek),
            Msg::DroppedReply => self.composer.reply_to = None,
            Msg::PressedQuote(line) => self.show_quoted(line, context),
            Msg::PressedLink(href) => self.dialog = Some(Dialog::OpenLink(href)),
            Msg::PressedCopy(what) => self.copy(what, context),
            Msg::PressedShare => {
                let text = context.page.invitation(&self.invitation.link);
                context.perform(Effect::Share { what: Clipboard::Invitation, text });
            }
            Msg::PressedCopyListing(text) => {
                let text = Zeroizing::new(text);
                context.perform(Effect::Copy { what: Clipboard::Listing, text });
            }
            Msg::OpenedPicture => self.open_picture(context),
            Msg::ChosePicture(picture) => self.preview(picture, context),
            Msg::RefusedPicture(why) => self.refuse_picture(why),
            Msg::SubmittedPicture { caption } => self.submit_picture(&caption, context),
            Msg::PressedPicture(picture) => self.dialog = Some(Dialog::Picture(picture)),
            Msg::PressedDropPicture(picture) => self.drop_picture(picture, context),
            Msg::PressedRetryPicture(picture) => {
                let done = self.retry_picture(picture, context);
                self.tell_outcome(done);
            }
            Msg::SawBrokenPicture(picture) => self.see_broken(picture),
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
            Composed::Say(markup) => self.say(Manner::Plain, markup, context),
            Composed::Command(Command::Me { text }) => self.say(Manner::Action, text, context),
            Composed::Command(Command::Purr { to, text }) => self.whisper(to, text, context),
            Composed::Command(Command::Exit { farewell }) => return self.exit(farewell, context),
            Composed::Command(Command::Stop) => {
                self.composer.replace(String::new());
                self.ask_to_stop();
                return None;
            }
            Composed::Command(Command::Kick { member }) => self.kick(member, context),
            Composed::Command(Command::Mute { member }) => self.mute(member, context),
            Composed::Command(Command::Unmute { member }) => self.unmute(member, context),
            Composed::Command(Command::HandOver { to }) => self.make_host(to, context),
            Composed::Command(Command::Door { policy }) => self.choose_door(policy, context),
            Composed::Command(Command::Fade { fading }) => self.choose_fading(fading, context),
            Composed::Command(Command::ClearDoor) => self.clear_door(context),
            Composed::Command(Command::Renew) => {
                self.composer.replace(String::new());
                self.ask_to_renew();
                return None;
            }
            Composed::Command(Command::Safety) => {
                self.dialog = Some(Dialog::Safety(self.safety()));
                Ok(())
            }
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

    fn ask_to_renew(&mut self) {
        match self.check_may_act() {
            Ok(()) => self.dialog = Some(Dialog::Renew),
            Err(problem) => self.composer.problem = Some(problem),
        }
    }

    fn tell_outcome(&mut self, done: Result<(), Problem>) {
        self.composer.problem = done.err();
    }

    fn confirm(&mut self, context: &mut Context<'_>) {
        let done = match self.dialog.take() {
            Some(Dialog::Stop) => self.stop(context),
            Some(Dialog::Kick { member, alias: _ }) => self.kick(member, context),
            Some(Dialog::OpenLink(href)) => {
                context.perform(Effect::OpenLink(href));
                Ok(())
            }
            Some(Dialog::Renew) => self.renew(context),
            Some(
                Dialog::Safety(_) | Dialog::Help | Dialog::SendPicture(_) | Dialog::Picture(_),
            )
            | None => Ok(()),
        };
        self.composer.problem = done.err();
        context.perform(Effect::Focus(Field::Composer));
    }

    /// One that cannot be sent is still to be looked at, and sent or not.
    fn submit_picture(&mut self, caption: &str, context: &mut Context<'_>) {
        let done = self.send_picture(caption, context);
        if done.is_ok() {
            self.close_dialog(context);
        }
        self.tell_outcome(done);
    }

    fn close_dialog(&mut self, context: &mut Context<'_>) {
        if let Some(Dialog::SendPicture(_)) = self.dialog.take() {
            self.drop_preview();
        }
        context.perform(Effect::Focus(Field::Composer));
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
            // It comes with its text.
            Clipboard::Listing => return,
            Clipboard::Invitation => context.page.invitation(link),
            Clipboard::RoomName => Zeroizing::new(link.room.as_str().to_owned()),
            Clipboard::Secret => Zeroizing::new(link.secret.expose().to_owned()),
        };
        context.perform(Effect::Copy { what, text });
    }
}
