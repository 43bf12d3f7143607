//! Who is at the other end of a connection, for as long as it takes to count it.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName};
use sanctuary_protocol::Redacted;
use tokio::time::Instant;

use super::Gate;
use super::crowd::Place;
use crate::config::Proxy;
use crate::ledger::{Counted, Gauge};
use crate::tally::Event;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// How a request comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// As it is, over a socket.
    Plain,
    /// Over TLS, which ends here.
    Tls,
}

/// Where a connection is from.
#[derive(Clone, Copy, derive_more::Debug, PartialEq, Eq)]
pub(crate) enum Whence {
    /// That address.
    Address(#[debug("{Redacted}")] IpAddr),
    /// This machine, by the unix socket.
    Here,
}

impl Whence {
    pub(crate) fn socket(address: SocketAddr) -> Self {
        Self::Address(address.ip().to_canonical())
    }
}

/// One accepted connection. Clones are the same one.
#[derive(Clone, derive_more::Debug)]
pub(crate) struct Peer {
    gate: Arc<Gate>,
    #[debug("{Redacted}")]
    from: Whence,
    way: Way,
    held: Arc<Held>,
}

/// What counts a connection for as long as anybody holds it.
#[derive(Debug)]
struct Held {
    _place: Option<Place>,
    _counted: Counted,
}

/// A connection that became a WebSocket: still counted, and its address forgotten.
#[derive(Debug)]
pub(crate) struct Upgraded {
    _held: Arc<Held>,
    _forwarded: Option<Place>,
}

/// Why a connection is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TurnedAway {
    /// As many are open as may be.
    ServerFull,
    /// Its address has as many open as it may.
    Crowded,
    /// Its address opens them too often.
    TooOften {
        /// Until it may open one more.
        wait: Duration,
    },
}

impl Peer {
    /// A direct peer pays once for its connection, as it is accepted: one that says nothing costs as
    /// much as any. Who comes from this machine, and trusted proxies, are exempt: they would be
    /// everybody at once.
    pub(crate) fn admit(gate: &Arc<Gate>, from: Whence, way: Way) -> Result<Self, TurnedAway> {
        let admitted = Self::judge(gate, from, way);
        gate.tree.ledger().tally().count(match admitted {
            Ok(_) => Event::ConnectionOpened,
            Err(_) => Event::TurnedAway,
        });
        admitted
    }

    fn judge(gate: &Arc<Gate>, from: Whence, way: Way) -> Result<Self, TurnedAway> {
        let place = match from {
            Whence::Address(address) if !address.is_loopback() && !is_trusted(gate, from) => {
                Some(pay(gate, address)?)
            }
            Whence::Address(_) | Whence::Here => None,
        };
        let connections_max = gate.tree.limits().connections_max;
        let counted = gate.tree.ledger().count_under(Gauge::Sockets, connections_max);
        let counted = counted.ok_or(TurnedAway::ServerFull)?;
        let held = Arc::new(Held { _place: place, _counted: counted });
        Ok(Self { gate: gate.clone(), from, way, held })
    }

    pub(crate) fn way(&self) -> Way {
        self.way
    }

    /// A client behind a trusted proxy pays for each upgrade: the proxy's connections are shared.
    pub(crate) fn upgraded(&self, request: &HeaderMap) -> Result<Upgraded, TurnedAway> {
        let is_forwarded =
            request.contains_key(X_FORWARDED_FOR) && is_trusted(&self.gate, self.from);
        // Whoever the proxy names in a way we do not understand shares its own address' bounds.
        let own = match self.from {
            Whence::Address(address) => address,
            Whence::Here => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        };
        let client = is_forwarded.then(|| forwarded_for(request).unwrap_or(own));
        let forwarded = client.map(|client| pay(&self.gate, client)).transpose();
        let forwarded = forwarded.inspect_err(|_| {
            self.gate.tree.ledger().tally().count(Event::TurnedAway);
        })?;
        Ok(Upgraded { _held: self.held.clone(), _forwarded: forwarded })
    }
}

