//! `admit`: let people in, or nobody.

use sanctuary_protocol::admin::{AdminReply, AdminRequest};

use super::{Argument, Verb};
use crate::command::{Command, ParseError};
use crate::perform::{Desk, Failure};
use crate::words::Words;

pub(super) const VERB: Verb = Verb {
    word: "admit",
    also: &[],
    argument: Argument::OnOff,
    flags: &[],
    summary: "let people in, or nobody",
    details: "Off: no room is started and nobody can knock at one. Whoever is in stays in, and may\n\
              come back to a seat that waits; whoever stood at a door before may still be let in\n\
              by those inside. On ends that, and a drain too.",
    read,
};

fn read(words: &mut Words<'_>) -> Result<Command, ParseError> {
    match words.word()? {
        "on" => Ok(Command::Admit(true)),
        "off" => Ok(Command::Admit(false)),
        word => Err(words.wrong(word)),
    }
}

pub(super) fn perform(desk: &mut Desk<'_>, admitting: bool) -> Result<(), Failure> {
    desk.answer(&AdminRequest::Admit { admitting }, |reply| match reply {
        AdminReply::Admitting { admitting: true } => Some("people are let in\n".to_owned()),
        AdminReply::Admitting { admitting: false } => {
            Some("nobody is let in; whoever is in stays in\n".to_owned())
        }
        _ => None,
    })
}
