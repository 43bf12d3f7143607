//! `drain`: let nobody in, and stop when all have gone.

use std::time::Duration;

use sanctuary_protocol::admin::{AdminReply, AdminRequest};

use super::{Argument, Flag, Value, Verb};
use crate::command::{Command, ParseError};
use crate::perform::{Desk, Failure};
use crate::show::{count, duration};
use crate::words::Words;

pub(super) const VERB: Verb = Verb {
    word: "drain",
    also: &[],
    argument: Argument::None,
    flags: &[Flag { name: WITHIN, value: Value::Span, summary: "stop then at the latest" }],
    summary: "let nobody in, and stop when all have gone",
    details: "Everybody is told. Who is in stays in, until the last room has ended or the time is\n\
              up; then the server stops as by `stop`. Before that, `admit on` ends the drain.",
    read,
};

const WITHIN: &str = "--in";

fn read(words: &mut Words<'_>) -> Result<Command, ParseError> {
    Ok(Command::Drain { within: words.span(WITHIN)? })
}

pub(super) fn perform(desk: &mut Desk<'_>, within: Option<Duration>) -> Result<(), Failure> {
    desk.agree("Let nobody in any more, and stop when the last room has ended? [y/N] ")?;
    let in_seconds = within.map(|within| within.as_secs());
    desk.answer(&AdminRequest::Drain { in_seconds }, |reply| match reply {
        AdminReply::Draining { rooms, in_seconds } => {
            let rooms = count(u64::from(*rooms), "room");
            Some(match in_seconds {
                Some(seconds) => {
                    format!("nobody is let in; {rooms} to go, {} at most\n", duration(*seconds))
                }
                None => format!("nobody is let in; {rooms} to go\n"),
            })
        }
        _ => None,
    })
}
