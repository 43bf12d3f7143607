//! Fan-out through the whole tree in memory: a member's bytes go in, and every member's outbox is
//! emptied of the frame, by the number of members. What is the same at every size is the path to the
//! room; what grows is the delivery. In memory each is queued, and a queue that was empty allocates;
//! a socket that takes a frame at once needs none. What sockets cost is the load harness's to say.

#![allow(clippy::expect_used, clippy::panic, reason = "a bench may stop at its own mistake")]

use std::alloc::System;
use std::sync::Arc;

use bytes::Bytes;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sanctuary_benches::{Allocations, COUNTING, post};
use sanctuary_engine::limits::{Limits, RoomLimits};
use sanctuary_engine::{Config, Delivered, Delivery, Engine, Line, start};
use sanctuary_protocol::{
    ClientFrame, CommitBlob, EntryKind, Few, KnockBlob, Policy, RoomId, ServerFrame, WelcomeBlob,
    decode, encode,
};
use stats_alloc::StatsAlloc;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = COUNTING;

const MEMBERS: [usize; 4] = [2, 10, 100, 1_000];
const POST_BYTES: usize = 256;
const ROOM: RoomId = RoomId::from_bytes([4; 16]);

/// No rate stands in the way: what is measured is the path.
fn config() -> Config {
    let limits = Limits {
        room: RoomLimits {
            members_max: 10_000,
            commit_interval: std::time::Duration::ZERO,
            ..RoomLimits::default()
        },
        frames_per_second: u32::MAX,
        frames_burst: u32::MAX,
        bytes_per_second: u32::MAX,
        bytes_burst: u32::MAX,
        ..Limits::default()
    };
    Config { limits, ..Config::default() }
}

/// A client in memory, which reads frames only while it comes in.
struct Member {
    line: Line,
    delivery: Delivery,
}

impl Member {
    fn open(engine: &Engine) -> Self {
        let (line, delivery) = Line::open(engine.tree(), Arc::new(ROOM));
        Self { line, delivery }
    }

    async fn send(&mut self, frame: &ClientFrame) {
        self.line.receive(encode(frame).into()).await.expect("open");
    }

    async fn until(&mut self, wanted: fn(&ServerFrame) -> bool) -> ServerFrame {
        loop {
            let Delivered::Frame(frame) = self.delivery.next().await else { panic!("hung up on") };
            let frame = decode(&frame).expect("a frame");
            if wanted(&frame) {
                return frame;
            }
        }
    }

    /// The next that is as long as a post; all else in this room is shorter.
    async fn take_post(&mut self) {
        loop {
            match self.delivery.next().await {
                Delivered::Frame(frame) if frame.len() > POST_BYTES => return,
                Delivered::Frame(_) => {}
                Delivered::Closed(reason) => panic!("closed: {reason:?}"),
            }
        }
    }
}

async fn members_of(engine: &Engine, members: usize) -> Vec<Member> {
    let mut host = Member::open(engine);
    host.send(&ClientFrame::Create { policy: Policy::default() }).await;
    host.until(|frame| matches!(frame, ServerFrame::Opened(_))).await;
    let mut all = vec![host];
    while all.len() < members {
        let mut newcomer = Member::open(engine);
        let blob = KnockBlob::try_from(vec![1]).expect("short");
        newcomer.send(&ClientFrame::Knock { blob }).await;
        let knocked = newcomer.until(|frame| matches!(frame, ServerFrame::Knocked { .. })).await;
        let ServerFrame::Knocked { member } = knocked else { panic!("the knock was not taken") };
        let commit = ClientFrame::Commit {
            ciphertext: CommitBlob::try_from(vec![1]).expect("short"),
            admits: Few::try_from(vec![member]).expect("one"),
            evicts: Few::none(),
            welcome: WelcomeBlob::try_from(vec![1]).expect("short"),
        };
        all[0].send(&commit).await;
        for present in &mut all {
            present.until(is_commit).await;
        }
        newcomer.until(|frame| matches!(frame, ServerFrame::Welcome { .. })).await;
        all.push(newcomer);
    }
    all
}

fn is_commit(frame: &ServerFrame) -> bool {
    let ServerFrame::Entry(entry) = frame else { return false };
    matches!(entry.kind, EntryKind::Commit { .. })
}

fn fan_out(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let mut group = criterion.benchmark_group("engine");
    let message = Bytes::from(encode(&post(POST_BYTES)));
    for members in MEMBERS {
        let engine = runtime.block_on(start(config())).expect("an engine without a socket");
        let mut all = runtime.block_on(members_of(&engine, members));
        group.throughput(Throughput::Elements(members as u64));
        let mut once = || {
            runtime.block_on(async {
                all[0].line.receive(message.clone()).await.expect("open");
                for member in &mut all {
                    member.take_post().await;
                }
            });
        };
        let name = format!("fan out {POST_BYTES} B");
        let mut allocations = Allocations::of(format!("{name} to {members}")).shared_by(members);
        group.bench_function(BenchmarkId::new(name, members), |b| {
            allocations.tell(|spent| spent.on(&mut once));
            b.iter(&mut once);
        });
        drop(all);
        runtime.block_on(engine.shut_down());
    }
    group.finish();
}

criterion_group!(benches, fan_out);
criterion_main!(benches);
