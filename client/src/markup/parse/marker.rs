//! Markdown's inline delimiters, and where one may open or close. Knows nothing of what is open.

use crate::markup::Tag;

/// A delimiter that stands on both sides of what it formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    Stars,
    Star,
    Underscore,
    Tildes,
}

impl Marker {
    /// The longer before the shorter of the same character, so that `***` opens both.
    pub(super) const ALL: [Self; 4] = [Self::Stars, Self::Star, Self::Underscore, Self::Tildes];

    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Stars => "**",
            Self::Star => "*",
            Self::Underscore => "_",
            Self::Tildes => "~~",
        }
    }

    pub(super) const fn delimiter(self) -> char {
        match self {
            Self::Stars | Self::Star => '*',
            Self::Underscore => '_',
            Self::Tildes => '~',
        }
    }

    pub(super) const fn tag(self) -> Tag {
        match self {
            Self::Stars => Tag::Strong,
            Self::Star | Self::Underscore => Tag::Em,
            Self::Tildes => Tag::Del,
        }
    }

    /// Whether so many of that character can be delimiters at all: `____` is a gap to fill in, `~`
    /// means "about", `****` is a swear word.
    pub(super) const fn is_run(c: char, length: usize) -> bool {
        match c {
            '*' => length <= 3,
            '_' => length == 1,
            _ => length == 2,
        }
    }

    pub(super) fn may_open(self, before: Option<char>, after: Option<char>) -> bool {
        after.is_some_and(|c| !c.is_whitespace()) && self.may_touch(before)
    }

    pub(super) fn may_close(self, before: Option<char>, after: Option<char>) -> bool {
        before.is_some_and(|c| !c.is_whitespace()) && self.may_touch(after)
    }

    /// A single delimiter is part of a word when a letter or digit is on its outer side, as in
    /// `snake_case` and `2*3*4`. A double one never is: scripts without spaces need it.
    fn may_touch(self, outer: Option<char>) -> bool {
        match self {
            Self::Star | Self::Underscore => !outer.is_some_and(char::is_alphanumeric),
            Self::Stars | Self::Tildes => true,
        }
    }
}
