//! What of the room the person has seen. What others say while nobody looks, or below what is looked
//! at, is counted, and the first of it marked; what only happens, their comings and goings, is not.

use std::fmt;

use super::{Body, LineId, Room};
use crate::Gaze;
use crate::update::Context;

/// Lines counted one by one: of more, nobody asks how many.
const UNREAD_MAX: u32 = 99;

/// What of the room the person has seen.
#[derive(Debug, Default)]
pub(super) struct Attention {
    sight: Sight,
    /// Came while the page was not looked at.
    unread: Unread,
    /// Came while the newest line was out of sight.
    below: Unread,
    divider: Option<Divider>,
}

/// What of the timeline is in sight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sight {
    /// The newest line.
    #[default]
    Newest,
    /// Lines from before: somebody scrolled back.
    Back,
}

/// How many lines nobody has looked at: up to 99, or more than that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread(u32);

/// Stands between what was seen and what came unseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Divider {
    /// The first line that came unseen.
    above: LineId,
    spent: Spent,
}

/// Whether a divider has been of use: the newest line was looked at since. It stands on even then,
/// to be read up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spent {
    No,
    Yes,
}

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
    fn came(&mut self, line: LineId, gaze: Gaze) {
        if gaze == Gaze::Away {
            self.unread = self.unread.and_one_more();
        }
        if self.sight == Sight::Back {
            self.below = self.below.and_one_more();
        }
        let is_seen = (gaze, self.sight) == (Gaze::Here, Sight::Newest);
        let stands = self.divider.is_some_and(|divider| divider.spent == Spent::No);
        if !is_seen && !stands {
            self.divider = Some(Divider { above: line, spent: Spent::No });
        }
    }

    fn scrolled_to(&mut self, sight: Sight, gaze: Gaze) {
        self.sight = sight;
        self.see(gaze);
    }

    /// What was new when one came is not when one comes again.
    fn looked_away(&mut self) {
        self.divider.take_if(|divider| divider.spent == Spent::Yes);
    }

    fn looked_back(&mut self) {
        self.unread = Unread::default();
        self.see(Gaze::Here);
    }

    fn see(&mut self, gaze: Gaze) {
        if self.sight == Sight::Back {
            return;
        }
        self.below = Unread::default();
        if let (Gaze::Here, Some(divider)) = (gaze, &mut self.divider) {
            divider.spent = Spent::Yes;
        }
    }

    /// Whoever answers has read.
    pub(super) fn spoke(&mut self) {
        self.divider = None;
    }
}

impl Room {
    /// How many lines others said while the page was not looked at.
    pub fn unread(&self) -> Unread {
        self.attention.unread
    }

    /// How many lines others said below those in sight.
    pub fn below(&self) -> Unread {
        self.attention.below
    }

    /// What of the timeline is in sight.
    pub fn sight(&self) -> Sight {
        self.attention.sight
    }

    /// The line above which the divider stands.
    pub fn first_new(&self) -> Option<LineId> {
        self.attention.divider.map(|divider| divider.above)
    }

    /// Shows what somebody else said.
    pub(super) fn show(&mut self, body: Body, context: &Context<'_>) {
        let line = self.timeline.draft(context.now, body);
        self.attention.came(line.id, *context.gaze);
        self.timeline.push(context.now, line);
    }

    pub(super) fn scrolled_to(&mut self, sight: Sight, context: &Context<'_>) {
        self.attention.scrolled_to(sight, *context.gaze);
        self.extend_to(sight);
    }

    pub(crate) fn looked_away(&mut self) {
        self.attention.looked_away();
    }

    pub(crate) fn looked_back(&mut self) {
        self.attention.looked_back();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What happens to a room somebody looks at, and then does not.
    enum Happens {
        /// So many more lines.
        Lines(u64),
        Away,
        Here,
        Scrolled(Sight),
        Spoke,
    }

    use Happens::{Away, Here, Lines, Scrolled, Spoke};

    /// After all that the title counts so many, the button so many, and the divider stands above
    /// the line of that number, from one.
    fn check(happens: &[Happens], unread: &str, below: &str, divider: Option<u64>) {
        let (mut attention, mut gaze, mut last) = (Attention::default(), Gaze::Here, 0);
        for happens in happens {
            match happens {
                Lines(lines) => (0..*lines).for_each(|_| {
                    last += 1;
                    attention.came(LineId(last), gaze);
                }),
                Away => {
                    gaze = Gaze::Away;
                    attention.looked_away();
                }
                Here => {
                    gaze = Gaze::Here;
                    attention.looked_back();
                }
                Scrolled(sight) => attention.scrolled_to(*sight, gaze),
                Spoke => attention.spoke(),
            }
        }
        assert_eq!(attention.unread.to_string(), unread);
        assert_eq!(attention.below.to_string(), below);
        assert_eq!(attention.divider.map(|divider| divider.above.0), divider);
    }

    #[test]
    fn what_comes_under_somebodys_eyes_is_neither_counted_nor_marked() {
        check(&[Lines(5)], "0", "0", None);
    }

    #[test]
    fn what_comes_while_nobody_looks_is_counted_and_not_without_end() {
        check(&[Away], "0", "0", None);
        check(&[Lines(2), Away, Lines(3)], "3", "0", Some(3));
        check(&[Away, Lines(99)], "99", "0", Some(1));
        check(&[Away, Lines(100)], "99+", "0", Some(1));
        check(&[Away, Lines(1_000)], "99+", "0", Some(1));
        check(&[Away, Lines(3), Here], "0", "0", Some(1));
    }

    #[test]
    fn what_comes_below_is_counted_until_the_newest_line_is_in_sight() {
        let back = || Scrolled(Sight::Back);
        check(&[Lines(2), back(), Lines(3)], "0", "3", Some(3));
        check(&[back(), Lines(100)], "0", "99+", Some(1));
        check(&[back(), Away, Lines(2), Here], "0", "2", Some(1));
        check(&[back(), Lines(3), Scrolled(Sight::Newest)], "0", "0", Some(1));
    }

    #[test]
    fn the_divider_stands_while_it_is_read_up_to_and_then_no_more() {
        let (back, newest) = (|| Scrolled(Sight::Back), || Scrolled(Sight::Newest));
        check(&[Away, Lines(3), Here, Lines(2)], "0", "0", Some(1));
        check(&[Away, Lines(3), Here, back()], "0", "0", Some(1));
        check(&[Away, Lines(3), Here, Away], "0", "0", None);
        check(&[Away, Lines(3), Here, Away, Lines(1)], "1", "0", Some(4));
        check(&[Away, Lines(3), Here, Spoke], "0", "0", None);
        // Who has not come to the newest line has not seen what is new.
        check(&[back(), Lines(2), Away, Lines(2), Here, Away], "0", "4", Some(1));
        check(&[back(), Lines(2), newest(), back(), Lines(1)], "0", "1", Some(3));
        // Nor has who let it run by without looking.
        check(&[back(), Away, Lines(2), newest(), Lines(1)], "3", "0", Some(1));
    }
}
