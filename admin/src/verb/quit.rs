//! `quit`: leave; so does Ctrl-D.

use super::{Argument, Verb};
use crate::command::Command;

pub(super) const VERB: Verb = Verb {
    word: "quit",
    also: &["exit"],
    argument: Argument::None,
    flags: &[],
    summary: "leave; so does Ctrl-D",
    details: "The server and its rooms go on. Nothing you typed is kept.",
    read: |_| Ok(Command::Quit),
};
