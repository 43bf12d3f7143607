//! Letting in and putting out. Must not know what a commit holds, nor for which epoch it is: the
//! first that is valid to the clients wins, and they alone can tell.

use std::collections::BTreeSet;
use std::time::Instant;

use sanctuary_protocol::limits::{ADMITS_MAX, EVICTS_MAX};
use sanctuary_protocol::{
    CloseReason, CommitBlob, EntryKind, Few, MemberId, Refusal, ServerFrame, WelcomeBlob,
};

use super::conversation::Conversation;
use super::presence::due;

/// A commit that may be made.
struct Change {
    /// Newcomers, each once. Who is in already is left out: to admit twice is to admit.
    admits: BTreeSet<MemberId>,
    /// Members, each once.
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
    /// The entry goes to those seated so far, the evicted among them; then the evicted are hung up
    /// on; then whoever must follow a lost host or doorkeeper is named; then the admitted are
    /// seated, opened to and welcomed, each in the order of its knock.
    pub(super) fn commit(
        &mut self,
        member: MemberId,
        ciphertext: CommitBlob,
        admits: &Few<MemberId, ADMITS_MAX>,
        evicts: &Few<MemberId, EVICTS_MAX>,
        welcome: &WelcomeBlob,
    ) -> Result<(), Refusal> {
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

    /// All get their seats before any is opened to, so that each opening lists them all.
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
        if !admits.is_empty() && member != self.committer {
            return Err(Refusal::NotCommitter);
        }
        let admits: BTreeSet<MemberId> =
            admits.iter().copied().filter(|admit| !self.seats.holds(*admit)).collect();
        let evicts: BTreeSet<MemberId> = evicts.iter().copied().collect();
        if admits.is_empty() && evicts.is_empty() {
            return Err(Refusal::Empty);
        }
        if admits.iter().any(|admit| self.door.connection(*admit).is_none()) {
            return Err(Refusal::NoSuchMember);
        }
        for evict in &evicts {
            self.check_evict(member, *evict)?;
        }
        if self.seats.len() - evicts.len() + admits.len() > self.limits.members_max {
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

    /// Moderators evict anybody but themselves; the doorkeeper may clear away who is gone.
    fn check_evict(&self, member: MemberId, evict: MemberId) -> Result<(), Refusal> {
        if evict == member || !self.seats.holds(evict) {
            return Err(Refusal::NoSuchMember);
        }
        let clears_away = member == self.committer && !self.seats.is_live(evict);
        if self.may_moderate(member) || clears_away { Ok(()) } else { Err(Refusal::NotHost) }
    }

    fn next_commit_at(&self) -> Option<Instant> {
        due(self.last_commit?, self.limits.commit_interval)
    }
}
