//! What the operator may have done, over the console's socket: who is told what, who is let in, and
//! when the server ends.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "common/operator.rs"]
mod operator;

use std::time::Duration;

use operator::{House, PATIENCE, hear, house, room_id, sealed, text};
use sanctuary_engine::Order;
use sanctuary_protocol::admin::{ActorKind, AdminReply, AdminRequest, Datum, RoomHandle};
use sanctuary_protocol::{ClientFrame, ClientFrameKind, CloseReason, Policy, Refusal, ServerFrame};
use tokio::time::timeout;

const BY_OPERATOR: ServerFrame = ServerFrame::Closed { reason: CloseReason::ByOperator };

fn notice(words: &str) -> ServerFrame {
    ServerFrame::Notice { text: text(words) }
}

#[tokio::test]
async fn a_notice_reaches_every_room() {
    let house = house().await;
    let mut rooms = [house.room(1).await, house.room(2).await];
    let mut operator = house.operator().await;
    let told = operator.ask(AdminRequest::Notice { text: text("Back at noon.") }).await;
    assert_eq!(told, AdminReply::Noticed { rooms: 2 });
    for room in &mut rooms {
        hear(room, |frame| *frame == notice("Back at noon.")).await;
    }
}

#[tokio::test]
async fn a_purge_tells_its_reason_first() {
    let house = house().await;
    let mut host = house.room(1).await;
    let mut operator = house.operator().await;
    let reason = Some(text("It was used for spam."));
    operator.ask(AdminRequest::Purge { room: RoomHandle(1), reason }).await;
    hear(&mut host, |frame| *frame == notice("It was used for spam.")).await;
    assert_eq!(timeout(PATIENCE, host.recv()).await.unwrap(), Some(BY_OPERATOR));
}

#[tokio::test]
async fn a_purge_of_the_idle_leaves_the_others() {
    let house = house().await;
    let mut host = house.room(1).await;
    let mut operator = house.operator().await;
    let none = operator.ask(AdminRequest::PurgeIdle { older_seconds: 3_600 }).await;
    assert_eq!(none, AdminReply::Purged { rooms: 0 });
    let all = operator.ask(AdminRequest::PurgeIdle { older_seconds: 0 }).await;
    assert_eq!(all, AdminReply::Purged { rooms: 1 });
    hear(&mut host, |frame| *frame == BY_OPERATOR).await;
}

/// What somebody is answered who wants to start a room.
async fn start(house: &House, number: u8) -> ServerFrame {
    let mut client = house.engine.connect(room_id(number));
    client.send(ClientFrame::Create { policy: Policy::default() }).await.unwrap();
    let is_answer =
        |frame: &ServerFrame| matches!(frame, ServerFrame::Opened(_) | ServerFrame::Refused { .. });
    hear(&mut client, is_answer).await
}

#[tokio::test]
async fn nobody_is_let_in_while_the_operator_lets_nobody_in_and_a_seat_is_come_back_to() {
    let house = house().await;
    let mut host = house.engine.connect(room_id(1));
    host.send(ClientFrame::Create { policy: Policy::default() }).await.unwrap();
    let opened = hear(&mut host, |frame| matches!(frame, ServerFrame::Opened(_))).await;
    let ServerFrame::Opened(opening) = opened else { panic!("{opened:?}") };
    let mut operator = house.operator().await;
    let shut = operator.ask(AdminRequest::Admit { admitting: false }).await;
    assert_eq!(shut, AdminReply::Admitting { admitting: false });

    let refused = |what| ServerFrame::Refused { what, why: Refusal::NotAdmitting };
    assert_eq!(start(&house, 2).await, refused(ClientFrameKind::Create));
    let mut newcomer = house.engine.connect(room_id(1));
    newcomer.send(ClientFrame::Knock { blob: sealed(64) }).await.unwrap();
    hear(&mut newcomer, |frame| *frame == refused(ClientFrameKind::Knock)).await;

    drop(host);
    let mut host = house.engine.connect(room_id(1));
    let (token, last_seq) = (opening.token, opening.seq);
    host.send(ClientFrame::Resume { token, last_seq }).await.unwrap();
    hear(&mut host, |frame| matches!(frame, ServerFrame::Opened(_))).await;

    operator.ask(AdminRequest::Admit { admitting: true }).await;
    assert!(matches!(start(&house, 2).await, ServerFrame::Opened(_)));
}

