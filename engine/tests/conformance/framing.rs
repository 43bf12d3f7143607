//! Autobahn's groups 1 (framing), 5 (fragmentation) and 9 (limits): messages of every form of length,
//! whole and in parts, in one write and in many. Must not know control frames' own rules.

use sanctuary_protocol::limits::CLIENT_FRAME_BYTES_MAX;

use super::case::{Case, check, member, stranger};
use super::speech::{unheard_of, words};
use super::wire::{BINARY, CONTINUATION, Said, WHOLE, binary, frame, header, ping, pong};

/// A message in parts of so many bytes.
fn in_parts(message: &[u8], bytes: usize) -> Vec<u8> {
    let last = message.len().div_ceil(bytes) - 1;
    let part = |(at, payload): (usize, &[u8])| {
        let opcode = if at == 0 { BINARY } else { CONTINUATION };
        frame(if at == last { WHOLE | opcode } else { opcode }, payload)
    };
    message.chunks(bytes).enumerate().flat_map(part).collect()
}

fn pongs(payload: &[u8]) -> Said {
    Said::Pong(payload.to_vec())
}

#[tokio::test]
async fn a_message_of_any_length_arrives_to_the_byte_however_it_is_cut() {
    // Group 1.2: the lengths at which the header changes its form.
    let mut cases = Vec::new();
    for bytes in [3, 125, 126, 127, 128, 65_535, 65_536] {
        let (sent, entry) = words(bytes);
        let row = |how: &str| member(format!("1.2 {bytes} bytes {how}"), binary(&sent));
        cases.push(row("at once").gives([entry.clone()]));
        cases.push(row("in writes of 997").cut(997).gives([entry.clone()]));
        if bytes <= 128 {
            cases.push(row("byte by byte").cut(1).gives([entry]));
        }
    }
    // RFC 6455 has nothing against a message of no bytes (1.2.1); no frame of our protocol is one
    // (docs/PROTOCOL.md, section 1).
    cases.push(stranger("1.2.1 nothing at all", binary(b"")).fails());
    // §5.2 asks the shortest form of whoever writes, and of a reader nothing.
    let (sent, refused) = unheard_of();
    let long = [&[0x82, 0xfe, 0, 1, 0, 0, 0, 0][..], &sent].concat();
    cases.push(stranger("1.2 a length in more bytes than it needs", long).gives([refused.clone()]));
    let several = binary(&sent).repeat(3);
    cases.push(stranger("1.2 three in one write", several).gives(vec![refused; 3]));
    check(cases).await;
}

#[tokio::test]
async fn a_message_in_parts_is_put_together_with_control_frames_between_its_parts() {
    let (sent, entry) = words(200);
    let mut cases = Vec::new();
    for bytes in [1, 7, 125, 199] {
        let parts = in_parts(&sent, bytes);
        let row = |how: &str| member(format!("5 parts of {bytes} {how}"), parts.clone());
        cases.push(row("at once").gives([entry.clone()]));
        cases.push(row("byte by byte").cut(1).gives([entry.clone()]));
    }
    let (front, back) = sent.split_at(90);
    let begin = frame(BINARY, front);
    let end = frame(WHOLE | CONTINUATION, back);
    let between = |middle: &[u8]| [&begin, middle, &end].concat();
    let row = |name: &str, middle: &[u8]| member(name, between(middle));
    cases.extend([
        row("5.6 a ping between", &ping(b"?")).gives([pongs(b"?"), entry.clone()]),
        row("5.7 the same, byte by byte", &ping(b"?")).cut(1).gives([pongs(b"?"), entry.clone()]),
        row("5.6 a pong between", &pong(b"!")).gives([entry.clone()]),
        row(
            "5.19 two pings and an empty part",
            &[ping(b"1"), frame(CONTINUATION, b""), ping(b"2")].concat(),
        )
        .gives([pongs(b"1"), pongs(b"2"), entry.clone()]),
    ]);
    let empty = [frame(BINARY, b""), frame(CONTINUATION, &sent), frame(WHOLE, b"")].concat();
    cases.push(member("6.1.3 empty parts before and after", empty).gives([entry.clone()]));
    // A message of no bytes again: by our protocol's own rule.
    let nothing = [frame(BINARY, b""), frame(CONTINUATION, b""), frame(WHOLE, b"")].concat();
    cases.push(stranger("6.1.2 three empty parts", nothing).fails());
    check(cases).await;
}

#[tokio::test]
async fn a_part_out_of_its_turn_ends_the_connection() {
    let (sent, refused) = unheard_of();
    let (part, last) = (frame(CONTINUATION, &sent), frame(WHOLE | CONTINUATION, &sent));
    let begin = frame(BINARY, &sent);
    let rows = [
        ("5.9 a last part of nothing", last.clone()),
        ("5.12 a part of nothing", part),
        ("5.10 a last part of nothing, and a message", [last.clone(), binary(&sent)].concat()),
        ("5.18 a second beginning", begin.repeat(2)),
        ("5.18 a whole message within one", [begin, binary(&sent)].concat()),
    ];
    let mut cases: Vec<Case> = rows
        .iter()
        .flat_map(|(name, sent)| {
            [stranger(name, &**sent).fails(), stranger(name, &**sent).cut(1).fails()]
        })
        .collect();
    let after = [binary(&sent), last].concat();
    cases.push(stranger("5.11 a part after a whole message", after).fails_after([refused]));
    check(cases).await;
}

/// RFC 6455 §7.4.1 has 1009 for what is too big. Our protocol has one word, and so one code, for all
/// that is no frame of it, and the length of a frame is a part of that (docs/PROTOCOL.md, sections 1
/// and 4): 1002.
#[tokio::test]
async fn what_is_too_long_is_refused_by_its_header() {
    let most = CLIENT_FRAME_BYTES_MAX as u64;
    let over =
        |bytes| stranger(format!("9 a header that says {bytes}"), header(0x82, bytes)).fails();
    let mut cases: Vec<Case> = [most + 1, 1 << 32, u64::MAX >> 1, u64::MAX].map(over).into();
    // The sum of two parts is over the bound, and nothing of the second has come.
    let first = frame(BINARY, &vec![0; 1_000]);
    let second = header(WHOLE | CONTINUATION, most - 999);
    cases.push(stranger("9 parts over the bound", [first, second].concat()).fails());
    let (sent, entry) = words(CLIENT_FRAME_BYTES_MAX);
    cases.push(member("9 as long as may be", binary(&sent)).gives([entry.clone()]));
    cases.push(member("9 the same, in parts", in_parts(&sent, 4_096)).gives([entry]));
    check(cases).await;
}
