//! What an operator types is read as it is written: printing and parsing are each other's inverse,
//! and no line whatever does more than be refused in words.

use proptest::prelude::*;
use sanctuary_admin::command::{Command, ParseError, Verb, parse};
use sanctuary_admin::complete::{complete, hint};
use sanctuary_protocol::admin::RoomHandle;

fn command() -> impl Strategy<Value = Command> {
    let room = any::<u32>().prop_map(RoomHandle);
    prop_oneof![
        Just(Command::Rooms),
        room.clone().prop_map(Command::Room),
        room.prop_map(Command::Purge),
        Just(Command::PurgeAll),
        Just(Command::Status),
        proptest::option::of(verb()).prop_map(Command::Help),
        Just(Command::Quit),
    ]
}

fn verb() -> impl Strategy<Value = Verb> {
    proptest::sample::select(Verb::ALL.to_vec())
}

/// Lines that come near to commands, where a parser's mistakes are.
fn near_miss() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        verb().prop_map(|verb| verb.row().word.to_owned()),
        Just("all".to_owned()),
        any::<u64>().prop_map(|number| format!("r{number}")),
        "[a-zR7 \t\u{a0}\u{2003}\u{1b}é-]{0,6}",
    ];
    proptest::collection::vec(word, 0..5).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(sanctuary_proptests::config("admin_parser"))]

    #[test]
    fn every_command_is_read_as_it_is_printed(command in command()) {
        prop_assert_eq!(parse(&command.to_string()), Ok(command));
    }

    #[test]
    fn what_is_understood_is_understood_again_when_printed(line in near_miss()) {
        if let Ok(command) = parse(&line) {
            prop_assert_eq!(parse(&command.to_string()), Ok(command));
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
            | ParseError::TooManyArguments { verb, .. } => {
                prop_assert!(said.contains(&verb.usage()), "{}", said);
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
