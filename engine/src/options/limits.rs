//! The options that set bounds. What the bounds mean, and why their defaults are what they are, is in
//! `sanctuary_engine::limits`; must not repeat a default.

use std::time::Duration;

use clap::builder::RangedU64ValueParser;
use sanctuary_engine::limits::{Limits, RoomLimits};
use sanctuary_protocol::limits::{CLIENT_FRAME_BYTES_MAX, MEMBERS_MAX, SERVER_FRAME_BYTES_MAX};

const MEBIBYTE: usize = 1024 * 1024;

const GIBIBYTE: u64 = 1024 * 1024 * 1024;

/// As many rooms as one reply to the operator holds (`REPLY_LINE_BYTES_MAX`).
const ROOMS_MAX: u64 = 20_000;

/// A member that joins is sent a few frames in one turn of its room; an outbox must hold them.
const OUTBOX_FRAMES_LEAST: u64 = 16;

/// Open files kept from connections: listeners, the runtime's own, standard streams, and the
/// operator's socket, which must be reachable when all else is taken.
const OPEN_FILES_RESERVED: u64 = 64;

/// Bounds. The defaults are `Limits::default`'s.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitOptions {
    /// Members a room may hold
    #[arg(long, env = "SANCTUARY_MEMBERS_MAX", default_value_t = RoomLimits::default().members_max,
        value_parser = RangedU64ValueParser::<usize>::new().range(1..=MEMBERS_MAX as u64))]
    members_max: usize,

    /// Newcomers that may wait at one door
    #[arg(long, env = "SANCTUARY_KNOCKS_MAX", default_value_t = RoomLimits::default().knocks_max,
        value_parser = RangedU64ValueParser::<usize>::new().range(1..=MEMBERS_MAX as u64))]
    knocks_max: usize,

    /// Rooms that may live at once; the operator's list of them must fit into one reply
    #[arg(long, env = "SANCTUARY_ROOMS_MAX", default_value_t = Limits::default().rooms_max,
        value_parser = RangedU64ValueParser::<usize>::new().range(1..=ROOMS_MAX))]
    rooms_max: usize,

    /// Connections that may be open at once, each an open file [default: 10000, or what the limit of
    /// open files leaves]
    #[arg(long, env = "SANCTUARY_CONNECTIONS_MAX",
        value_parser = RangedU64ValueParser::<usize>::new().range(1..=1_000_000))]
    connections_max: Option<usize>,

    /// Mebibytes of sealed frames held for members who are slow or gone, all together
    #[arg(long, value_name = "MEBIBYTES", env = "SANCTUARY_RETAINED_MAX",
        default_value_t = Limits::default().retained_bytes_max / MEBIBYTE,
        value_parser = RangedU64ValueParser::<usize>::new().range(1..=65_536))]
    retained_max: usize,

    /// Frames that may wait for one member; past this it is hung up on as too slow
    #[arg(long, value_name = "FRAMES", env = "SANCTUARY_OUTBOX_FRAMES",
        default_value_t = Limits::default().outbox_frames_max,
        value_parser = RangedU64ValueParser::<usize>::new().range(OUTBOX_FRAMES_LEAST..=65_536))]
    outbox_frames: usize,

    /// Bytes that may wait for one member, no less than the largest frame; past this it is hung up
    /// on as too slow
    #[arg(long, value_name = "BYTES", env = "SANCTUARY_OUTBOX_BYTES",
        default_value_t = Limits::default().outbox_bytes_max,
        value_parser = RangedU64ValueParser::<usize>::new()
            .range(SERVER_FRAME_BYTES_MAX as u64..=GIBIBYTE))]
    outbox_bytes: usize,

    /// Bytes of what was said that a room keeps for seats that wait; past this the oldest posts are
    /// dropped
    #[arg(long, value_name = "BYTES", env = "SANCTUARY_RING_BYTES",
        default_value_t = RoomLimits::default().ring_bytes_max,
        value_parser = RangedU64ValueParser::<usize>::new().range(0..=GIBIBYTE))]
    ring_bytes: usize,

    /// Seconds the seat of a dropped connection waits; 0 ends it at once
    #[arg(long, value_name = "SECONDS", env = "SANCTUARY_SEAT_WAIT",
        default_value_t = RoomLimits::default().seat_wait.as_secs(),
        value_parser = clap::value_parser!(u64).range(0..=604_800))]
    seat_wait: u64,

    /// Seconds a host may be gone before another member succeeds it
    #[arg(long, value_name = "SECONDS", env = "SANCTUARY_HOST_WAIT",
        default_value_t = RoomLimits::default().host_wait.as_secs(),
        value_parser = clap::value_parser!(u64).range(0..=604_800))]
    host_wait: u64,

    /// Seconds a member has to answer a knock before the next one is asked
    #[arg(long, value_name = "SECONDS", env = "SANCTUARY_KNOCK_WAIT",
        default_value_t = RoomLimits::default().knock_wait.as_secs(),
        value_parser = clap::value_parser!(u64).range(1..=3_600))]
    knock_wait: u64,

    /// Milliseconds between two commits of a room; 0 lets them follow at once, and every member is
    /// then kept as busy as newcomers like
    #[arg(long, value_name = "MILLISECONDS", env = "SANCTUARY_COMMIT_WAIT",
        default_value_t = default_commit_wait(),
        value_parser = clap::value_parser!(u64).range(0..=3_600_000))]
    commit_wait: u64,

    /// Seconds a connection may stand without a seat or a knock
    #[arg(long, value_name = "SECONDS", env = "SANCTUARY_IDLE_WAIT",
        default_value_t = Limits::default().idle_wait.as_secs(),
        value_parser = clap::value_parser!(u64).range(1..=86_400))]
    idle_wait: u64,

    /// Seconds one write to a connection may take
    #[arg(long, value_name = "SECONDS", env = "SANCTUARY_WRITE_WAIT",
        default_value_t = Limits::default().write_wait.as_secs(),
        value_parser = clap::value_parser!(u64).range(1..=3_600))]
    write_wait: u64,

    /// Seconds a client has to send its request's head
    #[arg(long, value_name = "SECONDS", env = "SANCTUARY_HEADER_WAIT",
        default_value_t = Limits::default().header_wait.as_secs(),
        value_parser = clap::value_parser!(u64).range(1..=3_600))]
    header_wait: u64,

    /// Seconds between pings; two unanswered end a connection
    #[arg(long, value_name = "SECONDS", env = "SANCTUARY_PING_INTERVAL",
        default_value_t = Limits::default().ping_interval.as_secs(),
        value_parser = clap::value_parser!(u64).range(1..=3_600))]
    ping_interval: u64,

    /// Frames a connection may send a second
    #[arg(long, value_name = "FRAMES", env = "SANCTUARY_FRAMES_PER_SECOND",
        default_value_t = Limits::default().frames_per_second,
        value_parser = clap::value_parser!(u32).range(1..))]
    frames_per_second: u32,

    /// Frames a connection may send at once
    #[arg(long, value_name = "FRAMES", env = "SANCTUARY_FRAMES_BURST",
        default_value_t = Limits::default().frames_burst,
        value_parser = clap::value_parser!(u32).range(1..))]
    frames_burst: u32,

    /// Bytes a connection may send a second
    #[arg(long, value_name = "BYTES", env = "SANCTUARY_BYTES_PER_SECOND",
        default_value_t = Limits::default().bytes_per_second,
        value_parser = clap::value_parser!(u32).range(1..))]
    bytes_per_second: u32,

    /// Bytes a connection may send at once; no less than the largest frame
    #[arg(long, value_name = "BYTES", env = "SANCTUARY_BYTES_BURST",
        default_value_t = Limits::default().bytes_burst,
        value_parser = clap::value_parser!(u32).range(CLIENT_FRAME_BYTES_MAX as i64..))]
    bytes_burst: u32,

    /// Connections one address may open at once
    #[arg(long, value_name = "CONNECTIONS", env = "SANCTUARY_ADDRESS_BURST",
        default_value_t = Limits::default().address_burst,
        value_parser = clap::value_parser!(u32).range(1..))]
    address_burst: u32,

    /// Milliseconds until an address may open one more
    #[arg(long, value_name = "MILLISECONDS", env = "SANCTUARY_ADDRESS_REFILL",
        default_value_t = 500, value_parser = clap::value_parser!(u64).range(1..=3_600_000))]
    address_refill: u64,

    /// Connections one address may have open; loopback and trusted proxies are not counted
    #[arg(long, value_name = "CONNECTIONS", env = "SANCTUARY_ADDRESS_CONNECTIONS_MAX",
        default_value_t = Limits::default().address_connections_max,
        value_parser = RangedU64ValueParser::<usize>::new().range(1..=1_000_000))]
    address_connections_max: usize,
}

