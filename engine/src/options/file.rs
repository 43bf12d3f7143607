//! The settings file: TOML whose names are those of the flags. What it says holds where neither a flag
//! nor a variable says otherwise. Each mistake is told with its line and what would be right; must
//! not know what any setting means.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::ops::Range;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};
use toml::de::{DeTable, DeValue};

use super::lines::Lines;

/// Bytes of a settings file: every setting with a page of comment, and no disk image by mistake.
const FILE_BYTES_MAX: u64 = 64 * 1024;

/// The bit of a file's mode by which everybody may write it.
const OTHERS_MAY_WRITE: u32 = 0o002;

/// Why a settings file does not hold.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    /// It cannot be read.
    #[error("{}: {error}; name another with --config, or mend it", .path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It is a folder, a pipe or a device.
    #[error("{} is no ordinary file; name another with --config", .path.display())]
    NoFile {
        /// Which.
        path: PathBuf,
    },
    /// It was found and not named, and somebody else could have written it.
    #[error(
        "{} is not yours alone to write; if it is to hold, name it with --config", .path.display()
    )]
    NotYours {
        /// Which.
        path: PathBuf,
    },
    /// It is too long to be one.
    #[error("{} is longer than {FILE_BYTES_MAX} bytes: is it a settings file?", .path.display())]
    TooLong {
        /// Which.
        path: PathBuf,
    },
    /// A line of it is wrong.
    #[error("{}, line {line}: {what}", .path.display())]
    Wrong {
        /// Which.
        path: PathBuf,
        /// From one.
        line: usize,
        /// What is wrong with it, and what would be right.
        what: String,
    },
}

/// A settings file, every line of which is right.
#[derive(Debug)]
pub(crate) struct File {
    path: PathBuf,
    settings: Vec<Setting>,
}

#[derive(Debug)]
struct Setting {
    line: usize,
    /// As the flag, without its dashes.
    name: String,
    value: Value,
}

/// What a setting is set to.
#[derive(Debug)]
enum Value {
    Switch(bool),
    Words(Vec<String>),
}

impl File {
    /// Reads a file, and holds each line of it to what its flag takes.
    ///
    /// # Errors
    /// Names the line, and what would be right.
    pub(crate) fn read(path: &Path, command: &Command) -> Result<Self, FileError> {
        let unreadable = |error| FileError::Unreadable { path: path.to_owned(), error };
        let about = fs::metadata(path).map_err(unreadable)?;
        if !about.is_file() {
            return Err(FileError::NoFile { path: path.to_owned() });
        }
        if about.len() > FILE_BYTES_MAX {
            return Err(FileError::TooLong { path: path.to_owned() });
        }
        let text = fs::read_to_string(path).map_err(unreadable)?;
        Self::parse(path, &text, command)
    }

    /// As [`read`](Self::read), for a file that nobody named. In a folder that others may write, such
    /// as `/tmp`, another could have laid it there.
    ///
    /// # Errors
    /// Also when it belongs to somebody else than this user and root, or everybody may write it.
    pub(crate) fn read_found(path: &Path, command: &Command) -> Result<Self, FileError> {
        if let Ok(about) = fs::metadata(path) {
            let own = [0, rustix::process::geteuid().as_raw()];
            if !own.contains(&about.uid()) || about.mode() & OTHERS_MAY_WRITE != 0 {
                return Err(FileError::NotYours { path: path.to_owned() });
            }
        }
        Self::read(path, command)
    }

    fn parse(path: &Path, text: &str, command: &Command) -> Result<Self, FileError> {
        let wrong = |span: Range<usize>, what: String| {
            let before = text.get(..span.start).unwrap_or(text);
            let line = 1 + before.matches('\n').count();
            FileError::Wrong { path: path.to_owned(), line, what }
        };
        let table = DeTable::parse(text).map_err(|error| {
            wrong(error.span().unwrap_or_default(), error.message().replace('\n', "; "))
        })?;
        let command = deaf(command);
        let mut settings = Vec::new();
        for (key, value) in table.get_ref().iter() {
            let line = 1 + text.get(..key.span().start).unwrap_or(text).matches('\n').count();
            let name = key.get_ref().to_string();
            let value = value_of(value.get_ref())
                .ok_or_else(|| {
                    "a setting is a string, a whole number, true, false, or a list".into()
                })
                .and_then(|value| check(&command, &name, value))
                .map_err(|what| wrong(key.span(), what))?;
            settings.push(Setting { line, name, value });
        }
        settings.sort_by_key(|setting| setting.line);
        let file = Self { path: path.to_owned(), settings };
        file.check_together(&command)?;
        Ok(file)
    }

    /// Settings that are right by themselves may be wrong together.
    fn check_together(&self, command: &Command) -> Result<(), FileError> {
        let flags = self.settings.iter().flat_map(Setting::flags);
        let flags = [OsString::from("sanctuary")].into_iter().chain(flags);
        let Err(error) = command.clone().try_get_matches_from(flags) else { return Ok(()) };
        let what = reason(&error);
        let line = self.lines(|_| true).line_of(&what).unwrap_or(1);
        Err(FileError::Wrong { path: self.path.clone(), line, what })
    }

