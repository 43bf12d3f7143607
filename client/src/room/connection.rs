//! The socket of a room: lost, tried again with growing patience, and the seat resumed with nothing
//! lost and nothing doubled.

use sanctuary_crypto::Bearing;
use sanctuary_protocol::{ClientFrame, Opening, ResumeToken, Seq};

use super::say::SETTLE_MILLIS;
use super::{Happening, Problem, Room};
use crate::ended::Ending;
use crate::update::{Context, Next};
use crate::{Effect, Epoch, Timer};

/// The first wait before the server is tried again; it doubles up to the longest.
const RETRY_MILLIS: u32 = 500;
/// The longest wait: short enough that nobody wonders, long enough to spare a server that is down.
const RETRY_MILLIS_MAX: u32 = 15_000;

/// How long the server may take to answer whoever asks for a seat, or for its own again, before the
/// socket is taken for dead: over the slowest network that still carries a conversation.
pub(crate) const DIAL_MILLIS: u32 = 20_000;

/// Whether the socket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// It stands, and everything sequenced has been taken in.
    Live {
        /// The socket's.
        epoch: Epoch,
    },
    /// It stands, and entries up to `until` are still to come.
    CatchingUp {
        /// The socket's.
        epoch: Epoch,
        /// The last entry of the time away.
        until: Seq,
    },
    /// It is being opened, or the seat asked for.
    Dialing {
        /// The socket's.
        epoch: Epoch,
        /// Tries since it was lost.
        tries: u32,
    },
    /// It is down; the next try waits.
    Down {
        /// The timer's.
        epoch: Epoch,
        /// Tries since it was lost.
        tries: u32,
    },
}

/// What the seat is resumed with.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) token: ResumeToken,
    /// Times it was asked for without an answer. Each may still be on its way over a socket that was
    /// given up, and take the seat from the one that stands, where a proxy takes it for the newer.
    pub(super) unanswered: u32,
    /// While entries of the time away are still to come: what the room is after them.
    pub(super) reopening: Option<Opening>,
    /// Whether a part of the server has failed: the room, and the seat with it, may be lost.
    pub(super) is_in_doubt: bool,
}

impl Seat {
    pub(super) fn new(token: ResumeToken) -> Self {
        Self { token, unanswered: 0, reopening: None, is_in_doubt: false }
    }

    /// One of the times it was asked for was answered.
    pub(super) fn was_answered(&mut self) {
        self.unanswered = self.unanswered.saturating_sub(1);
    }
}

impl Connection {
    pub(super) fn live(epoch: Epoch) -> Self {
        Self::Live { epoch }
    }

    /// Whether what is written goes out at once.
    pub fn is_live(&self) -> bool {
        matches!(self, Self::Live { .. })
    }

    /// Whether the seat is held over a socket that stands.
    pub(super) fn stands(&self) -> bool {
        matches!(self, Self::Live { .. } | Self::CatchingUp { .. })
    }

    /// Whether `epoch` is that of the socket that counts.
    pub(super) fn answers(&self, epoch: Epoch) -> bool {
        match self {
            Self::Live { epoch: own }
            | Self::CatchingUp { epoch: own, .. }
            | Self::Dialing { epoch: own, .. } => *own == epoch,
            Self::Down { .. } => false,
        }
    }

    fn tries(&self) -> u32 {
        match self {
            Self::Live { .. } | Self::CatchingUp { .. } => 0,
            Self::Dialing { tries, .. } | Self::Down { tries, .. } => *tries,
        }
    }
}

impl Room {
    /// The socket went down: try again, later each time.
    pub(super) fn lose_connection(&mut self, context: &mut Context<'_>) {
        if self.connection.is_live() {
            self.set_picture_back();
        }
        let tries = self.connection.tries();
        let wait = RETRY_MILLIS.saturating_mul(1 << tries.min(8)).min(RETRY_MILLIS_MAX);
        let epoch = context.start_timer(Timer::Reconnect, wait);
        self.connection = Connection::Down { epoch, tries: tries + 1 };
        // What acts at once was cut off from what it stood before.
        for ticket in self.unsettled.take_passing() {
            self.session.forget(ticket);
        }
        self.unsettled.look_away();
        self.seat.reopening = None;
        self.forget_knocks();
        self.interrupt_changes();
    }

