//! Two bare servers of the plain dialect, as the limit of what a server may reach: a thread, an epoll
//! set, rooms as lists, and not one check that is not needed. They differ in when they write alone.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use anyhow::{Context as _, Result};

use crate::frame::{self, Opcode, Writer};
use crate::handshake;
use crate::poller::{Interest, Poller};
use crate::stream::{BUFFER_BYTES, Incoming, Outgoing, Written};

/// Bytes that may wait for one connection; past this it is hung up on. Bun's peer has the same.
const WAITING_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Connections taken in a turn, so that newcomers do not keep those who are there waiting.
const ACCEPTS_MAX: usize = 64;

/// The listening socket's number; connections have theirs from 0.
const LISTENER: u64 = u64::MAX;

/// When deliveries are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Writing {
    /// Each by itself, as it comes.
    Each,
    /// All of one connection at once, when everything that was ready is read.
    Coalescing,
}

struct Connection {
    socket: TcpStream,
    room: Option<usize>,
    incoming: Incoming,
    outgoing: Outgoing,
    interest: Interest,
    is_dirty: bool,
}

struct Peer {
    writing: Writing,
    poller: Poller,
    /// By number; a place that is free is taken again.
    connections: Vec<Option<Connection>>,
    free: Vec<usize>,
    /// The numbers of rooms, by path.
    names: BTreeMap<String, usize>,
    /// Who is in each.
    rooms: Vec<Vec<usize>>,
    /// With something to write at the end of the turn.
    dirty: Vec<usize>,
    buffer: Vec<u8>,
    frame: Vec<u8>,
}

/// Serves until the process is ended.
///
/// # Errors
/// When the system takes a socket away.
pub(crate) fn serve(writing: Writing) -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port to listen on")?;
    // The standard library's backlog is 128, which a crowd that comes at once would fill.
    rustix::net::listen(&listener, 1024)?;
    listener.set_nonblocking(true)?;
    let poller = Poller::new()?;
    poller.add(&listener, LISTENER, Interest::READ)?;
    let address = listener.local_addr()?;
    writeln!(io::stdout(), "A bare server is open at http://{address}/")?;
    let mut peer = Peer {
        writing,
        poller,
        connections: Vec::new(),
        free: Vec::new(),
        names: BTreeMap::new(),
        rooms: Vec::new(),
        dirty: Vec::new(),
        buffer: vec![0; BUFFER_BYTES],
        frame: Vec::new(),
    };
    loop {
        peer.turn(&listener)?;
    }
}

impl Peer {
    fn turn(&mut self, listener: &TcpListener) -> Result<()> {
        let ready = self.poller.wait(None)?;
        for at in 0..ready {
            let ready = self.poller.ready(at);
            if ready.token == LISTENER {
                self.accept(listener)?;
                continue;
            }
            let at = usize::try_from(ready.token)?;
            if ready.writable {
                self.flush(at);
            }
            if ready.readable {
                self.read(at);
            }
        }
        for at in std::mem::take(&mut self.dirty) {
            if let Some(Some(connection)) = self.connections.get_mut(at) {
                connection.is_dirty = false;
            }
            self.flush(at);
        }
        Ok(())
    }

    fn accept(&mut self, listener: &TcpListener) -> Result<()> {
        for _ in 0..ACCEPTS_MAX {
            let socket = match listener.accept() {
                Ok((socket, _)) => socket,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            };
            socket.set_nonblocking(true)?;
            socket.set_nodelay(true)?;
            let at = self.free.pop().unwrap_or(self.connections.len());
            self.poller.add(&socket, at as u64, Interest::READ)?;
            let connection = Connection {
                socket,
                room: None,
                incoming: Incoming::default(),
                outgoing: Outgoing::default(),
                interest: Interest::READ,
                is_dirty: false,
            };
            match self.connections.get_mut(at) {
                Some(place) => *place = Some(connection),
                None => self.connections.push(Some(connection)),
            }
        }
        Ok(())
    }

