//! How far somebody has come on the way in, and why it may not go on.

use sanctuary_crypto::{TurnedAway, WelcomeError};

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
pub enum Failure {
    /// A member inside found that this one does not know the password.
    #[error("That password does not open this room.")]
    WrongKey,
    /// Somebody inside goes by that name, or one that looks like it.
    #[error("Somebody in this room already goes by that name, or one that looks like it.")]
    AliasTaken,
    /// A member inside would not let this one in.
    #[error("You were not let in.")]
    Declined,
    /// The door is locked.
    #[error("This room is locked: nobody is let in at the moment.")]
    Locked,
    /// As many are inside, or at the door, as may.
    #[error("This room is full.")]
    RoomFull,
    /// The server holds as many rooms as it may.
    #[error("The server holds as many rooms as it can. Try again later.")]
    ServerFull,
    /// The server does not answer.
    #[error("The server cannot be reached. Check your connection and try again.")]
    Unreachable,
    /// The server hung up.
    #[error("The server ended the connection before anybody let you in. Try again.")]
    HungUp,
    /// Others came in first, each time it knocked.
    #[error("Many are coming in at once. Try again.")]
    Busy,
    /// As many offers were answered as may be, and nobody showed to be inside.
    #[error(
        "Several answered your knock, and none of them showed that they are inside. Somebody on the \
         way may be guessing at the password. Try again when you are sure of your connection."
    )]
    TriesSpent,
    /// The cipher does not work here.
    #[error("This browser cannot start an encrypted room.")]
    CannotCreate,
    /// What came in was not what a member inside would have sent.
    #[error("What came through the door could not be read. Try again.")]
    Unreadable,
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
