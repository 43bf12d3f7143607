//! The room's rules, as scripts: every line a command and the effects it must have, in order.
//!
//! ```text
//! c2: commit +3 -1 => all #4 1 commit +3, …     connection 2 sends a commit
//! wait 5000 => nothing                          five seconds pass, and the deadline with them
//! ```
//! A line without `=>` sets the scene and is not checked; one that begins with `..` goes on with
//! the line before.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a script that cannot be read fails its test"
)]

mod commit;
mod door;
mod order;
mod presence;
mod ring;
mod rules;
mod script;
