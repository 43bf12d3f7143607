//! Whoever has gone is forgotten: when hundreds of rooms have come and gone, no more is allocated than
//! after the first few. Counted in allocations, where a single piece that is never given back shows; a
//! process's memory shows what its allocator keeps for the next.
#![allow(clippy::unwrap_used, reason = "a failed test says so")]

mod common;
#[path = "common/web.rs"]
mod web;

use std::alloc::System;
use std::cell::Cell;
use std::net::SocketAddr;
use std::ops::Range;
use std::time::Duration;

use common::{admit, create, eventually, knock, post};
use sanctuary_engine::limits::{Limits, RoomLimits};
use sanctuary_engine::{Config, Engine};
use sanctuary_protocol::{ClientFrame, CloseReason, RoomId};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use web::{Socket, serve};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Rooms before the first count: tables and buffers are as large then as they will be.
const FIRST: u16 = 60;

/// Rooms between the two counts, and the connections of each.
const ROOMS: u16 = 300;
const CONNECTIONS: usize = 4;

/// Bytes in use.
fn allocated() -> usize {
    let all = INSTRUMENTED_SYSTEM.stats();
    all.bytes_allocated - all.bytes_deallocated
}

/// A room with a host, a guest who is cut off and comes back, and somebody who knocks and goes away.
async fn live(address: SocketAddr, number: u16) {
    let [high, low] = number.to_be_bytes();
    let room = RoomId::from_bytes([high, low, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7]);
    let mut host = Socket::open(address, room).await;
    host.send(create()).await;
    host.opened().await;
    let mut guest = Socket::open(address, room).await;
    guest.send(knock()).await;
    let newcomer = host.knocking().await;
    host.send(admit(newcomer)).await;
    let opening = guest.opened().await;
    drop(guest);
    host.send(post("said while the guest is away")).await;
    host.next_post().await;
    let mut guest = Socket::open(address, room).await;
    guest.send(ClientFrame::Resume { token: opening.token, last_seq: opening.seq }).await;
    guest.opened().await;
    let mut passer = Socket::open(address, room).await;
    passer.send(knock()).await;
    host.knocking().await;
    drop(passer);
    if number.is_multiple_of(2) {
        host.send(ClientFrame::Close).await;
        assert_eq!(host.closed().await, CloseReason::Purged);
    } else {
        host.send(ClientFrame::Leave).await;
        assert_eq!(host.closed().await, CloseReason::Left);
        guest.send(ClientFrame::Leave).await;
    }
    guest.closed().await;
}

/// So many of them; and what is allocated when all have gone, and nothing is being given back any more.
async fn live_and_end(engine: &Engine, address: SocketAddr, rooms: Range<u16>) -> usize {
    for number in rooms {
        live(address, number).await;
    }
    let last = Cell::new(0);
    eventually("all have gone", || async {
        let status = engine.tree().status().await.unwrap();
        let before = last.replace(allocated());
        (status.rooms, status.connections, status.retained_bytes) == (0, 0, 0)
            && before == last.get()
    })
    .await;
    last.get()
}

#[tokio::test]
async fn a_thousand_connections_leave_nothing_allocated() {
    let room = RoomLimits { commit_interval: Duration::ZERO, ..RoomLimits::default() };
    let limits = Limits { room, address_burst: 100_000, ..Limits::default() };
    let (engine, address) = serve(Config { limits, ..Config::default() }).await;
    let before = live_and_end(&engine, address, 0..FIRST).await;
    let after = live_and_end(&engine, address, FIRST..FIRST + ROOMS).await;
    let left = after.saturating_sub(before);
    let connections = usize::from(ROOMS) * CONNECTIONS;
    // It is nothing, but for what the harness's own thread may have at the time; a byte for each would
    // show.
    assert!(left < connections, "{left} bytes after {connections} connections");
}
