//! Certificates that an authority gives of itself (ACME, RFC 8555), to whoever shows over TLS that a
//! domain is its own (TLS-ALPN-01, RFC 8737). Must not know what is served.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures::StreamExt as _;
use rustls_acme::acme::AcmeError;
use rustls_acme::{AcmeConfig, AcmeState, EventError, OrderError};
use tokio::sync::Mutex;
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::server::ResolvesServerCert;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::folder::Folder;
use super::pair::{TlsError, read};
use crate::config::Acme;
use crate::remark::{Remark, Remarks};

/// Letters of what an authority says that are passed on: its words are a stranger's.
const WORDS_LETTERS_MAX: usize = 300;

/// An order that never ends, and the certificate that came of it last.
pub(super) struct Order {
    directory: String,
    folder: PathBuf,
    /// Held by whoever follows it.
    state: Mutex<AcmeState<io::Error>>,
    resolver: Arc<dyn ResolvesServerCert>,
}

/// Looks at what an order would be made with, and makes nothing.
pub(super) fn check(acme: &Acme) -> Result<(), TlsError> {
    Folder::look(&acme.folder)?;
    acme.authority.as_deref().map(roots).transpose()?;
    Ok(())
}

impl Order {
    pub(super) fn begin(acme: Acme, provider: &Arc<CryptoProvider>) -> Result<Self, TlsError> {
        let Acme { domains, directory, contacts, folder, authority } = acme;
        let domains = domains.iter().map(|domain| domain.as_str());
        let mut config = match authority {
            Some(path) => {
                AcmeConfig::new_with_client_config(domains, client(roots(&path)?, provider)?)
            }
            None => AcmeConfig::new_with_provider(domains, provider.clone()),
        };
        config = config.directory(&directory);
        config = config.contact(contacts.iter().map(|contact| contact.as_str()));
        let state = config.cache(Folder::open(&folder)?).state();
        let resolver = state.resolver();
        Ok(Self { directory, folder, state: Mutex::new(state), resolver })
    }

    pub(super) fn resolver(&self) -> Arc<dyn ResolvesServerCert> {
        self.resolver.clone()
    }

    /// Follows it for ever: orders, keeps, and orders anew in time.
    pub(super) async fn follow(&self, remarks: &Remarks) {
        let mut state = self.state.lock().await;
        while let Some(event) = state.next().await {
            match event {
                Ok(_) => {}
                Err(error) => remarks.make(self.remark(error)),
            }
        }
    }

    fn remark(&self, error: EventError<io::Error, io::Error>) -> Remark {
        match error {
            EventError::CertCacheLoad(error)
            | EventError::AccountCacheLoad(error)
            | EventError::CertCacheStore(error)
            | EventError::AccountCacheStore(error) => {
                Remark::NotKept { folder: self.folder.clone(), error }
            }
            EventError::CachedCertParse(error) | EventError::NewCertParse(error) => {
                self.refused(&error.to_string())
            }
            EventError::Order(OrderError::BadAuth(auth)) => {
                let problems = auth.challenges.into_iter().filter_map(|it| it.error?.detail);
                let problems: Vec<_> = problems.collect();
                self.refused(&format!("the domain was not found here: {}", problems.join("; ")))
            }
            EventError::Order(OrderError::BadOrder(order)) => {
                let detail = order.error.and_then(|problem| problem.detail);
                self.refused(&detail.unwrap_or_else(|| "the order was refused".to_owned()))
            }
            EventError::Order(OrderError::TooManyAttemptsAuth(_)) => {
                self.refused("it did not look at the domain in time")
            }
            EventError::Order(OrderError::ProcessingTimeout(_)) => {
                self.refused("it was not done in time")
            }
            EventError::Order(OrderError::Acme(AcmeError::Io(error))) => {
                self.refused(&error.to_string())
            }
            EventError::Order(error) => self.refused(&error.to_string()),
        }
    }

    fn refused(&self, why: &str) -> Remark {
        let why = why.chars().map(|it| if it.is_control() { ' ' } else { it });
        let why = why.take(WORDS_LETTERS_MAX).collect();
        Remark::NoCertificate { directory: self.directory.clone(), why }
    }
}

fn roots(path: &Path) -> Result<RootCertStore, TlsError> {
    let none = || TlsError::NoAuthority { path: path.to_owned() };
    let text = read(path, "--acme-authority")?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&text) {
        roots.add(certificate.map_err(|_| none())?).map_err(|_| none())?;
    }
    if roots.is_empty() { Err(none()) } else { Ok(roots) }
}

fn client(
    roots: RootCertStore,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<ClientConfig>, TlsError> {
    let config = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
