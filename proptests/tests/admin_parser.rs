//! What an operator types is read as it is written: printing and parsing are each other's inverse,
//! and no line whatever does more than be refused in words.

use std::time::Duration;

use proptest::prelude::*;
use sanctuary_admin::command::{Command, ParseError, parse};
use sanctuary_admin::complete::{complete, hint};
use sanctuary_admin::verb::{Sort, TABLE, Target, Verb};
use sanctuary_admin::words::Notice;
use sanctuary_protocol::admin::RoomHandle;

fn command() -> impl Strategy<Value = Command> {
    let room = any::<u32>().prop_map(RoomHandle);
    let sort = prop::sample::select(vec![Sort::Age, Sort::Members, Sort::Bytes]);
    let alone = prop::sample::select(vec![
        Command::Status,
        Command::Version,
        Command::Actors,
        Command::Limits,
        Command::Stop,
        Command::Panic,
        Command::Audit,
        Command::Quit,
    ]);
    let span = || (1..1_000_000_u64).prop_map(Duration::from_secs);
    let target = prop_oneof![room.clone().prop_map(Target::Room), Just(Target::All)];
    let idle = span().prop_map(|older| Target::Idle { older });
    prop_oneof![
        8 => alone,
        1 => proptest::option::of(span()).prop_map(|every| Command::Stats { every }),
        1 => sort.prop_map(|sort| Command::Rooms { sort }),
        1 => room.prop_map(Command::Room),
        2 => (target, proptest::option::of(reason()))
            .prop_map(|(target, reason)| Command::Purge { target, reason }),
        1 => idle.prop_map(|target| Command::Purge { target, reason: None }),
        1 => any::<bool>().prop_map(Command::Admit),
        1 => reason().prop_map(Command::Notice),
        1 => proptest::option::of(span()).prop_map(|within| Command::Drain { within }),
        1 => proptest::option::of(verb()).prop_map(Command::Help),
    ]
}

/// A text that is said as it is typed: words with one space between them.
fn reason() -> impl Strategy<Value = Notice> {
    let word = "[a-zäöA-Z0-9.,!-]{3,9}";
    let first = word.prop_filter("it would be another room", |word| {
        !["all", "idle"].contains(&word.as_str())
            && word.parse::<RoomHandle>().is_err()
            && !word.starts_with("--")
    });
    let rest = proptest::collection::vec(word, 0..5);
    (first, rest).prop_filter_map("too long", |(first, rest)| {
        let words: Vec<_> = std::iter::once(first).chain(rest).collect();
        Notice::try_from(words.join(" ")).ok()
    })
}

fn verb() -> impl Strategy<Value = &'static Verb> {
    proptest::sample::select(TABLE.iter().collect::<Vec<_>>())
}

/// How an operator would type it.
fn typed(command: &Command) -> String {
    let with = |word: &str, flag: &str, span: &Option<Duration>| match span {
        Some(span) => format!("{word} {flag} {}s", span.as_secs()),
        None => word.to_owned(),
    };
    let said = |word: &str, reason: &Option<Notice>| match reason {
        Some(reason) => format!("{word} {}", reason.as_str()),
        None => word.to_owned(),
    };
    match command {
        Command::Status => "status".into(),
        Command::Version => "version".into(),
        Command::Actors => "actors".into(),
        Command::Limits => "limits".into(),
        Command::Stop => "stop".into(),
        Command::Panic => "panic".into(),
        Command::Audit => "audit".into(),
        Command::Quit => "quit".into(),
        Command::Stats { every } => with("stats", "--every", every),
        Command::Rooms { sort: Sort::Age } => "rooms".into(),
        Command::Rooms { sort: Sort::Members } => "rooms --sort members".into(),
        Command::Rooms { sort: Sort::Bytes } => "rooms --sort bytes".into(),
        Command::Room(room) => format!("room {room}"),
        Command::Purge { target: Target::Room(room), reason } => {
            said(&format!("purge {room}"), reason)
        }
        Command::Purge { target: Target::All, reason } => said("purge all", reason),
        Command::Purge { target: Target::Idle { older }, .. } => {
            with("purge idle", "--older", &Some(*older))
        }
        Command::Admit(true) => "admit on".into(),
        Command::Admit(false) => "admit off".into(),
        Command::Notice(text) => format!("notice {}", text.as_str()),
        Command::Drain { within } => with("drain", "--in", within),
        Command::Help(None) => "help".into(),
        Command::Help(Some(verb)) => format!("help {}", verb.word),
    }
}

