//! `notice`: tell everybody in every room something.

use sanctuary_protocol::admin::{AdminReply, AdminRequest};

use super::{Argument, Verb};
use crate::command::{Command, ParseError};
use crate::perform::{Desk, Failure};
use crate::show::count;
use crate::words::{Notice, Words};

pub(super) const VERB: Verb = Verb {
    word: "notice",
    also: &[],
    argument: Argument::Text,
    flags: &[],
    summary: "tell everybody in every room something",
    details: "It is not encrypted, and stands in each room as the operator's word. Quotes around\n\
              it are left out.",
    read,
};

fn read(words: &mut Words<'_>) -> Result<Command, ParseError> {
    let text = words.text()?;
    text.map(Command::Notice).ok_or_else(|| words.missing())
}

pub(super) fn perform(desk: &mut Desk<'_>, text: Notice) -> Result<(), Failure> {
    desk.answer(&AdminRequest::Notice { text }, |reply| match reply {
        AdminReply::Noticed { rooms } => {
            Some(format!("told {}\n", count(u64::from(*rooms), "room")))
        }
        _ => None,
    })
}
