//! Real client cores around a real room core, over networks that carry late: a page gives a socket up,
//! comes back over another, and what it said over the first arrives behind that.
#![allow(clippy::panic, reason = "a failed test says so")]

use std::time::Duration;

use proptest::prelude::*;
use sanctuary_client::markup::plain;
use sanctuary_client::room::{Body, Connection};
use sanctuary_client::{Epoch, Msg};
use sanctuary_proptests::stage::Stage;
use sanctuary_protocol::{CloseReason, ServerFrame, encode};

/// Long enough for a page to take a socket for dead that does not answer, and to try another.
const GIVES_UP: Duration = Duration::from_secs(21);

/// A room takes one commit a second; long enough for the next.
const BETWEEN_COMMITS: Duration = Duration::from_secs(2);

/// Longer than a page waits before it tries again, at the most, and than a seat must wait that was taken
/// too often.
const WELL_AGAIN: Duration = Duration::from_secs(60);

/// What a page shows of what was said.
fn said(stage: &Stage, client: usize) -> Vec<String> {
    let room = stage.room(client);
    let lines = room.timeline.lines().chain(room.pending_lines());
    lines
        .filter_map(|line| match &line.body {
            Body::Said { words, .. } => Some(plain(&words.markup)),
            _ => None,
        })
        .collect()
}

/// Ann starts a room, and Ben comes in by the link.
fn ann_and_ben() -> (Stage, usize, usize) {
    let mut stage = Stage::default();
    let (ann, link) = stage.start_room("Ann");
    let ben = stage.join("Ben", &link);
    stage.advance(BETWEEN_COMMITS);
    (stage, ann, ben)
}

#[test]
fn what_arrives_twice_over_two_sockets_is_said_once() {
    for overtakes in [false, true] {
        let (mut stage, ann, ben) = ann_and_ben();
        stage.delay_sending(ben);
        stage.type_and_send(ben, "one");
        stage.cut(ben);
        stage.carry_again(ben);
        stage.type_and_send(ben, "two");
        if overtakes {
            stage.arrive();
        }
        stage.advance(Duration::from_secs(5));
        stage.arrive();
        stage.advance(WELL_AGAIN);
        for client in [ann, ben] {
            assert_eq!(said(&stage, client), ["one", "two"], "{overtakes}");
        }
    }
}

/// Ann and Ben, who has asked for his seat, heard nothing, and taken it over another socket.
fn ann_and_ben_who_asked_twice() -> (Stage, usize, usize) {
    let (mut stage, ann, ben) = ann_and_ben();
    stage.cut(ben);
    stage.delay_sending(ben);
    stage.advance(GIVES_UP);
    stage.carry_again(ben);
    stage.advance(GIVES_UP);
    assert!(stage.room(ben).connection.is_live());
    (stage, ann, ben)
}

/// The socket that counts.
fn socket(stage: &Stage, client: usize) -> Epoch {
    match stage.room(client).connection {
        Connection::Live { epoch } => epoch,
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn what_a_page_asked_over_an_older_socket_does_nothing_to_its_seat() {
    let (mut stage, ann, ben) = ann_and_ben_who_asked_twice();
    let before = socket(&stage, ben);
    stage.arrive();
    stage.say(ann, "one");
    assert_eq!(socket(&stage, ben), before);
    assert_eq!(said(&stage, ben), ["one"]);
}

#[test]
fn a_page_that_its_own_older_socket_puts_out_takes_its_seat_again() {
    let (mut stage, ann, ben) = ann_and_ben_who_asked_twice();
    stage.type_and_send(ben, "one");
    // As where a proxy takes the older for the newer.
    let closed = ServerFrame::Closed { reason: CloseReason::Superseded };
    let (epoch, bytes) = (socket(&stage, ben), encode(&closed));
    stage.tell(ben, Msg::SocketReceived { epoch, bytes });
    stage.type_and_send(ann, "two");
    stage.advance(WELL_AGAIN);
    assert!(stage.room(ben).connection.is_live());
    stage.say(ben, "three");
    for client in [ann, ben] {
        assert_eq!(said(&stage, client), ["one", "two", "three"]);
    }
}

/// What a plan may do to the stage.
#[derive(Clone, Debug)]
enum Act {
    Say(usize),
    Step(usize),
    Cut(usize),
    Delay(usize),
    CarryAgain(usize),
    Arrive,
    Wait(u16),
}

fn act(people: usize) -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (0..people).prop_map(Act::Say),
        6 => (0..people).prop_map(Act::Step),
        2 => (0..people).prop_map(Act::Cut),
        3 => (0..people).prop_map(Act::Delay),
        3 => (0..people).prop_map(Act::CarryAgain),
        2 => Just(Act::Arrive),
        // All of a plan's together: less than a seat waits.
        4 => (1..12_000_u16).prop_map(Act::Wait),
    ]
}

proptest! {
    #![proptest_config(sanctuary_proptests::config("client_late"))]

    /// However late it arrives, every page in the end shows every message that was sent, once, and all
    /// pages in the same order.
    #[test]
    fn nothing_late_is_lost_doubled_or_reordered(plan in prop::collection::vec(act(2), 1..48)) {
        let (mut stage, ann, ben) = ann_and_ben();
        let mut sent = Vec::new();
        for act in plan {
            match act {
                Act::Say(client) => {
                    sent.push(format!("message {}", sent.len()));
                    stage.type_and_send(client, sent.last().unwrap());
                }
                Act::Step(client) => { stage.step(client); }
                Act::Cut(client) => stage.cut(client),
                Act::Delay(client) => stage.delay_sending(client),
                Act::CarryAgain(client) => stage.carry_again(client),
                Act::Arrive => stage.arrive(),
                Act::Wait(millis) => stage.advance(Duration::from_millis(millis.into())),
            }
        }
        [ann, ben].into_iter().for_each(|client| stage.carry_again(client));
        stage.advance(WELL_AGAIN);
        stage.arrive();
        stage.advance(WELL_AGAIN);
        let mut anns = said(&stage, ann);
        prop_assert_eq!(&said(&stage, ben), &anns);
        anns.sort();
        sent.sort();
        prop_assert_eq!(anns, sent);
    }
}
