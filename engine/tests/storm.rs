//! Small storms over real sockets: everybody cut off at once, and somebody who sends a byte at a time
//! beside others who talk. The large ones are run by hand: `cargo xtask storm`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed test says so")]

mod common;
#[path = "common/web.rs"]
mod web;

use std::net::SocketAddr;
use std::time::Duration;

use common::{OTHER_ROOM, ROOM, admit, create, eventually, knock, post};
use futures::future::join_all;
use sanctuary_engine::limits::{Limits, RoomLimits};
use sanctuary_engine::{Config, Engine};
use sanctuary_protocol::{
    ClientFrame, CloseReason, EntryKind, Refusal, ResumeToken, Seq, ServerFrame,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use web::{Socket, serve};

const MEMBERS: usize = 12;

/// A member, and what it needs to come back.
struct Member {
    socket: Socket,
    token: ResumeToken,
    seq: Seq,
}

impl Member {
    async fn of(mut socket: Socket) -> Self {
        let opening = socket.opened().await;
        Self { socket, token: opening.token, seq: opening.seq }
    }

    /// Hears everything up to what `said` says, each in its place.
    async fn hear_until(&mut self, said: &str) {
        let mut seq = self.seq;
        self.socket
            .until(|frame| {
                let ServerFrame::Entry(entry) = frame else { return None };
                assert_eq!(entry.seq, seq.next(), "nothing is left out or told twice");
                seq = entry.seq;
                let EntryKind::Post { ciphertext } = entry.kind else { return None };
                (ciphertext.as_slice() == said.as_bytes()).then_some(())
            })
            .await;
        self.seq = seq;
    }

    /// Takes its seat again, over a new socket.
    async fn come_back(self, address: SocketAddr) -> Self {
        let Self { token, seq, .. } = self;
        let mut socket = Socket::open(address, ROOM).await;
        socket.send(ClientFrame::Resume { token, last_seq: seq }).await;
        let token = socket.opened().await.token;
        Self { socket, token, seq }
    }
}

async fn room_of(members: usize, limits: Limits) -> (Engine, SocketAddr, Vec<Member>) {
    let (engine, address) = serve(Config { limits, ..Config::default() }).await;
    let mut host = Socket::open(address, ROOM).await;
    host.send(create()).await;
    let mut all = vec![Member::of(host).await];
    while all.len() < members {
        let mut newcomer = Socket::open(address, ROOM).await;
        newcomer.send(knock()).await;
        let Member { socket: host, seq, .. } = &mut all[0];
        // What the host hears meanwhile has its place too.
        let knocking = host.until(|frame| match frame {
            ServerFrame::Knocking { member, .. } => Some(member),
            ServerFrame::Entry(entry) => {
                *seq = entry.seq;
                None
            }
            _ => None,
        });
        let number = knocking.await;
        host.send(admit(number)).await;
        all.push(Member::of(newcomer).await);
    }
    (engine, address, all)
}

#[tokio::test]
async fn everybody_who_is_cut_off_at_once_comes_back_at_once_and_misses_nothing() {
    let room = RoomLimits { commit_interval: Duration::ZERO, ..RoomLimits::default() };
    let limits = Limits { room, ..Limits::default() };
    let (engine, address, mut all) = room_of(MEMBERS, limits).await;
    all[1].socket.send(post("before")).await;
    join_all(all.iter_mut().map(|member| member.hear_until("before"))).await;
    // No farewell: the sockets are just gone.
    for member in &mut all {
        let socket = member.socket.stream();
        socket.set_zero_linger().unwrap();
        let _ = socket.shutdown().await;
    }
    eventually("all are gone", || async {
        let status = engine.tree().status().await.unwrap();
        status.members_gone as usize == MEMBERS && status.connections == 0
    })
    .await;
    let mut all = join_all(all.into_iter().map(|member| member.come_back(address))).await;
    all[2].socket.send(post("after")).await;
    join_all(all.iter_mut().map(|member| member.hear_until("after"))).await;
    let levels: Vec<Seq> = all.iter().map(|member| member.seq).collect();
    assert_eq!(levels, vec![levels[0]; MEMBERS], "all have followed as far");
    let status = engine.tree().status().await.unwrap();
    assert_eq!((status.members_live as usize, status.connections as usize), (MEMBERS, MEMBERS));
}

/// Sends a byte whenever the server has been silent for as long, until the connection ends.
async fn drip(mut stream: TcpStream, words: &[u8]) -> Vec<u8> {
    const BETWEEN: Duration = Duration::from_millis(10);
    let mut heard = Vec::new();
    let mut words = words.iter().cycle();
    loop {
        let mut part = [0; 1024];
        match timeout(BETWEEN, stream.read(&mut part)).await {
            Err(_elapsed) => {
                let _ = stream.write_all(&[*words.next().unwrap()]).await;
            }
            Ok(Ok(read)) if read > 0 => heard.extend_from_slice(&part[..read]),
            Ok(_) => return heard,
        }
    }
}

#[tokio::test]
async fn a_head_that_comes_byte_by_byte_is_dropped_and_the_others_talk_on() {
    let limits = Limits { header_wait: Duration::from_secs(2), ..Limits::default() };
    let (engine, address) = serve(Config { limits, ..Config::default() }).await;
    let mut ada = Socket::open(address, OTHER_ROOM).await;
    ada.send(create()).await;
    ada.opened().await;
    let slow = (0..20).map(|_| async {
        let stream = TcpStream::connect(address).await.unwrap();
        drip(stream, b"GET / HTTP/1.1\r\nhost: x\r\nx-y: ").await
    });
    let talk = async {
        for number in 0..20 {
            ada.send(post(&format!("{number}"))).await;
            assert_eq!(ada.next_post().await, format!("{number}"));
        }
    };
    let (heard, ()) = tokio::join!(join_all(slow), talk);
    assert_eq!(heard.len(), 20, "each of them has ended");
    eventually("only ada is left", || async {
        engine.tree().status().await.unwrap().connections == 1
    })
    .await;
    assert_eq!(ada_is_there(&mut ada).await, "still here");
}

async fn ada_is_there(ada: &mut Socket) -> String {
    ada.send(post("still here")).await;
    String::from_utf8(ada.next_post().await.to_vec()).unwrap()
}

/// No machine is too slow to be too fast for these, nor a seat taken again too late to be so too soon.
fn narrow() -> Limits {
    let room = RoomLimits {
        commit_interval: Duration::ZERO,
        resume_refill: Duration::from_secs(60 * 60),
        ..RoomLimits::default()
    };
    Limits { room, frames_per_second: 1, frames_burst: 40, ..Limits::default() }
}

/// A sender that is too fast is told so, each time it comes back to its seat, as often as it may; the
/// room it floods is whole.
#[tokio::test]
async fn who_floods_again_and_again_is_told_each_time_and_then_that_it_is_too_soon() {
    let limits = narrow();
    let (_engine, address, mut all) = room_of(2, limits).await;
    let mut flood = all.pop().unwrap();
    for _ in 0..limits.room.resume_burst {
        for _ in 0..limits.frames_burst * 3 {
            flood.socket.send(post("again")).await;
        }
        assert_eq!(flood.socket.closed().await, CloseReason::TooFast);
        flood = flood.come_back(address).await;
    }
    drop(flood.socket);
    let mut socket = Socket::open(address, ROOM).await;
    let resume = ClientFrame::Resume { token: flood.token, last_seq: flood.seq };
    socket.send(resume).await;
    let refused = socket.until(|frame| match frame {
        ServerFrame::Refused { why, .. } => Some(why),
        _ => None,
    });
    assert_eq!(refused.await, Refusal::TooSoon);
    all[0].socket.send(post("and on")).await;
    all[0].hear_until("and on").await;
}
