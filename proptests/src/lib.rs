//! Generators, reference models and simulators for the property suites in `tests/`.

pub mod frames;
pub mod fuzzed;
pub mod people;
pub mod relay;
pub mod room;
pub mod simulator;
pub mod stage;

use std::env;

use proptest::test_runner::{Config, FileFailurePersistence, RngSeed};

/// The configuration of the suite `tests/SUITE.rs`: what fails is saved in
/// `proptest-regressions/SUITE.txt`, and tried first from then on. `PROPTEST_CASES` says how many
/// cases there are, as usual.
pub fn config(suite: &'static str) -> Config {
    // The path must outlive the runner; a process makes one for each of its properties.
    let path = format!("proptest-regressions/{suite}.txt").leak();
    Config {
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(path))),
        ..Config::default()
    }
}

/// For suites whose cases are long plans: this many, and the same in every run, so that what makes a
/// run differ is the change that was made. `PROPTEST_CASES` asks for another number, drawn anew.
pub fn config_of_cases(suite: &'static str, cases: u32) -> Config {
    let config = config(suite);
    match env::var_os("PROPTEST_CASES") {
        Some(_) => config,
        None => Config { cases, rng_seed: RngSeed::Fixed(PLANS_SEED), ..config },
    }
}

/// Where the plans of every run are drawn from. Any number would do.
const PLANS_SEED: u64 = 9_420;
