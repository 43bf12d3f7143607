//! Changing the room: the commits this member makes, made again when another came first, and the
//! server set right when it tells another host or other rules than the members hold.
//!
//! The server answers commits in the order they were sent, each by its entry or by a refusal; the
//! session knows which one an answer is about.

use sanctuary_crypto::{Alias, Change, Fading};
use sanctuary_protocol::{
    ClientFrame, DoorPolicy, MemberId, Moderation, Policy, Refusal, SortedMap, SortedSet,
};

use super::{Problem, Room, Undone};
use crate::update::Context;
use crate::{Effect, Epoch, Timer};

/// The room takes one commit a second; a little over it.
const WAIT_MILLIS: u32 = 1_050;

/// Times a change is made again without a break: in a busy room a few, and a server that always
/// puts something before it is given up on.
const REMAKES_MAX: u32 = 16;

/// Changes that wait to be made again: as many as a person presses for in a few seconds.
const AGAIN_MAX: usize = 16;

/// Changes to be made.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// The next commit waits for this timer.
    wait: Option<Epoch>,
    /// Came too soon after another: to be made once the wait is over.
    again: Vec<Change>,
    /// Were out when the connection went down, and are not done.
    interrupted: Vec<Change>,
    /// Whom somebody confirmed to put out, and who may know the link that opens the door.
    kicks: SortedSet<MemberId>,
    /// The rules as this member last asked for them, until they hold or cannot be had.
    wished: Option<Policy>,
    /// Changes made again since one was taken.
    remakes: u32,
    said: Option<Said>,
    /// The server was told just now; it is not told anything else until this timer.
    told: Option<Epoch>,
}

/// What the server was last told, and about what: it is told once.
#[derive(Debug, PartialEq)]
struct Said {
    frame: ClientFrame,
    servers: (MemberId, Policy),
    members: (MemberId, Policy),
}

impl Changes {
    pub(super) const fn is_waiting(&self) -> bool {
        self.wait.is_some()
    }

    /// The link is another: those that are out of the group do not know it.
    pub(super) fn forget_kicked(&mut self, members: &SortedMap<MemberId, Alias>) {
        self.kicks.retain(|member| members.contains_key(member));
    }
}

impl Room {
    pub(super) fn check_may_act(&self) -> Result<(), Problem> {
        if !self.is_ready() {
            Err(Problem::NotConnected)
        } else if !self.may_moderate(self.me()) {
            Err(Problem::NotHost)
        } else {
            Ok(())
        }
    }

    pub(super) fn kick(
        &mut self,
        member: MemberId,
        context: &mut Context<'_>,
    ) -> Result<(), Problem> {
        self.check_may_act()?;
        // It has left; its keys are taken without a renewal of the link.
        if !self.session.roster().contains_key(&member) {
            return Err(Problem::NoSuchMember);
        }
        self.make(&Change::Kick(member), context)?;
        self.changes.kicks.insert(member);
        Ok(())
    }

    pub(super) fn renew(&mut self, context: &mut Context<'_>) -> Result<(), Problem> {
        self.check_may_act()?;
        self.make(&Change::Renew, context)
    }

    pub(super) fn make_host(
        &mut self,
        to: MemberId,
        context: &mut Context<'_>,
    ) -> Result<(), Problem> {
        if !self.is_ready() {
            return Err(Problem::NotConnected);
        }
        // The server makes nobody host who is not there.
        if self.me() == self.host && !self.is_live(to) {
            return Err(Problem::NoSuchMember);
        }
        self.make(&Change::HandOver(to), context)
    }

    pub(super) fn choose_door(
        &mut self,
        door: DoorPolicy,
        context: &mut Context<'_>,
    ) -> Result<(), Problem> {
        self.change_policy(|policy| Policy { door, ..policy }, context)
    }

    pub(super) fn choose_moderation(
        &mut self,
        moderation: Moderation,
        context: &mut Context<'_>,
    ) -> Result<(), Problem> {
        self.change_policy(|policy| Policy { moderation, ..policy }, context)
    }

    pub(super) fn choose_fading(
        &mut self,
        fading: Fading,
        context: &mut Context<'_>,
    ) -> Result<(), Problem> {
        if !self.is_ready() {
            return Err(Problem::NotConnected);
        }
        self.make(&Change::Fading(fading), context)
    }

