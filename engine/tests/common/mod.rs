//! What the engine's tests share: rooms, frames, and a client that plays the door without a cipher.
#![allow(dead_code, reason = "each test file uses its own part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test says so")]

use std::time::Duration;

use sanctuary_engine::limits::Limits;
use sanctuary_engine::{Config, Connection, Engine, start};
use sanctuary_protocol::{
    ClientFrame, ClientFrameKind, CloseReason, EntryKind, Few, MemberId, Opening, Policy, Refusal,
    RoomId, ServerFrame, WelcomeBlob,
};

pub(crate) const ROOM: RoomId = RoomId::from_bytes([7; 16]);
pub(crate) const OTHER_ROOM: RoomId = RoomId::from_bytes([8; 16]);

pub(crate) async fn engine() -> Engine {
    engine_with(Limits::default()).await
}

pub(crate) async fn engine_with(limits: Limits) -> Engine {
    start(Config { limits, ..Config::default() }).await.unwrap()
}

pub(crate) fn create() -> ClientFrame {
    ClientFrame::Create { policy: Policy::default() }
}

pub(crate) fn knock() -> ClientFrame {
    ClientFrame::Knock { blob: b"knock".to_vec().try_into().unwrap() }
}

pub(crate) fn post(text: &str) -> ClientFrame {
    ClientFrame::Post { ciphertext: text.as_bytes().to_vec().try_into().unwrap() }
}

pub(crate) fn admit(newcomer: MemberId) -> ClientFrame {
    ClientFrame::Commit {
        ciphertext: b"commit".to_vec().try_into().unwrap(),
        admits: Few::try_from(vec![newcomer]).unwrap(),
        evicts: Few::none(),
        welcome: WelcomeBlob::try_from(b"welcome".to_vec()).unwrap(),
    }
}

pub(crate) fn refused(what: ClientFrameKind, why: Refusal) -> ServerFrame {
    ServerFrame::Refused { what, why }
}

/// The next frame, or a failed test: nothing here may hang.
pub(crate) async fn next(connection: &mut Connection) -> ServerFrame {
    tokio::time::timeout(Duration::from_secs(60), connection.recv())
        .await
        .expect("a frame within a minute")
        .expect("a frame before the end")
}

/// Frames up to the first of which `wanted` makes something.
pub(crate) async fn until<T>(
    connection: &mut Connection,
    mut wanted: impl FnMut(ServerFrame) -> Option<T>,
) -> T {
    loop {
        if let Some(found) = wanted(next(connection).await) {
            return found;
        }
    }
}

pub(crate) async fn opened(connection: &mut Connection) -> Opening {
    until(connection, |frame| match frame {
        ServerFrame::Opened(opening) => Some(opening),
        _ => None,
    })
    .await
}

pub(crate) async fn closed(connection: &mut Connection) -> CloseReason {
    until(connection, |frame| match frame {
        ServerFrame::Closed { reason } => Some(reason),
        _ => None,
    })
    .await
}

pub(crate) async fn next_post(connection: &mut Connection) -> String {
    until(connection, |frame| match frame {
        ServerFrame::Entry(entry) => match entry.kind {
            EntryKind::Post { ciphertext } => {
                Some(String::from_utf8(ciphertext.as_slice().to_vec()).unwrap())
            }
            _ => None,
        },
        _ => None,
    })
    .await
}

/// A room's first member.
pub(crate) async fn host(engine: &Engine, room: RoomId) -> (Connection, Opening) {
    let mut host = engine.connect(room);
    host.send(create()).await.unwrap();
    let opening = opened(&mut host).await;
    (host, opening)
}

/// A further member, let in by the host.
pub(crate) async fn guest(
    engine: &Engine,
    room: RoomId,
    host: &mut Connection,
) -> (Connection, Opening) {
    let mut guest = engine.connect(room);
    guest.send(knock()).await.unwrap();
    let newcomer = until(host, |frame| match frame {
        ServerFrame::Knocking { member, .. } => Some(member),
        _ => None,
    })
    .await;
    // One commit a second; the clock of these tests is paused, so waiting costs nothing.
    tokio::time::sleep(Duration::from_secs(1)).await;
    host.send(admit(newcomer)).await.unwrap();
    let opening = opened(&mut guest).await;
    (guest, opening)
}

/// Waits for a condition nothing announces.
pub(crate) async fn eventually<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    for _ in 0..4_000 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("never: {what}");
}
