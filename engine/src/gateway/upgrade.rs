//! From a request to a WebSocket (RFC 6455 §4.2), by hand: warp's own filter brings a socket with
//! buffers of its own, 128 KiB of them. Must not know what is sent over it.

use std::sync::Arc;

use http::header::{
    CONNECTION, HOST, HeaderName, HeaderValue, ORIGIN, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::{HeaderMap, Response, StatusCode};
use hyper::upgrade::{OnUpgrade, Parts};
use hyper_util::rt::TokioIo;
use sanctuary_protocol::{InvalidRoomId, RoomId, SUBPROTOCOL};
use tokio::net::TcpStream;
use tungstenite::handshake::derive_accept_key;

use super::intake::Intake;
use super::peer::{Peer, Upgraded, Way};
use super::reply::{self, Reply, sentence};
use super::wire::Wire;
use super::{Gate, socket};
use crate::config::Origin;
use crate::line::Line;

/// Characters of a handshake's key: 16 bytes in base64 (RFC 6455 §4.1), and what fills them up.
const KEY_CHARACTERS: usize = 22;
const KEY_END: &str = "==";

/// Answers a request for a room's WebSocket.
pub(crate) fn upgrade(
    gate: &Arc<Gate>,
    room: &str,
    request: &HeaderMap,
    socket: Option<OnUpgrade>,
    peer: &Peer,
) -> Reply {
    let Ok(room) = room_at(room) else {
        return sentence(
            StatusCode::BAD_REQUEST,
            "A room's id is 32 lower-case hexadecimal digits.",
        );
    };
    if only(request, &HOST).is_none() {
        return sentence(StatusCode::BAD_REQUEST, "A request names its host, once.");
    }
    let (Some(socket), Some(key)) = (socket, websocket_key(request)) else {
        return upgrade_required();
    };
    if !listed(request, &SEC_WEBSOCKET_PROTOCOL).any(|it| it == SUBPROTOCOL) {
        return sentence(
            StatusCode::BAD_REQUEST,
            "The WebSocket must ask for the subprotocol sanctuary.v1.",
        );
    }
    if !is_origin_allowed(gate, request, peer.way()) {
        return sentence(
            StatusCode::FORBIDDEN,
            "A page from elsewhere may not connect here. The operator allows one with --origin.",
        );
    }
    let counted = match peer.upgraded(request) {
        Ok(counted) => counted,
        Err(why) => return reply::turned_away(why),
    };
    tokio::spawn(carry(gate.clone(), room, socket, counted));
    switch(&derive_accept_key(key.as_bytes()))
}

/// The room that a path names, in a place of its own from the first. What was on a thread's stack can get
/// into whatever is made there next, with the room in the gaps of another's future.
fn room_at(path: &str) -> Result<Arc<RoomId>, InvalidRoomId> {
    let mut room = Arc::new(RoomId::from_bytes([0; 16]));
    Arc::make_mut(&mut room).read(path)?;
    Ok(room)
}

/// Only the count is kept of whoever connected. What carries the line is a task of its own, which
/// holds nothing of the request.
async fn carry(gate: Arc<Gate>, room: Arc<RoomId>, socket: OnUpgrade, counted: Upgraded) {
    let limits = gate.tree.limits();
    let Ok(Ok(upgraded)) = tokio::time::timeout(limits.write_wait, socket).await else { return };
    let (line, delivery) = Line::open(&gate.tree, room);
    let unfinished = gate.unfinished.clone();
    match upgraded.downcast::<TokioIo<TcpStream>>() {
        Ok(Parts { io, read_buf, .. }) => {
            let wire = Wire::new(io.into_inner());
            delivery.write_through(wire.outlet());
            let mut intake = Intake::new(wire, unfinished, limits);
            intake.read_before(&read_buf);
            tokio::spawn(socket::carry(intake, line, delivery, counted, limits));
        }
        // Whatever is no bare socket is written to by its own task alone.
        Err(upgraded) => {
            let intake = Intake::new(TokioIo::new(upgraded), unfinished, limits);
            tokio::spawn(socket::carry(intake, line, delivery, counted, limits));
        }
    }
}

fn switch(accept: &str) -> Reply {
    let mut reply = Response::new(bytes::Bytes::new());
    *reply.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = reply.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
    if let Ok(accept) = HeaderValue::from_str(accept) {
        headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    }
    reply
}

fn upgrade_required() -> Reply {
    let mut reply = sentence(
        StatusCode::UPGRADE_REQUIRED,
        "A room is reached over a WebSocket of version 13. The chat's page is at /.",
    );
    let headers = reply.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    reply
}

/// The handshake's key, when this is one. Version and key are said once (RFC 6455 §11.3).
fn websocket_key(request: &HeaderMap) -> Option<&str> {
    let is_asked_for = only(request, &SEC_WEBSOCKET_VERSION) == Some("13")
        && lists(request, &CONNECTION, "upgrade")
        && lists(request, &UPGRADE, "websocket");
    only(request, &SEC_WEBSOCKET_KEY).filter(|key| is_asked_for && is_key(key))
}

fn is_key(key: &str) -> bool {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    key.strip_suffix(KEY_END)
        .is_some_and(|key| key.len() == KEY_CHARACTERS && key.bytes().all(is_base64))
}

/// What a header says that is said once.
fn only<'request>(request: &'request HeaderMap, name: &HeaderName) -> Option<&'request str> {
    let mut values = request.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        (Some(_) | None, _) => None,
    }
}

/// Whether a comma-separated header names `token`, in whatever case.
fn lists(request: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    listed(request, name).any(|it| it.eq_ignore_ascii_case(token))
}

fn listed<'request>(
    request: &'request HeaderMap,
    name: &HeaderName,
) -> impl Iterator<Item = &'request str> {
    let values = request.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

/// The operator's word counts alone; without it the server is whatever it was asked for as. A browser
/// always says where its page is from; whoever says nothing is no page, and could say anything.
fn is_origin_allowed(gate: &Gate, request: &HeaderMap, way: Way) -> bool {
    let mut origins = request.get_all(ORIGIN).iter();
    let (Some(origin), rest) = (origins.next(), origins.next()) else { return true };
    let Some(origin) = origin.to_str().ok().and_then(|it| it.parse::<Origin>().ok()) else {
        return false;
    };
    let own = only(request, &HOST);
    // A page that came over plain HTTP is none of ours where we speak TLS; where we do not, a proxy
    // may have spoken it.
    let may_be_own = way == Way::Plain || origin.is_secure();
    let is_own = own.is_some_and(|host| origin.authority().eq_ignore_ascii_case(host));
    let origins = &gate.rules.origins;
    let is_named = origins.contains(&origin);
    rest.is_none() && if origins.is_empty() { is_own && may_be_own } else { is_named }
}