    fn change_policy(
        &mut self,
        change: impl FnOnce(Policy) -> Policy,
        context: &mut Context<'_>,
    ) -> Result<(), Problem> {
        if !self.is_ready() {
            return Err(Problem::NotConnected);
        }
        let policy = change(self.changes.wished.unwrap_or(self.session.charter().policy));
        self.make(&Change::Policy(policy), context)?;
        self.changes.wished = Some(policy);
        Ok(())
    }

    /// Sends the commit of a change that somebody asked for.
    fn make(&mut self, change: &Change, context: &mut Context<'_>) -> Result<(), Problem> {
        let commit = match change {
            Change::Kick(member) => self.session.kick(*member)?,
            Change::Renew => self.session.renew()?,
            Change::Policy(policy) => self.session.change_policy(*policy)?,
            Change::Fading(fading) => self.session.change_fading(*fading)?,
            Change::HandOver(to) => self.session.hand_over(*to)?,
            // Nobody asks for these: they are made when they are due.
            Change::Admit(_) | Change::Clear | Change::TakeOver => return Ok(()),
        };
        context.perform(Effect::Send(commit));
        Ok(())
    }

    fn make_again(&mut self, change: Change, context: &mut Context<'_>) {
        self.changes.remakes += 1;
        if !self.connection.is_live() {
            return self.changes.interrupted.push(change);
        }
        let made = match self.still_due(&change) {
            _ if self.changes.remakes > REMAKES_MAX => Err(Problem::TooBusy),
            Some(due) => self.make(&due, context),
            None => Err(Problem::NoSuchMember),
        };
        if let Err(problem) = made {
            self.give_up(&change, problem);
        }
    }

    /// What a change that is not made has become. Whoever was to be put out is, with a seat or
    /// without; and whoever has lost the keys otherwise still knows the link.
    fn still_due(&self, change: &Change) -> Option<Change> {
        match change {
            Change::Kick(member) if !self.session.members().contains_key(member) => {
                self.changes.kicks.contains(member).then_some(Change::Renew)
            }
            Change::Kick(_)
            | Change::Renew
            | Change::Policy(_)
            | Change::Fading(_)
            | Change::HandOver(_)
            | Change::Admit(_)
            | Change::Clear
            | Change::TakeOver => Some(change.clone()),
        }
    }

    fn give_up(&mut self, change: &Change, problem: Problem) {
        match change {
            Change::Policy(_) => self.changes.wished = None,
            Change::Kick(member) => {
                self.changes.kicks.remove(member);
            }
            Change::Renew
            | Change::Fading(_)
            | Change::HandOver(_)
            | Change::Admit(_)
            | Change::Clear
            | Change::TakeOver => {}
        }
        // What another has done meanwhile needs no telling.
        if problem != Problem::Already {
            self.composer.problem = Some(problem);
        }
    }

    /// The room has taken a commit of this member's.
    pub(super) fn committed(&mut self, change: &Change, context: &mut Context<'_>) {
        self.changes.remakes = 0;
        self.wait(context);
        match change {
            // Newcomers can say nothing until somebody's word shows them that the room is theirs.
            Change::Admit(_) => self.vouch(),
            Change::Policy(policy) => {
                self.changes.wished.take_if(|wished| wished == policy);
            }
            Change::Kick(_)
            | Change::Renew
            | Change::Fading(_)
            | Change::HandOver(_)
            | Change::Clear
            | Change::TakeOver => {}
        }
    }

    /// Another commit came first.
    pub(super) fn voided(&mut self, change: Change, context: &mut Context<'_>) {
        match change {
            Change::Kick(_)
            | Change::Renew
            | Change::Policy(_)
            | Change::Fading(_)
            | Change::HandOver(_) => {
                self.make_again(change, context);
            }
            // Made again when it is due; whom it let in is still known.
            Change::Admit(batch) => {
                self.changes.said = None;
                self.forget_overtaken(&batch);
                self.wait(context);
            }
            Change::Clear | Change::TakeOver => {
                self.changes.said = None;
                self.wait(context);
            }
        }
    }

    /// The server took the first commit that is out for none.
    pub(super) fn commit_refused(&mut self, why: Refusal, context: &mut Context<'_>) {
        let Some(change) = self.session.commit_refused() else { return };
        // Whatever the reason, nothing is made again before its time: a server that refuses all it
        // is sent would keep this page making commits.
        self.wait(context);
        match (change, why) {
            (Change::Admit(batch), why) => self.admission_refused(batch, why, context),
            (Change::Clear, _) => {}
            (Change::TakeOver, Refusal::TooSoon) => self.changes.said = None,
            (Change::TakeOver, _) => {}
            (change, Refusal::TooSoon) if self.changes.again.len() < AGAIN_MAX => {
                self.changes.again.push(change);
            }
            (change, Refusal::TooSoon) => self.give_up(&change, Problem::TooBusy),
            (change, Refusal::NotHost) => self.give_up(&change, Problem::NotHost),
            (change, _) => self.give_up(&change, Problem::NoSuchMember),
        }
        self.attend(context);
    }

