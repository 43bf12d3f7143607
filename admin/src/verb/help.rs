//! `help`: list the commands, or explain one.

use super::{Argument, Verb};
use crate::command::{Command, ParseError};
use crate::perform::{Desk, Failure};
use crate::show::{help, help_with};
use crate::words::Words;

pub(super) const VERB: Verb = Verb {
    word: "help",
    also: &["?"],
    argument: Argument::OptionalVerb,
    flags: &[],
    summary: "list the commands, or explain one",
    details: "At the prompt, Tab completes commands and the handles of living rooms.",
    read,
};

fn read(words: &mut Words<'_>) -> Result<Command, ParseError> {
    match words.next() {
        Some(word) => match Verb::from_word(word) {
            Some(verb) => Ok(Command::Help(Some(verb))),
            None => Err(words.wrong(word)),
        },
        None => Ok(Command::Help(None)),
    }
}

pub(super) fn perform(desk: &mut Desk<'_>, verb: Option<&'static Verb>) -> Result<(), Failure> {
    desk.write(&match verb {
        Some(verb) => help_with(verb),
        None => help(),
    })
}
