//! A certificate and its key, as an operator keeps them: two files, each looked at before anything
//! is served by them. Prints neither; a mistake names the file and what would mend it.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{Error, InconsistentKeys};
use x509_parser::time::ASN1Time;

use crate::config::TlsFiles;

/// Bytes of either file: the longest chains have twenty kilobytes.
const FILE_BYTES_MAX: u64 = 256 * 1024;

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error(
        "{} cannot be read: {error}; name another with {flag}, or let this user read it",
        path.display()
    )]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// The option that names it.
        flag: &'static str,
        /// Why.
        error: io::Error,
    },
    /// It is a folder, a pipe or a device, or far too long.
    #[error("{} is not a file of PEM; name another with {flag}", path.display())]
    NoFile {
        /// Which.
        path: PathBuf,
        /// The option that names it.
        flag: &'static str,
    },
    /// There is no certificate in it.
    #[error(
        "there is no certificate in {}; name one in PEM, which begins with -----BEGIN \
         CERTIFICATE-----, with --tls-certificate",
        path.display()
    )]
    NoCertificate {
        /// Which.
        path: PathBuf,
    },
    /// There is no key in it.
    #[error(
        "there is no private key in {}; name one in PEM, such as -----BEGIN PRIVATE KEY-----, with \
         --tls-key",
        path.display()
    )]
    NoKey {
        /// Which.
        path: PathBuf,
    },
    /// The key asks for a passphrase.
    #[error(
        "the key in {} is locked by a passphrase; `openssl pkey -in {} -out NEW` makes one without",
        path.display(), path.display()
    )]
    Locked {
        /// Which.
        path: PathBuf,
    },
    /// The key is of a kind that is not spoken here.
    #[error(
        "the key in {} is of a kind that is not supported; use ECDSA P-256 or P-384, Ed25519, or \
         RSA from 2048 bits up",
        path.display()
    )]
    KindOfKey {
        /// Which.
        path: PathBuf,
    },
    /// The key belongs to another certificate.
    #[error(
        "the key in {} does not belong to the certificate in {}; name the pair that was made \
         together",
        key.display(), certificate.display()
    )]
    Mismatch {
        /// Which certificate.
        certificate: PathBuf,
        /// Which key.
        key: PathBuf,
    },
    /// It was valid once.
    #[error("the certificate in {} ended on {since}; renew it", path.display())]
    Ended {
        /// Which.
        path: PathBuf,
        /// When.
        since: Moment,
    },
    /// It will be valid.
    #[error(
        "the certificate in {} begins on {from}; wait until then, or set this machine's clock",
        path.display()
    )]
    NotBegun {
        /// Which.
        path: PathBuf,
        /// When.
        from: Moment,
    },
    /// The folder of an ACME account is not there to be used by this user alone.
    #[error(
        "{} is no folder of this user alone; `chmod 700` it, or name another with --acme-folder",
        path.display()
    )]
    FolderNotOurs {
        /// Which.
        path: PathBuf,
    },
    /// There is nobody to believe a directory by.
    #[error(
        "there is no certificate of an authority in {}; name one in PEM with --acme-authority",
        path.display()
    )]
    NoAuthority {
        /// Which.
        path: PathBuf,
    },
    /// TLS itself cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Library(#[from] Error),
}

impl TlsError {
    /// Whether the same files may hold later: a clock goes on, and files become free.
    pub(super) fn may_pass(&self) -> bool {
        matches!(self, Self::NotBegun { .. } | Self::Unreadable { .. })
    }
}

/// A time of day somebody can read: UTC, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(ASN1Time);

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.0.to_datetime();
        let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
        write!(f, "{year}-{month:02}-{day:02} at {:02}:{:02} UTC", at.hour(), at.minute())
    }
}

/// A certificate that holds, and the key that belongs to it.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) certified: Arc<CertifiedKey>,
    ends: Moment,
}

impl Pair {
    /// Reads and judges both.
    ///
    /// # Errors
    /// Names the file, and what would mend it.
    pub(super) fn read(
        files: &TlsFiles,
        provider: &CryptoProvider,
        now: SystemTime,
    ) -> Result<Self, TlsError> {
        let chain = chain(&files.certificate)?;
        let (begins, ends) = validity(&files.certificate, &chain)?;
        let key = key(&files.key)?;
        let kind = |_| TlsError::KindOfKey { path: files.key.clone() };
        let key = provider.key_provider.load_private_key(key).map_err(kind)?;
        let certified = CertifiedKey::new(chain, key);
        match certified.keys_match() {
            // Some kinds of key do not tell; clients would.
            Ok(()) | Err(Error::InconsistentKeys(InconsistentKeys::Unknown)) => {}
            Err(_) => {
                let (certificate, key) = (files.certificate.clone(), files.key.clone());
                return Err(TlsError::Mismatch { certificate, key });
            }
        }
        let pair = Self { certified: Arc::new(certified), ends };
        let path = || files.certificate.clone();
        if seconds(now) < begins.0.timestamp() {
            return Err(TlsError::NotBegun { path: path(), from: begins });
        }
        match pair.ended(now) {
            Some(since) => Err(TlsError::Ended { path: path(), since }),
            None => Ok(pair),
        }
    }

    /// Since when it is no longer valid, if it is not.
    pub(super) fn ended(&self, now: SystemTime) -> Option<Moment> {
        (self.ends.0.timestamp() < seconds(now)).then_some(self.ends)
    }
}

/// A clock before 1970 is wrong by so much that no certificate has begun.
fn seconds(now: SystemTime) -> i64 {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let text = read(path, "--tls-certificate")?;
    let chain = CertificateDer::pem_slice_iter(&text).collect::<Result<Vec<_>, _>>();
    let none = || TlsError::NoCertificate { path: path.to_owned() };
    chain.ok().filter(|chain| !chain.is_empty()).ok_or_else(none)
}

fn validity(path: &Path, chain: &[CertificateDer<'_>]) -> Result<(Moment, Moment), TlsError> {
    let none = || TlsError::NoCertificate { path: path.to_owned() };
    let first = chain.first().ok_or_else(none)?;
    let (_, certificate) = x509_parser::parse_x509_certificate(first).map_err(|_| none())?;
    let validity = certificate.validity();
    Ok((Moment(validity.not_before), Moment(validity.not_after)))
}

fn key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    const LOCKED: &[u8] = b"ENCRYPTED";
    let text = read(path, "--tls-key")?;
    if text.windows(LOCKED.len()).any(|part| part == LOCKED) {
        return Err(TlsError::Locked { path: path.to_owned() });
    }
    PrivateKeyDer::from_pem_slice(&text).map_err(|_| TlsError::NoKey { path: path.to_owned() })
}

pub(super) fn read(path: &Path, flag: &'static str) -> Result<Vec<u8>, TlsError> {
    let unreadable = |error| TlsError::Unreadable { path: path.to_owned(), flag, error };
    let about = fs::metadata(path).map_err(unreadable)?;
    // Anything else may have no end.
    if !about.is_file() || about.len() > FILE_BYTES_MAX {
        return Err(TlsError::NoFile { path: path.to_owned(), flag });
    }
    fs::read(path).map_err(unreadable)
}
