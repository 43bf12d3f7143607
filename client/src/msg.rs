//! What can happen: to a screen, by a person's hand, or to the page, from outside.

use sanctuary_crypto::Stretched;
use sanctuary_protocol::Redacted;

use crate::{Clipboard, Epoch, Notify, PictureId, Timer, Veil, ended, home, joining, room};

/// What happened.
#[derive(derive_more::Debug)]
pub enum Msg {
    /// On the home screen.
    Home(home::Msg),
    /// On the way in.
    Joining(joining::Msg),
    /// In the room.
    Room(room::Msg),
    /// After the end.
    Ended(ended::Msg),

    /// A secret has been stretched.
    Derived {
        /// The question's.
        epoch: Epoch,
        /// The result.
        stretched: Stretched,
    },
    /// The socket stands.
    SocketOpened {
        /// The question's.
        epoch: Epoch,
    },
    /// A message came.
    SocketReceived {
        /// The question's.
        epoch: Epoch,
        /// One whole message, as it came.
        #[debug("{Redacted}")]
        bytes: Vec<u8>,
    },
    /// The socket is no more, or never stood.
    SocketClosed {
        /// The question's.
        epoch: Epoch,
    },
    /// A timer ran out.
    TimerFired {
        /// The question's.
        epoch: Epoch,
        /// Which.
        timer: Timer,
    },
    /// The clipboard took the text, or would not.
    Copied {
        /// What it was.
        what: Clipboard,
        /// How it went.
        outcome: CopyOutcome,
    },
    /// A picture is ready to be shown.
    HeldPicture {
        /// Its name.
        picture: PictureId,
        /// Its address, which leads nowhere but into this page.
        #[debug("{Redacted}")]
        url: String,
    },
    /// The address of this page changed under it: somebody opened another invitation here.
    ChangedAddress {
        /// What follows the `#`.
        #[debug("{Redacted}")]
        fragment: String,
    },
    /// The network is there again, or the page was woken: no reason to wait longer.
    Woke,
    /// The page is hidden, or its window has lost the focus.
    LookedAway,
    /// The page is shown, in a window that has the focus.
    LookedBack,
    /// The tab is closing or going elsewhere.
    ClosedPage,
    /// Whether to veil the room when nobody looks.
    ChoseVeil(Veil),
    /// Tell, or tell no more, that something came while nobody looked.
    PressedNotify,
    /// Whether the page may tell.
    AnsweredNotify(Notify),
    /// The key was pressed, and nothing in the page took it for itself.
    PressedEscape,
    /// The question mark was pressed, where nothing could be typed.
    PressedQuestionMark,
    /// Somebody must not see this.
    PressedCoverTracks,
}

/// How putting text on the clipboard went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyOutcome {
    /// It is there.
    Done,
    /// The browser has no clipboard for this page, or would not.
    Refused,
}
