//! What being in a room costs a member, by the room's size: creating one, letting in, putting out,
//! following another's commit, sealing and opening.

use std::alloc::System;
use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sanctuary_benches::{Allocations, COUNTING, PlayedRoom, Spent, create};
use sanctuary_protocol::limits::ADMITS_MAX;
use sanctuary_protocol::{ClientFrame, MemberId};
use stats_alloc::StatsAlloc;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = COUNTING;

/// Rooms of these sizes: a talk, a party, a hall, the most that is tested end to end.
const MEMBERS: [u32; 4] = [2, 10, 100, 256];

/// Newcomers in one commit.
const ADMITS: [usize; 3] = [1, 10, 16];

/// A crowd that comes at once. A commit takes sixteen, so that it is let in by seven, each in a room
/// that has grown by the one before.
const CROWD: u32 = 100;

/// What is said, in bytes: a line, a paragraph, the most that fits.
const TEXT_BYTES: [usize; 3] = [100, 3_000, 16_000];

fn creating(criterion: &mut Criterion) {
    criterion.bench_function("session/create", |b| b.iter(create));
}

/// What is followed is made before anything is made over and over: each commit that is made moves
/// its author's ratchet on, and no follower goes along more than 1,024 steps of it.
fn committing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("session");
    for members in MEMBERS {
        let mut room = PlayedRoom::of(members);
        let frame = room.draft_kick();
        follow(&mut group, &format!("follow 1 removed/{members}"), &mut room, &frame);
        let numbers: Vec<MemberId> = (0..ADMITS[2]).map(|_| room.knock().0).collect();
        for admits in ADMITS {
            let frame = room.draft_admit(&numbers[..admits]);
            follow(&mut group, &format!("follow {admits} added/{members}"), &mut room, &frame);
        }
        group.bench_function(BenchmarkId::new("remove 1", members), |b| {
            b.iter(|| room.draft_kick());
        });
        for admits in ADMITS {
            let numbers = &numbers[..admits];
            group.bench_function(BenchmarkId::new(format!("add {admits}"), members), |b| {
                b.iter(|| room.draft_admit(black_box(numbers)));
            });
        }
    }
    group.finish();
}

/// What the doorkeeper spends on a crowd once it is known: seven commits with their welcomes, and
/// taking each of them in when it comes back, for the next one is made in the epoch it begins.
fn letting_a_crowd_in(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("session");
    // A whole room is built for each.
    group.sample_size(10);
    for members in MEMBERS {
        let name = format!("add {CROWD} in {} commits", CROWD.div_ceil(ADMITS_MAX as u32));
        group.bench_function(BenchmarkId::new(name, members), |b| {
            b.iter_custom(|times| {
                timed(times, |spent| {
                    let mut room = PlayedRoom::of(members);
                    for begun in (0..CROWD).step_by(ADMITS_MAX) {
                        let arriving = (CROWD - begun).min(ADMITS_MAX as u32);
                        let numbers: Vec<MemberId> =
                            (0..arriving).map(|_| room.knock().0).collect();
                        spent.on(|| room.admit_at_host(black_box(&numbers)));
                    }
                })
            });
        });
    }
    group.finish();
}

type Group<'a> = criterion::BenchmarkGroup<'a, criterion::measurement::WallTime>;

fn follow(group: &mut Group<'_>, name: &str, room: &mut PlayedRoom, frame: &ClientFrame) {
    group.bench_function(name, |b| {
        b.iter_custom(|times| {
            timed(times, |spent| {
                let entry = room.entry_of(frame);
                spent.on(|| room.follow(black_box(&entry)));
            })
        });
    });
}

fn talking(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("session");
    for members in MEMBERS {
        let mut room = PlayedRoom::of(members);
        for bytes in TEXT_BYTES {
            group.throughput(Throughput::Bytes(bytes as u64));
            let text = vec![b'x'; bytes];
            for (name, half) in [("seal", Half::Seal), ("open", Half::Open)] {
                let name = format!("{name} {bytes} B");
                let mut allocations = Allocations::of(format!("{name} among {members}"));
                group.bench_function(BenchmarkId::new(name, members), |b| {
                    allocations.tell(|spent| say(&mut room, &text, spent, half));
                    b.iter_custom(|times| timed(times, |spent| say(&mut room, &text, spent, half)));
                });
            }
        }
    }
    group.finish();
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Seal,
    Open,
}

/// The host says something and the guest hears it; one half of it is measured. That the host hears
/// it come back is not: its hash is compared, no more.
fn say(room: &mut PlayedRoom, text: &[u8], spent: &mut Spent, half: Half) {
    let mut aside = Spent::default();
    let (sealing, opening) = match half {
        Half::Seal => (spent, &mut aside),
        Half::Open => (&mut aside, spent),
    };
    let sealed = sealing.on(|| room.seal(black_box(text)));
    let entry = room.settle(sealed);
    opening.on(|| room.open(black_box(&entry)));
}

/// What a newcomer costs the doorkeeper before it is let in, two rounds of SPAKE2 and a trial; and
/// what its welcome costs the newcomer.
fn doorkeeping(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("session");
    for members in MEMBERS {
        let mut room = PlayedRoom::of(members);
        group.bench_function(BenchmarkId::new("hear a newcomer out", members), |b| {
            b.iter_custom(|times| timed(times, |spent| room.hear_out(|half| spent.on(half))));
        });
        group.bench_function(BenchmarkId::new("come in", members), |b| {
            b.iter_custom(|times| {
                timed(times, |spent| {
                    let (newcomer, opening, welcome) = room.welcome();
                    let session = spent.on(|| newcomer.welcome(&opening, &welcome));
                    assert!(session.is_ok());
                })
            });
        });
    }
    group.finish();
}

fn timed(times: u64, mut once: impl FnMut(&mut Spent)) -> Duration {
    let mut spent = Spent::default();
    for _ in 0..times {
        once(&mut spent);
    }
    spent.time
}

criterion_group!(benches, creating, committing, letting_a_crowd_in, talking, doorkeeping);
criterion_main!(benches);
