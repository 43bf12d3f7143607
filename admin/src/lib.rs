//! The operator's tool: the same commands at a prompt, in a script, or one a call.
//!
//! A line becomes a [`command::Command`], a command becomes requests over the server's unix socket,
//! and the replies become words ([`show`]) or JSON. It asks before it ends a room, keeps no history
//! on disk, and has no word for a name, an address or a message, since the server sends it none.

pub mod command;
pub mod words;

pub mod complete;
pub mod show;
pub mod verb;

pub mod socket;

pub mod perform;

pub mod cli;
pub mod repl;
mod subcommands;

pub mod verify;

pub mod manual;
