//! What each part's failure costs, and what it does not.

mod common;

use std::time::Duration;

use common::*;
use sanctuary_engine::fault::Fault;
use sanctuary_engine::limits::Limits;
use sanctuary_engine::{Config, Ended, Engine, Part, start};
use sanctuary_protocol::admin::RoomHandle;
use sanctuary_protocol::{ClientFrame, CloseReason, EntryKind, ServerFrame};

async fn restarts(engine: &Engine) -> u32 {
    engine.tree().status().await.map_or(0, |status| status.restarts)
}

async fn fail_and_wait(engine: &Engine, fault: Fault, restarts_after: u32) {
    engine.fail(fault);
    eventually("it is restarted", || async { restarts(engine).await == restarts_after }).await;
}

#[tokio::test(start_paused = true)]
async fn a_lobby_that_fails_costs_no_room_and_knows_them_again() {
    let engine = engine().await;
    let (mut ada, _) = host(&engine, ROOM).await;
    let (_eve, _) = host(&engine, OTHER_ROOM).await;
    let before = engine.tree().rooms().await.unwrap();
    fail_and_wait(&engine, Fault::Lobby, 1).await;
    let after = engine.tree().rooms().await.unwrap();
    let handles = |rooms: &[sanctuary_protocol::admin::RoomSummary]| {
        rooms.iter().map(|room| room.room).collect::<Vec<_>>()
    };
    assert_eq!(handles(&before), [RoomHandle(1), RoomHandle(2)]);
    assert_eq!(handles(&after), handles(&before));
    let (mut ben, _) = guest(&engine, ROOM, &mut ada).await;
    ada.send(post("as before")).await.unwrap();
    assert_eq!(next_post(&mut ben).await, "as before");
    let (_new, _) = host(&engine, sanctuary_protocol::RoomId::from_bytes([9; 16])).await;
    assert_eq!(engine.tree().rooms().await.unwrap()[2].room, RoomHandle(3));
}

#[tokio::test(start_paused = true)]
async fn who_arrives_while_the_lobby_fails_arrives() {
    let engine = engine().await;
    let (_ada, _) = host(&engine, ROOM).await;
    engine.fail(Fault::Lobby);
    let mut ben = engine.connect(ROOM);
    ben.send(knock()).await.unwrap();
    assert!(matches!(next(&mut ben).await, ServerFrame::Knocked { .. }));
    engine.fail(Fault::Lobby);
    let (_eve, _) = host(&engine, OTHER_ROOM).await;
}

#[tokio::test(start_paused = true)]
async fn a_room_that_fails_costs_that_room_alone() {
    let engine = engine().await;
    let (mut ada, opening) = host(&engine, ROOM).await;
    let (mut ben, _) = guest(&engine, ROOM, &mut ada).await;
    let mut newcomer = engine.connect(ROOM);
    newcomer.send(knock()).await.unwrap();
    assert!(matches!(next(&mut newcomer).await, ServerFrame::Knocked { .. }));
    let (mut eve, _) = host(&engine, OTHER_ROOM).await;
    engine.fail(Fault::Room);
    for line in [&mut ada, &mut ben, &mut newcomer] {
        assert_eq!(closed(line).await, CloseReason::Faulted);
    }
    eve.send(post("unmoved")).await.unwrap();
    assert_eq!(next_post(&mut eve).await, "unmoved");
    let mut ada = engine.connect(ROOM);
    let resume = ClientFrame::Resume { token: opening.token, last_seq: opening.seq };
    ada.send(resume).await.unwrap();
    assert!(matches!(next(&mut ada).await, ServerFrame::Refused { .. }));
    ada.send(create()).await.unwrap();
    opened(&mut ada).await;
    assert_eq!(restarts(&engine).await, 0);
}

#[tokio::test(start_paused = true)]
async fn a_member_that_fails_costs_its_connection_and_its_seat_waits() {
    let engine = engine().await;
    let (mut ada, opening) = host(&engine, ROOM).await;
    let (mut ben, _) = guest(&engine, ROOM, &mut ada).await;
    engine.fail(Fault::Member);
    assert_eq!(closed(&mut ada).await, CloseReason::Faulted);
    let gone = until(&mut ben, |frame| match frame {
        ServerFrame::Entry(entry) if entry.kind == EntryKind::Gone => Some(entry.from),
        _ => None,
    })
    .await;
    assert_eq!(gone, opening.member);
    let mut ada = engine.connect(ROOM);
    let resume = ClientFrame::Resume { token: opening.token, last_seq: opening.seq };
    ada.send(resume).await.unwrap();
    opened(&mut ada).await;
    ben.send(post("welcome back")).await.unwrap();
    assert_eq!(next_post(&mut ada).await, "welcome back");
}

#[tokio::test(start_paused = true)]
async fn a_part_that_fails_too_often_ends_the_server() {
    let engine = engine().await;
    let (mut ada, _) = host(&engine, ROOM).await;
    for failure in 1..=5 {
        fail_and_wait(&engine, Fault::Lobby, failure).await;
    }
    engine.fail(Fault::Lobby);
    assert_eq!(engine.ended().await, Ended::GaveUp(Part::Lobby));
    assert_eq!(closed(&mut ada).await, CloseReason::Faulted);
}

#[tokio::test(start_paused = true)]
async fn failures_far_apart_end_nothing() {
    let engine = engine().await;
    for failure in 1..=12 {
        fail_and_wait(&engine, Fault::Lobby, failure).await;
        tokio::time::sleep(Duration::from_secs(30)).await;
    }
    let (_ada, _) = host(&engine, ROOM).await;
}

#[tokio::test(start_paused = true)]
async fn a_root_that_fails_ends_the_server_and_everybody_is_told() {
    let engine = engine().await;
    let (mut ada, _) = host(&engine, ROOM).await;
    let mut idle = engine.connect(OTHER_ROOM);
    engine.fail(Fault::Root);
    assert_eq!(engine.ended().await, Ended::Failed);
    assert_eq!(closed(&mut ada).await, CloseReason::Faulted);
    assert_eq!(closed(&mut idle).await, CloseReason::ShuttingDown);
}

#[tokio::test]
async fn a_console_that_fails_answers_again_at_the_same_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own").join("admin.sock");
    let config =
        Config { limits: Limits::default(), admin_socket: Some(path.clone()), ..Config::default() };
    let engine = start(config).await.unwrap();
    fail_and_wait(&engine, Fault::Console, 1).await;
    let mut operator = tokio::net::UnixStream::connect(&path).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut operator, b"{\"request\":\"status\"}\n")
        .await
        .unwrap();
    let mut answer = [0; 16];
    tokio::io::AsyncReadExt::read_exact(&mut operator, &mut answer).await.unwrap();
    assert_eq!(&answer, b"{\"reply\":\"status");
    engine.shut_down().await;
    assert!(!path.exists());
}
