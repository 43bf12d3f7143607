//! Sealing and opening a post, by size, and what a newcomer costs the one who lets it in.

#![allow(clippy::expect_used, clippy::panic, reason = "a bench may stop at its own mistake")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sanctuary_crypto::{Alias, KnockHeard, Newcomer, Session, Stretched};
use sanctuary_protocol::{
    Entry, EntryKind, Few, Head, MemberId, Opening, Policy, Presence, ResumeToken, RoomId, Seat,
    Seq,
};

/// What is said, in bytes: a line, a paragraph, the most that fits.
const TEXT_BYTES: [usize; 3] = [100, 3_000, 16_000];

fn opening(member: MemberId) -> Opening {
    let seats = vec![Seat { member, presence: Presence::Live }];
    Opening {
        member,
        token: ResumeToken::from_bytes([1; 16]),
        seq: Seq(0),
        head: Head::START,
        policy: Policy::default(),
        host: member,
        committer: member,
        seats: Few::try_from(seats).expect("one seat"),
    }
}

fn session() -> (RoomId, Stretched, Session) {
    let room = RoomId::from_bytes([2; 16]);
    let stretched = Stretched::from_bytes([3; 32]);
    let alias = Alias::new("Ann").expect("a name");
    let session = Session::create(room, &stretched, alias, &opening(MemberId(1)));
    (room, stretched, session)
}

fn seal_and_open(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("session");
    for bytes in TEXT_BYTES {
        group.throughput(Throughput::Bytes(bytes as u64));
        let (_, _, mut session) = session();
        let text = vec![b'x'; bytes];
        group.bench_with_input(BenchmarkId::new("seal", bytes), &text, |b, text| {
            b.iter(|| session.post(black_box(text)));
        });
        let ciphertext = session.post(&text).expect("it fits");
        let kind = EntryKind::Post { ciphertext };
        let entry = Entry { seq: Seq(1), from: MemberId(1), kind };
        group.bench_with_input(BenchmarkId::new("open", bytes), &entry, |b, entry| {
            b.iter(|| session.receive(black_box(entry)));
        });
    }
    group.finish();
}

fn doorkeeping(criterion: &mut Criterion) {
    criterion.bench_function("session/hear a knock", |b| {
        let (room, stretched, mut session) = session();
        let (_, knock) = Newcomer::knock(room, &stretched, Alias::new("Ben").expect("a name"));
        b.iter(|| {
            let heard = session.hear_knock(MemberId(2), black_box(&knock));
            assert!(matches!(heard, KnockHeard::Admissible { .. }));
            session.forget_knock(MemberId(2));
        });
    });
}

criterion_group!(benches, seal_and_open, doorkeeping);
criterion_main!(benches);
