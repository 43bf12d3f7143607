//! How often a part of the server may fail before the whole of it gives up. Time arrives as an
//! argument. Must not know what is restarted.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Failures a permanent part may have within [`RESTART_WINDOW`]: enough for a burst of bad luck, too
/// few for a part that cannot stand to burn a processor for long.
pub(crate) const RESTARTS_MAX: usize = 5;

/// How long a failure counts.
pub(crate) const RESTART_WINDOW: Duration = Duration::from_secs(60);

/// What to do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Start the part again.
    Restart,
    /// It has failed too often: end the process, where whoever watches it can see.
    GiveUp,
}

/// The restarts one part has left.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    failures: VecDeque<Instant>,
}

impl Budget {
    /// Counts a failure.
    pub(crate) fn spend(&mut self, now: Instant) -> Verdict {
        while self
            .failures
            .front()
            .is_some_and(|at| now.saturating_duration_since(*at) >= RESTART_WINDOW)
        {
            self.failures.pop_front();
        }
        if self.failures.len() >= RESTARTS_MAX {
            return Verdict::GiveUp;
        }
        self.failures.push_back(now);
        Verdict::Restart
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_failure_within_a_minute_ends_it() {
        let now = Instant::now();
        let mut budget = Budget::default();
        for _ in 0..RESTARTS_MAX {
            assert_eq!(budget.spend(now), Verdict::Restart);
        }
        assert_eq!(budget.spend(now + RESTART_WINDOW / 2), Verdict::GiveUp);
    }

    #[test]
    fn failures_far_apart_never_end_it() {
        let start = Instant::now();
        let mut budget = Budget::default();
        for minute in 0..100 {
            assert_eq!(budget.spend(start + RESTART_WINDOW * minute), Verdict::Restart);
        }
    }
}
