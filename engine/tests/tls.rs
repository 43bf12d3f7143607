//! TLS as clients meet it: the page, a room, certificates that are replaced, and whoever does not
//! speak it, or too slowly.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed test says so")]

mod common;
#[path = "common/tls.rs"]
mod tls;
#[path = "common/web.rs"]
mod web;

use std::fs;
use std::net::SocketAddr;
use std::time::Duration;

use common::{ROOM, admit, create, eventually, knock, post};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use sanctuary_engine::limits::Limits;
use sanctuary_engine::{Config, Engine, Listen, Tls, TlsFiles};
use sanctuary_protocol::CloseReason;
use tls::{Authority, Files, HOLDS, connect, shown, try_connect};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use web::{LOOPBACK, Socket, request, send_over, send_raw, serve};

const ASKED: &str = "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

async fn serve_tls(files: &Files, limits: Limits) -> (Engine, SocketAddr) {
    let look_interval = Duration::from_millis(10);
    let tls = TlsFiles { look_interval, ..TlsFiles::new(files.certificate(), files.key()) };
    serve(Config { limits, tls: Some(Tls::Files(tls)), ..Config::default() }).await
}

fn first_of(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
}

#[tokio::test]
async fn the_page_comes_over_both_versions_of_tls_and_is_asked_for_over_nothing_else() {
    let authority = Authority::new();
    let files = Files::of(&authority.issue(HOLDS));
    let (_engine, address) = serve_tls(&files, Limits::default()).await;
    for version in [&TLS12, &TLS13] {
        let stream = connect(&authority.client(&[version]), address).await;
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
        let page = send_over(stream, ASKED).await;
        assert_eq!(page.status, 200, "{version:?}");
        let kept = page.header("strict-transport-security");
        assert_eq!(kept, Some("max-age=31536000"), "{version:?}");
    }
    let stranger = Authority::new().client(&[&TLS13]);
    assert!(try_connect(&stranger, address).await.is_err());
}

#[tokio::test]
async fn two_members_talk_over_tls_and_the_connection_ends_as_one() {
    let authority = Authority::new();
    let files = Files::of(&authority.issue(HOLDS));
    let (engine, address) = serve_tls(&files, Limits::default()).await;
    let client = authority.client(&[&TLS13]);
    let origin = [("origin", "https://localhost")];
    let open = async || {
        let stream = connect(&client, address).await;
        Socket::over(stream, "wss://localhost", ROOM, &origin).await.unwrap()
    };
    let mut ada = open().await;
    ada.send(create()).await;
    ada.opened().await;
    let mut ben = open().await;
    ben.send(knock()).await;
    let newcomer = ada.knocking().await;
    ada.send(admit(newcomer)).await;
    ben.opened().await;
    // More than TLS keeps of what is not read: the rest waits in the outbox.
    let long = "a".repeat(16_000);
    for _ in 0..20 {
        ada.send(post(&long)).await;
    }
    for _ in 0..20 {
        assert_eq!(ben.next_post().await, long);
    }
    let stopped = engine.shut_down();
    let ends = async {
        for socket in [&mut ada, &mut ben] {
            assert_eq!(socket.closed().await, CloseReason::ShuttingDown);
            while socket.next_message().await.is_some() {}
            // The end is said, and no cut: reading past it is no error.
            assert_eq!(socket.stream().read(&mut [0]).await.unwrap(), 0);
        }
    };
    tokio::join!(stopped, ends);
}

#[tokio::test]
async fn a_page_that_came_over_plain_http_may_not_connect_over_tls() {
    let authority = Authority::new();
    let files = Files::of(&authority.issue(HOLDS));
    let (_engine, address) = serve_tls(&files, Limits::default()).await;
    let client = authority.client(&[&TLS13]);
    for (origin, allowed) in [("https://localhost", true), ("http://localhost", false)] {
        let stream = connect(&client, address).await;
        let opened = Socket::over(stream, "wss://localhost", ROOM, &[("origin", origin)]).await;
        assert_eq!(opened.is_ok(), allowed, "{origin}");
    }
}

#[tokio::test]
async fn whoever_speaks_plain_http_is_led_to_tls() {
    let authority = Authority::new();
    let files = Files::of(&authority.issue(HOLDS));
    let (_engine, address) = serve_tls(&files, Limits::default()).await;
    let answer = request(address, "GET", "/", &[]).await;
    let place = format!("https://{address}/");
    assert_eq!((answer.status, answer.header("location")), (308, Some(place.as_str())));
    assert!(answer.body.contains("https://"), "{}", answer.body);
    assert_eq!(answer.header("strict-transport-security"), None);
}

