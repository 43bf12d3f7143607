//! Letting in whoever knows the secret: several in one commit, one commit at a time; and turning
//! away whoever cannot be let in.

use sanctuary_crypto::AdmitError;
use sanctuary_protocol::{MemberId, Refusal};

use super::Room;
use super::door::tell;
use crate::Effect;
use crate::update::Context;

impl Room {
    pub(super) fn let_in(&mut self, newcomer: MemberId, context: &mut Context<'_>) {
        if let Some(blob) = self.session.tell_heard(newcomer) {
            tell(newcomer, blob, context);
            self.door.admissible.insert(newcomer);
        }
    }

    /// The host's hand: this one may come in.
    pub(super) fn open_to(&mut self, newcomer: MemberId, context: &mut Context<'_>) {
        if self.take_asking(newcomer) {
            self.let_in(newcomer, context);
            self.attend(context);
        }
    }

    /// The host's hand: this one may not.
    pub(super) fn turn_away_caller(&mut self, newcomer: MemberId, context: &mut Context<'_>) {
        if self.take_asking(newcomer) {
            self.turn_away(newcomer, context);
        }
    }

    pub(super) fn take_asking(&mut self, newcomer: MemberId) -> bool {
        let before = self.door.asking.len();
        self.door.asking.retain(|caller| caller.member != newcomer);
        self.door.asking.len() < before
    }

    pub(super) fn admit(&mut self, context: &mut Context<'_>) {
        if self.changes.is_waiting() || self.session.is_changing(|_| true) {
            return;
        }
        // Each turn lets the batch in, or drops at least one newcomer from the door.
        while self.door.is_admitting() {
            let batch = self.door.next_batch();
            match self.session.admit(&batch) {
                Ok(commit) => return context.perform(Effect::Send(commit)),
                Err(AdmitError::AliasTaken(newcomer)) => self.turn_away(newcomer, context),
                Err(AdmitError::Number(newcomer)) => self.send_back(newcomer, context),
                Err(AdmitError::NotKnocking(newcomer)) => {
                    self.forget_newcomer(newcomer);
                }
                // Two of them may show the same keys: alone, each tells whether it was that one.
                Err(AdmitError::TooLarge) if batch.len() > 1 => {
                    self.door.suspects.extend(batch);
                }
                Err(AdmitError::Nobody | AdmitError::TooMany | AdmitError::TooLarge) => {
                    for newcomer in batch {
                        self.turn_away(newcomer, context);
                    }
                }
            }
        }
    }

    pub(super) fn turn_away(&mut self, newcomer: MemberId, context: &mut Context<'_>) {
        if let Some(blob) = self.session.decline(newcomer) {
            tell(newcomer, blob, context);
        }
        self.forget_newcomer(newcomer);
    }

    /// Somebody who knocked later came in first, and numbers only rise: it has to knock again.
    pub(super) fn send_back(&mut self, newcomer: MemberId, context: &mut Context<'_>) {
        if let Some(blob) = self.session.tell_again(newcomer) {
            tell(newcomer, blob, context);
        }
        self.forget_newcomer(newcomer);
    }

    /// Somebody came in. Whoever knocked before and is still asking has to knock again.
    pub(super) fn came_in(&mut self, member: MemberId, context: &mut Context<'_>) {
        self.forget_newcomer(member);
        let overtaken: Vec<MemberId> = (self.door.asking.iter().map(|caller| caller.member))
            .chain(self.door.admissible.iter().copied())
            .filter(|newcomer| *newcomer < member)
            .collect();
        for newcomer in overtaken {
            self.send_back(newcomer, context);
        }
    }

    /// An admission came too late. Whoever proved a link that was renewed meanwhile has a seat by it
    /// and is at the door no more; it will find that it is in no group, and knock again.
    pub(super) fn forget_overtaken(&mut self, batch: &[MemberId]) {
        for newcomer in batch {
            if !self.door.admissible.contains(newcomer) {
                self.forget_newcomer(*newcomer);
            }
        }
    }

    /// The server took an admission for none.
    pub(super) fn admission_refused(
        &mut self,
        batch: Vec<MemberId>,
        why: Refusal,
        context: &mut Context<'_>,
    ) {
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
            | Refusal::NoSuchSeat
            | Refusal::NotAdmitting => self.remember_knocks(),
        }
    }
}
