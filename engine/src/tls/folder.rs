//! The folder of an ACME account: its key, and the certificates that came, with theirs. It is the only
//! place in which the server writes a file, and its owner's alone.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::pin::Pin;

use rustls_acme::{AccountCache, CertCache};
use sha2::{Digest as _, Sha256};

use super::pair::TlsError;
use crate::socket_file::own_uid;

/// Only the owner enters the folder.
const FOLDER_MODE: u32 = 0o700;

/// Only the owner reads a file.
const FILE_MODE: u32 = 0o600;

/// The bits by which others could look into the folder, or put something there.
const OPEN_TO_OTHERS: u32 = 0o077;

/// Bytes of a file's name that tell accounts and certificates apart.
const NAME_BYTES: usize = 8;

/// The folder, ours alone.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

/// What a read or a write comes to.
type Outcome<'f, T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send + 'f>>;

impl Folder {
    /// Looks whether it could be used; one that is not there could be made.
    pub(super) fn look(path: &Path) -> Result<(), TlsError> {
        match fs::symlink_metadata(path) {
            Ok(found) => check(path, &found),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(unusable(path)(error)),
        }
    }

    /// Makes it, if it is not there.
    pub(super) fn open(path: &Path) -> Result<Self, TlsError> {
        Self::look(path)?;
        let mut builder = DirBuilder::new();
        builder.recursive(true).mode(FOLDER_MODE).create(path).map_err(unusable(path))?;
        check(path, &fs::symlink_metadata(path).map_err(unusable(path))?)?;
        Ok(Self { path: path.to_owned() })
    }

    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.path.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whole, or not at all: a key that was cut off in the middle is no key.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let beside = self.path.join(format!("{name}.new"));
        let mut options = OpenOptions::new();
        let options = options.write(true).create(true).truncate(true).mode(FILE_MODE);
        let mut file: File = options.open(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(beside, self.path.join(name))
    }
}

fn check(path: &Path, found: &Metadata) -> Result<(), TlsError> {
    let is_ours = own_uid().is_ok_and(|own| found.uid() == own);
    if found.is_dir() && is_ours && found.mode() & OPEN_TO_OTHERS == 0 {
        return Ok(());
    }
    Err(TlsError::FolderNotOurs { path: path.to_owned() })
}

fn unusable(path: &Path) -> impl FnOnce(io::Error) -> TlsError {
    let path = path.to_owned();
    |error| TlsError::Unreadable { path, flag: "--acme-folder", error }
}

/// A file's name, by what it is for and with whom.
fn name(kind: &str, parts: &[String], directory: &str) -> String {
    let mut digest = Sha256::new();
    for part in parts.iter().map(String::as_str).chain([directory]) {
        digest.update(part);
        digest.update([0]);
    }
    let digest = digest.finalize();
    let digits = digest.iter().take(NAME_BYTES).map(|byte| format!("{byte:02x}"));
    format!("{kind}-{}.pem", digits.collect::<String>())
}

/// Written out, as the library's macro would have it. The files are small, and read once: nothing is
/// waited for.
impl CertCache for Folder {
    type EC = io::Error;

    fn load_cert<'s, 'd, 'u, 'f>(
        &'s self,
        domains: &'d [String],
        directory: &'u str,
    ) -> Outcome<'f, Option<Vec<u8>>>
    where
        's: 'f,
        'd: 'f,
        'u: 'f,
        Self: 'f,
    {
        Box::pin(std::future::ready(self.read(&name("certificate", domains, directory))))
    }

    fn store_cert<'s, 'd, 'u, 'c, 'f>(
        &'s self,
        domains: &'d [String],
        directory: &'u str,
        certificate: &'c [u8],
    ) -> Outcome<'f, ()>
    where
        's: 'f,
        'd: 'f,
        'u: 'f,
        'c: 'f,
        Self: 'f,
    {
        let name = name("certificate", domains, directory);
        Box::pin(std::future::ready(self.write(&name, certificate)))
    }
}

impl AccountCache for Folder {
    type EA = io::Error;

    fn load_account<'s, 'd, 'u, 'f>(
        &'s self,
        contacts: &'d [String],
        directory: &'u str,
    ) -> Outcome<'f, Option<Vec<u8>>>
    where
        's: 'f,
        'd: 'f,
        'u: 'f,
        Self: 'f,
    {
        Box::pin(std::future::ready(self.read(&name("account", contacts, directory))))
    }

    fn store_account<'s, 'd, 'u, 'a, 'f>(
        &'s self,
        contacts: &'d [String],
        directory: &'u str,
        account: &'a [u8],
    ) -> Outcome<'f, ()>
    where
        's: 'f,
        'd: 'f,
        'u: 'f,
        'a: 'f,
        Self: 'f,
    {
        let name = name("account", contacts, directory);
        Box::pin(std::future::ready(self.write(&name, account)))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_is_kept_is_the_owners_alone_and_read_again() {
        let above = tempfile::tempdir().unwrap();
        let path = above.path().join("not/yet");
        Folder::look(&path).unwrap();
        assert!(!path.exists());
        let folder = Folder::open(&path).unwrap();
        assert_eq!(folder.read("a").unwrap(), None);
        folder.write("a", b"first").unwrap();
        folder.write("a", b"second").unwrap();
        assert_eq!(folder.read("a").unwrap().as_deref(), Some(&b"second"[..]));
        let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
        assert_eq!((mode(&path), mode(&path.join("a"))), (0o700, 0o600));
        assert_eq!(fs::read_dir(&path).unwrap().count(), 1);
        Folder::look(&path).unwrap();
    }

    #[test]
    fn a_folder_that_others_may_enter_is_refused() {
        let above = tempfile::tempdir().unwrap();
        let path = above.path().join("folder");
        fs::create_dir(&path).unwrap();
        for mode in [0o750, 0o701, 0o770] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let refused = Folder::open(&path).unwrap_err().to_string();
            assert!(refused.contains("chmod 700"), "{refused}");
        }
        let file = above.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(matches!(Folder::open(&file), Err(TlsError::FolderNotOurs { .. })));
    }

    #[test]
    fn accounts_and_certificates_of_different_directories_have_different_names() {
        let parts = |parts: &[&str]| parts.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let names = [
            name("certificate", &parts(&["a"]), "one"),
            name("certificate", &parts(&["a"]), "two"),
            name("certificate", &parts(&["a", "b"]), "one"),
            name("certificate", &parts(&["ab"]), "one"),
            name("account", &parts(&["a"]), "one"),
        ];
        let mut different = names.to_vec();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), names.len());
    }
}
