//! Token buckets: how often something may happen, averaged over a burst. Time arrives as an
//! argument. Must not know what is counted.

use std::time::{Duration, Instant};

/// So many at once, and one more every so often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    /// At once.
    pub(crate) burst: u32,
    /// How long until one more may follow.
    pub(crate) refill: Duration,
}

impl Rate {
    /// `burst` at once and `per_second` a second.
    pub(crate) fn per_second(per_second: u32, burst: u32) -> Self {
        // A rate of nothing refills once a day rather than dividing by zero.
        let refill = Duration::from_secs(1)
            .checked_div(per_second)
            .unwrap_or(Duration::from_secs(24 * 60 * 60));
        Self { burst, refill: refill.max(Duration::from_nanos(1)) }
    }
}

/// The bucket is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spent {
    /// Until what was asked for would be there.
    pub(crate) wait: Duration,
}

/// One bucket. It starts full.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenBucket {
    rate: Rate,
    /// When the bucket is, or was, full again: its level is kept as a moment, which cannot drift.
    full_at: Instant,
}

impl TokenBucket {
    pub(crate) fn new(rate: Rate, now: Instant) -> Self {
        Self { rate, full_at: now }
    }

    /// Takes `count` tokens, or none of them.
    pub(crate) fn take(&mut self, count: usize, now: Instant) -> Result<(), Spent> {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let full_at = self.full_at.max(now) + self.rate.refill.saturating_mul(count);
        let capacity = self.rate.refill.saturating_mul(self.rate.burst);
        let debt = full_at.saturating_duration_since(now);
        if debt > capacity {
            return Err(Spent { wait: debt - capacity });
        }
        self.full_at = full_at;
        Ok(())
    }

    /// Whether forgetting this bucket would change nothing.
    pub(crate) fn is_full(&self, now: Instant) -> bool {
        self.full_at <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_one_every_refill() {
        let now = Instant::now();
        let rate = Rate { burst: 2, refill: Duration::from_secs(1) };
        let mut bucket = TokenBucket::new(rate, now);
        assert_eq!(bucket.take(1, now), Ok(()));
        assert_eq!(bucket.take(1, now), Ok(()));
        assert_eq!(bucket.take(1, now), Err(Spent { wait: Duration::from_secs(1) }));
        let later = now + Duration::from_secs(1);
        assert_eq!(bucket.take(1, later), Ok(()));
        assert!(bucket.take(1, later).is_err());
    }

    #[test]
    fn a_long_silence_gathers_no_more_than_the_burst() {
        let now = Instant::now();
        let mut bucket = TokenBucket::new(Rate::per_second(10, 3), now);
        let later = now + Duration::from_secs(3600);
        assert!(bucket.is_full(later));
        assert_eq!(bucket.take(3, later), Ok(()));
        assert!(bucket.take(1, later).is_err());
    }

    #[test]
    fn what_is_refused_takes_nothing() {
        let now = Instant::now();
        let mut bucket = TokenBucket::new(Rate::per_second(1, 5), now);
        assert!(bucket.take(6, now).is_err());
        assert_eq!(bucket.take(5, now), Ok(()));
    }

    #[test]
    fn a_rate_of_nothing_never_divides_by_zero() {
        let now = Instant::now();
        let mut bucket = TokenBucket::new(Rate::per_second(0, 1), now);
        assert_eq!(bucket.take(1, now), Ok(()));
        assert!(bucket.take(1, now + Duration::from_secs(60)).is_err());
    }
}
