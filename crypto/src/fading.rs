//! How long messages stay on the members' pages.

use serde::{Deserialize, Serialize};

/// How long a message stays, on each page from when it came there. One of a few, so that nobody can
/// be shown anything for an instant. On the wire it is its place in this list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fading {
    /// As long as the page has room for it.
    #[default]
    Never,
    /// Half a minute.
    Seconds30,
    /// Five minutes.
    Minutes5,
    /// An hour.
    Hour,
}

impl Fading {
    /// Each of them, the longest first.
    pub const ALL: [Self; 4] = [Self::Never, Self::Hour, Self::Minutes5, Self::Seconds30];

    /// After how many milliseconds a message goes; `None` when it stays.
    pub const fn millis(self) -> Option<u32> {
        match self {
            Self::Never => None,
            Self::Seconds30 => Some(30_000),
            Self::Minutes5 => Some(5 * 60_000),
            Self::Hour => Some(60 * 60_000),
        }
    }
}
