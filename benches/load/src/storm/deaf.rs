//! Members that never read, in rooms where others talk: each is hung up on, the others lose nothing,
//! and what waits for the deaf stays within the bound of all that is retained.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::honest::Honest;
use super::{Findings, Storm};
use crate::crowd::ReceiveBuffer;
use crate::house::House;
use crate::ledger::{Faults, Layout};
use crate::usage;

/// 200 deaf in all.
const LAYOUT: Layout = Layout { rooms: 20, members: 15, senders: 5 };

/// Each of those who talk says three such a second: three quarters of the bytes that it may send.
const PER_SECOND: u32 = 300;
const PAYLOAD_BYTES: usize = 16 * 1024;

/// What the system keeps unread for the deaf: little, so that the server notices soon.
const BUFFER: ReceiveBuffer = ReceiveBuffer::Bytes(32 * 1024);

/// Between two looks at the server.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// How long it may take until the last of them was hung up on.
const PATIENCE: Duration = Duration::from_secs(180);

/// All retained frames, by default.
const RETAINED_MAX: u64 = 64 * 1024 * 1024;

pub(super) fn pass(storm: &Storm, findings: &mut Findings) -> Result<()> {
    let house = House::open(&storm.sanctuary, &[])?;
    println!("{house}");
    let mut operator = house.operator()?;
    let is_deaf = |receiver: usize| receiver % LAYOUT.members >= LAYOUT.senders;
    let deaf: Vec<usize> = (0..LAYOUT.receivers()).filter(|it| is_deaf(*it)).collect();
    let hearing = (0..LAYOUT.receivers()).filter(|it| !is_deaf(*it));
    let buffer_of = |it| if is_deaf(it) { BUFFER } else { ReceiveBuffer::System };
    let mut honest = Honest::gather(&house, LAYOUT, (PER_SECOND, PAYLOAD_BYTES), buffer_of)?;
    for connection in &deaf {
        honest.talk.crowd.stop_reading(*connection)?;
    }
    let before = usage::status(house.server.process())?;
    let (mut retained_most, mut rss_most) = (0, before.rss);
    let begun = Instant::now();
    let mut last = None;
    while last.is_none() && begun.elapsed() < PATIENCE {
        honest.go_on(LOOK_EVERY)?;
        let stats = operator.stats()?;
        retained_most = retained_most.max(stats.retained_bytes);
        rss_most = rss_most.max(usage::status(house.server.process())?.rss);
        last = (stats.hung_up.too_slow >= deaf.len() as u64).then(|| begun.elapsed());
    }
    // The server waits for their end, too.
    while operator.stats()?.connections as usize > LAYOUT.receivers() - deaf.len()
        && begun.elapsed() < PATIENCE
    {
        honest.go_on(LOOK_EVERY)?;
    }
    let faults = honest.faults(hearing.clone())?;
    let stats = operator.stats()?;
    let mebibytes = |bytes: u64| bytes as f64 / 1024.0 / 1024.0;
    println!(
        "{} deaf: the last was hung up on after {:.1} s; retained at most {:.1} MiB; RSS {:.1} MiB \
         before, {:.1} at most; {:?}; those who read: {faults:?}",
        deaf.len(),
        last.unwrap_or(PATIENCE).as_secs_f64(),
        mebibytes(retained_most),
        mebibytes(before.rss),
        mebibytes(rss_most),
        stats.hung_up,
    );
    let too_slow = stats.hung_up.too_slow;
    findings.expect("each of the deaf was hung up on, and nobody else", too_slow == 200);
    let left = stats.connections as usize;
    findings.expect("nobody of those who read was cut off", left == hearing.count());
    findings.expect("those who read lost nothing", faults == Faults::default());
    let in_bounds = retained_most <= RETAINED_MAX + RETAINED_MAX / 10;
    findings
        .expect("retained stayed within its 64 MiB, and a tenth for what is on its way", in_bounds);
    let rss_grew = rss_most.saturating_sub(before.rss);
    findings.expect("RSS grew by no more than twice that", rss_grew <= 2 * RETAINED_MAX);
    findings.expect("no part failed", stats.failures == 0);
    Ok(())
}
