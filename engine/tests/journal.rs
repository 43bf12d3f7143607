//! What the operator reads of the server's life, and that it is no more than that.
#![allow(clippy::unwrap_used, reason = "a failed test says so")]

mod common;
#[path = "common/process.rs"]
mod process;
#[path = "common/web.rs"]
mod web;

use common::{ROOM, create};
use process::{Server, sanctuary};
use sanctuary_protocol::CloseReason;
use web::Socket;

/// What a server says on both streams besides its first line, when it is stopped with one person in a
/// room.
async fn said(flags: &[&str]) -> String {
    let mut command = sanctuary(&[&["--port", "0", "--no-admin-socket"], flags].concat());
    command.env_remove("SANCTUARY_LOG");
    let mut server = Server::spawn(&mut command);
    let mut ada = Socket::open(server.address, ROOM).await;
    ada.send(create()).await;
    ada.opened().await;
    server.signal("TERM");
    assert_eq!(ada.closed().await, CloseReason::ShuttingDown);
    drop(ada);
    let (status, rest) = server.end().await;
    assert_eq!(status.code(), Some(0));
    rest.lines().filter(|line| !line.contains("memory is not locked")).collect::<Vec<_>>().join("|")
}

#[tokio::test]
async fn the_operator_reads_that_the_server_stops_unless_told_otherwise() {
    let stopping = "sanctuary: stopping; rooms: 1, connections: 1|sanctuary: stopped";
    assert_eq!(said(&[]).await, stopping);
    assert_eq!(said(&["--log", "lifecycle"]).await, stopping);
    assert_eq!(said(&["--log", "counts"]).await, stopping);
    assert_eq!(said(&["--log", "off"]).await, "");
}