#[tokio::test]
async fn a_port_of_its_own_leads_to_tls_and_no_further() {
    let authority = Authority::new();
    let files = Files::of(&authority.issue(HOLDS));
    let tls = Some(Tls::Files(TlsFiles::new(files.certificate(), files.key())));
    let http_redirect = vec![Listen::Address(LOOPBACK.parse().unwrap())];
    let (engine, address) = serve(Config { tls, http_redirect, ..Config::default() }).await;
    let plain = engine.redirects()[0];
    let host = format!("host: localhost:{}\r\nconnection: close", plain.port());
    for (target, status, place) in [
        ("/", 308, Some(format!("https://localhost:{}/", address.port()))),
        ("/room/x?y", 308, Some(format!("https://localhost:{}/room/x?y", address.port()))),
        ("*", 400, None),
    ] {
        let asked = format!("GET {target} HTTP/1.1\r\n{host}\r\n\r\n");
        let answer = send_raw(plain, &asked).await;
        assert_eq!((answer.status, answer.header("location")), (status, place.as_deref()));
        assert_eq!(answer.header("strict-transport-security"), None);
        assert!(answer.header("content-security-policy").is_some());
    }
    assert_eq!(request(plain, "POST", "/", &[]).await.status, 405);
}

#[tokio::test]
async fn a_replaced_pair_is_taken_in_and_a_broken_one_is_not() {
    let authority = Authority::new();
    let first = authority.issue(HOLDS);
    let files = Files::of(&first);
    let (engine, address) = serve_tls(&files, Limits::default()).await;
    let client = authority.client(&[&TLS13]);
    assert_eq!(shown(&client, address).await, first_of(&first.certificate));

    let second = authority.issue(HOLDS);
    files.put(&second);
    let expected = first_of(&second.certificate);
    let client_of = &client;
    eventually("the new certificate is shown", || {
        let expected = expected.clone();
        async move { shown(client_of, address).await == expected }
    })
    .await;

    let ended = authority.issue((2020, 2021));
    fs::write(files.certificate(), &ended.certificate).unwrap();
    fs::write(files.key(), &ended.key).unwrap();
    let said = engine.remark().await.to_string();
    let expected = "ended on 2021-01-01 at 00:00 UTC; renew it; until then the certificate from \
                    before is used";
    assert!(said.ends_with(expected), "{said}");
    assert_eq!(shown(&client, address).await, first_of(&second.certificate));

    fs::remove_file(files.key()).unwrap();
    let said = engine.remark().await.to_string();
    assert!(said.contains("cannot be read"), "{said}");

    files.put(&first);
    eventually("the first certificate is shown again", || {
        let expected = first_of(&first.certificate);
        async move { shown(client_of, address).await == expected }
    })
    .await;
}

#[tokio::test]
async fn a_handshake_that_takes_too_long_is_ended_and_holds_up_nobody() {
    let authority = Authority::new();
    let files = Files::of(&authority.issue(HOLDS));
    let header_wait = Duration::from_millis(500);
    let limits = Limits { header_wait, ..Limits::default() };
    let (_engine, address) = serve_tls(&files, limits).await;
    // Nothing; the first byte of a handshake; and its first record without the rest.
    for said in [&b""[..], &[22], &[22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]] {
        let mut slow = TcpStream::connect(address).await.unwrap();
        slow.write_all(said).await.unwrap();
        let stream = connect(&authority.client(&[&TLS13]), address).await;
        assert_eq!(send_over(stream, ASKED).await.status, 200);
        let mut rest = Vec::new();
        let ended = slow.read_to_end(&mut rest);
        let ended = tokio::time::timeout(Duration::from_secs(20), ended).await;
        assert!(ended.is_ok(), "{said:?}");
    }
}

#[tokio::test]
async fn a_crowd_of_unfinished_handshakes_holds_up_others_no_longer_than_each_may_take() {
    let authority = Authority::new();
    let files = Files::of(&authority.issue(HOLDS));
    let header_wait = Duration::from_millis(500);
    let limits = Limits { header_wait, ..Limits::default() };
    let (_engine, address) = serve_tls(&files, limits).await;
    // Both ends of each are this process's.
    let maximum = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).unwrap();
    let mut crowd = Vec::new();
    for _ in 0..600 {
        let mut slow = TcpStream::connect(address).await.unwrap();
        slow.write_all(&[22]).await.unwrap();
        crowd.push(slow);
    }
    let client = &authority.client(&[&TLS13]);
    eventually("somebody comes in", || async move {
        match try_connect(client, address).await {
            Ok(stream) => send_over(stream, ASKED).await.status == 200,
            Err(_) => false,
        }
    })
    .await;
}
