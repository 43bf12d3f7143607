//! TLS for whoever comes in from outside: where certificates are from, and what is spoken. Must not
//! know what is served.

mod acme;
mod files;
mod folder;
mod pair;

use std::fmt;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::server::{NoServerSessionStorage, ResolvesServerCert};

use crate::config;
use crate::remark::Remarks;
use acme::Order;
use files::KeptFiles;
pub use pair::{Moment, TlsError};

/// The one protocol that is spoken inside (RFC 7301): a WebSocket is an upgrade of HTTP/1.1.
const HTTP_1_1: &[u8] = b"http/1.1";

/// What an authority asks for that looks whether a domain leads here (RFC 8737 §3); nothing is said.
pub(crate) const ACME_TLS: &[u8] = b"acme-tls/1";

/// TLS as the gateway speaks it.
pub(crate) struct Tls {
    acceptor: TlsAcceptor,
    certificates: Certificates,
}

/// Where certificates are from.
enum Certificates {
    Files(Arc<KeptFiles>),
    Order(Box<Order>),
}

/// Looks at what TLS would be spoken with, and makes nothing.
pub(crate) fn check(config: &config::Tls) -> Result<(), TlsError> {
    match config {
        config::Tls::Files(files) => {
            KeptFiles::open(files.clone(), Arc::new(ring::default_provider())).map(|_| ())
        }
        config::Tls::Acme(acme) => acme::check(acme),
    }
}

impl Tls {
    /// TLS by these certificates.
    ///
    /// # Errors
    /// When they do not hold, or there is no place to keep them.
    pub(crate) fn begin(config: config::Tls) -> Result<Self, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let mut protocols = vec![HTTP_1_1.to_vec()];
        let (certificates, resolver): (_, Arc<dyn ResolvesServerCert>) = match config {
            config::Tls::Files(files) => {
                let files = Arc::new(KeptFiles::open(files, provider.clone())?);
                (Certificates::Files(files.clone()), files)
            }
            config::Tls::Acme(acme) => {
                protocols.push(ACME_TLS.to_vec());
                let order = Order::begin(acme, &provider)?;
                let resolver = order.resolver();
                (Certificates::Order(Box::new(order)), resolver)
            }
        };
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(resolver);
        config.alpn_protocols = protocols;
        // Nobody is known again by a ticket, and nothing that a past connection was sealed with stays.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), certificates })
    }

    /// What greets a client.
    pub(crate) fn acceptor(&self) -> &TlsAcceptor {
        &self.acceptor
    }

    /// Keeps the certificates up to date, for ever.
    pub(crate) async fn keep(&self, remarks: &Remarks) {
        match &self.certificates {
            Certificates::Files(files) => files.follow(remarks).await,
            Certificates::Order(order) => order.follow(remarks).await,
        }
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { acceptor: _, certificates: _ } = self;
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}
