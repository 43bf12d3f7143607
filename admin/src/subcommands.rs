//! The table of commands as the command line has it, from which a shell's completions are made too.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command};

use crate::verb::{Argument, Flag, TABLE, Value, Verb};

/// What follows a verb, in the words the line is made of again.
const WORDS: &str = "words";

/// Commands that are no verb of the server's.
pub(crate) const BESIDE_THE_SERVER: [(&str, &str); 3] = [
    ("verify", "hold what a server serves against a release"),
    ("completions", "print what a shell completes"),
    ("manual", "print the manual page"),
];

/// A subcommand for each line of the table.
pub(crate) fn of_the_table() -> impl Iterator<Item = Command> {
    TABLE.iter().map(subcommand)
}

/// Commands that no server is asked by: the binary does them before anything else.
pub(crate) fn beside_the_server() -> impl Iterator<Item = Command> {
    BESIDE_THE_SERVER.into_iter().map(|(word, about)| Command::new(word).about(about))
}

/// The line that an operator would have typed at the prompt.
pub(crate) fn line_of(word: &str, matches: &ArgMatches) -> String {
    let mut line = vec![word.to_owned()];
    let Some(verb) = Verb::from_word(word) else {
        // No subcommand: its words are under an empty name.
        let rest = matches.get_many::<std::ffi::OsString>("").unwrap_or_default();
        line.extend(rest.map(|word| word.to_string_lossy().into_owned()));
        return line.join(" ");
    };
    for flag in verb.flags {
        if let Some(value) = matches.get_one::<String>(flag.name) {
            line.push(format!("{}={value}", flag.name));
        }
    }
    if verb.argument != Argument::None {
        line.extend(matches.get_many::<String>(WORDS).unwrap_or_default().cloned());
    }
    line.join(" ")
}

fn subcommand(verb: &'static Verb) -> Command {
    let command = Command::new(verb.word)
        .visible_aliases(verb.also)
        .about(verb.summary)
        .long_about(format!("{}\n\n{}", verb.summary, verb.details))
        .args(verb.flags.iter().map(flag));
    match verb.argument.shape() {
        Some(shape) => command.arg(words(verb.argument, shape)),
        None => command,
    }
}

fn flag(flag: &'static Flag) -> Arg {
    let name = flag.name.trim_start_matches('-');
    let arg = Arg::new(flag.name).long(name).help(flag.summary);
    match flag.value {
        Value::Span => arg.value_name("1h"),
        Value::OneOf(words) => arg.value_parser(PossibleValuesParser::new(words)),
    }
}

/// What is missing or wrong is told by the table, as at the prompt.
fn words(argument: Argument, shape: &'static str) -> Arg {
    let arg = Arg::new(WORDS).num_args(0..).value_name(shape.trim_matches(['[', ']']));
    match argument {
        Argument::OnOff => arg.value_parser(PossibleValuesParser::new(["on", "off"])),
        Argument::OptionalVerb => {
            let words = TABLE.iter().map(|verb| verb.word);
            arg.value_parser(PossibleValuesParser::new(words))
        }
        Argument::None | Argument::Room | Argument::Target | Argument::Text => arg,
    }
}
