//! The operator's console over a real unix socket, as `sanctuary-admin` or somebody with `socat`
//! meets it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "common/operator.rs"]
mod operator;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use operator::{PATIENCE, hear, house, refused, room_id, sealed, text};
use sanctuary_engine::console::SESSIONS_MAX;
use sanctuary_engine::{Config, start};
use sanctuary_protocol::admin::{
    AdminRefusal, AdminReply, AdminRequest, REQUEST_LINE_BYTES_MAX, RoomHandle,
};
use sanctuary_protocol::{ClientFrame, CloseReason, SUBPROTOCOL, ServerFrame};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

#[tokio::test]
async fn rooms_go_by_handle_with_their_counts() {
    let house = house().await;
    let mut first = house.room(1).await;
    let mut second = house.room(2).await;
    let mut newcomer = house.engine.connect(room_id(2));
    newcomer.send(ClientFrame::Knock { blob: sealed(64) }).await.unwrap();
    hear(&mut second, |frame| matches!(frame, ServerFrame::Knocking { .. })).await;
    first.send(ClientFrame::Post { ciphertext: sealed(256) }).await.unwrap();
    hear(&mut first, |frame| matches!(frame, ServerFrame::Entry(_))).await;

    let mut operator = house.operator().await;
    let AdminReply::Rooms { rooms } = operator.ask(AdminRequest::Rooms).await else {
        panic!("no rooms")
    };
    let counts: Vec<_> =
        rooms.iter().map(|room| (room.room.0, room.members_live, room.knocks)).collect();
    assert_eq!(counts, [(1, 1, 0), (2, 1, 1)]);
    assert!(rooms[0].entries > rooms[1].entries, "{rooms:?}");

    let one = operator.ask(AdminRequest::Room { room: RoomHandle(2) }).await;
    assert!(matches!(one, AdminReply::Room(room) if room.room == RoomHandle(2)));
    let AdminReply::Status(status) = operator.ask(AdminRequest::Status).await else {
        panic!("no status")
    };
    assert_eq!((status.rooms, status.members_live, status.connections), (2, 2, 3));
}

#[tokio::test]
async fn a_purge_ends_one_room_and_leaves_the_other() {
    let house = house().await;
    let mut first = house.room(1).await;
    let mut second = house.room(2).await;
    let mut operator = house.operator().await;

    let purge = || AdminRequest::Purge { room: RoomHandle(1), reason: None };
    assert_eq!(operator.ask(purge()).await, AdminReply::Purged { rooms: 1 });
    let closed = ServerFrame::Closed { reason: CloseReason::ByOperator };
    hear(&mut first, |frame| *frame == closed).await;
    assert_eq!(operator.ask(purge()).await, refused(AdminRefusal::NoSuchRoom));
    let gone = AdminRequest::Room { room: RoomHandle(1) };
    assert_eq!(operator.ask(gone).await, refused(AdminRefusal::NoSuchRoom));

    second.send(ClientFrame::Post { ciphertext: sealed(256) }).await.unwrap();
    hear(&mut second, |frame| matches!(frame, ServerFrame::Entry(_))).await;

    assert_eq!(
        operator.ask(AdminRequest::PurgeAll { reason: None }).await,
        AdminReply::Purged { rooms: 1 }
    );
    hear(&mut second, |frame| *frame == closed).await;
    assert_eq!(operator.ask(AdminRequest::Rooms).await, AdminReply::Rooms { rooms: vec![] });
    assert_eq!(
        operator.ask(AdminRequest::PurgeAll { reason: None }).await,
        AdminReply::Purged { rooms: 0 }
    );
}

