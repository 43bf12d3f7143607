//! The server's options: flags, each also an environment variable, and what they make of a
//! configuration. Must not start anything.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use clap::builder::RangedU64ValueParser;
use sanctuary_engine::limits::{Limits, RoomLimits};
use sanctuary_engine::{Config, Listen, Origin, console};
use sanctuary_protocol::limits::{CLIENT_FRAME_BYTES_MAX, MEMBERS_MAX};

/// A chatroom that leaves nothing behind.
#[derive(Debug, Parser)]
#[command(name = "sanctuary", version, about, max_term_width = 100)]
pub(crate) struct Options {
    /// Port to listen on; 0 lets the system choose
    #[arg(long, env = "SANCTUARY_PORT", default_value_t = 6969)]
    port: u16,

    /// Address to listen on, with a port of its own if you like; may be given again. Without it:
    /// every address, IPv6 and IPv4
    #[arg(long, value_name = "ADDRESS", env = "SANCTUARY_BIND", value_delimiter = ',')]
    bind: Vec<Place>,

    /// Listen on every IPv4 address and none of IPv6
    #[arg(short = '4', long, env = "SANCTUARY_IPV4_ONLY", conflicts_with_all = ["bind", "ipv6_only"])]
    ipv4_only: bool,

    /// Listen on every IPv6 address and none of IPv4
    #[arg(short = '6', long, env = "SANCTUARY_IPV6_ONLY", conflicts_with = "bind")]
    ipv6_only: bool,

    /// Origin whose pages may connect, besides the server's own: https://chat.example. May be given
    /// again
    #[arg(long, env = "SANCTUARY_ORIGIN", value_delimiter = ',')]
    origin: Vec<Origin>,

    /// Address of a proxy whose X-Forwarded-For is believed; may be given again
    #[arg(long, value_name = "ADDRESS", env = "SANCTUARY_TRUSTED_PROXY", value_delimiter = ',')]
    trusted_proxy: Vec<IpAddr>,

    /// The operator's socket, for sanctuary-admin [default: in the runtime directory]
    #[arg(long, value_name = "PATH", env = "SANCTUARY_ADMIN_SOCKET")]
    admin_socket: Option<PathBuf>,

    /// Make no operator's socket
    #[arg(long, env = "SANCTUARY_NO_ADMIN_SOCKET", conflicts_with = "admin_socket")]
    no_admin_socket: bool,

    #[command(flatten)]
    limits: LimitOptions,
}

/// Bounds. The defaults are `Limits::default`'s.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Limits")]
struct LimitOptions {
    /// Members a room may hold
    #[arg(long, env = "SANCTUARY_MEMBERS_MAX", default_value_t = RoomLimits::default().members_max,
        value_parser = RangedU64ValueParser::<usize>::new().range(1..=MEMBERS_MAX as u64))]
    members_max: usize,

    /// Rooms that may live at once
    #[arg(long, env = "SANCTUARY_ROOMS_MAX", default_value_t = Limits::default().rooms_max,
        value_parser = RangedU64ValueParser::<usize>::new().range(1..=1_000_000))]
    rooms_max: usize,

    /// Connections that may be open at once; stay under the limit of open files
    #[arg(long, env = "SANCTUARY_CONNECTIONS_MAX",
        default_value_t = Limits::default().connections_max,
        value_parser = RangedU64ValueParser::<usize>::new().range(1..=1_000_000))]
    connections_max: usize,

    /// Mebibytes of sealed frames held for members who are slow or gone, all together
    #[arg(long, value_name = "MEBIBYTES", env = "SANCTUARY_RETAINED_MAX",
        default_value_t = Limits::default().retained_bytes_max / MEBIBYTE,
        value_parser = RangedU64ValueParser::<usize>::new().range(1..=65_536))]
    retained_max: usize,

    /// Seconds the seat of a dropped connection waits; 0 ends it at once
    #[arg(long, value_name = "SECONDS", env = "SANCTUARY_SEAT_WAIT",
        default_value_t = RoomLimits::default().seat_wait.as_secs(),
        value_parser = clap::value_parser!(u64).range(0..=604_800))]
    seat_wait: u64,

    /// Seconds a connection may stand without a seat or a knock
    #[arg(long, value_name = "SECONDS", env = "SANCTUARY_IDLE_WAIT",
        default_value_t = Limits::default().idle_wait.as_secs(),
        value_parser = clap::value_parser!(u64).range(1..=86_400))]
    idle_wait: u64,

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
}

const MEBIBYTE: usize = 1024 * 1024;

/// An address, perhaps with a port of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Address(IpAddr),
    Socket(SocketAddr),
}

