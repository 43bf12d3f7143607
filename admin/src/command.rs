//! What an operator may type: one table of commands, from which the parser, the help, the hints and
//! the completion are all made. Pure; it knows neither the socket nor the terminal.

use std::fmt;

use sanctuary_protocol::admin::RoomHandle;

/// What an operator wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// List the rooms.
    Rooms,
    /// Show one room.
    Room(RoomHandle),
    /// End one room for everybody in it.
    Purge(RoomHandle),
    /// End every room.
    PurgeAll,
    /// Show the server's state.
    Status,
    /// List the commands, or explain one.
    Help(Option<Verb>),
    /// Leave the tool.
    Quit,
}

/// A command's first word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// `rooms`
    Rooms,
    /// `room`
    Room,
    /// `purge`
    Purge,
    /// `status`
    Status,
    /// `help`
    Help,
    /// `quit`
    Quit,
}

/// What may follow a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// Nothing.
    None,
    /// A room's handle.
    Room,
    /// A room's handle, or [`ALL`].
    RoomOrAll,
    /// A verb, or nothing.
    OptionalVerb,
}

/// The word for every room.
pub const ALL: &str = "all";

/// A line of the table: everything there is to know about a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// How it is written.
    pub word: &'static str,
    /// Other words for it.
    pub also: &'static [&'static str],
    /// What follows it.
    pub argument: Argument,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// The rest an operator should know before using it.
    pub details: &'static str,
}

impl Verb {
    /// Every verb, in the order the help lists them.
    pub const ALL: [Self; 6] =
        [Self::Rooms, Self::Room, Self::Purge, Self::Status, Self::Help, Self::Quit];

    /// The table.
    pub const fn row(self) -> Row {
        match self {
            Self::Rooms => Row {
                word: "rooms",
                also: &[],
                argument: Argument::None,
                summary: "list the rooms, oldest first",
                details: "members   connected at this moment\n\
                          gone      connection lost, seat still waiting for them\n\
                          knocks    newcomers waiting to be let in\n\
                          age       since the room was created\n\
                          quiet     since anything was last said or done in it\n\
                          entries   everything sequenced in it so far\n\
                          held      sealed bytes kept for members who are gone or slow\n\
                          \n\
                          r7 is a throwaway handle: it says nothing of the room's link, and a\n\
                          restarted server counts from r1 again.",
            },
            Self::Room => Row {
                word: "room",
                also: &[],
                argument: Argument::Room,
                summary: "show one room",
                details: "What the server knows of it, which is counts and times.",
            },
            Self::Purge => Row {
                word: "purge",
                also: &[],
                argument: Argument::RoomOrAll,
                summary: "end a room, or all of them, for everybody inside",
                details: "Its members are told that the operator ended it, and nothing of it is kept.\n\
                          Whoever still has the link may start it again. It asks first, unless the tool\n\
                          was started with --yes.",
            },
            Self::Status => Row {
                word: "status",
                also: &[],
                argument: Argument::None,
                summary: "show how the server is doing",
                details: "Each count stands beside the most the server will hold. A restart is a part of\n\
                          the server that failed and was started again.",
            },
            Self::Help => Row {
                word: "help",
                also: &["?"],
                argument: Argument::OptionalVerb,
                summary: "list the commands, or explain one",
                details: "At the prompt, Tab completes commands and the handles of living rooms.",
            },
            Self::Quit => Row {
                word: "quit",
                also: &["exit"],
                argument: Argument::None,
                summary: "leave; so does Ctrl-D",
                details: "The server and its rooms go on. Nothing you typed is kept.",
            },
        }
    }

    /// How the whole command is written.
    pub fn usage(self) -> String {
        let row = self.row();
        match row.argument.shape() {
            Some(shape) => format!("{} {shape}", row.word),
            None => row.word.to_owned(),
        }
    }

    /// The verb this word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| {
            let row = verb.row();
            row.word == word || row.also.contains(&word)
        })
    }

    /// The verb this word was probably meant to be.
    fn nearest(word: &str) -> Option<Self> {
        let distance = |verb: &Self| strsim::levenshtein(word, verb.row().word);
        Self::ALL.into_iter().filter(|verb| distance(verb) <= TYPING_SLIPS_MAX).min_by_key(distance)
    }
}

/// Slips between a word and the verb it is taken for. Two is a swapped pair of letters.
const TYPING_SLIPS_MAX: usize = 2;

/// Characters of an operator's word that an error repeats: enough to recognise it by.
const REPEATED_CHARACTERS_MAX: usize = 40;

impl Argument {
    /// How it is written in a usage line.
    pub const fn shape(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Room => Some("r7"),
            Self::RoomOrAll => Some("r7|all"),
            Self::OptionalVerb => Some("[command]"),
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |verb: Verb| verb.row().word;
        match self {
            Self::Rooms => f.write_str(word(Verb::Rooms)),
            Self::Room(room) => write!(f, "{} {room}", word(Verb::Room)),
            Self::Purge(room) => write!(f, "{} {room}", word(Verb::Purge)),
            Self::PurgeAll => write!(f, "{} {ALL}", word(Verb::Purge)),
            Self::Status => f.write_str(word(Verb::Status)),
            Self::Help(None) => f.write_str(word(Verb::Help)),
            Self::Help(Some(verb)) => write!(f, "{} {}", word(Verb::Help), word(*verb)),
            Self::Quit => f.write_str(word(Verb::Quit)),
        }
    }
}

