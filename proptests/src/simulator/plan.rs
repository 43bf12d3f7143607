//! What happens in a run, as data. Knows nothing of how any of it is done.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use sanctuary_engine::fault::Taker;

use crate::people::{Deed, PEOPLE_MAX, Who, deed, who};

/// A run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many pages there are.
    pub people: u8,
    /// How many of them come in before anything else happens: the first starts a room, the others
    /// join it.
    pub inside: u8,
    /// How large the server's bounds are.
    pub bounds: Bounds,
    /// What happens then.
    pub steps: Vec<Step>,
}

/// How large the server's bounds are, and the buffers of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounds {
    /// As they are by default: nothing is ever full.
    Ample,
    /// So that few people reach them.
    Tight,
}

/// One thing that happens.
#[derive(Clone, Debug)]
pub enum Step {
    /// Somebody does something.
    Do(Deed),
    /// Everybody who is outside opens the newest link, one after the other.
    Gather,
    /// Everybody who is inside says so many lines.
    Chatter(u8),
    /// Somebody who is outside starts a room of its own.
    Start(Who),
    /// Somebody who is outside opens a link from so far back.
    OpenOld(Who, u8),
    /// So much happens as fits into so many milliseconds.
    Carry(u8),
    /// Everything arrives.
    Settle,
    /// So many seconds pass.
    Wait(u8),
    /// Something happens to the network or a machine.
    Network(Who, Network),
    /// A part of the server panics, now.
    Fail(Part),
    /// A part of the server panics at the message that comes after so many others.
    FailAt(Taker, u8),
    /// The lobby panics until the server gives up.
    SpendLobby,
    /// The operator does something.
    Operate(Act),
    /// The server is killed, and started again.
    Kill,
}

/// Something that happens to somebody's network or machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// Nothing arrives at somebody, nor from them, until it is released: a reader that takes nothing.
    Hold,
    /// What was held goes on.
    Release,
    /// Its page freezes.
    Sleep,
    /// Its page is looked at again.
    Wake,
    /// Its socket breaks.
    Cut(Loss),
    /// Its socket stands and leads nowhere any more, at either end.
    Deafen,
    /// Its clock is set, by so many seconds.
    SetClock(i32),
}

/// What a breaking socket takes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// Nothing.
    Nothing,
    /// What was on its way from the server.
    Down,
    /// What was on its way in both directions.
    Both,
}

/// A part of the server that panics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The oldest room; at a later message, whichever takes that.
    Room,
    /// The member that has been in the oldest room for longest.
    Member,
    /// The lobby.
    Lobby,
}

/// Something the operator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// End the oldest room.
    Purge,
    /// End the rooms that have been quiet for so many seconds.
    PurgeIdle(u8),
    /// End all rooms.
    PurgeAll,
    /// Say something to everybody.
    Notice,
    /// Let nobody in.
    Refuse,
    /// Let people in again.
    Admit,
    /// Stop when the last room has ended, or after so many seconds.
    Drain(Option<u8>),
    /// Stop.
    Stop,
    /// End everything at once.
    Panic,
}

/// A plan of so many steps at most.
pub fn plan(steps: usize) -> BoxedStrategy<Plan> {
    let bounds = prop_oneof![Just(Bounds::Ample), Just(Bounds::Tight)];
    (2..=PEOPLE_MAX, 1..=PEOPLE_MAX, bounds, vec(step(), 1..=steps))
        .prop_map(|(people, inside, bounds, steps)| Plan { people, inside, bounds, steps })
        .boxed()
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        120 => deed().prop_map(Step::Do),
        8 => Just(Step::Gather),
        6 => (2_u8..9).prop_map(Step::Chatter),
        10 => who().prop_map(Step::Start),
        4 => (who(), 0_u8..4).prop_map(|(who, back)| Step::OpenOld(who, back)),
        24 => (1_u8..6).prop_map(Step::Carry),
        16 => Just(Step::Settle),
        16 => prop_oneof![6 => 1_u8..4, 2 => 20_u8..60].prop_map(Step::Wait),
        40 => (who(), network()).prop_map(|(who, what)| Step::Network(who, what)),
        4 => part().prop_map(Step::Fail),
        3 => (1_u8..24).prop_map(|after| Step::FailAt(Taker::Room, after)),
        // It takes few messages.
        3 => (0_u8..3).prop_map(|after| Step::FailAt(Taker::Lobby, after)),
        1 => Just(Step::SpendLobby),
        6 => act().prop_map(Step::Operate),
        1 => Just(Step::Kill),
    ]
}

fn network() -> impl Strategy<Value = Network> {
    let loss = select(vec![Loss::Nothing, Loss::Down, Loss::Both]);
    prop_oneof![
        6 => Just(Network::Hold),
        4 => Just(Network::Release),
        3 => Just(Network::Sleep),
        4 => Just(Network::Wake),
        6 => loss.prop_map(Network::Cut),
        3 => Just(Network::Deafen),
        2 => (-100_000_i32..100_000).prop_map(Network::SetClock),
    ]
}

fn part() -> impl Strategy<Value = Part> {
    select(vec![Part::Room, Part::Member, Part::Member, Part::Lobby, Part::Lobby])
}

fn act() -> impl Strategy<Value = Act> {
    let span = prop_oneof![Just(None), (1_u8..40).prop_map(Some)];
    prop_oneof![
        2 => Just(Act::Purge),
        2 => (0_u8..60).prop_map(Act::PurgeIdle),
        1 => Just(Act::PurgeAll),
        4 => Just(Act::Notice),
        2 => Just(Act::Refuse),
        3 => Just(Act::Admit),
        1 => span.prop_map(Act::Drain),
        1 => Just(Act::Stop),
        1 => Just(Act::Panic),
    ]
}
