//! A unix socket as a file: who may reach it, what may stand in its place. It removes nothing but a
//! socket that nobody answers. Must not know what is said over it.

use std::fs::{self, DirBuilder, File, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

/// What a socket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The operator's commands: only the owner enters its folder, and connects.
    Operator,
    /// The chat itself, for a proxy or an onion service that is another user of this machine.
    Visitors {
        /// Who may connect.
        mode: u32,
    },
}

impl Purpose {
    /// The option that names the socket.
    fn flag(self) -> &'static str {
        match self {
            Self::Operator => "--admin-socket",
            Self::Visitors { .. } => "--listen-unix",
        }
    }

    fn socket_mode(self) -> u32 {
        match self {
            Self::Operator => 0o600,
            Self::Visitors { mode } => mode,
        }
    }

    /// Of a folder that is made. Whoever may connect must be able to enter, and to do no more.
    fn folder_mode(self) -> u32 {
        match self {
            Self::Operator => 0o700,
            Self::Visitors { mode } => {
                0o700 | enter(mode, 0o060, 0o010) | enter(mode, 0o006, 0o001)
            }
        }
    }
}

/// The bit by which somebody enters, if they may connect.
fn enter(mode: u32, connect: u32, enter: u32) -> u32 {
    if mode & connect == 0 { 0 } else { enter }
}

/// The bits by which others could put a file of theirs in a folder.
const WRITABLE_BY_OTHERS: u32 = 0o022;

/// Why a socket cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    /// A server is already there.
    #[error("another server answers at {}; stop it or name another with {flag}", path.display())]
    AnotherServer {
        /// Where.
        path: PathBuf,
        /// The option that names it.
        flag: &'static str,
    },
    /// Some other file is there. It is left alone.
    #[error(
        "{} is there and is not a socket; it is left as it is: name another with {flag}",
        path.display()
    )]
    NotASocket {
        /// Where.
        path: PathBuf,
        /// The option that names it.
        flag: &'static str,
    },
    /// The folder is another user's.
    #[error(
        "the folder {} belongs to another user; name a socket in a folder of your own with \
         {flag}",
        folder.display()
    )]
    FolderNotOurs {
        /// Which.
        folder: PathBuf,
        /// The option that names it.
        flag: &'static str,
    },
    /// Others could replace the socket by one of theirs.
    #[error(
        "others may write to the folder {}; `chmod go-w` it, or name a socket in a folder of its \
         own with {flag}",
        folder.display()
    )]
    FolderWritableByOthers {
        /// Which.
        folder: PathBuf,
        /// The option that names it.
        flag: &'static str,
    },
    /// The folder's place is taken by something else.
    #[error(
        "{} is not a folder; name another socket with {flag}",
        folder.display()
    )]
    NotAFolder {
        /// What.
        folder: PathBuf,
        /// The option that names it.
        flag: &'static str,
    },
    /// Whatever else the system says.
    #[error("the socket {} cannot be made: {error}; name another with {flag}", path.display())]
    System {
        /// Where.
        path: PathBuf,
        /// The option that names it.
        flag: &'static str,
        /// What it says.
        error: io::Error,
    },
}

/// Makes the socket at `path`, and its folder if there is none. Ours alone: the folder must belong to
/// us and be writable by nobody else. A socket that a dead server left is replaced.
pub(crate) fn bind(
    path: &Path,
    purpose: Purpose,
) -> Result<(UnixListener, SocketFile), SocketError> {
    let place = Place { path, flag: purpose.flag() };
    place.prepare_folder(purpose.folder_mode())?;
    place.make_way()?;
    let listen = || {
        let listener = UnixListener::bind(path)?;
        fs::set_permissions(path, Permissions::from_mode(purpose.socket_mode()))?;
        let identity = identity(&fs::symlink_metadata(path)?);
        let _listener = listener.try_clone()?;
        Ok((listener, SocketFile { path: path.to_owned(), identity, _listener }))
    };
    listen().map_err(place.system())
}

/// The file of a bound socket. Another one may come to stand at its path.
#[derive(Debug)]
pub(crate) struct SocketFile {
    path: PathBuf,
    identity: (u64, u64),
    /// While it is open, no other file is given its inode.
    _listener: UnixListener,
}

