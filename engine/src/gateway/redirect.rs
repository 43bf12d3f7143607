//! The one answer of plain HTTP beside TLS: where the same is over TLS. Sends nobody where the
//! operator has not said, or the client did not ask for itself.

use std::net::{Ipv4Addr, Ipv6Addr};

use http::header::{HOST, HeaderValue, LOCATION};
use http::{Method, Request, StatusCode};

use super::reply::{self, Reply, sentence};
use crate::config::{Domain, Origin};

/// The port that `https` has where none is named.
const HTTPS_PORT: u16 = 443;

/// Characters of a host's name (RFC 1035 §2.3.4).
const HOST_CHARACTERS_MAX: usize = 253;

/// Where plain HTTP is sent to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Redirect {
    origins: Vec<Origin>,
    port: u16,
}

impl Redirect {
    /// To one of `origins`, those of them that come over TLS; if there is none, to `port` of one of
    /// `domains`; and without those of the host that was asked for.
    pub(crate) fn to(origins: &[Origin], domains: &[Domain], port: u16) -> Self {
        let named = origins.iter().filter(|origin| origin.is_secure()).cloned();
        let known = domains
            .iter()
            .filter_map(|domain| format!("https://{}:{port}", domain.as_str()).parse().ok());
        let mut origins: Vec<Origin> = named.collect();
        if origins.is_empty() {
            origins = known.collect();
        }
        Self { origins, port }
    }

    /// Answers a request.
    pub(crate) fn answer<B>(&self, request: &Request<B>) -> Reply {
        let path = request.uri().path_and_query().map(|path| path.as_str());
        let Some(path) = path.filter(|path| path.starts_with('/')) else {
            return reply::no_path();
        };
        if ![Method::GET, Method::HEAD].contains(request.method()) {
            return reply::method_not_allowed();
        }
        let Some(origin) = self.origin(host(request)) else {
            return sentence(
                StatusCode::BAD_REQUEST,
                "A request names the host it is for. TLS is spoken here: ask for https://.",
            );
        };
        let mut reply = sentence(
            StatusCode::PERMANENT_REDIRECT,
            "TLS is spoken here: write https:// before the address.",
        );
        if let Ok(place) = HeaderValue::try_from(format!("{origin}{path}")) {
            reply.headers_mut().insert(LOCATION, place);
        }
        reply
    }

    fn origin(&self, asked: Option<&str>) -> Option<String> {
        let is_asked = |origin: &&Origin| {
            asked.is_some_and(|host| host.eq_ignore_ascii_case(without_port(origin.authority())))
        };
        if let Some(origin) = self.origins.iter().find(is_asked).or_else(|| self.origins.first()) {
            return Some(origin.to_string());
        }
        let host = asked.filter(|host| is_host(host))?;
        Some(match self.port {
            HTTPS_PORT => format!("https://{host}"),
            port => format!("https://{host}:{port}"),
        })
    }
}

/// The host a request is for, without its port; that of its target goes before its header's (RFC 9112
/// §3.2.2).
fn host<B>(request: &Request<B>) -> Option<&str> {
    if let Some(host) = request.uri().host() {
        return Some(host);
    }
    let mut hosts = request.headers().get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok().map(without_port),
        (Some(_) | None, _) => None,
    }
}

fn without_port(authority: &str) -> &str {
    let port = |(_, port): &(&str, &str)| port.bytes().all(|byte| byte.is_ascii_digit());
    authority.rsplit_once(':').filter(port).map_or(authority, |(host, _)| host)
}

