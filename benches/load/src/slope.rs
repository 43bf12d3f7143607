//! Whether something rises: a straight line through means over blocks of time, by least squares, with
//! the interval in which its slope lies with 95 % confidence. Memory is no series of independent
//! numbers: what the blocks do not even out is met by an effective sample size (Santer et al.,
//! Journal of Geophysical Research 105 D6, 2000, §4). Must not know what is measured.

/// Two-sided 95 % quantiles of Student's t, for 1 to 30 degrees of freedom.
const STUDENT: [f64; 30] = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
    2.052, 2.048, 2.045, 2.042,
];

/// Fewer blocks than this are no line.
const BLOCKS_MIN: usize = 4;

/// Blocks are never taken for more alike than this: else no number of them would be enough.
const AUTOCORRELATION_MAX: f64 = 0.9;

/// One sample: when, in minutes, and what.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sample {
    pub(crate) minute: f64,
    pub(crate) value: f64,
}

/// A line's slope, a minute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Slope {
    pub(crate) per_minute: f64,
    /// The interval's ends.
    pub(crate) least: f64,
    pub(crate) most: f64,
    pub(crate) blocks: usize,
    /// Of the residuals, from one block to the next; none where it is not above zero.
    pub(crate) autocorrelation: f64,
}

impl Slope {
    /// Through the samples' means over blocks of so many minutes, in the order of their time. Nothing
    /// where there are too few.
    pub(crate) fn through(samples: &[Sample], block_minutes: f64) -> Option<Self> {
        let blocks = means(samples, block_minutes);
        if blocks.len() < BLOCKS_MIN {
            return None;
        }
        let count = blocks.len() as f64;
        let middle = mean(blocks.iter().map(|it| it.minute), count);
        let height = mean(blocks.iter().map(|it| it.value), count);
        let spread: f64 = blocks.iter().map(|it| (it.minute - middle).powi(2)).sum();
        let shared: f64 = blocks.iter().map(|it| (it.minute - middle) * (it.value - height)).sum();
        let per_minute = shared / spread;
        let residuals: Vec<f64> =
            blocks.iter().map(|it| it.value - height - per_minute * (it.minute - middle)).collect();
        let squares: f64 = residuals.iter().map(|it| it.powi(2)).sum();
        let autocorrelation = autocorrelation(&residuals, squares);
        let effective = count * (1.0 - autocorrelation) / (1.0 + autocorrelation);
        let freedom = (effective - 2.0).max(1.0);
        let margin = student(freedom) * (squares / freedom / spread).sqrt();
        Some(Self {
            per_minute,
            least: per_minute - margin,
            most: per_minute + margin,
            blocks: blocks.len(),
            autocorrelation,
        })
    }
}

fn means(samples: &[Sample], block_minutes: f64) -> Vec<Sample> {
    let block = |sample: &Sample| (sample.minute / block_minutes).floor();
    samples
        .chunk_by(|one, next| block(one) == block(next))
        .map(|chunk| {
            let count = chunk.len() as f64;
            Sample {
                minute: mean(chunk.iter().map(|it| it.minute), count),
                value: mean(chunk.iter().map(|it| it.value), count),
            }
        })
        .collect()
}

fn mean(numbers: impl Iterator<Item = f64>, count: f64) -> f64 {
    numbers.sum::<f64>() / count
}

fn autocorrelation(residuals: &[f64], squares: f64) -> f64 {
    let neighbours: f64 = residuals.windows(2).map(|pair| pair.iter().product::<f64>()).sum();
    if squares > 0.0 { (neighbours / squares).clamp(0.0, AUTOCORRELATION_MAX) } else { 0.0 }
}

/// The quantile for so many degrees of freedom, never less than it is.
fn student(freedom: f64) -> f64 {
    let whole = freedom.floor() as usize;
    match STUDENT.get(whole.max(1) - 1) {
        Some(quantile) => *quantile,
        // Within a thousandth above the true one.
        None => 1.96 + 2.5 / freedom,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sixty blocks of five samples each.
    fn series(value: impl Fn(f64) -> f64) -> Vec<Sample> {
        let minutes = (0..300).map(|at| f64::from(at) / 5.0);
        minutes.map(|minute| Sample { minute, value: value(minute) }).collect()
    }

    #[test]
    fn a_line_is_found_and_what_swings_around_it_makes_its_interval_wide() {
        let line = Slope::through(&series(|minute| 7.0 + 2.0 * minute), 1.0).unwrap();
        assert!((line.per_minute - 2.0).abs() < 1e-9 && line.most - line.least < 1e-6, "{line:?}");
        assert_eq!(line.blocks, 60);
        let swings = |minute: f64| if (minute as u32).is_multiple_of(2) { 30.0 } else { -30.0 };
        let swinging =
            Slope::through(&series(|minute| 2.0 * minute + swings(minute)), 1.0).unwrap();
        assert!(swinging.least < 2.0 && swinging.most > 2.0, "{swinging:?}");
        assert!(swinging.least > 1.0 && swinging.autocorrelation == 0.0, "{swinging:?}");
    }

    #[test]
    fn blocks_that_are_like_their_neighbours_count_as_fewer() {
        let slowly = |minute: f64| (minute / 6.0).sin();
        let quickly = |minute: f64| (minute.floor() * 2.0).sin();
        let slow = Slope::through(&series(slowly), 1.0).unwrap();
        let quick = Slope::through(&series(quickly), 1.0).unwrap();
        assert!(slow.autocorrelation > 0.5 && quick.autocorrelation < 0.2, "{slow:?} {quick:?}");
        assert!(slow.most - slow.least > 2.0 * (quick.most - quick.least), "{slow:?} {quick:?}");
        assert!(quick.least < 0.0 && quick.most > 0.0, "{quick:?}");
    }

    #[test]
    fn a_few_blocks_are_no_line_and_the_quantile_falls_with_their_number() {
        assert_eq!(Slope::through(&series(|minute| minute)[..15], 1.0), None);
        assert!(student(1.0) > student(2.9) && student(30.0) > student(31.0));
        assert!((student(60.0) - 2.0003).abs() < 0.002);
    }
}