fn default_commit_wait() -> u64 {
    u64::try_from(RoomLimits::default().commit_interval.as_millis()).unwrap_or(u64::MAX)
}

/// The system allows fewer open files than the connections asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{connections_max} connections do not fit: the system lets this process open \
     {open_files_max} files, which leaves {fits} for connections. Raise that limit (ulimit -Hn), or \
     lower --connections-max"
)]
pub(crate) struct TooFewFiles {
    connections_max: usize,
    open_files_max: u64,
    fits: usize,
}

impl LimitOptions {
    /// Makes the connections fit the files that may be open: the default is lowered, unless nothing is
    /// left; a number the operator named is refused.
    pub(crate) fn fitted(self, open_files_max: u64) -> Result<Self, TooFewFiles> {
        let fits = open_files_max.saturating_sub(OPEN_FILES_RESERVED);
        let fits = usize::try_from(fits).unwrap_or(usize::MAX);
        match self.connections_max {
            Some(connections_max) if connections_max > fits => {
                Err(TooFewFiles { connections_max, open_files_max, fits })
            }
            Some(_) => Ok(self),
            None => {
                let connections_max = Limits::default().connections_max;
                if fits == 0 {
                    return Err(TooFewFiles { connections_max, open_files_max, fits });
                }
                let connections_max = connections_max.min(fits);
                Ok(Self { connections_max: Some(connections_max), ..self })
            }
        }
    }

