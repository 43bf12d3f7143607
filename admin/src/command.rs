//! What an operator may want, and how a line becomes it. Pure; it knows neither the socket nor the
//! terminal.

use std::time::Duration;

use sanctuary_protocol::admin::RoomHandle;
use sanctuary_protocol::limits::NOTICE_BYTES_MAX;

use crate::verb::{Argument, Sort, Target, Verb};
use crate::words::{Notice, Words, fit_to_print};

/// What an operator wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Show the server's state.
    Status,
    /// Show which server it is, and which tool.
    Version,
    /// Show what it has done since it started.
    Stats {
        /// Again and again, that far apart.
        every: Option<Duration>,
    },
    /// List the rooms.
    Rooms {
        /// In which order.
        sort: Sort,
    },
    /// Show one room.
    Room(RoomHandle),
    /// End rooms for everybody in them.
    Purge {
        /// Which.
        target: Target,
        /// What everybody is told before.
        reason: Option<Notice>,
    },
    /// Show the parts of the server.
    Actors,
    /// Show its bounds.
    Limits,
    /// Let people in, or nobody.
    Admit(bool),
    /// Tell everybody something.
    Notice(Notice),
    /// Let nobody in, and stop when all have gone.
    Drain {
        /// Or when the time is up.
        within: Option<Duration>,
    },
    /// Stop.
    Stop,
    /// End every room and stop at once.
    Panic,
    /// Show what the server holds.
    Audit,
    /// List the commands, or explain one.
    Help(Option<&'static Verb>),
    /// Leave the tool.
    Quit,
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
        nearest: Option<&'static Verb>,
    },
    /// The verb needs a word after it.
    #[error("{} {}? usage: {}", verb.word, asked(verb.argument), verb.usage())]
    MissingArgument {
        /// Which.
        verb: &'static Verb,
    },
    /// The word after the verb is not what it takes.
    #[error("{word} is not {}; usage: {}", verb.argument.wanted(), verb.usage())]
    WrongArgument {
        /// Which.
        verb: &'static Verb,
        /// What was typed, made fit to print.
        word: String,
    },
    /// More words than the verb takes.
    #[error("{word} is one word too many; usage: {}", verb.usage())]
    TooManyArguments {
        /// Which.
        verb: &'static Verb,
        /// The first word too many, made fit to print.
        word: String,
    },
    /// The verb has no such flag.
    #[error("`{}` has no {word}; usage: {}", verb.word, verb.usage())]
    UnknownFlag {
        /// Which.
        verb: &'static Verb,
        /// What was typed, made fit to print.
        word: String,
    },
    /// A flag stands without its value.
    #[error("{flag} of what? usage: {}", verb.usage())]
    MissingValue {
        /// Which.
        verb: &'static Verb,
        /// Which.
        flag: &'static str,
    },
    /// A flag's value is none of those it takes.
    #[error("{word} is nothing for {flag}; usage: {}", verb.usage())]
    WrongValue {
        /// Which.
        verb: &'static Verb,
        /// Which.
        flag: &'static str,
        /// What was typed, made fit to print.
        word: String,
    },
    /// A flag's value is no span of time, or one it does not take.
    #[error("{word} is no span for {flag}: write 30s, 5m, 1h or 2d; usage: {}", verb.usage())]
    WrongSpan {
        /// Which.
        verb: &'static Verb,
        /// Which.
        flag: &'static str,
        /// What was typed, made fit to print.
        word: String,
    },
    /// What the verb does has no meaning without the flag.
    #[error("how long quiet? usage: purge idle --older 1h")]
    HowLongIdle,
    /// Rooms that are idle have nobody to tell.
    #[error("`purge idle` tells nobody why; a reason goes with a room or with `all`")]
    IdleWithReason,
    /// A flag stands where it means nothing.
    #[error("--older goes with `purge idle` alone")]
    OlderWithoutIdle,
    /// The text is more than a notice holds.
    #[error("`{}` takes at most {NOTICE_BYTES_MAX} bytes of text", verb.word)]
    TextTooLong {
        /// Which.
        verb: &'static Verb,
    },
    /// The text has something in it that is no letter.
    #[error("`{}` takes plain text: there is a control character in it", verb.word)]
    ControlCharacter {
        /// Which.
        verb: &'static Verb,
    },
}

