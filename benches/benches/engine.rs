//! A round trip through the whole tree in memory: a member posts, and every member receives, by the
//! number of members. What the sockets add is the load harness's to say.

#![allow(clippy::expect_used, clippy::panic, reason = "a bench may stop at its own mistake")]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sanctuary_benches::post;
use sanctuary_engine::limits::{Limits, RoomLimits};
use sanctuary_engine::{Config, Connection, Engine, start};
use sanctuary_protocol::{
    ClientFrame, CommitBlob, EntryKind, Few, KnockBlob, Policy, RoomId, ServerFrame, WelcomeBlob,
};

const MEMBERS: [usize; 3] = [2, 10, 100];
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

async fn members_of(engine: &Engine, members: usize) -> Vec<Connection> {
    let mut host = engine.connect(ROOM);
    host.send(ClientFrame::Create { policy: Policy::default() }).await.expect("open");
    assert!(matches!(host.recv().await, Some(ServerFrame::Opened(_))));
    let mut all = vec![host];
    while all.len() < members {
        let mut newcomer = engine.connect(ROOM);
        let blob = KnockBlob::try_from(vec![1]).expect("short");
        newcomer.send(ClientFrame::Knock { blob }).await.expect("open");
        let Some(ServerFrame::Knocked { member }) = newcomer.recv().await else {
            panic!("the knock was not taken")
        };
        let commit = ClientFrame::Commit {
            ciphertext: CommitBlob::try_from(vec![1]).expect("short"),
            admits: Few::try_from(vec![member]).expect("one"),
            evicts: Few::none(),
            welcome: WelcomeBlob::try_from(vec![1]).expect("short"),
        };
        all[0].send(commit).await.expect("open");
        for present in &mut all {
            until(present, |kind| matches!(kind, EntryKind::Commit { .. })).await;
        }
        while !matches!(newcomer.recv().await, Some(ServerFrame::Welcome { .. })) {}
        all.push(newcomer);
    }
    all
}

async fn until(connection: &mut Connection, wanted: fn(&EntryKind) -> bool) {
    loop {
        match connection.recv().await {
            Some(ServerFrame::Entry(entry)) if wanted(&entry.kind) => return,
            Some(ServerFrame::Closed { reason }) => panic!("closed: {reason:?}"),
            Some(_) => {}
            None => panic!("the connection ended"),
        }
    }
}

fn round_trip(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let mut group = criterion.benchmark_group("engine");
    for members in MEMBERS {
        let engine = runtime.block_on(start(config())).expect("an engine without a socket");
        let mut all = runtime.block_on(members_of(&engine, members));
        group.throughput(Throughput::Elements(members as u64));
        let name = BenchmarkId::new("post 256 B, received by all", members);
        group.bench_function(name, |b| {
            b.iter(|| {
                runtime.block_on(async {
                    all[0].send(post(256)).await.expect("open");
                    for member in &mut all {
                        until(member, |kind| matches!(kind, EntryKind::Post { .. })).await;
                    }
                });
            });
        });
        drop(all);
        runtime.block_on(engine.shut_down());
    }
    group.finish();
}

criterion_group!(benches, round_trip);
criterion_main!(benches);
