//! An authority of the tests' own, what it certifies, and clients that believe it.
#![allow(dead_code, reason = "each test file uses its own part of it")]
#![allow(clippy::unwrap_used, reason = "a failed test says so")]

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, KeyPair, date_time_ymd};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::version::TLS13;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};

/// Years in which a certificate holds.
pub(crate) const HOLDS: (i32, i32) = (2020, 2120);

pub(crate) struct Authority {
    certificate: Certificate,
    key: KeyPair,
}

/// A certificate and its key, in PEM.
#[derive(Clone)]
pub(crate) struct Issued {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self { certificate: params.self_signed(&key).unwrap(), key }
    }

    /// For `localhost`, from the beginning of one year to that of another.
    pub(crate) fn issue(&self, (from, to): (i32, i32)) -> Issued {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(to, 1, 1);
        let certificate = params.signed_by(&key, &self.certificate, &self.key).unwrap();
        Issued { certificate: certificate.pem(), key: key.serialize_pem() }
    }

    /// Its own certificate.
    pub(crate) fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// A client that speaks these versions and believes this authority alone.
    pub(crate) fn client(&self, versions: &[&'static SupportedProtocolVersion]) -> TlsConnector {
        client(self.certificate.der().clone(), versions)
    }
}

/// A client that believes that authority alone.
pub(crate) fn client_of(root: CertificateDer<'static>) -> TlsConnector {
    client(root, &[&TLS13])
}

fn client(
    root: CertificateDer<'static>,
    versions: &[&'static SupportedProtocolVersion],
) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(root).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    TlsConnector::from(Arc::new(config))
}

/// Where a pair lies.
pub(crate) struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    pub(crate) fn of(issued: &Issued) -> Self {
        let files = Self { folder: tempfile::tempdir().unwrap() };
        files.put(issued);
        files
    }

    /// As a renewal does: one file after the other, each whole at once.
    pub(crate) fn put(&self, issued: &Issued) {
        let put = |path: PathBuf, text: &str| {
            let beside = path.with_extension("new");
            fs::write(&beside, text).unwrap();
            fs::rename(beside, path).unwrap();
        };
        put(self.certificate(), &issued.certificate);
        put(self.key(), &issued.key);
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }

    pub(crate) fn key(&self) -> PathBuf {
        self.folder.path().join("key.pem")
    }
}

pub(crate) async fn connect(client: &TlsConnector, address: SocketAddr) -> TlsStream<TcpStream> {
    try_connect(client, address).await.unwrap()
}

pub(crate) async fn try_connect(
    client: &TlsConnector,
    address: SocketAddr,
) -> std::io::Result<TlsStream<TcpStream>> {
    let name = ServerName::try_from("localhost").unwrap();
    client.connect(name, TcpStream::connect(address).await?).await
}

/// What the server shows to whoever connects.
pub(crate) async fn shown(client: &TlsConnector, address: SocketAddr) -> CertificateDer<'static> {
    let stream = connect(client, address).await;
    let shown = stream.get_ref().1.peer_certificates().unwrap();
    shown.first().unwrap().clone().into_owned()
}
