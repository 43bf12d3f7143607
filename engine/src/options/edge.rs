//! The options of what lies between the server and the net: TLS, and who else listens. Must not read
//! a file.

use std::path::PathBuf;

use sanctuary_engine::TlsFiles;

/// The edge of the server.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "TLS")]
pub(crate) struct EdgeOptions {
    /// Certificate to speak TLS with, in PEM, and behind it those that lead to an authority; it is
    /// read again when it is replaced
    #[arg(long, value_name = "FILE", env = "SANCTUARY_TLS_CERTIFICATE")]
    tls_certificate: Option<PathBuf>,

    /// The certificate's private key, in PEM
    #[arg(long, value_name = "FILE", env = "SANCTUARY_TLS_KEY")]
    tls_key: Option<PathBuf>,
}

/// Options that are right by themselves, and wrong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EdgeError {
    /// A certificate alone.
    #[error("a certificate needs its key: name it with --tls-key")]
    NoKey,
    /// A key alone.
    #[error("a key needs its certificate: name it with --tls-certificate")]
    NoCertificate,
}

impl EdgeOptions {
    /// What to speak TLS with, if at all.
    ///
    /// # Errors
    /// When there is a half of a pair.
    pub(crate) fn tls(&self) -> Result<Option<TlsFiles>, EdgeError> {
        match (self.tls_certificate.clone(), self.tls_key.clone()) {
            (Some(certificate), Some(key)) => Ok(Some(TlsFiles::new(certificate, key))),
            (Some(_), None) => Err(EdgeError::NoKey),
            (None, Some(_)) => Err(EdgeError::NoCertificate),
            (None, None) => Ok(None),
        }
    }
}
