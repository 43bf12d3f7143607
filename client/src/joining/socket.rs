//! The socket of somebody on the way in: dialled, given up, dialled again. Must not know what is said
//! over it, beyond a word to nobody.

use super::{Failure, Joining, Step};
use crate::heard::HEARTBEAT_MILLIS;
use crate::room::DIAL_MILLIS;
use crate::update::{Context, Next};
use crate::{Effect, Epoch, Timer};

/// How long a doorkeeper has before the page says that everybody inside may be away.
const DOOR_SLOW_MILLIS: u32 = 5_000;
/// The first wait before the server is tried again; it doubles each time.
const RETRY_MILLIS: u32 = 1_000;
/// Tries before the page says that the server cannot be reached: some seven seconds, if it hangs up.
const TRIES_MAX: u32 = 4;

/// Words to nobody that may go unanswered: the next one ends the wait.
const UNANSWERED_MAX: u32 = 1;
/// And while a welcome is on its way, behind which every answer waits: it may be long, and the network
/// slow.
const UNANSWERED_WELCOMED_MAX: u32 = 15;

impl Joining {
    pub(super) fn connect(&mut self, context: &mut Context<'_>) {
        self.step = Step::Connecting;
        (self.newcomer, self.me, self.opening) = (None, None, None);
        self.epoch = context.next_epoch();
        let room = self.invitation.link.room.id();
        context.perform(Effect::Connect { epoch: self.epoch, room });
        let (epoch, timer) = (self.epoch, Timer::Settle);
        context.perform(Effect::StartTimer { epoch, timer, millis: DIAL_MILLIS });
    }

    /// Knocked. The timers answer to the socket's epoch: a new try makes them moot.
    pub(super) fn wait_at_door(&mut self, context: &mut Context<'_>) {
        self.tries = 0;
        let epoch = self.epoch;
        for (timer, millis) in
            [(Timer::DoorSlow, DOOR_SLOW_MILLIS), (Timer::Heartbeat, HEARTBEAT_MILLIS)]
        {
            context.perform(Effect::StartTimer { epoch, timer, millis });
        }
    }

    /// The socket went down by itself.
    pub(super) fn lose(&mut self, context: &mut Context<'_>) -> Next {
        self.tries += 1;
        if self.tries >= TRIES_MAX {
            self.step = Step::Failed(Failure::Unreachable);
            return None;
        }
        self.step = Step::Connecting;
        self.epoch = context.start_timer(Timer::Reconnect, RETRY_MILLIS << (self.tries - 1));
        None
    }

    /// However long the door takes, the server answers. Where it does not, the socket leads nowhere,
    /// and another knocks anew.
    fn beat(&mut self, context: &mut Context<'_>) -> Next {
        let unanswered_max =
            if self.opening.is_some() { UNANSWERED_WELCOMED_MAX } else { UNANSWERED_MAX };
        if !self.heard.ask(unanswered_max, context) {
            context.perform(Effect::Disconnect);
            return self.lose(context);
        }
        let (epoch, timer) = (self.epoch, Timer::Heartbeat);
        context.perform(Effect::StartTimer { epoch, timer, millis: HEARTBEAT_MILLIS });
        None
    }

    pub(super) fn wake(&mut self, epoch: Epoch, timer: Timer, context: &mut Context<'_>) -> Next {
        if epoch != self.epoch {
            return None;
        }
        match (timer, self.step) {
            (Timer::DoorSlow, Step::AtDoor) => self.step = Step::Waiting,
            (Timer::Reconnect, Step::Connecting) => self.connect(context),
            (Timer::Heartbeat, Step::AtDoor | Step::Waiting | Step::Asked | Step::Entering) => {
                return self.beat(context);
            }
            // The socket may stand open and lead nowhere.
            (Timer::Settle, Step::Connecting) => {
                context.perform(Effect::Disconnect);
                return self.lose(context);
            }
            (
                Timer::DoorSlow
                | Timer::Reconnect
                | Timer::Admit
                | Timer::DoorRun
                | Timer::Heartbeat
                | Timer::Vouch
                | Timer::Settle
                | Timer::Fade
                | Timer::Picture
                | Timer::Toast,
                _,
            ) => {}
        }
        None
    }
}
