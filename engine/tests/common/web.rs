//! Clients over real loopback sockets: plain HTTP, and a WebSocket.
#![allow(dead_code, reason = "each test file uses its own part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test says so")]

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use sanctuary_engine::{Config, Engine, Listen, start};
use sanctuary_protocol::{ClientFrame, CloseReason, RoomId, ServerFrame, decode, encode};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

/// Nothing on loopback takes this long.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) const LOOPBACK: &str = "127.0.0.1:0";

pub(crate) async fn serve(config: Config) -> (Engine, SocketAddr) {
    let listen = vec![Listen::Address(LOOPBACK.parse().unwrap())];
    let engine = start(Config { listen, ..config }).await.unwrap();
    let address = engine.addresses()[0];
    (engine, address)
}

/// An HTTP response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// Sends `request` as it stands and reads to the end of the connection.
pub(crate) async fn send_raw(address: SocketAddr, request: &str) -> Answer {
    send_over(TcpStream::connect(address).await.unwrap(), request).await
}

/// As [`send_raw`], over whatever carries it.
pub(crate) async fn send_over<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    request: &str,
) -> Answer {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await.unwrap();
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0);
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// One request on a connection of its own.
pub(crate) async fn request(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> Answer {
    let headers: String =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}\r\n"
    );
    send_raw(address, &request).await
}

/// The headers of a proper upgrade, `without` one of them and with `more`.
pub(crate) async fn upgrade(
    address: SocketAddr,
    path: &str,
    without: &str,
    more: &[(&str, &str)],
) -> Answer {
    let proper = [
        ("connection", "keep-alive, Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("sec-websocket-protocol", "sanctuary.v1"),
    ];
    let all = proper.iter().filter(|(name, _)| *name != without).chain(more);
    let headers: String = all.map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n{headers}\r\n");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let mut chunk = [0; 1024];
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = tokio::time::timeout(PATIENCE, stream.read(&mut chunk)).await.unwrap().unwrap();
        assert_ne!(read, 0, "the head is whole");
        answer.extend_from_slice(&chunk[..read]);
    }
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// A WebSocket client that speaks frames.
pub(crate) struct Socket<S = TcpStream> {
    inner: WebSocketStream<S>,
}

impl Socket {
    pub(crate) async fn open(address: SocketAddr, room: RoomId) -> Self {
        Self::try_open(address, room, &[]).await.unwrap()
    }

    pub(crate) async fn try_open(
        address: SocketAddr,
        room: RoomId,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, Error> {
        let stream = TcpStream::connect(address).await?;
        Self::over(stream, &format!("ws://{address}"), room, headers).await
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    /// A WebSocket over `stream`, to where the client takes it to lead.
    pub(crate) async fn over(
        stream: S,
        origin: &str,
        room: RoomId,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, Error> {
        let mut request = format!("{origin}/room/{room}").into_client_request()?;
        let all = headers.iter().chain(&[("sec-websocket-protocol", "sanctuary.v1")]);
        for (name, value) in all {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let (inner, response) = tokio_tungstenite::client_async(request, stream).await?;
        assert_eq!(response.headers()["sec-websocket-protocol"], "sanctuary.v1");
        Ok(Self { inner })
    }

    pub(crate) async fn send(&mut self, frame: ClientFrame) {
        self.send_message(Message::Binary(encode(&frame).into())).await;
    }

    pub(crate) async fn send_message(&mut self, message: Message) {
        // A server that has hung up says so to the reader.
        let _ = self.inner.send(message).await;
    }

    /// Writes what is waiting without reading, as a client that is stuck would.
    pub(crate) fn stream(&mut self) -> &mut S {
        self.inner.get_mut()
    }

    /// The next message, whatever it is; nothing once the socket is closed.
    pub(crate) async fn next_message(&mut self) -> Option<Message> {
        tokio::time::timeout(PATIENCE, self.inner.next()).await.unwrap().and_then(Result::ok)
    }

    pub(crate) async fn next(&mut self) -> ServerFrame {
        loop {
            match self.next_message().await.expect("a frame before the end") {
                Message::Binary(frame) => return decode(&frame).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("not a frame: {other:?}"),
            }
        }
    }

    pub(crate) async fn until<T>(&mut self, mut wanted: impl FnMut(ServerFrame) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(self.next().await) {
                return found;
            }
        }
    }

    pub(crate) async fn closed(&mut self) -> CloseReason {
        self.until(|frame| match frame {
            ServerFrame::Closed { reason } => Some(reason),
            _ => None,
        })
        .await
    }

    pub(crate) async fn opened(&mut self) -> sanctuary_protocol::Opening {
        self.until(|frame| match frame {
            ServerFrame::Opened(opening) => Some(opening),
            _ => None,
        })
        .await
    }

    /// Who knocks next.
    pub(crate) async fn knocking(&mut self) -> sanctuary_protocol::MemberId {
        self.until(|frame| match frame {
            ServerFrame::Knocking { member, .. } => Some(member),
            _ => None,
        })
        .await
    }

    pub(crate) async fn next_post(&mut self) -> Bytes {
        self.until(|frame| match frame {
            ServerFrame::Entry(entry) => match entry.kind {
                sanctuary_protocol::EntryKind::Post { ciphertext } => {
                    Some(Bytes::copy_from_slice(ciphertext.as_slice()))
                }
                _ => None,
            },
            _ => None,
        })
        .await
    }
}
