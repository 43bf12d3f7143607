//! Inside a room: what is known of it, what can happen in it, and which file sees to what.
//!
//! `receive` takes in what the server sends, `hear` what the session makes of it, `act` what the
//! person does and `say` what the person says; `connection` keeps the socket, `unsettled` what was
//! said and is not yet in the room's order; `door`, `guard`, `admission` and `link` see to newcomers,
//! `changes` makes commits and sets the server right, `vigil` keeps the group together; `timeline`
//! and `roster` are what is shown, `attention` what of it was seen, `extent` how much of it
//! stands on the page, `mute` what is not shown, and
//! `reply` which of it a message replies to; `fade` lets go of messages whose time is over, and
//! `recall` keeps what this member sent; `pictures` shows them, `sending` and `coming` are those on
//! their way; `overlay` is what stands before or beside all of it.

mod attention;
mod extent;
mod timeline;

mod readers;
mod roster;

mod composer;

mod evidence;
mod mute;
mod reply;

mod connection;
mod guard;
mod keepsake;
mod unsettled;

mod admission;
mod changes;
mod door;
mod link;
mod vigil;

mod act;
mod escape;
mod fade;
mod format;
mod overlay;
mod recall;
mod say;

mod coming;
mod pictures;
mod preview;
mod sending;

mod hear;
mod receive;

use sanctuary_crypto::{Alias, Bearing, Charter, Fading, Safety, Session};
use sanctuary_protocol::{MemberId, Opening, Policy, Presence, SortedMap, SortedSet};

use attention::Attention;
use extent::Extent;

pub use act::Msg;
pub use attention::{Sight, Unread};
pub(crate) use coming::{Announced, Piece};
pub use composer::{Composer, Problem, Undone};
pub use connection::Connection;
pub(crate) use connection::DIAL_MILLIS;
pub use door::Caller;
pub use evidence::Evidence;
pub use extent::EXTENT_STEP;
pub use format::Format;
pub use guard::{DoorTrouble, Pace};
pub(crate) use keepsake::Keepsake;
pub use link::LinkState;
pub use mute::Voice;
pub use overlay::{Dialog, Sheet, Toast};
pub use pictures::{PICTURES_MAX, Progress, Showing};
pub use preview::{PictureRefusal, Previewed};
pub use readers::{Readers, Why};
pub use reply::{Quote, Quoted, Seek};
pub use roster::{HUES, Person, Rank, RosterAct, RosterRow, Whose};
pub use timeline::{Body, Happening, LINES_MAX, Line, LineId, Standing, Timeline};

use crate::ended::{Ended, Ending};
use crate::update::{Context, Next};
use crate::{
    Clipboard, CopyOutcome, Effect, Epoch, Field, Invitation, Msg as PageMsg, Screen, Timer,
};
use changes::Changes;
use connection::Seat;
use door::Door;
use escape::Escape;
pub(crate) use escape::Pressed;
pub(crate) use evidence::Suspicion;
use fade::Fade;
use pictures::Pictures;
use recall::Recall;
use unsettled::Unsettled;
use vigil::Vigil;

/// How long a passing word stands.
const TOAST_MILLIS: u32 = 4_000;

/// Inside a room.
#[derive(Debug)]
pub struct Room {
    /// Its key and password, and the name one goes by.
    pub invitation: Invitation,
    /// The rules, as the members hold them.
    pub policy: Policy,
    /// Who is host, as the members hold it.
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
    attention: Attention,
    extent: Extent,
    fade: Fade,
    recall: Recall,
    pictures: Pictures,
    escape: Escape,
    session: Session,
    seat: Seat,
    unsettled: Unsettled,
    door: Door,
    changes: Changes,
    vigil: Vigil,
    suspicion: Suspicion,
    /// At the door, going in by itself, since a person last pressed to.
    offers_taken: usize,
    /// Members whose words are not shown, and what they are called.
    muted: SortedMap<MemberId, Alias>,
    /// Members whose farewell was read: their leaving is no news.
    farewells: SortedSet<MemberId>,
    /// Whose sealed word said that the room is about to end.
    purger: Option<MemberId>,
    /// Whose sealed word put this member out.
    kicker: Option<Alias>,
    /// Who asked the server to put this member out, by the server's word alone.
    remover: Option<Alias>,
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

impl Room {
    pub(crate) fn enter(
        arrival: Arrival,
        invitation: Invitation,
        mut session: Session,
        opening: Opening,
        epoch: Epoch,
        keepsake: Keepsake,
        context: &mut Context<'_>,
    ) -> Self {
        let Keepsake { draft, suspicion, offers_taken, not_kicked, guesses, muted, .. } = keepsake;
        if let Some(seen) = keepsake.recollection {
            session.recall(seen);
        }
        let mut composer = Composer::with_draft(draft);
        composer.problem = not_kicked.map(Problem::NotKicked);
        let mut timeline = Timeline::default();
        timeline.happened(context.now, Happening::Arrived(arrival));
        // A room just started is empty: the next thing to do is to ask somebody in.
        let (sheet, field) = match arrival {
            Arrival::Started => (Some(Sheet::Invitation), Field::Invitation),
            Arrival::LetIn => (None, Field::Composer),
        };
        context.perform(Effect::Focus(field));
        let Charter { host, policy, generation: _, fading } = *session.charter();
        timeline.fade_after(fading);
        let vigil = Vigil::begin(&session, context);
        let mut room = Self {
            invitation,
            policy,
            host,
            connection: Connection::live(epoch),
            timeline,
            composer,
            dialog: None,
            sheet,
            toast: None,
            attention: Attention::default(),
            extent: Extent::default(),
            fade: Fade::default(),
            recall: Recall::default(),
            pictures: Pictures::default(),
            escape: Escape::default(),
            session,
            seat: Seat::new(opening.token),
            unsettled: Unsettled::default(),
            door: Door::knowing(guesses),
            changes: Changes::default(),
            vigil,
            suspicion,
            offers_taken,
            muted,
            farewells: SortedSet::new(),
            purger: None,
            kicker: None,
            remover: None,
            toast_epoch: Epoch::default(),
        };
        room.forget_muted();
        room
    }

