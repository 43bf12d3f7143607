//! Replies in words: aligned tables, durations and sizes a person reads at a glance. Pure, from
//! values to text; it prints nothing itself.

use sanctuary_protocol::admin::{RoomSummary, ServerStatus};

use crate::command::Verb;

/// The list of rooms.
pub fn rooms(rooms: &[RoomSummary]) -> String {
    if rooms.is_empty() {
        return "no room lives\n".to_owned();
    }
    let head = ["room", "members", "gone", "knocks", "age", "quiet", "entries", "held"];
    let mut lines = vec![head.map(str::to_owned)];
    lines.extend(rooms.iter().map(|room| {
        [
            room.room.to_string(),
            room.members_live.to_string(),
            room.members_gone.to_string(),
            room.knocks.to_string(),
            duration(room.age_seconds),
            duration(room.quiet_seconds),
            room.entries.to_string(),
            bytes(room.retained_bytes),
        ]
    }));
    table(&lines)
}

/// One room.
pub fn room(room: &RoomSummary) -> String {
    list(&[
        ("room", room.room.to_string()),
        ("members", connected_and_gone(room.members_live, room.members_gone)),
        ("knocks", room.knocks.to_string()),
        ("age", duration(room.age_seconds)),
        ("quiet", duration(room.quiet_seconds)),
        ("entries", room.entries.to_string()),
        ("held", bytes(room.retained_bytes)),
    ])
}

/// The server.
pub fn status(status: &ServerStatus) -> String {
    list(&[
        ("version", printable(&status.version)),
        ("up", duration(status.uptime_seconds)),
        ("rooms", format!("{} of {}", status.rooms, status.rooms_max)),
        ("members", connected_and_gone(status.members_live, status.members_gone)),
        ("connections", format!("{} of {}", status.connections, status.connections_max)),
        (
            "held",
            format!("{} of {}", bytes(status.retained_bytes), bytes(status.retained_bytes_max)),
        ),
        ("restarts", status.restarts.to_string()),
    ])
}

/// What the prompt opens with.
pub fn greeting(status: &ServerStatus, socket: &str) -> String {
    format!(
        "sanctuary {} at {socket}: {}. `help` lists the commands, Ctrl-D leaves.\n",
        printable(&status.version),
        count(status.rooms.into(), "room"),
    )
}

/// How many rooms a purge ended.
pub fn purged(rooms: u32) -> String {
    format!("{} ended\n", count(rooms.into(), "room"))
}

/// The question before a room is ended.
pub fn purge_question(room: &RoomSummary) -> String {
    let members = count(members_of(room), "member");
    format!(
        "End {} ({members}, {} old) for everybody in it? [y/N] ",
        room.room,
        duration(room.age_seconds)
    )
}

/// The question before every room is ended.
pub fn purge_all_question(rooms: &[RoomSummary]) -> String {
    let members = count(rooms.iter().map(members_of).sum(), "member");
    format!("End all: {} with {members}? [y/N] ", count(rooms.len() as u64, "room"))
}

/// Every command, a line each.
pub fn help() -> String {
    let usages: Vec<[String; 2]> =
        Verb::ALL.iter().map(|verb| [verb.usage(), verb.row().summary.to_owned()]).collect();
    let width = usages.iter().map(|[usage, _]| usage.len()).max().unwrap_or(0);
    usages.iter().map(|[usage, summary]| format!("{usage:width$}  {summary}\n")).collect()
}

/// One command, explained.
pub fn help_with(verb: Verb) -> String {
    let row = verb.row();
    let also = match row.also {
        [] => String::new(),
        words => format!(" (also: {})", words.join(", ")),
    };
    format!("{}{also}\n  {}\n\n{}\n", verb.usage(), row.summary, indented(row.details))
}

fn indented(text: &str) -> String {
    let lines: Vec<String> =
        text.lines().map(|line| format!("  {line}").trim_end().to_owned()).collect();
    lines.join("\n")
}

/// A span as its one or two largest units: `45s`, `3m`, `2h 5m`, `3d 4h`.
pub fn duration(seconds: u64) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    let two = |large: u64, large_unit: &str, small: u64, small_unit: &str| match small {
        0 => format!("{large}{large_unit}"),
        small => format!("{large}{large_unit} {small}{small_unit}"),
    };
    match seconds {
        0..MINUTE => format!("{seconds}s"),
        MINUTE..HOUR => format!("{}m", seconds / MINUTE),
        HOUR..DAY => two(seconds / HOUR, "h", seconds % HOUR / MINUTE, "m"),
        DAY.. => two(seconds / DAY, "d", seconds % DAY / HOUR, "h"),
    }
}

