//! What the machine has to do with the server: the service manager that started it, and files that run
//! out.
#![allow(clippy::unwrap_used, reason = "a failed test says so")]

mod common;
#[path = "common/process.rs"]
mod process;
#[path = "common/web.rs"]
mod web;

use std::io::{BufRead as _, BufReader};
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

use process::{Server, sanctuary};
use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};
use web::request;

/// What a service manager hears next.
fn heard(manager: &UnixDatagram) -> String {
    let mut word = [0; 64];
    let length = manager.recv(&mut word).unwrap();
    String::from_utf8_lossy(&word[..length]).into_owned()
}

#[tokio::test]
async fn a_service_manager_hears_that_it_is_open_lives_and_stops() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let name = format!("sanctuary-test-{}", std::process::id());
    let hidden = SocketAddr::from_abstract_name(&name).unwrap();
    for (manager, place) in [
        (UnixDatagram::bind(&path).unwrap(), path.to_str().unwrap().to_owned()),
        (UnixDatagram::bind_addr(&hidden).unwrap(), format!("@{name}")),
    ] {
        manager.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut command = sanctuary(&["--port", "0", "--no-admin-socket"]);
        let mut server =
            Server::spawn(command.env("NOTIFY_SOCKET", &place).env("WATCHDOG_USEC", "50000"));
        assert_eq!(heard(&manager), "READY=1");
        assert_eq!(request(server.address, "GET", "/healthz", &[]).await.status, 200);
        for _ in 0..3 {
            assert_eq!(heard(&manager), "WATCHDOG=1");
        }
        server.signal("TERM");
        while heard(&manager) == "WATCHDOG=1" {}
        let (status, rest) = server.end().await;
        assert_eq!((status.code(), rest.as_str()), (Some(0), ""));
    }
}

#[tokio::test]
async fn a_watchdog_of_another_process_or_none_hears_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let manager = UnixDatagram::bind(&path).unwrap();
    manager.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    for (name, value) in [("WATCHDOG_PID", "1"), ("WATCHDOG_USEC", "0"), ("WATCHDOG_USEC", "x")] {
        let mut command = sanctuary(&["--port", "0", "--no-admin-socket"]);
        command.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "1000").env(name, value);
        let mut server = Server::spawn(&mut command);
        assert_eq!(heard(&manager), "READY=1");
        assert_eq!(request(server.address, "GET", "/healthz", &[]).await.status, 200);
        server.signal("TERM");
        assert_eq!(heard(&manager), "STOPPING=1", "{name}={value}");
        server.end().await;
    }
}

#[tokio::test]
async fn a_service_manager_that_is_not_there_is_told_of_and_done_without() {
    for nobody in ["/nowhere/notify", "@nobody", "\u{7f}"] {
        let mut command = sanctuary(&["--port", "0", "--no-admin-socket"]);
        let mut server = Server::spawn(command.env("NOTIFY_SOCKET", nobody));
        assert_eq!(request(server.address, "GET", "/healthz", &[]).await.status, 200);
        server.signal("TERM");
        let (status, rest) = server.end().await;
        assert_eq!(status.code(), Some(0));
        assert!(rest.starts_with("sanctuary: the service manager cannot be told: "), "{rest}");
    }
}

#[tokio::test]
async fn where_no_file_is_left_it_says_so_once_and_goes_on_when_there_is() {
    let mut server = Server::start(&["--no-admin-socket"]);
    assert_eq!(request(server.address, "GET", "/healthz", &[]).await.status, 200);
    let id = i32::try_from(server.child.id()).ok().and_then(Pid::from_raw);
    let maximum = getrlimit(Resource::Nofile).maximum;
    prlimit(id, Resource::Nofile, Rlimit { current: Some(3), maximum }).unwrap();
    let (waiting, said) = {
        let address = server.address;
        let waiting = tokio::spawn(async move { request(address, "GET", "/healthz", &[]).await });
        let stderr = server.child.stderr.take().unwrap();
        let said = tokio::task::spawn_blocking(move || {
            let mut stderr = BufReader::new(stderr);
            let mut line = String::new();
            stderr.read_line(&mut line).unwrap();
            (line, stderr)
        });
        (waiting, said.await.unwrap())
    };
    let (line, stderr) = said;
    let expected = "sanctuary: a connection cannot be taken: Too many open files (os error 24); \
                    raise the limit of open files (ulimit -n)\n";
    assert_eq!(line, expected);
    prlimit(id, Resource::Nofile, Rlimit { current: maximum, maximum }).unwrap();
    assert_eq!(waiting.await.unwrap().status, 200);
    server.signal("TERM");
    // Once: nothing else was said until its end.
    let rest: Vec<_> = stderr.lines().map_while(Result::ok).collect();
    assert_eq!(rest, Vec::<String>::new());
}