    /// Where the settings stand that hold.
    pub(crate) fn lines_that_hold(&self, command: &Command, given: &ArgMatches) -> Lines {
        self.lines(|setting| self.holds(setting, command, given))
    }

    fn lines(&self, wanted: impl Fn(&Setting) -> bool) -> Lines {
        let settings = self.settings.iter().filter(|setting| wanted(setting));
        let named = settings.map(|setting| (setting.name.clone(), setting.line));
        Lines::new(&self.path, named.collect())
    }

    /// Where it was read.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What it says, as flags: but for what was said otherwise by `given`, or would contradict it.
    pub(crate) fn flags(&self, command: &Command, given: &ArgMatches) -> Vec<OsString> {
        let holds = self.settings.iter().filter(|setting| self.holds(setting, command, given));
        holds.flat_map(Setting::flags).collect()
    }

    fn holds(&self, setting: &Setting, command: &Command, given: &ArgMatches) -> bool {
        let said = |argument: &Arg| {
            let source = given.value_source(argument.get_id().as_str());
            matches!(source, Some(ValueSource::CommandLine | ValueSource::EnvVariable))
        };
        let conflicts = |one: &Arg, other: &Arg| {
            let all = command.get_arg_conflicts_with(one);
            all.iter().any(|it| it.get_id() == other.get_id())
        };
        let Some(own) = flag(command, &setting.name) else { return false };
        let contradicted = command
            .get_arguments()
            .filter(|other| said(other))
            .any(|other| conflicts(own, other) || conflicts(other, own));
        !said(own) && !contradicted
    }
}

impl Setting {
    fn flags(&self) -> Vec<OsString> {
        let flag = format!("--{}", self.name);
        match &self.value {
            Value::Switch(false) => Vec::new(),
            Value::Switch(true) => vec![flag.into()],
            Value::Words(words) => {
                words.iter().map(|word| format!("{flag}={word}").into()).collect()
            }
        }
    }
}

/// The same command, deaf to the environment: a file is right or wrong by itself.
fn deaf(command: &Command) -> Command {
    command.clone().mut_args(|argument| argument.env(None::<&str>))
}

/// A flag that may stand in a file.
fn flag<'c>(command: &'c Command, name: &str) -> Option<&'c Arg> {
    let mut arguments = command.get_arguments();
    arguments.find(|argument| argument.get_long() == Some(name) && is_setting(argument))
}

/// Whether an argument is a setting, and no question to the program.
pub(crate) fn is_setting(argument: &Arg) -> bool {
    let asks = matches!(argument.get_action(), ArgAction::Help | ArgAction::Version);
    argument.get_long().is_some_and(|name| name != "config") && !asks
}

/// Whether an argument is there or not, and has no value.
pub(crate) fn is_switch(argument: &Arg) -> bool {
    matches!(argument.get_action(), ArgAction::SetTrue)
}

fn value_of(value: &DeValue<'_>) -> Option<Value> {
    let word = |value: &DeValue<'_>| match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => None,
    };
    match value {
        DeValue::Boolean(switch) => Some(Value::Switch(*switch)),
        DeValue::Array(values) => {
            let words = values.iter().map(|value| word(value.get_ref()));
            words.collect::<Option<Vec<_>>>().map(Value::Words)
        }
        other => word(other).map(|word| Value::Words(vec![word])),
    }
}

/// Whether the setting's flag would take that.
fn check(command: &Command, name: &str, value: Value) -> Result<Value, String> {
    let Some(argument) = flag(command, name) else { return Err(unknown(command, name)) };
    let (is_switch, is_list) = (is_switch(argument), is_list(argument));
    match &value {
        Value::Switch(_) if !is_switch => return Err(format!("`{name}` takes a value")),
        Value::Words(_) if is_switch => return Err(format!("`{name}` takes true or false")),
        Value::Words(words) if words.len() != 1 && !is_list => {
            return Err(format!("`{name}` takes one value and no list"));
        }
        Value::Switch(_) | Value::Words(_) => {}
    }
    let setting = Setting { line: 0, name: name.to_owned(), value };
    let flags = [OsString::from("sanctuary")].into_iter().chain(setting.flags());
    match command.clone().try_get_matches_from(flags) {
        Ok(_) => Ok(setting.value),
        Err(error) => Err(reason(&error)),
    }
}

/// Whether an argument may be given again.
pub(crate) fn is_list(argument: &Arg) -> bool {
    matches!(argument.get_action(), ArgAction::Append)
}

