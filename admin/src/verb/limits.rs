//! `limits`: show the bounds the server holds to.

use sanctuary_protocol::admin::{AdminReply, AdminRequest, ServerLimits};

use super::{Argument, Verb};
use crate::command::Command;
use crate::perform::{Desk, Failure};
use crate::show::{bytes, duration, list};

pub(super) const VERB: Verb = Verb {
    word: "limits",
    also: &[],
    argument: Argument::None,
    flags: &[],
    summary: "show the bounds the server holds to",
    details: "Each goes by the name it is set by: as a flag with two dashes before it, in\n\
              sanctuary.toml as it stands. `sanctuary --help` says what each is for.",
    read: |_| Ok(Command::Limits),
};

pub(super) fn perform(desk: &mut Desk<'_>) -> Result<(), Failure> {
    desk.answer(&AdminRequest::Limits, |reply| match reply {
        AdminReply::Limits(limits) => words(limits),
        _ => None,
    })
}

/// The fields by their names, which end in their units.
fn words(limits: &ServerLimits) -> Option<String> {
    let fields = serde_json::to_value(limits).ok()?;
    let rows = fields.as_object()?.iter().filter_map(|(field, value)| {
        let value = value.as_u64()?;
        let units = ["_seconds", "_milliseconds", "_bytes"];
        let unit = units.into_iter().find(|unit| field.ends_with(unit));
        let shown = match unit {
            Some("_seconds") => duration(value),
            Some("_milliseconds") => format!("{value} ms"),
            Some(_) => bytes(value),
            None => value.to_string(),
        };
        // Of these two the unit is the name's own end.
        let name = match unit {
            Some(_) if ["outbox_bytes", "ring_bytes"].contains(&field.as_str()) => field,
            Some(unit) => field.strip_suffix(unit)?,
            None => field,
        };
        Some((name.replace('_', "-"), shown))
    });
    let rows: Vec<_> = rows.collect();
    let rows: Vec<_> = rows.iter().map(|(name, shown)| (name.as_str(), shown.clone())).collect();
    Some(list(&rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bound_stands_by_its_flag() {
        let limits = ServerLimits {
            members_max: 64,
            knocks_max: 32,
            rooms_max: 2_000,
            connections_max: 10_000,
            retained_max_bytes: 64 * 1_048_576,
            outbox_frames: 256,
            outbox_bytes: 1_048_576,
            ring_bytes: 1_048_576,
            seat_wait_seconds: 600,
            host_wait_seconds: 30,
            knock_wait_seconds: 5,
            commit_wait_milliseconds: 1_000,
            idle_wait_seconds: 30,
            write_wait_seconds: 10,
            header_wait_seconds: 5,
            ping_interval_seconds: 20,
            frames_per_second: 40,
            frames_burst: 120,
            bytes_per_second: 65_536,
            bytes_burst: 524_288,
            address_burst: 60,
            address_refill_milliseconds: 500,
            address_connections_max: 256,
        };
        let words = words(&limits).unwrap();
        for line in [
            "members-max              64\n",
            "retained-max             64 MiB\n",
            "outbox-bytes             1 MiB\n",
            "seat-wait                10m\n",
            "commit-wait              1000 ms\n",
        ] {
            assert!(words.contains(line), "{line}{words}");
        }
        assert_eq!(words.lines().count(), 23);
    }
}
