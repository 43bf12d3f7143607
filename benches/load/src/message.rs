//! What the harness says in a room, and how it finds it again in what comes back: a stamp of who said
//! the how-manieth, and when that was meant to be. Reads the fixed prefix of an entry by hand, since
//! it does so millions of times a second; must not know how messages travel.

use sanctuary_protocol::{ClientFrame, OverBound, PostBlob, encode};

/// Bytes of a stamp: the shortest payload.
pub(crate) const STAMP_BYTES: usize = 16;

/// Which server is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Every binary message goes to everybody in the room as it is, its sender included.
    Plain,
    /// Sanctuary's own protocol, version 1.
    Sanctuary,
}

/// The beginning of every payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Which sender, of all rooms.
    pub(crate) sender: u32,
    /// How many this sender said before.
    pub(crate) counter: u32,
    /// When it was meant to be said, in nanoseconds of the run's clock.
    pub(crate) intended: u64,
}

/// What a receiver was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// A message of the harness; under its place in the room's order, where there is one.
    Message { seq: Option<u64>, stamp: Stamp },
    /// Something else that has a place in the room's order.
    Entry { seq: u64 },
    /// The server says goodbye.
    Closed,
    /// Anything else.
    Other,
}

/// Variants of `ServerFrame` and `EntryKind`, as docs/PROTOCOL.md §4 numbers them.
const ENTRY: u8 = 5;
const CLOSED: u8 = 8;
const KIND_POST: u8 = 0;

impl Stamp {
    fn read(payload: &[u8]) -> Option<Self> {
        let (sender, rest) = payload.split_first_chunk()?;
        let (counter, rest) = rest.split_first_chunk()?;
        let intended = rest.first_chunk()?;
        Some(Self {
            sender: u32::from_le_bytes(*sender),
            counter: u32::from_le_bytes(*counter),
            intended: u64::from_le_bytes(*intended),
        })
    }
}

/// The message to send for a stamp: `payload_bytes` of payload, at least the stamp itself.
///
/// # Errors
/// When no post may be that long.
pub(crate) fn write(
    dialect: Dialect,
    stamp: Stamp,
    payload_bytes: usize,
) -> Result<Vec<u8>, OverBound> {
    let mut payload = vec![0x5a; payload_bytes.max(STAMP_BYTES)];
    payload[..4].copy_from_slice(&stamp.sender.to_le_bytes());
    payload[4..8].copy_from_slice(&stamp.counter.to_le_bytes());
    payload[8..STAMP_BYTES].copy_from_slice(&stamp.intended.to_le_bytes());
    match dialect {
        Dialect::Plain => Ok(payload),
        Dialect::Sanctuary => {
            Ok(encode(&ClientFrame::Post { ciphertext: PostBlob::try_from(payload)? }))
        }
    }
}

/// What a message from the server says.
#[inline]
pub(crate) fn read(dialect: Dialect, message: &[u8]) -> Heard {
    match dialect {
        Dialect::Plain => match Stamp::read(message) {
            Some(stamp) => Heard::Message { seq: None, stamp },
            None => Heard::Other,
        },
        Dialect::Sanctuary => match message {
            [ENTRY, rest @ ..] => entry(rest).unwrap_or(Heard::Other),
            [CLOSED, ..] => Heard::Closed,
            _ => Heard::Other,
        },
    }
}

#[inline]
fn entry(rest: &[u8]) -> Option<Heard> {
    let (seq, rest) = varint(rest)?;
    let (_from, rest) = varint(rest)?;
    let (kind, rest) = rest.split_first()?;
    if *kind != KIND_POST {
        return Some(Heard::Entry { seq });
    }
    let (_length, ciphertext) = varint(rest)?;
    Some(match Stamp::read(ciphertext) {
        Some(stamp) => Heard::Message { seq: Some(seq), stamp },
        None => Heard::Entry { seq },
    })
}

/// A number of seven bits a byte, least significant first, and what follows it.
#[inline]
fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0;
    for (at, byte) in bytes.iter().enumerate().take(10) {
        number |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((number, &bytes[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use sanctuary_protocol::{CloseReason, Entry, EntryKind, MemberId, Seq, ServerFrame, decode};

    use super::*;

    const STAMP: Stamp = Stamp { sender: 7, counter: 1_000_000, intended: u64::MAX - 5 };

    #[test]
    fn a_stamp_comes_back_through_either_dialect() {
        let plain = write(Dialect::Plain, STAMP, 256).unwrap();
        assert_eq!(plain.len(), 256);
        let heard = Heard::Message { seq: None, stamp: STAMP };
        assert_eq!(read(Dialect::Plain, &plain), heard);
        for seq in [1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let sent = write(Dialect::Sanctuary, STAMP, 256).unwrap();
            let ClientFrame::Post { ciphertext } = decode(&sent).unwrap() else { panic!("a post") };
            assert_eq!(ciphertext.len(), 256);
            let kind = EntryKind::Post { ciphertext };
            let entry = Entry { seq: Seq(seq), from: MemberId(300), kind };
            let heard = Heard::Message { seq: Some(seq), stamp: STAMP };
            assert_eq!(read(Dialect::Sanctuary, &encode(&ServerFrame::Entry(entry))), heard);
        }
    }

    #[test]
    fn what_is_no_message_is_told_apart() {
        let check = |frame: ServerFrame, heard: Heard| {
            assert_eq!(read(Dialect::Sanctuary, &encode(&frame)), heard);
        };
        let gone = Entry { seq: Seq(300), from: MemberId(2), kind: EntryKind::Gone };
        check(ServerFrame::Entry(gone), Heard::Entry { seq: 300 });
        check(ServerFrame::Closed { reason: CloseReason::TooSlow }, Heard::Closed);
        check(ServerFrame::Knocked { member: MemberId(2) }, Heard::Other);
        assert_eq!(read(Dialect::Sanctuary, &[]), Heard::Other);
        assert_eq!(read(Dialect::Plain, &[1, 2, 3]), Heard::Other);
    }

    #[test]
    fn a_post_over_the_bound_of_the_wire_is_refused() {
        assert!(write(Dialect::Plain, STAMP, 32 * 1024).is_ok());
        assert!(write(Dialect::Sanctuary, STAMP, 32 * 1024).is_err());
    }
}
