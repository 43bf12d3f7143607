//! The operator's socket as a file: where it is, who may reach it, what may stand in its place. It
//! removes nothing but a socket that nobody answers.

use std::env;
use std::fs::{self, DirBuilder, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use sanctuary_protocol::admin::default_socket_path;

/// Only the owner enters the socket's folder.
const FOLDER_MODE: u32 = 0o700;

/// Only the owner connects.
const SOCKET_MODE: u32 = 0o600;

/// The bits by which others could put a file of theirs in a folder.
const WRITABLE_BY_OTHERS: u32 = 0o022;

/// Why the server has no operator's socket.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// A server is already there.
    #[error("another server answers at {}; stop it or name another with --admin-socket", path.display())]
    AnotherServer {
        /// Where.
        path: PathBuf,
    },
    /// Some other file is there. It is left alone.
    #[error(
        "{} is there and is not a socket; it is left as it is: name another with --admin-socket",
        path.display()
    )]
    NotASocket {
        /// Where.
        path: PathBuf,
    },
    /// The folder is another user's.
    #[error(
        "the folder {} belongs to another user; name a socket in a folder of your own with \
         --admin-socket",
        folder.display()
    )]
    FolderNotOurs {
        /// Which.
        folder: PathBuf,
    },
    /// Others could replace the socket by one of theirs.
    #[error(
        "others may write to the folder {}; `chmod go-w` it, or name a socket in a folder of its \
         own with --admin-socket",
        folder.display()
    )]
    FolderWritableByOthers {
        /// Which.
        folder: PathBuf,
    },
    /// The folder's place is taken by something else.
    #[error(
        "{} is not a folder; name another socket with --admin-socket",
        folder.display()
    )]
    NotAFolder {
        /// What.
        folder: PathBuf,
    },
    /// Whatever else the system says.
    #[error("the operator's socket {} cannot be made: {error}", path.display())]
    System {
        /// Where.
        path: PathBuf,
        /// What it says.
        error: io::Error,
    },
}

/// Makes the socket at `path`, and its folder if there is none. Ours alone: the folder must belong to
/// us and be writable by nobody else. A socket that a dead server left is replaced.
pub(crate) fn bind(path: &Path) -> Result<(UnixListener, SocketFile), ConsoleError> {
    prepare_folder(path)?;
    make_way(path)?;
    let listen = || {
        let listener = UnixListener::bind(path)?;
        fs::set_permissions(path, Permissions::from_mode(SOCKET_MODE))?;
        let identity = identity(&fs::symlink_metadata(path)?);
        let _listener = listener.try_clone()?;
        Ok((listener, SocketFile { path: path.to_owned(), identity, _listener }))
    };
    listen().map_err(system(path))
}

/// The file of a bound socket. Another one may come to stand at its path.
#[derive(Debug)]
pub(crate) struct SocketFile {
    path: PathBuf,
    identity: (u64, u64),
    /// While it is open, no other file is given its inode.
    _listener: UnixListener,
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

/// Where the socket is unless the operator says otherwise, for the user the process runs as.
pub fn default_path() -> io::Result<PathBuf> {
    let runtime_dir = env::var_os("XDG_RUNTIME_DIR");
    Ok(default_socket_path(runtime_dir.as_deref().map(Path::new), own_uid()?))
}

/// The user the process runs as: the owner of its folder in `proc(5)`, which is the effective user
/// even for a process that allows no core dump.
pub(super) fn own_uid() -> io::Result<u32> {
    fs::metadata("/proc/self").map(|found| found.uid())
}

fn prepare_folder(path: &Path) -> Result<(), ConsoleError> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        Some(_) | None => Path::new("."),
    };
    let own_uid = own_uid().map_err(system(path))?;
    match fs::metadata(folder) {
        Ok(found) => check_folder(folder, &found, own_uid)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut builder = DirBuilder::new();
            builder.recursive(true).mode(FOLDER_MODE).create(folder).map_err(system(path))?;
        }
        Err(error) => return Err(system(path)(error)),
    }
    // Looked at again without following a link: who could place a link could place a folder.
    let found = fs::symlink_metadata(folder).map_err(system(path))?;
    if found.uid() == own_uid { Ok(()) } else { Err(not_ours(folder)) }
}

fn check_folder(folder: &Path, found: &Metadata, own_uid: u32) -> Result<(), ConsoleError> {
    if !found.is_dir() {
        return Err(ConsoleError::NotAFolder { folder: folder.to_owned() });
    }
    if found.uid() != own_uid {
        return Err(not_ours(folder));
    }
    if found.mode() & WRITABLE_BY_OTHERS != 0 {
        return Err(ConsoleError::FolderWritableByOthers { folder: folder.to_owned() });
    }
    Ok(())
}

/// Clears a dead server's socket out of the way, and refuses to clear anything else.
fn make_way(path: &Path) -> Result<(), ConsoleError> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(system(path)(error)),
        Ok(found) if !found.file_type().is_socket() => {
            return Err(ConsoleError::NotASocket { path: path.to_owned() });
        }
        Ok(_) => {}
    }
    match UnixStream::connect(path) {
        Ok(_) => Err(ConsoleError::AnotherServer { path: path.to_owned() }),
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            fs::remove_file(path).map_err(system(path))
        }
        Err(error) => Err(system(path)(error)),
    }
}

fn not_ours(folder: &Path) -> ConsoleError {
    ConsoleError::FolderNotOurs { folder: folder.to_owned() }
}

fn system(path: &Path) -> impl FnOnce(io::Error) -> ConsoleError {
    let path = path.to_owned();
    |error| ConsoleError::System { path, error }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(matches!(refused, ConsoleError::AnotherServer { .. }), "{refused}");
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
        assert!(matches!(refused, ConsoleError::NotASocket { .. }), "{refused}");
        unbind(&file);
        assert_eq!(fs::read_to_string(&path).unwrap(), "a diary");

        let link = folder.path().join("link.sock");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let refused = bind(&link).unwrap_err();
        assert!(matches!(refused, ConsoleError::NotASocket { .. }), "{refused}");
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
        assert!(matches!(refused, ConsoleError::NotAFolder { .. }), "{refused}");
        let refused = bind(&folder.path().join("x".repeat(200))).unwrap_err();
        assert!(matches!(refused, ConsoleError::System { .. }), "{refused}");
        let refused = bind(folder.path()).unwrap_err();
        assert!(
            matches!(
                refused,
                ConsoleError::NotASocket { .. } | ConsoleError::FolderWritableByOthers { .. }
            ),
            "{refused}"
        );
    }
}
