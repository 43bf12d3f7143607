//! Who is at the other end of a connection, for as long as it takes to count it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::{HeaderMap, HeaderName};
use tokio::time::Instant;

use super::Gate;
use crate::ledger::Counted;
use crate::rates::Spent;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// One accepted connection.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    gate: Arc<Gate>,
    address: IpAddr,
    admitted: Arc<AtomicBool>,
    /// Counts the connection for as long as anybody holds it.
    pub(crate) counted: Arc<Counted>,
}

impl Peer {
    pub(crate) fn new(gate: Arc<Gate>, address: SocketAddr, counted: Counted) -> Self {
        Self {
            gate,
            address: address.ip().to_canonical(),
            admitted: Arc::new(AtomicBool::new(false)),
            counted: Arc::new(counted),
        }
    }

    /// A direct peer pays once for its connection, with its first request. Loopback is exempt: it is
    /// a proxy or an onion service, and would be everybody at once.
    pub(crate) fn admit(&self) -> Result<(), Spent> {
        if self.is_trusted() || self.address.is_loopback() || self.admitted.load(Ordering::Relaxed)
        {
            return Ok(());
        }
        self.count(self.address)?;
        self.admitted.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// A client behind a trusted proxy pays for each upgrade: the proxy's connections are shared.
    pub(crate) fn admit_upgrade(&self, request: &HeaderMap) -> Result<(), Spent> {
        match forwarded_for(request).filter(|_| self.is_trusted()) {
            Some(client) => self.count(client),
            None => Ok(()),
        }
    }

    fn count(&self, address: IpAddr) -> Result<(), Spent> {
        self.gate.throttle.admit(address, Instant::now().into_std())
    }

    fn is_trusted(&self) -> bool {
        self.gate.trusted_proxies.iter().any(|proxy| proxy.to_canonical() == self.address)
    }
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

    use super::*;
    use crate::Tree;
    use crate::ledger::Gauge;
    use crate::limits::Limits;

    fn peer(address: &str, trusted: &[&str]) -> Peer {
        let limits = Limits { address_burst: 1, ..Limits::default() };
        let trusted = trusted.iter().map(|proxy| proxy.parse().unwrap()).collect();
        let gate = Arc::new(Gate::new(Tree::new(limits), Vec::new(), trusted));
        another(&gate, address)
    }

    fn another(gate: &Arc<Gate>, address: &str) -> Peer {
        let counted = gate.tree.ledger().count(Gauge::Sockets);
        Peer::new(gate.clone(), SocketAddr::new(address.parse().unwrap(), 4711), counted)
    }

    #[test]
    fn a_stranger_pays_once_a_connection_and_loopback_and_proxies_never() {
        let first = peer("192.0.2.1", &[]);
        assert_eq!(first.admit(), Ok(()));
        assert_eq!(first.admit(), Ok(()));
        assert!(another(&first.gate, "::ffff:192.0.2.1").admit().is_err());
        assert_eq!(another(&first.gate, "192.0.2.2").admit(), Ok(()));
        for exempt in [peer("127.0.0.1", &[]), peer("::1", &[]), peer("192.0.2.1", &["192.0.2.1"])]
        {
            assert_eq!(exempt.admit(), Ok(()));
            assert_eq!(another(&exempt.gate, &exempt.address.to_string()).admit(), Ok(()));
        }
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let mut request = HeaderMap::new();
        request.insert(X_FORWARDED_FOR, HeaderValue::from_static("192.0.2.9"));
        let stranger = peer("192.0.2.1", &["192.0.2.2"]);
        let proxy = peer("192.0.2.1", &["192.0.2.1"]);
        for _ in 0..3 {
            assert_eq!(stranger.admit_upgrade(&request), Ok(()));
        }
        assert_eq!(proxy.admit_upgrade(&request), Ok(()));
        assert!(proxy.admit_upgrade(&request).is_err());
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
