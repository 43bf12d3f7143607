//! A few members, as a set that is cheap to copy and to hash. Must not know what they do.

use std::fmt;

/// A member's number, from 1: rising, never reused.
pub(crate) type Member = u8;

/// Numbers that the model gives out.
pub(crate) const MEMBERS_MAX: usize = 4;

#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Members(u8);

impl Members {
    pub(crate) fn of(members: impl IntoIterator<Item = Member>) -> Self {
        Self(members.into_iter().fold(0, |bits, member| bits | 1 << member))
    }

    pub(crate) fn has(self, member: Member) -> bool {
        self.0 & 1 << member != 0
    }

    pub(crate) fn with(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    pub(crate) fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Member> {
        (1..8).filter(move |member| self.has(*member))
    }

    /// The one that has been there longest.
    pub(crate) fn senior(self) -> Option<Member> {
        self.iter().next()
    }

    pub(crate) fn junior(self) -> Option<Member> {
        self.iter().last()
    }
}

impl fmt::Debug for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
