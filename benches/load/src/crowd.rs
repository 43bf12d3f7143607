//! Everybody who is connected: a thread, an epoll set, a buffer, and thousands of sockets of one
//! server. It writes, reads and answers pings; what a message says is its listener's business.

use std::io::{self, Read as _};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rustix::io::Errno;
use sanctuary_protocol::SUBPROTOCOL;
use socket2::{Domain, Protocol, Socket, Type};

use crate::frame::{self, Opcode, Writer};
use crate::handshake::{self, Request, Unopened};
use crate::message::Dialect;
use crate::poller::{Interest, Poller, Ready};
use crate::stream::{BUFFER_BYTES, Incoming, Outgoing, Written};

/// Bytes that may wait for a server that reads too little. Past this the run is no measurement.
const OUTGOING_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The run's clock, in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    started: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { started: Instant::now() }
    }

    pub(crate) fn now(self) -> u64 {
        u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

/// Who is told what happens. A connection is the number it was given, from 0 in order.
pub(crate) trait Listener {
    /// A WebSocket stands.
    fn opened(&mut self, _connection: usize) {}

    /// A message came, and was there at that moment.
    fn heard(&mut self, connection: usize, message: &[u8], now: u64);

    /// The server answered a handshake with anything but a WebSocket. The connection is down with it.
    ///
    /// # Errors
    /// Where nobody is ever to be turned away.
    fn turned_away(&mut self, _connection: usize, why: Unopened) -> Result<(), Unopened> {
        Err(why)
    }

    /// A connection is down.
    fn ended(&mut self, _connection: usize) {}
}

/// Whom to call, and as whom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'path> {
    pub(crate) path: &'path str,
    pub(crate) buffer: ReceiveBuffer,
    /// The address that a proxy would name.
    pub(crate) forwarded: Option<IpAddr>,
}

impl<'path> Call<'path> {
    pub(crate) fn to(path: &'path str) -> Self {
        Self { path, buffer: ReceiveBuffer::System, forwarded: None }
    }
}

/// How much the system may keep unread for a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReceiveBuffer {
    /// As much as it likes.
    System,
    /// So many bytes, more or less: of somebody who will stop reading.
    Bytes(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Opening,
    Open,
}

struct Connection {
    socket: TcpStream,
    phase: Phase,
    interest: Interest,
    incoming: Incoming,
    outgoing: Outgoing,
}

/// The crowd.
pub(crate) struct Crowd {
    server: SocketAddr,
    dialect: Dialect,
    clock: Clock,
    poller: Poller,
    /// By number; nothing where one is down.
    connections: Vec<Option<Connection>>,
    buffer: Vec<u8>,
    frame: Vec<u8>,
    masks: u32,
    down: usize,
}

impl Crowd {
    /// Nobody yet.
    ///
    /// # Errors
    /// When the system gives no epoll set.
    pub(crate) fn new(server: SocketAddr, dialect: Dialect) -> Result<Self> {
        Ok(Self {
            server,
            dialect,
            clock: Clock::start(),
            poller: Poller::new().context("no epoll set")?,
            connections: Vec::new(),
            buffer: vec![0; BUFFER_BYTES],
            frame: Vec::new(),
            masks: 0,
            down: 0,
        })
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub(crate) fn now(&self) -> u64 {
        self.clock.now()
    }

    /// Connections that are down.
    pub(crate) fn down(&self) -> usize {
        self.down
    }

    /// Begins to connect, and asks for the WebSocket of a room; the listener hears when it stands.
    /// Says which connection it is.
    ///
    /// # Errors
    /// When nobody is there.
    pub(crate) fn connect(&mut self, call: &Call<'_>) -> Result<usize> {
        let at = self.connections.len();
        let socket = self.dial(call.buffer).with_context(|| format!("connection {at}"))?;
        let subprotocol = match self.dialect {
            Dialect::Plain => None,
            Dialect::Sanctuary => Some(SUBPROTOCOL),
        };
        let host = self.server.to_string();
        let Call { path, forwarded, .. } = *call;
        let request = Request { host: &host, path, subprotocol, forwarded }.written();
        self.poller.add(&socket, at as u64, Interest::READ)?;
        self.connections.push(Some(Connection {
            socket,
            phase: Phase::Opening,
            interest: Interest::READ,
            incoming: Incoming::default(),
            outgoing: Outgoing::default(),
        }));
        self.write(at, &request)?;
        Ok(at)
    }

    /// Cuts a connection off, without a word; its listener is not told.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn cut(&mut self, at: usize) -> Result<()> {
        if let Some(connection) = self.connections[at].take() {
            self.poller.remove(&connection.socket)?;
            self.down += 1;
        }
        Ok(())
    }

    fn dial(&self, buffer: ReceiveBuffer) -> io::Result<TcpStream> {
        let domain = Domain::for_address(self.server);
        let socket = Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
        match buffer {
            ReceiveBuffer::System => {}
            ReceiveBuffer::Bytes(bytes) => socket.set_recv_buffer_size(bytes)?,
        }
        socket.set_tcp_nodelay(true)?;
        // Whatever is under way when the run is over may be thrown away, and no port waits for it.
        socket.set_linger(Some(Duration::ZERO))?;
        socket.set_nonblocking(true)?;
        match socket.connect(&self.server.into()) {
            // Nobody waits here for a server that is slow to take somebody in.
            Err(error) if error.raw_os_error() == Some(Errno::INPROGRESS.raw_os_error()) => {}
            connected => connected?,
        }
        Ok(socket.into())
    }

