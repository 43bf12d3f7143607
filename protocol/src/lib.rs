//! The wire vocabulary of Sanctuary: what a client and a server may say to each other, and what an
//! operator may ask. No I/O, no clock, no secrets: a blob is bytes with a bound, whoever sealed it.
//!
//! `docs/PROTOCOL.md` says the same in prose; its hex examples are decoded and encoded by
//! `tests/examples.rs`, so the two cannot drift apart.

pub mod limits;

mod bounded;
mod id;
mod redacted;
mod sorted;

mod client_frame;
mod head;
mod server_frame;
mod view;

mod codec;

pub mod admin;
pub mod page;

pub use bounded::{Blob, Few, OverBound, Text};
pub use client_frame::{
    ClientFrame, ClientFrameKind, CommitBlob, DoorBlob, DoorPolicy, KnockBlob, Moderation, Policy,
    PostBlob, WelcomeBlob,
};
pub use codec::{DecodeError, Frame, decode, encode, encode_after};
pub use head::{Digest, Head};
pub use id::{InvalidRoomId, MemberId, ResumeToken, RoomId, Seq};
pub use redacted::Redacted;
pub use server_frame::{
    CloseReason, Entry, EntryKind, Opening, Presence, Refusal, Seat, ServerFrame,
};
pub use sorted::{SortedMap, SortedSet};
pub use view::View;

/// The WebSocket subprotocol both sides must name (RFC 6455 §1.9); the number is the version of
/// this vocabulary.
pub const SUBPROTOCOL: &str = "sanctuary.v1";

/// Where a room's WebSocket lives: this, then the room id as 32 hexadecimal digits.
pub const ROOM_PATH: &str = "/room/";
