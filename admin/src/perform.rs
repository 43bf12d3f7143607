//! What a command is done with: asks the server, asks the operator where something would be lost, and
//! writes the answer. It knows neither where the command came from nor how the operator is asked.

use std::io::{self, Write};

use sanctuary_protocol::admin::{
    AdminRefusal, AdminReply, AdminRequest, RoomSummary, ServerStatus,
};

use crate::command::ParseError;
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
    /// Something would be lost, and nobody can be asked whether it may.
    #[error("this asks before anything is lost, and there is no terminal to ask at: add --yes")]
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

/// What a command works with.
pub struct Desk<'a> {
    /// Whom it asks.
    pub server: &'a mut Server,
    /// How it answers.
    pub format: Format,
    /// Who agrees before something is lost.
    pub operator: &'a mut dyn Operator,
    /// Where the answer goes.
    pub out: &'a mut dyn Write,
}

impl Desk<'_> {
    /// Asks, and writes the answer: in words, or as the server sent it.
    pub(crate) fn answer(
        &mut self,
        request: &AdminRequest,
        words: impl FnOnce(&AdminReply) -> Option<String>,
    ) -> Result<(), Failure> {
        self.answer_made(request, |reply| reply, words)
    }

    /// The same, of what `make` makes of the reply.
    pub(crate) fn answer_made(
        &mut self,
        request: &AdminRequest,
        make: impl FnOnce(AdminReply) -> AdminReply,
        words: impl FnOnce(&AdminReply) -> Option<String>,
    ) -> Result<(), Failure> {
        let reply = make(self.server.ask(request)?);
        if self.format == Format::Json {
            let line = serde_json::to_string(&reply).map_err(io::Error::from)? + "\n";
            self.write(&line)?;
        }
        match (self.format, reply) {
            (_, AdminReply::Refused { why }) => Err(why.into()),
            (Format::Json, _) => Ok(()),
            (Format::Words, reply) => {
                let words = words(&reply).ok_or(Failure::AnsweredElse)?;
                self.write(&words)
            }
        }
    }

    /// Asks for something that is not the answer itself.
    pub(crate) fn ask<T>(
        &mut self,
        request: &AdminRequest,
        part: impl FnOnce(AdminReply) -> Option<T>,
    ) -> Result<T, Failure> {
        ask(self.server, request, part)
    }

    /// Goes on only with the operator's consent.
    pub(crate) fn agree(&mut self, question: &str) -> Result<(), Failure> {
        match self.operator.consent(question) {
            Consent::Given => Ok(()),
            Consent::Declined => Err(Failure::Declined),
            Consent::NobodyToAsk => Err(Failure::NobodyToAsk),
        }
    }

    pub(crate) fn write(&mut self, text: &str) -> Result<(), Failure> {
        self.out.write_all(text.as_bytes())?;
        Ok(self.out.flush()?)
    }
}

/// The living rooms.
///
/// # Errors
/// When the server does not tell.
pub fn living_rooms(server: &mut Server) -> Result<Vec<RoomSummary>, Failure> {
    ask(server, &AdminRequest::Rooms, |reply| match reply {
        AdminReply::Rooms { rooms } => Some(rooms),
        _ => None,
    })
}

/// The server's state.
///
/// # Errors
/// When the server does not tell.
pub fn status(server: &mut Server) -> Result<ServerStatus, Failure> {
    ask(server, &AdminRequest::Status, |reply| match reply {
        AdminReply::Status(status) => Some(status),
        _ => None,
    })
}

fn ask<T>(
    server: &mut Server,
    request: &AdminRequest,
    part: impl FnOnce(AdminReply) -> Option<T>,
) -> Result<T, Failure> {
    match server.ask(request)? {
        AdminReply::Refused { why } => Err(why.into()),
        reply => part(reply).ok_or(Failure::AnsweredElse),
    }
}