/// A size in binary units, to three digits: `512 B`, `1.5 KiB`, `64 MiB`.
pub fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
    // Tenths, rounded down, in whole numbers: a full store must never read as more than its bound.
    let mut tenths = u128::from(bytes) * 10;
    let mut unit = "B";
    for larger in UNITS {
        if tenths < 10_240 {
            break;
        }
        tenths /= 1024;
        unit = larger;
    }
    match (tenths / 10, tenths % 10) {
        (whole, tenth) if tenth != 0 && whole < 100 => format!("{whole}.{tenth} {unit}"),
        (whole, _) => format!("{whole} {unit}"),
    }
}

/// A server's own words with nothing in them that a terminal obeys.
fn printable(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '?' } else { character }).collect()
}

fn count(number: u64, noun: &str) -> String {
    match number {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        number => format!("{number} {noun}s"),
    }
}

fn members_of(room: &RoomSummary) -> u64 {
    u64::from(room.members_live) + u64::from(room.members_gone)
}

fn connected_and_gone(live: u32, gone: u32) -> String {
    match gone {
        0 => format!("{live} connected"),
        gone => format!("{live} connected, {gone} gone"),
    }
}

/// Names to the left, values to the right of them.
fn list(rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    rows.iter().map(|(name, value)| format!("{name:width$}  {value}\n")).collect()
}

/// Columns as wide as their widest cell: the first to the left, numbers to the right.
fn table<const COLUMNS: usize>(lines: &[[String; COLUMNS]]) -> String {
    let mut widths = [0; COLUMNS];
    for line in lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.len().max(*width);
        }
    }
    let mut text = String::new();
    for line in lines {
        for (column, (cell, width)) in line.iter().zip(widths).enumerate() {
            match column {
                0 => text.push_str(&format!("{cell:width$}")),
                _ => text.push_str(&format!("  {cell:>width$}")),
            }
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use sanctuary_protocol::admin::RoomHandle;

    use super::*;

    fn summary(room: u32, members_live: u32) -> RoomSummary {
        RoomSummary {
            room: RoomHandle(room),
            members_live,
            members_gone: 0,
            knocks: 0,
            age_seconds: 7_200,
            quiet_seconds: 190,
            entries: 1_204,
            retained_bytes: 12_288,
        }
    }

    #[test]
    fn rooms_stand_in_columns() {
        let expected = "\
room  members  gone  knocks  age  quiet  entries    held
r1          3     0       0   2h     3m     1204  12 KiB
r12        10     0       0   2h     3m     1204  12 KiB
";
        assert_eq!(rooms(&[summary(1, 3), summary(12, 10)]), expected);
        assert_eq!(rooms(&[]), "no room lives\n");
    }

    #[test]
    fn a_question_says_what_would_be_lost() {
        assert_eq!(
            purge_question(&summary(7, 3)),
            "End r7 (3 members, 2h old) for everybody in it? [y/N] "
        );
        assert_eq!(
            purge_all_question(&[summary(1, 3), summary(2, 1)]),
            "End all: 2 rooms with 4 members? [y/N] "
        );
        assert_eq!(purge_all_question(&[summary(1, 1)]), "End all: 1 room with 1 member? [y/N] ");
    }

    #[test]
    fn durations_read_at_a_glance() {
        let check = |seconds, expected: &str| assert_eq!(duration(seconds), expected, "{seconds}");
        check(0, "0s");
        check(59, "59s");
        check(60, "1m");
        check(3_599, "59m");
        check(3_600, "1h");
        check(7_500, "2h 5m");
        check(86_400, "1d");
        check(273_600, "3d 4h");
        check(u64::MAX, "213503982334601d 7h");
    }

    #[test]
    fn sizes_read_at_a_glance_and_never_more_than_they_are() {
        let check = |size, expected: &str| assert_eq!(bytes(size), expected, "{size}");
        check(0, "0 B");
        check(1_023, "1023 B");
        check(1_024, "1 KiB");
        check(1_536, "1.5 KiB");
        check(1_048_575, "1023 KiB");
        check(64 * 1_048_576, "64 MiB");
        check(u64::MAX, "16383 PiB");
    }

    #[test]
    fn a_servers_words_cannot_command_the_terminal() {
        let text = status(&ServerStatus {
            version: "1\u{1b}[2J\n".to_owned(),
            uptime_seconds: 1,
            rooms: 2,
            rooms_max: 2_000,
            members_live: 3,
            members_gone: 1,
            connections: 4,
            connections_max: 10_000,
            retained_bytes: 0,
            retained_bytes_max: 64 * 1_048_576,
            restarts: 0,
        });
        let expected = "\
version      1?[2J?
up           1s
rooms        2 of 2000
members      3 connected, 1 gone
connections  4 of 10000
held         0 B of 64 MiB
restarts     0
";
        assert_eq!(text, expected);
    }

    #[test]
    fn help_covers_every_command() {
        for verb in Verb::ALL {
            assert!(help().contains(&verb.usage()), "{verb:?}");
            assert!(help_with(verb).contains(verb.row().summary), "{verb:?}");
        }
    }
}
