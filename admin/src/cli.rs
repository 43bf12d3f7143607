//! The command line: options, exit codes, and which of three ways to run: one command, a script
//! from a pipe, or the prompt.

use std::env;
use std::fs;
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser};
use sanctuary_protocol::admin::default_socket_path;

use crate::command::{Command, ParseError, parse};
use crate::perform::{Consent, Failure, Format, Operator, perform};
use crate::socket::{REPLY_WAIT, Server};
use crate::{repl, show};

/// Bytes a script's line may have: no command comes near it.
const SCRIPT_LINE_BYTES_MAX: u64 = 4 * 1024;

/// What the tool may be started with.
#[derive(Clone, Debug, PartialEq, Eq, Parser)]
#[command(
    name = "sanctuary-admin",
    version,
    about = "Looks after a running sanctuary server: its rooms by throwaway handle, never by name.",
    long_about = None
)]
pub struct Arguments {
    /// The command to run; without one, a prompt, or a script if something is piped in
    #[arg(value_name = "COMMAND")]
    pub words: Vec<String>,
    /// The server's admin socket [default: where the server puts it for this user]
    #[arg(long, value_name = "PATH", env = "SANCTUARY_ADMIN_SOCKET")]
    pub socket: Option<PathBuf>,
    /// Print each reply as one line of JSON
    #[arg(long)]
    pub json: bool,
    /// End rooms without asking first
    #[arg(long)]
    pub yes: bool,
}

impl Arguments {
    /// The process's own. Ends the process for `--help`, `--version` and a wrong option.
    pub fn from_command_line() -> Self {
        let matches = Self::full_command().get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }

    /// The command with all that `--help` says.
    pub(crate) fn full_command() -> clap::Command {
        Self::command().after_help(after_help())
    }
}

fn after_help() -> String {
    let commands: String = show::help().lines().map(|line| format!("  {line}\n")).collect();
    format!(
        "Commands:\n{commands}  \
           verify URL          holds what a server serves against a release; see verify --help\n  \
           completions SHELL   prints what a shell completes\n  \
           manual              prints the manual page\n\n\
         Exit codes:\n  \
           0  done\n  \
           1  the server refused, there is no such room, or you declined\n  \
           2  the command or an option is wrong, or a purge needs --yes\n  \
           3  no server could be asked\n\n\
         Nothing is kept: no history file, no settings."
    )
}

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
    let result = match arguments.words.as_slice() {
        [] if io::stdin().is_terminal() => repl::run(&mut server, format, operator),
        [] => script(&mut server, format, &mut operator, &mut io::stdin().lock()),
        words => one(&words.join(" "), &mut server, format, &mut operator),
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
        .and_then(|command| perform(command, server, format, operator, &mut io::stdout()))
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
            Ok(command) => perform(command, server, format, operator, &mut io::stdout()),
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

    #[test]
    fn the_help_names_every_command_and_exit_code() {
        let help = after_help();
        for line in show::help().lines() {
            assert!(help.contains(line), "{line}");
        }
        for code in 0..=3 {
            assert!(help.contains(&format!("\n  {code}  ")), "{code}");
        }
    }

    #[test]
    fn the_arguments_are_well_formed() {
        Arguments::command().debug_assert();
        let arguments = Arguments::try_parse_from(["sanctuary-admin", "purge", "r7", "--yes"]);
        assert!(arguments.is_ok_and(|read| read.yes && read.words == ["purge", "r7"]));
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
