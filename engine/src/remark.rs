//! What the operator should hear while the server runs, in a sentence each. It is handed to whoever
//! runs the engine; nothing here prints. Knows nothing of a person, a room or an address.

use sanctuary_protocol::Redacted;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};

use crate::tls::TlsError;

/// Remarks nobody has heard yet. Each cause makes one now and then; past this they are all the same.
const WAITING_MAX: usize = 16;

/// Something the operator should know.
#[derive(derive_more::Debug, thiserror::Error)]
pub enum Remark {
    /// A pair of files was replaced by one that does not hold.
    #[error("{0}; until then the certificate from before is used")]
    CertificateKept(TlsError),
    /// The certificate in use is no longer valid.
    #[error("{0}, or browsers will not come in")]
    CertificateEnded(TlsError),
    /// An authority gave no certificate.
    #[error("no certificate came from {directory}: {why}; it is asked again by itself")]
    NoCertificate {
        /// Which authority.
        #[debug("{Redacted}")]
        directory: String,
        /// What it said, or why it could not be asked.
        #[debug("{Redacted}")]
        why: String,
    },
    /// A certificate or an account's key cannot be read from where it is kept, or written there.
    #[error("{} does not keep what it should: {error}; mend it, or each start asks for a new \
             certificate", folder.display())]
    NotKept {
        /// Where.
        folder: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// There is no file left for a connection, of this process or of the machine.
    #[error("a connection cannot be taken: {0}; raise the limit of open files (ulimit -n)")]
    NoFileLeft(io::Error),
}

/// Where remarks are made. By default nobody hears them.
#[derive(Clone, Debug)]
pub(crate) struct Remarks {
    sender: mpsc::Sender<Remark>,
}

/// Where they are heard.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    receiver: Arc<Mutex<mpsc::Receiver<Remark>>>,
}

/// Both ends.
pub(crate) fn remarks() -> (Remarks, Heard) {
    let (sender, receiver) = mpsc::channel(WAITING_MAX);
    (Remarks { sender }, Heard { receiver: Arc::new(Mutex::new(receiver)) })
}

impl Default for Remarks {
    fn default() -> Self {
        remarks().0
    }
}

impl Remarks {
    /// Makes one; nobody waits until it is heard.
    pub(crate) fn make(&self, remark: Remark) {
        let _ = self.sender.try_send(remark);
    }
}

impl Heard {
    /// The next one; never, when nothing is left that could make one.
    pub(crate) async fn next(&self) -> Remark {
        match self.receiver.lock().await.recv().await {
            Some(remark) => remark,
            None => std::future::pending().await,
        }
    }
}