/// Every string of a reply, with the field it stands in.
fn strings<'reply>(
    value: &'reply Value,
    field: &'reply str,
    found: &mut Vec<(&'reply str, &'reply str)>,
) {
    match value {
        Value::String(text) => found.push((field, text)),
        Value::Array(values) => values.iter().for_each(|value| strings(value, field, found)),
        Value::Object(fields) => {
            fields.iter().for_each(|(field, value)| strings(value, field, found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[tokio::test]
async fn no_reply_carries_a_name_an_address_or_an_id() {
    let house = house().await;
    let _first = house.room(1).await;
    let _second = house.room(2).await;
    let mut operator = house.operator().await;
    let (room, none) = (RoomHandle(1), RoomHandle(99));
    operator.ask(AdminRequest::Status).await;
    operator.ask(AdminRequest::Rooms).await;
    operator.ask(AdminRequest::Room { room }).await;
    operator.ask(AdminRequest::Room { room: none }).await;
    operator.say(room_id(1).to_string().as_bytes()).await;
    operator.ask(AdminRequest::Version).await;
    operator.ask(AdminRequest::Stats).await;
    operator.ask(AdminRequest::Actors).await;
    operator.ask(AdminRequest::Limits).await;
    operator.ask(AdminRequest::Audit).await;
    operator.ask(AdminRequest::Admit { admitting: false }).await;
    operator.ask(AdminRequest::Notice { text: text("Back at noon.") }).await;
    operator.ask(AdminRequest::PurgeIdle { older_seconds: 3_600 }).await;
    operator.ask(AdminRequest::Purge { room, reason: Some(text("because")) }).await;
    operator.ask(AdminRequest::PurgeAll { reason: None }).await;

    assert_eq!(operator.heard.len(), 15);
    for line in &operator.heard {
        for number in [1, 2] {
            assert!(!line.to_lowercase().contains(&room_id(number).to_string()), "{line}");
        }
        let reply: Value = serde_json::from_str(line).unwrap();
        let mut found = Vec::new();
        strings(&reply, "", &mut found);
        for (field, text) in found {
            let harmless = match field {
                "reply" | "why" | "actor" | "datum" => {
                    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
                }
                "room" => text.parse::<RoomHandle>().is_ok(),
                "version" => text == env!("CARGO_PKG_VERSION"),
                "protocol" => text == SUBPROTOCOL,
                _ => false,
            };
            assert!(harmless, "{field}: {text}");
        }
    }
}

#[tokio::test]
async fn a_line_that_is_no_request_is_refused_and_the_session_goes_on() {
    let house = house().await;
    let mut operator = house.operator().await;
    let long = vec![b'x'; REQUEST_LINE_BYTES_MAX * 40];
    let nested = [b'['; REQUEST_LINE_BYTES_MAX - 1];
    for garbage in [
        &b""[..],
        b"rooms",
        b"{}",
        b"\xff\xfe\0",
        br#"{"request":"address"}"#,
        br#"{"request":"purge"}"#,
        br#"{"request":"purge","room":7}"#,
        br#"{"request":"room","room":"r1","room_id":"c1"}"#,
        br#"{"request":"rooms"} {"request":"purge_all"}"#,
        &nested,
        &long,
    ] {
        let shown = String::from_utf8_lossy(&garbage[..garbage.len().min(60)]).into_owned();
        let reply = operator.say(garbage).await;
        assert_eq!(reply, Some(refused(AdminRefusal::NotUnderstood)), "{shown}");
    }
    assert_eq!(operator.ask(AdminRequest::Rooms).await, AdminReply::Rooms { rooms: vec![] });
}

#[tokio::test]
async fn requests_sent_together_are_answered_in_order() {
    let house = house().await;
    let mut operator = house.operator().await;
    let lines = b"{\"request\":\"rooms\"}\nnonsense\n{\"request\":\"purge_all\"}";
    operator.stream.write_all(lines).await.unwrap();
    operator.stream.shutdown().await.unwrap();
    assert_eq!(operator.hear().await, Some(AdminReply::Rooms { rooms: vec![] }));
    assert_eq!(operator.hear().await, Some(refused(AdminRefusal::NotUnderstood)));
    assert_eq!(operator.hear().await, Some(AdminReply::Purged { rooms: 0 }));
    assert_eq!(operator.hear().await, None);
}

#[tokio::test]
async fn one_operator_too_many_is_told_so_until_another_leaves() {
    let house = house().await;
    let mut operators = Vec::new();
    for _ in 0..SESSIONS_MAX {
        let mut operator = house.operator().await;
        operator.ask(AdminRequest::Rooms).await;
        operators.push(operator);
    }
    let mut late = house.operator().await;
    assert_eq!(late.hear().await, Some(refused(AdminRefusal::TooManyOperators)));
    assert_eq!(late.hear().await, None);
    for operator in &mut operators {
        assert!(matches!(operator.ask(AdminRequest::Rooms).await, AdminReply::Rooms { .. }));
    }

    operators.pop();
    let served = async {
        while house.operator().await.ask(AdminRequest::Rooms).await
            == refused(AdminRefusal::TooManyOperators)
        {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, served).await.unwrap();
}

#[tokio::test]
async fn an_operator_who_never_reads_or_never_writes_holds_nobody_up() {
    let house = house().await;
    let _silent = house.operator().await;
    let deaf = house.operator().await;
    let mut deaf = deaf.stream.into_inner();
    let flood = b"{\"request\":\"status\"}\n".repeat(200);
    let flooding = tokio::spawn(async move { while deaf.write_all(&flood).await.is_ok() {} });
    let mut operator = house.operator().await;
    for _ in 0..50 {
        assert!(matches!(operator.ask(AdminRequest::Status).await, AdminReply::Status(_)));
    }
    flooding.abort();
}

#[tokio::test]
async fn the_socket_is_the_owners_alone_and_gone_when_the_server_is() {
    let house = house().await;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&house.socket), 0o600);
    assert_eq!(mode(&house.folder.path().join("run")), 0o700);

    let mut operator = house.operator().await;
    operator.ask(AdminRequest::Rooms).await;
    house.engine.shut_down().await;
    assert!(!house.socket.exists());
    let mut rest = Vec::new();
    let _ = timeout(PATIENCE, operator.stream.read_to_end(&mut rest)).await.unwrap();
    assert_eq!(rest, b"");
}

#[tokio::test]
async fn a_second_server_on_the_same_socket_is_refused_and_the_first_goes_on() {
    let house = house().await;
    let config = Config { admin_socket: Some(house.socket.clone()), ..Config::default() };
    let error = start(config).await.unwrap_err().to_string();
    assert!(error.contains("another server answers at"), "{error}");
    assert!(error.contains("--admin-socket"), "{error}");
    let mut operator = house.operator().await;
    assert_eq!(operator.ask(AdminRequest::Rooms).await, AdminReply::Rooms { rooms: vec![] });
}
