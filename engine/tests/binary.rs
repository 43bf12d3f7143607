//! The binary as its operator meets it: one line, clear words, clean ends.
#![allow(clippy::unwrap_used, reason = "a failed test says so")]

mod common;
#[path = "common/web.rs"]
mod web;

use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use common::{ROOM, create};
use sanctuary_protocol::CloseReason;
use web::{LOOPBACK, Socket, request};

fn sanctuary(flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sanctuary"));
    // Nothing of the machine the tests run on may leak in.
    command.env_clear().args(flags).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A running server, ended with the test that started it.
struct Server {
    child: Child,
    stdout: BufReader<std::process::ChildStdout>,
    line: String,
    address: SocketAddr,
}

impl Server {
    fn start(flags: &[&str]) -> Self {
        let mut child = sanctuary(&[&["--port", "0"], flags].concat()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let port = line.trim_end().trim_end_matches('/').rsplit(':').next().unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], port.parse().unwrap()));
        Self { child, stdout, line, address }
    }

    fn signal(&self, name: &str) {
        let id = self.child.id();
        let sent = Command::new("sh").arg("-c").arg(format!("kill -{name} {id}")).status();
        assert!(sent.unwrap().success());
    }

    /// Its exit, and all it said besides the first line.
    async fn end(&mut self) -> (ExitStatus, String) {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "it ends");
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut rest).unwrap();
        (status, rest)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(flags: &[&str]) -> Output {
    sanctuary(flags).output().unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn it_prints_one_line_serves_and_stops_on_a_signal() {
    for signal in ["TERM", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("own").join("admin.sock");
        let mut server = Server::start(&["--admin-socket", socket.to_str().unwrap()]);
        let port = server.address.port();
        assert_eq!(server.line, format!("Sanctuary is open at http://localhost:{port}/\n"));
        assert_eq!(request(server.address, "GET", "/healthz", &[]).await.status, 200);
        assert!(socket.exists());
        let mut ada = Socket::open(server.address, ROOM).await;
        ada.send(create()).await;
        ada.opened().await;
        server.signal(signal);
        assert_eq!(ada.closed().await, CloseReason::ShuttingDown);
        drop(ada);
        let (status, rest) = server.end().await;
        assert_eq!((status.code(), rest.as_str()), (Some(0), ""), "{signal}");
        assert!(!socket.exists());
    }
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    let mut server = Server::start(&["--no-admin-socket"]);
    let mut stuck = Socket::open(server.address, ROOM).await;
    stuck.send(create()).await;
    stuck.opened().await;
    // Its socket is never read to the end, so the server would wait for it a while.
    server.signal("TERM");
    assert_eq!(stuck.closed().await, CloseReason::ShuttingDown);
    server.signal("TERM");
    let (status, _) = server.end().await;
    assert_eq!(status.code(), Some(130));
}

#[test]
fn what_cannot_work_is_said_in_a_sentence() {
    let taken = TcpListener::bind(LOOPBACK).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "precious").unwrap();
    let file = file.to_str().unwrap();
    for (flags, code, expected) in [
        (&["--no-admin-socket", "--port", &port][..], 1, format!("port {port} is in use")),
        (&["--port", "0", "--admin-socket", file], 1, "is not a socket".to_owned()),
        (&["--no-admin-socket", "--bind", "192.0.2.1"], 1, "no address 192.0.2.1".to_owned()),
        (&["--port", "seventy"], 2, "invalid value 'seventy' for '--port <PORT>'".to_owned()),
        (&["--origin", "here"], 2, "an origin is a scheme and a host".to_owned()),
        (&["--bind", "here"], 2, "an address is written".to_owned()),
        (&["--members-max", "0"], 2, "0 is not in 1..=10000".to_owned()),
    ] {
        let output = run(flags);
        let words = words(&output);
        assert_eq!(output.status.code(), Some(code), "{flags:?}: {words}");
        assert!(words.contains(&expected), "{flags:?}: {words}");
        assert_eq!(output.stdout, b"");
    }
    assert_eq!(std::fs::read_to_string(file).unwrap(), "precious");
}

#[test]
fn it_says_its_version() {
    let output = run(&["--version"]);
    let version = concat!("sanctuary ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(String::from_utf8_lossy(&output.stdout), version);
}

#[tokio::test]
async fn an_option_may_come_from_the_environment() {
    let mut child = sanctuary(&[])
        .env("SANCTUARY_PORT", "0")
        .env("SANCTUARY_BIND", "127.0.0.1")
        .env("SANCTUARY_NO_ADMIN_SOCKET", "true")
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.starts_with("Sanctuary is open at http://127.0.0.1:"), "{line}");
}
