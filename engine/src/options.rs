//! The server's options: flags, each also an environment variable and a setting of a file, and what
//! they make of a configuration. Must not start anything.

mod edge;
mod file;
mod invocation;
mod journal;
mod limits;
mod lines;
pub(crate) mod manual;
mod memory;

use std::ffi::{OsStr, OsString};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::Context as _;
use clap::builder::{FalseyValueParser, TypedValueParser as _};
use clap::{Arg, ArgAction, Command, CommandFactory as _, Parser};
use edge::EdgeOptions;
pub(crate) use invocation::{Invocation, Task};
use journal::JournalOptions;
use limits::{LimitOptions, TooFewFiles};
pub(crate) use memory::LockMemory;
use memory::MemoryOptions;
use sanctuary_engine::{Config, Listen, Origin, Proxy, console};

/// A chatroom that leaves nothing behind.
#[derive(Debug, Parser)]
#[command(name = "sanctuary", version, about, max_term_width = 100, after_help = manual::WORDS)]
pub(crate) struct Options {
    /// What to do
    #[arg(value_enum, default_value_t = Task::Serve, hide_default_value = true)]
    pub(crate) task: Task,

    /// Settings as TOML, by the names of these options; a flag or a variable has its way over them
    /// [default: sanctuary.toml in the folder it is started in, if there is one]
    #[arg(long, value_name = "PATH", env = "SANCTUARY_CONFIG")]
    config: Option<PathBuf>,

    /// Port to listen on; 0 lets the system choose
    #[arg(long, env = "SANCTUARY_PORT", default_value_t = 6969)]
    port: u16,

    /// Address to listen on, with a port of its own if you like; may be given again. Without it:
    /// every address, IPv6 and IPv4
    #[arg(long, value_name = "ADDRESS", env = "SANCTUARY_BIND", value_delimiter = ',')]
    bind: Vec<Place>,

    /// Listen on every IPv4 address and none of IPv6
    #[arg(short = '4', long, env = "SANCTUARY_IPV4_ONLY", value_parser = FalseyValueParser::new(), conflicts_with_all = ["bind", "ipv6_only"])]
    ipv4_only: bool,

    /// Listen on every IPv6 address and none of IPv4
    #[arg(short = '6', long, env = "SANCTUARY_IPV6_ONLY", value_parser = FalseyValueParser::new(), conflicts_with = "bind")]
    ipv6_only: bool,

    /// Origin whose pages may connect, and no others: https://chat.example. May be given again.
    /// Without it: the name the server is reached by
    #[arg(long, env = "SANCTUARY_ORIGIN", value_delimiter = ',')]
    origin: Vec<Origin>,

    /// Address of a proxy whose X-Forwarded-For is believed, or `unix` for whoever comes by
    /// --listen-unix; may be given again
    #[arg(long, value_name = "ADDRESS", env = "SANCTUARY_TRUSTED_PROXY", value_delimiter = ',')]
    trusted_proxy: Vec<Proxy>,

    /// The operator's socket, for sanctuary-admin [default: in the runtime directory]
    #[arg(long, value_name = "PATH", env = "SANCTUARY_ADMIN_SOCKET")]
    admin_socket: Option<PathBuf>,

    /// Make no operator's socket
    #[arg(long, env = "SANCTUARY_NO_ADMIN_SOCKET", value_parser = FalseyValueParser::new(), conflicts_with = "admin_socket")]
    no_admin_socket: bool,

    #[command(flatten)]
    journal: JournalOptions,

    #[command(flatten)]
    pub(crate) memory: MemoryOptions,

    #[command(flatten)]
    edge: EdgeOptions,

    #[command(flatten)]
    limits: LimitOptions,
}

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
    /// The options, deaf to variables that say nothing: an empty one, as a service's unsettled
    /// setting is, and a flag's that says no. To clap they would be in conflict with others.
    fn with_variables(variable: impl Fn(&OsStr) -> Option<OsString>) -> Command {
        Self::command().mut_args(|argument| {
            let value = argument.get_env().and_then(&variable);
            match value {
                Some(value) if says_nothing(&argument, &value) => argument.env(None::<&str>),
                Some(_) | None => argument,
            }
        })
    }

    /// Makes the connections fit the number of files that may be open.
    ///
    /// # Errors
    /// When the operator named a number of connections that does not.
    pub(crate) fn fitted(self, open_files_max: u64) -> Result<Self, TooFewFiles> {
        Ok(Self { limits: self.limits.fitted(open_files_max)?, ..self })
    }

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
            listen_unix: self.edge.unix(),
            http_redirect: self.edge.redirect(&listen)?,
            listen,
            tls: self.edge.tls()?,
            origins: self.origin,
            trusted_proxies: self.trusted_proxy,
            admin_socket,
            journal: self.journal.into_journal(),
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
        if self.bind.is_empty() && self.edge.unix().is_some() {
            return Vec::new();
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

fn says_nothing(argument: &Arg, value: &OsStr) -> bool {
    let says_no = || FalseyValueParser::new().parse_ref(&Options::command(), None, value).ok();
    let is_flag = matches!(argument.get_action(), ArgAction::SetTrue);
    value.is_empty() || is_flag && says_no() == Some(false)
}

#[cfg(test)]
mod tests {
    use sanctuary_engine::limits::Limits;

    use super::*;

    fn parse(flags: &[&str]) -> Options {
        Options::try_parse_from([&["sanctuary"], flags].concat()).unwrap()
    }

    #[test]
    fn the_options_are_well_formed_and_each_has_a_variable() {
        let command = Options::command();
        command.clone().debug_assert();
        for argument in command.get_arguments().filter(|it| !it.is_positional()) {
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
            &["--trusted-proxy", "here"],
            &["--acme", "*.chat.example"],
            &["--acme", "chat.example", "--tls-key", "key.pem"],
            &["--acme-contact", "me"],
            &["--acme-directory", "http://localhost"],
            &["--listen-unix-mode", "rw"],
            &["--admin-socket", "x", "--no-admin-socket"],
        ] {
            let parsed = Options::try_parse_from([&["sanctuary"], flags].concat());
            assert!(parsed.is_err(), "{flags:?}");
        }
    }
}
