//! Where messages are written: the draft, and why the last one was not sent.

use sanctuary_crypto::{Alias, ChangeError, SealError};
use sanctuary_protocol::{Redacted, Seq};
use sanctuary_words::{Sentence, phrase};

use super::{PictureRefusal, Room};
use crate::command::{CommandError, Completion, complete};

/// Where messages are written.
#[derive(derive_more::Debug, Default)]
pub struct Composer {
    /// What is being written.
    #[debug("{Redacted}")]
    pub draft: String,
    /// Where the caret stands in it, in bytes.
    pub caret: usize,
    /// The place of the message the draft replies to.
    pub reply_to: Option<Seq>,
    /// Why the last draft was not sent. The draft is kept.
    pub problem: Option<Problem>,
}

/// Why a draft was not sent, or a press led nowhere.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}", self.sentence())]
pub enum Problem {
    /// It is no message and no command.
    Command(#[from] CommandError),
    /// It does not fit a post, or names nobody.
    Seal(#[from] SealError),
    /// It is the host's to do.
    NotHost,
    /// It acts at once or not at all.
    NotConnected,
    /// The connection has been down for many messages.
    TooManyUnsettled,
    /// The connection went down before the room was ended.
    NotStopped,
    /// The connection went down before a member was put out.
    NotKicked(Alias),
    /// The connection went down before a change was made.
    NotDone(Undone),
    /// Others changed the room each time it was tried.
    TooBusy,
    /// Whom it was about has gone.
    NoSuchMember,
    /// One leaves; one does not put oneself out.
    Yourself,
    /// It has no place in the room's order, or is no longer shown.
    NothingToReplyTo,
    /// Pictures go one at a time.
    PictureUnderway,
    /// A browser sees no picture in it.
    NoPicture,
    /// It is too much for a phone.
    PictureTooLarge,
    /// There is nothing to change.
    Already,
    /// The group is larger than a change carries.
    TooLarge,
}

/// What was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undone {
    /// The rules are what they were.
    Rules,
    /// The host is who it was.
    HandOver,
    /// The link is what it was.
    Renewal,
}

impl Problem {
    /// What is said of it.
    pub fn sentence(&self) -> Sentence {
        let phrase = match self {
            Self::Command(error) => return error.sentence(),
            Self::NotKicked(alias) => {
                let phrase = phrase!("The connection went down before {0} was put out. Try again.");
                return Sentence::with(phrase, [alias.as_str().to_owned()]);
            }
            Self::Seal(SealError::TooLong { .. }) => {
                phrase!("This is too long for one message. Send it in parts.")
            }
            Self::Seal(SealError::NoSuchMember) | Self::NoSuchMember => {
                phrase!("That member is no longer here.")
            }
            Self::NotHost => phrase!("Only the host of this room may do that."),
            Self::NotConnected => phrase!(
                "That needs the connection, which is down. It is being tried again; try then."
            ),
            Self::TooManyUnsettled => phrase!(
                "Too many messages are waiting for the connection. Keep this one until it is back."
            ),
            Self::NotStopped => phrase!(
                "The connection went down before the room was ended. Type /stop again to end it."
            ),
            Self::NotDone(Undone::Rules) => {
                phrase!("The connection went down before the rules were changed. Try again.")
            }
            Self::NotDone(Undone::HandOver) => {
                phrase!("The connection went down before the room had another host. Try again.")
            }
            Self::NotDone(Undone::Renewal) => {
                phrase!("The connection went down before the link was renewed. Try again.")
            }
            Self::TooBusy => phrase!("The room was changing too fast for that. Try again."),
            Self::Yourself => phrase!("That is you. Name somebody else."),
            Self::NothingToReplyTo => {
                phrase!("That message cannot be replied to: it is on its way, or gone.")
            }
            Self::PictureUnderway => phrase!(
                "A picture is still on its way. Send the next when it has arrived, or take it back."
            ),
            Self::NoPicture => {
                phrase!("That is no picture this browser can open. Try a JPEG, PNG or WebP file.")
            }
            Self::PictureTooLarge => phrase!(
                "That picture is too large to open here. Make it smaller first: 40 MB at the most."
            ),
            Self::Already => phrase!("That is so already."),
            Self::TooLarge => phrase!("This room is too large for that."),
        };
        phrase.into()
    }
}

impl From<PictureRefusal> for Problem {
    fn from(why: PictureRefusal) -> Self {
        match why {
            PictureRefusal::Unreadable => Self::NoPicture,
            PictureRefusal::TooLarge => Self::PictureTooLarge,
        }
    }
}

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::NoSuchMember => Self::NoSuchMember,
            ChangeError::Yourself => Self::Yourself,
            ChangeError::NotAllowed => Self::NotHost,
            ChangeError::Already => Self::Already,
            ChangeError::TooLarge => Self::TooLarge,
        }
    }
}

impl Composer {
    pub(super) fn with_draft(draft: String) -> Self {
        Self { caret: draft.len(), draft, ..Self::default() }
    }

    /// Another draft, which replies to what the one before did.
    pub(super) fn write(&mut self, draft: String) {
        (self.caret, self.draft) = (draft.len(), draft);
    }

    pub(super) fn edit(&mut self, draft: String, caret: usize) {
        (self.draft, self.caret, self.problem) = (draft, caret, None);
    }

    pub(super) fn replace(&mut self, draft: String) {
        *self = Self::with_draft(draft);
    }
}

impl Room {
    /// What the draft could become at the caret: verbs, and the others' names.
    pub fn completions(&self) -> Vec<Completion> {
        let mut others = self.names();
        others.retain(|(member, _)| *member != self.me());
        complete(&self.composer.draft, self.composer.caret, &others)
    }
}
