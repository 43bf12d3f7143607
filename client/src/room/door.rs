//! Keeping the door: offer it to whoever knocks, as fast as the guard allows; whoever knows the
//! secret is let in, or the host is asked.
//!
//! A knock waits while this member may not answer it (the rules say who may, and the link may be
//! being renewed); the server asks the next member meanwhile.

use sanctuary_crypto::{Alias, DoorKnock, Knocked, TurnedAway};
use sanctuary_protocol::limits::ADMITS_MAX;
use sanctuary_protocol::{ClientFrame, DoorBlob, DoorPolicy, MemberId, SortedSet};

use super::guard::{DoorTrouble, Guard, Guesses, Unanswered};
use super::link::LinkState;
use super::{Happening, Problem, Room};
use crate::payload::Payload;
use crate::update::Context;
use crate::{Effect, Epoch, Timer, Timestamp};

/// Between two looks at the door: what is due and cannot be done is not tried without a break.
const WATCH_MILLIS_MIN: u32 = 500;

/// Newcomers and what has been said to them.
#[derive(Debug, Default)]
pub(super) struct Door {
    pub(super) guard: Guard,
    /// Know the secret, and wait for the host's hand.
    pub(super) asking: Vec<Caller>,
    /// Know the secret, and are to be let in.
    pub(super) admissible: SortedSet<MemberId>,
    /// One of the last batch had gone away: commit these one by one, so that it stops nobody.
    pub(super) suspects: SortedSet<MemberId>,
    watch: Option<Watch>,
    pub(super) link: LinkState,
    /// The renewed secret is being stretched, for this question.
    pub(super) deriving: Option<Epoch>,
}

/// Somebody at the door who knows the secret, and waits for the host's hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Its number.
    pub member: MemberId,
    /// Who it wants to be.
    pub alias: Alias,
}

/// A timer, and when it runs out.
#[derive(Clone, Copy, Debug)]
struct Watch {
    epoch: Epoch,
    until: Timestamp,
}

impl Door {
    /// The door of somebody who may have kept it before.
    pub(super) fn knowing(guesses: Guesses) -> Self {
        Self { guard: Guard::knowing(guesses), ..Self::default() }
    }

    pub(super) fn next_batch(&self) -> Vec<MemberId> {
        let size = if self.suspects.is_empty() { ADMITS_MAX } else { 1 };
        self.admissible.iter().copied().take(size).collect()
    }

    pub(super) fn is_admitting(&self) -> bool {
        !self.admissible.is_empty()
    }
}

impl Room {
    /// Who waits for this member's hand to be let in, the first first.
    pub fn asking(&self) -> &[Caller] {
        &self.door.asking
    }

    /// What is known of guesses at the secret; `None` when there were none.
    pub fn door_trouble(&self) -> Option<DoorTrouble> {
        self.door.guard.trouble()
    }

    pub(super) fn hear_knock(&mut self, newcomer: MemberId, context: &mut Context<'_>) {
        self.forget_newcomer(newcomer);
        self.door.guard.knock(newcomer);
        self.attend(context);
    }

    /// Makes the offers that may be made, and lets in whoever may be let in.
    pub(super) fn attend_door(&mut self, context: &mut Context<'_>) {
        let may_open = self.keeps_door() && self.session.charter().may_admit(self.me());
        if !may_open {
            return;
        }
        if self.session.charter().policy.door == DoorPolicy::Open {
            for caller in std::mem::take(&mut self.door.asking) {
                self.let_in(caller.member, context);
            }
        }
        self.admit(context);
        self.begin_runs(context);
    }

    fn begin_runs(&mut self, context: &mut Context<'_>) {
        if self.door.deriving.is_some() {
            return;
        }
        while let Some(newcomer) = self.door.guard.begin(context.now) {
            match self.session.hear_knock(newcomer) {
                DoorKnock::Offer(blob) => tell(newcomer, blob, context),
                DoorKnock::NotNow => {
                    self.door.guard.put_back(newcomer);
                    break;
                }
            }
        }
        self.watch_runs(context);
    }

    fn watch_runs(&mut self, context: &mut Context<'_>) {
        let Some(until) = self.door.guard.due() else { return };
        if self.door.watch.is_some_and(|watch| watch.until <= until) {
            return;
        }
        let millis = until.0.saturating_sub(context.now.0);
        let millis = u32::try_from(millis).unwrap_or(u32::MAX).max(WATCH_MILLIS_MIN);
        let epoch = context.start_timer(Timer::DoorRun, millis);
        self.door.watch = Some(Watch { epoch, until });
    }

    /// An answer is overdue, or the slowed door has rested.
    pub(super) fn watch_door(&mut self, timer: Epoch, context: &mut Context<'_>) {
        if self.door.watch.take_if(|watch| watch.epoch == timer).is_none() {
            return;
        }
        for (newcomer, guess) in self.door.guard.take_overdue(context.now) {
            self.session.forget_knock(newcomer);
            if let Some(Unanswered) = guess {
                self.guess_failed(context);
            }
        }
        self.attend(context);
    }

