//! `stats`: show what the server has done since it started, once or again and again.

use std::io::{self, IsTerminal};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use sanctuary_protocol::admin::{AdminReply, AdminRequest, ServerStats};

use super::{Argument, Flag, Value, Verb};
use crate::command::{Command, ParseError};
use crate::perform::{Desk, Failure, Format};
use crate::show::{bytes, duration, list};
use crate::words::Words;

const EVERY: &str = "--every";

/// Lines after which the columns are named again.
const HEAD_EVERY: usize = 20;

pub(super) const VERB: Verb = Verb {
    word: "stats",
    also: &[],
    argument: Argument::None,
    flags: &[Flag {
        name: EVERY,
        value: Value::Span,
        summary: "again and again, that far apart; at a terminal, Enter ends it",
    }],
    summary: "show what it has done since it started",
    details: "Counts that only grow, and what the process takes of the machine. With --every, a\n\
              line each time, with what came since the line before; Enter ends it. With --json,\n\
              an object a line, for a script that watches.",
    read,
};

fn read(words: &mut Words<'_>) -> Result<Command, ParseError> {
    let every = words.span(EVERY)?;
    if every == Some(Duration::ZERO) {
        return Err(words.wrong_span(EVERY));
    }
    Ok(Command::Stats { every })
}

pub(super) fn perform(desk: &mut Desk<'_>, every: Option<Duration>) -> Result<(), Failure> {
    let Some(every) = every else {
        return desk.answer(&AdminRequest::Stats, |reply| match reply {
            AdminReply::Stats(stats) => Some(words(stats)),
            _ => None,
        });
    };
    let mut before: Option<ServerStats> = None;
    for line in 0_usize.. {
        if desk.format == Format::Json {
            desk.answer(&AdminRequest::Stats, |_| None)?;
        } else {
            let stats = desk.ask(&AdminRequest::Stats, |reply| match reply {
                AdminReply::Stats(stats) => Some(stats),
                _ => None,
            })?;
            if line % HEAD_EVERY == 0 {
                desk.write(HEAD)?;
            }
            desk.write(&row(&stats, before.as_ref(), every))?;
            before = Some(stats);
        }
        if is_ended_within(every) {
            break;
        }
    }
    Ok(())
}

/// Waits; says whether somebody pressed Enter meanwhile. Where nobody can, it only waits.
fn is_ended_within(every: Duration) -> bool {
    let input = io::stdin();
    if !input.is_terminal() {
        thread::sleep(every);
        return false;
    }
    let wait = Timespec {
        tv_sec: i64::try_from(every.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: every.subsec_nanos().into(),
    };
    let mut watched = [PollFd::new(&input, PollFlags::IN)];
    let is_pressed = poll(&mut watched, Some(&wait)).is_ok_and(|ready| ready > 0);
    if is_pressed {
        // Taken off, or the prompt would take it for a command.
        let _ = input.read_line(&mut String::new());
    }
    is_pressed
}

fn words(stats: &ServerStats) -> String {
    let hung_up = stats.hung_up;
    list(&[
        ("up", duration(stats.uptime_seconds)),
        ("rooms", format!("{}, {} so far", stats.rooms, stats.rooms_opened)),
        (
            "connections",
            format!(
                "{}, {} so far, {} turned away",
                stats.connections, stats.connections_opened, stats.connections_turned_away
            ),
        ),
        ("received", format!("{} frames, {}", stats.frames_received, bytes(stats.bytes_received))),
        ("held", bytes(stats.retained_bytes)),
        (
            "hung up on",
            format!(
                "{} too slow, {} too fast, {} idle, {} not understood",
                hung_up.too_slow, hung_up.too_fast, hung_up.idle, hung_up.protocol_error
            ),
        ),
        ("failures", stats.failures.to_string()),
        ("memory", bytes(stats.resident_bytes)),
        ("processor", format!("{} s", stats.processor_milliseconds / 1_000)),
        ("open files", stats.open_files.to_string()),
    ])
}

const HEAD: &str = "     up   rooms   conns  frames/s   bytes/s      held    memory   cpu\n";

/// A line of what is, and what came since the line before.
fn row(stats: &ServerStats, before: Option<&ServerStats>, every: Duration) -> String {
    let rate = |count: fn(&ServerStats) -> u64| match before {
        Some(before) => per_second(count(stats).saturating_sub(count(before)), every),
        None => 0,
    };
    let frames = rate(|stats| stats.frames_received);
    let received = rate(|stats| stats.bytes_received);
    // Of a thousand milliseconds a second.
    let busy = rate(|stats| stats.processor_milliseconds) / 10;
    format!(
        "{:>7} {:>7} {:>7} {:>9} {:>9} {:>9} {:>9} {:>4}%\n",
        duration(stats.uptime_seconds),
        stats.rooms,
        stats.connections,
        frames,
        bytes(received),
        bytes(stats.retained_bytes),
        bytes(stats.resident_bytes),
        busy
    )
}

fn per_second(count: u64, every: Duration) -> u64 {
    let milliseconds = every.as_millis().max(1);
    u64::try_from(u128::from(count) * 1_000 / milliseconds).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use sanctuary_protocol::admin::HangUps;

    use super::*;

    fn stats(frames_received: u64) -> ServerStats {
        ServerStats {
            uptime_seconds: 75,
            rooms: 2,
            connections: 9,
            retained_bytes: 2_048,
            resident_bytes: 12 * 1_048_576,
            open_files: 20,
            processor_milliseconds: 500 + frames_received,
            rooms_opened: 31,
            connections_opened: 400,
            connections_turned_away: 3,
            frames_received,
            bytes_received: frames_received * 512,
            hung_up: HangUps { too_slow: 1, too_fast: 2, idle: 3, protocol_error: 4 },
            failures: 0,
        }
    }

    #[test]
    fn counts_stand_by_what_they_count() {
        let expected = "\
up           1m
rooms        2, 31 so far
connections  9, 400 so far, 3 turned away
received     100 frames, 50 KiB
held         2 KiB
hung up on   1 too slow, 2 too fast, 3 idle, 4 not understood
failures     0
memory       12 MiB
processor    0 s
open files   20
";
        assert_eq!(words(&stats(100)), expected);
    }

    #[test]
    fn a_line_says_what_came_since_the_one_before() {
        let every = Duration::from_secs(2);
        let first = row(&stats(100), None, every);
        let second = row(&stats(300), Some(&stats(100)), every);
        assert_eq!(
            HEAD.to_owned() + &first + &second,
            "     up   rooms   conns  frames/s   bytes/s      held    memory   cpu
     1m       2       9         0       0 B     2 KiB    12 MiB    0%
     1m       2       9       100    50 KiB     2 KiB    12 MiB   10%
"
        );
    }
}
