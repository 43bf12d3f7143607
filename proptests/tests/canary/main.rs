//! Zero logging, tried: people with names, words, secrets and addresses that stand nowhere else in the
//! world go through a whole session with the real server, and afterwards they stand nowhere.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed test says so")]
#![allow(clippy::print_stderr, reason = "what was not tried is said")]

mod forms;
mod people;
mod server;
mod session;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use forms::Needle;
use server::{Region, Server, files_below, memory, socket_in};
use session::{Session, middle};

fn check(needles: &[Needle], place: &str, bytes: &[u8]) {
    for needle in needles {
        assert!(!needle.is_in(bytes), "{place} holds {}", needle.what);
    }
}

/// Why strace cannot be used here, if it cannot.
fn cannot_trace(log: &Path) -> Option<&'static str> {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-o"]).arg(log).arg("true").stdin(Stdio::null());
    match strace.output() {
        Err(_) => Some("strace is not installed"),
        Ok(output) if output.status.success() => None,
        Ok(_) => Some("strace may not trace here"),
    }
}

/// By any of these an opened file could be changed or made.
const FOR_WRITING: [&str; 6] =
    ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND", "O_TMPFILE"];

#[test]
fn a_whole_session_leaves_no_trace_of_what_was_said_by_whom_and_from_where() {
    let beside = tempfile::tempdir().unwrap();
    let log = beside.path().join("log");
    let untraceable = cannot_trace(&log);
    if let Some(why) = untraceable {
        eprintln!("NOT TESTED: which files the server opens for writing: {why}");
    }
    let server = Server::start(untraceable.is_none().then_some(log.as_path()));
    let mut session = Session::live(&server);
    session.fail(&server);
    session.operate(&server);
    let (environment, command_line) = (server.about("environ"), server.about("cmdline"));
    session.purge(&server);
    server.signal("TERM");
    let process = server.id();
    let (ended, folder) = server.end();
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.said));

    let canaries = session.canaries();
    let said = String::from_utf8_lossy(&ended.said).into_owned();
    assert!(said.contains("a part failed at fault.rs:"), "{said}");
    assert!(said.contains("the lobby failed and is restarted"), "{said}");
    assert!(!said.contains("on demand"), "a panic's words: {said}");
    check(&canaries, "what the server says", &ended.said);
    check(&canaries, "what the operator reads", &session.operated);
    check(&canaries, "its environment", &environment);
    check(&canaries, "its command line", &command_line);
    assert_eq!(files_below(folder.path()), [] as [std::path::PathBuf; 0]);
    if untraceable.is_none() {
        let log = fs::read(&log).unwrap();
        check(&canaries, "the names of the files it touches", &log);
        check_files(&String::from_utf8_lossy(&log), &socket_in(folder.path()));
    }
    check_journal(&canaries, process);
}

/// The server opens nothing for writing but `/dev/null`, makes nothing but its socket, and has no
/// other socket of the machine's: no log's.
fn check_files(log: &str, socket: &Path) {
    let socket = format!("\"{}\"", socket.display());
    let mut has_socket = false;
    for line in log.lines() {
        let opens = line.contains(" open(") || line.contains(" openat");
        if opens && FOR_WRITING.iter().any(|flag| line.contains(flag)) {
            assert!(line.contains("\"/dev/null\""), "it opened for writing: {line}");
        }
        if line.contains(" bind(") && line.contains("AF_UNIX") {
            assert!(line.contains(&socket), "it made a socket: {line}");
            has_socket = true;
        }
        let is_logged = line.contains(" connect(") || line.contains("AF_NETLINK");
        assert!(!is_logged, "it called somebody: {line}");
    }
    assert!(has_socket, "the log is whole");
}

fn check_journal(canaries: &[Needle], process: u32) {
    let mut journal = Command::new("journalctl");
    journal.args(["--no-pager", "--quiet", &format!("_PID={process}")]).stdin(Stdio::null());
    match journal.output() {
        Ok(output) if output.status.success() => {
            check(canaries, "the machine's journal", &output.stdout);
        }
        Ok(_) | Err(_) => eprintln!("NOT TESTED: the journal: this machine has none"),
    }
}

#[test]
fn a_server_that_crashes_leaves_no_core() {
    for signal in ["ABRT", "QUIT"] {
        let server = Server::start(None);
        let mut session = Session::live(&server);
        session.operate(&server);
        server.signal(signal);
        let (ended, folder) = server.end();
        assert_eq!(ended.status.code(), None, "it ended by the signal");
        assert!(!ended.dumped_core());
        check(&session.canaries(), "what the server says", &ended.said);
        assert_eq!(files_below(folder.path()), [socket_in(folder.path())]);
    }
}

/// What of a room the server's memory holds, and where.
fn found(needles: &[Needle], process: u32) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for Region { place, bytes } in memory(process)? {
        for needle in needles {
            if let Some(at) = needle.place_in(&bytes) {
                found.push(format!("{}, {at:#x} bytes into {place}", needle.what));
            }
        }
    }
    Ok(found)
}

#[test]
fn a_rooms_memory_ends_with_the_room() {
    let endings: [fn(&mut Session, &Server); 3] =
        [|it, server| it.purge(server), |it, _| it.leave(), |it, _| it.stop()];
    for end in endings {
        let server = Server::start(None);
        let mut session = Session::live(&server);
        let sealed: Vec<Needle> = session
            .ada
            .learned
            .sealed
            .iter()
            .map(|it| Needle::new("a sealed post", middle(it)))
            .collect();
        match found(&sealed, server.id()) {
            Ok(found) => assert!(!found.is_empty(), "the scan finds what is there"),
            Err(why) => {
                eprintln!("NOT TESTED: {why}");
                return;
            }
        }
        end(&mut session, &server);
        let traces = session.traces();
        let mut left = Vec::new();
        wait_until_or("nothing is left", || {
            left = found(&traces, server.id()).unwrap();
            left.is_empty()
        })
        .unwrap_or_else(|_| panic!("memory holds {left:#?}"));
    }
}

fn wait_until_or(what: &str, mut is_so: impl FnMut() -> bool) -> Result<(), String> {
    let begun = std::time::Instant::now();
    while !is_so() {
        if begun.elapsed().as_secs() > 10 {
            return Err(what.to_owned());
        }
    }
    Ok(())
}
