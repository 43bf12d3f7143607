//! What a server sends on one connection, cut at its WebSocket frames (RFC 6455 §5.2), so that one
//! can be taken out. Before the handshake's answer it is ordinary HTTP, and passes as it comes.

/// How the handshake's answer begins and ends.
const SWITCHING: &[u8] = b"HTTP/1.1 101 ";
const HEAD_END: &[u8] = b"\r\n\r\n";

/// The server's side of a connection.
#[derive(Debug, Default)]
pub(crate) struct Downstream {
    speaks: Speaks,
    /// What has come and is no whole piece yet.
    kept: Vec<u8>,
}

/// What the connection carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Speaks {
    #[default]
    Http,
    WebSocket,
}

/// Something that passes whole, or not at all.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Ordinary HTTP.
    Http(Vec<u8>),
    /// A frame, with where its payload begins.
    Frame { bytes: Vec<u8>, payload: usize },
}

/// A whole binary message.
const FINAL_BINARY: u8 = 0x82;

/// The longest payload that the second byte itself gives the length of.
const SHORT_BYTES_MAX: u8 = 125;

impl Piece {
    /// A frame around a short message.
    pub(crate) fn frame(message: &[u8]) -> Self {
        let length = u8::try_from(message.len()).unwrap();
        assert!(length <= SHORT_BYTES_MAX);
        Self::Frame { bytes: [&[FINAL_BINARY, length], message].concat(), payload: 2 }
    }

    /// What a frame carries.
    pub(crate) fn message(&self) -> Option<&[u8]> {
        match self {
            Self::Http(_) => None,
            Self::Frame { bytes, payload } => bytes.get(*payload..),
        }
    }

    /// Whether with it a WebSocket stands.
    pub(crate) fn opens_socket(&self) -> bool {
        matches!(self, Self::Http(bytes) if bytes.starts_with(SWITCHING))
    }

    /// As it came.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Http(bytes) | Self::Frame { bytes, payload: _ } => bytes,
        }
    }
}

impl Downstream {
    /// Takes in what came; the pieces that are whole with it.
    pub(crate) fn take_in(&mut self, bytes: &[u8]) -> Vec<Piece> {
        self.kept.extend_from_slice(bytes);
        let mut pieces = Vec::new();
        if self.speaks == Speaks::Http {
            pieces.extend(self.http());
        }
        while self.speaks == Speaks::WebSocket
            && let Some(frame) = self.frame()
        {
            pieces.push(frame);
        }
        pieces
    }

    fn http(&mut self) -> Option<Piece> {
        let may_switch = self.kept.starts_with(SWITCHING) || SWITCHING.starts_with(&self.kept);
        if !may_switch {
            return Some(Piece::Http(std::mem::take(&mut self.kept)));
        }
        let end = self.kept.windows(HEAD_END.len()).position(|it| it == HEAD_END)?;
        self.speaks = Speaks::WebSocket;
        Some(Piece::Http(self.kept.drain(..end + HEAD_END.len()).collect()))
    }

    /// The first frame, once it is whole. A server masks nothing.
    fn frame(&mut self) -> Option<Piece> {
        let short = usize::from(*self.kept.get(1)? & 0x7f);
        let extended = match short {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        let payload = 2 + extended;
        let length = match extended {
            0 => short,
            _ => self.kept.get(2..payload)?.iter().fold(0, |it, byte| it << 8 | usize::from(*byte)),
        };
        let end = payload + length;
        (self.kept.len() >= end)
            .then(|| Piece::Frame { bytes: self.kept.drain(..end).collect(), payload })
    }
}

#[test]
fn frames_are_cut_where_they_end_however_they_come() {
    let head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
    let long = [&[0x82, 126, 1, 0][..], &[7; 256]].concat();
    let all = [head, &[0x82, 2, 5, 6][..], &long].concat();
    for chunk in [1, 3, all.len()] {
        let mut downstream = Downstream::default();
        let pieces: Vec<_> = all.chunks(chunk).flat_map(|it| downstream.take_in(it)).collect();
        let messages: Vec<_> = pieces.iter().filter_map(Piece::message).collect();
        assert_eq!(messages, [&[5, 6][..], &[7; 256]], "{chunk}");
        assert_eq!(pieces.into_iter().flat_map(Piece::into_bytes).collect::<Vec<_>>(), all);
    }
    let page = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    assert_eq!(Downstream::default().take_in(&page), [Piece::Http(page)]);
}
