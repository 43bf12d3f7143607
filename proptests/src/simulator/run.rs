//! Runs a plan: everybody comes in, the steps happen, everything is well again, and the invariants
//! judge all the while. In the end all leave, and nothing may be left of them.

use std::fmt;
use std::io;
use std::time::Duration;

use sanctuary_client::Msg;
use sanctuary_engine::StartError;
use sanctuary_protocol::Text;
use sanctuary_protocol::admin::{AdminReply, AdminRequest};
use tokio::runtime::Builder;

use super::invariants::{
    a_failure_costs_what_it_may, always, everybody_agrees, nobody_is_stuck, nothing_is_left,
    the_server_keeps_its_bounds,
};
use super::page::{Road, Watch};
use super::panics;
use super::plan::{Act, Network, Part, Plan, Step};
use super::record::Record;
use super::server::Unanswered;
use super::socket::Leads;
use super::tally::{Fault, Tally};
use super::world::World;
use crate::people::judgement::{Judged, Violation, check};
use crate::people::{People as _, Who};

/// How long everybody has to come in at first: a few commits.
const ENTERING: Duration = Duration::from_secs(4);

/// How long until everything is well again once everything can be: as the hostile relay's runs have
/// it, the longest intervals of a page that lost the group, and the door.
const RECOVERING: Duration = Duration::from_secs(24 + 16 + 9 * 24 + 20);

/// How often the lobby is made to fail: once more than the server stands up again.
const LOBBY_FAILURES: u32 = 6;

/// What happened in a run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Runs.
    pub runs: u64,
    /// Steps taken.
    pub steps: u64,
    /// Seconds that passed for the pages and the server.
    pub seconds: u64,
    /// Rooms started.
    pub rooms: u64,
    /// Stays in a room.
    pub stays: u64,
    /// Lines typed.
    pub lines: u64,
    /// Lines shown.
    pub shown: u64,
    /// What was injected, and what came of it.
    pub tally: Tally,
}