/// This is neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an address is written 127.0.0.1, ::1, 127.0.0.1:7000 or [::1]:7000")]
struct InvalidPlace;

impl FromStr for Place {
    type Err = InvalidPlace;

    fn from_str(text: &str) -> Result<Self, InvalidPlace> {
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let address = bare.unwrap_or(text).parse().map(Self::Address);
        address.or_else(|_| text.parse().map(Self::Socket)).map_err(|_| InvalidPlace)
    }
}

impl Options {
    /// # Errors
    /// When the operator's socket has no place and none was named.
    pub(crate) fn into_config(self) -> anyhow::Result<Config> {
        let listen = self.listen();
        let admin_socket = match (self.no_admin_socket, self.admin_socket) {
            (true, _) => None,
            (false, Some(path)) => Some(path),
            (false, None) => Some(console::default_path().context(
                "there is no place for the operator's socket; name one with --admin-socket",
            )?),
        };
        Ok(Config {
            limits: self.limits.into_limits(),
            listen,
            origins: self.origin,
            trusted_proxies: self.trusted_proxy,
            admin_socket,
        })
    }

    fn listen(&self) -> Vec<Listen> {
        let port = self.port;
        if self.ipv4_only {
            return vec![Listen::Address((Ipv4Addr::UNSPECIFIED, port).into())];
        }
        if self.ipv6_only {
            return vec![Listen::Address((Ipv6Addr::UNSPECIFIED, port).into())];
        }
        if self.bind.is_empty() {
            return vec![Listen::DualStack { port }];
        }
        let at = |place: &Place| match *place {
            Place::Address(address) => Listen::Address((address, port).into()),
            Place::Socket(address) => Listen::Address(address),
        };
        self.bind.iter().map(at).collect()
    }
}

impl LimitOptions {
    fn into_limits(self) -> Limits {
        let room = RoomLimits {
            members_max: self.members_max,
            seat_wait: Duration::from_secs(self.seat_wait),
            ..RoomLimits::default()
        };
        Limits {
            room,
            rooms_max: self.rooms_max,
            connections_max: self.connections_max,
            retained_bytes_max: self.retained_max.saturating_mul(MEBIBYTE),
            idle_wait: Duration::from_secs(self.idle_wait),
            ping_interval: Duration::from_secs(self.ping_interval),
            frames_per_second: self.frames_per_second,
            frames_burst: self.frames_burst,
            bytes_per_second: self.bytes_per_second,
            bytes_burst: self.bytes_burst,
            address_burst: self.address_burst,
            address_refill: Duration::from_millis(self.address_refill),
            ..Limits::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn parse(flags: &[&str]) -> Options {
        Options::try_parse_from([&["sanctuary"], flags].concat()).unwrap()
    }

    #[test]
    fn the_options_are_well_formed_and_each_has_a_variable() {
        let command = Options::command();
        command.clone().debug_assert();
        for argument in command.get_arguments() {
            let id = argument.get_id().as_str();
            let expected = format!("SANCTUARY_{}", id.to_uppercase());
            let variable = argument.get_env().and_then(|it| it.to_str()).unwrap_or_default();
            assert_eq!(variable, expected, "{id}");
        }
    }

    #[test]
    fn no_option_is_every_default() {
        let config = parse(&["--no-admin-socket"]).into_config().unwrap();
        assert_eq!(config.limits, Limits::default());
        assert_eq!(config.listen, [Listen::DualStack { port: 6969 }]);
        assert_eq!(config.admin_socket, None);
    }

    #[test]
    fn an_address_has_the_port_or_its_own() {
        let flags = ["--port", "1", "--bind", "127.0.0.1", "--bind", "[::1]:2", "--bind", "::1"];
        let expected = ["127.0.0.1:1", "[::1]:2", "[::1]:1"];
        let expected = expected.map(|it| Listen::Address(it.parse().unwrap()));
        assert_eq!(parse(&flags).listen(), expected);
        assert_eq!(parse(&["-4"]).listen(), [Listen::Address("0.0.0.0:6969".parse().unwrap())]);
        assert_eq!(parse(&["-6"]).listen(), [Listen::Address("[::]:6969".parse().unwrap())]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for flags in [
            &["--port", "70000"][..],
            &["--bind", "localhost"],
            &["-4", "-6"],
            &["-4", "--bind", "::1"],
            &["--origin", "chat.example"],
            &["--members-max", "0"],
            &["--bytes-burst", "1000"],
            &["--admin-socket", "x", "--no-admin-socket"],
        ] {
            let parsed = Options::try_parse_from([&["sanctuary"], flags].concat());
            assert!(parsed.is_err(), "{flags:?}");
        }
    }
}