    fn wait(&mut self, context: &mut Context<'_>) {
        if self.connection.is_live() && self.changes.wait.is_none() {
            self.changes.wait = Some(context.start_timer(Timer::Admit, WAIT_MILLIS));
        }
    }

    /// The wait between two commits is over.
    pub(super) fn change_next(&mut self, timer: Epoch, context: &mut Context<'_>) {
        if self.changes.told.take_if(|told| *told == timer).is_some() {
            return self.attend(context);
        }
        if self.changes.wait.take_if(|wait| *wait == timer).is_none() {
            return;
        }
        for change in std::mem::take(&mut self.changes.again) {
            self.make_again(change, context);
        }
        self.attend(context);
    }

    /// The connection is down: what waits is not made.
    pub(super) fn interrupt_changes(&mut self) {
        let again = std::mem::take(&mut self.changes.again);
        self.changes.interrupted.extend(again);
        self.changes.remakes = 0;
        (self.changes.wait, self.changes.said, self.changes.wished) = (None, None, None);
        self.changes.told = None;
    }

    /// Whoever was to be put out is; what else was asked for and is not done is told. The rest is
    /// made when it is due.
    pub(super) fn take_up_interrupted_changes(
        &mut self,
        lost: Vec<Change>,
        context: &mut Context<'_>,
    ) {
        let interrupted = std::mem::take(&mut self.changes.interrupted);
        for change in interrupted.into_iter().chain(lost) {
            let problem = match change {
                Change::Kick(_) => {
                    self.make_again(change, context);
                    None
                }
                // In a kick's stead.
                Change::Renew if !self.changes.kicks.is_empty() => {
                    self.make_again(change, context);
                    None
                }
                Change::Policy(_) | Change::Fading(_) => Some(Problem::NotDone(Undone::Rules)),
                Change::HandOver(_) => Some(Problem::NotDone(Undone::HandOver)),
                Change::Renew => Some(Problem::NotDone(Undone::Renewal)),
                Change::Admit(_) | Change::Clear | Change::TakeOver => None,
            };
            self.composer.problem = problem.or(self.composer.problem.take());
        }
    }

    /// Somebody who was to be put out and was not, when this page can do so no more.
    pub(super) fn not_kicked(&self) -> Option<Alias> {
        self.changes.kicks.iter().find_map(|member| self.person(*member).alias)
    }

    /// Sets the server right where it tells another host or other rules than the members hold, and
    /// takes the keys from those that have left.
    pub(super) fn reconcile(&mut self, context: &mut Context<'_>) {
        let (me, view) = (self.me(), self.session.view());
        let (host, policy) = (self.session.charter().host, self.session.charter().policy);
        let servers = (view.host, view.policy);
        if servers == (host, policy) || servers.0 != me {
            self.changes.said = None;
        } else if host == me {
            self.set_right(ClientFrame::Lock(policy), context);
        } else if let Some(to) = self.session.rightful_host().filter(|rightful| *rightful != me) {
            self.set_right(ClientFrame::HandOver { to }, context);
        } else if self.may_commit()
            && let Some(commit) = self.session.take_over()
        {
            context.perform(Effect::Send(commit));
        }
        if self.keeps_door()
            && self.may_commit()
            && !self.door.is_admitting()
            && let Some(commit) = self.session.clear()
        {
            context.perform(Effect::Send(commit));
        }
    }

    fn may_commit(&self) -> bool {
        !self.changes.is_waiting() && !self.session.is_changing(|_| true)
    }

    fn set_right(&mut self, frame: ClientFrame, context: &mut Context<'_>) {
        let (view, charter) = (self.session.view(), self.session.charter());
        let said = Said {
            frame: frame.clone(),
            servers: (view.host, view.policy),
            members: (charter.host, charter.policy),
        };
        // Two members whom the server told different things would set it right in turns for ever.
        if self.changes.said.as_ref() != Some(&said) && self.changes.told.is_none() {
            self.changes.said = Some(said);
            self.changes.told = Some(context.start_timer(Timer::Admit, WAIT_MILLIS));
            context.perform(Effect::Send(frame));
        }
    }
}
