//! Frames to bytes and back, by size: what every message costs the server once each way.

use std::alloc::System;
use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
};
use sanctuary_benches::{Allocations, COUNTING, POST_BYTES, entry, post};
use sanctuary_protocol::{ClientFrame, ServerFrame, decode, encode};
use stats_alloc::StatsAlloc;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = COUNTING;

fn codec(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("codec");
    for bytes in POST_BYTES {
        group.throughput(Throughput::Bytes(bytes as u64));
        let (frame, message) = (entry(bytes), encode(&post(bytes)));
        step(&mut group, "encode an entry", bytes, || encode(black_box(&frame)));
        step(&mut group, "decode a post", bytes, || decode::<ClientFrame>(black_box(&message)));
        let message = encode(&frame);
        step(&mut group, "decode an entry", bytes, || decode::<ServerFrame>(black_box(&message)));
    }
    group.finish();
}

fn step<T>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    bytes: usize,
    mut once: impl FnMut() -> T,
) {
    let mut allocations = Allocations::of(format!("{name} of {bytes} B"));
    group.bench_function(BenchmarkId::new(name, bytes), |b| {
        allocations.tell(|spent| drop(black_box(spent.on(&mut once))));
        b.iter(&mut once);
    });
}

criterion_group!(benches, codec);
criterion_main!(benches);
