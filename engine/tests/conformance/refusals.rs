//! Autobahn's groups 3 (reserved bits), 4 (opcodes) and 6 (UTF-8), and the mask of RFC 6455 §5.1: what
//! fails a connection by its first bytes. Must not know what comes after them.

use super::case::{Case, check, stranger};
use super::speech::unheard_of;
use super::wire::{
    BINARY, CLOSE, CONTINUATION, PING, Said, TEXT, WHOLE, binary, frame, header, ping, unmasked,
};

const RESERVED: [u8; 7] = [0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70];

#[tokio::test]
async fn a_reserved_bit_ends_the_connection_whatever_it_stands_on() {
    let (sent, refused) = unheard_of();
    let mut cases = Vec::new();
    for bits in RESERVED {
        let first = WHOLE | bits;
        let row = |what: &str, sent: Vec<u8>| stranger(format!("3 bits {bits:x} on {what}"), sent);
        let small = frame(first | BINARY, &sent);
        cases.push(row("a small message", small.clone()).fails());
        cases.push(row("a small message, byte by byte", small.clone()).cut(1).fails());
        cases.push(
            row("a large one, of which the header came", header(first | BINARY, 65_536)).fails(),
        );
        cases.push(row("an empty one", frame(first | BINARY, b"")).fails());
        cases.push(row("a ping", frame(first | PING, b"?")).fails());
        cases.push(row("a close", frame(first | CLOSE, &[3, 232])).fails());
        let second = [binary(&sent), small.clone(), ping(b"?")].concat();
        cases.push(row("a second message", second).fails_after([refused.clone()]));
        let behind = [ping(b"?"), small].concat();
        let pong = Said::Pong(b"?".to_vec());
        cases.push(row("a message behind a ping", behind).fails_after([pong]));
    }
    check(cases).await;
}

#[tokio::test]
async fn a_reserved_opcode_ends_the_connection() {
    let (sent, _refused) = unheard_of();
    let mut cases = Vec::new();
    for opcode in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] {
        let row = |how: &str, sent: Vec<u8>| stranger(format!("4 opcode {opcode} {how}"), sent);
        let small = frame(WHOLE | opcode, &sent);
        cases.push(row("", small.clone()).fails());
        cases.push(row("byte by byte", small.clone()).cut(1).fails());
        cases.push(row("empty", frame(WHOLE | opcode, b"")).fails());
        cases.push(row("not whole", frame(opcode, &sent)).fails());
        cases.push(row("within a message", [frame(BINARY, &sent), small].concat()).fails());
    }
    check(cases).await;
}

/// Our protocol has no text (docs/PROTOCOL.md, section 1): a text message is none of its frames, and
/// ends the connection with that code, 1002, by its first byte. So nothing is left for which UTF-8 would
/// matter, nor for 1007, its code: invalid text is refused before any of it is looked at.
#[tokio::test]
async fn text_ends_the_connection_before_it_is_looked_at() {
    let surrogate = [0xed, 0xa0, 0x80];
    let cut_short = [0xce, 0xba, 0xe1, 0xbd];
    let rows: [(&str, Vec<u8>); 8] = [
        ("1.1.1 empty", frame(WHOLE | TEXT, b"")),
        ("1.1.2 of 125 bytes", frame(WHOLE | TEXT, &[b'*'; 125])),
        ("6.2 UTF-8", frame(WHOLE | TEXT, "Hello-µ@ßöäüàá-UTF-8!!".as_bytes())),
        ("6.3 no UTF-8", frame(WHOLE | TEXT, b"\xce\xba\xe1\xbd\xb9\xcf\x83\xed\xa0\x80edited")),
        ("6.4 a beginning that is no UTF-8", frame(TEXT, &surrogate)),
        ("6.6 cut within a character", frame(WHOLE | TEXT, &cut_short)),
        ("6 its header alone", header(WHOLE | TEXT, 65_536)),
        ("6 in parts", [frame(TEXT, b"a"), frame(WHOLE | CONTINUATION, b"b")].concat()),
    ];
    let text = rows.into_iter().map(|(name, sent)| stranger(name, sent).fails());
    check(text.collect::<Vec<Case>>()).await;
}

#[tokio::test]
async fn a_frame_that_is_not_masked_ends_the_connection() {
    let (sent, _refused) = unheard_of();
    let rows: [(&str, Vec<u8>); 5] = [
        ("5.1 a message", unmasked(WHOLE | BINARY, &sent)),
        ("5.1 an empty message", unmasked(WHOLE | BINARY, b"")),
        ("5.1 a ping", unmasked(WHOLE | PING, b"?")),
        ("5.1 a close", unmasked(WHOLE | CLOSE, &[3, 232])),
        ("5.1 the last part", [frame(BINARY, &sent), unmasked(WHOLE, b"")].concat()),
    ];
    let cases = rows.into_iter().map(|(name, sent)| stranger(format!("§{name}"), sent).fails());
    check(cases.collect()).await;
}