    pub(crate) fn into_limits(self) -> Limits {
        let room = RoomLimits {
            members_max: self.members_max,
            knocks_max: self.knocks_max,
            seat_wait: Duration::from_secs(self.seat_wait),
            host_wait: Duration::from_secs(self.host_wait),
            knock_wait: Duration::from_secs(self.knock_wait),
            commit_interval: Duration::from_millis(self.commit_wait),
            ring_bytes_max: self.ring_bytes,
            ..RoomLimits::default()
        };
        let defaults = Limits::default();
        Limits {
            room,
            rooms_max: self.rooms_max,
            connections_max: self.connections_max.unwrap_or(defaults.connections_max),
            retained_bytes_max: self.retained_max.saturating_mul(MEBIBYTE),
            outbox_frames_max: self.outbox_frames,
            outbox_bytes_max: self.outbox_bytes,
            idle_wait: Duration::from_secs(self.idle_wait),
            write_wait: Duration::from_secs(self.write_wait),
            header_wait: Duration::from_secs(self.header_wait),
            ping_interval: Duration::from_secs(self.ping_interval),
            frames_per_second: self.frames_per_second,
            frames_burst: self.frames_burst,
            bytes_per_second: self.bytes_per_second,
            bytes_burst: self.bytes_burst,
            address_burst: self.address_burst,
            address_refill: Duration::from_millis(self.address_refill),
            address_connections_max: self.address_connections_max,
            ..defaults
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use sanctuary_protocol::admin::{AdminReply, REPLY_LINE_BYTES_MAX, RoomHandle, RoomSummary};

    use super::*;

    #[derive(clap::Parser)]
    struct Alone {
        #[command(flatten)]
        limits: LimitOptions,
    }

    fn parse(flags: &[&str]) -> Result<Limits, clap::Error> {
        let parsed = Alone::try_parse_from([&["sanctuary"], flags].concat());
        parsed.map(|alone| alone.limits.into_limits())
    }

    #[test]
    fn each_option_sets_its_bound_and_no_other() {
        let check = |flag: &str, value: &str, set: fn(&mut Limits)| {
            let mut expected = Limits::default();
            set(&mut expected);
            assert_ne!(expected, Limits::default(), "{flag}");
            assert_eq!(parse(&[flag, value]).unwrap(), expected, "{flag}");
        };
        check("--members-max", "7", |it| it.room.members_max = 7);
        check("--knocks-max", "7", |it| it.room.knocks_max = 7);
        check("--rooms-max", "20000", |it| it.rooms_max = 20_000);
        check("--connections-max", "7", |it| it.connections_max = 7);
        check("--retained-max", "7", |it| it.retained_bytes_max = 7 * MEBIBYTE);
        check("--outbox-frames", "16", |it| it.outbox_frames_max = 16);
        check("--outbox-bytes", "300000", |it| it.outbox_bytes_max = 300_000);
        check("--ring-bytes", "0", |it| it.room.ring_bytes_max = 0);
        check("--seat-wait", "0", |it| it.room.seat_wait = Duration::ZERO);
        check("--host-wait", "0", |it| it.room.host_wait = Duration::ZERO);
        check("--knock-wait", "7", |it| it.room.knock_wait = Duration::from_secs(7));
        check("--commit-wait", "0", |it| it.room.commit_interval = Duration::ZERO);
        check("--commit-wait", "7", |it| it.room.commit_interval = Duration::from_millis(7));
        check("--idle-wait", "7", |it| it.idle_wait = Duration::from_secs(7));
        check("--write-wait", "7", |it| it.write_wait = Duration::from_secs(7));
        check("--header-wait", "7", |it| it.header_wait = Duration::from_secs(7));
        check("--ping-interval", "7", |it| it.ping_interval = Duration::from_secs(7));
        check("--frames-per-second", "7", |it| it.frames_per_second = 7);
        check("--frames-burst", "7", |it| it.frames_burst = 7);
        check("--bytes-per-second", "7", |it| it.bytes_per_second = 7);
        check("--bytes-burst", "300000", |it| it.bytes_burst = 300_000);
        check("--address-burst", "7", |it| it.address_burst = 7);
        check("--address-refill", "7", |it| it.address_refill = Duration::from_millis(7));
        check("--address-connections-max", "7", |it| it.address_connections_max = 7);
    }

    #[test]
    fn a_bound_under_which_nothing_works_is_refused() {
        for (flag, value) in [
            ("--members-max", "0"),
            ("--knocks-max", "0"),
            ("--rooms-max", "0"),
            ("--rooms-max", "20001"),
            ("--outbox-frames", "15"),
            ("--outbox-bytes", "100000"),
            ("--knock-wait", "0"),
            ("--write-wait", "0"),
            ("--header-wait", "0"),
            ("--bytes-burst", "1000"),
            ("--address-connections-max", "0"),
        ] {
            assert!(parse(&[flag, value]).is_err(), "{flag} {value}");
        }
    }

    #[test]
    fn connections_fit_the_open_files_or_the_operator_hears_of_it() {
        let fitted = |flags: &[&str], open_files_max| {
            let parsed = Alone::try_parse_from([&["sanctuary"], flags].concat()).unwrap();
            let fitted = parsed.limits.fitted(open_files_max);
            fitted.map(|limits| limits.into_limits().connections_max)
        };
        assert_eq!(fitted(&[], u64::MAX), Ok(Limits::default().connections_max));
        assert_eq!(fitted(&[], 1024), Ok(1024 - 64));
        assert_eq!(fitted(&["--connections-max", "960"], 1024), Ok(960));
        assert!(fitted(&[], 64).is_err());
        let refused = fitted(&["--connections-max", "961"], 1024).unwrap_err();
        assert_eq!((refused.connections_max, refused.fits), (961, 960));
        let help = <Alone as clap::CommandFactory>::command().render_help().to_string();
        assert!(help.contains(&format!("[default: {}, or", Limits::default().connections_max)));
    }

    #[test]
    fn the_operators_list_of_all_rooms_fits_one_reply() {
        let centuries = u64::from(u32::MAX);
        let room = RoomSummary {
            room: RoomHandle(u32::MAX),
            members_live: u32::try_from(MEMBERS_MAX).unwrap(),
            members_gone: u32::try_from(MEMBERS_MAX).unwrap(),
            knocks: u32::try_from(MEMBERS_MAX).unwrap(),
            age_seconds: centuries,
            quiet_seconds: centuries,
            entries: u64::MAX,
            retained_bytes: 65_536 * MEBIBYTE as u64,
        };
        let rooms = vec![room; usize::try_from(ROOMS_MAX).unwrap()];
        let reply = serde_json::to_vec(&AdminReply::Rooms { rooms }).unwrap();
        assert!(reply.len() < REPLY_LINE_BYTES_MAX, "{}", reply.len());
    }
}
