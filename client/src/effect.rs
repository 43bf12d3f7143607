//! What the core wants done: plain data that a test compares and the shell performs. Whatever will
//! answer later carries an [`Epoch`], so that an answer from before can be told and dropped.

use sanctuary_crypto::Link;
use sanctuary_protocol::{ClientFrame, Redacted, RoomId};
use zeroize::Zeroizing;

use crate::markup::Href;
use crate::room::{LineId, Unread};
use crate::{Epoch, Picture, PictureId};

/// What the core wants done.
#[derive(Clone, derive_more::Debug, PartialEq)]
pub enum Effect {
    /// Stretch a link's secret, off the page's thread. Answered by `Msg::Derived`.
    Derive {
        /// Comes back with the answer.
        epoch: Epoch,
        /// Whose secret.
        link: Link,
    },
    /// Open a socket to a room, closing any older one. Answered by `Msg::SocketOpened`,
    /// `SocketReceived` and, once and last, `SocketClosed`.
    Connect {
        /// Comes back with every answer.
        epoch: Epoch,
        /// Where to.
        room: RoomId,
    },
    /// Send on the open socket.
    Send(ClientFrame),
    /// Close the socket once what was sent is out. No `Msg::SocketClosed` follows.
    Disconnect,
    /// Wake the core later. Answered by `Msg::TimerFired`.
    StartTimer {
        /// Comes back with the answer.
        epoch: Epoch,
        /// Which.
        timer: Timer,
        /// In this many milliseconds.
        millis: u32,
    },
    /// Put text on the clipboard. Answered by `Msg::Copied`.
    Copy {
        /// What it is.
        what: Clipboard,
        /// The text.
        #[debug("{Redacted}")]
        text: Zeroizing<String>,
    },
    /// Offer text to whatever else on the device sends things on. Answered by `Msg::Copied`, as
    /// refused, where that cannot be done.
    Share {
        /// What it is.
        what: Clipboard,
        /// The text.
        #[debug("{Redacted}")]
        text: Zeroizing<String>,
    },
    /// Ask whether the page may notify. Answered by `Msg::AnsweredNotify`.
    AskToNotify,
    /// Tell that something came, and nothing of what or from whom.
    Notify,
    /// Take back what was told.
    CloseNotification,
    /// Move the keyboard's focus.
    Focus(Field),
    /// Bring a line of the timeline into sight, and to the reader's notice.
    ShowLine(LineId),
    /// Have a picture ready to be shown. Answered by `Msg::HeldPicture`.
    HoldPicture {
        /// Its name.
        picture: PictureId,
        /// The picture.
        content: Picture,
    },
    /// Let go of a picture, if it is held.
    ReleasePicture(PictureId),
    /// Open a link somebody sent, in a place of its own, telling it nothing of this page.
    OpenLink(Href),
    /// Take the secret out of the address bar and out of this page's history entry.
    EraseAddress,
    /// Say in the page's title how much came that nobody has looked at.
    ShowUnread(Unread),
    /// Leave nothing of a room in the page: title, form fields, selection, pictures, worker,
    /// socket.
    Wipe,
    /// Go to a page that says nothing, with no way back to this one.
    LeavePage,
}

/// Something the core waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Try the server again.
    Reconnect,
    /// The doorkeeper has had long enough to answer.
    DoorSlow,
    /// The next commit may be made: the next batch of newcomers let in.
    Admit,
    /// A newcomer should have answered, or the slowed door may be tried again.
    DoorRun,
    /// The others are to hear that one is there, and saw what they saw.
    Heartbeat,
    /// Somebody inside should have shown that this is their room.
    Vouch,
    /// Something sent should have come back.
    Settle,
    /// A message is to go.
    Fade,
    /// The next piece of a picture may go out.
    Picture,
    /// A passing word ("copied") has been seen.
    Toast,
}

/// What went to the clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clipboard {
    /// The whole link.
    Invitation,
    /// The room's key.
    RoomName,
    /// The room's password.
    Secret,
    /// A listing in a message.
    Listing,
}

/// Where the keyboard's focus can be put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The name to go by.
    Alias,
    /// The room's key.
    RoomName,
    /// The room's password.
    Secret,
    /// Where messages are written.
    Composer,
    /// The invitation's text, selected, to be copied by hand.
    Invitation,
}
