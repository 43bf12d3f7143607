//! What stands in a `Debug` for what must not print. Must not know what that is.

use std::fmt;

/// Stands for something that must not reach a log, a console or a panic's words: what somebody wrote,
/// who they are, where they are, what opens a room, and what was sealed. It says that there is
/// something, and not even how much of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Redacted;

impl fmt::Display for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
