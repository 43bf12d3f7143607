//! Autobahn's group 2: pings and pongs. Must not know closing, which is a group of its own.

use super::case::{check, stranger};
use super::speech::unheard_of;
use super::wire::{CONTINUATION, PING, PONG, Said, WHOLE, binary, frame, header, ping, pong};

#[tokio::test]
async fn a_ping_is_answered_with_its_own_bytes() {
    let odd = [0x00, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0x00, 0xff];
    let most = [0xfe; 125];
    let mut cases = Vec::new();
    for (name, payload) in [
        ("2.1 an empty ping", &b""[..]),
        ("2.2 a ping of text", b"Hello, world!"),
        ("2.3 a ping of bytes that are no text", &odd),
        ("2.4 a ping of 125 bytes", &most),
    ] {
        let pongs = [Said::Pong(payload.to_vec())];
        cases.push(stranger(name, ping(payload)).gives(pongs.clone()));
        cases
            .push(stranger(format!("2.6 byte by byte, {name}"), ping(payload)).cut(1).gives(pongs));
    }
    let ten: Vec<u8> = (0..10).flat_map(|number| ping(&[b'0' + number])).collect();
    let answers: Vec<Said> = (0..10).map(|number| Said::Pong(vec![b'0' + number])).collect();
    cases.push(stranger("2.10 ten pings at once", ten.clone()).gives(answers.clone()));
    cases.push(stranger("2.11 ten pings, byte by byte", ten).cut(1).gives(answers));
    check(cases).await;
}

#[tokio::test]
async fn a_pong_that_nobody_asked_for_is_nothing() {
    let (sent, refused) = unheard_of();
    let both = [pong(b"unasked"), ping(b"asked")].concat();
    check(vec![
        stranger("2.7 a pong", pong(b"")).gives([]),
        stranger("2.8 a pong with bytes", pong(b"unasked")).gives([]),
        stranger("2.9 a pong, and a ping", both).gives([Said::Pong(b"asked".to_vec())]),
        stranger("2 a pong, and a message", [pong(b"?"), binary(&sent)].concat()).gives([refused]),
    ])
    .await;
}

#[tokio::test]
async fn a_control_frame_is_short_and_whole() {
    check(vec![
        stranger("2.5 a ping of 126 bytes", frame(WHOLE | PING, &[0xfe; 126])).fails(),
        stranger("2.5 its header alone", header(WHOLE | PING, 126)).fails(),
        stranger("2.5 a pong of 126 bytes", frame(WHOLE | PONG, &[0xfe; 126])).fails(),
        stranger(
            "5.1 a ping in parts",
            [frame(PING, b"a"), frame(WHOLE | CONTINUATION, b"b")].concat(),
        )
        .fails(),
        stranger(
            "5.2 a pong in parts",
            [frame(PONG, b"a"), frame(WHOLE | CONTINUATION, b"b")].concat(),
        )
        .fails(),
    ])
    .await;
}