/// Why a line is no command. Each says what would be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Nothing was typed.
    #[error("type a command; `help` lists them")]
    Empty,
    /// The first word is no verb.
    #[error("no command is called {word}; {}", suggestion(*nearest))]
    UnknownVerb {
        /// What was typed, made fit to print.
        word: String,
        /// What was probably meant.
        nearest: Option<Verb>,
    },
    /// The verb needs a word after it.
    #[error("{} which room? usage: {}", verb.row().word, verb.usage())]
    MissingArgument {
        /// Which.
        verb: Verb,
    },
    /// The word after the verb is not what it takes.
    #[error("{word} is not {}; usage: {}", wanted(*verb), verb.usage())]
    WrongArgument {
        /// Which.
        verb: Verb,
        /// What was typed, made fit to print.
        word: String,
    },
    /// More words than the verb takes.
    #[error("{word} is one word too many; usage: {}", verb.usage())]
    TooManyArguments {
        /// Which.
        verb: Verb,
        /// The first word too many, made fit to print.
        word: String,
    },
}

/// Reads one line. Words are separated by white space; case matters.
pub fn parse(line: &str) -> Result<Command, ParseError> {
    let mut words = line.split_whitespace();
    let first = words.next().ok_or(ParseError::Empty)?;
    let verb = Verb::from_word(first).ok_or_else(|| ParseError::UnknownVerb {
        word: fit_to_print(first),
        nearest: Verb::nearest(first),
    })?;
    let takes_argument = verb.row().argument != Argument::None;
    let argument = if takes_argument { words.next() } else { None };
    if let Some(extra) = words.next() {
        return Err(ParseError::TooManyArguments { verb, word: fit_to_print(extra) });
    }
    let missing = ParseError::MissingArgument { verb };
    let wrong = |word: &str| ParseError::WrongArgument { verb, word: fit_to_print(word) };
    let room = |word: &str| word.parse::<RoomHandle>().map_err(|_| wrong(word));
    Ok(match verb {
        Verb::Rooms => Command::Rooms,
        Verb::Room => Command::Room(room(argument.ok_or(missing)?)?),
        Verb::Purge => match argument.ok_or(missing)? {
            ALL => Command::PurgeAll,
            word => Command::Purge(room(word)?),
        },
        Verb::Status => Command::Status,
        Verb::Help => Command::Help(match argument {
            Some(word) => Some(Verb::from_word(word).ok_or_else(|| wrong(word))?),
            None => None,
        }),
        Verb::Quit => Command::Quit,
    })
}

fn suggestion(nearest: Option<Verb>) -> String {
    match nearest {
        Some(verb) => format!("did you mean `{}`?", verb.usage()),
        None => "`help` lists the commands".to_owned(),
    }
}

fn wanted(verb: Verb) -> &'static str {
    match verb.row().argument {
        Argument::None => "expected here",
        Argument::Room => "a room's handle",
        Argument::RoomOrAll => "a room's handle or `all`",
        Argument::OptionalVerb => "a command",
    }
}

/// A word somebody typed, quoted, cut, and with nothing in it that a terminal obeys.
fn fit_to_print(word: &str) -> String {
    let cut: String = word.chars().take(REPEATED_CHARACTERS_MAX).collect();
    let rest = if cut.len() < word.len() { "…" } else { "" };
    format!("`{}{rest}`", cut.escape_debug())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_is_read_as_it_is_written() {
        let check = |line: &str, expected| assert_eq!(parse(line), Ok(expected), "{line:?}");
        check("rooms", Command::Rooms);
        check("  room   r7 ", Command::Room(RoomHandle(7)));
        check("purge r7", Command::Purge(RoomHandle(7)));
        check("purge\tall", Command::PurgeAll);
        check("status", Command::Status);
        check("help", Command::Help(None));
        check("? purge", Command::Help(Some(Verb::Purge)));
        check("help exit", Command::Help(Some(Verb::Quit)));
        check("exit", Command::Quit);
        check("quit", Command::Quit);
    }

    #[test]
    fn an_error_says_what_would_have_been_right() {
        let check = |line: &str, expected: &str| {
            assert_eq!(parse(line).unwrap_err().to_string(), expected, "{line:?}");
        };
        check("", "type a command; `help` lists them");
        check("room", "room which room? usage: room r7");
        check("purge", "purge which room? usage: purge r7|all");
        check("purge 7", "`7` is not a room's handle or `all`; usage: purge r7|all");
        check("room all", "`all` is not a room's handle; usage: room r7");
        check("rooms r7", "`r7` is one word too many; usage: rooms");
        check("purge r7 r8", "`r8` is one word too many; usage: purge r7|all");
        check("help me", "`me` is not a command; usage: help [command]");
        check("romos", "no command is called `romos`; did you mean `rooms`?");
        check("stauts", "no command is called `stauts`; did you mean `status`?");
        check("prge", "no command is called `prge`; did you mean `purge r7|all`?");
        check("kick", "no command is called `kick`; `help` lists the commands");
    }

    #[test]
    fn an_error_repeats_nothing_that_a_terminal_obeys() {
        let error = parse("\u{1b}]0;owned\u{7}").unwrap_err().to_string();
        assert!(!error.contains(char::is_control), "{error:?}");
        let error = parse(&"é".repeat(100_000)).unwrap_err().to_string();
        assert!(error.chars().count() < 120, "{error}");
    }

    #[test]
    fn no_two_verbs_share_a_word() {
        for verb in Verb::ALL {
            let row = verb.row();
            for word in row.also.iter().chain([&row.word]) {
                assert_eq!(Verb::from_word(word), Some(verb), "{word}");
            }
        }
    }
}