    /// A newcomer's answer to an offer.
    pub(super) fn hear_door(
        &mut self,
        newcomer: MemberId,
        blob: &DoorBlob,
        context: &mut Context<'_>,
    ) {
        match self.session.hear_door(newcomer, blob) {
            Knocked::Admissible { alias } => {
                self.door.guard.forget(newcomer);
                self.welcome_or_ask(Caller { member: newcomer, alias }, context);
            }
            Knocked::Refused { why, reply } => {
                self.door.guard.forget(newcomer);
                tell(newcomer, reply, context);
                match why {
                    TurnedAway::WrongKey => self.guess_failed(context),
                    TurnedAway::AliasTaken | TurnedAway::Declined => {}
                }
            }
            Knocked::Ignored => {}
        }
        self.attend(context);
    }

    fn welcome_or_ask(&mut self, caller: Caller, context: &mut Context<'_>) {
        if self.session.members().keys().next_back() > Some(&caller.member) {
            return self.send_back(caller.member, context);
        }
        match self.session.charter().policy.door {
            DoorPolicy::Open => self.let_in(caller.member, context),
            // Whoever knocked before the door was locked is still the host's to let in.
            DoorPolicy::Ask | DoorPolicy::Locked => {
                if let Some(blob) = self.session.tell_asked(caller.member) {
                    tell(caller.member, blob, context);
                }
                self.door.asking.push(caller);
            }
        }
    }

    /// A newcomer has gone. If it had been made an offer, and has not answered, that was a guess.
    pub(super) fn withdrawn(&mut self, newcomer: MemberId, context: &mut Context<'_>) {
        if let Some(Unanswered) = self.forget_newcomer(newcomer) {
            self.guess_failed(context);
        }
        self.attend(context);
    }

    /// A newcomer is at the door no more: its name is free again.
    pub(super) fn forget_newcomer(&mut self, newcomer: MemberId) -> Option<Unanswered> {
        self.door.admissible.remove(&newcomer);
        self.door.suspects.remove(&newcomer);
        self.take_asking(newcomer);
        self.session.forget_knock(newcomer);
        self.door.guard.forget(newcomer)
    }

    /// Another keeps the door, and has been told of every knock. The door may come back to this
    /// member, which then begins anew.
    pub(super) fn remember_knocks(&mut self) {
        let known = self.take_known();
        for newcomer in self.door.guard.remember(known) {
            self.session.forget_knock(newcomer);
        }
    }

    /// The connection is down: whoever still knocks will be told again.
    pub(super) fn forget_knocks(&mut self) {
        self.take_known();
        self.door.guard.forget_all();
    }

    pub(super) fn take_known(&mut self) -> Vec<MemberId> {
        self.door.suspects.clear();
        let asking = std::mem::take(&mut self.door.asking);
        let asking = asking.into_iter().map(|caller| caller.member);
        asking.chain(std::mem::take(&mut self.door.admissible)).collect()
    }

    /// A guess failed at this member's door: all are told, since the door may be another's next.
    fn guess_failed(&mut self, context: &mut Context<'_>) {
        self.tell_all(&Payload::DoorFailed);
        let failures = self.door.guard.fail(context.now);
        self.show_failure(failures, self.me(), context);
    }

    /// A guess failed at another member's door, that one says. Only whoever keeps the door can know,
    /// and whoever moderates may make the door slow.
    pub(super) fn hear_failure(&mut self, by: MemberId, context: &mut Context<'_>) {
        if by != self.session.view().committer && !self.may_moderate(by) {
            return;
        }
        // Whoever's turn it is at this member's door has it first: a word that comes as the rest is
        // over begins another rest.
        if self.is_ready() {
            self.attend_door(context);
        }
        let failures = self.door.guard.hear_failure(context.now);
        self.show_failure(failures, by, context);
    }

    /// The first of a run is told, and the one that slows the door.
    fn show_failure(&mut self, failures: u32, by: MemberId, context: &mut Context<'_>) {
        if Guard::slows(failures) {
            self.timeline.happened(context.now, Happening::DoorSlowed);
        } else if failures == 1 {
            let by = self.person(by);
            self.timeline.happened(context.now, Happening::DoorFailed { failures, by });
        }
    }

    /// By this member's hand.
    pub(super) fn clear_door(&mut self, context: &mut Context<'_>) -> Result<(), Problem> {
        self.check_may_act()?;
        self.tell_all(&Payload::DoorCleared);
        self.door_cleared(self.me(), context);
        self.attend(context);
        Ok(())
    }

    pub(super) fn door_cleared(&mut self, by: MemberId, context: &mut Context<'_>) {
        if self.door.guard.trouble().is_some() {
            self.door.guard.clear();
            let by = self.person(by);
            self.timeline.happened(context.now, Happening::DoorCleared(by));
        }
    }
}

pub(super) fn tell(newcomer: MemberId, blob: DoorBlob, context: &mut Context<'_>) {
    context.perform(Effect::Send(ClientFrame::Door { member: newcomer, blob }));
}
