//! A pair of files in use: looked at again and again, and taken in anew when somebody has replaced
//! them. A broken new pair changes nothing. Must not know who connects.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use tokio::time::sleep;
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;

use super::pair::{Pair, TlsError};
use crate::config::TlsFiles;
use crate::remark::{Remark, Remarks};

/// Files, and the pair that was read from them last and held.
#[derive(Debug)]
pub(super) struct KeptFiles {
    files: TlsFiles,
    provider: Arc<CryptoProvider>,
    current: RwLock<Current>,
}

#[derive(Clone, Debug)]
struct Current {
    pair: Pair,
    /// The files as they were judged last, whether they held or not.
    judged: Stamp,
    /// The files of which it was said why they do not hold.
    told: Option<Stamp>,
    /// Whether somebody was told that the pair is no longer valid.
    is_mourned: bool,
}

/// What changes when a file is written or replaced. Nothing, if a file is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp([Option<[i64; 6]>; 2]);

impl Stamp {
    fn of(files: &TlsFiles) -> Self {
        let look = |path: &Path| fs::metadata(path).ok().map(|found| Self::marks(&found));
        Self([look(&files.certificate), look(&files.key)])
    }

    fn marks(found: &Metadata) -> [i64; 6] {
        // An inode's number says no more as a signed one.
        let inode = found.ino().cast_signed();
        let (changed, modified) = (found.ctime(), found.mtime());
        let size = found.size().cast_signed();
        [inode, size, changed, found.ctime_nsec(), modified, found.mtime_nsec()]
    }
}

impl KeptFiles {
    pub(super) fn open(files: TlsFiles, provider: Arc<CryptoProvider>) -> Result<Self, TlsError> {
        // Before it is read: what is replaced meanwhile is read again.
        let judged = Stamp::of(&files);
        let pair = Pair::read(&files, &provider, SystemTime::now())?;
        let current = RwLock::new(Current { pair, judged, told: None, is_mourned: false });
        Ok(Self { files, provider, current })
    }

    /// Follows the files for ever. Whoever replaces them writes one after the other, so a change is
    /// judged when the next look finds it as it was.
    pub(super) async fn follow(&self, remarks: &Remarks) {
        let mut seen = self.current().judged;
        loop {
            sleep(self.files.look_interval).await;
            let stamp = Stamp::of(&self.files);
            if stamp == seen && stamp != self.current().judged {
                self.take_in(stamp, remarks);
            }
            seen = stamp;
            self.mourn(remarks);
        }
    }

    fn take_in(&self, judged: Stamp, remarks: &Remarks) {
        let read = Pair::read(&self.files, &self.provider, SystemTime::now());
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        // What passes by itself is looked at again, though the files stay as they are.
        if !read.as_ref().is_err_and(TlsError::may_pass) {
            current.judged = judged;
        }
        match read {
            Ok(pair) => {
                current.pair = pair;
                current.is_mourned = false;
            }
            Err(_) if current.told == Some(judged) => {}
            Err(error) => {
                current.told = Some(judged);
                remarks.make(Remark::CertificateKept(error));
            }
        }
    }

    /// Says once that the pair in use is no longer valid: until it is replaced, no browser comes in.
    fn mourn(&self, remarks: &Remarks) {
        let Current { pair, is_mourned, .. } = self.current();
        let Some(since) = pair.ended(SystemTime::now()).filter(|_| !is_mourned) else { return };
        self.current.write().unwrap_or_else(PoisonError::into_inner).is_mourned = true;
        let path = self.files.certificate.clone();
        remarks.make(Remark::CertificateEnded(TlsError::Ended { path, since }));
    }

    fn current(&self) -> Current {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ResolvesServerCert for KeptFiles {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current().pair.certified)
    }
}
