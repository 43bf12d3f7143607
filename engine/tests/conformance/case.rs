//! One row of the table: what is sent over a socket of its own, and all that must come back, up to the
//! end of TCP. Must not know what the rows are about.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures::future::join_all;
use sanctuary_engine::Config;
use sanctuary_protocol::{CloseReason, RoomId, ServerFrame, decode, encode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::common::create;
use super::web::serve;
use super::wire::{Said, binary, close, take};

/// Nothing on loopback takes this long.
const PATIENCE: Duration = Duration::from_secs(60);

/// Who speaks.
#[derive(Clone, Copy)]
enum Speaker {
    /// Somebody who has asked for nothing yet.
    Stranger,
    /// The one member of a room.
    Member,
}

/// How the conversation ends, once all that must come back is there.
#[derive(Clone, Copy)]
enum End {
    /// The client closes, and is answered: nothing else had come.
    ByClient,
    /// The server has closed by itself; the client answers.
    ByServer,
    /// What was sent has closed, and the answer is there.
    Answered,
}

pub(crate) struct Case {
    name: String,
    speaker: Speaker,
    pieces: Vec<Vec<u8>>,
    back: Vec<Said>,
    end: End,
}

/// A row of somebody who has asked for nothing yet.
pub(crate) fn stranger(name: impl fmt::Display, sent: impl Into<Vec<u8>>) -> Case {
    let (pieces, back) = (vec![sent.into()], Vec::new());
    Case { name: name.to_string(), speaker: Speaker::Stranger, pieces, back, end: End::ByClient }
}

/// A row of a room's only member.
pub(crate) fn member(name: impl fmt::Display, sent: impl Into<Vec<u8>>) -> Case {
    Case { speaker: Speaker::Member, ..stranger(name, sent) }
}

impl Case {
    /// Written in pieces of so many bytes, each by itself.
    pub(crate) fn cut(self, bytes: usize) -> Self {
        let whole = self.pieces.concat();
        Self { pieces: whole.chunks(bytes).map(<[u8]>::to_vec).collect(), ..self }
    }

    /// This comes back, and nothing else until the client closes.
    pub(crate) fn gives(self, back: impl Into<Vec<Said>>) -> Self {
        Self { back: back.into(), end: End::ByClient, ..self }
    }

    /// The connection is failed: as every violation, by our protocol's own word and RFC 6455's code.
    pub(crate) fn fails(self) -> Self {
        self.fails_after([])
    }

    /// The same, after this.
    pub(crate) fn fails_after(self, back: impl Into<Vec<Said>>) -> Self {
        let reason = CloseReason::ProtocolError;
        let word = Said::Binary(encode(&ServerFrame::Closed { reason }));
        let back = [back.into(), vec![word, Said::Close(Some(1002))]].concat();
        Self { back, end: End::ByServer, ..self }
    }

    /// What is sent closes, and is answered so.
    pub(crate) fn answered(self, code: Option<u16>) -> Self {
        Self { back: vec![Said::Close(code)], end: End::Answered, ..self }
    }
}

/// Every row by itself against one server; all that fail are named.
pub(crate) async fn check(cases: Vec<Case>) {
    let (_engine, address) = serve(Config::default()).await;
    let run = async |(number, case): (usize, &Case)| {
        let outcome = timeout(PATIENCE, run(case, address, number)).await;
        let outcome = outcome.unwrap_or_else(|_| Err("nothing comes any more".to_owned()));
        outcome.err().map(|why| format!("{}: {why}", case.name))
    };
    let outcomes = join_all(cases.iter().enumerate().map(run)).await;
    let failed: Vec<String> = outcomes.into_iter().flatten().collect();
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

async fn run(case: &Case, address: SocketAddr, number: usize) -> Result<(), String> {
    let mut socket = Socket::open(address, number).await.map_err(|error| error.to_string())?;
    if let Speaker::Member = case.speaker {
        socket.write(&binary(&encode(&create()))).await;
        let opened = socket.next().await?;
        let Some(Said::Binary(frame)) = opened else {
            return Err(format!("not let in: {opened:?}"));
        };
        decode::<ServerFrame>(&frame).map_err(|error| error.to_string())?;
    }
    for piece in &case.pieces {
        socket.write(piece).await;
    }
    for expected in &case.back {
        let said = socket.next().await?;
        if said.as_ref() != Some(expected) {
            return Err(format!("{} where {} is due", brief(said.as_ref()), brief(Some(expected))));
        }
    }
    match case.end {
        End::ByClient => {
            socket.write(&close(1000, b"")).await;
            let said = socket.next().await?;
            if said != Some(Said::Close(Some(1000))) {
                return Err(format!("{} where nothing more is due", brief(said.as_ref())));
            }
        }
        End::ByServer => socket.write(&close(1002, b"")).await,
        End::Answered => {}
    }
    match socket.next().await? {
        None => socket.is_still_read().await,
        said => Err(format!("{} where TCP ends", brief(said.as_ref()))),
    }
}

/// A frame in a line.
fn brief(said: Option<&Said>) -> String {
    let mut line = said.map_or("the end".to_owned(), |said| format!("{said:?}"));
    line.truncate(120);
    line
}

struct Socket {
    stream: TcpStream,
    unread: Vec<u8>,
}

impl Socket {
    /// In a room of that number.
    async fn open(address: SocketAddr, number: usize) -> io::Result<Self> {
        let mut stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let room = RoomId::from_bytes((number as u128).to_be_bytes());
        let head = format!(
            "GET /room/{room} HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade\r\n\
             upgrade: websocket\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             sec-websocket-protocol: sanctuary.v1\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await?;
        let mut answer = Vec::new();
        let end = loop {
            if let Some(end) = answer.windows(4).position(|end| end == b"\r\n\r\n") {
                break end + 4;
            }
            if stream.read_buf(&mut answer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        };
        assert!(answer.starts_with(b"HTTP/1.1 101 "), "{}", String::from_utf8_lossy(&answer));
        Ok(Self { stream, unread: answer.split_off(end) })
    }

    /// A server that has hung up says so to the reader.
    async fn write(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
    }

    /// Whatever a client still has under way is taken when the server has ended its side: a reset would
    /// throw away what the client has not read, the reason among it.
    async fn is_still_read(&mut self) -> Result<(), String> {
        for _ in 0..4 {
            self.stream.write_all(b"more").await.map_err(|error| format!("cut off: {error}"))?;
        }
        Ok(())
    }

    /// The next frame; `None` when TCP has ended as it should, and not by a reset.
    async fn next(&mut self) -> Result<Option<Said>, String> {
        loop {
            if let Some(said) = take(&mut self.unread) {
                return Ok(Some(said));
            }
            match self.stream.read_buf(&mut self.unread).await {
                Ok(0) if self.unread.is_empty() => return Ok(None),
                Ok(0) => return Err("TCP ends within a frame".to_owned()),
                Ok(_) => {}
                Err(error) => return Err(error.to_string()),
            }
        }
    }
}
