//! Where messages are written: the draft, and why the last one was not sent.

use std::fmt;

use sanctuary_crypto::{Alias, ChangeError, SealError};
use sanctuary_protocol::Seq;

use super::{PictureRefusal, Room};
use crate::command::{CommandError, Completion, complete};

/// Where messages are written.
#[derive(Debug, Default)]
pub struct Composer {
    /// What is being written.
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
pub enum Problem {
    /// It is no message and no command.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// It does not fit a post, or names nobody.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// It is the host's to do.
    #[error("Only the host of this room may do that.")]
    NotHost,
    /// It acts at once or not at all.
    #[error("That needs the connection, which is down. It is being tried again; try then.")]
    NotConnected,
    /// The connection has been down for many messages.
    #[error("Too many messages are waiting for the connection. Keep this one until it is back.")]
    TooManyUnsettled,
    /// The connection went down before the room was ended.
    #[error("The connection went down before the room was ended. Type /stop again to end it.")]
    NotStopped,
    /// The connection went down before a member was put out.
    #[error("The connection went down before {0} was put out. Try again.")]
    NotKicked(Alias),
    /// The connection went down before a change was made.
    #[error("The connection went down before {0}. Try again.")]
    NotDone(Undone),
    /// Others changed the room each time it was tried.
    #[error("The room was changing too fast for that. Try again.")]
    TooBusy,
    /// Whom it was about has gone.
    #[error("That member is no longer here.")]
    NoSuchMember,
    /// One leaves; one does not put oneself out.
    #[error("That is you. Name somebody else.")]
    Yourself,
    /// It has no place in the room's order, or is no longer shown.
    #[error("That message cannot be replied to: it is on its way, or gone.")]
    NothingToReplyTo,
    /// Pictures go one at a time.
    #[error("A picture is still on its way. Send the next when it has arrived, or take it back.")]
    PictureUnderway,
    /// A browser sees no picture in it.
    #[error("That is no picture this browser can open. Try a JPEG, PNG or WebP file.")]
    NoPicture,
    /// It is too much for a phone.
    #[error("That picture is too large to open here. Make it smaller first: 40 MB at the most.")]
    PictureTooLarge,
    /// There is nothing to change.
    #[error("That is so already.")]
    Already,
    /// The group is larger than a change carries.
    #[error("This room is too large for that.")]
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

impl fmt::Display for Undone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rules => "the rules were changed",
            Self::HandOver => "the room had another host",
            Self::Renewal => "the link was renewed",
        })
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
