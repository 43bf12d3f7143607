//! Inside a room: what is known of it, what can happen in it, and which file sees to what.
//!
//! `receive` takes in what the server sends, `act` what the person does; `connection` keeps the
//! socket, `unsettled` what was sent and not yet sequenced, `door` lets newcomers in; `timeline`
//! and `roster` are what is shown.

mod timeline;

mod roster;

mod composer;

mod connection;
mod door;
mod unsettled;

mod act;
mod receive;

use std::collections::{BTreeMap, BTreeSet};

use sanctuary_crypto::{Alias, Session};
use sanctuary_protocol::{MemberId, Moderation, Opening, Policy, Presence};

pub use act::Msg;
pub use composer::{Composer, Problem};
pub use connection::Connection;
pub use roster::{HUES, Person, Rank, RosterAct, RosterRow, Whose};
pub use timeline::{Body, Happening, LINES_MAX, Line, LineId, Standing, Timeline};

use crate::ended::{Ended, Ending};
use crate::markup::Href;
use crate::update::{Context, Next};
use crate::{
    Clipboard, CopyOutcome, Effect, Epoch, Field, Invitation, Msg as PageMsg, Screen, Timer,
};
use connection::Seat;
use door::Door;
use unsettled::Unsettled;

/// How long a passing word stands.
const TOAST_MILLIS: u32 = 4_000;

/// Inside a room.
#[derive(Debug)]
pub struct Room {
    /// Its key and password, and the name one goes by.
    pub invitation: Invitation,
    /// The rules, by the server's word.
    pub policy: Policy,
    /// Who is host, by the server's word.
    pub host: MemberId,
    /// Whether the socket stands.
    pub connection: Connection,
    /// What was said and what happened.
    pub timeline: Timeline,
    /// What is being written.
    pub composer: Composer,
    /// A question that stands before everything else.
    pub dialog: Option<Dialog>,
    /// What lies beside or over the timeline.
    pub sheet: Option<Sheet>,
    /// A passing word.
    pub toast: Option<Toast>,
    session: Session,
    presence: BTreeMap<MemberId, Presence>,
    seat: Seat,
    unsettled: Unsettled,
    door: Door,
    /// Members whose farewell was read: their leaving is no news.
    farewells: BTreeSet<MemberId>,
    /// Whose sealed word said that the room is about to end.
    purger: Option<MemberId>,
    /// Whose sealed word put this member out.
    kicker: Option<Alias>,
    toast_epoch: Epoch,
}

/// How one came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// As its first member.
    Started,
    /// Through the door.
    LetIn,
}

/// A question that stands before everything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// End the room for everybody?
    Stop,
    /// Put this member out?
    Kick {
        /// Whom.
        member: MemberId,
        /// By name.
        alias: Alias,
    },
    /// Open a link somebody sent?
    OpenLink(Href),
    /// What can be typed.
    Help,
}

/// What lies beside the timeline, or over it where there is no room beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// Who is here.
    Roster,
    /// How to bring somebody in.
    Invitation,
}

/// A passing word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toast {
    /// It is on the clipboard.
    Copied(Clipboard),
    /// The clipboard would not: the text is selected instead.
    CopyByHand(Clipboard),
    /// Another invitation was opened in this page.
    LeaveFirst,
}

impl Room {
    pub(crate) fn enter(
        arrival: Arrival,
        invitation: Invitation,
        session: Session,
        opening: Opening,
        epoch: Epoch,
        draft: String,
        context: &mut Context<'_>,
    ) -> Self {
        let mut timeline = Timeline::default();
        timeline.happened(context.now, Happening::Arrived(arrival));
        // A room just started is empty: the next thing to do is to ask somebody in.
        let (sheet, field) = match arrival {
            Arrival::Started => (Some(Sheet::Invitation), Field::Invitation),
            Arrival::LetIn => (None, Field::Composer),
        };
        context.perform(Effect::Focus(field));
        Self {
            invitation,
            policy: opening.policy,
            host: opening.host,
            connection: Connection::live(epoch),
            timeline,
            composer: Composer::with_draft(draft),
            dialog: None,
            sheet,
            toast: None,
            session,
            presence: presence_of(&opening),
            seat: Seat { token: opening.token, last_seq: opening.seq },
            unsettled: Unsettled::default(),
            door: Door::default(),
            farewells: BTreeSet::new(),
            purger: None,
            kicker: None,
            toast_epoch: Epoch::default(),
        }
    }

