//! Generators, reference models and simulators for the property suites in `tests/`.

pub mod frames;
pub mod relay;
pub mod room;
pub mod stage;

use std::env;

use proptest::test_runner::{Config, FileFailurePersistence};

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

/// Like [`config`], with another number of cases where `PROPTEST_CASES` does not say.
pub fn config_of_cases(suite: &'static str, cases: u32) -> Config {
    let config = config(suite);
    match env::var_os("PROPTEST_CASES") {
        Some(_) => config,
        None => Config { cases, ..config },
    }
}
