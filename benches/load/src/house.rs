//! Our server alone, as an operator runs it: the release binary on a port of loopback, with an
//! operator's socket in a folder of its own. It ends with its value. Must not know what is done to it.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::Result;
use tempfile::TempDir;

use crate::contender::{Contender, Programs, Server};
use crate::machine::Machine;
use crate::operator::Operator;

/// A server and its operator's socket.
pub(crate) struct House {
    pub(crate) server: Server,
    machine: Machine,
    programs: Programs,
    flags: Vec<String>,
    folder: TempDir,
}

impl House {
    /// Starts the server with its defaults but for these flags, on whatever cores there are.
    ///
    /// # Errors
    /// When there is no server, or it does not start.
    pub(crate) fn open(sanctuary: &Path, flags: &[String]) -> Result<Self> {
        Self::on(Machine::shared(sanctuary)?, sanctuary, flags)
    }

    /// The same, on a core that everybody else here keeps off.
    ///
    /// # Errors
    /// When there is no server, or it does not start.
    pub(crate) fn open_apart(sanctuary: &Path, flags: &[String]) -> Result<Self> {
        Self::on(Machine::prepare(sanctuary)?, sanctuary, flags)
    }

    fn on(machine: Machine, sanctuary: &Path, flags: &[String]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let programs = Programs {
            sanctuary: sanctuary.to_owned(),
            bun: None,
            bun_script: PathBuf::new(),
            core: machine.server_core,
        };
        let server = start(&programs, &folder, 0, flags)?;
        Ok(Self { server, machine, programs, flags: flags.to_vec(), folder })
    }

    /// Ends the server as a crash would.
    pub(crate) fn kill(&mut self) {
        self.server.kill();
    }

    /// Starts another where it was.
    ///
    /// # Errors
    /// When it does not start.
    pub(crate) fn start_again(&mut self) -> Result<()> {
        let port = self.server.address().port();
        self.server = start(&self.programs, &self.folder, port, &self.flags)?;
        Ok(())
    }

    /// # Errors
    /// When the server does not answer its operator.
    pub(crate) fn operator(&self) -> Result<Operator> {
        Operator::at(&socket(&self.folder))
    }
}

fn start(programs: &Programs, folder: &TempDir, port: u16, flags: &[String]) -> Result<Server> {
    let mut words = vec!["--bind=127.0.0.1".to_owned(), format!("--port={port}")];
    words.push(format!("--admin-socket={}", socket(folder).display()));
    words.extend_from_slice(flags);
    Contender::Sanctuary.start(programs, &words)
}

/// Apart from everything else in the folder, so that the server makes its own.
fn socket(folder: &TempDir) -> PathBuf {
    folder.path().join("own").join("admin.sock")
}

impl fmt::Display for House {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; sanctuary {}", self.machine, self.flags.join(" "))
    }
}
