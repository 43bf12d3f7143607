//! Replies in words: aligned tables, durations and sizes a person reads at a glance. Pure, from
//! values to text; it prints nothing itself.

use sanctuary_protocol::admin::{RoomSummary, ServerStatus};

use crate::verb::{TABLE, Verb};

/// What the prompt opens with.
pub fn greeting(status: &ServerStatus, socket: &str) -> String {
    format!(
        "sanctuary {} at {socket}: {}. `help` lists the commands, Ctrl-D leaves.\n",
        printable(&status.version),
        count(status.rooms.into(), "room"),
    )
}

/// Every command, a line each.
pub fn help() -> String {
    let usages: Vec<[String; 2]> =
        TABLE.iter().map(|verb| [verb.usage(), verb.summary.to_owned()]).collect();
    let width = usages.iter().map(|[usage, _]| usage.len()).max().unwrap_or(0);
    usages.iter().map(|[usage, summary]| format!("{usage:width$}  {summary}\n")).collect()
}

/// One command, explained.
pub fn help_with(verb: &Verb) -> String {
    let also = match verb.also {
        [] => String::new(),
        words => format!(" (also: {})", words.join(", ")),
    };
    let flags: String = verb
        .flags
        .iter()
        .map(|flag| format!("  {} {}  {}\n", flag.name, flag.value.shape(), flag.summary))
        .collect();
    let flags = if flags.is_empty() { flags } else { format!("\n{flags}") };
    format!("{}{also}\n  {}\n{flags}\n{}\n", verb.usage(), verb.summary, indented(verb.details))
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
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '?' } else { character }).collect()
}

/// A number with its noun.
pub(crate) fn count(number: u64, noun: &str) -> String {
    match number {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        number => format!("{number} {noun}s"),
    }
}

/// How many rooms, and how many are in them.
pub(crate) fn rooms_and_members(rooms: &[RoomSummary]) -> String {
    let members = count(rooms.iter().map(members_of).sum(), "member");
    format!("{} with {members}", count(rooms.len() as u64, "room"))
}

/// Connected or gone.
pub(crate) fn members_of(room: &RoomSummary) -> u64 {
    u64::from(room.members_live) + u64::from(room.members_gone)
}

/// How many of each.
pub(crate) fn connected_and_gone(live: u32, gone: u32) -> String {
    match gone {
        0 => format!("{live} connected"),
        gone => format!("{live} connected, {gone} gone"),
    }
}

/// Names to the left, values to the right of them.
pub(crate) fn list(rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    rows.iter().map(|(name, value)| format!("{name:width$}  {value}\n")).collect()
}

/// Columns as wide as their widest cell: the first to the left, numbers to the right.
pub(crate) fn table<const COLUMNS: usize>(lines: &[[String; COLUMNS]]) -> String {
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
    use super::*;

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
    fn help_covers_every_command() {
        for verb in &TABLE {
            assert!(help().contains(&verb.usage()), "{verb:?}");
            assert!(help_with(verb).contains(verb.summary), "{verb:?}");
        }
        for line in help().lines() {
            assert!(line.chars().count() <= 100, "{line}");
        }
    }
}
