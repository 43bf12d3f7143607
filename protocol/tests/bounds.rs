//! The bounds that `docs/PROTOCOL.md` promises to whoever writes another client are the code's.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use sanctuary_protocol::admin::{REPLY_LINE_BYTES_MAX, REQUEST_LINE_BYTES_MAX};
use sanctuary_protocol::limits::{
    ADMITS_MAX, CLIENT_FRAME_BYTES_MAX, COMMIT_BYTES_MAX, DOOR_BYTES_MAX, EVICTS_MAX, MEMBERS_MAX,
    NOTICE_BYTES_MAX, POST_BYTES_MAX, SERVER_FRAME_BYTES_MAX, WELCOME_BYTES_MAX,
};

const DOCUMENT: &str = include_str!("../../docs/PROTOCOL.md");

/// The number that follows `before`, as people write it: thousands apart.
fn number_after(before: &str) -> usize {
    let (_, rest) = DOCUMENT.split_once(before).unwrap();
    let spaced = rest.chars().take_while(|it| it.is_ascii_digit() || it.is_whitespace());
    spaced.filter(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

#[test]
fn the_documented_bounds_are_ours() {
    for (row, bounds) in [
        ("`Post.ciphertext`", [POST_BYTES_MAX, POST_BYTES_MAX]),
        ("`Commit.ciphertext`, `welcome`", [COMMIT_BYTES_MAX, WELCOME_BYTES_MAX]),
        ("`Knock.blob`, `Door.blob`", [DOOR_BYTES_MAX, DOOR_BYTES_MAX]),
        ("`admits`, `evicts`", [ADMITS_MAX, EVICTS_MAX]),
        ("`seats`", [MEMBERS_MAX, MEMBERS_MAX]),
        ("`Notice.text`", [NOTICE_BYTES_MAX, NOTICE_BYTES_MAX]),
        ("a frame, either way", [CLIENT_FRAME_BYTES_MAX, SERVER_FRAME_BYTES_MAX]),
    ] {
        let documented = number_after(&format!("\n| {row} | "));
        assert_eq!(bounds, [documented; 2], "{row}");
    }
}

#[test]
fn the_documented_bounds_of_the_operators_socket_are_ours() {
    assert_eq!(REQUEST_LINE_BYTES_MAX, number_after("A request has\nat most "));
    assert_eq!(REPLY_LINE_BYTES_MAX, number_after(" bytes, a reply ") * 1024 * 1024);
}
