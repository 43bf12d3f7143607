//! How far somebody has come on the way in, and why it may not go on.

use sanctuary_crypto::{TurnedAway, WelcomeError};
use sanctuary_words::{Phrase, phrase};

/// To start the room, or to be let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Start it.
    Create,
    /// Be let in.
    Knock,
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The secret is being stretched.
    Deriving,
    /// The server is being reached.
    Connecting,
    /// Knocked; nobody has answered yet.
    AtDoor,
    /// Knocked, and everybody inside seems to be away.
    Waiting,
    /// Knows the password; the host has been asked, and may take its time.
    Asked,
    /// Somebody inside opened the knock and is letting this one in.
    Entering,
    /// Nobody is in that room. It is started only when asked to.
    NobodyThere,
    /// It will not go on by itself.
    Failed(Failure),
}

/// Why it will not go on by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.phrase().english())]
pub enum Failure {
    /// A member inside found that this one does not know the password.
    WrongKey,
    /// Somebody inside goes by that name, or one that looks like it.
    AliasTaken,
    /// A member inside would not let this one in.
    Declined,
    /// The door is locked.
    Locked,
    /// As many are inside, or at the door, as may.
    RoomFull,
    /// The server holds as many rooms as it may.
    ServerFull,
    /// The server lets nobody in.
    NotAdmitting,
    /// The server does not answer.
    Unreachable,
    /// The server hung up.
    HungUp,
    /// Others came in first, each time it knocked.
    Busy,
    /// As many offers were answered as may be, and nobody showed to be inside.
    TriesSpent,
    /// The cipher does not work here.
    CannotCreate,
    /// What came in was not what a member inside would have sent.
    Unreadable,
}

impl Failure {
    /// What is said of it.
    pub const fn phrase(self) -> Phrase {
        match self {
            Self::WrongKey => phrase!("That password does not open this room."),
            Self::AliasTaken => phrase!(
                "Somebody in this room already goes by that name, or one that looks like it."
            ),
            Self::Declined => phrase!("You were not let in."),
            Self::Locked => phrase!("This room is locked: nobody is let in at the moment."),
            Self::RoomFull => phrase!("This room is full."),
            Self::ServerFull => {
                phrase!("The server holds as many rooms as it can. Try again later.")
            }
            Self::NotAdmitting => {
                phrase!("The server lets nobody in at the moment. Try again later.")
            }
            Self::Unreachable => {
                phrase!("The server cannot be reached. Check your connection and try again.")
            }
            Self::HungUp => {
                phrase!("The server ended the connection before anybody let you in. Try again.")
            }
            Self::Busy => phrase!("Many are coming in at once. Try again."),
            Self::TriesSpent => phrase!(
                "Several answered your knock, and none of them showed that they are inside. \
                 Somebody on the way may be guessing at the password. Try again when you are sure \
                 of your connection."
            ),
            Self::CannotCreate => phrase!("This browser cannot start an encrypted room."),
            Self::Unreadable => {
                phrase!("What came through the door could not be read. Try again.")
            }
        }
    }
}

impl From<TurnedAway> for Failure {
    fn from(why: TurnedAway) -> Self {
        match why {
            TurnedAway::WrongKey => Self::WrongKey,
            TurnedAway::AliasTaken => Self::AliasTaken,
            TurnedAway::Declined => Self::Declined,
        }
    }
}

impl From<WelcomeError> for Failure {
    fn from(_: WelcomeError) -> Self {
        Self::Unreadable
    }
}
