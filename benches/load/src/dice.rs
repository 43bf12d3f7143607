//! Chance from a seed, so that a run can be had again: SplitMix64 (Steele, Lea, Flood: Fast Splittable
//! Pseudorandom Number Generators, 2014). Nothing secret may come of it.

use std::ops::RangeInclusive;

use sanctuary_protocol::RoomId;

/// A generator.
#[derive(Clone, Debug)]
pub(crate) struct Dice {
    state: u64,
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Any of these, each as likely as the next but for what is too little to matter here.
    pub(crate) fn within(&mut self, range: RangeInclusive<u64>) -> u64 {
        let (from, to) = range.into_inner();
        let many = to.saturating_sub(from).saturating_add(1);
        from + self.next() % many
    }

    pub(crate) fn room_id(&mut self) -> RoomId {
        let (high, low) = (u128::from(self.next()), u128::from(self.next()));
        RoomId::from_bytes((high << 64 | low).to_be_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_run_and_another_is_another() {
        let drawn = |seed| {
            let mut dice = Dice::new(seed);
            (0..100).map(|_| dice.within(10..=19)).collect::<Vec<u64>>()
        };
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
        assert!((10..20).all(|number| drawn(1).contains(&number)));
        assert!(drawn(1).iter().all(|number| (10..20).contains(number)));
    }
}
