//! Generators, reference models and simulators for the property suites in `tests/`.

pub mod frames;
pub mod room;
pub mod stage;
