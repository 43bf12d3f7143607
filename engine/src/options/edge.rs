//! The options of what lies between the server and the net: TLS, and who else listens. Must not read
//! a file.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use sanctuary_engine::{Acme, Contact, Domain, Listen, Origin, Tls, TlsFiles, UnixPlace};

/// The edge of the server.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Edge")]
pub(crate) struct EdgeOptions {
    /// Certificate to speak TLS with, in PEM, and behind it those that lead to an authority; it is
    /// read again when it is replaced
    #[arg(long, value_name = "FILE", env = "SANCTUARY_TLS_CERTIFICATE", conflicts_with = "acme")]
    tls_certificate: Option<PathBuf>,

    /// The certificate's private key, in PEM
    #[arg(long, value_name = "FILE", env = "SANCTUARY_TLS_KEY", conflicts_with = "acme")]
    tls_key: Option<PathBuf>,

    /// Domain to get a certificate for by itself, and to renew it in time; may be given again. The
    /// authority comes to port 443 of it, and asking is agreeing to its terms
    #[arg(long, value_name = "DOMAIN", env = "SANCTUARY_ACME", value_delimiter = ',')]
    acme: Vec<Domain>,

    /// Folder of this user alone, for the account's key and the certificate: the only files that the
    /// server ever writes
    #[arg(long, value_name = "PATH", env = "SANCTUARY_ACME_FOLDER")]
    acme_folder: Option<PathBuf>,

    /// Mail address that the authority may write to; may be given again
    #[arg(long, value_name = "ADDRESS", env = "SANCTUARY_ACME_CONTACT", value_delimiter = ',')]
    acme_contact: Vec<Contact>,

    /// Where the authority takes orders
    #[arg(long, value_name = "URL", env = "SANCTUARY_ACME_DIRECTORY", default_value = LETS_ENCRYPT)]
    acme_directory: Directory,

    /// Certificates that the directory itself is believed by, in PEM, where it is a house's own
    #[arg(long, value_name = "FILE", env = "SANCTUARY_ACME_AUTHORITY")]
    acme_authority: Option<PathBuf>,

    /// Port on which plain HTTP is answered by the way to TLS; 80 is what browsers ask
    #[arg(long, value_name = "PORT", env = "SANCTUARY_HTTP_REDIRECT")]
    http_redirect: Option<u16>,

    /// Unix socket to listen on, in plain HTTP, for a proxy or an onion service on this machine;
    /// without --bind, -4 or -6 it is all that the server listens on
    #[arg(long, value_name = "PATH", env = "SANCTUARY_LISTEN_UNIX")]
    listen_unix: Option<PathBuf>,

    /// Who may connect to it, as a file's mode: its owner and its group, unless you say otherwise
    #[arg(long, value_name = "MODE", env = "SANCTUARY_LISTEN_UNIX_MODE", default_value = "660")]
    listen_unix_mode: Mode,
}

/// Where most orders go.
const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";

/// Where an authority takes orders.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Directory(String);

/// No authority is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a directory is a URL that begins with https://")]
struct InvalidDirectory;

impl FromStr for Directory {
    type Err = InvalidDirectory;

    fn from_str(text: &str) -> Result<Self, InvalidDirectory> {
        let (origin, _path) = text
            .strip_prefix("https://")
            .map(|rest| rest.split_once('/').unwrap_or((rest, "")))
            .ok_or(InvalidDirectory)?;
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic());
        let is_place = format!("https://{origin}").parse::<Origin>().is_ok();
        if is_plain && is_place { Ok(Self(text.to_owned())) } else { Err(InvalidDirectory) }
    }
}

/// A file's mode, in octal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mode(u32);

/// This is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a mode is three octal digits, such as 600, 660 or 666")]
struct InvalidMode;

impl FromStr for Mode {
    type Err = InvalidMode;

