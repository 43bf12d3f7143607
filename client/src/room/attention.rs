//! What of the room the person has seen. What others say while nobody looks is counted; what only
//! happens, their comings and goings, is not.

use std::fmt;

use super::{Body, Room};
use crate::Gaze;
use crate::update::Context;

/// Lines counted one by one: of more, nobody asks how many.
const UNREAD_MAX: u32 = 99;

/// What of the room the person has seen.
#[derive(Debug, Default)]
pub(super) struct Attention {
    /// Came while the page was not looked at.
    unread: Unread,
}

/// How many lines nobody has looked at: up to 99, or more than that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unread(u32);

impl Unread {
    /// Whether there is none.
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    const fn and_one_more(self) -> Self {
        if self.0 > UNREAD_MAX { self } else { Self(self.0 + 1) }
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.min(UNREAD_MAX))?;
        f.write_str(if self.0 > UNREAD_MAX { "+" } else { "" })
    }
}

impl Attention {
    /// Somebody else said something.
    fn came(&mut self, gaze: Gaze) {
        match gaze {
            Gaze::Away => self.unread = self.unread.and_one_more(),
            Gaze::Here => {}
        }
    }

    fn looked_back(&mut self) {
        self.unread = Unread::default();
    }
}

impl Room {
    /// How many lines others said while the page was not looked at.
    pub fn unread(&self) -> Unread {
        self.attention.unread
    }

    /// Shows what somebody else said.
    pub(super) fn show(&mut self, body: Body, context: &Context<'_>) {
        self.attention.came(*context.gaze);
        self.timeline.add(context.now, body);
    }

    pub(crate) fn looked_back(&mut self) {
        self.attention.looked_back();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After so many lines under this gaze, the count reads like that.
    fn check(gaze: Gaze, lines: u32, expected: &str) {
        let mut attention = Attention::default();
        (0..lines).for_each(|_| attention.came(gaze));
        assert_eq!(attention.unread.to_string(), expected, "{lines} under {gaze:?}");
        attention.looked_back();
        assert!(attention.unread.is_none());
    }

    #[test]
    fn only_what_came_while_nobody_looked_is_counted_and_not_without_end() {
        check(Gaze::Here, 5, "0");
        check(Gaze::Away, 0, "0");
        check(Gaze::Away, 3, "3");
        check(Gaze::Away, 99, "99");
        check(Gaze::Away, 100, "99+");
        check(Gaze::Away, 1_000, "99+");
    }
}