/// A name, or an address; nothing that could end the host and begin something else.
fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    let is_label = |label: &str| {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        !label.is_empty() && label.bytes().all(is_letter)
    };
    let is_name = host.len() <= HOST_CHARACTERS_MAX && host.split('.').all(is_label);
    is_name || host.parse::<Ipv4Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(redirect: &Redirect, method: &str, target: &str, hosts: &[&str]) -> (u16, String) {
        let mut request = Request::builder().method(method).uri(target);
        for host in hosts {
            request = request.header(HOST, *host);
        }
        let reply = redirect.answer(&request.body(()).unwrap());
        let place = reply.headers().get(LOCATION).map(|place| place.to_str().unwrap().to_owned());
        (reply.status().as_u16(), place.unwrap_or_default())
    }

    #[test]
    fn without_an_origin_the_host_that_was_asked_for_is_named() {
        let check = |port: u16, host: &str, expected: &str| {
            let (status, place) = ask(&Redirect::to(&[], &[], port), "GET", "/a?b", &[host]);
            assert_eq!((status, place.as_str()), (308, expected), "{host}");
        };
        check(443, "chat.example", "https://chat.example/a?b");
        check(443, "chat.example:80", "https://chat.example/a?b");
        check(6969, "chat.example:8080", "https://chat.example:6969/a?b");
        check(6969, "[2001:db8::1]:80", "https://[2001:db8::1]:6969/a?b");
        check(443, "192.0.2.1", "https://192.0.2.1/a?b");
    }

    #[test]
    fn a_host_that_is_none_leads_nowhere() {
        let redirect = Redirect::to(&[], &[], 443);
        for hosts in [
            &[][..],
            &[""],
            &["a", "b"],
            &["a/b"],
            &["me@chat.example"],
            &["a?b"],
            &["a b"],
            &["a..b"],
            &["[::1"],
            &["[chat]"],
            &["chat.example:x"],
        ] {
            assert_eq!(ask(&redirect, "GET", "/", hosts), (400, String::new()), "{hosts:?}");
        }
    }

    #[test]
    fn where_the_operator_has_named_an_origin_nobody_is_sent_elsewhere() {
        let origins = ["http://plain.example", "https://a.example", "https://b.example:7000"];
        let origins = origins.map(|origin| origin.parse().unwrap());
        let redirect = Redirect::to(&origins, &[], 443);
        for (hosts, expected) in [
            (&["b.example"][..], "https://b.example:7000/x"),
            (&["A.example:80"], "https://a.example/x"),
            (&["evil.example"], "https://a.example/x"),
            (&["plain.example"], "https://a.example/x"),
            (&["a/b"], "https://a.example/x"),
            (&[], "https://a.example/x"),
        ] {
            assert_eq!(ask(&redirect, "GET", "/x", hosts), (308, expected.into()), "{hosts:?}");
        }
        let (_, place) = ask(&redirect, "GET", "http://evil.example/x", &[]);
        assert_eq!(place, "https://a.example/x");
        let (_, place) = ask(&redirect, "GET", "//evil.example/x", &[]);
        assert_eq!(place, "https://a.example//evil.example/x");
    }

    #[test]
    fn a_domain_with_a_certificate_is_as_good_as_an_origin_where_none_is_named() {
        let domains = ["a.example", "b.example"].map(|domain| domain.parse().unwrap());
        let redirect = Redirect::to(&[], &domains, 443);
        let place = |redirect: &Redirect, host: &str| ask(redirect, "GET", "/", &[host]).1;
        assert_eq!(place(&redirect, "b.example"), "https://b.example/");
        assert_eq!(place(&redirect, "evil.example"), "https://a.example/");
        let origins = ["https://c.example".parse().unwrap()];
        assert_eq!(
            place(&Redirect::to(&origins, &domains, 443), "b.example"),
            "https://c.example/"
        );
    }

    #[test]
    fn only_a_path_is_found_elsewhere_and_only_to_be_read() {
        let redirect = Redirect::to(&[], &[], 443);
        assert_eq!(ask(&redirect, "HEAD", "/", &["a"]), (308, "https://a/".into()));
        assert_eq!(ask(&redirect, "POST", "/", &["a"]).0, 405);
        assert_eq!(ask(&redirect, "OPTIONS", "*", &["a"]).0, 400);
        assert_eq!(ask(&redirect, "CONNECT", "a:80", &["a"]).0, 400);
    }
}
