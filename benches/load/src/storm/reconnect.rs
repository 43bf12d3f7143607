//! Everybody's connection is cut at once, as by a proxy that is started again, and everybody comes back
//! as a page does: half a second later, and then with growing patience. First each has an address of
//! its own; then many share one, as behind an office's router.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use anyhow::{Result, ensure};

use super::{Findings, Storm};
use crate::crowd::Crowd;
use crate::dice::Dice;
use crate::house::House;
use crate::message::Dialect;
use crate::talk::nanoseconds;
use crate::town::{Count, Errand, Standing, Town};

pub(super) const ROOMS: usize = 200;
pub(super) const MEMBERS: usize = 10;

/// Rooms of those who share an address: as many people as one address may have connections, but for a
/// few.
const ROOMS_OF_AN_OFFICE: usize = 25;

/// On the way at once while everybody comes in for the first time.
const COMING_MAX: usize = 64;

/// How a page waits (`client/src/room/connection.rs`): at first, at most, and for an answer.
const RETRY: Duration = Duration::from_millis(500);
const RETRY_MAX: Duration = Duration::from_secs(15);
const DIAL: Duration = Duration::from_secs(20);

/// How long everything may take together before it is given up.
const PATIENCE: Duration = Duration::from_secs(240);

/// How long to look for news at a time.
const TURN: Duration = Duration::from_millis(2);

/// Where everybody is in the end, by when.
struct Returns {
    /// Seconds since the cut, in order.
    after: Vec<f64>,
}

pub(super) fn pass(storm: &Storm, findings: &mut Findings) -> Result<()> {
    let each_its_own = |person: usize| {
        let [.., high, low] = (person as u32).to_be_bytes();
        IpAddr::from(Ipv4Addr::new(198, 18, high, low))
    };
    let office = |_person: usize| IpAddr::from(Ipv4Addr::new(192, 0, 2, 1));
    cut_all(storm, &[], ROOMS, &each_its_own, findings)?;
    cut_all(storm, &[], ROOMS_OF_AN_OFFICE, &office, findings)?;
    let wide = ["--address-burst=256".to_owned()];
    cut_all(storm, &wide, ROOMS_OF_AN_OFFICE, &office, findings)
}

/// `address` is whom a proxy names when somebody comes back; at first everybody has its own.
fn cut_all(
    storm: &Storm,
    flags: &[String],
    rooms: usize,
    address: &dyn Fn(usize) -> IpAddr,
    findings: &mut Findings,
) -> Result<()> {
    let proxy = ["--trusted-proxy=127.0.0.1".to_owned()];
    let house = House::open(&storm.sanctuary, &[&proxy, flags].concat())?;
    println!("{house}");
    let mut operator = house.operator()?;
    let crowd = Crowd::new(house.server.address(), Dialect::Sanctuary)?;
    let mut town = people(crowd, rooms);
    for (person, somebody) in town.people.iter_mut().enumerate() {
        let [.., high, low] = (person as u32).to_be_bytes();
        somebody.forwarded = Some(Ipv4Addr::new(10, 0, high, low).into());
    }
    come_in(&mut town)?;
    let all = town.people.len();
    say_a_line_each(&mut town)?;
    let before = operator.stats()?;
    town.count = Count::default();
    for person in 0..all {
        town.people[person].forwarded = Some(address(person));
        town.cut(person)?;
    }
    let cut_at = town.now();
    let returns = await_return(&mut town, cut_at)?;
    say_a_line_each(&mut town)?;
    let after = operator.stats()?;
    let Count { connects, resumed, gaps, lost, turned_away, refused, .. } = &town.count;
    let opened = after.connections_opened - before.connections_opened;
    println!(
        "{all} cut at once: back after {}; {connects} tries, {opened} connections taken; \
         {} turned away by the server's count; {turned_away:?}; refused {refused:?}",
        returns.told(),
        after.connections_turned_away - before.connections_turned_away,
    );
    findings.expect("everybody is back in its seat", *resumed == all as u64);
    findings.expect("nothing was lost, doubled or out of order", *gaps == 0 && *lost == 0);
    findings.expect("no seat was refused", refused.is_empty());
    let only_too_often = turned_away.keys().all(|line| line.contains(" 429 "));
    findings.expect("nobody was turned away but as too often", only_too_often);
    findings.expect("no part failed", after.failures == 0);
    Ok(())
}

