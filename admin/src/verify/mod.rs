//! `sanctuary-admin verify URL`: whether a server serves the client of a release, byte for byte, and
//! protects its page as it should. It talks to the server as a browser does, and to no admin socket.
//! The list comes from the release and never from the server: who would serve another client would
//! serve another list.

pub mod fetch;
pub mod judge;
pub mod list;

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use fetch::{FetchError, Fetcher, Place};
use judge::Verdict;
use list::{Coding, List};

/// The word it is called by.
const VERB: &str = "verify";

/// Everything is as released.
const EXIT_SAME: u8 = 0;
/// Something is not.
const EXIT_DIFFERS: u8 = 1;
/// The list or an option is wrong, as clap has it.
const EXIT_MISUSED: u8 = 2;
/// The server could not be asked, as for every other command.
const EXIT_UNREACHABLE: u8 = 3;

/// Holds what a server serves against a release
#[derive(Clone, Debug, PartialEq, Eq, Parser)]
#[command(
    name = "sanctuary-admin verify",
    bin_name = "sanctuary-admin verify",
    after_help = "Exit codes:\n  0  everything is as released\n  1  something differs or is missing\n  \
                  2  the list or an option is wrong\n  3  the server could not be asked"
)]
pub struct Arguments {
    /// Where the server is: https://chat.example
    pub url: String,
    /// The release's client.sha256, from where the release is published and not from the server
    #[arg(long, value_name = "FILE")]
    pub hashes: PathBuf,
    /// Certificates in PEM to believe instead of the web's authorities
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
}

/// Does it, if that is what the process was called for. Ends the process for `--help` and a wrong option.
pub fn if_asked(arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    let mut arguments = arguments.skip(1).peekable();
    if arguments.peek().is_none_or(|first| first != VERB) {
        return None;
    }
    let arguments = Arguments::parse_from(arguments);
    let code = match run(&arguments, &mut io::stdout()) {
        Ok(Outcome::Same) => EXIT_SAME,
        Ok(Outcome::Differs) => EXIT_DIFFERS,
        Err(error) => {
            // A closed standard error leaves nobody to tell.
            let _ = writeln!(io::stderr(), "{error}");
            error.exit_code()
        }
    };
    Some(ExitCode::from(code))
}

/// How it came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything is as released.
    Same,
    /// Something is not.
    Differs,
}

/// Why nothing can be said.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// A named file cannot be read.
    #[error("{}: {error}; name another", .path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The list is none.
    #[error("{}: {error}", .path.display())]
    List {
        /// Which.
        path: PathBuf,
        /// Why.
        error: list::InvalidList,
    },
    /// The server could not be asked.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The answer could not be written.
    #[error("the answer could not be written: {0}")]
    Output(#[from] io::Error),
}

impl VerifyError {
    const fn exit_code(&self) -> u8 {
        match self {
            Self::Fetch(FetchError::Unreachable { .. }) => EXIT_UNREACHABLE,
            Self::Unreadable { .. }
            | Self::List { .. }
            | Self::Fetch(FetchError::NoPlace | FetchError::NoAuthority(_))
            | Self::Output(_) => EXIT_MISUSED,
        }
    }
}

/// Fetches everything on the list, and says of each how it stands.
///
/// # Errors
/// When the list, an option or the network is at fault: nothing is known of the server then.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Outcome, VerifyError> {
    let path = &arguments.hashes;
    let list: List = String::from_utf8_lossy(&read(path)?)
        .parse()
        .map_err(|error| VerifyError::List { path: path.clone(), error })?;
    let authorities = match &arguments.ca {
        Some(path) => Some((path.display().to_string(), read(path)?)),
        None => None,
    };
    let authorities = authorities.as_ref().map(|(name, pem)| (name.as_str(), pem.as_slice()));
    let fetcher = Fetcher::new(Place::read(&arguments.url)?, authorities)?;
    let mut wrong = 0_usize;
    for listed in list.files() {
        let fetched = fetcher.fetch(&listed.path, listed.coding)?;
        wrong += say(out, &listed.to_string(), &judge::file(listed, &list, &fetched))?;
        if listed.path == "/" && listed.coding == Coding::Identity {
            for (name, verdict) in judge::headers(&fetched.headers) {
                wrong += say(out, &format!("/ {name}"), &verdict)?;
            }
        }
    }
    if wrong == 0 {
        writeln!(out, "the client is the release's: all {} on the list", list.files().len())?;
        return Ok(Outcome::Same);
    }
    writeln!(out, "THIS IS NOT THE RELEASE'S CLIENT: {wrong} of it differ")?;
    Ok(Outcome::Differs)
}

/// One line; and how many wrongs it tells of.
fn say(out: &mut dyn Write, what: &str, verdict: &Verdict) -> io::Result<usize> {
    match verdict {
        Verdict::Same => writeln!(out, "ok       {what}").map(|()| 0),
        Verdict::Differs(how) => writeln!(out, "DIFFERS  {what}: {how}").map(|()| 1),
        Verdict::Missing(how) => writeln!(out, "MISSING  {what}: {how}").map(|()| 1),
    }
}

fn read(path: &PathBuf) -> Result<Vec<u8>, VerifyError> {
    fs::read(path).map_err(|error| VerifyError::Unreadable { path: path.clone(), error })
}
