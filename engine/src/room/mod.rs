//! The room as a pure state machine: commands in, effects out.

mod command;
mod effect;

pub use command::{Command, ConnectionId};
pub use effect::Effect;
