//! WebSocket frames (RFC 6455 §5), as far as two ends of ours need them: whole messages in single
//! frames, short headers read without a copy. Must not know sockets, nor what a message says.

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opcode {
    Binary,
    Close,
    Ping,
    Pong,
}

/// Which end wrote what is read: clients mask, servers do not (§5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writer {
    Client,
    Server,
}

/// Bytes of the longest message either end takes: the largest frame of our protocol, and its framing.
pub(crate) const MESSAGE_BYTES_MAX: usize = 264 * 1024;

/// Bytes of the longest header: two, a 64-bit length, a mask.
pub(crate) const HEADER_BYTES_MAX: usize = 14;

/// A frame, and where its payload lies in the bytes that were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) opcode: Opcode,
    pub(crate) mask: [u8; 4],
    pub(crate) header_bytes: usize,
    pub(crate) payload_bytes: usize,
}

/// The other end writes frames that nobody here understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a frame that this harness reads")]
pub(crate) struct BadFrame;

impl Header {
    /// Header and payload.
    pub(crate) fn frame_bytes(&self) -> usize {
        self.header_bytes + self.payload_bytes
    }
}

/// The frame that `bytes` begin with; nothing when it is not all there.
///
/// # Errors
/// When it is fragmented, compressed, text, too long, or masked by the wrong end.
#[inline]
pub(crate) fn read(bytes: &[u8], writer: Writer) -> Result<Option<Header>, BadFrame> {
    let [first, second, rest @ ..] = bytes else { return Ok(None) };
    let opcode = match first {
        0x82 => Opcode::Binary,
        0x88 => Opcode::Close,
        0x89 => Opcode::Ping,
        0x8a => Opcode::Pong,
        _ => return Err(BadFrame),
    };
    let is_masked = second & 0x80 != 0;
    if is_masked != (writer == Writer::Client) {
        return Err(BadFrame);
    }
    let (payload_bytes, length_bytes) = match second & 0x7f {
        126 => match rest {
            [high, low, ..] => (usize::from(u16::from_be_bytes([*high, *low])), 2),
            _ => return Ok(None),
        },
        127 => match rest.first_chunk::<8>() {
            Some(length) => {
                (usize::try_from(u64::from_be_bytes(*length)).map_err(|_| BadFrame)?, 8)
            }
            None => return Ok(None),
        },
        short => (usize::from(short), 0),
    };
    if payload_bytes > MESSAGE_BYTES_MAX {
        return Err(BadFrame);
    }
    let mut mask = [0; 4];
    let mut header_bytes = 2 + length_bytes;
    if is_masked {
        match rest[length_bytes..].first_chunk::<4>() {
            Some(found) => mask = *found,
            None => return Ok(None),
        }
        header_bytes += 4;
    }
    let header = Header { opcode, mask, header_bytes, payload_bytes };
    Ok((bytes.len() >= header.frame_bytes()).then_some(header))
}

/// Appends a server's frame.
pub(crate) fn write_unmasked(to: &mut Vec<u8>, opcode: Opcode, payload: &[u8]) {
    write_header(to, opcode, payload.len(), 0);
    to.extend_from_slice(payload);
}

/// Appends a client's frame.
pub(crate) fn write_masked(to: &mut Vec<u8>, opcode: Opcode, payload: &[u8], mask: [u8; 4]) {
    write_header(to, opcode, payload.len(), 0x80);
    to.extend_from_slice(&mask);
    let begins = to.len();
    to.extend_from_slice(payload);
    apply_mask(&mut to[begins..], mask);
}

/// Masks, or takes the mask off (§5.3).
pub(crate) fn apply_mask(payload: &mut [u8], mask: [u8; 4]) {
    let mut words = payload.chunks_exact_mut(4);
    for word in &mut words {
        word.iter_mut().zip(mask).for_each(|(byte, key)| *byte ^= key);
    }
    words.into_remainder().iter_mut().zip(mask).for_each(|(byte, key)| *byte ^= key);
}

fn write_header(to: &mut Vec<u8>, opcode: Opcode, payload_bytes: usize, mask_bit: u8) {
    to.push(match opcode {
        Opcode::Binary => 0x82,
        Opcode::Close => 0x88,
        Opcode::Ping => 0x89,
        Opcode::Pong => 0x8a,
    });
    match (u8::try_from(payload_bytes), u16::try_from(payload_bytes)) {
        (Ok(short), _) if short < 126 => to.push(mask_bit | short),
        (_, Ok(medium)) => {
            to.push(mask_bit | 126);
            to.extend_from_slice(&medium.to_be_bytes());
        }
        (_, Err(_)) => {
            to.push(mask_bit | 127);
            to.extend_from_slice(&(payload_bytes as u64).to_be_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MASK: [u8; 4] = [1, 2, 3, 0xff];

    #[test]
    fn a_frame_is_read_from_its_last_byte_on_and_not_before() {
        for length in [0, 1, 125, 126, 127, 256, 65_535, 65_536, MESSAGE_BYTES_MAX] {
            let payload: Vec<u8> = (0..length).map(|at| at as u8).collect();
            let (mut client, mut server) = (Vec::new(), Vec::new());
            write_masked(&mut client, Opcode::Binary, &payload, MASK);
            write_unmasked(&mut server, Opcode::Ping, &payload);
            for (bytes, writer, opcode) in
                [(client, Writer::Client, Opcode::Binary), (server, Writer::Server, Opcode::Ping)]
            {
                for cut in (0..bytes.len()).rev().take(20).chain(0..20.min(bytes.len())) {
                    assert_eq!(read(&bytes[..cut], writer), Ok(None), "{length} cut at {cut}");
                }
                let header = read(&bytes, writer).unwrap().unwrap();
                assert_eq!((header.opcode, header.frame_bytes()), (opcode, bytes.len()));
                let mut found = bytes[header.header_bytes..].to_vec();
                apply_mask(&mut found, header.mask);
                assert_eq!(found, payload);
            }
        }
    }

    #[test]
    fn what_nobody_here_understands_is_refused() {
        for (bytes, writer) in [
            (&[0x02, 0x00][..], Writer::Server),
            (&[0x81, 0x00], Writer::Server),
            (&[0xc2, 0x00], Writer::Server),
            (&[0x82, 0x80], Writer::Server),
            (&[0x82, 0x00], Writer::Client),
            (&[0x82, 0x7f, 0, 0, 0, 0, 1, 0, 0, 0], Writer::Server),
        ] {
            assert_eq!(read(bytes, writer), Err(BadFrame), "{bytes:x?}");
        }
    }
}
