//! What happens in a run, as data: what people do, what the network does, what members send who are
//! up to no good, and what the server lies. Knows nothing of how any of it is done.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::people::{Deed, PEOPLE_MAX, Who, deed, who};

/// A run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many pages there are. The first of them starts the room, and all others join it, before
    /// anything else happens.
    pub people: u8,
    /// How much the server keeps for those who are away.
    pub ring: Ring,
    /// What happens then.
    pub steps: Vec<Step>,
}

/// How much the server keeps for those who are away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ring {
    /// As much as by default: nothing is missed.
    Large,
    /// A few posts: whoever is away misses some, and is told so.
    Small,
}

/// One thing that happens.
#[derive(Clone, Debug)]
pub enum Step {
    /// Somebody does something.
    Do(Deed),
    /// So many frames go each way between somebody and the server.
    Carry(Who, u8),
    /// Everything arrives.
    Settle,
    /// So many seconds pass.
    Wait(u8),
    /// Nothing arrives at somebody, nor from them, until it is released.
    Hold(Who),
    /// What was held goes on.
    Release(Who),
    /// Somebody's page freezes.
    Sleep(Who),
    /// Somebody's page is looked at again.
    Wake(Who),
    /// Somebody's socket breaks.
    Cut(Who, Loss),
    /// Somebody's socket stands and leads nowhere any more.
    Deafen(Who),
    /// A member sends something that is no client's.
    Garbage(Who, Garbage),
    /// The server lies.
    Lie(Lie),
}

/// What a breaking socket takes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Nothing.
    Nothing,
    /// What was on its way from the server.
    Down,
    /// What was on its way in both directions.
    Both,
}

/// What a member sends that is no client's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Garbage {
    /// A post of noise.
    Noise,
    /// A post that somebody else sent, from so far back.
    Stolen(u8),
    /// A post that claims an epoch to come.
    Future,
    /// A commit of noise that changes no seat.
    Commit,
    /// A commit of noise that puts somebody out.
    Evicting(Who),
    /// A commit of noise that lets in whoever is at the door.
    Admitting,
    /// Noise to whoever is at the door.
    Door,
    /// Other rules, without the members' commit.
    Lock,
    /// Another host, without the members' commit.
    HandOver(Who),
}

/// To whom the server lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// To one; the others are told something else.
    One(Who),
    /// To all alike.
    All,
}

/// How well a lie is covered up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Craft {
    /// The numbers of the order stay as they were.
    Crude,
    /// The order is numbered anew for whoever is lied to, from there on and for ever.
    Sly,
}

/// A lie of the server's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// Leave the next entry out.
    Drop(Who, Craft),
    /// Tell the next entry twice.
    Duplicate(Who, Craft),
    /// Tell the next two entries the other way round.
    Swap(Who, Craft),
    /// Change a byte of the next post or commit.
    Flip(Who, u8),
    /// Tell the next post with a changed byte first, and then as it is.
    FlipBefore(Who, u8),
    /// Tell the next post in somebody else's name.
    Relabel(Who, Who),
    /// Tell that the next post was not kept.
    Shed(Who),
    /// Tell again what was told so far back.
    Replay(Whom, u8),
    /// Tell a post or commit of another room in a member's name.
    Splice(Whom, Who, u8),
    /// Tell something made up in a member's name.
    Forge(Whom, Who, Forgery),
    /// Tell something about a member that is the server's to say, and not so.
    Pretend(Whom, Who, Pretence),
    /// Answer the next one to take a seat, or to take it again, falsely.
    Misopen(Who, Misopening),
    /// Change a byte of the next word through the door to somebody outside, or of its welcome.
    FlipDoor(Who, u8),
    /// Tell of a knock that nobody made.
    ForgeKnock(Who),
    /// Change a byte of the next word through the door from somebody outside.
    FlipAnswer(Who, u8),
    /// Say nothing of the next post of a member.
    SwallowPost(Who),
    /// Say nothing of the next commit of a member.
    SwallowCommit(Who),
    /// When this one is put out, keep it from learning so, and go on telling it everything.
    Harbour(Who),
    /// Change a byte of the next frame to somebody, whatever it is.
    Mangle(Who, u8),
}

/// What is made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgery {
    /// A post of noise.
    Noise,
    /// A post of an epoch to come.
    Future,
    /// A commit of noise.
    Commit,
    /// A commit of noise that puts the member after this one out.
    Evicting,
}

/// What is the server's to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pretence {
    /// Its connection is down.
    Gone,
    /// It is back.
    Back,
    /// It left.
    Left,
    /// It was away too long.
    Expired,
    /// It is host.
    Host,
    /// It keeps the door.
    Committer,
    /// It changed the rules.
    Policy,
}

/// What an opening lies about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Misopening {
    /// Somebody has no seat.
    SeatMissing,
    /// Somebody who has never been has one.
    SeatAdded,
    /// Who is there is gone.
    Presence,
    /// Who is host.
    Host,
    /// Who keeps the door.
    Committer,
    /// The rules.
    Policy,
    /// The head.
    Head,
    /// How far the order has come.
    Seq,
}

/// Whether a plan has people who send garbage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Company {
    /// All use their pages as they are.
    Honest,
    /// Some do not.
    Mixed,
}

