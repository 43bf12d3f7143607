//! Keeping the door, and the commits this member has out: answer a knock, let newcomers in, several
//! in one commit, one commit at a time; put a member out.
//!
//! The server answers commits in the order they were sent, each by its entry or by a refusal, so
//! the first that is out is the one an answer is about.

use std::collections::{BTreeSet, VecDeque};

use sanctuary_crypto::{AdmitError, KnockHeard};
use sanctuary_protocol::limits::ADMITS_MAX;
use sanctuary_protocol::{ClientFrame, KnockBlob, MemberId, Refusal};

use super::{Problem, Room};
use crate::update::Context;
use crate::{Effect, Epoch, Timer};

/// The room takes one commit a second; a little over it.
const ADMIT_MILLIS: u32 = 1_050;

/// Newcomers this member has answered, and the commits it has out.
#[derive(Debug, Default)]
pub(super) struct Door {
    /// Answered, and to be let in.
    admissible: BTreeSet<MemberId>,
    /// The next batch waits for this timer.
    wait: Option<Epoch>,
    /// One of the last batch had gone away: commit these one by one, so that it stops nobody.
    suspects: BTreeSet<MemberId>,
    /// Sent, and not yet answered.
    out: VecDeque<Change>,
    /// Kicks that were out when the connection went down.
    interrupted_kicks: Vec<MemberId>,
}

/// What a commit changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Lets these in.
    Admit(Vec<MemberId>),
    /// Puts this one out.
    Kick(MemberId),
}

impl Door {
    fn next_batch(&self) -> Vec<MemberId> {
        let size = if self.suspects.is_empty() { ADMITS_MAX } else { 1 };
        self.admissible.iter().copied().take(size).collect()
    }

    fn is_admitting(&self) -> bool {
        self.out.iter().any(|change| matches!(change, Change::Admit(_)))
    }

    pub(super) fn take_interrupted_kicks(&mut self) -> Vec<MemberId> {
        std::mem::take(&mut self.interrupted_kicks)
    }
}

impl Room {
    pub(super) fn hear_knock(
        &mut self,
        newcomer: MemberId,
        blob: &KnockBlob,
        context: &mut Context<'_>,
    ) {
        let (reply, admissible) = match self.session.hear_knock(newcomer, blob) {
            KnockHeard::Admissible { alias: _, reply } => (reply, true),
            KnockHeard::Refused { why: _, reply } => (reply, false),
        };
        context.perform(Effect::Send(ClientFrame::Door { member: newcomer, blob: reply }));
        if admissible {
            self.door.admissible.insert(newcomer);
            self.admit(context);
        }
    }

    /// The wait between two commits is over.
    pub(super) fn admit_next(&mut self, timer: Epoch, context: &mut Context<'_>) {
        if self.door.wait == Some(timer) {
            self.door.wait = None;
            self.admit(context);
        }
    }

    fn admit(&mut self, context: &mut Context<'_>) {
        if self.door.wait.is_some() || self.door.is_admitting() {
            return;
        }
        // Each turn lets the batch in, or drops at least one newcomer from the door.
        while !self.door.admissible.is_empty() {
            let batch = self.door.next_batch();
            match self.session.admit(&batch) {
                Ok(commit) => return self.send_commit(commit, Change::Admit(batch), context),
                Err(AdmitError::AliasTaken(newcomer)) => self.turn_away(newcomer, context),
                Err(AdmitError::NotKnocking(newcomer)) => self.forget_newcomer(newcomer),
                Err(AdmitError::Nobody | AdmitError::TooMany | AdmitError::RosterTooLarge) => {
                    for newcomer in batch {
                        self.turn_away(newcomer, context);
                    }
                }
            }
        }
    }

    fn turn_away(&mut self, newcomer: MemberId, context: &mut Context<'_>) {
        let blob = self.session.decline(newcomer);
        context.perform(Effect::Send(ClientFrame::Door { member: newcomer, blob }));
        self.forget_newcomer(newcomer);
    }

    pub(super) fn send_commit(
        &mut self,
        commit: ClientFrame,
        change: Change,
        context: &mut Context<'_>,
    ) {
        self.door.out.push_back(change);
        context.perform(Effect::Send(commit));
    }

    /// A commit has been sequenced: those it let in are no longer at the door.
    pub(super) fn committed(
        &mut self,
        admits: &[MemberId],
        by: MemberId,
        context: &mut Context<'_>,
    ) {
        for newcomer in admits {
            self.door.admissible.remove(newcomer);
            self.door.suspects.remove(newcomer);
        }
        if by == self.me() && matches!(self.door.out.pop_front(), Some(Change::Admit(_))) {
            self.admit_later(context);
        }
    }

    /// The server took the first commit that is out for none.
    pub(super) fn commit_refused(&mut self, why: Refusal, context: &mut Context<'_>) {
        match (self.door.out.pop_front(), why) {
            (Some(Change::Kick(_)), Refusal::NotHost) => {
                self.composer.problem = Some(Problem::NotHost);
            }
            (Some(Change::Kick(_)), _) => self.composer.problem = Some(Problem::NoSuchMember),
            (Some(Change::Admit(batch)), why) => self.admission_refused(batch, why, context),
            (None, _) => {}
        }
    }

    fn admission_refused(&mut self, batch: Vec<MemberId>, why: Refusal, context: &mut Context<'_>) {
        match why {
            Refusal::TooSoon => {}
            // Somebody of the batch has gone away. Alone, it was that one.
            Refusal::NoSuchMember if batch.len() > 1 => self.door.suspects.extend(batch),
            Refusal::NoSuchMember | Refusal::Empty => {
                for newcomer in batch {
                    self.forget_newcomer(newcomer);
                }
            }
            Refusal::RoomFull => {
                for newcomer in batch {
                    self.turn_away(newcomer, context);
                }
            }
            // Another keeps the door, and has been told of every knock.
            Refusal::NotLive
            | Refusal::AlreadyLive
            | Refusal::ServerFull
            | Refusal::Locked
            | Refusal::TooManyKnocks
            | Refusal::NotHost
            | Refusal::NotCommitter
            | Refusal::NotSeated
            | Refusal::AlreadySeated
            | Refusal::NoSuchSeat => self.forget_knocks(),
        }
        self.admit_later(context);
    }

    /// A newcomer has gone: its name is free again.
    pub(super) fn forget_newcomer(&mut self, newcomer: MemberId) {
        self.door.admissible.remove(&newcomer);
        self.door.suspects.remove(&newcomer);
        self.session.forget_knock(newcomer);
    }

    /// Another keeps the door now. What is out is still answered.
    pub(super) fn forget_knocks(&mut self) {
        let admissible = std::mem::take(&mut self.door.admissible);
        for newcomer in admissible {
            self.session.forget_knock(newcomer);
        }
        self.door.suspects.clear();
        self.door.wait = None;
    }

    /// The connection is down: no answer comes any more, and knocks will be told again.
    pub(super) fn forget_door(&mut self) {
        self.forget_knocks();
        for change in std::mem::take(&mut self.door.out) {
            if let Change::Kick(member) = change {
                self.door.interrupted_kicks.push(member);
            }
        }
    }

    fn admit_later(&mut self, context: &mut Context<'_>) {
        if !self.door.admissible.is_empty() && self.door.wait.is_none() {
            self.door.wait = Some(context.start_timer(Timer::Admit, ADMIT_MILLIS));
        }
    }
}
