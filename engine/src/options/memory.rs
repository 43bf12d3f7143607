//! Whether the server's memory is kept out of swap. Must not lock anything.

use clap::ValueEnum;

/// Memory.
#[derive(Debug, clap::Args)]
pub(crate) struct MemoryOptions {
    /// Keep the server's memory out of swap
    #[arg(long, value_name = "WHEN", env = "SANCTUARY_LOCK_MEMORY", value_enum,
        default_value_t = LockMemory::Auto)]
    pub(crate) lock_memory: LockMemory,
}

/// When memory is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LockMemory {
    /// Where the system lets it lock as much as it may ever need
    Auto,
    /// Or the server does not start
    Always,
    /// Never, and nothing is said about it
    Never,
}
