//! What an engine is started with. Plain values: where they come from is `main`'s affair.

mod acme;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use http::uri::Authority;

pub use acme::{Acme, Contact, Domain, InvalidContact, InvalidDomain};

use crate::journal::Journal;
use crate::limits::Limits;

/// What an engine is started with. The default has no socket at all.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Every bound.
    pub limits: Limits,
    /// Where to listen; nowhere, if empty.
    pub listen: Vec<Listen>,
    /// A unix socket to listen on beside those; it speaks plain HTTP.
    pub listen_unix: Option<UnixPlace>,
    /// Where to answer plain HTTP by the way to TLS.
    pub http_redirect: Vec<Listen>,
    /// TLS for every address; without it they speak plain HTTP.
    pub tls: Option<Tls>,
    /// Origins whose pages may connect; if none is named, those of the host a client asked for.
    pub origins: Vec<Origin>,
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Proxy>,
    /// The operator's socket; none, if absent.
    pub admin_socket: Option<PathBuf>,
    /// What the operator is told on stderr.
    pub journal: Journal,
}

/// Where to listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listen {
    /// Every address of both families, by one socket; IPv4 alone where there is no IPv6.
    DualStack {
        /// Zero lets the system choose.
        port: u16,
    },
    /// One address; an unspecified one stands for every address of its own family.
    Address(SocketAddr),
}

/// A unix socket to listen on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnixPlace {
    /// Where.
    pub path: PathBuf,
    /// Who may connect, as a file's mode.
    pub mode: u32,
}

/// A peer that speaks for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proxy {
    /// Whoever connects from there.
    Address(IpAddr),
    /// Whoever connects by the unix socket.
    Unix,
}

/// This names no proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a proxy is an address, such as 127.0.0.1, or the word unix for who comes by --listen-unix"
)]
pub struct InvalidProxy;

impl FromStr for Proxy {
    type Err = InvalidProxy;

    fn from_str(text: &str) -> Result<Self, InvalidProxy> {
        if text == "unix" {
            return Ok(Self::Unix);
        }
        text.parse().map(Self::Address).map_err(|_| InvalidProxy)
    }
}

/// Where certificates are from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// The operator puts them there.
    Files(TlsFiles),
    /// An authority gives them.
    Acme(Acme),
}

impl Tls {
    /// The hosts it is known to be for.
    pub fn domains(&self) -> &[Domain] {
        match self {
            Self::Files(_) => &[],
            Self::Acme(acme) => &acme.domains,
        }
    }
}

/// A certificate and its key, in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, and behind it those that lead to an authority.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// How often to look whether somebody has replaced them.
    pub look_interval: Duration,
}

impl TlsFiles {
    /// A pair that is looked at every few seconds: a look is two calls, and a renewed certificate is
    /// in use before its operator has turned to something else.
    pub fn new(certificate: PathBuf, key: PathBuf) -> Self {
        Self { certificate, key, look_interval: Duration::from_secs(5) }
    }
}

/// A web origin (RFC 6454 §6.2): a scheme, a host, perhaps a port; lower-case, and no path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin(String);

/// This is no origin a page can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an origin is a scheme and a host, such as https://chat.example or http://10.0.0.2:6969")]
pub struct InvalidOrigin;

impl Origin {
    /// As a browser sends it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether its pages come over TLS.
    pub fn is_secure(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// The host, with the port where the origin names one.
    pub fn authority(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, authority)| authority)
    }
}

impl FromStr for Origin {
    type Err = InvalidOrigin;

    fn from_str(text: &str) -> Result<Self, InvalidOrigin> {
        let text = text.to_ascii_lowercase();
        let (scheme, authority) = text.split_once("://").ok_or(InvalidOrigin)?;
        let default_port = match scheme {
            "https" => 443,
            "http" => 80,
            _ => return Err(InvalidOrigin),
        };
        let parsed: Authority = authority.parse().map_err(|_| InvalidOrigin)?;
        let host = parsed.host();
        let port = match authority.strip_prefix(host) {
            Some("") => None,
            Some(_) => Some(parsed.port_u16().ok_or(InvalidOrigin)?),
            // Somebody's name stands before the host.
            None => return Err(InvalidOrigin),
        };
        Ok(Self(match port.filter(|port| *port != default_port) {
            Some(port) => format!("{scheme}://{host}:{port}"),
            // A browser does not send the port that goes without saying.
            None => format!("{scheme}://{host}"),
        }))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_and_an_authority() {
        for (text, authority) in [
            ("https://chat.example", "chat.example"),
            ("HTTP://Chat.Example:8080", "chat.example:8080"),
            ("http://[::1]:6969", "[::1]:6969"),
            ("https://chat.example:443", "chat.example"),
            ("http://[::1]:80", "[::1]"),
            ("http://chat.example:443", "chat.example:443"),
        ] {
            assert_eq!(text.parse::<Origin>().unwrap().authority(), authority, "{text}");
        }
        for text in ["", "null", "chat.example", "ftp://a", "https://", "https://a/", "http://a b"]
        {
            assert_eq!(text.parse::<Origin>(), Err(InvalidOrigin), "{text:?}");
        }
        for text in ["https://a:", "https://a:65536", "https://a:b", "https://"] {
            assert_eq!(text.parse::<Origin>(), Err(InvalidOrigin), "{text:?}");
        }
        assert_eq!("https://me@chat.example".parse::<Origin>(), Err(InvalidOrigin));
    }
}
