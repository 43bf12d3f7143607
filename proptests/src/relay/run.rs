//! Runs a plan: everybody comes in, the steps happen, the server becomes honest, and the invariants
//! judge all the while.

use std::fmt;
use std::time::Duration;

use sanctuary_client::Msg;
use sanctuary_protocol::EntryKind;

use super::evidence::Tally;
use super::invariants::{
    Moment, always, every_genuine_line_is_read, every_lie_is_found_out, nobody_is_stuck,
    there_is_one_group,
};
use super::lie::sealed_of;
use super::page::{Road, Watch};
use super::plan::{Lie, Plan, Ring, Step};
use super::world::World;
use crate::people::People as _;
use crate::people::judgement::Violation;

/// How long everybody has to come in at first: a few commits.
const ENTERING: Duration = Duration::from_secs(4);

/// The longest wait between heartbeats of so few members, and as long as a page waits before it tries
/// a lost connection again: by then every lie must have been found out by whoever can still read the
/// others. Whoever was cut off from the group by it finds out when it has come in again.
const FINDING_OUT: Duration = Duration::from_secs(24 + 16);

/// By then nobody may be stuck any more. A page that lost the group waits five of its heartbeats for
/// those who are said to be here and are not, finds twice that it can read nobody, and comes in
/// again: the longest intervals, and the door.
const RECOVERING: Duration = Duration::from_secs(9 * 24 + 20 - 40);

/// What happened in a run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Steps taken.
    pub steps: u64,
    /// Lines typed.
    pub lines: u64,
    /// Lines shown.
    pub shown: u64,
    /// Stays in a room.
    pub stays: u64,
    /// Stays that were shown the server to be dishonest.
    pub suspicious: u64,
    /// Lies told.
    pub lies: Tally,
}

impl Report {
    /// Adds another run's.
    pub fn add(&mut self, other: &Self) {
        self.steps += other.steps;
        self.lines += other.lines;
        self.shown += other.shown;
        self.stays += other.stays;
        self.suspicious += other.suspicious;
        for (kind, count) in &other.lies {
            *self.lies.entry(*kind).or_default() += count;
        }
    }
}

/// A plan that went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// After which step, from 0; past the last for what is judged in the end.
    pub step: usize,
    /// What was wrong.
    pub violation: Violation,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "after step {}: {}", self.step, self.violation)
    }
}

/// Runs a plan.
///
/// # Errors
/// The first invariant that does not hold.
pub fn run(plan: &Plan) -> Result<Report, Failed> {
    let mut world = World::new(plan.people, plan.ring);
    let is_splicing = |step: &Step| matches!(step, Step::Lie(Lie::Splice(..)));
    let foreign = if plan.steps.iter().any(is_splicing) { another_room() } else { vec![] };
    enter(&mut world);
    let failed = |step| move |violation| Failed { step, violation };
    for (number, step) in plan.steps.iter().enumerate() {
        take(&mut world, step, &foreign);
        always(&world).map_err(failed(number))?;
    }
    let end = plan.steps.len();
    conclude(&mut world).map_err(failed(end))?;
    Ok(report(&world, plan))
}

fn enter(world: &mut World) {
    for page in 0..world.pages.len() {
        world.join(page);
        world.settle();
    }
    world.wait(ENTERING);
}

/// What the server knows of another room.
fn another_room() -> Vec<EntryKind> {
    let mut world = World::new(2, Ring::Large);
    enter(&mut world);
    for page in 0..2 {
        world.say(page);
    }
    world.settle();
    sealed_of(&world)
}

fn take(world: &mut World, step: &Step, foreign: &[EntryKind]) {
    match *step {
        Step::Do(deed) => deed.by(world),
        Step::Carry(who, frames) => {
            let page = world.place(who);
            for _ in 0..frames {
                world.carry_out(page);
                world.carry_in(page);
            }
        }
        Step::Settle => world.settle(),
        Step::Wait(seconds) => world.wait(Duration::from_secs(seconds.into())),
        Step::Hold(who) => set_road(world, who, Road::Held),
        Step::Release(who) => set_road(world, who, Road::Clear),
        Step::Sleep(who) => {
            let page = world.place(who);
            world.pages[page].watch = Watch::Asleep;
        }
        Step::Wake(who) => wake(world, world.place(who)),
        Step::Cut(who, loss) => world.cut(world.place(who), loss),
        Step::Deafen(who) => world.deafen(world.place(who)),
        Step::Garbage(who, garbage) => world.send_garbage(world.place(who), garbage),
        Step::Lie(lie) => world.lie(lie, foreign),
    }
}

fn set_road(world: &mut World, who: u8, road: Road) {
    let page = world.place(who);
    world.pages[page].road = road;
}

fn wake(world: &mut World, page: usize) {
    if world.pages[page].watch == Watch::Asleep {
        world.pages[page].watch = Watch::Awake;
        world.tell(page, Msg::Woke);
    }
}

/// The server is honest, everything arrives, everybody is awake.
fn conclude(world: &mut World) -> Result<(), Violation> {
    world.server.come_clean();
    world.sort_mail();
    for page in 0..world.pages.len() {
        world.pages[page].road = Road::Clear;
        wake(world, page);
    }
    world.wait(FINDING_OUT);
    always(world)?;
    every_lie_is_found_out(world, Moment::OneInterval)?;
    world.wait(RECOVERING);
    always(world)?;
    every_lie_is_found_out(world, Moment::TheEnd)?;
    there_is_one_group(world)?;
    every_genuine_line_is_read(world)?;
    nobody_is_stuck(world)?;
    always(world)
}

fn report(world: &World, plan: &Plan) -> Report {
    let mut lies = Tally::new();
    for told in &world.server.told {
        *lies.entry(told.kind).or_default() += 1;
    }
    Report {
        steps: plan.steps.len() as u64,
        lines: world.ledger.lines.len() as u64,
        shown: world.ledger.stays.iter().map(|stay| stay.shown.len() as u64).sum(),
        stays: world.ledger.stays.len() as u64,
        suspicious: world.ledger.suspicious().count() as u64,
        lies,
    }
}
