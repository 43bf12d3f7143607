//! Who is host, and who keeps the door. Must not know commits or the ring.
//!
//! A member that follows the order knows both at every entry, from its opening on:
//! - `Host{to}` names the host, and the host it names keeps the door from there on: no `Committer`
//!   entry follows it. `to` is always connected.
//! - `Committer` says that `from` keeps the door, until the next `Committer` or `Host`.
//! - Nothing else moves either. Between the entry that takes the doorkeeper away (`Gone`, `Left`,
//!   `Expired`, an evicting commit) and the one that names the next there is nothing but the other
//!   consequences of the same event, unless nobody is connected: then it follows the next `Back`.

use std::time::Instant;

use sanctuary_protocol::{EntryKind, MemberId, Refusal};

use super::conversation::Conversation;
use super::presence::due;

impl Conversation {
    /// The host names another.
    pub(super) fn hand_over(&mut self, member: MemberId, to: MemberId) -> Result<(), Refusal> {
        if member != self.host {
            return Err(Refusal::NotHost);
        }
        // To oneself would read like a succession, where `from` is the host it names.
        if to == member || !self.seats.is_live(to) {
            return Err(Refusal::NoSuchMember);
        }
        self.make_host(member, to);
        Ok(())
    }

    /// When the host has no seat, or has been gone for `host_wait`, the senior live member follows;
    /// when nobody is connected, that waits for the next who is.
    pub(super) fn name_host(&mut self) {
        let is_due = !self.seats.holds(self.host)
            || self.host_gone_until().is_some_and(|until| until <= self.now);
        if is_due && let Some(senior) = self.seats.senior_live() {
            self.make_host(senior, senior);
        }
    }

    /// When the doorkeeper is not connected, the host takes its place, or else whoever has been
    /// there longest.
    pub(super) fn name_committer(&mut self) {
        if self.seats.is_live(self.committer) {
            return;
        }
        let next = if self.seats.is_live(self.host) {
            Some(self.host)
        } else {
            self.seats.longest_present(|_| true)
        };
        if let Some(next) = next {
            self.make_committer(next);
        }
    }

    /// A host that is back keeps the door again.
    pub(super) fn name_returned_host(&mut self, member: MemberId) {
        if member == self.host && member != self.committer {
            self.make_committer(member);
        }
    }

    /// When a gone host is to be followed by somebody who is there to follow.
    pub(super) fn host_deadline(&self) -> Option<Instant> {
        self.seats.senior_live().and_then(|_| self.host_gone_until())
    }

    fn host_gone_until(&self) -> Option<Instant> {
        due(self.seats.gone_at(self.host)?, self.limits.host_wait)
    }

    fn make_host(&mut self, from: MemberId, to: MemberId) {
        self.host = to;
        self.committer = to;
        self.sequence(from, EntryKind::Host { to });
    }

    pub(super) fn make_committer(&mut self, member: MemberId) {
        self.committer = member;
        self.sequence(member, EntryKind::Committer);
    }
}
