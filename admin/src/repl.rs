//! The prompt: reads a line with completion and hints, does it, goes on. Its history lives in memory
//! and dies with it; it is built without the code that could write one to disk.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::PathBuf;

use rustyline::completion::Completer;
use rustyline::config::{ColorMode, CompletionType, Config};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::MemHistory;
use rustyline::validate::Validator;
use rustyline::{Context, Editor, Helper};
use sanctuary_protocol::admin::RoomHandle;

use crate::cli::{Asked, tell, yes_or_no};
use crate::command::{Command, ParseError, parse};
use crate::complete::{complete, hint};
use crate::perform::{Consent, Desk, Failure, Format, Operator, living_rooms, status};
use crate::show;
use crate::socket::{COMPLETION_WAIT, Server, SocketError};
use crate::verb::perform;

const PROMPT: &str = "sanctuary> ";

/// Lines the up arrow finds again.
const HISTORY_LINES_MAX: usize = 200;

/// Runs the prompt until the operator leaves. Fails only when there is no server to begin with, or
/// no terminal to go on with.
pub fn run(server: &mut Server, format: Format, asked: Asked) -> Result<(), Failure> {
    greet(server).inspect_err(|failure| tell("", failure))?;
    let mut prompt = Prompt::new(server, asked).map_err(terminal_failure)?;
    while let Some(line) = prompt.read_command()? {
        let result = match parse(&line) {
            Ok(Command::Quit) => break,
            Err(ParseError::Empty) => Ok(()),
            Err(error) => Err(error.into()),
            Ok(command) => {
                let out = &mut io::stdout();
                let mut desk = Desk { server, format, operator: &mut prompt, out };
                perform(command, &mut desk)
            }
        };
        match result {
            Ok(()) => {}
            Err(failure) => {
                tell("", &failure);
                if matches!(failure, Failure::Socket(SocketError::WentAway)) {
                    writeln!(io::stderr(), "the next command looks for it again")?;
                }
            }
        }
    }
    Ok(())
}

fn greet(server: &mut Server) -> Result<(), Failure> {
    let greeting = show::greeting(&status(server)?, &server.path().display().to_string());
    Ok(io::stdout().write_all(greeting.as_bytes())?)
}

fn terminal_failure(error: ReadlineError) -> Failure {
    Failure::Output(io::Error::other(error))
}

struct Prompt {
    editor: Editor<Assistant, MemHistory>,
    asked: Asked,
}

impl Prompt {
    fn new(server: &Server, asked: Asked) -> Result<Self, ReadlineError> {
        let colour = match std::env::var_os("NO_COLOR") {
            Some(_) => ColorMode::Disabled,
            None => ColorMode::Enabled,
        };
        let config = Config::builder()
            .max_history_size(HISTORY_LINES_MAX)?
            .completion_type(CompletionType::List)
            .color_mode(colour)
            .build();
        let history = MemHistory::with_config(&config);
        let mut editor = Editor::with_history(config, history)?;
        let socket = server.path().to_owned();
        editor.set_helper(Some(Assistant { socket, reading: Reading::Command }));
        Ok(Self { editor, asked })
    }

    /// The next line, or nothing when the operator leaves. An interrupt drops the line it is in.
    fn read_command(&mut self) -> Result<Option<String>, Failure> {
        loop {
            match self.read(PROMPT, Reading::Command) {
                Ok(line) => {
                    self.editor.add_history_entry(line.as_str()).map_err(terminal_failure)?;
                    return Ok(Some(line));
                }
                Err(ReadlineError::Interrupted) => {}
                Err(ReadlineError::Eof) => return Ok(None),
                Err(error) => return Err(terminal_failure(error)),
            }
        }
    }

    fn read(&mut self, prompt: &str, reading: Reading) -> Result<String, ReadlineError> {
        if let Some(assistant) = self.editor.helper_mut() {
            assistant.reading = reading;
        }
        self.editor.readline(prompt)
    }
}

impl Operator for Prompt {
    fn consent(&mut self, question: &str) -> Consent {
        match self.asked {
            Asked::Beforehand => Consent::Given,
            Asked::AtTheTerminal | Asked::Nobody => match self.read(question, Reading::Answer) {
                Ok(answer) => yes_or_no(&answer),
                Err(_) => Consent::Declined,
            },
        }
    }
}

/// What the line being typed is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    Command,
    Answer,
}

/// Fits the pure completion to the line editor.
struct Assistant {
    socket: PathBuf,
    reading: Reading,
}

impl Assistant {
    /// The living rooms, or none when the server does not say in time: Tab never complains. It
    /// connects for itself each time, so that a lost connection is left for the command to tell.
    fn living_rooms(&self) -> Vec<RoomHandle> {
        let mut server = Server::new(self.socket.clone(), COMPLETION_WAIT);
        let rooms = living_rooms(&mut server).unwrap_or_default();
        rooms.into_iter().map(|room| room.room).collect()
    }
}

impl Completer for Assistant {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _context: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        match self.reading {
            Reading::Answer => Ok((position, Vec::new())),
            Reading::Command => {
                let completion = complete(line, position, || self.living_rooms());
                Ok((completion.start, completion.words))
            }
        }
    }
}

/// A hint as the line editor wants it.
struct ShownHint {
    shown: String,
    typed: &'static str,
}

impl rustyline::hint::Hint for ShownHint {
    fn display(&self) -> &str {
        &self.shown
    }

    fn completion(&self) -> Option<&str> {
        (!self.typed.is_empty()).then_some(self.typed)
    }
}

impl Hinter for Assistant {
    type Hint = ShownHint;

    fn hint(&self, line: &str, position: usize, _context: &Context<'_>) -> Option<ShownHint> {
        match self.reading {
            Reading::Command if position == line.len() => {
                let hint = hint(line)?;
                Some(ShownHint { shown: format!("{}{}", hint.rest, hint.shape), typed: hint.rest })
            }
            Reading::Command | Reading::Answer => None,
        }
    }
}

impl Highlighter for Assistant {
    fn highlight_hint<'hint>(&self, hint: &'hint str) -> Cow<'hint, str> {
        Cow::Owned(format!("\u{1b}[2m{hint}\u{1b}[0m"))
    }
}

impl Validator for Assistant {}

impl Helper for Assistant {}