/// One token of the address, and a place while the connection is open.
fn pay(gate: &Gate, address: IpAddr) -> Result<Place, TurnedAway> {
    let now = Instant::now().into_std();
    let paid = gate.throttle.admit(address, now);
    paid.map_err(|spent| TurnedAway::TooOften { wait: spent.wait })?;
    gate.crowd.enter(address).map_err(|_crowded| TurnedAway::Crowded)
}

fn is_trusted(gate: &Gate, from: Whence) -> bool {
    gate.rules.trusted_proxies.iter().any(|proxy| match (proxy, from) {
        (Proxy::Address(proxy), Whence::Address(address)) => proxy.to_canonical() == address,
        (Proxy::Unix, Whence::Here) => true,
        (Proxy::Address(_), Whence::Here) | (Proxy::Unix, Whence::Address(_)) => false,
    })
}

/// The last hop: the one address the proxy itself has seen. What stands before it, anybody wrote.
fn forwarded_for(request: &HeaderMap) -> Option<IpAddr> {
    let last = request.get_all(X_FORWARDED_FOR).iter().next_back()?.to_str().ok()?;
    let hop = last.rsplit(',').next()?.trim();
    hop.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::super::Rules;
    use super::*;
    use crate::Tree;
    use crate::limits::Limits;

    fn gate(limits: Limits, trusted: &[&str]) -> Arc<Gate> {
        let trusted_proxies = trusted.iter().map(|proxy| proxy.parse().unwrap()).collect();
        let rules = Rules { trusted_proxies, ..Rules::default() };
        Arc::new(Gate::new(Tree::new(limits), rules))
    }

    fn admit(gate: &Arc<Gate>, address: &str) -> Result<Peer, TurnedAway> {
        let address = SocketAddr::new(address.parse().unwrap(), 4711);
        Peer::admit(gate, Whence::socket(address), Way::Plain)
    }

    fn often(burst: u32) -> Limits {
        Limits { address_burst: burst, ..Limits::default() }
    }

    fn crowded(address_connections_max: usize) -> Limits {
        Limits { address_connections_max, ..Limits::default() }
    }

    fn forwarded(address: &'static str) -> HeaderMap {
        let mut request = HeaderMap::new();
        request.insert(X_FORWARDED_FOR, HeaderValue::from_static(address));
        request
    }

    #[test]
    fn a_stranger_pays_for_a_connection_as_it_is_accepted() {
        let gate = gate(often(1), &[]);
        drop(admit(&gate, "192.0.2.1").unwrap());
        let refused = admit(&gate, "::ffff:192.0.2.1").unwrap_err();
        assert!(matches!(refused, TurnedAway::TooOften { .. }), "{refused:?}");
        assert!(admit(&gate, "192.0.2.2").is_ok());
    }

    #[test]
    fn a_stranger_has_so_many_connections_open_and_no_more() {
        let gate = gate(crowded(2), &[]);
        let first = admit(&gate, "192.0.2.1").unwrap();
        // A WebSocket keeps the place of the connection it was.
        let second = admit(&gate, "192.0.2.1").unwrap().upgraded(&HeaderMap::new()).unwrap();
        assert_eq!(admit(&gate, "192.0.2.1").unwrap_err(), TurnedAway::Crowded);
        assert!(admit(&gate, "192.0.2.2").is_ok());
        drop(first);
        let first = admit(&gate, "192.0.2.1").unwrap();
        assert_eq!(admit(&gate, "192.0.2.1").unwrap_err(), TurnedAway::Crowded);
        drop(second);
        assert!(admit(&gate, "192.0.2.1").is_ok());
        drop(first);
    }

    #[test]
    fn loopback_and_proxies_never_pay() {
        let limits = Limits { address_burst: 1, address_connections_max: 1, ..Limits::default() };
        let gate = gate(limits, &["192.0.2.1"]);
        for exempt in ["127.0.0.1", "::1", "::ffff:127.0.0.1", "192.0.2.1"] {
            let peers: Vec<_> = (0..3).map(|_| admit(&gate, exempt)).collect();
            assert!(peers.iter().all(Result::is_ok), "{exempt}: {peers:?}");
        }
    }

    #[test]
    fn a_full_server_takes_nobody_and_keeps_no_place() {
        let gate = gate(Limits { connections_max: 1, ..crowded(1) }, &[]);
        let first = admit(&gate, "192.0.2.1").unwrap();
        assert_eq!(admit(&gate, "192.0.2.2").unwrap_err(), TurnedAway::ServerFull);
        drop(first);
        assert!(admit(&gate, "192.0.2.2").is_ok());
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let gate = gate(often(1), &["192.0.2.1"]);
        let request = forwarded("192.0.2.9");
        let stranger = admit(&gate, "192.0.2.2").unwrap();
        let proxy = admit(&gate, "192.0.2.1").unwrap();
        for _ in 0..3 {
            assert!(stranger.upgraded(&request).is_ok());
        }
        assert!(proxy.upgraded(&request).is_ok());
        let refused = proxy.upgraded(&request).unwrap_err();
        assert!(matches!(refused, TurnedAway::TooOften { .. }), "{refused:?}");
    }

    #[test]
    fn who_comes_by_the_unix_socket_is_not_counted_and_believed_only_if_that_was_said() {
        for (trusted, believed) in [(&[][..], false), (&["127.0.0.1"], false), (&["unix"], true)] {
            let gate = gate(often(1), trusted);
            let peers: Vec<_> =
                (0..3).map(|_| Peer::admit(&gate, Whence::Here, Way::Plain)).collect();
            assert!(peers.iter().all(Result::is_ok), "{peers:?}");
            let peer = peers[0].as_ref().unwrap();
            assert!(peer.upgraded(&forwarded("192.0.2.9")).is_ok());
            let again = peer.upgraded(&forwarded("192.0.2.9"));
            assert_eq!(again.is_err(), believed, "{trusted:?}");
            assert!(peer.upgraded(&forwarded("unknown")).is_ok());
            assert_eq!(peer.upgraded(&forwarded("unknown")).is_err(), believed, "{trusted:?}");
        }
    }

    #[test]
    fn whom_a_proxy_names_unintelligibly_is_counted_as_the_proxy() {
        let gate = gate(often(1), &["192.0.2.1"]);
        let proxy = admit(&gate, "192.0.2.1").unwrap();
        assert!(proxy.upgraded(&forwarded("unknown")).is_ok());
        assert!(proxy.upgraded(&forwarded("somebody")).is_err());
        assert!(proxy.upgraded(&forwarded("192.0.2.9")).is_ok());
    }

    #[test]
    fn a_client_behind_a_proxy_has_so_many_websockets_open_and_no_more() {
        let gate = gate(crowded(1), &["192.0.2.1"]);
        let proxy = admit(&gate, "192.0.2.1").unwrap();
        let first = proxy.upgraded(&forwarded("192.0.2.9")).unwrap();
        let refused = proxy.upgraded(&forwarded("192.0.2.9")).unwrap_err();
        assert_eq!(refused, TurnedAway::Crowded);
        assert!(proxy.upgraded(&forwarded("192.0.2.8")).is_ok());
        drop(first);
        assert!(proxy.upgraded(&forwarded("192.0.2.9")).is_ok());
    }

    #[test]
    fn the_last_hop_of_the_last_header_is_believed() {
        for (values, expected) in [
            (&["192.0.2.1"][..], Some("192.0.2.1")),
            (&["192.0.2.9, 192.0.2.1"], Some("192.0.2.1")),
            (&["192.0.2.9", "2001:db8::1"], Some("2001:db8::1")),
            (&["[2001:db8::1]:4711"], Some("2001:db8::1")),
            (&["unknown"], None),
            (&[], None),
        ] {
            let mut request = HeaderMap::new();
            for value in values {
                request.append(X_FORWARDED_FOR, HeaderValue::from_static(value));
            }
            let expected = expected.map(|address| address.parse().unwrap());
            assert_eq!(forwarded_for(&request), expected, "{values:?}");
        }
    }
}
