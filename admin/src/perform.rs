//! Does one command: asks the server, asks the operator where something would be lost, and writes
//! the answer. It knows neither where the command came from nor how the operator is asked.

use std::io::{self, Write};

use sanctuary_protocol::admin::{AdminRefusal, AdminReply, AdminRequest, RoomHandle, RoomSummary};

use crate::command::{Command, ParseError};
use crate::show;
use crate::socket::{Server, SocketError};

/// How answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a person.
    Words,
    /// The reply as the server sent it, one line of JSON.
    Json,
}

/// What the operator says when asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Do it.
    Given,
    /// Leave it.
    Declined,
    /// There is nobody to ask.
    NobodyToAsk,
}

/// Somebody who can be asked before something is lost.
pub trait Operator {
    /// Puts the question.
    fn consent(&mut self, question: &str) -> Consent;
}

/// Why a command did not do what it says.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It is no command.
    #[error(transparent)]
    Misused(#[from] ParseError),
    /// It would end rooms, and nobody can be asked whether it may.
    #[error("`purge` asks before it ends a room, and there is no terminal to ask at: add --yes")]
    NobodyToAsk,
    /// The operator thought better of it.
    #[error("nothing was ended")]
    Declined,
    /// The server did not do it.
    #[error(transparent)]
    Refused(#[from] AdminRefusal),
    /// The server could not be asked.
    #[error(transparent)]
    Socket(#[from] SocketError),
    /// The server answered another question.
    #[error("the server answered something else; are both of the same version?")]
    AnsweredElse,
    /// The answer could not be written.
    #[error("the answer could not be written: {0}")]
    Output(#[from] io::Error),
}

/// Does `command`. [`Command::Quit`] does nothing here: leaving is the caller's.
pub fn perform(
    command: Command,
    server: &mut Server,
    format: Format,
    operator: &mut dyn Operator,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let request = match command {
        Command::Quit => return Ok(()),
        Command::Help(None) => return Ok(out.write_all(show::help().as_bytes())?),
        Command::Help(Some(verb)) => return Ok(out.write_all(show::help_with(verb).as_bytes())?),
        Command::Rooms => AdminRequest::Rooms,
        Command::Room(room) => AdminRequest::Room { room },
        Command::Status => AdminRequest::Status,
        Command::Purge(room) => {
            agree_to_purge(room, server, operator)?;
            AdminRequest::Purge { room }
        }
        Command::PurgeAll => {
            agree_to_purge_all(server, operator)?;
            AdminRequest::PurgeAll
        }
    };
    let reply = server.ask(&request)?;
    let text = match format {
        Format::Json => serde_json::to_string(&reply).map_err(io::Error::from)? + "\n",
        Format::Words => words(&reply),
    };
    out.write_all(text.as_bytes())?;
    match (&request, reply) {
        (_, AdminReply::Refused { why }) => Err(why.into()),
        (AdminRequest::Status, AdminReply::Status(_))
        | (AdminRequest::Rooms, AdminReply::Rooms { .. })
        | (AdminRequest::Room { .. }, AdminReply::Room(_))
        | (AdminRequest::Purge { .. } | AdminRequest::PurgeAll, AdminReply::Purged { .. }) => {
            Ok(())
        }
        (
            AdminRequest::Status
            | AdminRequest::Rooms
            | AdminRequest::Room { .. }
            | AdminRequest::Purge { .. }
            | AdminRequest::PurgeAll,
            _,
        ) => Err(Failure::AnsweredElse),
    }
}

/// A reply for a person. A refusal is the caller's to tell.
fn words(reply: &AdminReply) -> String {
    match reply {
        AdminReply::Status(status) => show::status(status),
        AdminReply::Rooms { rooms } => show::rooms(rooms),
        AdminReply::Room(room) => show::room(room),
        AdminReply::Purged { rooms } => show::purged(*rooms),
        AdminReply::Refused { .. } => String::new(),
    }
}

/// The living rooms.
pub fn living_rooms(server: &mut Server) -> Result<Vec<RoomSummary>, Failure> {
    match server.ask(&AdminRequest::Rooms)? {
        AdminReply::Rooms { rooms } => Ok(rooms),
        AdminReply::Refused { why } => Err(why.into()),
        AdminReply::Status(_) | AdminReply::Room(_) | AdminReply::Purged { .. } => {
            Err(Failure::AnsweredElse)
        }
    }
}

fn agree_to_purge(
    room: RoomHandle,
    server: &mut Server,
    operator: &mut dyn Operator,
) -> Result<(), Failure> {
    let summary = match server.ask(&AdminRequest::Room { room })? {
        AdminReply::Room(summary) => summary,
        AdminReply::Refused { why } => return Err(why.into()),
        AdminReply::Status(_) | AdminReply::Rooms { .. } | AdminReply::Purged { .. } => {
            return Err(Failure::AnsweredElse);
        }
    };
    agreed(operator.consent(&show::purge_question(&summary)))
}

fn agree_to_purge_all(server: &mut Server, operator: &mut dyn Operator) -> Result<(), Failure> {
    let rooms = living_rooms(server)?;
    if rooms.is_empty() {
        return Ok(());
    }
    agreed(operator.consent(&show::purge_all_question(&rooms)))
}

fn agreed(consent: Consent) -> Result<(), Failure> {
    match consent {
        Consent::Given => Ok(()),
        Consent::Declined => Err(Failure::Declined),
        Consent::NobodyToAsk => Err(Failure::NobodyToAsk),
    }
}