/// So many rooms of people, nobody of whom is anywhere yet.
pub(super) fn people(crowd: Crowd, rooms: usize) -> Town {
    let mut dice = Dice::new(1);
    let ids = (0..rooms).map(|_| dice.room_id()).collect();
    Town::new(crowd, ids, MEMBERS)
}

/// Everybody comes in, the hosts first.
pub(super) fn come_in(town: &mut Town) -> Result<()> {
    let (hosts, guests): (Vec<_>, Vec<_>) =
        (0..town.people.len()).partition(|person| person % MEMBERS == 0);
    for (errand, people) in [(Errand::Create, hosts), (Errand::Knock, guests)] {
        for person in people {
            town.enter(person, errand.clone())?;
            let has_space = |town: &Town| town.coming() < COMING_MAX;
            until(town, "everybody comes in", has_space)?;
        }
        until(town, "everybody is in", |town| town.coming() == 0)?;
    }
    ensure!(town.seated() == town.people.len(), "not all came in: {:?}", town.count);
    Ok(())
}

/// Everybody says a line, which all hear.
pub(super) fn say_a_line_each(town: &mut Town) -> Result<()> {
    let all = town.people.len();
    for person in 0..all {
        town.say(person, 256)?;
    }
    let posts = town.count.posts + (all * MEMBERS) as u64;
    until(town, "all have heard all", |town| town.count.posts >= posts && town.is_level())
}

fn await_return(town: &mut Town, cut_at: u64) -> Result<Returns> {
    let mut after = Vec::new();
    let mut is_back = vec![false; town.people.len()];
    while after.len() < is_back.len() {
        ensure!(
            town.now() - cut_at < nanoseconds(PATIENCE),
            "{} of {} came back: {:?}",
            after.len(),
            is_back.len(),
            town.count
        );
        retry(town)?;
        town.turn(TURN)?;
        let now = town.now();
        for (person, is_back) in town.people.iter().zip(&mut is_back) {
            if !*is_back && matches!(person.standing, Standing::Seated { .. }) {
                *is_back = true;
                after.push((now - cut_at) as f64 / 1e9);
            }
        }
    }
    Ok(Returns { after })
}

/// Whoever is away tries again when its wait is over, and gives up a try that nobody answers.
pub(super) fn retry(town: &mut Town) -> Result<()> {
    let now = town.now();
    for person in 0..town.people.len() {
        match &town.people[person].standing {
            Standing::Away { since, tries, .. } => {
                let wait = RETRY.saturating_mul(1 << (*tries).min(8)).min(RETRY_MAX);
                if now >= since + nanoseconds(wait) {
                    town.come_back(person);
                }
            }
            Standing::Coming { since, .. } if now >= since + nanoseconds(DIAL) => {
                town.cut(person)?;
            }
            Standing::Coming { .. } | Standing::Seated { .. } | Standing::Out => {}
        }
    }
    Ok(())
}

/// Doors are kept until it holds.
fn until(town: &mut Town, what: &str, holds: impl Fn(&Town) -> bool) -> Result<()> {
    let begun = town.now();
    while !holds(town) {
        ensure!(town.now() - begun < nanoseconds(PATIENCE), "never: {what}: {:?}", town.count);
        town.keep_doors()?;
        town.turn(TURN)?;
    }
    Ok(())
}

impl Returns {
    fn told(&self) -> String {
        let at = |share: f64| {
            let place = (self.after.len() as f64 * share).ceil() as usize;
            self.after.get(place.max(1) - 1).copied().unwrap_or_default()
        };
        format!("{:.2} s (half), {:.2} s (99 of 100), {:.2} s (all)", at(0.5), at(0.99), at(1.0))
    }
}