/// Lines that come near to commands, where a parser's mistakes are.
fn near_miss() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        verb().prop_map(|verb| verb.word.to_owned()),
        prop::sample::select(vec!["all", "idle", "on", "--sort", "--older", "--in=5m", "1h"])
            .prop_map(str::to_owned),
        any::<u64>().prop_map(|number| format!("r{number}")),
        "[a-zR7 \t\u{a0}\u{2003}\u{1b}é-]{0,6}",
    ];
    proptest::collection::vec(word, 0..5).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(sanctuary_proptests::config("admin_parser"))]

    #[test]
    fn every_command_is_read_as_it_is_printed(command in command()) {
        prop_assert_eq!(parse(&typed(&command)), Ok(command));
    }

    #[test]
    fn what_is_understood_is_understood_again_when_printed(line in near_miss()) {
        match parse(&line) {
            // The quotes around a text are no part of it, and might have been one of another.
            Ok(Command::Notice(_) | Command::Purge { reason: Some(_), .. }) | Err(_) => {}
            Ok(command) => prop_assert_eq!(parse(&typed(&command)), Ok(command)),
        }
    }

    #[test]
    fn a_refusal_names_the_right_usage(line in prop_oneof![near_miss(), any::<String>()]) {
        let Err(error) = parse(&line) else { return Ok(()) };
        let said = error.to_string();
        prop_assert!(!said.contains(char::is_control), "{:?}", said);
        let first = line.split_whitespace().next();
        match error {
            ParseError::Empty => prop_assert_eq!(first, None),
            ParseError::UnknownVerb { .. } => {
                prop_assert_eq!(first.and_then(Verb::from_word), None);
            }
            ParseError::MissingArgument { verb }
            | ParseError::WrongArgument { verb, .. }
            | ParseError::TooManyArguments { verb, .. }
            | ParseError::UnknownFlag { verb, .. }
            | ParseError::MissingValue { verb, .. }
            | ParseError::WrongValue { verb, .. }
            | ParseError::WrongSpan { verb, .. } => {
                prop_assert!(said.contains(&verb.usage()), "{}", said);
                prop_assert_eq!(first.and_then(Verb::from_word), Some(verb));
            }
            ParseError::HowLongIdle
            | ParseError::IdleWithReason
            | ParseError::OlderWithoutIdle => prop_assert_eq!(first, Some("purge")),
            ParseError::TextTooLong { verb } | ParseError::ControlCharacter { verb } => {
                prop_assert_eq!(first.and_then(Verb::from_word), Some(verb));
            }
        }
    }

    #[test]
    fn what_tab_offers_continues_what_is_typed(line in prop_oneof![near_miss(), any::<String>()]) {
        for position in (0..=line.len()).filter(|position| line.is_char_boundary(*position)) {
            let completion = complete(&line, position, || vec![RoomHandle(7)]);
            let typed = line.get(completion.start..position);
            prop_assert!(typed.is_some(), "{} {}", completion.start, position);
            for word in completion.words {
                prop_assert!(word.starts_with(typed.unwrap_or_default()), "{}", word);
            }
        }
    }

    #[test]
    fn a_taken_hint_makes_a_verb(line in prop_oneof![near_miss(), any::<String>()]) {
        if let Some(hint) = hint(&line) {
            let taken = format!("{line}{}", hint.rest);
            let first = taken.split_whitespace().next().and_then(Verb::from_word);
            prop_assert!(first.is_some(), "{:?}", taken);
        }
    }
}
