//! The chat by a unix socket, as a proxy or an onion service on the same machine reaches it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed test says so")]

mod common;
#[path = "common/process.rs"]
mod process;
#[path = "common/web.rs"]
mod web;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use common::{OTHER_ROOM, ROOM, admit, create, knock, post};
use process::sanctuary;
use sanctuary_engine::limits::Limits;
use sanctuary_engine::{Config, Engine, Proxy, UnixPlace, start};
use sanctuary_protocol::RoomId;
use tokio::net::UnixStream;
use web::{Socket, send_over};

async fn serve(path: &Path, limits: Limits, trusted_proxies: Vec<Proxy>) -> Engine {
    let listen_unix = Some(UnixPlace { path: path.to_owned(), mode: 0o660 });
    start(Config { limits, listen_unix, trusted_proxies, ..Config::default() }).await.unwrap()
}

async fn open(
    path: &Path,
    room: RoomId,
    headers: &[(&'static str, &str)],
) -> Option<Socket<UnixStream>> {
    let stream = UnixStream::connect(path).await.unwrap();
    Socket::over(stream, "ws://chat.example", room, headers).await.ok()
}

#[tokio::test]
async fn a_room_is_reached_by_a_unix_socket_as_by_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own/http.sock");
    let engine = serve(&path, Limits::default(), Vec::new()).await;
    assert_eq!((engine.addresses(), engine.unix()), (&[][..], Some(path.as_path())));
    let asked = "GET /healthz HTTP/1.1\r\nhost: chat.example\r\nconnection: close\r\n\r\n";
    let answer = send_over(UnixStream::connect(&path).await.unwrap(), asked).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("strict-transport-security"), None);

    // A proxy speaks TLS with the browser, and passes on the origin that the browser names.
    let origin = [("origin", "https://chat.example")];
    let mut ada = open(&path, ROOM, &origin).await.unwrap();
    ada.send(create()).await;
    ada.opened().await;
    let mut ben = open(&path, ROOM, &origin).await.unwrap();
    ben.send(knock()).await;
    let newcomer = ada.knocking().await;
    ada.send(admit(newcomer)).await;
    ben.opened().await;
    ben.send(post("hello")).await;
    assert_eq!(ada.next_post().await, "hello");
    assert!(open(&path, ROOM, &[("origin", "https://evil.example")]).await.is_none());
    engine.shut_down().await;
    assert!(!path.exists());
}

#[tokio::test]
async fn whom_a_proxy_speaks_for_is_counted_if_the_socket_is_trusted_and_else_nobody_is() {
    let limits =
        Limits { address_burst: 2, address_refill: Duration::from_secs(600), ..Limits::default() };
    for (trusted, allowed) in [(vec![], 5), (vec![Proxy::Unix], 2)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("http.sock");
        let _engine = serve(&path, limits, trusted).await;
        let mut opened = Vec::new();
        for _ in 0..5 {
            opened.extend(open(&path, ROOM, &[("x-forwarded-for", "192.0.2.9")]).await);
        }
        assert_eq!(opened.len(), allowed);
        assert!(open(&path, OTHER_ROOM, &[("x-forwarded-for", "192.0.2.8")]).await.is_some());
    }
}

#[test]
fn a_unix_socket_is_all_that_is_listened_on_unless_an_address_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("http.sock");
    let path = path.to_str().unwrap();
    let line = |flags: &[&str]| {
        let flags = [&["--no-admin-socket", "--port", "0", "--listen-unix", path], flags].concat();
        let mut child = sanctuary(&flags).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        // The way a server dies that leaves its socket behind.
        child.kill().unwrap();
        child.wait().unwrap();
        line
    };
    assert_eq!(line(&[]), format!("Sanctuary is open at unix:{path}\n"));
    let both = line(&["--bind", "127.0.0.1"]);
    assert!(both.starts_with("Sanctuary is open at http://127.0.0.1:"), "{both}");
    assert!(both.ends_with(&format!("/ and unix:{path}\n")), "{both}");
}

#[test]
fn what_stands_in_the_way_is_told_and_nothing_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("taken");
    std::fs::write(&taken, "a diary").unwrap();
    let admin = folder.path().join("own/admin.sock");
    let flags = ["--admin-socket", admin.to_str().unwrap(), "--listen-unix"];
    let output: Result<_, _> = sanctuary(&flags).arg(&taken).output();
    let output = output.unwrap();
    let words = process::words(&output);
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(words.ends_with("name another with --listen-unix\n"), "{words}");
    assert!(!admin.exists());
    assert_eq!(std::fs::read_to_string(&taken).unwrap(), "a diary");
}

/// As another program sees a mode.
#[test]
fn only_the_owner_and_its_group_connect_unless_the_operator_says_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("http.sock");
    for (flags, mode) in [(&[][..], "660"), (&["--listen-unix-mode", "600"], "600")] {
        let mut command = sanctuary(&["--no-admin-socket", "--listen-unix"]);
        let mut child = command.arg(&path).args(flags).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let seen = Command::new("stat").args(["-c", "%a"]).arg(&path).output().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(String::from_utf8_lossy(&seen.stdout).trim(), mode);
    }
}

#[test]
fn a_folder_it_makes_lets_in_whoever_may_connect_whatever_the_umask() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("not/yet/http.sock");
    let program = sanctuary(&[]);
    let mut masked = Command::new("sh");
    masked.args(["-c", "umask 077; exec \"$@\"", "sh"]).arg(program.get_program());
    masked.args(["--bind", "127.0.0.1", "--port", "0", "--no-admin-socket", "--listen-unix"]);
    masked.arg(&path).env("SANCTUARY_LOCK_MEMORY", "never").stdout(Stdio::piped());
    let mut server = masked.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("Sanctuary is open at "), "{line}");
    let mode = |path: &Path| fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o660);
    for made in ["not", "not/yet"] {
        assert_eq!(mode(&folder.path().join(made)), 0o710, "{made}");
    }
    server.kill().unwrap();
    server.wait().unwrap();
}
