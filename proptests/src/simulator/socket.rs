//! A page's WebSocket, and the wire under it: what was written waits here until it is carried. The
//! protocol is a library's, as a browser's would be. Knows neither pages nor what is in a message.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Read, Write};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use sanctuary_protocol::{ROOM_PATH, RoomId, SUBPROTOCOL};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};
use tungstenite::client::IntoClientRequest as _;
use tungstenite::handshake::client::ClientHandshake;
use tungstenite::handshake::{HandshakeError, MidHandshake};
use tungstenite::http::HeaderValue;
use tungstenite::{Message, WebSocket};

use super::plan::Loss;

/// Where every page is from.
pub(super) const HOST: &str = "sanctuary.example";

/// Bytes taken from the wire at once.
const TAKEN_MAX: usize = 8 * 1024;

/// A socket that a page opened.
pub(super) struct Socket {
    protocol: Protocol,
    pipe: Pipe,
    /// The near end of the wire, while anything is at the other end.
    wire: Option<DuplexStream>,
    /// Whether anything written still arrives, either way.
    pub(super) leads: Leads,
}

/// Whether what is written arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leads {
    Somewhere,
    Nowhere,
}

/// What a page hears of its socket.
#[derive(Debug)]
pub(super) enum News {
    /// It stands.
    Opened,
    /// A message came.
    Received(Vec<u8>),
    /// It is no more.
    Closed,
}

enum Protocol {
    Shaking(MidHandshake<ClientHandshake<Pipe>>),
    Standing(WebSocket<Pipe>),
    Over,
}

impl Socket {
    /// Asks for a room's socket over a wire; without one, nobody is at the other end.
    pub(super) fn open(room: RoomId, wire: Option<DuplexStream>) -> Self {
        let pipe = Pipe::default();
        let protocol = ask(room, pipe.clone());
        Self { protocol, pipe, wire, leads: Leads::Somewhere }
    }

    /// Sends a message; on a socket that does not stand it is lost.
    pub(super) fn send(&mut self, message: Vec<u8>) {
        if let Protocol::Standing(socket) = &mut self.protocol {
            // What a socket that is closing does not take is lost, as a browser loses it.
            let _ = socket.send(Message::Binary(message.into()));
        }
    }

    /// Says that nothing follows, behind everything that was sent.
    pub(super) fn close(&mut self) {
        match &mut self.protocol {
            Protocol::Standing(socket) => {
                let _ = socket.close(None);
                let _ = socket.flush();
            }
            Protocol::Shaking(_) => self.wire = None,
            Protocol::Over => {}
        }
    }

    /// Whether anything may still come of it.
    pub(super) fn is_over(&self) -> bool {
        self.wire.is_none() || matches!(self.protocol, Protocol::Over)
    }

    /// It breaks, and takes that with it.
    pub(super) fn break_off(&mut self, loss: Loss) {
        match loss {
            Loss::Nothing => while self.carry() {},
            Loss::Down => {
                while self.carry() {}
                self.pipe.buffers().incoming.clear();
            }
            Loss::Both => {
                self.pipe.buffers().outgoing.clear();
                self.pipe.buffers().incoming.clear();
            }
        }
        self.wire = None;
    }

    /// Carries what can be carried just now; says whether anything was.
    pub(super) fn carry(&mut self) -> bool {
        self.poll_carry(&mut Context::from_waker(Waker::noop())).is_ready()
    }

    /// Carries what can be; ready when anything was.
    pub(super) fn poll_carry(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.leads == Leads::Nowhere {
            return Poll::Pending;
        }
        let written = self.poll_write(context);
        let read = self.poll_read(context);
        if written.is_ready() || read.is_ready() { Poll::Ready(()) } else { Poll::Pending }
    }

