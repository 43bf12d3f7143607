//! What people do, as data. Knows nothing of how any of it is done.

use proptest::prelude::*;
use proptest::sample::select;
use sanctuary_client::room;
use sanctuary_protocol::{DoorPolicy, Moderation};

use super::act::People;

/// The most people of a plan: enough for any two to disagree about a third, few enough to be quick.
pub const PEOPLE_MAX: u8 = 6;

/// Somebody: a page, counted round.
pub type Who = u8;

/// Something that somebody does.
#[derive(Clone, Copy, Debug)]
pub enum Deed {
    /// Somebody says so many lines.
    Say(Who, u8),
    /// Somebody whispers to somebody.
    Whisper(Who, Who),
    /// Somebody who is outside opens the newest link.
    Join(Who),
    /// Somebody whose stay ended goes back to the same room.
    Return(Who),
    /// Somebody leaves.
    Leave(Who),
    /// Somebody's page is closed or loaded anew.
    ClosePage(Who),
    /// Somebody puts somebody out.
    Kick(Who, Who),
    /// Somebody makes somebody the host.
    HandOver(Who, Who),
    /// Somebody renews the invitation.
    Renew(Who),
    /// Somebody says who may come in.
    Door(Who, DoorPolicy),
    /// Somebody says who moderates.
    Moderation(Who, Moderation),
    /// Somebody lets in whoever has asked for longest.
    LetIn(Who),
    /// Somebody turns away whoever has asked for longest.
    TurnAway(Who),
    /// Somebody ends the room for everybody.
    Purge(Who),
}

impl Deed {
    /// Does it.
    pub fn by(self, people: &mut impl People) {
        match self {
            Self::Say(who, lines) => {
                let page = people.place(who);
                (0..lines).for_each(|_| people.say(page));
            }
            Self::Whisper(who, to) => people.whisper(people.place(who), people.place(to)),
            Self::Join(who) => people.join(people.place(who)),
            Self::Return(who) => people.return_from_end(people.place(who)),
            Self::Leave(who) => people.press(people.place(who), room::Msg::PressedLeave),
            Self::ClosePage(who) => people.close_page(people.place(who)),
            Self::Kick(who, whom) => {
                people.press_on(people.place(who), people.place(whom), room::Msg::PressedKick);
            }
            Self::HandOver(who, to) => {
                people.press_on(people.place(who), people.place(to), room::Msg::PressedHandOver);
            }
            Self::Renew(who) => {
                people.press_and_confirm(people.place(who), room::Msg::PressedRenew);
            }
            Self::Door(who, door) => people.press(people.place(who), room::Msg::ChoseDoor(door)),
            Self::Moderation(who, rule) => {
                people.press(people.place(who), room::Msg::ChoseModeration(rule));
            }
            Self::LetIn(who) => {
                people.press_on_asking(people.place(who), room::Msg::PressedLetIn);
            }
            Self::TurnAway(who) => {
                people.press_on_asking(people.place(who), room::Msg::PressedTurnAway);
            }
            Self::Purge(who) => {
                people.press_and_confirm(people.place(who), room::Msg::PressedStop);
            }
        }
    }
}

/// Somebody.
pub fn who() -> impl Strategy<Value = Who> {
    0..PEOPLE_MAX
}

/// Something that somebody does, by how often people do it.
pub fn deed() -> impl Strategy<Value = Deed> {
    let door = select(vec![DoorPolicy::Open, DoorPolicy::Ask, DoorPolicy::Ask, DoorPolicy::Locked]);
    let moderation = select(vec![Moderation::Host, Moderation::Everyone]);
    let lines = prop_oneof![6 => Just(1_u8), 2 => 2_u8..9];
    prop_oneof![
        20 => (who(), lines).prop_map(|(who, lines)| Deed::Say(who, lines)),
        6 => (who(), who()).prop_map(|(who, to)| Deed::Whisper(who, to)),
        9 => who().prop_map(Deed::Join),
        2 => who().prop_map(Deed::Return),
        2 => who().prop_map(Deed::Leave),
        1 => who().prop_map(Deed::ClosePage),
        4 => (who(), who()).prop_map(|(who, whom)| Deed::Kick(who, whom)),
        2 => (who(), who()).prop_map(|(who, to)| Deed::HandOver(who, to)),
        2 => who().prop_map(Deed::Renew),
        4 => (who(), door).prop_map(|(who, door)| Deed::Door(who, door)),
        1 => (who(), moderation).prop_map(|(who, rule)| Deed::Moderation(who, rule)),
        3 => who().prop_map(Deed::LetIn),
        1 => who().prop_map(Deed::TurnAway),
        1 => who().prop_map(Deed::Purge),
    ]
}