#[tokio::test]
async fn a_drain_ends_with_the_last_room_and_the_operator_may_call_it_off() {
    let house = house().await;
    let mut host = house.room(1).await;
    let mut operator = house.operator().await;
    let draining = operator.ask(AdminRequest::Drain { in_seconds: Some(300) }).await;
    assert_eq!(draining, AdminReply::Draining { rooms: 1, in_seconds: Some(300) });
    hear(&mut host, |frame| *frame == notice("This server stops in 5 minutes.")).await;
    assert!(matches!(start(&house, 2).await, ServerFrame::Refused { .. }));

    operator.ask(AdminRequest::Admit { admitting: false }).await;
    let AdminReply::Status(status) = operator.ask(AdminRequest::Status).await else {
        panic!("no status")
    };
    assert!(status.draining, "a drain lets nobody in as it is");
    operator.ask(AdminRequest::Admit { admitting: true }).await;
    let mut second = house.engine.connect(room_id(2));
    second.send(ClientFrame::Create { policy: Policy::default() }).await.unwrap();
    hear(&mut second, |frame| matches!(frame, ServerFrame::Opened(_))).await;

    operator.ask(AdminRequest::Drain { in_seconds: None }).await;
    for client in [&mut host, &mut second] {
        client.send(ClientFrame::Leave).await.unwrap();
    }
    let order = timeout(PATIENCE, house.engine.ordered()).await.unwrap();
    assert_eq!(order, Order::Stop);
}

#[tokio::test]
async fn a_drain_ends_when_its_time_is_up() {
    let house = house().await;
    let _host = house.room(1).await;
    let mut operator = house.operator().await;
    operator.ask(AdminRequest::Drain { in_seconds: Some(0) }).await;
    let order = timeout(PATIENCE, house.engine.ordered()).await.unwrap();
    assert_eq!(order, Order::Stop);
}

#[tokio::test]
async fn a_panic_ends_every_room_before_the_server() {
    let house = house().await;
    let mut host = house.room(1).await;
    let mut operator = house.operator().await;
    assert_eq!(operator.ask(AdminRequest::Panic).await, AdminReply::Purged { rooms: 1 });
    hear(&mut host, |frame| *frame == BY_OPERATOR).await;
    let order = timeout(PATIENCE, house.engine.ordered()).await.unwrap();
    assert_eq!(order, Order::Panic);
    let begun = std::time::Instant::now();
    house.engine.cut_off().await;
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert!(!house.socket.exists());
}

#[tokio::test]
async fn the_parts_and_what_they_hold_are_counted() {
    let house = house().await;
    let mut host = house.room(1).await;
    host.send(ClientFrame::Post { ciphertext: sealed(256) }).await.unwrap();
    hear(&mut host, |frame| matches!(frame, ServerFrame::Entry(_))).await;
    let mut operator = house.operator().await;

    let AdminReply::Actors { actors } = operator.ask(AdminRequest::Actors).await else {
        panic!("no actors")
    };
    let of = |kind| actors.iter().find(|summary| summary.actor == kind).unwrap();
    assert_eq!((of(ActorKind::Room).standing, of(ActorKind::Member).standing), (1, 1));
    assert_eq!((of(ActorKind::Gateway).standing, of(ActorKind::Console).in_flight), (0, 1));
    assert_eq!(of(ActorKind::Room).in_flight, 0);

    let AdminReply::Stats(stats) = operator.ask(AdminRequest::Stats).await else {
        panic!("no stats")
    };
    assert_eq!((stats.rooms, stats.rooms_opened, stats.frames_received), (1, 1, 2));
    assert!(stats.bytes_received > 256 && stats.resident_bytes > 0 && stats.open_files > 0);

    let AdminReply::Audit(audit) = operator.ask(AdminRequest::Audit).await else {
        panic!("no audit")
    };
    let held = |datum| audit.held.iter().find(|held| held.datum == datum).unwrap();
    assert_eq!((held(Datum::RoomId).count, held(Datum::Seat).count), (1, 1));
    assert!(held(Datum::SealedFrames).bytes > Some(256));
    assert_eq!(audit.files.files_to_write, 0, "{:?}", audit.files);
}

#[tokio::test]
async fn a_part_that_failed_is_counted() {
    use sanctuary_engine::fault::Fault;

    let house = house().await;
    let mut host = house.room(1).await;
    house.engine.fail(Fault::Lobby);
    house.engine.fail(Fault::Room);
    let lost = ServerFrame::Closed { reason: CloseReason::Faulted };
    hear(&mut host, |frame| *frame == lost).await;
    let mut operator = house.operator().await;
    let counted = async {
        loop {
            let reply = operator.ask(AdminRequest::Actors).await;
            if let AdminReply::Actors { actors } = reply {
                let of = |kind| actors.iter().find(|it| it.actor == kind).unwrap().failures;
                if (of(ActorKind::Lobby), of(ActorKind::Room)) == (1, 1) {
                    break;
                }
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, counted).await.unwrap();
}
