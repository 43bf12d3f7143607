//! The table of commands, a file each, from which the parser, the help, the hints, the completion, the
//! command line and the manual are all made.

mod actors;
mod admit;
mod audit;
mod drain;
mod help;
mod limits;
mod notice;
mod panic;
mod purge;
mod quit;
mod room;
mod rooms;
mod stats;
mod status;
mod stop;
mod version;

use std::fmt;

use crate::command::{Command, ParseError};
use crate::perform::{Desk, Failure};
use crate::words::Words;

pub use purge::{ALL, IDLE, Target};
pub use rooms::Sort;

/// Every verb, in the order the help lists them.
pub static TABLE: [Verb; 16] = [
    status::VERB,
    version::VERB,
    stats::VERB,
    rooms::VERB,
    room::VERB,
    purge::VERB,
    actors::VERB,
    limits::VERB,
    admit::VERB,
    notice::VERB,
    drain::VERB,
    stop::VERB,
    panic::VERB,
    audit::VERB,
    help::VERB,
    quit::VERB,
];

/// A line of the table: everything there is to know about a command.
#[derive(Clone, Copy)]
pub struct Verb {
    /// How it is written.
    pub word: &'static str,
    /// Other words for it.
    pub also: &'static [&'static str],
    /// What follows it.
    pub argument: Argument,
    /// What may follow it by name.
    pub flags: &'static [Flag],
    /// What it does, in a few words.
    pub summary: &'static str,
    /// The rest an operator should know before using it.
    pub details: &'static str,
    /// Reads what follows.
    pub(crate) read: fn(&mut Words<'_>) -> Result<Command, ParseError>,
}

/// What may follow a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// Nothing.
    None,
    /// A room's handle.
    Room,
    /// A room's handle, or [`ALL`], and then a text, or [`IDLE`].
    Target,
    /// `on` or `off`.
    OnOff,
    /// A text.
    Text,
    /// A verb, or nothing.
    OptionalVerb,
}

/// What may follow a verb by name, with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag {
    /// With its dashes.
    pub name: &'static str,
    /// What its value is.
    pub value: Value,
    /// What it does.
    pub summary: &'static str,
}

/// What the value of a flag is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A span of time, such as `90s` or `1h`.
    Span,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

impl Verb {
    /// How the whole command is written.
    pub fn usage(&self) -> String {
        let mut usage = self.word.to_owned();
        if let Some(shape) = self.argument.shape() {
            usage = format!("{usage} {shape}");
        }
        for flag in self.flags {
            usage = format!("{usage} [{} {}]", flag.name, flag.value.shape());
        }
        usage
    }

    /// What stands after the word in its usage.
    pub fn shape(&self) -> String {
        self.usage()[self.word.len()..].trim_start().to_owned()
    }

    /// The verb this word stands for.
    pub fn from_word(word: &str) -> Option<&'static Self> {
        TABLE.iter().find(|verb| verb.word == word || verb.also.contains(&word))
    }

    /// The verb this word was probably meant to be.
    pub(crate) fn nearest(word: &str) -> Option<&'static Self> {
        let distance = |verb: &&Self| strsim::osa_distance(word, verb.word);
        TABLE.iter().filter(|verb| distance(verb) <= TYPING_SLIPS_MAX).min_by_key(distance)
    }
}

/// Slips between a word and the verb it is taken for; a swapped pair of letters is one.
const TYPING_SLIPS_MAX: usize = 2;

impl PartialEq for Verb {
    fn eq(&self, other: &Self) -> bool {
        self.word == other.word
    }
}

impl Eq for Verb {}

impl fmt::Debug for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verb({})", self.word)
    }
}

impl Argument {
    /// How it is written in a usage line.
    pub const fn shape(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Room => Some("r7"),
            Self::Target => Some("r7|all|idle [reason]"),
            Self::OnOff => Some("on|off"),
            Self::Text => Some("text"),
            Self::OptionalVerb => Some("[command]"),
        }
    }

    /// What it is called in an error.
    pub(crate) const fn wanted(self) -> &'static str {
        match self {
            Self::None => "expected here",
            Self::Room => "a room's handle",
            Self::Target => "a room's handle, `all` or `idle`",
            Self::OnOff => "`on` or `off`",
            Self::Text => "a text",
            Self::OptionalVerb => "a command",
        }
    }
}

impl Value {
    /// How it is written in a usage line.
    pub fn shape(self) -> String {
        match self {
            Self::Span => "1h".to_owned(),
            Self::OneOf(words) => words.join("|"),
        }
    }
}

/// Does a command. [`Command::Quit`] does nothing here: leaving is the caller's.
///
/// # Errors
/// When it was not done; the failure says why.
pub fn perform(command: Command, desk: &mut Desk<'_>) -> Result<(), Failure> {
    match command {
        Command::Status => status::perform(desk),
        Command::Version => version::perform(desk),
        Command::Stats { every } => stats::perform(desk, every),
        Command::Rooms { sort } => rooms::perform(desk, sort),
        Command::Room(handle) => room::perform(desk, handle),
        Command::Purge { target, reason } => purge::perform(desk, target, reason),
        Command::Actors => actors::perform(desk),
        Command::Limits => limits::perform(desk),
        Command::Admit(admitting) => admit::perform(desk, admitting),
        Command::Notice(text) => notice::perform(desk, text),
        Command::Drain { within } => drain::perform(desk, within),
        Command::Stop => stop::perform(desk),
        Command::Panic => panic::perform(desk),
        Command::Audit => audit::perform(desk),
        Command::Help(verb) => help::perform(desk, verb),
        Command::Quit => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_verbs_share_a_word() {
        for verb in &TABLE {
            for word in verb.also.iter().chain([&verb.word]) {
                assert_eq!(Verb::from_word(word), Some(verb), "{word}");
            }
        }
    }

    #[test]
    fn every_verb_says_what_it_does() {
        for verb in &TABLE {
            assert!(!verb.summary.is_empty() && !verb.details.is_empty(), "{verb:?}");
            assert!(verb.usage().len() <= 44, "{}", verb.usage());
        }
    }
}
