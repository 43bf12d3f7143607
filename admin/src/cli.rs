//! The command line: options, exit codes, and which of three ways to run: one command, a script
//! from a pipe, or the prompt.

use std::env;
use std::fs;
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, ValueHint};
use sanctuary_protocol::admin::default_socket_path;

use crate::command::{Command, ParseError, parse};
use crate::perform::{Consent, Desk, Failure, Format, Operator};
use crate::socket::{REPLY_WAIT, Server};
use crate::verb::perform;
use crate::{repl, subcommands};

/// Bytes a script's line may have: no command comes near it.
const SCRIPT_LINE_BYTES_MAX: u64 = 4 * 1024;

/// What the tool was started with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arguments {
    /// The command to run; without one, a prompt, or a script if something is piped in.
    pub line: Option<String>,
    /// The server's admin socket, where it is not the usual one.
    pub socket: Option<PathBuf>,
    /// Whether each reply is printed as one line of JSON.
    pub json: bool,
    /// Whether nothing is asked before something is lost.
    pub yes: bool,
}

impl Arguments {
    /// The process's own. Ends the process for `--help`, `--version` and a wrong option.
    pub fn from_command_line() -> Self {
        Self::of(&command().get_matches())
    }

    fn of(matches: &ArgMatches) -> Self {
        Self {
            line: matches.subcommand().map(|(word, words)| subcommands::line_of(word, words)),
            socket: matches.get_one("socket").cloned(),
            json: matches.get_flag("json"),
            yes: matches.get_flag("yes"),
        }
    }
}

/// The command line: the tool's own flags, and a subcommand for each line of the table.
pub fn command() -> clap::Command {
    flags()
        .subcommands(subcommands::of_the_table())
        .subcommands(subcommands::beside_the_server())
        // A word that is none is told of by the table, which knows what was meant.
        .allow_external_subcommands(true)
        .disable_help_subcommand(true)
}

/// The tool's own flags.
pub(crate) fn flags() -> clap::Command {
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).help(help).action(ArgAction::SetTrue).global(true)
    };
    clap::Command::new("sanctuary-admin")
        .version(env!("CARGO_PKG_VERSION"))
        .about(
            "Looks after a running sanctuary server: its rooms by throwaway handle, never by name.",
        )
        .arg(
            Arg::new("socket")
                .long("socket")
                .value_name("PATH")
                .env("SANCTUARY_ADMIN_SOCKET")
                .value_parser(clap::value_parser!(PathBuf))
                .value_hint(ValueHint::FilePath)
                .help("The server's admin socket [default: where the server puts it for this user]")
                .global(true),
        )
        .arg(flag("json", "Print each reply as one line of JSON"))
        .arg(flag("yes", "End rooms, or the server, without asking first"))
        .override_usage("sanctuary-admin [OPTIONS] [COMMAND]")
        .after_help(AFTER_HELP)
}

const AFTER_HELP: &str = "\
Without a command it opens a prompt, or runs what is piped into it, a command a line.

Exit codes:
  0  done
  1  the server refused, there is no such room, or you declined
  2  the command or an option is wrong, or it asks first and needs --yes
  3  no server could be asked

Nothing is kept: no history file, no settings.";

/// How the tool ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Done,
    Refused,
    Misused,
    NoServer,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(match ending {
            Ending::Done => 0,
            Ending::Refused => 1,
            Ending::Misused => 2,
            Ending::NoServer => 3,
        })
    }
}

impl From<&Failure> for Ending {
    fn from(failure: &Failure) -> Self {
        match failure {
            // Whoever read our answers has read enough.
            Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Self::Done,
            Failure::Misused(_) | Failure::NobodyToAsk => Self::Misused,
            Failure::Refused(_) | Failure::Declined | Failure::Output(_) => Self::Refused,
            Failure::Socket(_) | Failure::AnsweredElse => Self::NoServer,
        }
    }
}

/// Runs the tool to its end.
pub fn run(arguments: &Arguments) -> ExitCode {
    let socket = match arguments.socket.clone().map_or_else(own_socket_path, Ok) {
        Ok(socket) => socket,
        Err(error) => {
            complain(&format!("who you are is unknown ({error}); name the socket: --socket PATH"));
            return Ending::Misused.into();
        }
    };
    let mut server = Server::new(socket, REPLY_WAIT);
    let format = if arguments.json { Format::Json } else { Format::Words };
    let mut operator = match (arguments.yes, io::stdin().is_terminal()) {
        (true, _) => Asked::Beforehand,
        (false, true) if io::stderr().is_terminal() => Asked::AtTheTerminal,
        (false, _) => Asked::Nobody,
    };
    let result = match &arguments.line {
        None if io::stdin().is_terminal() => repl::run(&mut server, format, operator),
        None => script(&mut server, format, &mut operator, &mut io::stdin().lock()),
        Some(line) => one(line, &mut server, format, &mut operator),
    };
    match result {
        Ok(()) => Ending::Done.into(),
        Err(failure) => Ending::from(&failure).into(),
    }
}

