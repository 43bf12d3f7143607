//! The servers that are compared, and how each is started: ours, Bun, and two bare ones of this very
//! binary. A started server ends with its value, whatever else fails. Must not know workloads.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::message::Dialect;
use crate::usage::{self, Memory};

/// How long a server may take to say where it is.
const START_WAIT: Duration = Duration::from_secs(20);

/// A server to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(crate) enum Contender {
    /// This repository's.
    Sanctuary,
    /// Bun's WebSocket server with its topics.
    Bun,
    /// A bare epoll server: one write a delivery.
    EpollEach,
    /// A bare epoll server: one write a connection and turn. The limit.
    EpollCoalescing,
}

/// What is needed to start any of them.
#[derive(Clone, Debug)]
pub(crate) struct Programs {
    pub(crate) sanctuary: PathBuf,
    pub(crate) bun: Option<PathBuf>,
    pub(crate) bun_script: PathBuf,
    /// The core of the server, when `taskset` can keep it there.
    pub(crate) core: Option<usize>,
}

/// One that runs.
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
}

impl Contender {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sanctuary => "sanctuary",
            Self::Bun => "bun",
            Self::EpollEach => "epoll-each",
            Self::EpollCoalescing => "epoll-coalescing",
        }
    }

    pub(crate) fn dialect(self) -> Dialect {
        match self {
            Self::Sanctuary => Dialect::Sanctuary,
            Self::Bun | Self::EpollEach | Self::EpollCoalescing => Dialect::Plain,
        }
    }

    /// Starts it; `flags` are for ours alone.
    ///
    /// # Errors
    /// When it does not start, or does not say where it is in time.
    pub(crate) fn start(self, programs: &Programs, flags: &[String]) -> Result<Server> {
        let mut words: Vec<OsString> = Vec::new();
        if let Some(core) = programs.core {
            words.extend(["taskset", "-c"].map(OsString::from));
            words.push(core.to_string().into());
        }
        words.extend(self.words(programs, flags)?);
        let (program, arguments) = words.split_first().context("nothing to start")?;
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
        // The flags say everything.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("SANCTUARY_") {
                command.env_remove(name);
            }
        }
        let child = command.spawn().with_context(|| format!("cannot start {}", self.name()))?;
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut server = Server { child, address };
        server.address = server
            .hear_address()
            .with_context(|| format!("{} does not say where it is", self.name()))?;
        Ok(server)
    }

    fn words(self, programs: &Programs, flags: &[String]) -> Result<Vec<OsString>> {
        let own = |mode: &str| -> Result<Vec<OsString>> {
            let binary = std::env::current_exe().context("this program has no path")?;
            Ok(vec![binary.into(), "peer".into(), mode.into()])
        };
        match self {
            Self::Sanctuary => {
                let program = OsString::from(&programs.sanctuary);
                Ok([program].into_iter().chain(flags.iter().map(OsString::from)).collect())
            }
            Self::Bun => match &programs.bun {
                Some(bun) => Ok(vec![bun.into(), OsString::from(&programs.bun_script)]),
                None => bail!("there is no bun"),
            },
            Self::EpollEach => own("each"),
            Self::EpollCoalescing => own("coalescing"),
        }
    }
}

impl Server {
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its number.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// # Errors
    /// When it is no more.
    pub(crate) fn processor_time(&self) -> Result<Duration> {
        usage::processor_time(self.child.id())
    }

    /// # Errors
    /// When it is no more.
    pub(crate) fn memory(&self) -> Result<Memory> {
        usage::memory(self.child.id())
    }

    /// Ends it without a word.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Its first line ends with the address to open.
    fn hear_address(&mut self) -> Result<SocketAddr> {
        let output = self.child.stdout.take().context("its output is not ours")?;
        let (told, heard) = mpsc::channel();
        // Lives until the server says something or ends, which it does with this process.
        thread::spawn(move || {
            let mut output = BufReader::new(output);
            let mut line = String::new();
            let _ = output.read_line(&mut line);
            // The pipe stays open: a server that says more must not fail for it.
            let _ = told.send((line, output));
        });
        let (line, output) = heard.recv_timeout(START_WAIT).context("it said nothing in time")?;
        self.child.stdout = Some(output.into_inner());
        address(&line).with_context(|| format!("it said {line:?}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn address(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.rsplit_once("http://")?;
    rest.trim().trim_end_matches('/').parse().ok()
}

/// Whether our server has the page inside it, which is part of what it holds in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    Inside,
    Absent,
}

/// What our server says instead of a page that was not built before it was.
const NO_PAGE: &str = "compiled without its client";

/// Bytes read of a page to know it.
const PAGE_BYTES_MAX: u64 = 64 * 1024;

/// Asks our server for its page.
///
/// # Errors
/// When the server does not start or does not answer.
pub(crate) fn page(programs: &Programs) -> Result<Page> {
    let flags = ["--bind=127.0.0.1", "--port=0", "--no-admin-socket"].map(str::to_owned);
    let server = Contender::Sanctuary.start(programs, &flags)?;
    let address = server.address();
    let mut socket = TcpStream::connect(address).context("it takes no connection")?;
    socket.set_read_timeout(Some(START_WAIT))?;
    write!(socket, "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut page = Vec::new();
    socket.take(PAGE_BYTES_MAX).read_to_end(&mut page).context("it does not answer")?;
    let is_absent = String::from_utf8_lossy(&page).contains(NO_PAGE);
    Ok(if is_absent { Page::Absent } else { Page::Inside })
}

/// Whether `taskset` is there to keep a server on its core.
pub(crate) fn has_taskset() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| Path::new(&folder).join("taskset").is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_says_where_it_is() {
        let line = "Sanctuary is open at http://127.0.0.1:7000/\n";
        assert_eq!(address(line), Some(SocketAddr::from(([127, 0, 0, 1], 7000))));
        assert_eq!(address("sanctuary: port 1 is in use"), None);
    }
}