    fn read(&mut self, at: usize) {
        let Some(Some(connection)) = self.connections.get_mut(at) else { return };
        match connection.socket.read(connection.incoming.prepare(&mut self.buffer)) {
            Ok(read) if read > 0 => {
                let filled = connection.incoming.filled(read);
                // The buffer is lent out, since whatever is read is written to others at once.
                let buffer = std::mem::take(&mut self.buffer);
                let understood = self.understand(at, &buffer[..filled]);
                self.buffer = buffer;
                if understood.is_err() {
                    self.hang_up(at);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Ok(_) | Err(_) => self.hang_up(at),
        }
    }

    fn understand(&mut self, at: usize, filled: &[u8]) -> Result<()> {
        let Some(Some(connection)) = self.connections.get_mut(at) else { return Ok(()) };
        let mut bytes = filled;
        if connection.room.is_none() {
            let Some((path, head_bytes)) = handshake::read_request(bytes)? else {
                connection.incoming.keep(bytes);
                return Ok(());
            };
            let room = *self.names.entry(path).or_insert(self.rooms.len());
            if room == self.rooms.len() {
                self.rooms.push(Vec::new());
            }
            connection.room = Some(room);
            self.rooms[room].push(at);
            self.write(at, &handshake::answer());
            bytes = &bytes[head_bytes..];
        }
        let Some(Some(connection)) = self.connections.get_mut(at) else { return Ok(()) };
        let Some(room) = connection.room else { return Ok(()) };
        let mut incoming = std::mem::take(&mut connection.incoming);
        let mut frame = std::mem::take(&mut self.frame);
        let scanned = incoming.scan(bytes, Writer::Client, |header, payload| {
            frame.clear();
            frame::write_unmasked(&mut frame, answered(header.opcode), payload);
            let begins = frame.len() - payload.len();
            frame::apply_mask(&mut frame[begins..], header.mask);
            match header.opcode {
                Opcode::Binary => self.broadcast(room, &frame),
                Opcode::Ping => self.write(at, &frame),
                Opcode::Pong | Opcode::Close => {}
            }
        });
        self.frame = frame;
        if let Some(Some(connection)) = self.connections.get_mut(at) {
            connection.incoming = incoming;
        }
        Ok(scanned?)
    }

    fn broadcast(&mut self, room: usize, frame: &[u8]) {
        let free = self.free.len();
        let members = std::mem::take(&mut self.rooms[room]);
        for member in &members {
            self.write(*member, frame);
        }
        self.rooms[room] = members;
        if self.free.len() != free {
            // Who was hung up on meanwhile was not in the list.
            let connections = &self.connections;
            self.rooms[room].retain(|member| matches!(connections.get(*member), Some(Some(_))));
        }
    }

    fn write(&mut self, at: usize, frame: &[u8]) {
        let Some(Some(connection)) = self.connections.get_mut(at) else { return };
        match self.writing {
            Writing::Each => {
                let written = connection.outgoing.write(&connection.socket, frame);
                self.wait_to_write(at, written);
            }
            Writing::Coalescing => {
                connection.outgoing.append(frame);
                if !connection.is_dirty {
                    connection.is_dirty = true;
                    self.dirty.push(at);
                }
            }
        }
    }

    fn flush(&mut self, at: usize) {
        let Some(Some(connection)) = self.connections.get_mut(at) else { return };
        let written = connection.outgoing.flush(&connection.socket);
        self.wait_to_write(at, written);
    }

    fn wait_to_write(&mut self, at: usize, written: io::Result<Written>) {
        let Some(Some(connection)) = self.connections.get_mut(at) else { return };
        let writing = match written {
            Ok(Written::Whole) => false,
            Ok(Written::Blocked) if connection.outgoing.waiting() <= WAITING_BYTES_MAX => true,
            Ok(Written::Blocked) | Err(_) => return self.hang_up(at),
        };
        let interest = Interest { writing, ..Interest::READ };
        if interest != connection.interest {
            connection.interest = interest;
            if self.poller.change(&connection.socket, at as u64, interest).is_err() {
                self.hang_up(at);
            }
        }
    }

    fn hang_up(&mut self, at: usize) {
        let Some(connection) = self.connections.get_mut(at).and_then(Option::take) else { return };
        if let Some(room) = connection.room {
            self.rooms[room].retain(|member| *member != at);
        }
        self.free.push(at);
    }
}

fn answered(opcode: Opcode) -> Opcode {
    match opcode {
        Opcode::Ping => Opcode::Pong,
        Opcode::Binary | Opcode::Pong | Opcode::Close => opcode,
    }
}
