//! The operator's socket: what the server counts of itself. One request, one line; one reply, one line.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use sanctuary_protocol::admin::{ActorKind, AdminReply, AdminRequest, ServerStats};

/// How long the server may take over an answer, however much else it has to do.
const ANSWER_WAIT: Duration = Duration::from_secs(20);

/// An operator at the console.
pub(crate) struct Operator {
    stream: BufReader<UnixStream>,
}

/// How many actors stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Actors {
    pub(crate) rooms: u32,
    pub(crate) members: u32,
    /// All others: the root, the lobby, the gateway, the console.
    pub(crate) others: u32,
}

impl Operator {
    /// # Errors
    /// When nobody listens there.
    pub(crate) fn at(socket: &Path) -> Result<Self> {
        let stream = UnixStream::connect(socket).context("no operator's socket")?;
        stream.set_read_timeout(Some(ANSWER_WAIT))?;
        stream.set_write_timeout(Some(ANSWER_WAIT))?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    /// # Errors
    /// When the server does not answer in time.
    pub(crate) fn ask(&mut self, request: &AdminRequest) -> Result<AdminReply> {
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        self.stream.get_mut().write_all(&line)?;
        let mut reply = String::new();
        let read = self.stream.read_line(&mut reply).context("the console does not answer")?;
        ensure!(read > 0, "the console hung up");
        Ok(serde_json::from_str(&reply)?)
    }

    /// # Errors
    /// When the server does not answer in time.
    pub(crate) fn stats(&mut self) -> Result<ServerStats> {
        match self.ask(&AdminRequest::Stats)? {
            AdminReply::Stats(stats) => Ok(stats),
            other => bail!("the console answered {other:?}"),
        }
    }

    /// # Errors
    /// When the server does not answer in time.
    pub(crate) fn actors(&mut self) -> Result<Actors> {
        let AdminReply::Actors { actors } = self.ask(&AdminRequest::Actors)? else {
            bail!("the console does not list its actors");
        };
        let mut standing = Actors::default();
        for summary in actors {
            match summary.actor {
                ActorKind::Room => standing.rooms += summary.standing,
                ActorKind::Member => standing.members += summary.standing,
                ActorKind::Sanctuary
                | ActorKind::Lobby
                | ActorKind::Gateway
                | ActorKind::Console => standing.others += summary.standing,
            }
        }
        Ok(standing)
    }
}
