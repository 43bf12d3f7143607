//! What a room tells its operator: numbers only, no id, no blob, no name.

use std::time::Duration;

/// A room, counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Census {
    /// Members connected.
    pub members_live: usize,
    /// Members whose seat waits.
    pub members_gone: usize,
    /// Newcomers at the door.
    pub knocks: usize,
    /// Since the room was made.
    pub age: Duration,
    /// Since its last entry, or since it was made.
    pub quiet: Duration,
    /// Entries sequenced.
    pub entries: u64,
    /// Of them, held in the ring.
    pub entries_retained: usize,
    /// Bytes held in the ring.
    pub retained_bytes: usize,
}
