//! How much the operator is told. Must not tell it.

use clap::ValueEnum;
use sanctuary_engine::Journal;

/// The journal.
#[derive(Debug, clap::Args)]
pub(crate) struct JournalOptions {
    /// What to say on stderr of the server's life: never who is here, where they are, or what is said
    #[arg(long, value_name = "WHAT", env = "SANCTUARY_LOG", value_enum,
        default_value_t = Log::Lifecycle)]
    log: Log,
}

/// What the operator is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Log {
    /// Nothing but why it could not start, or ended by itself
    Off,
    /// When a part of it is restarted, and when it stops
    Lifecycle,
    /// That, and every five minutes how many rooms, members and connections there are
    Counts,
}

impl JournalOptions {
    pub(crate) const fn into_journal(self) -> Journal {
        match self.log {
            Log::Off => Journal::Off,
            Log::Lifecycle => Journal::Lifecycle,
            Log::Counts => Journal::Counts,
        }
    }
}
