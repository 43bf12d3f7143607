//! Before a seat: what a line may say in the vestibule, how often, and that everything it says is
//! answered.

mod common;

use std::time::Duration;

use common::*;
use sanctuary_engine::limits::{Limits, RoomLimits};
use sanctuary_engine::{Connection, HungUp};
use sanctuary_protocol::admin::RoomHandle;
use sanctuary_protocol::{
    ClientFrame, ClientFrameKind, CloseReason, DoorPolicy, Moderation, Policy, Refusal,
    ResumeToken, Seq, ServerFrame,
};

#[tokio::test(start_paused = true)]
async fn no_frame_but_create_makes_a_room() {
    let engine = engine().await;
    let mut line = engine.connect(ROOM);
    let resume = ClientFrame::Resume { token: ResumeToken::from_bytes([1; 16]), last_seq: Seq(0) };
    for (frame, what, why) in [
        (knock(), ClientFrameKind::Knock, Refusal::NotLive),
        (resume, ClientFrameKind::Resume, Refusal::NoSuchSeat),
        (post("x"), ClientFrameKind::Post, Refusal::NotSeated),
        (ClientFrame::Close, ClientFrameKind::Close, Refusal::NotSeated),
    ] {
        line.send(frame).await.unwrap();
        assert_eq!(next(&mut line).await, refused(what, why));
        assert_eq!(engine.tree().rooms().await.unwrap(), []);
    }
    line.send(create()).await.unwrap();
    opened(&mut line).await;
    assert_eq!(engine.tree().rooms().await.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_room_that_lives_is_not_created_again_and_its_visitor_may_knock() {
    let engine = engine().await;
    let (_ada, _) = host(&engine, ROOM).await;
    let mut ben = engine.connect(ROOM);
    ben.send(create()).await.unwrap();
    assert_eq!(next(&mut ben).await, refused(ClientFrameKind::Create, Refusal::AlreadyLive));
    ben.send(knock()).await.unwrap();
    assert!(matches!(next(&mut ben).await, ServerFrame::Knocked { .. }));
}

/// Its first member's end is heard of when the second stands in its place.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_refused_and_asks_again_at_once_is_not_forgotten() {
    for _ in 0..100 {
        let engine = engine().await;
        let (mut ada, _) = host(&engine, ROOM).await;
        let mut ben = engine.connect(ROOM);
        ben.send(create()).await.unwrap();
        ben.send(knock()).await.unwrap();
        let refusal = refused(ClientFrameKind::Create, Refusal::AlreadyLive);
        assert_eq!(next(&mut ben).await, refusal);
        let ServerFrame::Knocked { member } = next(&mut ben).await else { panic!("no knock") };
        ada.send(admit(member)).await.unwrap();
        opened(&mut ben).await;
        engine.shut_down().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_newcomer_whose_room_ends_may_start_it_anew_on_the_same_line() {
    let engine = engine().await;
    let (mut ada, _) = host(&engine, ROOM).await;
    let mut ben = engine.connect(ROOM);
    ben.send(knock()).await.unwrap();
    assert!(matches!(next(&mut ben).await, ServerFrame::Knocked { .. }));
    ada.send(ClientFrame::Leave).await.unwrap();
    assert_eq!(next(&mut ben).await, refused(ClientFrameKind::Knock, Refusal::NotLive));
    ben.send(create()).await.unwrap();
    opened(&mut ben).await;
    let rooms = engine.tree().rooms().await.unwrap();
    assert_eq!(rooms.iter().map(|room| room.room).collect::<Vec<_>>(), [RoomHandle(2)]);
}

#[tokio::test(start_paused = true)]
async fn a_line_that_asks_for_nothing_is_hung_up_on_and_one_that_has_a_seat_is_not() {
    let engine = engine().await;
    let (mut ada, _) = host(&engine, ROOM).await;
    let mut idle = engine.connect(ROOM);
    assert_eq!(next(&mut idle).await, ServerFrame::Closed { reason: CloseReason::Idle });
    let much_later = Limits::default().idle_wait * 100;
    assert!(tokio::time::timeout(much_later, ada.recv()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn who_asks_at_a_door_whether_it_is_heard_is_answered_each_time() {
    let engine = engine().await;
    let (mut ada, _) = host(&engine, ROOM).await;
    let mut ben = engine.connect(ROOM);
    ben.send(knock()).await.unwrap();
    assert!(matches!(next(&mut ben).await, ServerFrame::Knocked { .. }));
    assert!(matches!(next(&mut ada).await, ServerFrame::Knocking { .. }));
    let nobody = refused(ClientFrameKind::Door, Refusal::NoSuchMember);
    for _ in 0..100 {
        for line in [&mut ada, &mut ben] {
            line.send(ClientFrame::word_to_nobody()).await.unwrap();
            assert_eq!(next(line).await, nobody);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_line_that_is_refused_again_and_again_is_hung_up_on() {
    let engine = engine().await;
    let mut line = engine.connect(ROOM);
    for _ in 0..16 {
        line.send(knock()).await.unwrap();
        assert_eq!(next(&mut line).await, refused(ClientFrameKind::Knock, Refusal::NotLive));
    }
    assert_eq!(line.send(knock()).await, Err(HungUp));
    assert_eq!(closed(&mut line).await, CloseReason::ProtocolError);
}

/// What a line hears to sixteen of `frame`, and to the next.
async fn refused_for_the_last_time(line: &mut Connection, frame: ClientFrame, why: Refusal) {
    let what = frame.kind();
    for _ in 0..16 {
        assert_eq!(line.send(frame.clone()).await, Ok(()));
        assert_eq!(next(line).await, refused(what, why));
    }
    // Whether this one was still taken in is the room's to say, and it says it by hanging up.
    let _ = line.send(frame.clone()).await;
    assert_eq!(next(line).await, ServerFrame::Closed { reason: CloseReason::ProtocolError });
    assert_eq!(line.send(frame).await, Err(HungUp));
}

#[tokio::test(start_paused = true)]
async fn a_line_that_creates_what_lives_again_and_again_is_hung_up_on() {
    let engine = engine().await;
    let (mut ada, _) = host(&engine, ROOM).await;
    let mut line = engine.connect(ROOM);
    refused_for_the_last_time(&mut line, create(), Refusal::AlreadyLive).await;
    ada.send(post("unmoved")).await.unwrap();
    assert_eq!(next_post(&mut ada).await, "unmoved");
}

#[tokio::test(start_paused = true)]
async fn a_line_that_knocks_at_a_locked_door_again_and_again_is_hung_up_on() {
    let engine = engine().await;
    let (mut ada, _) = host(&engine, ROOM).await;
    let locked = Policy { moderation: Moderation::Host, door: DoorPolicy::Locked };
    ada.send(ClientFrame::Lock(locked)).await.unwrap();
    assert!(matches!(next(&mut ada).await, ServerFrame::Entry(_)));
    let mut line = engine.connect(ROOM);
    refused_for_the_last_time(&mut line, knock(), Refusal::Locked).await;
}

#[tokio::test(start_paused = true)]
async fn a_line_that_knocks_at_a_full_room_again_and_again_is_hung_up_on() {
    let room = RoomLimits { members_max: 1, ..RoomLimits::default() };
    let engine = engine_with(Limits { room, ..Limits::default() }).await;
    let (_ada, _) = host(&engine, ROOM).await;
    let mut line = engine.connect(ROOM);
    refused_for_the_last_time(&mut line, knock(), Refusal::RoomFull).await;
}

#[tokio::test(start_paused = true)]
async fn who_sends_too_fast_before_a_seat_is_hung_up_on_wherever_its_frames_lead() {
    let limits = Limits { frames_burst: 5, frames_per_second: 1, ..Limits::default() };
    let engine = engine_with(limits).await;
    let (_ada, _) = host(&engine, ROOM).await;
    for (room, frame) in [(ROOM, create()), (OTHER_ROOM, knock()), (OTHER_ROOM, post("x"))] {
        let mut line = engine.connect(room);
        for _ in 0..5 {
            line.send(frame.clone()).await.unwrap();
            assert!(matches!(next(&mut line).await, ServerFrame::Refused { .. }));
        }
        assert_eq!(line.send(frame).await, Err(HungUp));
        assert_eq!(closed(&mut line).await, CloseReason::TooFast);
    }
}

/// What is said faster than answers come back is answered all the same, and in order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_sent_behind_one_that_is_turned_away_are_answered() {
    let engine = engine().await;
    let (_ada, _) = host(&engine, ROOM).await;
    for _ in 0..200 {
        let mut line = engine.connect(ROOM);
        for frame in [create(), post("x"), create(), post("x"), knock()] {
            line.send(frame).await.unwrap();
        }
        for _ in 0..2 {
            let answer = next(&mut line).await;
            assert_eq!(answer, refused(ClientFrameKind::Create, Refusal::AlreadyLive));
            let answer = next(&mut line).await;
            assert_eq!(answer, refused(ClientFrameKind::Post, Refusal::NotSeated));
        }
        assert!(matches!(next(&mut line).await, ServerFrame::Knocked { .. }));
    }
}

#[tokio::test(start_paused = true)]
async fn frames_on_their_way_when_a_room_ends_are_answered() {
    let engine = engine().await;
    let (mut ada, _) = host(&engine, ROOM).await;
    let mut ben = engine.connect(ROOM);
    ben.send(knock()).await.unwrap();
    assert!(matches!(next(&mut ben).await, ServerFrame::Knocked { .. }));
    ada.send(ClientFrame::Leave).await.unwrap();
    for _ in 0..6 {
        ben.send(post("x")).await.unwrap();
    }
    let mut answers = Vec::new();
    for _ in 0..7 {
        answers.push(next(&mut ben).await);
    }
    let of = |wanted| answers.iter().filter(|answer| **answer == wanted).count();
    assert_eq!(of(refused(ClientFrameKind::Knock, Refusal::NotLive)), 1);
    assert_eq!(of(refused(ClientFrameKind::Post, Refusal::NotSeated)), 6);
    ben.send(create()).await.unwrap();
    opened(&mut ben).await;
}

#[tokio::test(start_paused = true)]
async fn who_leaves_before_a_seat_is_told_so() {
    let engine = engine().await;
    let mut line = engine.connect(ROOM);
    assert_eq!(line.send(ClientFrame::Leave).await, Err(HungUp));
    assert_eq!(next(&mut line).await, ServerFrame::Closed { reason: CloseReason::Left });
}
