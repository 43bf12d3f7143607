//! One post through the room core, by the number of members: it must not grow with them.

mod stage;

use std::alloc::System;
use std::hint::black_box;
use std::time::Instant;

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use sanctuary_benches::{Allocations, COUNTING, post};
use sanctuary_engine::room::{Command, ConnectionId};
use stage::room_of;
use stats_alloc::StatsAlloc;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = COUNTING;

const MEMBERS: [u64; 4] = [2, 10, 100, 1_000];

fn handle(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("room");
    for members in MEMBERS {
        let now = Instant::now();
        let mut room = room_of(members, now);
        // Fresh each time, as from the wire: bytes that were shared once are shared for nothing again.
        let said = || Command::Receive { from: ConnectionId(1), frame: post(256) };
        let mut allocations = Allocations::of(format!("a room of {members} hears 256 B"));
        group.bench_function(BenchmarkId::new("post 256 B", members), |b| {
            allocations.tell(|spent| {
                let said = said();
                drop(black_box(spent.on(|| room.handle(said, now))));
            });
            b.iter_batched(said, |said| room.handle(said, now), BatchSize::SmallInput);
        });
    }
    group.finish();
}

criterion_group!(benches, handle);
criterion_main!(benches);
