//! What a room says in a row goes out in few writes, by the room or by the socket's own task, and is
//! read as if each frame had been written by itself.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed test says so")]

mod common;
#[path = "common/web.rs"]
mod web;

use std::time::Duration;

use common::{ROOM, admit, create, knock, post};
use sanctuary_engine::limits::{Limits, RoomLimits};
use sanctuary_engine::{Config, Engine};
use sanctuary_protocol::{ClientFrame, EntryKind, PostBlob, ServerFrame};
use tokio::io::AsyncWriteExt as _;
use tokio_tungstenite::tungstenite::Message;
use web::{Socket, serve};

/// Nobody is too fast, and nobody too slow.
fn unhurried() -> Config {
    let room = RoomLimits { commit_interval: Duration::ZERO, ..RoomLimits::default() };
    let limits = Limits {
        room,
        frames_per_second: u32::MAX,
        frames_burst: u32::MAX,
        bytes_per_second: u32::MAX,
        bytes_burst: u32::MAX,
        outbox_frames_max: 4_096,
        outbox_bytes_max: 64 * 1024 * 1024,
        ..Limits::default()
    };
    Config { limits, ..Config::default() }
}

/// So many sockets in one room.
async fn room_of(members: usize) -> (Engine, Vec<Socket>) {
    let (engine, address) = serve(unhurried()).await;
    let mut host = Socket::open(address, ROOM).await;
    host.send(create()).await;
    host.opened().await;
    let mut all = vec![host];
    while all.len() < members {
        let mut newcomer = Socket::open(address, ROOM).await;
        newcomer.send(knock()).await;
        let number = all[0].knocking().await;
        all[0].send(admit(number)).await;
        newcomer.opened().await;
        all.push(newcomer);
    }
    (engine, all)
}

/// The next `count` posts: each one's place in the order, and what it says.
async fn posts(socket: &mut Socket, count: usize) -> Vec<(u64, Vec<u8>)> {
    let mut posts = Vec::new();
    while posts.len() < count {
        let post = socket.until(|frame| match frame {
            ServerFrame::Entry(entry) => match entry.kind {
                EntryKind::Post { ciphertext } => {
                    Some((entry.seq.0, ciphertext.as_slice().to_vec()))
                }
                _ => None,
            },
            _ => None,
        });
        posts.push(post.await);
    }
    posts
}

fn numbered(number: usize, bytes: usize) -> ClientFrame {
    let mut words = number.to_le_bytes().to_vec();
    words.resize(bytes, 0x5a);
    ClientFrame::Post { ciphertext: PostBlob::try_from(words).unwrap() }
}

#[tokio::test]
async fn a_burst_of_all_is_one_order_to_all() {
    const EACH: usize = 60;
    let (_engine, mut all) = room_of(3).await;
    for number in 0..EACH {
        for (member, socket) in all.iter_mut().enumerate() {
            socket.send(post(&format!("{member} says {number}"))).await;
        }
    }
    let heard = posts(&mut all[0], EACH * 3).await;
    let rising = heard.windows(2).all(|pair| pair[0].0 + 1 == pair[1].0);
    assert!(rising, "nothing is left out or told twice");
    assert_eq!(posts(&mut all[1], EACH * 3).await, heard);
    assert_eq!(posts(&mut all[2], EACH * 3).await, heard);
}

/// More than the system takes for a socket that is not read, so that writes break off in the middle
/// of frames and are taken up again by the socket's own task; with pongs between.
#[tokio::test]
async fn a_socket_that_is_read_late_is_read_whole_and_in_order() {
    const POSTS: usize = 600;
    const BYTES: usize = 20_000;
    let (engine, mut all) = room_of(2).await;
    let [ada, ben] = all.as_mut_slice() else { panic!("two") };
    for number in 0..POSTS {
        ada.send(numbered(number, BYTES)).await;
        if number % 100 == 0 {
            ben.send_message(Message::Ping("are you there".into())).await;
        }
        assert_eq!(posts(ada, 1).await[0].1[..8], number.to_le_bytes());
    }
    let waiting = engine.tree().status().await.unwrap().retained_bytes;
    assert!(waiting > BYTES as u64, "the system took everything: nothing is shown by this");
    let heard = posts(ben, POSTS).await;
    let numbers: Vec<_> = heard.iter().map(|(_, words)| words[..8].to_vec()).collect();
    let expected: Vec<_> = (0..POSTS).map(|number| number.to_le_bytes().to_vec()).collect();
    assert_eq!(numbers, expected);
    assert!(heard.iter().all(|(_, words)| words.len() == BYTES));
}

/// The first byte of a frame that closes (RFC 6455 §5.2).
const CLOSE: u8 = 0x88;

/// The client closes while the room goes on talking, on another thread.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_follows_the_answer_to_a_close() {
    for _ in 0..5 {
        let (_engine, mut all) = room_of(2).await;
        let mut ben = all.pop().unwrap();
        let mut ada = all.pop().unwrap();
        let talk = tokio::spawn(async move {
            for number in 0..200 {
                ada.send(numbered(number, 300)).await;
            }
        });
        assert_eq!(posts(&mut ben, 5).await.len(), 5);
        // A close without words, masked by zeros.
        ben.stream().write_all(&[CLOSE, 0x80, 0, 0, 0, 0]).await.unwrap();
        let mut last = None;
        while let Some(message) = ben.next_message().await {
            assert!(!matches!(last, Some(Message::Close(_))), "{message:?} follows the close");
            last = Some(message);
        }
        assert!(matches!(last, Some(Message::Close(_))), "{last:?}");
        talk.await.unwrap();
    }
}
