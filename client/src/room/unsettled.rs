//! What this member has said and the room has not yet put in its order: the session seals and sends
//! it, anew if need be; here is what is shown of it meanwhile, and the wait for it to come back.

use std::collections::VecDeque;

use sanctuary_crypto::Ticket;

use super::Line;
use crate::Epoch;

/// Posts that may wait for the server: what somebody types in a tunnel, and less than a burst that
/// the server would hang up on.
pub(super) const UNSETTLED_MAX: usize = 64;

/// Said, and not settled; oldest first.
#[derive(Debug, Default)]
pub(super) struct Unsettled {
    sayings: VecDeque<(Ticket, Saying)>,
    watch: Option<Watch>,
}

/// What was said.
#[derive(Debug)]
pub(super) enum Saying {
    /// It has a line, shown as pending.
    Shown(Line),
    /// It is for the others' pages, and stays true however late it comes.
    Lasting,
    /// It is true now or never: a word before a frame that acts, or a heartbeat.
    Passing,
}

/// A timer, and what should have come back before it ran out.
#[derive(Debug)]
struct Watch {
    epoch: Epoch,
    awaited: Awaited,
    /// Whether anything came since the wait began.
    heard: Heard,
    /// Times it was waited anew.
    renewals: u32,
}

/// Whether the server says anything at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heard {
    Nothing,
    Something,
}

/// Times that is waited anew because something else came: over a slow network what is awaited stands
/// behind others' pictures. A socket that takes nothing in is found out even where it gives.
const RENEWALS_MAX: u32 = 2;

/// Something that was sent: what, and sealed for which of the group's epochs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Awaited {
    pub(super) ticket: Ticket,
    pub(super) group_epoch: u64,
}

impl Unsettled {
    pub(super) fn is_full(&self) -> bool {
        self.sayings.len() >= UNSETTLED_MAX
    }

    /// Lines still pending, oldest first.
    pub(super) fn lines(&self) -> impl DoubleEndedIterator<Item = &Line> {
        self.sayings.iter().filter_map(|(_, saying)| match saying {
            Saying::Shown(line) => Some(line),
            Saying::Lasting | Saying::Passing => None,
        })
    }

    pub(super) fn push(&mut self, ticket: Ticket, saying: Saying) {
        self.sayings.push_back((ticket, saying));
    }

    /// It is settled, or never will be: its line, when it has one.
    pub(super) fn take(&mut self, ticket: Ticket) -> Option<Line> {
        let place = self.sayings.iter().position(|(own, _)| *own == ticket)?;
        match self.sayings.remove(place)? {
            (_, Saying::Shown(line)) => Some(line),
            (_, Saying::Lasting | Saying::Passing) => None,
        }
    }

    /// What was true then or never is not said again.
    pub(super) fn take_passing(&mut self) -> Vec<Ticket> {
        let is_passing = |saying: &Saying| matches!(saying, Saying::Passing);
        let passing = self.sayings.iter().filter(|(_, saying)| is_passing(saying));
        let tickets = passing.map(|(ticket, _)| *ticket).collect();
        self.sayings.retain(|(_, saying)| !is_passing(saying));
        tickets
    }

    pub(super) fn awaits(&self, awaited: Awaited) -> bool {
        self.watch.as_ref().is_some_and(|watch| watch.awaited == awaited)
    }

    /// From here on this is waited for.
    pub(super) fn watch(&mut self, epoch: Epoch, awaited: Awaited) {
        let heard = Heard::Nothing;
        self.watch = Some(Watch { epoch, awaited, heard, renewals: 0 });
    }

    /// Something came from the server.
    pub(super) fn hear(&mut self) {
        if let Some(watch) = &mut self.watch {
            watch.heard = Heard::Something;
        }
    }

    /// Waits once more under another timer, where something came meanwhile, and not for ever.
    pub(super) fn renew(&mut self, epoch: impl FnOnce() -> Epoch) -> bool {
        let Some(watch) = &mut self.watch else { return false };
        if watch.heard == Heard::Nothing || watch.renewals >= RENEWALS_MAX {
            return false;
        }
        (watch.epoch, watch.heard) = (epoch(), Heard::Nothing);
        watch.renewals += 1;
        true
    }

    /// Nothing is waited for.
    pub(super) fn look_away(&mut self) {
        self.watch = None;
    }

    /// Whether what this timer waited for is still not back. `oldest` is what is out now.
    pub(super) fn is_overdue(&self, timer: Epoch, oldest: Option<Awaited>) -> bool {
        self.watch
            .as_ref()
            .is_some_and(|watch| watch.epoch == timer && oldest == Some(watch.awaited))
    }
}
