//! The room as a pure state machine: commands in, effects out. No socket, no clock, no lock, no
//! randomness: the time and the token key arrive as arguments, so a seed replays a run exactly.
//!
//! [`Room`] has three phases; a `Conversation` is the one with somebody inside. It routes each
//! command to the part that decides it, and those are one noun each: who sits where (`seat`,
//! `token`), what was said (`ring`), who waits outside (`door`). The rules join them: coming and
//! going (`presence`), letting in and putting out (`commit`, `doorkeeping`), who is host and who
//! keeps the door (`succession`).

mod command;
mod effect;

#[expect(clippy::module_inception, reason = "the state machine is the room; it shares its name")]
mod room;

mod conversation;

mod commit;
mod doorkeeping;
mod presence;
mod succession;

mod door;
mod ring;
mod seat;
mod token;

mod census;

pub use census::Census;
pub use command::{Command, ConnectionId};
pub use effect::Effect;
pub use ring::RING_ENTRIES_MAX;
pub use room::Room;
