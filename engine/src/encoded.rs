//! A server frame as it goes out: encoded once for everybody it goes to, with the header of the
//! WebSocket message before it (RFC 6455 §5.2), which is the same for all since a server masks
//! nothing. Must not know what a frame means, nor who gets it.

use bytes::{Buf as _, Bytes, BytesMut};
use sanctuary_protocol::{Redacted, ServerFrame, encode_after};
use tungstenite::protocol::frame::FrameHeader;
use tungstenite::protocol::frame::coding::{Control, Data, OpCode};

/// The longest header of a message that is not masked: two bytes, and eight of length.
const HEADER_BYTES_MAX: usize = 10;

/// One message, whole. Clones share its bytes.
#[derive(Clone, derive_more::Debug, PartialEq, Eq)]
pub(crate) struct Encoded {
    #[debug("{Redacted}")]
    wire: Bytes,
    header_bytes: usize,
}

impl Encoded {
    /// A frame, as a binary message.
    pub(crate) fn frame(frame: &ServerFrame) -> Self {
        let mut bytes = encode_after(HEADER_BYTES_MAX, frame);
        let header = Header::of(OpCode::Data(Data::Binary), bytes.len() - HEADER_BYTES_MAX);
        let begin = HEADER_BYTES_MAX - header.bytes().len();
        bytes[begin..HEADER_BYTES_MAX].copy_from_slice(header.bytes());
        let mut wire = Bytes::from(bytes);
        wire.advance(begin);
        Self { wire, header_bytes: header.bytes().len() }
    }

    /// Asks whether the other end is there.
    pub(crate) fn ping() -> Self {
        Self::control(Control::Ping, &[])
    }

    /// Answers a ping, with what it said.
    pub(crate) fn pong(payload: &[u8]) -> Self {
        Self::control(Control::Pong, payload)
    }

    fn control(what: Control, payload: &[u8]) -> Self {
        let header = Header::of(OpCode::Control(what), payload.len());
        let wire = [header.bytes(), payload].concat().into();
        Self { wire, header_bytes: header.bytes().len() }
    }

    /// Bytes that stand for themselves.
    #[cfg(test)]
    pub(crate) fn written(wire: &[u8]) -> Self {
        Self { wire: Bytes::copy_from_slice(wire), header_bytes: 0 }
    }

    /// As a WebSocket carries it.
    pub(crate) fn wire(&self) -> &Bytes {
        &self.wire
    }

    /// Without the WebSocket's header.
    pub(crate) fn payload(&self) -> Bytes {
        self.wire.slice(self.header_bytes..)
    }

    /// Bytes on the wire.
    pub(crate) fn len(&self) -> usize {
        self.wire.len()
    }
}

/// The header of a message that is not masked.
struct Header {
    bytes: [u8; HEADER_BYTES_MAX],
    len: usize,
}

impl Header {
    fn of(opcode: OpCode, payload_bytes: usize) -> Self {
        let form = FrameHeader { opcode, ..FrameHeader::default() };
        let mut bytes = [0; HEADER_BYTES_MAX];
        let mut rest = bytes.as_mut_slice();
        // Writing to memory that suffices cannot fail.
        let _ = form.format(payload_bytes as u64, &mut rest);
        let len = HEADER_BYTES_MAX - rest.len();
        Self { bytes, len }
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// Frames in the order they go out, one after the other in memory too, so that whoever gets all of
/// them costs one write.
#[derive(Clone, derive_more::Debug, Default)]
pub(crate) struct Batch {
    frames: Vec<Encoded>,
    /// Where there are several.
    #[debug("{Redacted}")]
    joined: Bytes,
}

impl Batch {
    /// Of these.
    pub(crate) fn of(frames: Vec<Encoded>) -> Self {
        let joined = match frames.as_slice() {
            [] | [_] => Bytes::new(),
            several => {
                let bytes = several.iter().map(Encoded::len).sum();
                let mut wire = BytesMut::with_capacity(bytes);
                several.iter().for_each(|frame| wire.extend_from_slice(&frame.wire));
                wire.freeze()
            }
        };
        Self { frames, joined }
    }

    /// Bytes of all.
    pub(crate) fn bytes(&self) -> usize {
        self.wire().len()
    }

    /// All bytes from the frame of that number on.
    pub(crate) fn wire_from(&self, first: usize) -> &[u8] {
        let before = self.frames.iter().take(first).map(Encoded::len).sum::<usize>();
        self.wire().get(before..).unwrap_or_default()
    }

    fn wire(&self) -> &[u8] {
        match self.frames.as_slice() {
            [only] => &only.wire,
            [] | [_, ..] => &self.joined,
        }
    }

    /// What is left when so many bytes from the frame `first` on have been written: the frames not
    /// yet written whole, and how much of the first of them has been.
    pub(crate) fn rest(&self, first: usize, written: usize) -> (&[Encoded], usize) {
        let mut rest = self.frames.get(first..).unwrap_or_default();
        let mut begun = written;
        while let [frame, after @ ..] = rest
            && frame.len() <= begun
        {
            begun -= frame.len();
            rest = after;
        }
        (rest, begun)
    }

    /// Room for the frames of another, no more than so many.
    pub(crate) fn into_places(self, kept: usize) -> Vec<Encoded> {
        let Self { mut frames, joined: _ } = self;
        frames.clear();
        frames.shrink_to(kept);
        frames
    }
}

#[cfg(test)]
mod tests {
    use sanctuary_protocol::{CloseReason, decode};
    use tungstenite::protocol::frame::FrameSocket;

    use super::*;

    fn raw(bytes: usize) -> Encoded {
        Encoded::written(&vec![7; bytes])
    }

    #[test]
    fn a_frame_is_one_binary_message_that_holds_it() {
        let closed = ServerFrame::Closed { reason: CloseReason::Kicked };
        let notice =
            |bytes: usize| ServerFrame::Notice { text: "x".repeat(bytes).try_into().unwrap() };
        for frame in [closed, notice(100), notice(2_000)] {
            let encoded = Encoded::frame(&frame);
            assert_eq!(decode(&encoded.payload()), Ok(frame));
            let mut socket = FrameSocket::new(encoded.wire().as_ref());
            let read = socket.read(None).unwrap().unwrap();
            assert_eq!(read.header().opcode, OpCode::Data(Data::Binary));
            assert_eq!(read.into_payload(), encoded.payload());
            assert!(socket.read(None).unwrap().is_none(), "nothing follows");
        }
    }

    #[test]
    fn what_is_left_of_a_batch_begins_with_the_frame_that_was_begun() {
        let batch = Batch::of(vec![raw(3), raw(2), raw(4)]);
        let check = |first, written, left: &[usize], begun| {
            let (rest, begins_at) = batch.rest(first, written);
            let lengths: Vec<usize> = rest.iter().map(Encoded::len).collect();
            assert_eq!((lengths.as_slice(), begins_at), (left, begun), "{first}, {written}");
        };
        check(0, 0, &[3, 2, 4], 0);
        check(0, 1, &[3, 2, 4], 1);
        check(0, 3, &[2, 4], 0);
        check(0, 8, &[4], 3);
        check(0, 9, &[], 0);
        check(1, 0, &[2, 4], 0);
        check(1, 3, &[4], 1);
        check(3, 0, &[], 0);
        assert_eq!([0, 1, 2, 3].map(|first| batch.wire_from(first).len()), [9, 6, 4, 0]);
    }
}
