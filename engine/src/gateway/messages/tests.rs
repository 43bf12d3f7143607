//! A client's bytes, however they are cut, against what the library makes of them.

use std::io::{self, Read, Write};

use proptest::prelude::*;
use tungstenite::protocol::{Role, WebSocket, WebSocketConfig};
use tungstenite::{self, Error};

use super::*;

const BYTES_MAX: usize = 300;

/// Two words: first byte and second, payload.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mask = [1, 2, 3, 250];
    let mut bytes = vec![first];
    match payload.len() {
        short @ ..126 => bytes.push(0x80 | u8::try_from(short).unwrap()),
        long => {
            bytes.push(0x80 | 126);
            bytes.extend(u16::try_from(long).unwrap().to_be_bytes());
        }
    }
    bytes.extend(mask);
    bytes.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key));
    bytes
}

/// Everything in `bytes`, which come in pieces of those sizes, and the first violation.
fn read(bytes: &[u8], pieces: &[usize]) -> Vec<Result<Message, Violation>> {
    let mut messages = Messages::new(BYTES_MAX);
    let (mut all, mut rest, mut sizes) = (Vec::new(), bytes, pieces.iter().cycle());
    while !rest.is_empty() {
        let size = sizes.next().copied().unwrap_or(usize::MAX).clamp(1, rest.len());
        let mut piece;
        (piece, rest) = rest.split_at(size);
        loop {
            match messages.read(&mut piece) {
                Ok(None) => break,
                Ok(Some(message)) => all.push(Ok(message)),
                Err(violation) => {
                    all.push(Err(violation));
                    return all;
                }
            }
        }
        assert!(piece.is_empty(), "what is not whole is held, not left");
        assert!(messages.held() <= BYTES_MAX + CONTROL_BYTES_MAX + HEADER_BYTES_MAX);
        assert!(messages.is_begun() || messages.held() == 0, "what is whole is not held");
    }
    all
}

fn binary(payload: &[u8]) -> Result<Message, Violation> {
    Ok(Message::Binary(Bytes::copy_from_slice(payload)))
}

#[test]
fn a_message_is_put_together_from_its_parts_with_control_frames_between() {
    let long = vec![7; 200];
    let bytes = [
        frame(0x82, b"whole"),
        frame(0x02, b"in "),
        frame(0x89, b"ping"),
        frame(0x00, &long),
        frame(0x8a, b"pong!"),
        frame(0x80, b""),
        frame(0x82, b""),
        frame(0x88, &[3, 232]),
    ]
    .concat();
    let expected = [
        binary(b"whole"),
        Ok(Message::Ping(b"ping".to_vec())),
        Ok(Message::Pong),
        binary(&[b"in ".as_slice(), &long].concat()),
        binary(b""),
        Ok(Message::Close(Some(CloseCode::Normal))),
    ];
    for size in [1, 2, 3, 7, 64, bytes.len()] {
        assert_eq!(read(&bytes, &[size]), expected, "in pieces of {size}");
    }
}

#[test]
fn what_no_client_may_send_is_found_at_its_header() {
    let check = |bytes: &[u8], expected: Violation| {
        for size in [1, bytes.len()] {
            assert_eq!(read(bytes, &[size]).pop(), Some(Err(expected)), "{bytes:x?} by {size}");
        }
    };
    check(&[0x82, 0x01], Violation::Unmasked);
    for reserved in [0xc2, 0xa2, 0x92] {
        check(&[reserved, 0x80, 0, 0, 0, 0], Violation::Reserved);
    }
    for unknown in [0x83, 0x87, 0x8b, 0x8f] {
        check(&[unknown, 0x80, 0, 0, 0, 0], Violation::Kind);
    }
    check(&[0x81, 0x80, 0, 0, 0, 0], Violation::Text);
    check(&[0x01, 0xfe, 1, 0, 0, 0, 0, 0], Violation::Text);
    // A control frame in parts; one of 126 bytes.
    for control in [0x08, 0x09, 0x0a] {
        check(&[control, 0x80, 0, 0, 0, 0], Violation::Control);
        check(&[0x80 | control, 0xfe, 0, 126, 0, 0, 0, 0], Violation::Control);
    }
    check(&[0x80, 0x80, 0, 0, 0, 0], Violation::Turn);
    check(&[frame(0x02, b"one"), vec![0x82, 0x80, 0, 0, 0, 0]].concat(), Violation::Turn);
    // One byte too many, in one frame or several; as many as can be said.
    check(&[0x82, 0xfe, 1, 45, 0, 0, 0, 0], Violation::Long);
    check(&[frame(0x02, &[0; 200]), vec![0x80, 0x80 | 101, 0, 0, 0, 0]].concat(), Violation::Long);
    let endless = [&[0x82, 0xff][..], &[0xff; 8], &[0; 4]].concat();
    check(&endless, Violation::Long);
}