impl Report {
    /// Adds another's.
    pub fn add(&mut self, other: &Self) {
        self.runs += other.runs;
        self.steps += other.steps;
        self.seconds += other.seconds;
        self.rooms += other.rooms;
        self.stays += other.stays;
        self.lines += other.lines;
        self.shown += other.shown;
        self.tally.add(&other.tally);
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

/// Runs a plan, and records its every decision.
///
/// # Errors
/// The first invariant that does not hold.
pub fn run(plan: &Plan) -> (Result<Report, Failed>, Record) {
    panics::begin();
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    let failed = |violation| (Err(Failed { step: 0, violation }), Record::default());
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return failed(of_the_machine(error)),
    };
    let world = runtime.block_on(World::new(plan.people, plan.bounds));
    let mut world = match world {
        Ok(world) => world,
        Err(error) => return failed(not_started(error)),
    };
    let mut step = 0;
    let outcome = runtime.block_on(async {
        live(&mut world, plan, &mut step).await?;
        Ok(report(&world, plan))
    });
    // Whoever was still at work ends here, and may panic as it does.
    drop(runtime);
    let outcome = outcome.and_then(|report| {
        let panics = panics::count();
        check("nothing_panics_by_itself", panics == 0, || format!("{panics} panics"))?;
        Ok(report)
    });
    (outcome.map_err(|violation| Failed { step, violation }), world.record)
}

async fn live(world: &mut World, plan: &Plan, at: &mut usize) -> Judged {
    for page in 0..world.pages().min(plan.inside.into()) {
        world.join(page);
        settle(world).await?;
    }
    wait(world, ENTERING).await?;
    for (number, step) in plan.steps.iter().enumerate() {
        *at = number;
        world.note(format_args!("step {number}: {step:?}"));
        take(world, step).await?;
        world.count_burned();
        always(world)?;
    }
    *at = plan.steps.len();
    conclude(world).await
}

async fn take(world: &mut World, step: &Step) -> Judged {
    match *step {
        Step::Do(deed) => deed.by(world),
        Step::Gather => {
            for page in 0..world.pages() {
                world.join(page);
                settle(world).await?;
            }
        }
        Step::Chatter(lines) => {
            for page in 0..world.pages() {
                (0..lines).for_each(|_| world.say(page));
            }
        }
        Step::Start(who) => world.join_by(world.place(who), ""),
        Step::OpenOld(who, back) => {
            let links = &world.links;
            let link = links.iter().nth_back(usize::from(back)).cloned().unwrap_or_default();
            world.join_by(world.place(who), &link);
        }
        Step::Carry(hops) => {
            for _ in 0..hops {
                world.hop().await.map_err(not_started)?;
            }
        }
        Step::Settle => {
            settle(world).await?;
            the_server_keeps_its_bounds(world).await?;
        }
        Step::Wait(seconds) => wait(world, Duration::from_secs(seconds.into())).await?,
        Step::Network(who, what) => change(world, who, what),
        Step::Fail(part) => {
            settle(world).await?;
            world.count_failure(part);
            a_failure_costs_what_it_may(world, part).await?;
        }
        Step::FailAt(taker, after) => world.server.fail_at(taker, after),
        Step::SpendLobby => {
            for _ in 0..LOBBY_FAILURES {
                world.server.fail(Part::Lobby);
                world.hop().await.map_err(not_started)?;
            }
            settle(world).await?;
        }
        Step::Operate(act) => {
            operate(world, act).await?;
        }
        Step::Kill => {
            world.tally.fault(Fault::Killed);
            world.cut_all();
            world.server.die().await;
            world.count_hang_ups();
            world.server.start_again().await.map_err(not_started)?;
        }
    }
    Ok(())
}

fn change(world: &mut World, who: Who, what: Network) {
    let page = world.place(who);
    let is_connected = world.pages[page].socket.is_some();
    let keeps_the_door = world.room(page).is_some_and(|room| {
        let session = room.session();
        session.view().committer == session.me()
    });
    let here = &mut world.pages[page];
    let fault = match what {
        Network::Hold => {
            let is_new = std::mem::replace(&mut here.road, Road::Held) == Road::Clear;
            (is_connected && is_new).then_some(Fault::SlowReader)
        }
        Network::Release => {
            here.road = Road::Clear;
            None
        }
        Network::Sleep => {
            let is_new = std::mem::replace(&mut here.watch, Watch::Asleep) == Watch::Awake;
            is_new.then_some(if keeps_the_door {
                Fault::DoorkeeperAsleep
            } else {
                Fault::PageAsleep
            })
        }
        Network::Wake => {
            wake(world, page);
            None
        }
        Network::Cut(loss) => {
            world.cut(page, loss);
            is_connected.then_some(Fault::Cut(loss))
        }
        Network::Deafen => here.socket.as_mut().map(|(_, socket)| {
            socket.leads = Leads::Nowhere;
            Fault::HalfOpen
        }),
        Network::SetClock(by) => {
            here.clock += i64::from(by);
            here.clock = here.clock.clamp(-500_000, 500_000);
            Some(Fault::ClockJump)
        }
    };
    if let Some(fault) = fault {
        world.tally.fault(fault);
    }
}

fn wake(world: &mut World, page: usize) {
    if world.pages[page].watch == Watch::Asleep {
        world.pages[page].watch = Watch::Awake;
        world.tell(page, Msg::Woke);
    }
}

async fn operate(world: &mut World, act: Act) -> Judged {
    if world.server.is_stopping() {
        return Ok(());
    }
    let request = match act {
        Act::Purge => {
            let rooms = world.server.handles().await;
            let Some(room) = rooms.ok().and_then(|rooms| rooms.first().copied()) else {
                return Ok(());
            };
            AdminRequest::Purge { room, reason: Text::try_from("enough".to_owned()).ok() }
        }
        Act::PurgeIdle(seconds) => AdminRequest::PurgeIdle { older_seconds: seconds.into() },
        Act::PurgeAll => AdminRequest::PurgeAll { reason: None },
        Act::Notice => match Text::try_from("it will rain".to_owned()) {
            Ok(text) => AdminRequest::Notice { text },
            Err(_) => return Ok(()),
        },
        Act::Refuse => AdminRequest::Admit { admitting: false },
        Act::Admit => AdminRequest::Admit { admitting: true },
        Act::Drain(within) => AdminRequest::Drain { in_seconds: within.map(u64::from) },
        Act::Stop => AdminRequest::Stop,
        Act::Panic => AdminRequest::Panic,
    };
    let answer = world.server.ask(&request).await;
    if !matches!(answer, Err(Unanswered) | Ok(AdminReply::Refused { .. })) {
        world.tally.act(act);
    }
    // A server that has ended meanwhile answers nobody.
    let is_answered = answer != Err(Unanswered) || world.server.end().is_some();
    check("the_operator_is_answered", is_answered, || format!("{request:?}"))
}

/// Everything can be well again: the network carries, everybody is awake and let in.
async fn conclude(world: &mut World) -> Judged {
    for page in 0..world.pages() {
        world.pages[page].road = Road::Clear;
        wake(world, page);
    }
    settle(world).await?;
    operate(world, Act::Admit).await?;
    wait(world, RECOVERING).await?;
    always(world)?;
    everybody_agrees(world)?;
    nobody_is_stuck(world).await?;
    always(world)?;
    the_server_keeps_its_bounds(world).await?;
    nothing_is_left(world).await?;
    world.count_hang_ups();
    Ok(())
}

pub(super) async fn settle(world: &mut World) -> Judged {
    world.settle().await.map_err(not_started)
}

pub(super) async fn wait(world: &mut World, by: Duration) -> Judged {
    world.wait(by).await.map_err(not_started)
}

fn not_started(error: StartError) -> Violation {
    Violation { invariant: "a_server_starts", what: error.to_string() }
}

fn of_the_machine(error: io::Error) -> Violation {
    Violation { invariant: "this_machine_has_a_runtime", what: error.to_string() }
}

fn report(world: &World, plan: &Plan) -> Report {
    Report {
        runs: 1,
        steps: plan.steps.len() as u64,
        seconds: world.elapsed().as_secs(),
        rooms: world.rooms_started(),
        stays: world.ledger.stays.len() as u64,
        lines: world.ledger.lines.len() as u64,
        shown: world.ledger.stays.iter().map(|stay| stay.shown.len() as u64).sum(),
        tally: world.tally.clone(),
    }
}