fn unknown(command: &Command, name: &str) -> String {
    let error = command.clone().try_get_matches_from(["sanctuary".to_owned(), format!("--{name}")]);
    let suggested = error.err().filter(|error| error.kind() == ErrorKind::UnknownArgument);
    let suggested = suggested.and_then(|error| match error.get(ContextKind::SuggestedArg) {
        Some(ContextValue::String(flag)) => Some(flag.trim_start_matches('-').to_owned()),
        _ => None,
    });
    let known = suggested.filter(|name| flag(command, name).is_some());
    match known {
        Some(known) => format!("there is no setting `{name}`; did you mean `{known}`?"),
        None => {
            format!("there is no setting `{name}`; sanctuary print-config lists them all")
        }
    }
}

/// What is wrong, in one line, without what is about a command line.
fn reason(error: &clap::Error) -> String {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    first.trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, FromArgMatches as _};

    use super::super::Options;
    use super::*;

    fn parse(text: &str) -> Result<File, FileError> {
        File::parse(Path::new("s.toml"), text, &Options::command())
    }

    /// What the file and these flags come to.
    fn effective(text: &str, flags: &[&str]) -> Options {
        let command = deaf(&Options::command());
        let file = parse(text).unwrap();
        let flags: Vec<OsString> = flags.iter().map(OsString::from).collect();
        let first = || [OsString::from("sanctuary")].into_iter();
        let given = command.clone().get_matches_from(first().chain(flags.clone()));
        let from_file = file.flags(&command, &given);
        let matches = command.get_matches_from(first().chain(from_file).chain(flags));
        Options::from_arg_matches(&matches).unwrap()
    }

    #[test]
    fn a_flag_has_its_way_over_the_file_and_the_file_over_the_default() {
        let port = |text: &str, flags: &[&str]| effective(text, flags).port;
        assert_eq!(port("", &[]), 6969);
        assert_eq!(port("port = 7000", &[]), 7000);
        assert_eq!(port("port = 7_000 # ours", &["--port", "1"]), 1);
    }

    #[test]
    fn every_kind_of_setting_is_read() {
        let text = "bind = [\"127.0.0.1\", \"[::1]:7000\"]\n\
                    origin = \"https://chat.example\"\n\
                    no-admin-socket = true\n\
                    members-max = 7\n";
        let options = effective(text, &[]);
        assert_eq!((options.bind.len(), options.origin.len()), (2, 1));
        assert!(options.no_admin_socket);
        assert_eq!(options.limits.into_limits().room.members_max, 7);
    }

    #[test]
    fn what_contradicts_a_flag_does_not_hold() {
        let options = effective("bind = [\"127.0.0.1\"]", &["-4"]);
        assert!(options.ipv4_only && options.bind.is_empty());
        let options = effective("ipv4-only = true", &["--bind", "::1"]);
        assert!(!options.ipv4_only && options.bind.len() == 1);
        assert!(!effective("no-admin-socket = true", &["--admin-socket", "x"]).no_admin_socket);
    }

    #[test]
    fn a_mistake_names_its_line_and_what_would_be_right() {
        let check = |text: &str, expected: &str| {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text:?}: {error}");
        };
        check("\n\nprot = 1", "s.toml, line 3: there is no setting `prot`; did you mean `port`?");
        check("kitchen = 1", "line 1: there is no setting `kitchen`; sanctuary print-config lists");
        check("port = 70000", "line 1: invalid value '70000' for '--port <PORT>'");
        check("port = \"a\"", "line 1: invalid value 'a' for '--port <PORT>'");
        check("port = true", "line 1: `port` takes a value");
        check("port = [1, 2]", "line 1: `port` takes one value and no list");
        check("port = 1.5", "line 1: a setting is a string, a whole number");
        check("no-admin-socket = 1", "line 1: `no-admin-socket` takes true or false");
        check("[server]\nport = 1", "line 1: a setting is a string");
        check("port = 1\nport = 2", "line 2: ");
        check("port 1", "line 1: ");
        check("config = \"other.toml\"", "line 1: there is no setting `config`");
        check("help = true", "line 1: there is no setting `help`");
        check(
            "\nipv4-only = true\nbind = [\"::1\"]",
            "s.toml, line 2: the argument '--ipv4-only' cannot be used with '--bind",
        );
        check("bind = [\"localhost\"]", "an address is written 127.0.0.1");
    }

    #[test]
    fn a_file_that_is_none_is_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let command = Options::command();
        let missing = File::read(&folder.path().join("none.toml"), &command);
        assert!(matches!(missing, Err(FileError::Unreadable { .. })));
        for none in [folder.path(), Path::new("/dev/zero")] {
            assert!(matches!(File::read(none, &command), Err(FileError::NoFile { .. })));
        }
        let long = folder.path().join("long.toml");
        fs::write(&long, "#".repeat(70_000)).unwrap();
        assert!(matches!(File::read(&long, &command), Err(FileError::TooLong { .. })));
        let bytes = folder.path().join("bytes.toml");
        fs::write(&bytes, [0xff, 0xfe]).unwrap();
        assert!(matches!(File::read(&bytes, &command), Err(FileError::Unreadable { .. })));
    }
}