    /// The wait is over.
    pub(super) fn reconnect(&mut self, timer: Epoch, context: &mut Context<'_>) {
        if matches!(self.connection, Connection::Down { epoch, .. } if epoch == timer) {
            self.dial(context);
        }
    }

    /// No reason to wait any longer.
    pub(super) fn hurry(&mut self, context: &mut Context<'_>) {
        if matches!(self.connection, Connection::Down { .. }) {
            self.dial(context);
        }
    }

    fn dial(&mut self, context: &mut Context<'_>) {
        let tries = self.connection.tries();
        let epoch = context.next_epoch();
        self.connection = Connection::Dialing { epoch, tries };
        context.perform(Effect::Connect { epoch, room: self.invitation.link.room.id() });
        // The timer answers to the socket's epoch: a new try makes it moot.
        context.perform(Effect::StartTimer { epoch, timer: Timer::Settle, millis: DIAL_MILLIS });
    }

    /// The socket stands again: ask for the seat.
    pub(super) fn resume(&mut self, context: &mut Context<'_>) {
        self.seat.unanswered = self.seat.unanswered.saturating_add(1);
        let frame = ClientFrame::Resume {
            token: self.seat.token.clone(),
            last_seq: self.session.view().seq,
        };
        context.perform(Effect::Send(frame));
    }

    /// The seat is taken again; what was missed follows.
    pub(super) fn resumed(&mut self, opening: Opening, context: &mut Context<'_>) -> Next {
        let Connection::Dialing { epoch, .. } = self.connection else { return None };
        self.connection = Connection::CatchingUp { epoch, until: opening.seq };
        self.seat.token = opening.token.clone();
        self.seat.was_answered();
        self.seat.reopening = Some(opening);
        self.seat.is_in_doubt = false;
        self.session.resumed();
        self.catch_up(context)
    }

    /// Once everything sequenced is in, what is still unsettled never arrived: send it again. Where
    /// too much was missed to follow the others, come in anew.
    pub(super) fn catch_up(&mut self, context: &mut Context<'_>) -> Next {
        let Connection::CatchingUp { epoch, until } = self.connection else { return None };
        if self.session.view().seq < until {
            return None;
        }
        let opening = self.seat.reopening.take()?;
        self.connection = Connection::Live { epoch };
        self.timeline.happened(context.now, Happening::Resumed);
        let (lost, events) = self.session.caught_up(&opening);
        for event in events {
            self.take_event(event, context);
        }
        self.tell_interrupted();
        self.take_up_interrupted_changes(lost, context);
        if self.session.bearing() == Bearing::Lost {
            if self.is_let_in_again() {
                return self.start_over(context);
            }
            self.tell_cut_off(context);
        }
        self.attend(context);
        None
    }

    /// The seat was taken over another socket. Where this page asked for it over one that it has given
    /// up since, that was the page itself, late: it asks once more.
    pub(super) fn superseded(&mut self, context: &mut Context<'_>) -> Next {
        if self.seat.unanswered == 0 {
            return self.end(Ending::Superseded, context);
        }
        self.seat.was_answered();
        self.lose_connection(context);
        None
    }

    /// A room that can be resumed was not ended: say so to whoever tried.
    fn tell_interrupted(&mut self) {
        let me = self.session.me();
        if self.purger.take_if(|purger| *purger == me).is_some() {
            self.composer.problem = Some(Problem::NotStopped);
        }
    }

    /// Something sent has not come back, or nothing has at all: the socket may stand open and lead
    /// nowhere.
    pub(super) fn suspect_socket(&mut self, timer: Epoch, context: &mut Context<'_>) {
        let is_overdue = match self.connection {
            Connection::Live { .. } => {
                self.unsettled.is_overdue(timer, self.awaited())
                    && !self.unsettled.renew(|| context.start_timer(Timer::Settle, SETTLE_MILLIS))
            }
            // What has been missed and taken in by then need not come again.
            Connection::Dialing { epoch, .. } | Connection::CatchingUp { epoch, .. } => {
                epoch == timer
            }
            Connection::Down { .. } => false,
        };
        if is_overdue {
            context.perform(Effect::Disconnect);
            self.lose_connection(context);
        }
    }
}
