//! Letting in, putting out, and the group's own settings. Must not know what a commit holds, nor for
//! which epoch it is: the first that is valid to the clients wins, and they alone can tell. So a
//! commit may name who is in already, and who is out already: what was void is said again.

use std::collections::BTreeSet;
use std::time::Instant;

use sanctuary_protocol::limits::{ADMITS_MAX, EVICTS_MAX};
use sanctuary_protocol::{
    CloseReason, CommitBlob, EntryKind, Few, MemberId, Refusal, ServerFrame, WelcomeBlob,
};

use super::ConnectionId;
use super::conversation::Conversation;
use super::presence::due;

/// A commit that may be made. Both lists may be empty: it then changes the group's own settings.
struct Change {
    /// Each once: newcomers, and members that are let in again.
    admits: BTreeSet<MemberId>,
    /// Each once: members, and numbers whose seat is no more.
    evicts: BTreeSet<MemberId>,
    pace: Pace,
}

/// Whether a commit counts towards `commit_interval`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    Counted,
    /// A kick can neither wait nor make anybody wait.
    Kick,
}

impl Conversation {
    /// Everything is checked before anything changes.
    ///
    /// The entry goes to those seated so far, the evicted among them; then those let in again are
    /// welcomed; then the evicted are hung up on; then whoever must follow a lost host or doorkeeper
    /// is named; then the newcomers are seated, opened to and welcomed, each in the order of its
    /// knock.
    pub(super) fn commit(
        &mut self,
        member: MemberId,
        ciphertext: CommitBlob,
        admits: &Few<MemberId, ADMITS_MAX>,
        evicts: &Few<MemberId, EVICTS_MAX>,
        welcome: &WelcomeBlob,
    ) -> Result<(), Refusal> {
        if ciphertext.is_empty() {
            return Err(Refusal::Empty);
        }
        let change = self.check(member, admits.as_slice(), evicts.as_slice())?;
        if change.pace == Pace::Counted {
            self.last_commit = Some(self.now);
        }
        self.sequence(
            member,
            EntryKind::Commit {
                ciphertext,
                // Subsets of lists that are within the bound, so neither can fall back.
                admits: Few::try_from(Vec::from_iter(change.admits.iter().copied()))
                    .unwrap_or(Few::none()),
                evicts: Few::try_from(Vec::from_iter(change.evicts.iter().copied()))
                    .unwrap_or(Few::none()),
            },
        );
        self.welcome_again(&change, welcome);
        for evicted in change.evicts {
            if let Some(connection) = self.seats.connection(evicted) {
                self.hang_up(connection, CloseReason::Kicked);
            }
            self.end_seat(evicted);
        }
        self.name_host();
        self.name_committer();
        self.let_in(&change.admits, welcome);
        Ok(())
    }

    /// The commit that seated them was void to the clients, so its welcome let them in nowhere. Who
    /// is gone misses this one.
    fn welcome_again(&mut self, change: &Change, welcome: &WelcomeBlob) {
        let staying = change.admits.difference(&change.evicts);
        let seated: Vec<ConnectionId> =
            staying.filter_map(|admit| self.seats.connection(*admit)).collect();
        for connection in seated {
            self.send(connection, ServerFrame::Welcome { ciphertext: welcome.clone() });
        }
    }

    /// All get their seats before any is opened to, so that each opening lists them all. Who has a
    /// seat is no longer at the door, and keeps the seat it has.
    fn let_in(&mut self, admits: &BTreeSet<MemberId>, welcome: &WelcomeBlob) {
        let opened_at = self.ring.seq();
        let mut seated = Vec::new();
        for newcomer in admits {
            if let Some(connection) = self.door.take(*newcomer) {
                self.seats.give(*newcomer, connection, opened_at, self.resumes());
                seated.push((*newcomer, connection));
            }
        }
        for (newcomer, connection) in seated {
            self.seat_and_open(newcomer, connection);
            self.send(connection, ServerFrame::Welcome { ciphertext: welcome.clone() });
        }
    }

    fn check(
        &self,
        member: MemberId,
        admits: &[MemberId],
        evicts: &[MemberId],
    ) -> Result<Change, Refusal> {
        let admits: BTreeSet<MemberId> = admits.iter().copied().collect();
        let evicts: BTreeSet<MemberId> = evicts.iter().copied().collect();
        if !admits.is_empty() && member != self.committer {
            return Err(Refusal::NotCommitter);
        }
        if admits.is_empty() && evicts.is_empty() && !self.may_change_settings(member) {
            return Err(Refusal::NotHost);
        }
        let newcomers = admits.iter().filter(|admit| !self.seats.holds(**admit));
        if newcomers.clone().any(|newcomer| self.door.connection(*newcomer).is_none()) {
            return Err(Refusal::NoSuchMember);
        }
        for evict in &evicts {
            self.check_evict(member, *evict)?;
        }
        let leaving = evicts.iter().filter(|evict| self.seats.holds(**evict)).count();
        if self.seats.len() - leaving + newcomers.count() > self.limits.members_max {
            return Err(Refusal::RoomFull);
        }
        let pace = if evicts.iter().any(|evict| self.seats.is_live(*evict)) {
            Pace::Kick
        } else {
            Pace::Counted
        };
        if pace == Pace::Counted && self.next_commit_at().is_some_and(|at| at > self.now) {
            return Err(Refusal::TooSoon);
        }
        Ok(Change { admits, evicts, pace })
    }

    /// Moderators evict anybody but themselves. Whoever is out already may be named by the doorkeeper
    /// too: the group must lose what it holds of them. A seat that waits is not its to end, or a
    /// host's lost connection would be enough to take the room over.
    fn check_evict(&self, member: MemberId, evict: MemberId) -> Result<(), Refusal> {
        let never_inside = !self.was_given_out(evict) || self.door.connection(evict).is_some();
        if evict == member || never_inside {
            return Err(Refusal::NoSuchMember);
        }
        let clears_away = member == self.committer && !self.seats.holds(evict);
        if self.may_moderate(member) || clears_away { Ok(()) } else { Err(Refusal::NotHost) }
    }

    /// Whether some knock got that number, or the room's creator.
    fn was_given_out(&self, number: MemberId) -> bool {
        (MemberId(1)..=self.last_member).contains(&number)
    }

    /// The doorkeeper too: it may be all that is there while the host is away, and what it may
    /// change is for clients to judge.
    fn may_change_settings(&self, member: MemberId) -> bool {
        self.may_moderate(member) || member == self.committer
    }

    fn next_commit_at(&self) -> Option<Instant> {
        due(self.last_commit?, self.limits.commit_interval)
    }
}
