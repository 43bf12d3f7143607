//! Chance that can be had again: the same seed throws the same.

/// The dice.
#[derive(Clone, Debug)]
pub(crate) struct Dice {
    state: u64,
}

impl Dice {
    /// Dice that throw what this seed says.
    pub(crate) const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Mixes as SplitMix64 does (Steele, Lea and Flood, OOPSLA 2014).
    fn throw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below a bound that is not zero.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.throw() % bound
    }

    /// From nothing to one.
    pub(crate) fn fraction(&mut self) -> f64 {
        f64::from(self.throw() as u32) / f64::from(u32::MAX)
    }

    /// Other dice, which these decide.
    pub(crate) fn other(&mut self) -> Self {
        Self::new(self.throw())
    }
}

#[test]
fn the_same_seed_throws_the_same_and_another_something_else() {
    let throws = |seed| {
        let mut dice = Dice::new(seed);
        std::iter::repeat_with(|| dice.below(6)).take(60).collect::<Vec<_>>()
    };
    assert_eq!(throws(7), throws(7));
    assert_ne!(throws(7), throws(8));
    assert!((0..6).all(|face| throws(7).contains(&face)));
    let mut dice = Dice::new(7);
    assert!((0..60).all(|_| (0.0..=1.0).contains(&dice.fraction())));
}
