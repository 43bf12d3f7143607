//! What a step of the path allocates: counted by the allocator that each bench installs, told once
//! before the step is timed. A count is the same on every machine. It costs the times that stand
//! beside it some nanoseconds an allocation. Knows no step.

use std::alloc::System;
use std::hint::black_box;
use std::time::{Duration, Instant};

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, Stats, StatsAlloc};

/// The counting allocator; a bench that counts makes it its `#[global_allocator]`.
pub static COUNTING: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Of so many times the most usual is told: a table that grows now and then is not what a step
/// costs.
const TIMES_MAX: usize = 101;

/// A step that takes long is counted fewer times.
const COUNTING_MAX: Duration = Duration::from_millis(500);

/// What the measured parts of an operation took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// On the clock.
    pub time: Duration,
    /// Allocations and reallocations, of all threads.
    pub allocations: usize,
    /// What they asked for.
    pub bytes: usize,
}

impl Spent {
    /// Does a part that is measured.
    pub fn on<T>(&mut self, part: impl FnOnce() -> T) -> T {
        let region = Region::new(COUNTING);
        let begun = Instant::now();
        let done = part();
        self.time += begun.elapsed();
        let Stats { allocations, reallocations, bytes_allocated, .. } = region.change();
        self.allocations += allocations + reallocations;
        self.bytes += bytes_allocated;
        done
    }
}

/// Tells what one step allocates.
#[derive(Debug)]
pub struct Allocations {
    step: String,
    deliveries: Option<usize>,
    is_told: bool,
}

impl Allocations {
    /// Of the step of that name.
    pub fn of(step: impl Into<String>) -> Self {
        Self { step: step.into(), deliveries: None, is_told: false }
    }

    /// Told by the delivery too, of which each operation has so many.
    #[must_use]
    pub fn shared_by(self, deliveries: usize) -> Self {
        Self { deliveries: Some(deliveries), ..self }
    }

    /// Prints it when first asked; criterion asks before every sample.
    ///
    /// # Panics
    /// When the bench did not install the counting allocator.
    #[expect(clippy::print_stdout, reason = "whoever measures reads it")]
    pub fn tell(&mut self, once: impl FnMut(&mut Spent)) {
        if std::mem::replace(&mut self.is_told, true) {
            return;
        }
        let Spent { allocations, bytes, .. } = usual(once);
        let Self { step, deliveries, is_told: _ } = self;
        // Criterion leaves its line open.
        print!("\n{step:<36} {allocations:>8} allocations {bytes:>10} B");
        match deliveries {
            Some(deliveries) => {
                let each = |all: usize| all as f64 / *deliveries as f64;
                println!("; a delivery {:.2}, {:.0} B", each(allocations), each(bytes));
            }
            None => println!(),
        }
    }
}

fn usual(mut once: impl FnMut(&mut Spent)) -> Spent {
    let mut probe = Spent::default();
    drop(probe.on(|| black_box(Box::new(0_u8))));
    assert!(probe.allocations > 0, "the bench has another allocator");
    let mut counts: Vec<(usize, usize)> = Vec::with_capacity(TIMES_MAX);
    let begun = Instant::now();
    while counts.is_empty() || counts.len() < TIMES_MAX && begun.elapsed() < COUNTING_MAX {
        let mut spent = Spent::default();
        once(&mut spent);
        counts.push((spent.allocations, spent.bytes));
    }
    counts.sort_unstable();
    let (allocations, bytes) = counts.get(counts.len() / 2).copied().unwrap_or_default();
    Spent { time: begun.elapsed(), allocations, bytes }
}