impl SocketFile {
    /// Where it was bound.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// What no other file is at the same time: device and inode.
fn identity(found: &Metadata) -> (u64, u64) {
    (found.dev(), found.ino())
}

/// Removes the socket, at the server's end. Anything else at its path is left as it is, a successor's
/// socket too, and so is a socket that cannot be removed: the next server replaces it.
pub(crate) fn unbind(file: &SocketFile) {
    let is_ours =
        |found: Metadata| found.file_type().is_socket() && identity(&found) == file.identity;
    if fs::symlink_metadata(&file.path).is_ok_and(is_ours) {
        let _ = fs::remove_file(&file.path);
    }
}

/// The user the process runs as: the owner of its folder in `proc(5)`, which is the effective user
/// even for a process that allows no core dump.
pub(crate) fn own_uid() -> io::Result<u32> {
    fs::metadata("/proc/self").map(|found| found.uid())
}

/// Where a socket is to be, and the option that says so.
#[derive(Clone, Copy)]
struct Place<'p> {
    path: &'p Path,
    flag: &'static str,
}

impl Place<'_> {
    fn prepare_folder(self, mode: u32) -> Result<(), SocketError> {
        let folder = match self.path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            Some(_) | None => Path::new("."),
        };
        let own_uid = own_uid().map_err(self.system())?;
        match fs::metadata(folder) {
            Ok(found) => self.check_folder(folder, &found, own_uid)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
                let made: Vec<_> = folder.ancestors().take_while(missing).collect();
                let mut builder = DirBuilder::new();
                builder.recursive(true).mode(mode).create(folder).map_err(self.system())?;
                made.into_iter().try_for_each(|made| self.undo_umask(made, mode, own_uid))?;
            }
            Err(error) => return Err(self.system()(error)),
        }
        // Looked at again without following a link: who could place a link could place a folder.
        let found = fs::symlink_metadata(folder).map_err(self.system())?;
        if found.uid() == own_uid { Ok(()) } else { Err(self.not_ours(folder)) }
    }

    /// Whoever may connect must be able to enter. No link is followed, and no folder changed but ours.
    fn undo_umask(self, folder: &Path, mode: u32, own_uid: u32) -> Result<(), SocketError> {
        let flags = (OFlags::DIRECTORY | OFlags::NOFOLLOW).bits().cast_signed();
        let undo = || {
            let folder = File::options().read(true).custom_flags(flags).open(folder)?;
            let found = folder.metadata()?;
            let is_to_be = found.uid() == own_uid && found.mode() & 0o777 != mode;
            if is_to_be { folder.set_permissions(Permissions::from_mode(mode)) } else { Ok(()) }
        };
        undo().map_err(self.system())
    }

    fn check_folder(
        self,
        folder: &Path,
        found: &Metadata,
        own_uid: u32,
    ) -> Result<(), SocketError> {
        let flag = self.flag;
        if !found.is_dir() {
            return Err(SocketError::NotAFolder { folder: folder.to_owned(), flag });
        }
        if found.uid() != own_uid {
            return Err(self.not_ours(folder));
        }
        if found.mode() & WRITABLE_BY_OTHERS != 0 {
            return Err(SocketError::FolderWritableByOthers { folder: folder.to_owned(), flag });
        }
        Ok(())
    }

    /// Clears a dead server's socket out of the way, and refuses to clear anything else.
    fn make_way(self) -> Result<(), SocketError> {
        let Self { path, flag } = self;
        match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(self.system()(error)),
            Ok(found) if !found.file_type().is_socket() => {
                return Err(SocketError::NotASocket { path: path.to_owned(), flag });
            }
            Ok(_) => {}
        }
        match UnixStream::connect(path) {
            Ok(_) => Err(SocketError::AnotherServer { path: path.to_owned(), flag }),
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                fs::remove_file(path).map_err(self.system())
            }
            Err(error) => Err(self.system()(error)),
        }
    }

    fn not_ours(self, folder: &Path) -> SocketError {
        SocketError::FolderNotOurs { folder: folder.to_owned(), flag: self.flag }
    }

    fn system(self) -> impl FnOnce(io::Error) -> SocketError {
        let (path, flag) = (self.path.to_owned(), self.flag);
        move |error| SocketError::System { path, flag, error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bind(path: &Path) -> Result<(UnixListener, SocketFile), SocketError> {
        super::bind(path, Purpose::Operator)
    }

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn the_socket_and_its_folder_are_the_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("not/yet/admin.sock");
        let _listener = bind(&path).unwrap();
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(&folder.path().join("not/yet")), 0o700);
        assert_eq!(mode(&folder.path().join("not")), 0o700);
    }

    #[test]
    fn a_dead_servers_socket_is_replaced_and_a_live_ones_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("admin.sock");
        let first = bind(&path).unwrap();
        let refused = bind(&path).unwrap_err();
        assert!(matches!(refused, SocketError::AnotherServer { .. }), "{refused}");
        drop(first);
        let (_second, file) = bind(&path).unwrap();
        UnixStream::connect(&path).unwrap();
        unbind(&file);
        assert!(!path.exists());
    }

    #[test]
    fn a_successors_socket_is_not_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("admin.sock");
        let (_first, first_file) = bind(&path).unwrap();
        fs::remove_file(&path).unwrap();
        let (_second, second_file) = bind(&path).unwrap();
        unbind(&first_file);
        UnixStream::connect(&path).unwrap();
        unbind(&second_file);
        assert!(!path.exists());
    }

    #[test]
    fn no_file_but_a_socket_is_ever_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("admin.sock");
        let (_listener, file) = bind(&path).unwrap();
        fs::remove_file(&path).unwrap();
        fs::write(&path, "a diary").unwrap();
        let refused = bind(&path).unwrap_err();
        assert!(matches!(refused, SocketError::NotASocket { .. }), "{refused}");
        unbind(&file);
        assert_eq!(fs::read_to_string(&path).unwrap(), "a diary");
        let link = folder.path().join("link.sock");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let refused = bind(&link).unwrap_err();
        assert!(matches!(refused, SocketError::NotASocket { .. }), "{refused}");
        assert!(link.exists());
    }

    #[test]
    fn a_folder_others_may_write_to_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let check = |mode, expected: &str| {
            fs::set_permissions(folder.path(), Permissions::from_mode(mode)).unwrap();
            let result = bind(&folder.path().join("admin.sock"));
            let said = result.err().map(|error| error.to_string()).unwrap_or_default();
            assert!(said.starts_with(expected), "{mode:o}: {said}");
            assert!(!folder.path().join("admin.sock").exists(), "{mode:o}");
        };
        check(0o770, "others may write");
        check(0o707, "others may write");
        check(0o1777, "others may write");
    }

    #[test]
    fn a_path_that_cannot_hold_a_socket_is_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let refused = bind(&file.join("admin.sock")).unwrap_err();
        assert!(matches!(refused, SocketError::NotAFolder { .. }), "{refused}");
        let refused = bind(&folder.path().join("x".repeat(200))).unwrap_err();
        assert!(matches!(refused, SocketError::System { .. }), "{refused}");
        let refused = bind(folder.path()).unwrap_err();
        let (SocketError::NotASocket { .. } | SocketError::FolderWritableByOthers { .. }) = refused
        else {
            panic!("{refused}");
        };
    }

    #[test]
    fn whoever_may_connect_may_enter_the_folder_and_nobody_else() {
        for (socket, folder_mode) in [(0o660, 0o710), (0o600, 0o700), (0o666, 0o711)] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("own/http.sock");
            let _bound = super::bind(&path, Purpose::Visitors { mode: socket }).unwrap();
            assert_eq!((mode(&path), mode(path.parent().unwrap())), (socket, folder_mode));
        }
    }

    #[test]
    fn what_is_wrong_names_the_option_of_the_socket() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        for (purpose, flag) in [
            (Purpose::Operator, "--admin-socket"),
            (Purpose::Visitors { mode: 0 }, "--listen-unix"),
        ] {
            let said = super::bind(&file, purpose).unwrap_err().to_string();
            assert!(said.ends_with(flag), "{said}");
        }
    }
}