    /// One's own number.
    pub fn me(&self) -> MemberId {
        self.session.me()
    }

    /// Whether a member may kick and purge.
    pub fn may_moderate(&self, member: MemberId) -> bool {
        match self.policy.moderation {
            Moderation::Everyone => true,
            Moderation::Host => member == self.host,
        }
    }

    pub(crate) fn update(&mut self, msg: PageMsg, context: &mut Context<'_>) -> Next {
        match msg {
            PageMsg::Room(msg) => self.act(msg, context),
            PageMsg::SocketOpened { epoch } if self.connection.answers(epoch) => {
                self.resume(context);
                None
            }
            PageMsg::SocketReceived { epoch, bytes } if self.connection.answers(epoch) => {
                self.receive(&bytes, context)
            }
            PageMsg::SocketClosed { epoch } if self.connection.answers(epoch) => {
                self.lose_connection(context);
                None
            }
            PageMsg::TimerFired { epoch, timer } => {
                self.wake(epoch, timer, context);
                None
            }
            PageMsg::Copied { what, outcome } => {
                self.copied(what, outcome, context);
                None
            }
            PageMsg::ChangedAddress { .. } => {
                context.perform(Effect::EraseAddress);
                self.toast(Toast::LeaveFirst, context);
                None
            }
            PageMsg::Woke => {
                self.hurry(context);
                None
            }
            // For a screen that is not shown, or an answer to an earlier question.
            PageMsg::Home(_)
            | PageMsg::Joining(_)
            | PageMsg::Ended(_)
            | PageMsg::Derived { .. }
            | PageMsg::SocketOpened { .. }
            | PageMsg::SocketReceived { .. }
            | PageMsg::SocketClosed { .. }
            | PageMsg::ClosedPage
            | PageMsg::PressedCoverTracks => None,
        }
    }

    fn wake(&mut self, epoch: Epoch, timer: Timer, context: &mut Context<'_>) {
        match timer {
            Timer::Reconnect => self.reconnect(epoch, context),
            Timer::Settle => self.suspect_socket(epoch, context),
            Timer::Admit => self.admit_next(epoch, context),
            Timer::Toast if epoch == self.toast_epoch => self.toast = None,
            Timer::Toast | Timer::DoorSlow => {}
        }
    }

    fn copied(&mut self, what: Clipboard, outcome: CopyOutcome, context: &mut Context<'_>) {
        match outcome {
            CopyOutcome::Done => self.toast(Toast::Copied(what), context),
            CopyOutcome::Refused => {
                self.sheet = Some(Sheet::Invitation);
                context.perform(Effect::Focus(Field::Invitation));
                self.toast(Toast::CopyByHand(what), context);
            }
        }
    }

    fn toast(&mut self, toast: Toast, context: &mut Context<'_>) {
        self.toast = Some(toast);
        self.toast_epoch = context.start_timer(Timer::Toast, TOAST_MILLIS);
    }

    /// The stay is over for good: nothing of it stays in the page.
    fn end(&self, why: Ending, context: &mut Context<'_>) -> Next {
        context.perform(Effect::Disconnect);
        context.perform(Effect::Wipe);
        Some(Screen::Ended(Ended::forever(why)))
    }

    /// The room is lost through no member's doing: the way back is kept.
    fn end_for_now(&mut self, why: Ending, context: &mut Context<'_>) -> Next {
        context.perform(Effect::Disconnect);
        context.perform(Effect::Wipe);
        Some(Screen::Ended(Ended::for_now(why, self.take_invitation())))
    }

    fn take_invitation(&mut self) -> Invitation {
        Invitation {
            link: self.invitation.link.clone(),
            alias: self.invitation.alias.clone(),
            policy: self.policy,
            stretched: self.invitation.stretched.take(),
        }
    }
}

fn presence_of(opening: &Opening) -> BTreeMap<MemberId, Presence> {
    opening.seats.iter().map(|seat| (seat.member, seat.presence)).collect()
}