/// Runs one line and tells its failure.
fn one(
    line: &str,
    server: &mut Server,
    format: Format,
    operator: &mut dyn Operator,
) -> Result<(), Failure> {
    parse(line)
        .map_err(Failure::from)
        .and_then(|command| {
            perform(command, &mut Desk { server, format, operator, out: &mut io::stdout() })
        })
        .inspect_err(|failure| tell("", failure))
}

/// Runs every line of a script, up to the first that fails: a command that counted on the one before
/// must not run.
fn script(
    server: &mut Server,
    format: Format,
    operator: &mut dyn Operator,
    lines: &mut dyn BufRead,
) -> Result<(), Failure> {
    for number in 1_u64.. {
        let mut line = Vec::new();
        if lines.take(SCRIPT_LINE_BYTES_MAX).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let result = match parse(&String::from_utf8_lossy(&line)) {
            Ok(Command::Quit) => break,
            Err(ParseError::Empty) => Ok(()),
            Err(error) => Err(error.into()),
            Ok(command) => {
                let out = &mut io::stdout();
                perform(command, &mut Desk { server, format, operator: &mut *operator, out })
            }
        };
        result.inspect_err(|failure| tell(&format!("line {number}: "), failure))?;
    }
    Ok(())
}

/// How consent to a purge is had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// `--yes`.
    Beforehand,
    /// By a question on standard error, answered on standard input.
    AtTheTerminal,
    /// Neither.
    Nobody,
}

impl Operator for Asked {
    fn consent(&mut self, question: &str) -> Consent {
        match self {
            Self::Beforehand => Consent::Given,
            Self::Nobody => Consent::NobodyToAsk,
            Self::AtTheTerminal => {
                let mut errors = io::stderr();
                let asked = errors.write_all(question.as_bytes()).and_then(|()| errors.flush());
                let mut answer = String::new();
                match asked.and_then(|()| io::stdin().read_line(&mut answer)) {
                    Ok(_) => yes_or_no(&answer),
                    Err(_) => Consent::Declined,
                }
            }
        }
    }
}

/// Only a clear yes is one.
pub fn yes_or_no(answer: &str) -> Consent {
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Consent::Given,
        _ => Consent::Declined,
    }
}

/// Says on standard error why something was not done, unless nobody is left to read it.
pub fn tell(place: &str, failure: &Failure) {
    match failure {
        Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Failure::Misused(_)
        | Failure::NobodyToAsk
        | Failure::Declined
        | Failure::Refused(_)
        | Failure::Socket(_)
        | Failure::AnsweredElse
        | Failure::Output(_) => complain(&format!("{place}{failure}")),
    }
}

fn complain(text: &str) {
    // A closed standard error leaves nobody to tell.
    let _ = writeln!(io::stderr(), "{text}");
}

fn own_socket_path() -> io::Result<PathBuf> {
    let uid = fs::metadata("/proc/self")?.uid();
    let runtime_dir = env::var_os("XDG_RUNTIME_DIR");
    Ok(default_socket_path(runtime_dir.as_deref().map(Path::new), uid))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verb::TABLE;

    #[test]
    fn the_help_names_every_command_and_exit_code() {
        let help = command().render_help().to_string();
        for verb in &TABLE {
            assert!(help.contains(&format!("\n  {} ", verb.word)), "{verb:?}");
        }
        for code in 0..=3 {
            assert!(help.contains(&format!("\n  {code}  ")), "{code}");
        }
    }

    #[test]
    fn the_arguments_are_well_formed() {
        command().debug_assert();
        let read = |words: &[&str]| {
            let words = [&["sanctuary-admin"], words].concat();
            command().try_get_matches_from(words).map(|matches| Arguments::of(&matches))
        };
        let check = |words: &[&str], line: &str, yes| {
            let read = read(words).unwrap();
            assert_eq!((read.line.as_deref(), read.yes), (Some(line), yes), "{words:?}");
        };
        check(&["purge", "r7", "--yes"], "purge r7", true);
        check(&["--yes", "purge", "r7", "it", "was spam"], "purge r7 it was spam", true);
        check(&["purge", "idle", "--older", "1h"], "purge --older=1h idle", false);
        check(&["rooms", "--sort=bytes"], "rooms --sort=bytes", false);
        check(&["romos"], "romos", false);
        assert!(read(&["rooms", "--all"]).is_err());
        assert_eq!(read(&[]).unwrap().line, None);
    }

    #[test]
    fn only_a_clear_yes_ends_a_room() {
        for answer in ["y", "Y\n", " yes ", "YES"] {
            assert_eq!(yes_or_no(answer), Consent::Given, "{answer:?}");
        }
        for answer in ["", "\n", "n", "yess", "ye", "rooms", "y y"] {
            assert_eq!(yes_or_no(answer), Consent::Declined, "{answer:?}");
        }
    }
}
