//! TLS for whoever comes in from outside: where certificates are from, and what is spoken. Must not
//! know what is served.

mod files;
mod pair;

use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::server::NoServerSessionStorage;

use crate::config::TlsFiles;
use crate::remark::Remarks;
use files::KeptFiles;
pub use pair::{Moment, TlsError};

/// The one protocol that is spoken inside (RFC 7301): a WebSocket is an upgrade of HTTP/1.1.
const HTTP_1_1: &[u8] = b"http/1.1";

/// TLS as the gateway speaks it.
pub(crate) struct Tls {
    acceptor: TlsAcceptor,
    files: Arc<KeptFiles>,
}

impl Tls {
    /// TLS by a pair of files.
    ///
    /// # Errors
    /// When the pair does not hold.
    pub(crate) fn of_files(files: TlsFiles) -> Result<Self, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let files = Arc::new(KeptFiles::open(files, provider.clone())?);
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(files.clone());
        config.alpn_protocols = vec![HTTP_1_1.to_vec()];
        // Nobody is known again by a ticket, and nothing that a past connection was sealed with stays.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), files })
    }

    /// What greets a client.
    pub(crate) fn acceptor(&self) -> &TlsAcceptor {
        &self.acceptor
    }

    /// Keeps the certificates up to date, for ever.
    pub(crate) async fn keep(&self, remarks: &Remarks) {
        self.files.follow(remarks).await;
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { acceptor: _, files: _ } = self;
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}
