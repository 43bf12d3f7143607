//! Randomness, from the system's source and nowhere else. There is no generator of our own to seed,
//! to fork or to leave in memory.

/// Fills `bytes` with randomness fit for keys.
pub(crate) fn fill(bytes: &mut [u8]) {
    #[expect(
        clippy::expect_used,
        reason = "without randomness nothing here can be kept secret: stopping is the one safe \
                  answer, and a caller that could ignore an error would be worse"
    )]
    getrandom::fill(bytes).expect("the system's random source answers");
}

/// A number below `bound`, each as likely as any other. `bound` must not be 0.
pub(crate) fn below(bound: u16) -> u16 {
    // What lies past the last whole multiple would make the small numbers likelier: draw again.
    let unbiased = u16::MAX - u16::MAX % bound;
    loop {
        let mut bytes = [0; 2];
        fill(&mut bytes);
        let drawn = u16::from_le_bytes(bytes);
        if drawn < unbiased {
            return drawn % bound;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn two_draws_differ() {
        let (mut one, mut other) = ([0; 32], [0; 32]);
        fill(&mut one);
        fill(&mut other);
        assert_ne!(one, other);
    }

    #[test]
    fn a_number_stays_below_its_bound_and_reaches_all_below_it() {
        let drawn: BTreeSet<u16> = (0..1_000).map(|_| below(6)).collect();
        assert_eq!(drawn, (0..6).collect());
        assert_eq!(below(1), 0);
    }
}
