//! What a client's bytes say as a WebSocket (RFC 6455 §5): frames read, unmasked and put together to
//! messages. A core: bytes in, messages out. Ours, where everything else of the protocol is the
//! library's, because the library's keeps a buffer for every connection, as large as the largest
//! message that ever came; this one holds what is not whole yet, and says how much. Must not know
//! sockets, rates, or what a message means.

use std::io::Cursor;
use std::mem;

use bytes::Bytes;
use sanctuary_protocol::Redacted;
use tungstenite::protocol::frame::FrameHeader;
use tungstenite::protocol::frame::coding::{CloseCode, Control, Data, OpCode};

/// Bytes of a header as a client sends it: two, eight of length, four of mask (RFC 6455 §5.2).
const HEADER_BYTES_MAX: usize = 14;

/// Bytes a control frame may carry (RFC 6455 §5.5).
const CONTROL_BYTES_MAX: usize = 125;

/// A whole message.
#[derive(Clone, derive_more::Debug, PartialEq, Eq)]
pub(super) enum Message {
    Binary(#[debug("{Redacted}")] Bytes),
    /// To be answered with the same bytes.
    Ping(#[debug("{Redacted}")] Vec<u8>),
    Pong,
    /// To be answered with this code, and nothing may follow.
    Close(Option<CloseCode>),
}

/// What no client may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Violation {
    /// A kind of frame that there is not.
    #[error("a frame of an unknown kind")]
    Kind,
    /// Reserved bits, where no extension was agreed on.
    #[error("a frame with reserved bits")]
    Reserved,
    /// A client masks everything (RFC 6455 §5.1).
    #[error("a frame that is not masked")]
    Unmasked,
    /// Nothing of ours is text.
    #[error("a message of text")]
    Text,
    /// A control frame in parts, or a long one.
    #[error("a control frame in parts, or too long")]
    Control,
    /// A continuation of nothing, or a beginning where a continuation is due.
    #[error("a part of a message out of its turn")]
    Turn,
    /// Longer than any message may be.
    #[error("a message that is too long")]
    Long,
}

/// Puts one connection's messages together.
#[derive(derive_more::Debug)]
pub(super) struct Messages {
    bytes_max: usize,
    /// The beginning of a header.
    #[debug("{Redacted}")]
    header: Vec<u8>,
    frame: Option<Frame>,
    #[debug("{Redacted}")]
    control: Vec<u8>,
    /// What has come of a message that goes on.
    #[debug("{Redacted}")]
    begun: Option<Vec<u8>>,
}

/// A frame whose payload is being read.
#[derive(Clone, Copy, derive_more::Debug)]
struct Frame {
    kind: Kind,
    /// Turned so that it begins with what the next byte is masked by.
    #[debug("{Redacted}")]
    mask: [u8; 4],
    left: usize,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Ping,
    Pong,
    Close,
    /// A part of a message that goes on.
    Part,
    /// The last, or only, part of one.
    Last,
}

impl Messages {
    /// Nothing yet. No message may be longer than `bytes_max`.
    pub(super) const fn new(bytes_max: usize) -> Self {
        Self { bytes_max, header: Vec::new(), frame: None, control: Vec::new(), begun: None }
    }

    /// Reads on, until a message is whole or `input` ends; what is left of `input` comes after the
    /// message.
    ///
    /// # Errors
    /// When the client breaks the protocol: nothing after it can be told apart.
    pub(super) fn read(&mut self, input: &mut &[u8]) -> Result<Option<Message>, Violation> {
        loop {
            let mut frame = match self.frame.take() {
                Some(frame) => frame,
                None => match self.begin(input)? {
                    Some(frame) => frame,
                    None => return Ok(None),
                },
            };
            self.take_in(&mut frame, input);
            if frame.left > 0 {
                self.frame = Some(frame);
                return Ok(None);
            }
            if let Some(message) = self.complete(frame.kind) {
                return Ok(Some(message));
            }
        }
    }

    /// Whether anything has come of what is not whole.
    pub(super) fn is_begun(&self) -> bool {
        self.begun.is_some() || self.frame.is_some() || !self.header.is_empty()
    }

    /// Bytes held of what is not whole.
    pub(super) fn held(&self) -> usize {
        let payload = self.begun.as_ref().map_or(0, Vec::capacity);
        self.header.capacity() + self.control.capacity() + payload
    }

    /// The next frame's header, if it is whole.
    fn begin(&mut self, input: &mut &[u8]) -> Result<Option<Frame>, Violation> {
        let before = self.header.len();
        if before == 0 {
            if let Some((header, length, bytes)) = parse(input)? {
                *input = input.get(bytes..).unwrap_or_default();
                return self.judge(&header, length).map(Some);
            }
            self.header = input.to_vec();
        } else {
            let more = input.iter().take(HEADER_BYTES_MAX - before);
            self.header.extend(more);
            if let Some((header, length, bytes)) = parse(&self.header)? {
                *input = input.get(bytes - before..).unwrap_or_default();
                self.header = Vec::new();
                return self.judge(&header, length).map(Some);
            }
        }
        *input = &[];
        Ok(None)
    }

