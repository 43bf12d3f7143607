//! Moments, as the shell reports them. The core compares and keeps them; it never asks for one.

/// Milliseconds since 1970-01-01 UTC, by the person's own clock. Never sent to anybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub u64);
