//! One post through the room core, by the number of members: it must not grow with them.

mod stage;

use std::hint::black_box;
use std::time::Instant;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use sanctuary_benches::post;
use sanctuary_engine::room::{Command, ConnectionId};
use stage::room_of;

const MEMBERS: [u64; 4] = [2, 10, 100, 1_000];

fn handle(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("room");
    for members in MEMBERS {
        let now = Instant::now();
        let mut room = room_of(members, now);
        let frame = post(256);
        group.bench_with_input(BenchmarkId::new("post 256 B", members), &frame, |b, frame| {
            b.iter(|| {
                let command = Command::Receive { from: ConnectionId(1), frame: frame.clone() };
                black_box(room.handle(command, now))
            });
        });
    }
    group.finish();
}

criterion_group!(benches, handle);
criterion_main!(benches);
