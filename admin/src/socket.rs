//! The tool's end of the operator's socket: one request, one reply, and why there was none. It knows
//! lines of JSON and nothing of what they mean.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sanctuary_protocol::admin::{AdminReply, AdminRequest, REPLY_LINE_BYTES_MAX};

/// How long a server may take to answer a command: purging two thousand rooms takes a moment.
pub const REPLY_WAIT: Duration = Duration::from_secs(15);

/// How long Tab may take to learn the rooms: past this a person thinks the tool hangs.
pub const COMPLETION_WAIT: Duration = Duration::from_millis(500);

/// Why a request has no reply.
#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    /// Nobody listens.
    #[error(
        "no server answers at {}; is `sanctuary` running? another socket: --socket PATH",
        path.display()
    )]
    NoServer {
        /// Where.
        path: PathBuf,
    },
    /// The file or its folder is closed to us.
    #[error(
        "the socket at {} is not yours; run this as the user the server runs as, or as root",
        path.display()
    )]
    NotYours {
        /// Where.
        path: PathBuf,
    },
    /// Something else is there.
    #[error("{} is not a socket; name the server's with --socket PATH", path.display())]
    NotASocket {
        /// Where.
        path: PathBuf,
    },
    /// The connection ended while a reply was due.
    #[error(
        "the connection ended before the server answered; a restarted server counts its rooms from r1 again"
    )]
    WentAway,
    /// No reply in time.
    #[error("the server at {} did not answer within {} s", path.display(), REPLY_WAIT.as_secs())]
    Silent {
        /// Where.
        path: PathBuf,
    },
    /// A reply that is none.
    #[error(
        "what answers at {} does not speak this tool's language; are both of the same version?",
        path.display()
    )]
    NotUnderstood {
        /// Where.
        path: PathBuf,
    },
    /// Whatever else the system says.
    #[error("the socket at {} cannot be used: {error}", path.display())]
    Other {
        /// Where.
        path: PathBuf,
        /// What it says.
        error: io::Error,
    },
}

/// A server by its socket. It connects when first asked, and again after a connection was lost, but
/// never repeats a request by itself: the server that comes back may be another.
#[derive(Debug)]
pub struct Server {
    path: PathBuf,
    wait: Duration,
    connection: Option<BufReader<UnixStream>>,
}

impl Server {
    /// The server behind the socket at `path`, which gets `wait` for each reply.
    pub fn new(path: PathBuf, wait: Duration) -> Self {
        Self { path, wait, connection: None }
    }

    /// Where the server is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Asks, and waits for the reply. After an error the next request connects afresh.
    pub fn ask(&mut self, request: &AdminRequest) -> Result<AdminReply, SocketError> {
        let kept = self.connection.take().and_then(still_open);
        let mut connection = match kept {
            Some(connection) => connection,
            None => connect(&self.path, self.wait)?,
        };
        let line = exchange(&mut connection, request).map_err(|error| self.lost(error))?;
        let reply = serde_json::from_slice(&line)
            .map_err(|_| SocketError::NotUnderstood { path: self.path.clone() })?;
        self.connection = Some(connection);
        Ok(reply)
    }

    fn lost(&self, error: io::Error) -> SocketError {
        let path = self.path.clone();
        match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => SocketError::Silent { path },
            io::ErrorKind::InvalidData => SocketError::NotUnderstood { path },
            _ => SocketError::WentAway,
        }
    }
}

fn connect(path: &Path, wait: Duration) -> Result<BufReader<UnixStream>, SocketError> {
    let failed = |error: io::Error| {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => {
                SocketError::NoServer { path }
            }
            io::ErrorKind::PermissionDenied => SocketError::NotYours { path },
            _ => SocketError::Other { path, error },
        }
    };
    // Asked first, because connecting to an ordinary file fails as if no server listened.
    if !fs::metadata(path).map_err(failed)?.file_type().is_socket() {
        return Err(SocketError::NotASocket { path: path.to_owned() });
    }
    let stream = UnixStream::connect(path).map_err(failed)?;
    stream.set_read_timeout(Some(wait)).map_err(failed)?;
    stream.set_write_timeout(Some(wait)).map_err(failed)?;
    Ok(BufReader::new(stream))
}

/// A kept connection, unless the server has ended it meanwhile: it gives sleepers' places to others.
/// Nothing was sent over it since, so that asking over another repeats nothing.
fn still_open(mut connection: BufReader<UnixStream>) -> Option<BufReader<UnixStream>> {
    connection.get_ref().set_nonblocking(true).ok()?;
    let is_quiet =
        connection.fill_buf().is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock);
    connection.get_ref().set_nonblocking(false).ok()?;
    is_quiet.then_some(connection)
}

fn exchange(
    connection: &mut BufReader<UnixStream>,
    request: &AdminRequest,
) -> Result<Vec<u8>, io::Error> {
    let mut line = serde_json::to_vec(request)?;
    line.push(b'\n');
    // A server that refuses says so before it reads, so its line may be there though ours did not
    // get through.
    let written = connection.get_mut().write_all(&line);
    let mut reply = Vec::new();
    connection.by_ref().take(REPLY_LINE_BYTES_MAX as u64).read_until(b'\n', &mut reply)?;
    match reply.last() {
        Some(b'\n') => Ok(reply),
        Some(_) if reply.len() == REPLY_LINE_BYTES_MAX => Err(io::ErrorKind::InvalidData.into()),
        Some(_) | None => {
            written?;
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    #[test]
    fn a_connection_that_the_server_gave_up_is_made_anew_before_anything_is_asked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("admin.sock");
        let listener = UnixListener::bind(&path).unwrap();
        let (gave_up, given_up) = mpsc::channel();
        let serving = thread::spawn(move || {
            for _ in 0..2 {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = String::new();
                BufReader::new(&stream).read_line(&mut request).unwrap();
                stream.write_all(b"{\"reply\":\"stopping\"}\n").unwrap();
                drop(stream);
                gave_up.send(()).unwrap();
            }
        });
        let mut server = Server::new(path, REPLY_WAIT);
        for _ in 0..2 {
            assert_eq!(server.ask(&AdminRequest::Stop).unwrap(), AdminReply::Stopping);
            given_up.recv().unwrap();
        }
        serving.join().unwrap();
    }
}
