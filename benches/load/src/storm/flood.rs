//! Sockets that send ten times what they may, and connect again whenever they are hung up on, while
//! honest rooms talk. Quiet and flood take turns in one run, so that what the machine does meanwhile
//! meets both alike; the median of the ratios is judged.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Result, anyhow};
use rustix::process::setpriority_process;

use super::honest::Honest;
use super::{Findings, Storm};
use crate::crowd::{Crowd, ReceiveBuffer};
use crate::dice::Dice;
use crate::house::House;
use crate::ledger::{Faults, Layout};
use crate::message::Dialect;
use crate::town::{Errand, Standing, Town};

const HONEST: Layout = Layout { rooms: 50, members: 5, senders: 5 };
const PER_SECOND: u32 = 500;
const PAYLOAD_BYTES: usize = 256;

/// Sockets that flood, each in a room of its own: every other one by frames, the others by bytes.
const FLOODERS: usize = 50;

/// Ten times 40 frames a second, of a line each; and ten times 64 KiB a second, in the longest posts.
const FRAMES: Flood = Flood { bytes: 256, every: Duration::from_micros(2_500) };
const BYTES: Flood = Flood { bytes: 20_000, every: Duration::from_micros(30_517) };

/// How long each stretch is measured, and how long it goes on before.
const STRETCH: Duration = Duration::from_secs(5);
const BEFORE: Duration = Duration::from_secs(1);

/// How much later the honest may be heard.
const RATIO_MAX: f64 = 2.0;

/// The flooders' steps: so short that what is due in one does not keep the honest from the core that
/// both have.
const STEP: Duration = Duration::from_micros(200);

/// The flooders give way to the honest.
const NICENESS: i32 = 10;

/// A seat that nobody comes back to must not keep a room, of which each flooder starts several a
/// second.
const FLAGS: [&str; 1] = ["--seat-wait=5"];

#[derive(Clone, Copy)]
struct Flood {
    bytes: usize,
    every: Duration,
}

pub(super) fn pass(storm: &Storm, findings: &mut Findings) -> Result<()> {
    let house = House::open_apart(&storm.sanctuary, &FLAGS.map(str::to_owned))?;
    println!("{house}");
    let mut operator = house.operator()?;
    let pace = (PER_SECOND, PAYLOAD_BYTES);
    let mut honest = Honest::gather(&house, HONEST, pace, |_| ReceiveBuffer::System)?;
    let (raging, over) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let address = house.server.address();
    let flooders = {
        let (raging, over) = (raging.clone(), over.clone());
        thread::spawn(move || rage(Crowd::new(address, Dialect::Sanctuary)?, &raging, &over))
    };
    let mut ratios = Vec::new();
    for round in 1..=storm.rounds {
        honest.go_on(BEFORE)?;
        let quiet = honest.timed(STRETCH)?;
        raging.store(true, Ordering::Relaxed);
        honest.go_on(BEFORE)?;
        let (before, used) = (operator.stats()?, house.server.processor_time()?);
        let noisy = honest.timed(STRETCH)?;
        let after = operator.stats()?;
        let used = house.server.processor_time()?.saturating_sub(used);
        raging.store(false, Ordering::Relaxed);
        let seconds = (STRETCH + STRETCH / 10).as_secs_f64();
        let each_second = |before: u64, after: u64| (after - before) as f64 / seconds;
        println!(
            "round {round}: half within {:.0} and {:.0} µs, 99 of 100 within {:.0} and {:.0} µs: {:.2} ×; \
             a second of flood: {:.0} frames taken, {:.0} hung up on as too fast, {:.2} s of processor",
            quiet.half,
            noisy.half,
            quiet.most,
            noisy.most,
            noisy.most / quiet.most,
            each_second(before.frames_received, after.frames_received),
            each_second(before.hung_up.too_fast, after.hung_up.too_fast),
            used.as_secs_f64() / seconds,
        );
        ratios.push(noisy.most / quiet.most);
    }
    over.store(true, Ordering::Relaxed);
    let said = flooders.join().map_err(|_panic| anyhow!("the flooders failed"))??;
    ratios.sort_by(f64::total_cmp);
    let median = ratios[ratios.len() / 2];
    let faults = honest.faults(0..HONEST.receivers())?;
    let stats = operator.stats()?;
    println!("{said} posts flooded; median of {} ratios: {median:.2} ×", ratios.len());
    findings.expect("99 of 100 came within twice the quiet time", median <= RATIO_MAX);
    findings.expect("honest rooms lost nothing", faults == Faults::default());
    findings.expect("nobody honest was cut off", honest.talk.crowd.down() == 0);
    let hung_up = stats.hung_up.too_fast >= FLOODERS as u64;
    findings.expect("who floods was hung up on, again and again", hung_up);
    findings.expect("no part failed", stats.failures == 0);
    Ok(())
}

/// Floods whenever it is to, until it is over. Says how much was sent.
fn rage(crowd: Crowd, raging: &AtomicBool, over: &AtomicBool) -> Result<u64> {
    // Of this thread alone; where the system does not let it, the honest are only measured worse.
    let _ = setpriority_process(None, NICENESS);
    let mut dice = Dice::new(2);
    let ids = (0..FLOODERS).map(|_| dice.room_id()).collect();
    let mut town = Town::new(crowd, ids, 1);
    let mut due = vec![0_u64; FLOODERS];
    while !over.load(Ordering::Relaxed) {
        let is_raging = raging.load(Ordering::Relaxed);
        for (person, due) in due.iter_mut().enumerate() {
            let flood = if person % 2 == 0 { FRAMES } else { BYTES };
            match town.people[person].standing {
                Standing::Coming { .. } => {}
                Standing::Seated { .. } if is_raging => {
                    let now = town.now();
                    while *due <= now {
                        town.say(person, flood.bytes)?;
                        *due += flood.every.as_nanos() as u64;
                    }
                }
                Standing::Out if is_raging => {
                    town.replace(person, dice.room_id());
                    town.enter(person, Errand::Create)?;
                    // Each floods by itself, and not in step with the others.
                    *due = town.now() + dice.within(0..=flood.every.as_nanos() as u64);
                }
                // It was hung up on, or is to be quiet: the next time it is somebody else.
                Standing::Seated { .. } | Standing::Away { .. } => town.vanish(person)?,
                Standing::Out => {}
            }
        }
        town.turn(STEP)?;
    }
    Ok(town.count.said)
}
