//! The way in, over real loopback sockets: requests, upgrades, and what each kind of bad client
//! gets. This many lines because every kind of bad client stands in one list.
#![allow(clippy::unwrap_used, reason = "a failed test says so")]

mod common;
#[path = "common/web.rs"]
mod web;

use std::net::{Ipv6Addr, SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use common::{OTHER_ROOM, ROOM, admit, create, eventually, knock, post};
use sanctuary_engine::fault::Fault;
use sanctuary_engine::limits::Limits;
use sanctuary_engine::{Config, Listen, start};
use sanctuary_protocol::limits::{CLIENT_FRAME_BYTES_MAX, POST_BYTES_MAX};
use sanctuary_protocol::{CloseReason, ServerFrame};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use web::{LOOPBACK, Socket, request, send_raw, serve, upgrade};

const ROOM_PATH: &str = "/room/07070707070707070707070707070707";

fn with(limits: Limits) -> Config {
    Config { limits, ..Config::default() }
}

#[tokio::test]
async fn two_sockets_meet_in_a_room_and_talk() {
    let (_engine, address) = serve(Config::default()).await;
    let mut ada = Socket::open(address, ROOM).await;
    ada.send(create()).await;
    ada.opened().await;
    let mut ben = Socket::open(address, ROOM).await;
    ben.send(knock()).await;
    let newcomer = ada.knocking().await;
    ada.send(admit(newcomer)).await;
    ben.opened().await;
    ben.send(post("hello")).await;
    assert_eq!(ada.next_post().await, "hello");
    assert_eq!(ben.next_post().await, "hello");
}

#[tokio::test]
async fn every_response_carries_the_security_headers() {
    let (_engine, address) = serve(Config::default()).await;
    for (method, path, status) in [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("GET", "/healthz", 200),
        ("GET", "/nothing", 404),
        ("GET", "/../Cargo.toml", 404),
        ("GET", "/index.html.br", 404),
        ("POST", "/", 405),
        ("GET", ROOM_PATH, 426),
        ("GET", "/room/short", 400),
        ("POST", ROOM_PATH, 405),
        ("GET", "/room/07070707070707070707070707070707/more", 404),
    ] {
        let answer = request(address, method, path, &[]).await;
        assert_eq!(answer.status, status, "{method} {path}");
        for (name, value) in [
            (
                "content-security-policy",
                "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; \
                 style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; \
                 manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                 require-trusted-types-for 'script'; trusted-types sanctuary",
            ),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-embedder-policy", "require-corp"),
            ("cross-origin-resource-policy", "same-origin"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{method} {path} {name}");
        }
        assert!(answer.header("permissions-policy").unwrap().contains("camera=()"));
        assert_eq!(answer.header("strict-transport-security"), None);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{method} {path}");
    }
}

#[tokio::test]
async fn the_page_and_its_assets_are_served_as_they_are_kept() {
    let (_engine, address) = serve(Config::default()).await;
    let plain = request(address, "GET", "/", &[]).await;
    assert_eq!(plain.header("content-type"), Some("text/html; charset=utf-8"));
    let Some((_, rest)) = plain.body.split_once("/assets/") else {
        // Compiled without the client: the page says what to do.
        assert!(plain.body.contains("cargo xtask build"), "{}", plain.body);
        return;
    };
    let name = rest.split(['"', '\'']).next().unwrap();
    let path = format!("/assets/{name}");
    for (accepted, coding) in
        [("gzip, br", Some("br")), ("gzip", Some("gzip")), ("identity", None), ("br;q=0", None)]
    {
        let asked = [("accept-encoding", accepted)];
        let page = request(address, "GET", "/", &asked).await;
        let asset = request(address, "GET", &path, &asked).await;
        for answer in [&page, &asset] {
            assert_eq!((answer.status, answer.header("content-encoding")), (200, coding));
            assert_eq!(answer.header("vary"), Some("accept-encoding"));
        }
        assert_eq!(page.header("cache-control"), Some("no-store"));
        let kept = Some("public, max-age=31536000, immutable");
        assert_eq!(asset.header("cache-control"), kept);
    }
    let compressed = request(address, "GET", &format!("{path}.br"), &[]).await;
    assert_eq!(compressed.status, 404);
}

#[tokio::test]
async fn an_answer_is_a_plain_sentence() {
    let (_engine, address) = serve(Config::default()).await;
    for (method, path, words) in [
        ("GET", "/nothing", "There is nothing here."),
        ("DELETE", "/healthz", "This can only be read"),
        ("GET", ROOM_PATH, "A room is reached over a WebSocket"),
        ("GET", "/room/xyz", "32 lower-case hexadecimal digits"),
    ] {
        let answer = request(address, method, path, &[]).await;
        assert!(answer.body.contains(words), "{method} {path}: {}", answer.body);
        assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    }
}

#[tokio::test]
async fn an_upgrade_is_taken_only_when_it_is_whole() {
    let (_engine, address) = serve(Config::default()).await;
    let answer = upgrade(address, ROOM_PATH, "", &[]).await;
    assert_eq!(answer.status, 101);
    // The example of RFC 6455 §1.3.
    assert_eq!(answer.header("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    assert_eq!(answer.header("sec-websocket-protocol"), Some("sanctuary.v1"));
    for (without, more, status) in [
        ("sec-websocket-protocol", None, 400),
        ("sec-websocket-protocol", Some(("sec-websocket-protocol", "chat, sanctuary.v2")), 400),
        ("sec-websocket-protocol", Some(("sec-websocket-protocol", "Sanctuary.V1")), 400),
        ("sec-websocket-protocol", Some(("sec-websocket-protocol", "chat, sanctuary.v1")), 101),
        ("sec-websocket-version", None, 426),
        ("sec-websocket-version", Some(("sec-websocket-version", "8")), 426),
        ("sec-websocket-key", None, 426),
        ("sec-websocket-key", Some(("sec-websocket-key", "short")), 426),
        ("upgrade", None, 426),
        ("connection", None, 426),
    ] {
        let answer = upgrade(address, ROOM_PATH, without, more.as_slice()).await;
        assert_eq!(answer.status, status, "without {without}, with {more:?}");
    }
    for path in ["/room/07", "/room/0707070707070707070707070707070G"] {
        assert_eq!(upgrade(address, path, "", &[]).await.status, 400, "{path}");
    }
}

#[tokio::test]
async fn a_page_from_elsewhere_may_not_connect() {
    let (_engine, address) = serve(Config::default()).await;
    let own = format!("http://{address}");
    let own_behind_tls = format!("https://{address}");
    let own_with_path = format!("http://{address}/");
    let almost = format!("http://{address}.evil.example");
    for (origin, status) in [
        (own.as_str(), 101),
        (own_behind_tls.as_str(), 101),
        ("https://evil.example", 403),
        (almost.as_str(), 403),
        (own_with_path.as_str(), 403),
        ("null", 403),
        ("", 403),
    ] {
        let answer = upgrade(address, ROOM_PATH, "", &[("origin", origin)]).await;
        assert_eq!(answer.status, status, "{origin:?}");
    }
    let twice = [("origin", own.as_str()), ("origin", "https://evil.example")];
    let answer = upgrade(address, ROOM_PATH, "", &twice).await;
    assert_eq!(answer.status, 403);
    assert!(answer.body.contains("--origin"), "{}", answer.body);
}

#[tokio::test]
async fn where_origins_are_named_no_other_may_connect() {
    let origins = vec!["https://chat.example".parse().unwrap()];
    let (_engine, address) = serve(Config { origins, ..Config::default() }).await;
    let own = format!("http://{address}");
    for (origin, status) in [
        ("https://chat.example", 101),
        ("http://chat.example", 403),
        ("https://evil.example", 403),
        // By its own name, which a page that rebinds its name could borrow.
        (own.as_str(), 403),
    ] {
        let answer = upgrade(address, ROOM_PATH, "", &[("origin", origin)]).await;
        assert_eq!(answer.status, status, "{origin:?}");
    }
}

#[tokio::test]
async fn what_is_no_frame_is_told_so_and_costs_nobody_else() {
    let (_engine, address) = serve(Config::default()).await;
    let mut ada = Socket::open(address, ROOM).await;
    ada.send(create()).await;
    ada.opened().await;
    for message in [
        Message::Text("hello".into()),
        Message::Binary(vec![0xff; 40].into()),
        Message::Binary(vec![0; CLIENT_FRAME_BYTES_MAX + 1].into()),
        Message::Binary(bytes::Bytes::new()),
    ] {
        let mut bad = Socket::open(address, ROOM).await;
        bad.send_message(message).await;
        assert_eq!(bad.closed().await, CloseReason::ProtocolError);
        let Some(Message::Close(Some(close))) = bad.next_message().await else {
            panic!("no close frame")
        };
        assert_eq!((u16::from(close.code), close.reason.as_str()), (1002, "protocol error"));
    }
    ada.send(post("unmoved")).await;
    assert_eq!(ada.next_post().await, "unmoved");
}

#[tokio::test]
async fn bytes_that_are_no_websocket_are_told_so() {
    let (_engine, address) = serve(Config::default()).await;
    for garbage in [
        // Not masked, though a client's must be; a reserved opcode; text that is no UTF-8.
        &[0x82, 0x01, 0x00][..],
        &[0x83, 0x80, 0, 0, 0, 0],
        &[0x81, 0x81, 0, 0, 0, 0, 0xff],
    ] {
        let mut socket = Socket::open(address, ROOM).await;
        socket.stream().write_all(garbage).await.unwrap();
        assert_eq!(socket.closed().await, CloseReason::ProtocolError, "{garbage:?}");
    }
}

#[tokio::test]
async fn a_flood_is_hung_up_on() {
    let (_engine, address) = serve(Config::default()).await;
    let mut flood = Socket::open(address, ROOM).await;
    flood.send(create()).await;
    flood.opened().await;
    for _ in 0..Limits::default().frames_burst + 100 {
        flood.send(post("again")).await;
    }
    assert_eq!(flood.closed().await, CloseReason::TooFast);
}

#[tokio::test]
async fn a_flood_without_a_message_in_it_is_hung_up_on() {
    let limits = Limits { bytes_burst: 4_096, ..Limits::default() };
    let (_engine, address) = serve(with(limits)).await;
    const PONG: [u8; 6] = [0x8a, 0x80, 0, 0, 0, 0];
    const PING: [u8; 6] = [0x89, 0x80, 0, 0, 0, 0];
    const BEGINNING: [u8; 6] = [0x02, 0x80, 0, 0, 0, 0];
    const CONTINUATION: [u8; 6] = [0x00, 0x80, 0, 0, 0, 0];
    let controls = Limits::default().frames_burst as usize + 100;
    for flood in [
        PONG.repeat(controls),
        PING.repeat(controls),
        [BEGINNING.to_vec(), CONTINUATION.repeat(10_000)].concat(),
    ] {
        let mut socket = Socket::open(address, ROOM).await;
        socket.stream().write_all(&flood).await.unwrap();
        assert_eq!(socket.closed().await, CloseReason::TooFast, "{:x?}", &flood[..12]);
    }
}

#[tokio::test]
async fn half_a_message_is_counted_and_gone_with_its_socket() {
    let (engine, address) = serve(Config::default()).await;
    let mut socket = Socket::open(address, ROOM).await;
    // Five thousand bytes of ten.
    let half = [&[0x82, 0xfe, 0x27, 0x10, 0, 0, 0, 0][..], &[0; 5_000]].concat();
    socket.stream().write_all(&half).await.unwrap();
    let retained = || async { engine.tree().status().await.unwrap().retained_bytes };
    eventually("half is counted", || async { (5_000..=10_000).contains(&retained().await) }).await;
    drop(socket);
    eventually("it is given back", || async { retained().await == 0 }).await;
}

#[tokio::test]
async fn a_whole_message_holds_nothing() {
    let (engine, address) = serve(Config::default()).await;
    let mut ada = Socket::open(address, ROOM).await;
    // Refused, so that no room keeps it.
    ada.send(post("hello")).await;
    ada.until(|frame| matches!(frame, ServerFrame::Refused { .. }).then_some(())).await;
    let retained = || async { engine.tree().status().await.unwrap().retained_bytes };
    eventually("nothing is held", || async { retained().await == 0 }).await;
}

#[tokio::test]
async fn a_socket_that_is_not_read_is_hung_up_on_and_the_others_talk_on() {
    hang_up_on_who_does_not_read(256 * 1024, Duration::from_secs(1)).await;
}

/// It is not what waits that is too much, but how long.
#[tokio::test]
async fn a_socket_that_takes_nothing_for_too_long_is_counted_as_too_slow() {
    hang_up_on_who_does_not_read(usize::MAX, Duration::from_millis(100)).await;
}

async fn hang_up_on_who_does_not_read(outbox_bytes_max: usize, write_wait: Duration) {
    let limits = Limits {
        outbox_bytes_max,
        outbox_frames_max: usize::MAX,
        bytes_per_second: u32::MAX,
        bytes_burst: u32::MAX,
        frames_per_second: 100_000,
        frames_burst: 100_000,
        write_wait,
        ..Limits::default()
    };
    let (engine, address) = serve(with(limits)).await;
    let mut ada = Socket::open(address, ROOM).await;
    ada.send(create()).await;
    ada.opened().await;
    let mut slow = Socket::open(address, ROOM).await;
    slow.send(knock()).await;
    let newcomer = ada.knocking().await;
    ada.send(admit(newcomer)).await;
    slow.opened().await;
    let large = "x".repeat(POST_BYTES_MAX);
    // The kernel's buffers take some megabytes before the outbox fills.
    let mut sent = 0;
    while engine.tree().status().await.unwrap().members_gone == 0 {
        ada.send(post(&large)).await;
        assert_eq!(ada.next_post().await.len(), large.len());
        sent += 1;
        assert!(sent < 5_000, "the outbox fills at last");
    }
    eventually("the socket is closed", || async {
        engine.tree().status().await.unwrap().connections == 1
    })
    .await;
    assert_eq!(engine.tree().stats().hung_up.too_slow, 1);
    ada.send(post("still here")).await;
    assert_eq!(ada.next_post().await, "still here");
}

#[tokio::test]
async fn a_request_that_dawdles_is_dropped() {
    let limits = Limits { header_wait: Duration::from_millis(200), ..Limits::default() };
    let (engine, address) = serve(with(limits)).await;
    for beginning in ["", "GET / HTTP/1.1\r\nhost: x\r\n"] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(beginning.as_bytes()).await.unwrap();
        let begun = Instant::now();
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
        assert!(begun.elapsed() < Duration::from_secs(10), "{beginning:?}");
    }
    eventually("nothing is left", || async {
        engine.tree().status().await.unwrap().connections == 0
    })
    .await;
}

#[tokio::test]
async fn a_request_too_long_is_refused() {
    let (_engine, address) = serve(Config::default()).await;
    let long = "x".repeat(64 * 1024);
    let answer = request(address, "GET", "/", &[("x-long", &long)]).await;
    assert!(matches!(answer.status, 0 | 431), "{}", answer.status);
    let answer = send_raw(address, "no request at all\r\n\r\n").await;
    assert_eq!(answer.status, 400);
    assert_eq!(request(address, "GET", "/healthz", &[]).await.status, 200);
}

#[tokio::test]
async fn a_target_without_a_path_is_refused_in_words() {
    let (_engine, address) = serve(Config::default()).await;
    for target in ["CONNECT a:1", "OPTIONS *", "GET a:1", "CONNECT /"] {
        let head = format!("{target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        let answer = send_raw(address, &head).await;
        assert!(matches!(answer.status, 400 | 405), "{target}: {answer:?}");
    }
    for target in ["CONNECT a:1", "OPTIONS *"] {
        let head = format!("{target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        let answer = send_raw(address, &head).await;
        assert!(answer.header("content-security-policy").is_some(), "{target}: {answer:?}");
        assert!(answer.body.contains("names a path"), "{target}: {answer:?}");
    }
}

#[tokio::test]
async fn connections_over_the_bound_are_told_so_and_taken_again_later() {
    let limits = Limits { connections_max: 2, ..Limits::default() };
    let (engine, address) = serve(with(limits)).await;
    let one = Socket::open(address, ROOM).await;
    let mut two = Socket::open(address, OTHER_ROOM).await;
    assert_eq!(engine.tree().status().await.unwrap().connections, 2);
    let answer = request(address, "GET", "/", &[]).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("10")));
    assert!(answer.header("content-security-policy").is_some());
    assert!(answer.body.contains("As many people are connected"), "{}", answer.body);
    drop(one);
    eventually("there is room", || async { engine.tree().status().await.unwrap().connections < 2 })
        .await;
    assert_eq!(request(address, "GET", "/healthz", &[]).await.status, 200);
    two.send(create()).await;
    two.opened().await;
}

#[tokio::test]
async fn a_client_behind_a_proxy_is_counted_by_its_own_address() {
    let limits =
        Limits { address_burst: 2, address_refill: Duration::from_secs(600), ..Limits::default() };
    let trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    let (_engine, address) = serve(Config { limits, trusted_proxies, ..Config::default() }).await;
    let one = [("x-forwarded-for", "203.0.113.7, 192.0.2.1")];
    let other = [("x-forwarded-for", "192.0.2.1, 192.0.2.2")];
    assert_eq!(upgrade(address, ROOM_PATH, "", &one).await.status, 101);
    assert_eq!(upgrade(address, ROOM_PATH, "", &one).await.status, 101);
    let answer = upgrade(address, ROOM_PATH, "", &one).await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("600")));
    assert!(answer.header("content-security-policy").is_some());
    assert_eq!(upgrade(address, ROOM_PATH, "", &other).await.status, 101);
}

#[tokio::test]
async fn loopback_is_not_counted_and_whom_it_claims_to_forward_is_not_believed() {
    let limits =
        Limits { address_burst: 1, address_refill: Duration::from_secs(600), ..Limits::default() };
    let (_engine, address) = serve(with(limits)).await;
    for _ in 0..5 {
        let claim = [("x-forwarded-for", "192.0.2.1")];
        assert_eq!(upgrade(address, ROOM_PATH, "", &claim).await.status, 101);
    }
}

#[tokio::test]
async fn a_half_open_socket_is_dropped_after_two_pings() {
    let limits = Limits { ping_interval: Duration::from_millis(50), ..Limits::default() };
    let (engine, address) = serve(with(limits)).await;
    let mut ada = Socket::open(address, ROOM).await;
    ada.send(create()).await;
    ada.opened().await;
    // It is not read, so its pings are not answered.
    eventually("it is gone", || async {
        let status = engine.tree().status().await.unwrap();
        (status.connections, status.members_gone) == (0, 1)
    })
    .await;
}

#[tokio::test]
async fn a_silent_client_that_answers_pings_stays() {
    let limits = Limits { ping_interval: Duration::from_millis(200), ..Limits::default() };
    let (engine, address) = serve(with(limits)).await;
    let mut ada = Socket::open(address, ROOM).await;
    ada.send(create()).await;
    ada.opened().await;
    for _ in 0..6 {
        assert!(matches!(ada.next_message().await, Some(Message::Ping(_))));
    }
    assert_eq!(engine.tree().status().await.unwrap().members_live, 1);
}

#[tokio::test]
async fn one_socket_serves_both_families() {
    let listen = vec![Listen::DualStack { port: 0 }];
    let engine = start(Config { listen, ..Config::default() }).await.unwrap();
    let port = engine.addresses()[0].port();
    let four = SocketAddr::from(([127, 0, 0, 1], port));
    assert_eq!(request(four, "GET", "/healthz", &[]).await.status, 200);
    if TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_err() {
        eprintln!("NOT TESTED: this machine has no IPv6, so ::1 was not tried");
        return;
    }
    let six = SocketAddr::from((Ipv6Addr::LOCALHOST, port));
    assert_eq!(request(six, "GET", "/healthz", &[]).await.status, 200);
}

#[tokio::test]
async fn a_port_in_use_is_named_with_a_way_out() {
    let taken = TcpListener::bind(LOOPBACK).unwrap();
    let address = taken.local_addr().unwrap();
    for listen in [Listen::Address(address), Listen::DualStack { port: address.port() }] {
        let config = Config { listen: vec![listen], ..Config::default() };
        let error = start(config).await.unwrap_err().to_string();
        let port = address.port();
        let expected =
            format!("port {port} is in use; stop what uses it, or choose another with --port");
        assert_eq!(error, expected);
    }
}

#[tokio::test]
async fn a_gateway_that_fails_costs_no_connection_and_accepts_again() {
    let (engine, address) = serve(Config::default()).await;
    let mut ada = Socket::open(address, ROOM).await;
    ada.send(create()).await;
    ada.opened().await;
    engine.fail(Fault::Gateway);
    eventually("it is restarted", || async { engine.tree().status().await.unwrap().restarts == 1 })
        .await;
    ada.send(post("still here")).await;
    assert_eq!(ada.next_post().await, "still here");
    let mut ben = Socket::open(address, ROOM).await;
    ben.send(knock()).await;
    assert!(matches!(ben.next().await, ServerFrame::Knocked { .. }));
}

#[tokio::test]
async fn a_stopping_server_tells_its_sockets_and_takes_no_more() {
    let (engine, address) = serve(Config::default()).await;
    let mut ada = Socket::open(address, ROOM).await;
    ada.send(create()).await;
    ada.opened().await;
    let mut idle = Socket::open(address, OTHER_ROOM).await;
    let told = async {
        for socket in [&mut ada, &mut idle] {
            assert_eq!(socket.closed().await, CloseReason::ShuttingDown);
            let Some(Message::Close(Some(close))) = socket.next_message().await else {
                panic!("no close frame")
            };
            assert_eq!((u16::from(close.code), close.reason.as_str()), (1001, "shutting down"));
            while socket.next_message().await.is_some() {}
        }
    };
    tokio::join!(engine.shut_down(), told);
    assert_eq!(engine.tree().status().await.unwrap_err(), sanctuary_engine::Unavailable);
}