    fn judge(&mut self, header: &FrameHeader, length: u64) -> Result<Frame, Violation> {
        let FrameHeader { is_final, rsv1, rsv2, rsv3, opcode, mask } = *header;
        if rsv1 || rsv2 || rsv3 {
            return Err(Violation::Reserved);
        }
        let mask = mask.ok_or(Violation::Unmasked)?;
        let left = usize::try_from(length).map_err(|_| Violation::Long)?;
        let kind = match opcode {
            OpCode::Control(control) => {
                if !is_final || left > CONTROL_BYTES_MAX {
                    return Err(Violation::Control);
                }
                match control {
                    Control::Ping => Kind::Ping,
                    Control::Pong => Kind::Pong,
                    Control::Close => Kind::Close,
                    Control::Reserved(_) => return Err(Violation::Kind),
                }
            }
            OpCode::Data(data) => {
                match (data, &self.begun) {
                    (Data::Continue, Some(_)) => {}
                    (Data::Binary, None) => self.begun = Some(Vec::new()),
                    (Data::Text, None) => return Err(Violation::Text),
                    (Data::Continue, None) | (Data::Binary | Data::Text, Some(_)) => {
                        return Err(Violation::Turn);
                    }
                    (Data::Reserved(_), _) => return Err(Violation::Kind),
                }
                let before = self.begun.as_ref().map_or(0, Vec::len);
                if left > self.bytes_max.saturating_sub(before) {
                    return Err(Violation::Long);
                }
                if is_final { Kind::Last } else { Kind::Part }
            }
        };
        Ok(Frame { kind, mask, left })
    }

    /// Takes of a frame's payload what has come.
    fn take_in(&mut self, frame: &mut Frame, input: &mut &[u8]) {
        let (payload, rest) = input.split_at(frame.left.min(input.len()));
        let into = match (frame.kind, &mut self.begun) {
            (Kind::Part | Kind::Last, Some(begun)) => begun,
            (Kind::Part | Kind::Last, None) | (Kind::Ping | Kind::Pong | Kind::Close, _) => {
                &mut self.control
            }
        };
        let before = into.len();
        if into.capacity() - before < payload.len() {
            let most = match frame.kind {
                // More parts follow, and a message of small ones must not be copied for each.
                Kind::Part => self.bytes_max.saturating_sub(before),
                Kind::Last | Kind::Ping | Kind::Pong | Kind::Close => frame.left,
            };
            // Twice as much each time, and never more than there can be.
            into.reserve_exact(payload.len().max(before).min(most));
        }
        into.extend_from_slice(payload);
        unmask(into.get_mut(before..).unwrap_or_default(), frame.mask);
        frame.mask.rotate_left(payload.len() % 4);
        frame.left -= payload.len();
        *input = rest;
    }

    /// A frame is whole: is a message?
    fn complete(&mut self, kind: Kind) -> Option<Message> {
        match kind {
            Kind::Ping => Some(Message::Ping(mem::take(&mut self.control))),
            Kind::Pong => {
                self.control = Vec::new();
                Some(Message::Pong)
            }
            Kind::Close => Some(Message::Close(answer(&mem::take(&mut self.control)))),
            Kind::Part => None,
            Kind::Last => self.begun.take().map(|mut payload| {
                // What was kept for parts that did not come.
                payload.shrink_to_fit();
                Message::Binary(payload.into())
            }),
        }
    }
}

/// What a close is answered with: its own code, if it has one; or what is wrong with it (RFC 6455
/// §5.5.1, §7.1.5).
fn answer(close: &[u8]) -> Option<CloseCode> {
    match close {
        [] => None,
        [high, low, reason @ ..] => match u16::from_be_bytes([*high, *low]) {
            // Those that may be sent, by the RFC (§7.4) and the registry it refers to.
            code @ (1000..=1003 | 1007..=1014 | 3000..=4999) => {
                let is_text = std::str::from_utf8(reason).is_ok();
                Some(if is_text { code.into() } else { CloseCode::Invalid })
            }
            _ => Some(CloseCode::Protocol),
        },
        [_] => Some(CloseCode::Protocol),
    }
}

/// A header, the length of its payload, and its own.
fn parse(input: &[u8]) -> Result<Option<(FrameHeader, u64, usize)>, Violation> {
    let mut cursor = Cursor::new(input);
    // Of memory nothing fails to be read; what is wrong is the kind.
    let parsed = FrameHeader::parse(&mut cursor).map_err(|_unknown| Violation::Kind)?;
    let bytes = usize::try_from(cursor.position()).unwrap_or(usize::MAX);
    Ok(parsed.map(|(header, length)| (header, length, bytes)))
}

/// Every fourth byte has the same key (RFC 6455 §5.3).
fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let key = u32::from_ne_bytes(mask);
    let (words, rest) = payload.as_chunks_mut::<4>();
    for word in words {
        *word = (u32::from_ne_bytes(*word) ^ key).to_ne_bytes();
    }
    for (byte, key) in rest.iter_mut().zip(mask) {
        *byte ^= key;
    }
}

#[cfg(test)]
mod tests;
