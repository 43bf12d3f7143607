//! The opening handshake (RFC 6455 §4.2): requests that are taken, and what each that is not is told.
//! Must not know frames.

use sanctuary_engine::Config;

use super::web::{Answer, send_raw, serve, upgrade};

const ROOM: &str = "/room/07070707070707070707070707070707";
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// What is left out of a proper request and put into it, and the status.
type Row = (&'static str, &'static [(&'static str, &'static str)], u16);

/// No word of an upgrade in any but the answer to one.
async fn check(rows: &[Row], holds: impl Fn(&Answer) -> bool) {
    let (_engine, address) = serve(Config::default()).await;
    let mut failed = Vec::new();
    for (without, with, status) in rows {
        let answer = upgrade(address, ROOM, without, with).await;
        let is_switched = answer.header("sec-websocket-accept").is_some();
        if answer.status != *status || is_switched != (*status == 101) || !holds(&answer) {
            failed.push(format!("without {without:?}, with {with:?}: {answer:?}"));
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

#[tokio::test]
async fn a_proper_request_is_taken_and_no_extension_of_it() {
    let rows: &[Row] = &[
        ("", &[], 101),
        ("upgrade", &[("Upgrade", "WebSocket")], 101),
        ("connection", &[("CONNECTION", "keep-alive, UPGRADE")], 101),
        ("connection", &[("connection", "keep-alive"), ("connection", "upgrade")], 101),
        ("", &[("sec-websocket-extensions", "permessage-deflate; client_max_window_bits")], 101),
        ("", &[("sec-websocket-extensions", "x-webkit-deflate-frame, no-such-extension")], 101),
        // The header may be said more than once (§11.3.4), and only one name is chosen.
        ("sec-websocket-protocol", &[("sec-websocket-protocol", "chat, sanctuary.v1")], 101),
        ("", &[("sec-websocket-protocol", "chat")], 101),
    ];
    check(rows, |answer| {
        // The example of §1.3.
        answer.header("sec-websocket-accept") == Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            && answer.header("sec-websocket-protocol") == Some("sanctuary.v1")
            && answer.header("sec-websocket-extensions").is_none()
            && answer.header("upgrade") == Some("websocket")
            && answer.header("connection") == Some("upgrade")
    })
    .await;
}

/// The RFC leaves the status to the server where a header is missing or wrong (§4.2.1: "such as 400");
/// ours says 426 of all that is no WebSocket (docs/PROTOCOL.md, section 1), and always the version that
/// would be one, as §4.4 asks where that is what is wrong.
#[tokio::test]
async fn what_is_no_websocket_is_told_the_version_that_is() {
    let rows: &[Row] = &[
        ("sec-websocket-version", &[], 426),
        ("sec-websocket-version", &[("sec-websocket-version", "0")], 426),
        ("sec-websocket-version", &[("sec-websocket-version", "8")], 426),
        ("sec-websocket-version", &[("sec-websocket-version", "14")], 426),
        ("sec-websocket-version", &[("sec-websocket-version", "8, 13")], 426),
        ("", &[("sec-websocket-version", "8")], 426),
        ("sec-websocket-key", &[], 426),
        ("sec-websocket-key", &[("sec-websocket-key", "")], 426),
        ("sec-websocket-key", &[("sec-websocket-key", "c2hvcnQ=")], 426),
        // No base64; base64 of 18 bytes, of 17, and of none.
        ("sec-websocket-key", &[("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZ-==")], 426),
        ("sec-websocket-key", &[("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQQQ")], 426),
        ("sec-websocket-key", &[("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQQ=")], 426),
        ("sec-websocket-key", &[("sec-websocket-key", "========================")], 426),
        ("", &[("sec-websocket-key", KEY)], 426),
        ("upgrade", &[], 426),
        ("upgrade", &[("upgrade", "h2c")], 426),
        ("connection", &[], 426),
        ("connection", &[("connection", "keep-alive")], 426),
    ];
    check(rows, |answer| {
        answer.header("sec-websocket-version") == Some("13")
            && answer.header("upgrade") == Some("websocket")
    })
    .await;
}

#[tokio::test]
async fn a_websocket_must_ask_for_our_subprotocol_by_its_name() {
    let rows: &[Row] = &[
        ("sec-websocket-protocol", &[], 400),
        ("sec-websocket-protocol", &[("sec-websocket-protocol", "")], 400),
        ("sec-websocket-protocol", &[("sec-websocket-protocol", "chat, sanctuary.v2")], 400),
        ("sec-websocket-protocol", &[("sec-websocket-protocol", "SANCTUARY.V1")], 400),
        ("sec-websocket-protocol", &[("sec-websocket-protocol", "sanctuary.v1.x")], 400),
    ];
    check(rows, |answer| answer.header("sec-websocket-protocol").is_none()).await;
}

#[tokio::test]
async fn a_page_connects_to_where_it_came_from_and_nowhere_else() {
    let (_engine, address) = serve(Config::default()).await;
    for (origin, status) in [
        (format!("http://{address}"), 101),
        ("https://evil.example".to_owned(), 403),
        (format!("http://{address}.evil.example"), 403),
        ("null".to_owned(), 403),
        (String::new(), 403),
    ] {
        let answer = upgrade(address, ROOM, "", &[("origin", &origin)]).await;
        assert_eq!(answer.status, status, "{origin:?}");
    }
}

#[tokio::test]
async fn a_handshake_is_a_get_of_http_1_1_that_names_its_host_once() {
    let (_engine, address) = serve(Config::default()).await;
    let ask = async |line: &str, hosts: &str| send_raw(address, &head(line, hosts)).await;
    let host = format!("host: {address}\r\n");
    let get = format!("GET {ROOM} HTTP/1.1");
    for (line, hosts, status) in [
        (format!("POST {ROOM} HTTP/1.1"), host.clone(), 405),
        (format!("HEAD {ROOM} HTTP/1.1"), host.clone(), 405),
        // HTTP/1.0 has no upgrade.
        (format!("GET {ROOM} HTTP/1.0"), host.clone(), 426),
        (get.clone(), String::new(), 400),
        (get.clone(), host.repeat(2), 400),
        ("GET /room/07 HTTP/1.1".to_owned(), host.clone(), 400),
        ("GET /elsewhere HTTP/1.1".to_owned(), host, 404),
    ] {
        let answer = ask(&line, &hosts).await;
        assert_eq!(answer.status, status, "{line}, {hosts:?}: {answer:?}");
    }
}

/// A handshake that closes when it is answered with anything but 101.
fn head(line: &str, hosts: &str) -> String {
    format!(
        "{line}\r\n{hosts}connection: upgrade, close\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: {KEY}\r\n\
         sec-websocket-protocol: sanctuary.v1\r\n\r\n"
    )
}