    fn from_str(text: &str) -> Result<Self, InvalidMode> {
        let is_octal = text.bytes().all(|digit| (b'0'..=b'7').contains(&digit));
        let digits = text.strip_prefix('0').filter(|_| text.len() == 4).unwrap_or(text);
        let mode = Some(digits).filter(|digits| digits.len() == 3 && is_octal);
        let mode = mode.and_then(|digits| u32::from_str_radix(digits, 8).ok());
        mode.map(Self).ok_or(InvalidMode)
    }
}

/// Options that are right by themselves, and wrong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EdgeError {
    /// A certificate alone.
    #[error("--tls-certificate needs its key: name it with --tls-key")]
    LoneCertificate,
    /// A key alone.
    #[error("--tls-key needs its certificate: name it with --tls-certificate")]
    LoneKey,
    /// A domain, and no place for its certificate.
    #[error("a certificate by --acme is kept in a folder; name one with --acme-folder")]
    NoFolder,
    /// A way to where nothing is.
    #[error(
        "--http-redirect leads to TLS, and there is none; name a certificate with --tls-certificate, \
         or a domain with --acme"
    )]
    NoTls,
    /// No address to redirect from, or to.
    #[error("--http-redirect needs an address beside --listen-unix; name one with --bind")]
    NoAddress,
}

impl EdgeOptions {
    /// What to speak TLS with, if at all.
    ///
    /// # Errors
    /// When there is a half of a pair, or no place for a certificate.
    pub(crate) fn tls(&self) -> Result<Option<Tls>, EdgeError> {
        if !self.acme.is_empty() {
            return Ok(Some(Tls::Acme(Acme {
                domains: self.acme.clone(),
                directory: self.acme_directory.0.clone(),
                contacts: self.acme_contact.clone(),
                folder: self.acme_folder.clone().ok_or(EdgeError::NoFolder)?,
                authority: self.acme_authority.clone(),
            })));
        }
        match (self.tls_certificate.clone(), self.tls_key.clone()) {
            (Some(certificate), Some(key)) => Ok(Some(Tls::Files(TlsFiles::new(certificate, key)))),
            (Some(_), None) => Err(EdgeError::LoneCertificate),
            (None, Some(_)) => Err(EdgeError::LoneKey),
            (None, None) => Ok(None),
        }
    }

    /// The unix socket to listen on, if there is to be one.
    pub(crate) fn unix(&self) -> Option<UnixPlace> {
        let path = self.listen_unix.clone()?;
        Some(UnixPlace { path, mode: self.listen_unix_mode.0 })
    }

    /// Where to answer plain HTTP by the way to TLS: the addresses that are listened on, at the port
    /// for that.
    ///
    /// # Errors
    /// When there is no TLS, or no address.
    pub(crate) fn redirect(&self, listen: &[Listen]) -> Result<Vec<Listen>, EdgeError> {
        let Some(port) = self.http_redirect else { return Ok(Vec::new()) };
        if self.tls()?.is_none() {
            return Err(EdgeError::NoTls);
        }
        let mut places: Vec<Listen> = Vec::new();
        for place in listen {
            let place = match *place {
                Listen::DualStack { .. } => Listen::DualStack { port },
                Listen::Address(address) => Listen::Address(SocketAddr::new(address.ip(), port)),
            };
            if !places.contains(&place) {
                places.push(place);
            }
        }
        if places.is_empty() { Err(EdgeError::NoAddress) } else { Ok(places) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_an_https_url() {
        for text in [LETS_ENCRYPT, "https://localhost:14000/dir", "https://ca.example"] {
            assert_eq!(text.parse(), Ok(Directory(text.to_owned())));
        }
        for text in ["", "http://a/", "https://", "https://a b/", "https://a/ b", "ca.example"] {
            assert_eq!(text.parse::<Directory>(), Err(InvalidDirectory), "{text:?}");
        }
    }

    #[test]
    fn a_mode_is_three_octal_digits() {
        for (text, expected) in [
            ("660", Some(0o660)),
            ("0660", Some(0o660)),
            ("666", Some(0o666)),
            ("0", None),
            ("1660", None),
            ("668", None),
            ("", None),
            ("rw-", None),
        ] {
            assert_eq!(text.parse().ok(), expected.map(Mode), "{text:?}");
        }
    }
}