    /// One's own number.
    pub fn me(&self) -> MemberId {
        self.session.me()
    }

    /// Whether a member may kick, purge and renew the invitation.
    pub fn may_moderate(&self, member: MemberId) -> bool {
        self.session.charter().may_moderate(member)
    }

    /// How long messages stay, as the members hold it.
    pub fn fading(&self) -> Fading {
        self.session.charter().fading
    }

    /// Whether this page and the room are one group, as far as can be told.
    pub fn bearing(&self) -> Bearing {
        self.session.bearing()
    }

    /// The member's side of the group.
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// The words of this epoch, and whom they cover.
    pub fn safety(&self) -> Safety {
        self.session.safety()
    }

    fn keeps_door(&self) -> bool {
        self.session.view().committer == self.me()
    }

    fn is_live(&self, member: MemberId) -> bool {
        self.session.view().seats.get(&member) == Some(&Presence::Live)
    }

    /// Whether commits count: the connection stands, and the group is known to be the room's.
    fn is_ready(&self) -> bool {
        self.connection.is_live() && self.session.is_vouched()
    }

    pub(crate) fn update(&mut self, msg: PageMsg, context: &mut Context<'_>) -> Next {
        self.fade(context.now);
        let next = self.route(msg, context);
        self.tend_pictures(context);
        self.watch_fading(context);
        next
    }

    fn route(&mut self, msg: PageMsg, context: &mut Context<'_>) -> Next {
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
            PageMsg::TimerFired { epoch, timer } => self.wake(epoch, timer, context),
            PageMsg::Derived { epoch, stretched } => {
                self.derived(epoch, stretched, context);
                None
            }
            PageMsg::Copied { what, outcome } => {
                self.copied(what, outcome, context);
                None
            }
            PageMsg::HeldPicture { picture, url } => {
                self.held(picture, url);
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
            PageMsg::PressedQuestionMark => {
                self.press_question_mark();
                None
            }
            // For a screen that is not shown, or an answer to an earlier question.
            PageMsg::Home(_)
            | PageMsg::Joining(_)
            | PageMsg::Ended(_)
            | PageMsg::SocketOpened { .. }
            | PageMsg::SocketReceived { .. }
            | PageMsg::SocketClosed { .. }
            | PageMsg::LookedAway
            | PageMsg::ChoseVeil(_)
            | PageMsg::PressedNotify
            | PageMsg::AnsweredNotify(_)
            | PageMsg::LookedBack
            | PageMsg::ClosedPage
            | PageMsg::PressedEscape
            | PageMsg::PressedCoverTracks => None,
        }
    }

    fn wake(&mut self, epoch: Epoch, timer: Timer, context: &mut Context<'_>) -> Next {
        match timer {
            Timer::Reconnect => self.reconnect(epoch, context),
            Timer::Settle => self.suspect_socket(epoch, context),
            Timer::Admit => self.change_next(epoch, context),
            Timer::DoorRun => self.watch_door(epoch, context),
            Timer::Heartbeat => return self.beat(epoch, context),
            Timer::Vouch => return self.miss_vouching(epoch, context),
            Timer::Fade => self.fade_at(epoch),
            Timer::Picture => self.send_piece(epoch, context),
            Timer::Toast if epoch == self.toast_epoch => self.toast = None,
            Timer::Toast | Timer::DoorSlow => {}
        }
        None
    }

    /// Does whatever is to be done by now: after every entry, answer and wait.
    fn attend(&mut self, context: &mut Context<'_>) {
        if self.is_ready() {
            self.attend_door(context);
            self.reconcile(context);
        }
        self.pump(context);
    }

    fn copied(&mut self, what: Clipboard, outcome: CopyOutcome, context: &mut Context<'_>) {
        match outcome {
            CopyOutcome::Done => self.toast(Toast::Copied(what), context),
            // It is selected where it stands.
            CopyOutcome::Refused if what == Clipboard::Listing => {
                self.toast(Toast::CopyByHand(what), context);
            }
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
