//! All the page knows: which screen it is on, and what that screen holds. What leaves the model is
//! gone from the page.

use sanctuary_crypto::{Alias, Link, Stretched};
use sanctuary_protocol::{Policy, Redacted};
use zeroize::Zeroizing;

use crate::Notifier;
use crate::ended::Ended;
use crate::home::Home;
use crate::joining::Joining;
use crate::room::{Room, Unread};

/// All the page knows.
#[derive(Debug)]
pub struct Model {
    /// Where this page was served from.
    pub page: Page,
    /// Whether anybody looks.
    pub gaze: Gaze,
    /// Whether the room is veiled when nobody looks.
    pub veil: Veil,
    /// Whether the page tells that something came.
    pub notifier: Notifier,
    /// The last epoch given out.
    pub epoch: Epoch,
    /// What is shown.
    pub screen: Screen,
}

impl Model {
    /// The page as it opens. `origin` is the scheme and host it came from; `fragment` what followed
    /// the `#`, if it holds an invitation.
    pub fn open(origin: &str, fragment: &str) -> Self {
        Self {
            page: Page { origin: origin.to_owned() },
            gaze: Gaze::Here,
            veil: Veil::Never,
            notifier: Notifier::default(),
            epoch: Epoch::default(),
            screen: Screen::Home(Home::open(fragment)),
        }
    }

    /// Whether the room is veiled.
    pub fn is_veiled(&self) -> bool {
        (self.veil, self.gaze) == (Veil::WhenAway, Gaze::Away)
    }
}

/// Whether what is said, and who is here, is veiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Veil {
    /// It is there to be read.
    Never,
    /// While nobody looks, others may.
    WhenAway,
}

/// Where the page was served from.
#[derive(Clone, derive_more::Debug, PartialEq, Eq)]
pub struct Page {
    /// Scheme, host and port, without a slash at the end.
    #[debug("{Redacted}")]
    pub origin: String,
}

impl Page {
    /// The link to send to somebody.
    pub fn invitation(&self, link: &Link) -> Zeroizing<String> {
        Zeroizing::new(format!("{}/#{}", self.origin, link.fragment().as_str()))
    }
}

/// Whether anybody looks at the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gaze {
    /// It is shown, in a window that has the focus.
    Here,
    /// It is hidden, or another window has the focus.
    Away,
}

/// What is shown.
#[derive(Debug)]
pub enum Screen {
    /// Choosing a name and a room.
    Home(Home),
    /// On the way in.
    Joining(Box<Joining>),
    /// Inside.
    Room(Box<Room>),
    /// It is over, and why.
    Ended(Ended),
}

impl Screen {
    /// How much of it came that nobody has looked at.
    pub fn unread(&self) -> Unread {
        match self {
            Self::Room(room) => room.unread(),
            Self::Home(_) | Self::Joining(_) | Self::Ended(_) => Unread::default(),
        }
    }
}

/// Everything needed to go into a room, and to go into it again.
#[derive(Debug)]
pub struct Invitation {
    /// Room and secret.
    pub link: Link,
    /// The name to go by.
    pub alias: Alias,
    /// The rules to start the room with, if it has to be started.
    pub policy: Policy,
    /// The secret, stretched, once that is done.
    pub stretched: Option<Stretched>,
}

/// Counts what the shell was asked for, so that a late answer to an earlier question can be told
/// from the answer to this one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Epoch(u64);

impl Epoch {
    /// The next one.
    pub fn advance(&mut self) -> Self {
        self.0 += 1;
        *self
    }

    /// As a number.
    pub(crate) const fn number(self) -> u64 {
        self.0
    }
}
