//! Messages that go by themselves: how long each stays is the host's to say, and counted on each page
//! from when the message came there. Nothing is left where it stood.

use super::{Line, Room, Timeline};
use crate::update::Context;
use crate::{Epoch, Timer, Timestamp};

/// The wait for the message that goes next.
#[derive(Debug, Default)]
pub(super) struct Fade {
    wait: Option<Wait>,
}

#[derive(Debug)]
struct Wait {
    timer: Epoch,
    until: Timestamp,
}

impl Timeline {
    /// When the next message goes.
    fn next_to_fade(&self) -> Option<Timestamp> {
        self.lines().filter_map(|line| line.fades_at).min()
    }

    /// Lets go of every message whose time is over.
    fn fade(&mut self, now: Timestamp) {
        self.retain(|line: &Line| line.fades_at.is_none_or(|at| at > now));
    }
}

impl Room {
    /// Lets go of what is to go by now. A page may have slept past it: this comes before whatever else
    /// is done.
    pub(super) fn fade(&mut self, now: Timestamp) {
        if self.fade.wait.take_if(|wait| wait.until <= now).is_some() {
            self.timeline.fade(now);
            let timeline = &self.timeline;
            self.recall.retain(|line| timeline.lines().any(|shown| shown.id == line));
        }
    }

    /// Waits for the message that goes next, unless that is waited for already.
    pub(super) fn watch_fading(&mut self, context: &mut Context<'_>) {
        let Some(until) = self.timeline.next_to_fade() else { return };
        if self.fade.wait.as_ref().is_some_and(|wait| wait.until <= until) {
            return;
        }
        let millis = until.0.saturating_sub(context.now.0);
        let timer = context.start_timer(Timer::Fade, u32::try_from(millis).unwrap_or(u32::MAX));
        self.fade.wait = Some(Wait { timer, until });
    }

    /// The clock of the page may have been set back: the timer is right, whatever the clock says.
    pub(super) fn fade_at(&mut self, timer: Epoch) {
        if let Some(wait) = self.fade.wait.take_if(|wait| wait.timer == timer) {
            self.fade.wait = Some(Wait { timer, until: wait.until });
            self.fade(wait.until);
        }
    }
}
