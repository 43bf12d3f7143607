//! The server is killed and started again under everybody: each comes back by itself, and is told that
//! its seat, and then that its room, is no more. What a page says to a person then is proven with real
//! client cores (`proptests/tests/killed`) and in a browser (`web/tests/browser/connection.rs`).

use std::time::Duration;

use anyhow::{Result, ensure};
use sanctuary_protocol::Refusal;

use super::reconnect::{ROOMS, come_in, people, retry, say_a_line_each};
use super::{Findings, Storm};
use crate::crowd::Crowd;
use crate::house::House;
use crate::message::Dialect;
use crate::talk::nanoseconds;
use crate::town::{Count, Errand, Standing, Town};

/// How long nobody is there: a service manager's wait before it starts a server again, and more.
const DOWN: Duration = Duration::from_secs(3);

/// How long it may take until all know: two of a page's longest waits, and much more.
const PATIENCE: Duration = Duration::from_secs(120);

const TURN: Duration = Duration::from_millis(2);

pub(super) fn pass(storm: &Storm, findings: &mut Findings) -> Result<()> {
    let mut house = House::open(&storm.sanctuary, &[])?;
    println!("{house}");
    let crowd = Crowd::new(house.server.address(), Dialect::Sanctuary)?;
    let mut town = people(crowd, ROOMS);
    come_in(&mut town)?;
    say_a_line_each(&mut town)?;
    let all = town.people.len();
    town.count = Count::default();
    house.kill();
    let killed_at = town.now();
    while town.now() - killed_at < nanoseconds(DOWN) {
        retry(&mut town)?;
        town.turn(TURN)?;
    }
    let nobody_in = town.seated() == 0;
    house.start_again()?;
    let started_at = town.now();
    let told = learn(&mut town, started_at)?;
    let seconds = (town.now() - started_at) as f64 / 1e9;
    let Count { connects, refused, turned_away, lost, .. } = &town.count;
    println!(
        "{all} under a server killed for {DOWN:?}: all know {seconds:.1} s after its start; \
         {connects} connections; refused {refused:?}; turned away {turned_away:?}"
    );
    findings.expect("whoever was inside saw its connection end", nobody_in && *lost == all as u64);
    findings.expect("each was told that its seat, and then that its room is no more", told == all);
    let stats = house.operator()?.stats()?;
    findings.expect("no room came back", stats.rooms == 0);
    come_in(&mut town)?;
    say_a_line_each(&mut town)?;
    findings.expect("everybody can start and join the same rooms again", town.count.gaps == 0);
    Ok(())
}

/// Everybody tries to take its seat; whose seat is no more, knocks. Says how many were told both.
fn learn(town: &mut Town, started_at: u64) -> Result<usize> {
    let mut told = 0;
    let mut seatless = vec![false; town.people.len()];
    while told < seatless.len() {
        ensure!(
            town.now() - started_at < nanoseconds(PATIENCE),
            "{told} of {} were told: {:?}",
            seatless.len(),
            town.count
        );
        retry(town)?;
        town.turn(TURN)?;
        for (person, seatless) in seatless.iter_mut().enumerate() {
            let somebody = &mut town.people[person];
            if somebody.standing != Standing::Out {
                continue;
            }
            match somebody.refused.take() {
                Some(Refusal::NoSuchSeat) => {
                    *seatless = true;
                    town.enter(person, Errand::Knock)?;
                }
                Some(Refusal::NotLive) if *seatless => told += 1,
                Some(other) => anyhow::bail!("somebody was refused: {other:?}"),
                None => {}
            }
        }
    }
    Ok(told)
}
