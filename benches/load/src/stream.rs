//! The two halves of a connection's bytes: what was read and ends in the middle of a frame, and what
//! could not be written yet. Must not know what a message says, nor which end it is.

use std::io::{self, Write as _};
use std::net::TcpStream;

use crate::frame::{self, BadFrame, HEADER_BYTES_MAX, Header, MESSAGE_BYTES_MAX, Writer};

/// Bytes read at once. The buffer is one for all connections, and stays in the core's own cache.
const READ_BYTES: usize = 64 * 1024;

/// Room for a read behind the longest beginning of a frame that may be left from the last.
pub(crate) const BUFFER_BYTES: usize = READ_BYTES + MESSAGE_BYTES_MAX + HEADER_BYTES_MAX;

/// The beginning of a frame whose rest is still under way. Empty between frames, and then without
/// memory of its own unless a frame was once cut.
#[derive(Debug, Default)]
pub(crate) struct Incoming {
    carry: Vec<u8>,
}

impl Incoming {
    /// Puts what is left in front, and says where to read to.
    pub(crate) fn prepare<'buffer>(&self, buffer: &'buffer mut [u8]) -> &'buffer mut [u8] {
        let begun = self.carry.len();
        buffer[..begun].copy_from_slice(&self.carry);
        &mut buffer[begun..begun + READ_BYTES]
    }

    /// How much of a prepared buffer is filled when so much was read.
    pub(crate) fn filled(&self, read: usize) -> usize {
        self.carry.len() + read
    }

    /// Hands over every whole frame, and keeps the rest.
    ///
    /// # Errors
    /// At the first frame that nobody understands.
    #[inline]
    pub(crate) fn scan(
        &mut self,
        filled: &[u8],
        writer: Writer,
        mut each: impl FnMut(&Header, &[u8]),
    ) -> Result<(), BadFrame> {
        let mut rest = filled;
        while let Some(header) = frame::read(rest, writer)? {
            let (frame, next) = rest.split_at(header.frame_bytes());
            each(&header, &frame[header.header_bytes..]);
            rest = next;
        }
        self.keep(rest);
        Ok(())
    }

    /// Keeps these bytes for the next read.
    pub(crate) fn keep(&mut self, rest: &[u8]) {
        self.carry.clear();
        self.carry.extend_from_slice(rest);
    }
}

/// Whether anything still waits to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    Whole,
    Blocked,
}

/// What waits for a socket that takes no more. Bounded by whoever fills it.
#[derive(Debug, Default)]
pub(crate) struct Outgoing {
    waiting: Vec<u8>,
    written: usize,
}

impl Outgoing {
    /// Bytes that wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len() - self.written
    }

    /// Leaves bytes for the next flush.
    pub(crate) fn append(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
    }

    /// Writes at once what the socket takes, unless something waits already.
    ///
    /// # Errors
    /// When the connection is down.
    pub(crate) fn write(&mut self, mut socket: &TcpStream, bytes: &[u8]) -> io::Result<Written> {
        if self.waiting() > 0 {
            self.append(bytes);
            return Ok(Written::Blocked);
        }
        match socket.write(bytes) {
            Ok(written) if written == bytes.len() => Ok(Written::Whole),
            Ok(written) => {
                self.append(&bytes[written..]);
                Ok(Written::Blocked)
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                self.append(bytes);
                Ok(Written::Blocked)
            }
            Err(error) => Err(error),
        }
    }

    /// Writes what waits, in one call as far as the socket takes it.
    ///
    /// # Errors
    /// When the connection is down.
    pub(crate) fn flush(&mut self, mut socket: &TcpStream) -> io::Result<Written> {
        while self.waiting() > 0 {
            match socket.write(&self.waiting[self.written..]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => self.written += written,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.compact();
                    return Ok(Written::Blocked);
                }
                Err(error) => return Err(error),
            }
        }
        self.compact();
        Ok(Written::Whole)
    }

    /// Bytes move only when most of them are written: a slow socket must not cost a copy of all
    /// that waits at each write.
    fn compact(&mut self) {
        if self.written * 2 >= self.waiting.len() {
            self.waiting.drain(..self.written);
            self.written = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::net::TcpListener;

    use super::*;
    use crate::frame::{Opcode, write_unmasked};

    #[test]
    fn frames_cut_anywhere_between_reads_come_out_whole_and_in_order() {
        let mut stream = Vec::new();
        let lengths = [0_usize, 3, 125, 126, 300, 5];
        for length in lengths {
            write_unmasked(&mut stream, Opcode::Binary, &vec![length as u8; length]);
        }
        let mut buffer = vec![0; BUFFER_BYTES];
        for step in 1..stream.len() {
            let (mut incoming, mut found) = (Incoming::default(), Vec::new());
            for read in stream.chunks(step) {
                incoming.prepare(&mut buffer)[..read.len()].copy_from_slice(read);
                let filled = incoming.filled(read.len());
                let each = |_: &Header, payload: &[u8]| {
                    assert!(payload.iter().all(|byte| *byte == payload.len() as u8));
                    found.push(payload.len());
                };
                incoming.scan(&buffer[..filled], Writer::Server, each).unwrap();
            }
            assert_eq!(found, lengths, "cut every {step} bytes");
            assert!(incoming.carry.is_empty());
        }
    }

    #[test]
    fn what_a_full_socket_refuses_is_written_later_and_whole() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let socket = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut reader, _) = listener.accept().unwrap();
        socket.set_nonblocking(true).unwrap();
        let mut outgoing = Outgoing::default();
        let chunk: Vec<u8> = (0..100_000_u32).map(|at| at as u8).collect();
        let mut chunks = 0;
        while outgoing.waiting() < 1_000_000 {
            outgoing.write(&socket, &chunk).unwrap();
            chunks += 1;
        }
        let mut read = Vec::new();
        let mut part = vec![0; 1_000_000];
        while read.len() < chunks * chunk.len() {
            let bytes = reader.read(&mut part).unwrap();
            read.extend_from_slice(&part[..bytes]);
            outgoing.flush(&socket).unwrap();
        }
        assert_eq!(outgoing.waiting(), 0);
        assert!(read.chunks(chunk.len()).all(|found| found == chunk));
    }
}