    /// Sends a message.
    ///
    /// # Errors
    /// When far too much waits already.
    pub(crate) fn send(&mut self, at: usize, message: &[u8]) -> Result<()> {
        self.send_frame(at, Opcode::Binary, message)
    }

    fn send_frame(&mut self, at: usize, opcode: Opcode, payload: &[u8]) -> Result<()> {
        self.masks = self.masks.wrapping_mul(0x9e37_79b1).wrapping_add(0x7f4a_7c15);
        let mut frame = std::mem::take(&mut self.frame);
        frame.clear();
        frame::write_masked(&mut frame, opcode, payload, self.masks.to_le_bytes());
        let written = self.write(at, &frame);
        self.frame = frame;
        written
    }

    fn write(&mut self, at: usize, bytes: &[u8]) -> Result<()> {
        let Some(connection) = &mut self.connections[at] else { return Ok(()) };
        let written = connection.outgoing.write(&connection.socket, bytes);
        let waiting = connection.outgoing.waiting();
        anyhow::ensure!(waiting <= OUTGOING_BYTES_MAX, "the server does not read what is sent");
        self.wait_to_write(at, written)
    }

    /// A socket that takes no more is waited for; one that failed is told of by its next read.
    fn wait_to_write(&mut self, at: usize, written: io::Result<Written>) -> Result<()> {
        let writing = matches!(written, Ok(Written::Blocked));
        self.set_interest(at, |interest| Interest { writing, ..interest })
    }

    /// Reads nothing more of a connection, until it is read again.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn stop_reading(&mut self, at: usize) -> Result<()> {
        self.set_interest(at, |interest| Interest { reading: false, ..interest })
    }

    /// Reads a connection again.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn read_again(&mut self, at: usize) -> Result<()> {
        self.set_interest(at, |interest| Interest { reading: true, ..interest })
    }

    fn set_interest(&mut self, at: usize, change: impl Fn(Interest) -> Interest) -> Result<()> {
        let Some(connection) = &mut self.connections[at] else { return Ok(()) };
        let interest = change(connection.interest);
        if connection.interest != interest {
            connection.interest = interest;
            self.poller.change(&connection.socket, at as u64, interest)?;
        }
        Ok(())
    }

    /// Waits for at most so long, and tells what has happened.
    ///
    /// # Errors
    /// When a server answers a handshake with anything but a WebSocket, or speaks no WebSocket.
    pub(crate) fn turn(&mut self, wait: Duration, listener: &mut impl Listener) -> Result<()> {
        let ready = self.poller.wait(Some(wait))?;
        for at in 0..ready {
            let Ready { token, readable, writable } = self.poller.ready(at);
            let at = usize::try_from(token)?;
            if writable && let Some(connection) = &mut self.connections[at] {
                let written = connection.outgoing.flush(&connection.socket);
                self.wait_to_write(at, written)?;
            }
            if readable {
                self.read(at, listener)?;
            }
        }
        Ok(())
    }

    fn read(&mut self, at: usize, listener: &mut impl Listener) -> Result<()> {
        let Some(connection) = &mut self.connections[at] else { return Ok(()) };
        match connection.socket.read(connection.incoming.prepare(&mut self.buffer)) {
            Ok(0) => self.end(at, listener),
            Ok(read) => {
                let filled = connection.incoming.filled(read);
                self.understand(at, filled, listener)
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(()),
            Err(_) => self.end(at, listener),
        }
    }

    fn understand(&mut self, at: usize, filled: usize, listener: &mut impl Listener) -> Result<()> {
        let now = self.clock.now();
        let Some(connection) = &mut self.connections[at] else { return Ok(()) };
        let mut bytes = &self.buffer[..filled];
        if connection.phase == Phase::Opening {
            let head_bytes = match handshake::read_answer(bytes) {
                Ok(Some(head_bytes)) => head_bytes,
                Ok(None) => {
                    connection.incoming.keep(bytes);
                    return Ok(());
                }
                Err(why) => {
                    listener.turned_away(at, why)?;
                    return self.cut(at);
                }
            };
            connection.phase = Phase::Open;
            bytes = &bytes[head_bytes..];
            listener.opened(at);
        }
        let mut pings: Vec<Vec<u8>> = Vec::new();
        connection.incoming.scan(bytes, Writer::Server, |header, payload| match header.opcode {
            Opcode::Binary => listener.heard(at, payload, now),
            Opcode::Ping => pings.push(payload.to_vec()),
            // The end of the connection follows.
            Opcode::Pong | Opcode::Close => {}
        })?;
        pings.iter().try_for_each(|payload| self.send_frame(at, Opcode::Pong, payload))
    }

    fn end(&mut self, at: usize, listener: &mut impl Listener) -> Result<()> {
        self.cut(at)?;
        listener.ended(at);
        Ok(())
    }
}
