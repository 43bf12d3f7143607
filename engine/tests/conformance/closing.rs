//! Autobahn's group 7: closing. A close is answered with its own code, or with what is wrong with it;
//! nothing follows, and TCP ends without a reset. Must not know who is told in the room.

use super::case::{Case, check, member, stranger};
use super::speech::{unheard_of, words};
use super::wire::{BINARY, CLOSE, WHOLE, binary, close, frame, ping};

/// What is wrong with a close is said to it: there is no data message for it, since whoever closes has
/// stopped listening for one.
const VIOLATION: Option<u16> = Some(1002);
const NO_UTF_8: Option<u16> = Some(1007);

#[tokio::test]
async fn a_close_is_answered_with_its_own_code() {
    let most = [b'*'; 123];
    let mut cases = vec![
        stranger("7.3.1 without a body", frame(WHOLE | CLOSE, b"")).answered(None),
        stranger("7.3.3 a code", close(1000, b"")).answered(Some(1000)),
        stranger("7.3.4 a code and a reason", close(1000, b"enough")).answered(Some(1000)),
        stranger("7.3.5 a reason of 123 bytes", close(1000, &most)).answered(Some(1000)),
        stranger("7.3.5 byte by byte", close(1000, &most)).cut(1).answered(Some(1000)),
        stranger("7 a reason in Greek", close(1000, "αντίο".as_bytes())).answered(Some(1000)),
    ];
    // 1012 to 1014 are none of the RFC's, but of IANA's registry, which it refers to (§11.7).
    for code in [
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000,
        4999,
    ] {
        let row = |name: &str| stranger(format!("7.7 {code} {name}"), close(code, b""));
        cases.push(row("at once").answered(Some(code)));
        cases.push(row("byte by byte").cut(1).answered(Some(code)));
    }
    check(cases).await;
}

#[tokio::test]
async fn a_close_that_may_not_be_sent_is_told_so() {
    let mut cases = vec![
        stranger("7.3.2 a body of one byte", frame(WHOLE | CLOSE, &[3])).answered(VIOLATION),
        // A control frame that is too long is no close at all.
        stranger("7.3.6 a reason of 124 bytes", close(1000, &[b'*'; 124])).fails(),
        stranger("7 in parts", [frame(CLOSE, &[3]), frame(WHOLE, &[232])].concat()).fails(),
        stranger("7.5.1 a reason that is no UTF-8", close(1000, b"\xce\xba\xed\xa0\x80"))
            .answered(NO_UTF_8),
        stranger("7.5.1 a reason cut within a character", close(1000, b"\xce")).answered(NO_UTF_8),
        // Of the two, the code is read first.
        stranger("7 a bad code, a bad reason", close(999, b"\xff")).answered(VIOLATION),
    ];
    for code in [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] {
        let row = |name: &str| stranger(format!("7.9 {code} {name}"), close(code, b""));
        cases.push(row("").answered(VIOLATION));
        cases.push(
            stranger(format!("7.9 {code} with a reason"), close(code, b"why")).answered(VIOLATION),
        );
    }
    check(cases).await;
}

#[tokio::test]
async fn what_follows_a_close_is_neither_answered_nor_cuts_the_answer_off() {
    let (sent, _refused) = unheard_of();
    let goodbye = close(1000, b"");
    let then = |more: &[u8]| [&goodbye, more].concat();
    let row = |name: &str, more: &[u8]| stranger(name, then(more)).answered(Some(1000));
    let mut cases: Vec<Case> = vec![
        row("7.1.2 a second close", &close(1001, b"")),
        row("7.1.3 a ping", &ping(b"?")),
        row("7.1.4 a message", &binary(&sent)),
        row("7.1.5 a part of one", &frame(BINARY, &sent)),
        row("7 what is no frame", &[0xff; 64]),
        // More than one read takes: a socket that is closed over it would be reset.
        row("7.1.6 256 KiB", &binary(&vec![0; 256 * 1024])),
    ];
    let within = [frame(BINARY, &sent), goodbye].concat();
    cases.push(stranger("7.1.5 a close within a message", within).answered(Some(1000)));
    let (sent, entry) = words(65_536);
    cases.push(member("7.1.1 words, then a close", binary(&sent)).gives([entry]));
    check(cases).await;
}
