//! It is over: why, in words a person understands, and what can be done next. Nothing of the room
//! is kept here but, where going back makes sense, the way in.

use sanctuary_crypto::Alias;
use sanctuary_protocol::Redacted;

use crate::home::Home;
use crate::joining::Joining;
use crate::room::Keepsake;
use crate::update::{Context, Next};
use crate::{Invitation, Screen};

/// The end of a stay.
#[derive(Debug)]
pub struct Ended {
    /// Why.
    pub why: Ending,
    /// The way back, where there is one.
    again: Option<Invitation>,
}

/// Why a stay ended. Where a member did it, its sealed word came first; without that word it was
/// the server's doing, and is shown as such.
#[derive(Clone, derive_more::Debug, PartialEq, Eq)]
pub enum Ending {
    /// By one's own wish.
    Left,
    /// One ended the room oneself.
    Purged,
    /// A member ended the room for everybody.
    PurgedBy(Alias),
    /// The room was ended with no member's word for it.
    PurgedByServer,
    /// The operator ended the room, and what it said just before, if it did.
    PurgedByOperator(#[debug("{Redacted}")] Option<String>),
    /// A member put this one out.
    KickedBy(Alias),
    /// This member was put out, and only the server says that a member asked for it: who.
    RemovedFor(Alias),
    /// This member was put out with no member's word for it.
    KickedByServer,
    /// The seat was taken from another tab or device.
    Superseded,
    /// The server stopped; its rooms are gone with it.
    ServerStopped,
    /// The room is no longer there.
    RoomLost,
    /// Page and server do not understand each other.
    ProtocolError,
}

/// What happened after the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Msg {
    /// Go back to the same room.
    PressedAgain,
    /// Go to the home screen.
    PressedHome,
}

impl Ended {
    /// Left, with nothing kept.
    pub fn left() -> Self {
        Self::forever(Ending::Left)
    }

    pub(crate) fn forever(why: Ending) -> Self {
        Self { why, again: None }
    }

    pub(crate) fn for_now(why: Ending, again: Invitation) -> Self {
        Self { why, again: Some(again) }
    }

    /// Whether [`Msg::PressedAgain`] leads anywhere.
    pub fn can_return(&self) -> bool {
        self.again.is_some()
    }

    pub(crate) fn update(&mut self, msg: Msg, context: &mut Context<'_>) -> Next {
        match msg {
            Msg::PressedHome => Some(Screen::Home(Home::default())),
            Msg::PressedAgain => {
                let again = self.again.take()?;
                let joining = Joining::come_back(again, Keepsake::default(), context);
                Some(Screen::Joining(Box::new(joining)))
            }
        }
    }
}
