//! What stands before the timeline, beside it, or for a moment over it.

use sanctuary_crypto::{Alias, Safety};
use sanctuary_protocol::MemberId;

use super::Room;
use crate::markup::Href;
use crate::{Clipboard, PictureId};

/// A question that stands before everything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// End the room for everybody?
    Stop,
    /// Put this member out?
    Kick {
        /// Whom.
        member: MemberId,
        /// By name.
        alias: Alias,
    },
    /// Make the invitation that was shared worthless, and another?
    Renew,
    /// The words to compare, as they were when they were asked for.
    Safety(Safety),
    /// Open a link somebody sent?
    OpenLink(Href),
    /// Send this picture?
    SendPicture(PictureId),
    /// A picture by itself.
    Picture(PictureId),
    /// What can be typed.
    Help,
}

/// What lies beside the timeline, or over it where there is no room beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// Who is here.
    Roster,
    /// How to bring somebody in.
    Invitation,
}

/// A passing word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toast {
    /// It is on the clipboard.
    Copied(Clipboard),
    /// The clipboard would not: the text is selected instead.
    CopyByHand(Clipboard),
    /// What was chosen is being drawn anew.
    OpeningPicture,
    /// Another invitation was opened in this page.
    LeaveFirst,
}

impl Room {
    /// Shows what can be typed. A question that stands is answered first: a key must not put another
    /// in its place.
    pub(super) fn press_question_mark(&mut self) {
        self.dialog.get_or_insert(Dialog::Help);
    }
}
