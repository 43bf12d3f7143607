//! The server's memory stays out of swap where it may be locked, and the operator hears where not.
#![allow(clippy::unwrap_used, reason = "a failed test says so")]

mod common;
#[path = "common/process.rs"]
mod process;
#[path = "common/web.rs"]
mod web;

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::process::{Command, Stdio};

use common::{ROOM, create, post};
use process::{Server, words};
use web::Socket;

/// Kilobytes of a process that are locked (`VmLck` of proc(5)).
fn locked(server: &Server) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmLck:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// A server that may lock `limit` kilobytes, and has no right to more. Nothing, and the reason, where
/// that right cannot be laid down.
fn limited(limit: &str, flags: &str) -> Result<Command, &'static str> {
    let binary = env!("CARGO_BIN_EXE_sanctuary");
    let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
    let without = "setpriv --bounding-set -ipc_lock --inh-caps -ipc_lock";
    let prefix = if is_root { without } else { "" };
    if is_root && !succeeds(&format!("{without} true")) {
        return Err("root cannot lay down CAP_IPC_LOCK here");
    }
    if !succeeds(&format!("ulimit -l {limit}")) {
        return Err("the limit of locked memory cannot be set here");
    }
    let mut command = Command::new("sh");
    let line =
        format!("ulimit -l {limit}; exec {prefix} {binary} --log off --no-admin-socket {flags}");
    command.arg("-c").arg(line).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env_remove("SANCTUARY_LOCK_MEMORY");
    Ok(command)
}

fn succeeds(line: &str) -> bool {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(line).stdout(Stdio::null()).stderr(Stdio::null());
    shell.status().is_ok_and(|status| status.success())
}

fn has_swap() -> bool {
    fs::read_to_string("/proc/swaps").unwrap_or_default().lines().count() > 1
}

#[tokio::test]
async fn memory_is_locked_where_there_is_no_limit_and_rooms_go_on_as_ever() {
    for flags in ["--port 0 --lock-memory always", "--port 0"] {
        let mut command = match limited("unlimited", flags) {
            Ok(command) => command,
            Err(why) => {
                eprintln!("NOT TESTED: {why}");
                return;
            }
        };
        let mut server = Server::spawn(&mut command);
        assert!(locked(&server) > 0, "{flags}");
        let mut ada = Socket::open(server.address, ROOM).await;
        ada.send(create()).await;
        ada.opened().await;
        ada.send(post("held")).await;
        assert_eq!(ada.next_post().await, "held");
        drop(ada);
        server.signal("TERM");
        let (status, rest) = server.end().await;
        assert_eq!((status.code(), rest.as_str()), (Some(0), ""));
    }
}

#[tokio::test]
async fn memory_that_may_not_all_be_locked_is_not_and_that_is_said_where_there_is_swap() {
    for flags in ["--port 0", "--port 0 --lock-memory never"] {
        let mut command = match limited("64", flags) {
            Ok(command) => command,
            Err(why) => {
                eprintln!("NOT TESTED: {why}");
                return;
            }
        };
        let mut server = Server::spawn(&mut command);
        assert_eq!(locked(&server), 0);
        server.signal("TERM");
        let (status, rest) = server.end().await;
        assert_eq!(status.code(), Some(0));
        let is_said = rest.starts_with("sanctuary: memory is not locked: ");
        assert_eq!(is_said, has_swap() && !flags.contains("never"), "{rest}");
        assert!(rest.lines().count() <= 1, "{rest}");
    }
}

#[test]
fn a_server_that_must_lock_its_memory_and_cannot_does_not_start() {
    for task in ["", "check-config "] {
        let flags = format!("{task}--port 0 --lock-memory always");
        let mut command = match limited("64", &flags) {
            Ok(command) => command,
            Err(why) => {
                eprintln!("NOT TESTED: {why}");
                return;
            }
        };
        let output = command.output().unwrap();
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), &b""[..]));
        let words = words(&output);
        assert!(words.contains("no more than 65536 bytes"), "{words}");
        assert!(words.contains("LimitMEMLOCK=infinity"), "{words}");
    }
}
