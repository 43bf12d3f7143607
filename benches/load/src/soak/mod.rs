//! `sanctuary-load soak`: many rooms for a long time, in which people come, talk, are cut off, return
//! and go at a steady rate. Whatever the server holds must be as much at the end as it was for as many
//! people before, and nothing once all have gone.

mod churn;
mod record;
mod verdict;
mod watch;

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, ensure};
use sanctuary_protocol::ClientFrame;

use crate::Outcome;
use crate::crowd::Crowd;
use crate::dice::Dice;
use crate::house::House;
use crate::message::Dialect;
use crate::town::{Count, Standing, Town};
use churn::Churn;
use record::{Record, brief};
use verdict::{Course, Verdict};
use watch::{Look, Watch};

/// People of a room.
const MEMBERS: usize = 5;

/// Seconds that a seat waits: less than by default, so that what waits is as much after two minutes as
/// it is after twenty.
const SEAT_WAIT: Duration = Duration::from_secs(60);

/// Longer than anything that a seat's end brings about.
const SEAT_WAIT_MOST: Duration = Duration::from_secs(75);

/// Part of the run after which memory is judged: rooms are of all ages by then, and tables have found
/// their sizes.
const WARM_UP_PART: f64 = 0.2;

/// Between two looks at the server.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Looks from one line to the next.
const LOOKS_A_LINE: usize = 12;

/// Looks from one roll call to the next.
const LOOKS_A_ROLL: usize = 60;

/// Milliseconds within which everybody comes in.
const COMING_IN: u64 = 30_000;

/// The longest that nothing is looked at.
const TURN_MAX: Duration = Duration::from_millis(20);

/// Many rooms for a long time: memory, descriptors and actors must not grow.
#[derive(clap::Args)]
pub(crate) struct Soak {
    /// How long people come and go
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=10_080))]
    minutes: u64,

    /// Rooms at a time, of five people each
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    rooms: u64,

    /// What chance is drawn from
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Where to write all that was looked at, as CSV
    #[arg(long, value_name = "FILE")]
    samples: Option<PathBuf>,

    /// Our server
    #[arg(long, value_name = "PROGRAM", default_value = "target/release/sanctuary")]
    sanctuary: PathBuf,
}

/// Runs it, prints what it sees, and says whether all held.
///
/// # Errors
/// When the server fails, or its numbers and ours differ where they may not.
pub(crate) fn perform(soak: &Soak) -> Result<Outcome> {
    let Soak { minutes, rooms, seed, samples, sanctuary } = soak;
    let house = House::open(sanctuary, &[format!("--seat-wait={}", SEAT_WAIT.as_secs())])?;
    println!("{house}; {rooms} rooms of {MEMBERS}, {minutes} minutes, seed {seed}");
    let mut watch = Watch::over(&house.server, house.operator()?)?;
    let crowd = Crowd::new(house.server.address(), Dialect::Sanctuary)?;
    let mut dice = Dice::new(*seed);
    let ids = (0..*rooms).map(|_| dice.room_id()).collect();
    let mut town = Town::new(crowd, ids, MEMBERS);
    let mut churn = Churn::new(dice, &town, COMING_IN);
    let mut record = Record::new(samples.as_deref())?;
    let looks_to_take = *minutes as usize * LOOKS_A_LINE;
    println!("alone: {}", brief(&watch.alone));
    for taken in 1..=looks_to_take {
        let until = town.now() + LOOK_EVERY.as_nanos() as u64;
        live(&mut town, &mut churn, until)?;
        record.take(watch.look()?, taken % LOOKS_A_LINE == 0)?;
        if taken % LOOKS_A_ROLL == 0 {
            let rooms = settle(&mut town, &churn)?;
            let look = watch.call_the_roll(&mut town, rooms)?;
            println!("roll call: {}", brief(&look));
        }
    }
    println!("{}", told(&town.count));
    let verdict = Verdict::over(&record.looks, *minutes as f64 * WARM_UP_PART);
    match &verdict {
        Some(verdict) => println!("{verdict}"),
        None => println!("too short to judge memory"),
    }
    let left = go(&mut town, &mut watch)?;
    println!("all gone: {}", brief(&left));
    ensure!(left.retained == 0, "{} bytes are still retained", left.retained);
    ensure!(left.failures == 0, "{} parts of the server failed", left.failures);
    let Count { gaps, lost, .. } = town.count;
    ensure!(gaps == 0, "{gaps} entries had not the next place");
    ensure!(lost == 0, "{lost} members were hung up on without a reason");
    let is_flat = verdict.is_none_or(|verdict| verdict.course == Course::Flat);
    Ok(if is_flat { Outcome::Whole } else { Outcome::Partial })
}

/// People come and go until then.
fn live(town: &mut Town, churn: &mut Churn, until: u64) -> Result<()> {
    while town.now() < until {
        churn.strike(town)?;
        town.keep_doors()?;
        let next = churn.due().min(until).saturating_sub(town.now());
        town.turn(Duration::from_nanos(next).min(TURN_MAX))?;
    }
    Ok(())
}

/// Whoever is on the way turns back, so that nobody moves. Says how many rooms there may be.
fn settle(town: &mut Town, churn: &Churn) -> Result<RangeInclusive<u64>> {
    for person in 0..town.people.len() {
        if matches!(town.people[person].standing, Standing::Coming { .. }) {
            town.cut(person)?;
        }
    }
    let seated = |room: usize| {
        let is_there = |standing: &Standing| matches!(standing, Standing::Seated { .. });
        town.people.iter().any(|person| person.room == room && is_there(&person.standing))
    };
    let inhabited = (0..town.rooms.len()).filter(|room| seated(*room)).count() as u64;
    let long_ago = town.now().saturating_sub(SEAT_WAIT_MOST.as_nanos() as u64);
    let abandoned = churn.abandoned.iter().filter(|at| **at >= long_ago).count() as u64;
    Ok(inhabited..=town.rooms.len() as u64 + abandoned)
}

/// Everybody leaves; whoever is away stays away, until the last seat has waited long enough.
fn go(town: &mut Town, watch: &mut Watch<'_>) -> Result<Look> {
    for person in 0..town.people.len() {
        match town.people[person].standing {
            Standing::Seated { .. } => town.send(person, &ClientFrame::Leave)?,
            Standing::Coming { .. } | Standing::Away { .. } | Standing::Out => {
                town.vanish(person)?;
            }
        }
    }
    let until = town.now() + SEAT_WAIT_MOST.as_nanos() as u64;
    while town.now() < until && (town.seated() > 0 || watch.look()?.rooms > 0) {
        town.turn(Duration::from_millis(200))?;
    }
    watch.call_the_roll(town, 0..=0)
}

/// What people did, and what became of it.
fn told(count: &Count) -> String {
    let Count { connects, opened, joined, resumed, said, heard, gaps, lost, .. } = count;
    let Count { turned_away, refused, closed, .. } = count;
    format!(
        "{connects} connections, {opened} rooms, {joined} joins, {resumed} returns, {said} posts, \
         {heard} entries heard, {gaps} out of place, {lost} lost\nturned away {turned_away:?}\n\
         refused {refused:?}\nclosed {closed:?}"
    )
}