/// Reads one line. Words are separated by white space; case matters.
///
/// # Errors
/// When it is no command; the error says what would be.
pub fn parse(line: &str) -> Result<Command, ParseError> {
    let line = line.trim();
    let (first, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    if first.is_empty() {
        return Err(ParseError::Empty);
    }
    let unknown =
        || ParseError::UnknownVerb { word: fit_to_print(first), nearest: Verb::nearest(first) };
    let verb = Verb::from_word(first).ok_or_else(unknown)?;
    let mut words = Words::after(verb, rest)?;
    let command = (verb.read)(&mut words)?;
    words.end()?;
    Ok(command)
}

fn suggestion(nearest: Option<&'static Verb>) -> String {
    match nearest {
        Some(verb) => format!("did you mean `{}`?", verb.usage()),
        None => "`help` lists the commands".to_owned(),
    }
}

fn asked(argument: Argument) -> &'static str {
    match argument {
        Argument::Room | Argument::Target => "which room",
        Argument::OnOff => "on or off",
        Argument::Text => "what",
        Argument::None | Argument::OptionalVerb => "what",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(text: &str) -> Notice {
        Notice::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn each_command_is_read_as_it_is_written() {
        let check = |line: &str, expected| assert_eq!(parse(line), Ok(expected), "{line:?}");
        let hour = Duration::from_secs(3_600);
        check("rooms", Command::Rooms { sort: Sort::Age });
        check("rooms --sort bytes", Command::Rooms { sort: Sort::Bytes });
        check("rooms --sort=members", Command::Rooms { sort: Sort::Members });
        check("  room   r7 ", Command::Room(RoomHandle(7)));
        let purge =
            |target, reason: Option<&str>| Command::Purge { target, reason: reason.map(notice) };
        check("purge r7", purge(Target::Room(RoomHandle(7)), None));
        check("purge\tall", purge(Target::All, None));
        check("purge r7 it is --spam", purge(Target::Room(RoomHandle(7)), Some("it is --spam")));
        check("purge all \"Good bye.\"", purge(Target::All, Some("Good bye.")));
        check("purge idle --older 1h", purge(Target::Idle { older: hour }, None));
        check("purge --older 1h idle", purge(Target::Idle { older: hour }, None));
        check("status", Command::Status);
        check("version", Command::Version);
        check("stats", Command::Stats { every: None });
        check("stats --every 1s", Command::Stats { every: Some(Duration::from_secs(1)) });
        check("actors", Command::Actors);
        check("limits", Command::Limits);
        check("admit off", Command::Admit(false));
        check("notice Back at  noon.", Command::Notice(notice("Back at noon.")));
        check("drain", Command::Drain { within: None });
        check("drain --in 1h", Command::Drain { within: Some(hour) });
        check("stop", Command::Stop);
        check("panic", Command::Panic);
        check("audit", Command::Audit);
        check("help", Command::Help(None));
        check("? purge", Command::Help(Verb::from_word("purge")));
        check("help exit", Command::Help(Verb::from_word("quit")));
        check("exit", Command::Quit);
    }

    #[test]
    fn an_error_says_what_would_have_been_right() {
        const PURGE: &str = "usage: purge r7|all|idle [reason] [--older 1h]";
        let check = |line: &str, expected: &str| {
            assert_eq!(parse(line).unwrap_err().to_string(), expected, "{line:?}");
        };
        check("", "type a command; `help` lists them");
        check("room", "room which room? usage: room r7");
        check("purge", &format!("purge which room? {PURGE}"));
        check("purge 7", &format!("`7` is not a room's handle, `all` or `idle`; {PURGE}"));
        check("purge idle", "how long quiet? usage: purge idle --older 1h");
        check("purge idle --older", &format!("--older of what? {PURGE}"));
        let span = "is no span for --older: write 30s, 5m, 1h or 2d";
        check("purge idle --older 5", &format!("`5` {span}; {PURGE}"));
        check("purge all --older 1h", "--older goes with `purge idle` alone");
        check(
            "purge idle --older 1h spam",
            "`purge idle` tells nobody why; a reason goes with a room or with `all`",
        );
        check("purge r7 r8", &format!("`r8` is one word too many; {PURGE}"));
        check("room all", "`all` is not a room's handle; usage: room r7");
        check("rooms r7", "`r7` is one word too many; usage: rooms [--sort age|members|bytes]");
        check(
            "rooms --sort size",
            "`size` is nothing for --sort; usage: rooms [--sort age|members|bytes]",
        );
        check("rooms --all", "`rooms` has no `--all`; usage: rooms [--sort age|members|bytes]");
        check("admit", "admit on or off? usage: admit on|off");
        check("admit maybe", "`maybe` is not `on` or `off`; usage: admit on|off");
        check("notice", "notice what? usage: notice text");
        check(
            "stats --every 0s",
            "`0s` is no span for --every: write 30s, 5m, 1h or 2d; usage: stats [--every 1h]",
        );
        check("help me", "`me` is not a command; usage: help [command]");
        check(
            "romos",
            "no command is called `romos`; did you mean `rooms [--sort age|members|bytes]`?",
        );
        check("stauts", "no command is called `stauts`; did you mean `status`?");
        check("kick", "no command is called `kick`; `help` lists the commands");
    }

    #[test]
    fn a_text_for_everybody_is_plain_and_short() {
        let long = format!("notice {}", "x".repeat(NOTICE_BYTES_MAX + 1));
        let said = parse(&long).unwrap_err().to_string();
        assert_eq!(said, "`notice` takes at most 2048 bytes of text");
        let said = parse("purge r7 a\u{1b}[2Jb").unwrap_err().to_string();
        assert_eq!(said, "`purge` takes plain text: there is a control character in it");
    }

    #[test]
    fn an_error_repeats_nothing_that_a_terminal_obeys() {
        let error = parse("\u{1b}]0;owned\u{7}").unwrap_err().to_string();
        assert!(!error.contains(char::is_control), "{error:?}");
        let error = parse(&"é".repeat(100_000)).unwrap_err().to_string();
        assert!(error.chars().count() < 120, "{error}");
    }
}
