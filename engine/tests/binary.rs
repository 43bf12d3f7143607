//! The binary as its operator meets it: one line, clear words, clean ends.
#![allow(clippy::unwrap_used, reason = "a failed test says so")]

mod common;
#[path = "common/process.rs"]
mod process;
#[path = "common/web.rs"]
mod web;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};

use common::{ROOM, admit, create, knock, post};
use process::{Server, run, sanctuary, words};
use sanctuary_protocol::{ClientFrame, CloseReason, DoorBlob, RoomId, ServerFrame};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt};
use tokio::sync::mpsc::Sender;
use web::{LOOPBACK, Socket, request};

#[tokio::test]
async fn it_prints_one_line_serves_and_stops_on_a_signal() {
    for signal in ["TERM", "INT", "HUP"] {
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
async fn a_signal_in_a_burst_is_a_farewell_to_everybody() {
    let much = ["--frames-per-second", "--frames-burst", "--bytes-per-second", "--bytes-burst"];
    let flags = much.into_iter().flat_map(|flag| [flag, "1000000000"]);
    let mut server =
        Server::start(&["--no-admin-socket"].into_iter().chain(flags).collect::<Vec<_>>());
    let (begun, mut beginnings) = tokio::sync::mpsc::channel(SPEAKERS);
    let speakers = (0..SPEAKERS as u8).map(|room| {
        let (address, begun) = (server.address, begun.clone());
        tokio::spawn(async move { speak(address, RoomId::from_bytes([room; 16]), begun).await })
    });
    let speakers: Vec<_> = speakers.collect();
    for _ in 0..SPEAKERS {
        beginnings.recv().await.unwrap();
    }
    server.signal("TERM");
    for speaker in speakers {
        assert_eq!(speaker.await.unwrap(), CloseReason::ShuttingDown);
    }
    let (status, rest) = server.end().await;
    assert_eq!((status.code(), rest.as_str()), (Some(0), ""));
}

/// Rooms in which somebody talks without pause.
const SPEAKERS: usize = 8;

/// Starts a room and talks, some messages always under way, until the server hangs up.
async fn speak(address: SocketAddr, room: RoomId, begun: Sender<()>) -> CloseReason {
    let mut socket = Socket::open(address, room).await;
    socket.send(create()).await;
    socket.opened().await;
    let mut begun = Some(begun);
    loop {
        for _ in 0..16 {
            socket.send(post("on and on")).await;
        }
        for _ in 0..16 {
            if let ServerFrame::Closed { reason } = socket.next().await {
                return reason;
            }
        }
        if let Some(begun) = begun.take() {
            begun.send(()).await.unwrap();
        }
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

#[tokio::test]
async fn the_operator_stops_it_and_it_ends_as_asked() {
    for (request, reason) in [
        (r#"{"request":"stop"}"#, CloseReason::ShuttingDown),
        (r#"{"request":"drain","in_seconds":0}"#, CloseReason::ShuttingDown),
        (r#"{"request":"panic"}"#, CloseReason::ByOperator),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("own").join("admin.sock");
        let mut server = Server::start(&["--admin-socket", socket.to_str().unwrap()]);
        let mut ada = Socket::open(server.address, ROOM).await;
        ada.send(create()).await;
        ada.opened().await;
        let mut operator = tokio::net::UnixStream::connect(&socket).await.unwrap();
        operator.write_all(format!("{request}\n").as_bytes()).await.unwrap();
        let mut reply = String::new();
        tokio::io::BufReader::new(operator).read_line(&mut reply).await.unwrap();
        assert!(!reply.contains("refused"), "{request}: {reply}");
        assert_eq!(ada.closed().await, reason, "{request}");
        drop(ada);
        let (status, rest) = server.end().await;
        assert_eq!((status.code(), rest.as_str()), (Some(0), ""), "{request}");
        assert!(!socket.exists(), "{request}");
    }
}

#[test]
fn it_leaves_no_core_dump_and_opens_as_many_files_as_it_may() {
    let server = Server::start(&["--no-admin-socket"]);
    let limits = fs::read_to_string(format!("/proc/{}/limits", server.child.id())).unwrap();
    let limit = |name: &str| {
        let values = limits.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        let mut values = values.split_whitespace().map(str::to_owned);
        (values.next().unwrap(), values.next().unwrap())
    };
    assert_eq!(limit("Max core file size"), ("0".to_owned(), "0".to_owned()));
    let (soft, hard) = limit("Max open files");
    assert_eq!(soft, hard);
}

#[test]
fn connections_that_no_files_are_left_for_are_refused_at_the_start() {
    let start = |flags: &str| {
        let binary = env!("CARGO_BIN_EXE_sanctuary");
        let flags = format!("--port 0 --no-admin-socket {flags}");
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("ulimit -n 200; exec {binary} {flags}"));
        command.env_clear().stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    };
    let output = start("--connections-max 137").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(words(&output).contains("137 connections do not fit"), "{}", words(&output));
    assert!(words(&output).contains("leaves 136 for connections"), "{}", words(&output));
    for fits in ["", "--connections-max 136"] {
        let server = Server::spawn(&mut start(fits));
        assert!(server.line.starts_with("Sanctuary is open at"), "{}", server.line);
    }
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

#[test]
fn an_option_may_come_from_the_environment() {
    for (flag, ipv4_only) in [("true", "false"), ("1", "0"), ("yes", ""), ("on", "no")] {
        let mut child = sanctuary(&[])
            .env("SANCTUARY_PORT", "0")
            .env("SANCTUARY_BIND", "127.0.0.1")
            .env("SANCTUARY_NO_ADMIN_SOCKET", flag)
            .env("SANCTUARY_ADMIN_SOCKET", "")
            .env("SANCTUARY_IPV4_ONLY", ipv4_only)
            .env("SANCTUARY_ORIGIN", "")
            .env("SANCTUARY_TRUSTED_PROXY", "")
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let mut complaint = String::new();
        child.stderr.take().unwrap().read_to_string(&mut complaint).unwrap();
        let opened = line.starts_with("Sanctuary is open at http://127.0.0.1:");
        assert!(opened, "{flag:?} {ipv4_only:?}: {line}{complaint}");
    }
}

/// Runs a program, and has strace write each of its calls that names a file to `log`. The tracer is
/// nobody's parent, so that the child is the program itself; it holds the child's output open until
/// the log is whole.
fn traced(program: &str, log: &Path) -> Command {
    let mut strace = Command::new("strace");
    strace.args(["-D", "-f", "-qq", "-e", "signal=none", "-e", "trace=%file,bind", "-o"]);
    strace.arg(log).arg(program);
    strace
}

/// Why strace cannot be used here, if it cannot.
fn cannot_trace() -> Option<&'static str> {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    match traced("true", &log).stdin(Stdio::null()).output() {
        Err(_) => Some("strace is not installed"),
        Ok(_) if fs::read_to_string(&log).unwrap_or_default().contains("execve(") => None,
        Ok(_) => Some("strace may not trace here"),
    }
}

/// A session in which everything happens that could tempt a server to keep something.
async fn everything(server: &Server, admin_socket: &Path) {
    let address = server.address;
    let page = request(address, "GET", "/", &[]).await;
    assert_eq!(page.status, 200);
    if let Some((_, rest)) = page.body.split_once("/assets/") {
        let name = rest.split(['"', '\'']).next().unwrap();
        assert_eq!(request(address, "GET", &format!("/assets/{name}"), &[]).await.status, 200);
    }
    assert_eq!(request(address, "GET", "/nothing", &[]).await.status, 404);
    let mut ada = Socket::open(address, ROOM).await;
    ada.send(create()).await;
    ada.opened().await;
    let mut ben = Socket::open(address, ROOM).await;
    ben.send(knock()).await;
    let newcomer = ada.knocking().await;
    let blob = DoorBlob::try_from(b"door".to_vec()).unwrap();
    ada.send(ClientFrame::Door { member: newcomer, blob: blob.clone() }).await;
    let heard = ben.until(|frame| match frame {
        ServerFrame::Door { blob, .. } => Some(blob),
        _ => None,
    });
    assert_eq!(heard.await, blob);
    ada.send(admit(newcomer)).await;
    ben.opened().await;
    ben.send(post("secret")).await;
    assert_eq!(ada.next_post().await, "secret");
    ben.send(ClientFrame::Leave).await;
    assert_eq!(ben.closed().await, CloseReason::Left);
    let operator = tokio::net::UnixStream::connect(admin_socket).await.unwrap();
    let mut operator = tokio::io::BufReader::new(operator);
    operator.write_all(b"{\"request\":\"status\"}\n").await.unwrap();
    let mut status = String::new();
    operator.read_line(&mut status).await.unwrap();
    assert!(status.contains("\"rooms\":1"), "{status}");
}

/// The call a line of the log tells of: its name and what it was given. Nothing for the second half
/// of a call that another interrupted, whose first half said it all; nor for a thread that the process
/// ended under on its way into a call, which strace itself could not tell, and which never came.
fn call(line: &str) -> Option<(&str, &str)> {
    let call = line.trim_start_matches(|it: char| it.is_ascii_digit()).trim_start();
    let is_no_call = ["<...", "+++", "???( <detached"].iter().any(|it| call.starts_with(it));
    if is_no_call {
        return None;
    }
    call.split_once('(')
}

/// Calls that look and change nothing.
const LOOKS: [&str; 11] = [
    "access",
    "execve",
    "faccessat",
    "faccessat2",
    "getcwd",
    "lstat",
    "newfstatat",
    "readlink",
    "readlinkat",
    "stat",
    "statx",
];

/// Calls that open a file, which is harmless for reading.
const OPENS: [&str; 3] = ["open", "openat", "openat2"];

/// By any of these an opened file could be changed or made.
const FOR_WRITING: [&str; 6] =
    ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND", "O_TMPFILE"];

#[tokio::test]
async fn it_opens_no_file_for_writing_and_makes_nothing_but_its_socket() {
    if let Some(why) = cannot_trace() {
        eprintln!("NOT TESTED: {why}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let own = folder.path().join("own");
    let socket = own.join("admin.sock");
    let mut command = traced(env!("CARGO_BIN_EXE_sanctuary"), &log);
    command
        .args(["--log", "off", "--lock-memory", "never", "--port", "0", "--admin-socket"])
        .arg(&socket);
    let mut server = Server::spawn(command.stdout(Stdio::piped()).stderr(Stdio::piped()));
    everything(&server, &socket).await;
    server.signal("TERM");
    let (status, rest) = server.end().await;
    assert_eq!((status.code(), rest.as_str()), (Some(0), ""));
    assert!(server.line.starts_with("Sanctuary is open at "), "{}", server.line);

    let (own, socket) = (format!("\"{}\"", own.display()), format!("\"{}\"", socket.display()));
    let mut changes = Vec::new();
    for line in fs::read_to_string(&log).unwrap().lines() {
        let Some((name, given)) = call(line) else { continue };
        let for_writing = FOR_WRITING.iter().any(|flag| given.contains(flag));
        let is_harmless = LOOKS.contains(&name)
            || (OPENS.contains(&name) && (!for_writing || given.contains("\"/dev/null\"")))
            || (name == "bind" && !given.contains("AF_UNIX"));
        if is_harmless {
            continue;
        }
        let of = |path: &String| given.contains(path.as_str());
        changes.push(match name {
            "mkdir" | "mkdirat" if of(&own) => "makes its folder",
            "bind" if of(&socket) => "makes its socket",
            "chmod" | "fchmodat" | "fchmodat2" if of(&socket) => "keeps others out",
            "unlink" | "unlinkat" if of(&socket) => "removes its socket",
            _ => panic!("it did: {line}"),
        });
    }
    let expected =
        ["makes its folder", "makes its socket", "keeps others out", "removes its socket"];
    assert_eq!(changes, expected);
}
