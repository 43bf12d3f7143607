//! Keeping the door: answer a knock, and let newcomers in, several in one commit, one commit at a
//! time.

use std::collections::BTreeSet;

use sanctuary_crypto::KnockHeard;
use sanctuary_protocol::limits::ADMITS_MAX;
use sanctuary_protocol::{ClientFrame, KnockBlob, MemberId, Refusal};

use super::Room;
use crate::update::Context;
use crate::{Effect, Epoch, Timer};

/// The room takes one commit a second; a little over it.
const ADMIT_MILLIS: u32 = 1_050;

/// Newcomers this member has answered.
#[derive(Debug, Default)]
pub(super) struct Door {
    /// Answered, and to be let in.
    admissible: BTreeSet<MemberId>,
    /// In the commit that is out.
    committing: BTreeSet<MemberId>,
    /// The next batch waits for this timer.
    wait: Option<Epoch>,
    /// One of the last batch had gone away: commit these one by one, so that it stops nobody.
    suspects: BTreeSet<MemberId>,
}

impl Door {
    fn next_batch(&self) -> Vec<MemberId> {
        let size = if self.suspects.is_empty() { ADMITS_MAX } else { 1 };
        self.admissible.iter().copied().take(size).collect()
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
        let door = &mut self.door;
        if door.wait.is_some() || !door.committing.is_empty() || door.admissible.is_empty() {
            return;
        }
        let batch = door.next_batch();
        match self.session.admit(&batch) {
            Ok(commit) => {
                door.committing = batch.into_iter().collect();
                context.perform(Effect::Send(commit));
            }
            // The session no longer knows these knocks: nobody can be let in on them.
            Err(_) => door.admissible.retain(|newcomer| !batch.contains(newcomer)),
        }
    }

    /// A commit has been sequenced: those it let in are no longer at the door.
    pub(super) fn admitted(
        &mut self,
        admits: &[MemberId],
        by: MemberId,
        context: &mut Context<'_>,
    ) {
        for newcomer in admits {
            self.door.admissible.remove(newcomer);
            self.door.suspects.remove(newcomer);
        }
        if by == self.me() && !admits.is_empty() {
            self.door.committing.clear();
            self.admit_later(context);
        }
    }

    /// The server took none of the last batch.
    pub(super) fn commit_refused(&mut self, why: Refusal, context: &mut Context<'_>) {
        let batch = std::mem::take(&mut self.door.committing);
        match why {
            Refusal::TooSoon => {}
            // Somebody of the batch has gone away. Alone, it was that one.
            Refusal::NoSuchMember if batch.len() > 1 => self.door.suspects.extend(batch),
            Refusal::NoSuchMember | Refusal::Empty | Refusal::RoomFull => {
                for newcomer in batch {
                    self.forget_newcomer(newcomer);
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
            | Refusal::NoSuchSeat => self.forget_door(),
        }
        self.admit_later(context);
    }

    /// A newcomer has gone: its name is free again.
    pub(super) fn forget_newcomer(&mut self, newcomer: MemberId) {
        self.door.admissible.remove(&newcomer);
        self.door.suspects.remove(&newcomer);
        self.session.forget_knock(newcomer);
    }

    /// Another keeps the door now, or the connection is down and knocks will be told again.
    pub(super) fn forget_door(&mut self) {
        let door = std::mem::take(&mut self.door);
        for newcomer in door.admissible.into_iter().chain(door.committing) {
            self.session.forget_knock(newcomer);
        }
    }

    fn admit_later(&mut self, context: &mut Context<'_>) {
        if !self.door.admissible.is_empty() && self.door.wait.is_none() {
            self.door.wait = Some(context.start_timer(Timer::Admit, ADMIT_MILLIS));
        }
    }

    /// Whether a commit of newcomers is out: the next refusal of a commit is about it.
    pub(super) fn is_admitting(&self) -> bool {
        !self.door.committing.is_empty()
    }
}
