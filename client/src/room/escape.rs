//! Two presses of Escape, one soon after the other: somebody must not see this.

use super::Room;
use crate::Timestamp;

/// Between two presses that belong together: more than a hurried hand needs, and less than lies
/// between two that close one thing each.
const TWICE_MILLIS_MAX: u64 = 600;

/// When Escape was last pressed with nothing for it to close.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Escape(Option<Timestamp>);

/// What a press of Escape came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pressed {
    /// It may be the first of two.
    Once,
    /// It is the second.
    Twice,
}

impl Escape {
    /// A clock that was set back between two presses tells nothing of them.
    fn press(&mut self, now: Timestamp) -> Pressed {
        let before = self.0.replace(now);
        let since = before.and_then(|before| now.0.checked_sub(before.0));
        match since {
            Some(millis) if millis <= TWICE_MILLIS_MAX => Pressed::Twice,
            Some(_) | None => Pressed::Once,
        }
    }
}

impl Room {
    /// Escape was pressed. One that closes a dialog is for the dialog.
    pub(crate) fn press_escape(&mut self, now: Timestamp) -> Pressed {
        match self.dialog {
            None => self.escape.press(now),
            Some(_) => {
                self.escape = Escape::default();
                Pressed::Once
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pressed::{Once, Twice};
    use super::*;

    /// The last of presses at these times came to that.
    fn check(presses: &[u64], expected: Pressed) {
        let mut escape = Escape::default();
        let last = presses.iter().map(|at| escape.press(Timestamp(*at))).last();
        assert_eq!(last, Some(expected), "{presses:?}");
    }

    #[test]
    fn two_presses_count_when_one_follows_the_other_soon() {
        check(&[5_000], Once);
        check(&[5_000, 5_000], Twice);
        check(&[5_000, 5_600], Twice);
        check(&[5_000, 5_601], Once);
        check(&[5_000, 5_601, 6_000], Twice);
        check(&[5_000, 4_000], Once);
    }
}
