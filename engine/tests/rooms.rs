//! Rooms end to end through the tree, in memory: who gets in, what reaches whom, who is hung up on.

mod common;

use std::time::Duration;

use bytes::Bytes;
use common::*;
use sanctuary_engine::HungUp;
use sanctuary_engine::limits::{Limits, RoomLimits};
use sanctuary_protocol::admin::RoomHandle;
use sanctuary_protocol::limits::{CLIENT_FRAME_BYTES_MAX, POST_BYTES_MAX};
use sanctuary_protocol::{
    ClientFrame, ClientFrameKind, CloseReason, EntryKind, Refusal, ServerFrame,
};

#[tokio::test(start_paused = true)]
async fn people_knock_are_let_in_and_talk() {
    let engine = engine().await;
    let (mut ada, _) = host(&engine, ROOM).await;
    let (mut ben, opening) = guest(&engine, ROOM, &mut ada).await;
    assert_eq!(opening.seats.as_slice().len(), 2);
    ada.send(post("hello")).await.unwrap();
    ben.send(post("hi")).await.unwrap();
    for member in [&mut ada, &mut ben] {
        let mut heard = [next_post(member).await, next_post(member).await];
        heard.sort();
        assert_eq!(heard, ["hello", "hi"]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_said_in_one_room_is_not_heard_in_another() {
    let engine = engine().await;
    let (mut ada, _) = host(&engine, ROOM).await;
    let (mut eve, _) = host(&engine, OTHER_ROOM).await;
    ada.send(post("for us")).await.unwrap();
    assert_eq!(next_post(&mut ada).await, "for us");
    eve.send(post("alone")).await.unwrap();
    assert_eq!(next_post(&mut eve).await, "alone");
}

#[tokio::test(start_paused = true)]
async fn a_farewell_sent_just_before_closing_is_heard() {
    let engine = engine().await;
    let (mut ada, _) = host(&engine, ROOM).await;
    let (mut ben, opening) = guest(&engine, ROOM, &mut ada).await;
    ben.send(post("farewell")).await.unwrap();
    ben.send(ClientFrame::Leave).await.unwrap();
    drop(ben);
    assert_eq!(next_post(&mut ada).await, "farewell");
    let after = until(&mut ada, |frame| match frame {
        ServerFrame::Entry(entry) => Some(entry),
        _ => None,
    })
    .await;
    assert_eq!((after.from, after.kind), (opening.member, EntryKind::Left));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_member_resumes_and_misses_nothing() {
    let engine = engine().await;
    let (mut ada, _) = host(&engine, ROOM).await;
    let (ben, opening) = guest(&engine, ROOM, &mut ada).await;
    drop(ben);
    // More than an outbox holds: what was missed comes all at once.
    for number in 0..400 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        ada.send(post(&format!("{number}"))).await.unwrap();
        assert_eq!(next_post(&mut ada).await, format!("{number}"));
    }
    let mut ben = engine.connect(ROOM);
    let resume = ClientFrame::Resume { token: opening.token, last_seq: opening.seq };
    ben.send(resume).await.unwrap();
    opened(&mut ben).await;
    for number in 0..400 {
        assert_eq!(next_post(&mut ben).await, format!("{number}"));
    }
    ada.send(post("welcome back")).await.unwrap();
    assert_eq!(next_post(&mut ben).await, "welcome back");
}

#[tokio::test(start_paused = true)]
async fn a_seat_that_waits_too_long_ends_and_so_does_a_room_nobody_is_in() {
    let engine = engine().await;
    let (ada, opening) = host(&engine, ROOM).await;
    drop(ada);
    eventually("the seat waits", || async {
        engine.tree().rooms().await.unwrap().first().is_some_and(|room| room.members_gone == 1)
    })
    .await;
    tokio::time::sleep(Limits::default().room.seat_wait).await;
    eventually("the room ends", || async { engine.tree().rooms().await.unwrap().is_empty() }).await;
    let mut ada = engine.connect(ROOM);
    let resume = ClientFrame::Resume { token: opening.token, last_seq: opening.seq };
    ada.send(resume).await.unwrap();
    assert_eq!(next(&mut ada).await, refused(ClientFrameKind::Resume, Refusal::NoSuchSeat));
    assert_eq!(engine.tree().status().await.unwrap().retained_bytes, 0);
}

#[tokio::test(start_paused = true)]
async fn who_does_not_read_is_hung_up_on_and_the_others_talk_on() {
    let limits = Limits { outbox_frames_max: 16, ..Limits::default() };
    let engine = engine_with(limits).await;
    let (mut ada, _) = host(&engine, ROOM).await;
    let (mut ben, _) = guest(&engine, ROOM, &mut ada).await;
    let (mut slow, _) = guest(&engine, ROOM, &mut ada).await;
    for number in 0..40 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        ada.send(post(&format!("{number}"))).await.unwrap();
        assert_eq!(next_post(&mut ada).await, format!("{number}"));
        assert_eq!(next_post(&mut ben).await, format!("{number}"));
    }
    assert_eq!(next(&mut slow).await, ServerFrame::Closed { reason: CloseReason::TooSlow });
    assert_eq!(slow.recv().await, None);
    assert_eq!(slow.send(post("late")).await, Err(HungUp));
}

#[tokio::test(start_paused = true)]
async fn who_sends_too_fast_is_hung_up_on_and_the_others_are_not() {
    let engine = engine().await;
    let (mut ada, _) = host(&engine, ROOM).await;
    let (mut flood, opening) = guest(&engine, ROOM, &mut ada).await;
    for _ in 0..1_000 {
        // The host reads along, or it would be the slow one.
        let (_, sent) = tokio::join!(
            tokio::time::timeout(Duration::ZERO, ada.recv()),
            flood.send(post("again"))
        );
        if sent.is_err() {
            break;
        }
    }
    assert_eq!(closed(&mut flood).await, CloseReason::TooFast);
    until(&mut ada, |frame| match frame {
        ServerFrame::Entry(entry) => {
            (entry.from == opening.member && entry.kind == EntryKind::Gone).then_some(())
        }
        _ => None,
    })
    .await;
    ada.send(post("still here")).await.unwrap();
    assert_eq!(next_post(&mut ada).await, "still here");
}

#[tokio::test(start_paused = true)]
async fn bytes_have_a_rate_too() {
    let limits = Limits { bytes_burst: 100 * 1024, bytes_per_second: 1024, ..Limits::default() };
    let engine = engine_with(limits).await;
    let (mut ada, _) = host(&engine, ROOM).await;
    let large = "x".repeat(POST_BYTES_MAX);
    for _ in 0..6 {
        let _ = ada.send(post(&large)).await;
    }
    assert_eq!(closed(&mut ada).await, CloseReason::TooFast);
}

#[tokio::test(start_paused = true)]
async fn bytes_that_are_no_frame_end_the_line_wherever_it_is() {
    let oversized = Bytes::from(vec![0; CLIENT_FRAME_BYTES_MAX + 1]);
    for message in [Bytes::new(), Bytes::from_static(&[0xff; 9]), oversized] {
        let engine = engine().await;
        let mut outside = engine.connect(OTHER_ROOM);
        assert_eq!(outside.send_bytes(message.clone()).await, Err(HungUp));
        assert_eq!(closed(&mut outside).await, CloseReason::ProtocolError);
        let (mut ada, _) = host(&engine, ROOM).await;
        let (mut bad, _) = guest(&engine, ROOM, &mut ada).await;
        assert_eq!(bad.send_bytes(message).await, Err(HungUp));
        assert_eq!(closed(&mut bad).await, CloseReason::ProtocolError);
        ada.send(post("unmoved")).await.unwrap();
        assert_eq!(next_post(&mut ada).await, "unmoved");
    }
}

#[tokio::test(start_paused = true)]
async fn a_full_server_refuses_a_room_and_takes_it_when_another_has_ended() {
    let engine = engine_with(Limits { rooms_max: 1, ..Limits::default() }).await;
    let (mut ada, _) = host(&engine, ROOM).await;
    let mut ben = engine.connect(OTHER_ROOM);
    ben.send(create()).await.unwrap();
    assert_eq!(next(&mut ben).await, refused(ClientFrameKind::Create, Refusal::ServerFull));
    ada.send(ClientFrame::Close).await.unwrap();
    assert_eq!(closed(&mut ada).await, CloseReason::Purged);
    eventually("there is room", || async { engine.tree().rooms().await.unwrap().is_empty() }).await;
    ben.send(create()).await.unwrap();
    opened(&mut ben).await;
}

#[tokio::test(start_paused = true)]
async fn a_full_room_refuses_and_its_visitor_goes_idle() {
    let room = RoomLimits { members_max: 1, ..RoomLimits::default() };
    let engine = engine_with(Limits { room, ..Limits::default() }).await;
    let (_ada, _) = host(&engine, ROOM).await;
    let mut ben = engine.connect(ROOM);
    ben.send(knock()).await.unwrap();
    assert_eq!(next(&mut ben).await, refused(ClientFrameKind::Knock, Refusal::RoomFull));
    assert_eq!(next(&mut ben).await, ServerFrame::Closed { reason: CloseReason::Idle });
}

#[tokio::test(start_paused = true)]
async fn two_who_create_at_once_share_one_room() {
    let engine = engine().await;
    let (mut ada, mut ben) = (engine.connect(ROOM), engine.connect(ROOM));
    let (one, two) = tokio::join!(ada.send(create()), ben.send(create()));
    one.and(two).unwrap();
    let answers = [next(&mut ada).await, next(&mut ben).await];
    let opened = answers.iter().filter(|it| matches!(it, ServerFrame::Opened(_))).count();
    let refused = refused(ClientFrameKind::Create, Refusal::AlreadyLive);
    assert_eq!((opened, answers.contains(&refused)), (1, true));
}

#[tokio::test(start_paused = true)]
async fn the_operator_counts_and_purges_by_handle() {
    let engine = engine().await;
    let (mut ada, _) = host(&engine, ROOM).await;
    let (mut ben, _) = guest(&engine, ROOM, &mut ada).await;
    let (mut eve, _) = host(&engine, OTHER_ROOM).await;
    let tree = engine.tree();
    let status = tree.status().await.unwrap();
    assert_eq!((status.rooms, status.members_live, status.connections), (2, 3, 3));
    let first = tree.room(RoomHandle(1)).await.unwrap().unwrap();
    assert_eq!((first.members_live, first.knocks), (2, 0));
    assert_eq!(tree.room(RoomHandle(9)).await, Ok(None));
    assert_eq!(tree.purge(RoomHandle(9), None).await, Ok(false));
    assert_eq!(tree.purge(RoomHandle(1), None).await, Ok(true));
    assert_eq!(closed(&mut ada).await, CloseReason::ByOperator);
    assert_eq!(closed(&mut ben).await, CloseReason::ByOperator);
    assert_eq!(tree.purge_all(None).await, Ok(1));
    assert_eq!(closed(&mut eve).await, CloseReason::ByOperator);
    assert_eq!(tree.purge_all(None).await, Ok(0));
}

#[tokio::test(start_paused = true)]
async fn the_process_holds_no_more_than_its_bound() {
    let retained_bytes_max = 256 * 1024;
    let limits = Limits {
        retained_bytes_max,
        bytes_burst: 64 * 1024 * 1024,
        outbox_bytes_max: 64 * 1024 * 1024,
        ..Limits::default()
    };
    let engine = engine_with(limits).await;
    let (mut ada, _) = host(&engine, ROOM).await;
    let (mut slow, _) = guest(&engine, ROOM, &mut ada).await;
    let (mut eve, _) = host(&engine, OTHER_ROOM).await;
    let large = "x".repeat(16 * 1024);
    for _ in 0..60 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        ada.send(post(&large)).await.unwrap();
        assert_eq!(next_post(&mut ada).await, large);
        let held = usize::try_from(engine.tree().status().await.unwrap().retained_bytes).unwrap();
        // A turn's own frames may be on top before relief is heard.
        assert!(held <= retained_bytes_max + 3 * large.len(), "{held}");
    }
    assert_eq!(closed(&mut slow).await, CloseReason::TooSlow);
    eve.send(post("untouched")).await.unwrap();
    assert_eq!(next_post(&mut eve).await, "untouched");
}

#[tokio::test(start_paused = true)]
async fn a_stopping_server_tells_members_newcomers_and_those_in_the_vestibule() {
    let engine = engine().await;
    let (mut ada, _) = host(&engine, ROOM).await;
    let mut newcomer = engine.connect(ROOM);
    newcomer.send(knock()).await.unwrap();
    let mut idle = engine.connect(OTHER_ROOM);
    engine.shut_down().await;
    for line in [&mut ada, &mut newcomer, &mut idle] {
        assert_eq!(closed(line).await, CloseReason::ShuttingDown);
    }
    assert_eq!(engine.ended().await, sanctuary_engine::Ended::ShutDown);
    let mut late = engine.connect(ROOM);
    assert_eq!(closed(&mut late).await, CloseReason::ShuttingDown);
}
