//! How the server was called: the task, and what flags, variables and the settings file say together.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command, FromArgMatches as _, ValueEnum};

use super::Options;
use super::file::{File, FileError, is_list, is_setting, is_switch};
use super::lines::Lines;

/// Read where no other is named, if it is there.
const FILE: &str = "sanctuary.toml";

/// What the server was called to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Task {
    /// Serve
    Serve,
    /// Say whether the settings are right, and start nothing
    CheckConfig,
    /// Print every setting as it would hold, and start nothing
    PrintConfig,
}

/// How the server was called.
pub(crate) struct Invocation {
    pub(crate) options: Options,
    command: Command,
    matches: ArgMatches,
    file: Option<PathBuf>,
    /// Settings that the file set, and where.
    pub(crate) lines: Lines,
}

impl Invocation {
    /// The process's own. Ends the process for `--help`, `--version` and a wrong option.
    ///
    /// # Errors
    /// When the settings file is wrong: which line, and what would be right.
    pub(crate) fn of_this_process() -> Result<Self, FileError> {
        let variable = |name: &OsStr| env::var_os(name);
        Self::read(env::args_os().collect(), variable, Path::new(FILE))
    }

    fn read(
        arguments: Vec<OsString>,
        variable: impl Fn(&OsStr) -> Option<OsString>,
        beside: &Path,
    ) -> Result<Self, FileError> {
        let command = Options::with_variables(variable);
        let given = command.clone().get_matches_from(&arguments);
        let named = given.get_one::<PathBuf>("config").cloned();
        let file = match named {
            Some(path) => Some(File::read(&path, &command)?),
            None if beside.exists() => Some(File::read_found(beside, &command)?),
            None => None,
        };
        let mut all = arguments;
        let mut lines = Lines::default();
        if let Some(file) = &file {
            lines = file.lines_that_hold(&command, &given);
            let at = all.len().min(1);
            all.splice(at..at, file.flags(&command, &given));
        }
        let matches = command.clone().get_matches_from(all);
        let options = Options::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        let file = file.map(|file| file.path().to_owned());
        Ok(Self { options, command, matches, file, lines })
    }

    /// That the settings are right, in a sentence.
    pub(crate) fn approval(&self) -> String {
        match &self.file {
            Some(path) => format!("{} is in order", path.display()),
            None => format!("there is no {FILE} here; flags and variables are in order"),
        }
    }

    /// Every setting as it holds, as a settings file that says where each is from.
    pub(crate) fn settings(&self) -> String {
        let mut text = String::new();
        for argument in self.command.get_arguments().filter(|argument| is_setting(argument)) {
            let name = argument.get_long().unwrap_or_default();
            let line = match self.value(argument) {
                Some(value) => format!("{name} = {value}"),
                None => format!("# {name} ="),
            };
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{line:<40} # {}", self.source(argument));
        }
        text
    }

    fn value(&self, argument: &Arg) -> Option<String> {
        let id = argument.get_id().as_str();
        if is_switch(argument) {
            return Some(self.matches.get_flag(id).to_string());
        }
        let words: Vec<String> =
            self.matches.get_raw(id)?.map(|word| quoted(&word.to_string_lossy())).collect();
        match words.as_slice() {
            [word] if !is_list(argument) => Some(word.clone()),
            words => Some(format!("[{}]", words.join(", "))),
        }
    }

    fn source(&self, argument: &Arg) -> String {
        let id = argument.get_id().as_str();
        if argument.get_long().is_some_and(|flag| self.lines.set(flag)) {
            return self.file.as_deref().map(|it| it.display().to_string()).unwrap_or_default();
        }
        match self.matches.value_source(id) {
            Some(ValueSource::CommandLine) => "a flag".to_owned(),
            Some(ValueSource::EnvVariable) => {
                argument.get_env().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default()
            }
            Some(_) | None => "as it comes".to_owned(),
        }
    }
}

/// As TOML has it: a number bare, anything else in quotes.
fn quoted(word: &str) -> String {
    if word.parse::<u64>().is_ok() {
        return word.to_owned();
    }
    let escaped: String = word
        .chars()
        .map(|letter| match letter {
            '"' | '\\' => format!("\\{letter}"),
            letter if letter.is_control() => format!("\\u{:04X}", u32::from(letter)),
            letter => letter.to_string(),
        })
        .collect();
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn invoked(file: &str, flags: &[&str], variables: &[(&str, &str)]) -> Invocation {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sanctuary.toml");
        fs::write(&path, file).unwrap();
        let arguments = [&["sanctuary"], flags].concat().into_iter().map(OsString::from);
        let variable = |name: &OsStr| {
            let found = variables.iter().find(|(own, _)| *own == name);
            found.map(|(_, value)| OsString::from(value))
        };
        Invocation::read(arguments.collect(), variable, &path).unwrap()
    }

    #[test]
    fn the_file_beside_is_read_and_what_it_sets_is_told_from_what_a_flag_set() {
        let invocation = invoked("port = 7000\nmembers-max = 9", &["--port", "7"], &[]);
        let settings = invocation.settings();
        let line = |name: &str| {
            let line = settings.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(line("port"), "port = 7 # a flag");
        assert!(line("members-max").starts_with("members-max = 9 # /"), "{settings}");
        assert_eq!(line("rooms-max"), "rooms-max = 2000 # as it comes");
        assert_eq!(line("# admin-socket"), "# admin-socket = # as it comes");
        assert_eq!(line("no-admin-socket"), "no-admin-socket = false # as it comes");
        assert!(invocation.approval().ends_with("sanctuary.toml is in order"));
    }

    #[test]
    fn what_is_printed_is_a_file_that_says_the_same() {
        let flags = ["--bind", "::1", "--bind", "[::1]:9", "--admin-socket", "a \"b\\c", "-6"];
        let invocation = invoked("", &flags[..6], &[]);
        let again = invoked(&invocation.settings(), &[], &[]);
        let values = |it: &Invocation| {
            let lines = it.settings();
            lines
                .lines()
                .map(|line| line.split(" # ").next().unwrap().trim().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(values(&again), values(&invocation));
    }
}
