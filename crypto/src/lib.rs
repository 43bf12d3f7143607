//! End-to-end encryption: the secret of an invitation, the door, the sealed session. No I/O, no
//! clock, no threads; it is handed what arrived and hands back what to send. The server must not
//! depend on it, and learns nothing from what leaves it but sizes.
//!
//! This is a first step behind the seam that an MLS session (RFC 9420) takes over: every member
//! holds one key stretched from the secret. `docs/SECURITY.md` says what that does not give yet.
//!
//! Reading order: an invitation is a [`Link`] of a [`RoomName`] and a [`Secret`], which becomes
//! [`Stretched`]. With it a [`Newcomer`] knocks, a [`Session`] inside opens the door, and a welcome
//! makes the newcomer a session too. A session seals posts and reads entries into [`Event`]s.

pub mod hidden;

mod alias;
mod look_alike;
mod normal;

mod link;
mod secret;
mod strength;
mod stretched;

mod label;
mod padding;
mod random;
mod seal;

mod door;
mod event;
mod session;

pub use alias::{ALIAS_CHARS_MAX, Alias, InvalidAlias};
pub use door::{DoorStep, KnockHeard, Newcomer, TurnedAway, WelcomeError};
pub use event::{AdmitError, Event, KickError, SealError};
pub use link::{InvalidLink, Link};
pub use secret::{
    InvalidRoomName, InvalidSecret, ROOM_NAME_CHARS_MAX, RoomName, SECRET_CHARS_MAX, Secret,
};
pub use session::{PLAINTEXT_BYTES_MAX, Session};
pub use strength::{Strength, strength};
pub use stretched::Stretched;