/// A plan without a lie: whatever the network and the members do, the server is honest.
pub fn honest_plan(company: Company, steps: usize) -> BoxedStrategy<Plan> {
    let garbage = match company {
        Company::Honest => 0,
        Company::Mixed => 14,
    };
    plan(
        prop_oneof![60 => deed().prop_map(Step::Do), 40 => network(), garbage => member_garbage()]
            .boxed(),
        steps,
    )
}

/// A plan in which the server lies.
pub fn hostile_plan(steps: usize) -> BoxedStrategy<Plan> {
    let step = prop_oneof![
        50 => deed().prop_map(Step::Do),
        24 => network(),
        3 => member_garbage(),
        23 => lie().prop_map(Step::Lie),
    ];
    plan(step.boxed(), steps)
}

fn plan(step: BoxedStrategy<Step>, steps: usize) -> BoxedStrategy<Plan> {
    let ring = prop_oneof![5 => Just(Ring::Large), 1 => Just(Ring::Small)];
    (2..=PEOPLE_MAX, ring, vec(step, 1..=steps))
        .prop_map(|(people, ring, steps)| Plan { people, ring, steps })
        .boxed()
}

fn network() -> impl Strategy<Value = Step> {
    let loss = select(vec![Loss::Nothing, Loss::Down, Loss::Both]);
    prop_oneof![
        12 => (who(), 1_u8..4).prop_map(|(who, frames)| Step::Carry(who, frames)),
        10 => Just(Step::Settle),
        8 => prop_oneof![6 => 1_u8..4, 1 => 20_u8..60].prop_map(Step::Wait),
        3 => who().prop_map(Step::Hold),
        3 => who().prop_map(Step::Release),
        2 => who().prop_map(Step::Sleep),
        3 => who().prop_map(Step::Wake),
        4 => (who(), loss).prop_map(|(who, loss)| Step::Cut(who, loss)),
        2 => who().prop_map(Step::Deafen),
    ]
}

fn member_garbage() -> impl Strategy<Value = Step> {
    let garbage = prop_oneof![
        3 => Just(Garbage::Noise),
        3 => (0_u8..8).prop_map(Garbage::Stolen),
        3 => Just(Garbage::Future),
        3 => Just(Garbage::Commit),
        2 => who().prop_map(Garbage::Evicting),
        2 => Just(Garbage::Admitting),
        1 => Just(Garbage::Door),
        1 => Just(Garbage::Lock),
        1 => who().prop_map(Garbage::HandOver),
    ];
    // Never the first, so that somebody honest has the room to talk in.
    (1..PEOPLE_MAX, garbage).prop_map(|(who, garbage)| Step::Garbage(who, garbage))
}

fn lie() -> impl Strategy<Value = Lie> {
    let craft = || select(vec![Craft::Crude, Craft::Sly, Craft::Sly]);
    let whom = || prop_oneof![3 => who().prop_map(Whom::One), 1 => Just(Whom::All)];
    let forgery = select(vec![Forgery::Noise, Forgery::Future, Forgery::Commit, Forgery::Evicting]);
    use Misopening as Mis;
    use Pretence as Pre;
    let pretence = select(vec![
        Pre::Gone,
        Pre::Back,
        Pre::Left,
        Pre::Expired,
        Pre::Host,
        Pre::Committer,
        Pre::Policy,
    ]);
    let misopening = select(vec![
        Mis::SeatMissing,
        Mis::SeatAdded,
        Mis::Presence,
        Mis::Host,
        Mis::Committer,
        Mis::Policy,
        Mis::Head,
        Mis::Seq,
    ]);
    prop_oneof![
        4 => (who(), craft()).prop_map(|(who, craft)| Lie::Drop(who, craft)),
        4 => (who(), craft()).prop_map(|(who, craft)| Lie::Duplicate(who, craft)),
        4 => (who(), craft()).prop_map(|(who, craft)| Lie::Swap(who, craft)),
        3 => (who(), any::<u8>()).prop_map(|(who, byte)| Lie::Flip(who, byte)),
        4 => (who(), any::<u8>()).prop_map(|(who, byte)| Lie::FlipBefore(who, byte)),
        2 => (who(), who()).prop_map(|(who, name)| Lie::Relabel(who, name)),
        2 => who().prop_map(Lie::Shed),
        4 => (whom(), 0_u8..12).prop_map(|(whom, back)| Lie::Replay(whom, back)),
        3 => (whom(), who(), any::<u8>()).prop_map(|(whom, from, which)| Lie::Splice(whom, from, which)),
        4 => (whom(), who(), forgery).prop_map(|(whom, from, what)| Lie::Forge(whom, from, what)),
        5 => (whom(), who(), pretence).prop_map(|(whom, who, what)| Lie::Pretend(whom, who, what)),
        4 => (who(), misopening).prop_map(|(who, what)| Lie::Misopen(who, what)),
        2 => (who(), any::<u8>()).prop_map(|(who, byte)| Lie::FlipDoor(who, byte)),
        1 => who().prop_map(Lie::ForgeKnock),
        9 => (who(), any::<u8>()).prop_map(|(who, byte)| Lie::FlipAnswer(who, byte)),
        3 => who().prop_map(Lie::SwallowPost),
        3 => who().prop_map(Lie::SwallowCommit),
        4 => who().prop_map(Lie::Harbour),
        1 => (who(), any::<u8>()).prop_map(|(who, byte)| Lie::Mangle(who, byte)),
    ]
}
