//! Asking a server for a file as a browser would, and taking the answer as it is: no redirect is
//! followed, nothing is unpacked. Must not judge it.

use std::time::Duration;

use ureq::Agent;
use ureq::http::HeaderMap;
use ureq::http::header::CONTENT_ENCODING;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use super::list::Coding;

/// For one file, from the first word to the last byte: a slow connection carries the client in ten.
const PATIENCE: Duration = Duration::from_secs(60);

/// Bytes of one file: ten times the largest there is.
const FILE_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// Where a server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(String);

/// Why a server could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address is none.
    #[error("an address is written https://chat.example or http://localhost:6969, with no path")]
    NoPlace,
    /// The file of authorities holds none.
    #[error("{0} holds no certificate; name a file in PEM with --ca")]
    NoAuthority(String),
    /// Nothing came.
    #[error("{path} could not be fetched: {error}")]
    Unreachable {
        /// What was asked for.
        path: String,
        /// Why.
        error: Box<ureq::Error>,
    },
}

impl Place {
    /// Reads an address.
    ///
    /// # Errors
    /// When it names no server, or more than one.
    pub fn read(address: &str) -> Result<Self, FetchError> {
        let address = address.trim().trim_end_matches('/');
        let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
        let is_server = |rest: &str| {
            !rest.is_empty()
                && !rest.contains(|it: char| "/?#@\\".contains(it) || it.is_whitespace())
        };
        match rest {
            Some(rest) if is_server(rest) => Ok(Self(address.to_owned())),
            Some(_) | None => Err(FetchError::NoPlace),
        }
    }
}

/// What came.
#[derive(Debug)]
pub struct Fetched {
    /// HTTP's status.
    pub status: u16,
    /// Everything said beside it.
    pub headers: HeaderMap,
    /// The bytes, as they came.
    pub body: Vec<u8>,
}

impl Fetched {
    /// How it is packed; nothing when that is something no server of ours does.
    pub fn coding(&self) -> Option<Coding> {
        let mut named = self.headers.get_all(CONTENT_ENCODING).iter();
        match (named.next(), named.next()) {
            (None, _) => Some(Coding::Identity),
            (Some(name), None) => name.to_str().ok().and_then(Coding::named),
            (Some(_), Some(_)) => None,
        }
    }
}

/// Somebody who asks one server.
pub struct Fetcher {
    agent: Agent,
    place: Place,
}

impl Fetcher {
    /// Asks `place`. Over TLS it believes the web's authorities, or those of `authorities` alone: the
    /// text of a file in PEM, and its name.
    ///
    /// # Errors
    /// When there is no authority in it.
    pub fn new(place: Place, authorities: Option<(&str, &[u8])>) -> Result<Self, FetchError> {
        let roots = match authorities {
            None => RootCerts::WebPki,
            Some((name, pem)) => RootCerts::new_with_certs(
                &certificates(pem).ok_or_else(|| FetchError::NoAuthority(name.to_owned()))?,
            ),
        };
        let agent = Agent::config_builder()
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(PATIENCE))
            .build()
            .into();
        Ok(Self { agent, place })
    }

    /// Asks for a file in one coding.
    ///
    /// # Errors
    /// When no whole answer comes.
    pub fn fetch(&self, path: &str, coding: Coding) -> Result<Fetched, FetchError> {
        let unreachable = |error: ureq::Error| FetchError::Unreachable {
            path: path.to_owned(),
            error: Box::new(error),
        };
        let url = format!("{}{path}", self.place.0);
        let asked = self.agent.get(url).header("accept-encoding", coding.name()).call();
        let mut answer = asked.map_err(unreachable)?;
        let body = answer.body_mut().with_config().limit(FILE_BYTES_MAX).read_to_vec();
        Ok(Fetched {
            body: body.map_err(unreachable)?,
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
        })
    }
}

/// All certificates, if there is one and each is readable.
fn certificates(pem: &[u8]) -> Option<Vec<Certificate<'static>>> {
    let mut found = Vec::new();
    for item in parse_pem(pem) {
        if let PemItem::Certificate(certificate) = item.ok()? {
            found.push(certificate);
        }
    }
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_one_server_and_nothing_on_it() {
        for good in ["https://chat.example", "http://[::1]:6969/", " https://chat.example:1 "] {
            assert!(Place::read(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "chat.example",
            "https://",
            "https://a/b",
            "https://a?b",
            "https://me@a",
            "ftp://a",
        ] {
            assert!(Place::read(bad).is_err(), "{bad}");
        }
    }
}
