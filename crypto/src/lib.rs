//! End-to-end encryption: the secret of an invitation, the door, the sealed session. No I/O, no
//! clock, no threads; it is handed what arrived and hands back what to send. The server must not
//! depend on it, and learns nothing from what leaves it but sizes.
//!
//! Reading order: an invitation is a [`Link`] of a [`RoomName`] and a [`Secret`], which becomes
//! [`Stretched`]. With it a [`Newcomer`] knocks and proves itself at the door, a [`Session`] inside
//! opens it, and a welcome makes the newcomer a session too. A session is a member of an MLS group
//! (RFC 9420): it seals what is said, makes and judges commits, reads entries into [`Event`]s, and
//! finds out a server that does not tell everybody the same.

pub mod hidden;

mod alias;
mod case;
mod look_alike;
mod normal;
mod repertoire;

mod link;
mod secret;
mod strength;
mod stretched;

mod label;
mod padding;
mod random;
mod seal;

mod charter;
mod credential;
mod fading;
mod group;
mod key_tag;
mod provider;
mod rules;

mod door;
mod newcomer;

mod bearing;
mod recollection;
mod shed;
mod transcript;
mod unsettled;
mod words;

mod event;
mod session;

#[cfg(any(test, feature = "vectors"))]
pub mod vectors;

#[cfg(test)]
mod documented;
#[cfg(test)]
mod testing;

/// The table that the tests outside sit at, for those that reach inside.
#[cfg(test)]
#[path = "../tests/common/mod.rs"]
mod table;

#[cfg(test)]
extern crate self as sanctuary_crypto;

pub use alias::{ALIAS_CHARS_MAX, Alias, InvalidAlias};
pub use bearing::Bearing;
pub use case::{lowercase, uppercase};
pub use charter::Charter;
#[cfg(feature = "dishonest")]
pub use door::dishonest;
pub use event::{AdmitError, Change, ChangeError, Event, SealError, Ticket, Unreadable};
pub use fading::Fading;
pub use key_tag::KeyTag;
pub use link::{InvalidLink, Link};
pub use newcomer::{DoorStep, Newcomer, TurnedAway, WelcomeError};
pub use recollection::Recollection;
pub use rules::Fault;
pub use secret::{
    InvalidRoomName, InvalidSecret, ROOM_NAME_CHARS_MAX, RoomName, SECRET_CHARS_MAX, Secret,
};
pub use session::{
    CannotCreate, DoorKnock, Knocked, Outgoing, PLAINTEXT_BYTES_MAX, SAFETY_WORDS, Safety, Session,
};
pub use strength::{Strength, strength};
pub use stretched::Stretched;
pub use transcript::Tampering;