    fn poll_write(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(wire) = &mut self.wire else { return Poll::Pending };
        let mut buffers = self.pipe.buffers();
        if buffers.outgoing.is_empty() {
            return Poll::Pending;
        }
        match Pin::new(wire).poll_write(context, &buffers.outgoing) {
            Poll::Ready(Ok(written)) => {
                buffers.outgoing.drain(..written);
                Poll::Ready(())
            }
            // Nobody reads any more; that is heard by reading.
            Poll::Ready(Err(_)) => {
                buffers.outgoing.clear();
                Poll::Ready(())
            }
            Poll::Pending => Poll::Pending,
        }
    }

    fn poll_read(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(wire) = &mut self.wire else { return Poll::Pending };
        let mut taken = [0; TAKEN_MAX];
        let mut taken = ReadBuf::new(&mut taken);
        match Pin::new(wire).poll_read(context, &mut taken) {
            Poll::Ready(Ok(())) if !taken.filled().is_empty() => {
                self.pipe.buffers().incoming.extend(taken.filled());
                Poll::Ready(())
            }
            Poll::Ready(Ok(()) | Err(_)) => {
                self.wire = None;
                Poll::Ready(())
            }
            Poll::Pending => Poll::Pending,
        }
    }

    /// What the page hears next.
    pub(super) fn news(&mut self) -> Option<News> {
        let is_cut = self.wire.is_none();
        self.pipe.buffers().is_ended = is_cut;
        match std::mem::replace(&mut self.protocol, Protocol::Over) {
            Protocol::Shaking(shaking) => match shaking.handshake() {
                Ok((socket, _)) => {
                    self.protocol = Protocol::Standing(socket);
                    Some(News::Opened)
                }
                Err(HandshakeError::Interrupted(shaking)) if !is_cut => {
                    self.protocol = Protocol::Shaking(shaking);
                    None
                }
                Err(_) => Some(News::Closed),
            },
            Protocol::Standing(mut socket) => {
                let news = hear(&mut socket);
                if !matches!(news, Some(News::Closed)) {
                    self.protocol = Protocol::Standing(socket);
                }
                news
            }
            Protocol::Over => None,
        }
    }
}

/// Pings are answered by the library, as browsers do.
fn hear(socket: &mut WebSocket<Pipe>) -> Option<News> {
    loop {
        let heard = socket.read();
        let _ = socket.flush();
        match heard {
            Ok(Message::Binary(bytes)) => return Some(News::Received(bytes.into())),
            Ok(_) => {}
            Err(tungstenite::Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {
                return None;
            }
            Err(_) => return Some(News::Closed),
        }
    }
}

fn ask(room: RoomId, pipe: Pipe) -> Protocol {
    let request = format!("ws://{HOST}{ROOM_PATH}{room}").into_client_request();
    let Ok(mut request) = request else { return Protocol::Over };
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(SUBPROTOCOL));
    match tungstenite::client(request, pipe) {
        Err(HandshakeError::Interrupted(shaking)) => Protocol::Shaking(shaking),
        Ok(_) | Err(HandshakeError::Failure(_)) => Protocol::Over,
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_cut = self.wire.is_none();
        f.debug_struct("Socket").field("leads", &self.leads).field("is_cut", &is_cut).finish()
    }
}

/// What the protocol reads from and writes to.
#[derive(Clone, Debug, Default)]
struct Pipe(Rc<RefCell<Buffers>>);

#[derive(Debug, Default)]
struct Buffers {
    incoming: VecDeque<u8>,
    outgoing: Vec<u8>,
    is_ended: bool,
}

impl Pipe {
    fn buffers(&self) -> std::cell::RefMut<'_, Buffers> {
        self.0.borrow_mut()
    }
}

impl Read for Pipe {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut buffers = self.buffers();
        if buffers.incoming.is_empty() && !buffers.is_ended {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        buffers.incoming.read(into)
    }
}

impl Write for Pipe {
    fn write(&mut self, from: &[u8]) -> io::Result<usize> {
        self.buffers().outgoing.extend_from_slice(from);
        Ok(from.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
