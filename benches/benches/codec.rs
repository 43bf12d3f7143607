//! Frames to bytes and back, by size: what every message costs the server once each way.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sanctuary_benches::{POST_BYTES, entry, post};
use sanctuary_protocol::{ClientFrame, ServerFrame, decode, encode};

fn codec(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("codec");
    for bytes in POST_BYTES {
        group.throughput(Throughput::Bytes(bytes as u64));
        let (frame, message) = (entry(bytes), encode(&post(bytes)));
        group.bench_with_input(BenchmarkId::new("encode an entry", bytes), &frame, |b, frame| {
            b.iter(|| encode(black_box(frame)));
        });
        group.bench_with_input(BenchmarkId::new("decode a post", bytes), &message, |b, message| {
            b.iter(|| decode::<ClientFrame>(black_box(message)));
        });
        let message = encode(&frame);
        group.bench_with_input(
            BenchmarkId::new("decode an entry", bytes),
            &message,
            |b, message| {
                b.iter(|| decode::<ServerFrame>(black_box(message)));
            },
        );
    }
    group.finish();
}

criterion_group!(benches, codec);
criterion_main!(benches);