#[test]
fn a_close_is_answered_with_its_code_or_with_what_is_wrong_with_it() {
    let check = |close: &[u8], expected: Option<CloseCode>| {
        let read = read(&frame(0x88, close), &[1]);
        assert_eq!(read, [Ok(Message::Close(expected))], "{close:x?}");
    };
    check(&[], None);
    check(&[3, 232, b'.'], Some(CloseCode::Normal));
    check(&[3], Some(CloseCode::Protocol));
    check(&[3, 236], Some(CloseCode::Protocol));
    check(&[3, 232, 0xff], Some(CloseCode::Invalid));
}

#[test]
fn what_is_announced_takes_no_memory_before_it_comes() {
    let mut messages = Messages::new(1024 * 1024);
    let mut input = &[0x82, 0xff, 0, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 9, 9, 9][..];
    assert_eq!(messages.read(&mut input), Ok(None));
    assert!(messages.is_begun() && messages.held() <= 8, "{}", messages.held());
}

#[test]
fn a_message_of_small_parts_is_not_copied_for_each_of_them() {
    const PARTS: usize = 50_000;
    let mut messages = Messages::new(PARTS);
    let mut sizes = std::collections::BTreeSet::new();
    for part in 0..PARTS {
        let bytes = frame(if part == 0 { 0x02 } else { 0x00 }, &[7]);
        assert_eq!(messages.read(&mut bytes.as_slice()), Ok(None));
        sizes.insert(messages.held());
    }
    assert!(sizes.len() <= 20 && messages.held() <= PARTS, "{sizes:?}");
    let whole = messages.read(&mut frame(0x80, b"").as_slice());
    assert_eq!(whole, Ok(Some(Message::Binary(vec![7; PARTS].into()))));
}

/// A client's bytes for the library, which answers into the void.
struct Wire<'bytes>(&'bytes [u8]);

impl Read for Wire<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into)
    }
}

impl Write for Wire<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The same by the library, up to a close or a text.
fn read_by_library(bytes: &[u8]) -> Vec<Option<Message>> {
    let config = WebSocketConfig::default().max_message_size(Some(BYTES_MAX));
    let config = config.max_frame_size(Some(BYTES_MAX));
    let mut socket = WebSocket::from_raw_socket(Wire(bytes), Role::Server, Some(config));
    let mut all = Vec::new();
    loop {
        all.push(Some(match socket.read() {
            Ok(tungstenite::Message::Binary(payload)) => Message::Binary(payload),
            // Of ours none is text.
            Ok(tungstenite::Message::Text(_)) => {
                all.push(None);
                return all;
            }
            Ok(tungstenite::Message::Ping(payload)) => Message::Ping(payload.to_vec()),
            Ok(tungstenite::Message::Pong(_)) => Message::Pong,
            Ok(tungstenite::Message::Close(_)) => {
                all.push(None);
                return all;
            }
            Ok(tungstenite::Message::Frame(_)) => continue,
            Err(Error::Protocol(
                tungstenite::error::ProtocolError::ResetWithoutClosingHandshake,
            )) => {
                return all;
            }
            Err(_) => {
                all.push(None);
                return all;
            }
        }));
    }
}

fn any_frame() -> impl Strategy<Value = Vec<u8>> {
    let first = prop_oneof![
        20 => prop::sample::select(vec![0x82_u8, 0x02, 0x00, 0x80, 0x89, 0x8a]),
        1 => prop::sample::select(vec![0x81_u8, 0x88, 0x83, 0xc2, 0x09]),
    ];
    let payload = prop::collection::vec(0_u8..128, 0..160);
    (first, payload).prop_map(|(first, payload)| frame(first, &payload))
}

proptest! {
    /// Up to a close or what no client may send. That is found at a frame's header here, and by the
    /// library once the frame is whole: as much is put behind, which is no frame of a client's.
    #[test]
    fn the_library_reads_the_same(
        frames in prop::collection::vec(any_frame(), 0..12),
        pieces in prop::collection::vec(1_usize..80, 1..8),
        flip in prop::option::of((0_usize..200, any::<u8>())),
    ) {
        let mut bytes = frames.concat();
        if let Some((at, with)) = flip && let Some(byte) = bytes.get_mut(at) {
            *byte ^= with;
        }
        let mut ours = read(&bytes, &pieces);
        let is_end = |it: &Result<Message, Violation>| matches!(it, Ok(Message::Close(_)) | Err(_));
        let whole = ours.iter().position(is_end).unwrap_or(ours.len());
        let end = ours.drain(whole..).next();
        if end.is_some() {
            bytes.extend([0; BYTES_MAX]);
        }
        let mut theirs = read_by_library(&bytes);
        let ours: Vec<Option<Message>> = ours.into_iter().map(Result::ok).collect();
        match end {
            // Of a text's beginning the library says nothing, and reads on.
            Some(Err(Violation::Text)) => theirs.truncate(whole),
            Some(_) => prop_assert_eq!(theirs.split_off(whole.min(theirs.len())), [None]),
            None => {}
        }
        prop_assert_eq!(ours, theirs);
    }
}
