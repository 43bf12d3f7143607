//! What a soak's numbers say: whether memory rises, and by how much at most.

use std::fmt;

use super::watch::Look;
use crate::slope::{Sample, Slope};

/// Minutes of a block: long enough for a room's whole life within two of them.
const BLOCK_MINUTES: f64 = 1.0;

/// Bytes of the smallest piece of memory that can be forgotten: the least that glibc's allocator
/// gives, with its own word (malloc(3); `MINSIZE` of 64-bit systems).
const PIECE_BYTES: f64 = 32.0;

/// What the numbers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// All of the interval lies below the bound: nothing is forgotten.
    Flat,
    /// It cannot be told from flat, nor from a rise over the bound: the run was too short or too noisy.
    Undecided,
    /// It rises, by more than the bound.
    Rising,
}

/// The verdict over memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verdict {
    pub(super) slope: Slope,
    /// KiB a minute, if every connection left the smallest piece behind.
    pub(super) bound: f64,
    pub(super) course: Course,
}

impl Verdict {
    /// Over what was looked at from that minute on; nothing, when that is too little.
    pub(super) fn over(looks: &[Look], from_minute: f64) -> Option<Self> {
        let steady: Vec<&Look> = looks.iter().filter(|look| look.minute >= from_minute).collect();
        let (first, last) = (steady.first()?, steady.last()?);
        let minutes = last.minute - first.minute;
        let connections = (last.connections_opened - first.connections_opened) as f64;
        let samples: Vec<Sample> = steady
            .iter()
            .map(|look| Sample { minute: look.minute, value: look.rss_anonymous as f64 / 1024.0 })
            .collect();
        let slope = Slope::through(&samples, BLOCK_MINUTES)?;
        let bound = connections / minutes * PIECE_BYTES / 1024.0;
        Some(Self { slope, bound, course: judge(slope, bound) })
    }
}

fn judge(slope: Slope, bound: f64) -> Course {
    if slope.most < bound {
        Course::Flat
    } else if slope.least > 0.0 && slope.per_minute > bound {
        Course::Rising
    } else {
        Course::Undecided
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { slope, bound, course } = self;
        let Slope { per_minute, least, most, blocks, autocorrelation } = slope;
        write!(
            f,
            "RssAnon {per_minute:+.2} KiB a minute, 95 % of {least:+.2} to {most:+.2} ({blocks} blocks \
             of a minute, autocorrelation {autocorrelation:.2}); {PIECE_BYTES} bytes forgotten a \
             connection would be {bound:+.1}: {}",
            match course {
                Course::Flat => "flat",
                Course::Undecided => "UNDECIDED",
                Course::Rising => "RISING",
            }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_below_the_bound_is_flat_and_one_above_is_a_rise() {
        let check = |least: f64, most: f64, expected: Course| {
            let per_minute = f64::midpoint(least, most);
            let slope = Slope { per_minute, least, most, blocks: 24, autocorrelation: 0.0 };
            assert_eq!(judge(slope, 10.0), expected, "{least} to {most}");
        };
        check(-5.0, 5.0, Course::Flat);
        check(-20.0, -10.0, Course::Flat);
        check(2.0, 9.0, Course::Flat);
        check(-5.0, 15.0, Course::Undecided);
        check(5.0, 14.0, Course::Undecided);
        check(11.0, 15.0, Course::Rising);
        check(2.0, 40.0, Course::Rising);
    }
}
