//! Routes what happened to the screen it is for. A message for a screen that is no longer shown is
//! dropped: the one documented arm of each route.

use crate::ended::Ended;
use crate::home::Home;
use crate::room::Pressed;
use crate::{Effect, Epoch, Gaze, Model, Msg, Notifier, Page, Screen, Timer, Timestamp, Veil};

/// What every screen's update works with.
pub(crate) struct Context<'a> {
    pub(crate) page: &'a Page,
    pub(crate) now: Timestamp,
    pub(crate) gaze: &'a mut Gaze,
    veil: &'a mut Veil,
    notifier: &'a mut Notifier,
    epoch: &'a mut Epoch,
    effects: Vec<Effect>,
}

impl Context<'_> {
    pub(crate) fn perform(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(crate) fn next_epoch(&mut self) -> Epoch {
        self.epoch.advance()
    }

    pub(crate) fn start_timer(&mut self, timer: Timer, millis: u32) -> Epoch {
        let epoch = self.next_epoch();
        self.perform(Effect::StartTimer { epoch, timer, millis });
        epoch
    }
}

/// Where a screen's update leads, when it leads elsewhere.
pub(crate) type Next = Option<Screen>;

/// Takes in what happened and says what is to be done about it.
pub fn update(model: &mut Model, msg: Msg, now: Timestamp) -> Vec<Effect> {
    let Model { page, gaze, veil, notifier, epoch, screen } = model;
    let unread = screen.unread();
    let mut context = Context { page, now, gaze, veil, notifier, epoch, effects: Vec::new() };
    if let Some(next) = route(screen, msg, &mut context) {
        *screen = next;
    }
    let mut effects = context.effects;
    let now_unread = screen.unread();
    if now_unread != unread {
        let told = (now_unread > unread).then(|| notifier.came(*gaze, now)).flatten();
        // Before all others: a wipe has the last word.
        effects.splice(0..0, [Effect::ShowUnread(now_unread)].into_iter().chain(told));
    }
    effects
}

fn route(screen: &mut Screen, msg: Msg, context: &mut Context<'_>) -> Next {
    match (&mut *screen, msg) {
        (_, Msg::PressedCoverTracks) => cover_tracks(screen, context),
        (Screen::Room(room), Msg::PressedEscape) => match room.press_escape(context.now) {
            Pressed::Twice => cover_tracks(screen, context),
            Pressed::Once => None,
        },
        (_, Msg::ClosedPage) => {
            bid_farewell(screen, context);
            context.perform(Effect::Wipe);
            Some(Screen::Ended(Ended::left()))
        }
        (_, Msg::ChoseVeil(veil)) => {
            *context.veil = veil;
            None
        }
        (_, Msg::PressedNotify) => {
            let turned = context.notifier.turn();
            context.effects.extend(turned);
            None
        }
        (_, Msg::AnsweredNotify(answer)) => {
            context.notifier.answered(answer);
            None
        }
        (_, Msg::LookedAway) => {
            *context.gaze = Gaze::Away;
            if let Screen::Room(room) = screen {
                room.looked_away();
            }
            None
        }
        (_, Msg::LookedBack) => {
            *context.gaze = Gaze::Here;
            let closed = context.notifier.looked_back();
            context.effects.extend(closed);
            if let Screen::Room(room) = screen {
                room.looked_back();
            }
            None
        }
        (Screen::Home(home), Msg::Home(msg)) => home.update(msg, context),
        (Screen::Home(home), Msg::ChangedAddress { fragment }) => home.invite(&fragment, context),
        (Screen::Joining(joining), msg) => joining.update(msg, context),
        (Screen::Room(room), msg) => room.update(msg, context),
        (Screen::Ended(ended), Msg::Ended(msg)) => ended.update(msg, context),
        (Screen::Ended(_), Msg::ChangedAddress { fragment }) => {
            context.perform(Effect::EraseAddress);
            Some(Screen::Home(Home::open(&fragment)))
        }
        // For a screen that is no longer shown.
        (Screen::Home(_) | Screen::Ended(_), _) => None,
    }
}

fn cover_tracks(screen: &mut Screen, context: &mut Context<'_>) -> Next {
    bid_farewell(screen, context);
    context.perform(Effect::Wipe);
    context.perform(Effect::LeavePage);
    Some(Screen::Home(Home::open("")))
}

/// Tells the others, if there are any, before the page is emptied.
fn bid_farewell(screen: &mut Screen, context: &mut Context<'_>) {
    match screen {
        Screen::Room(room) => room.leave(None, context),
        Screen::Joining(_) => context.perform(Effect::Disconnect),
        Screen::Home(_) | Screen::Ended(_) => {}
    }
}
