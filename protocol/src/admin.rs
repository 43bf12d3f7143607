//! What an operator may ask of a running server, and what it answers: newline-delimited JSON over a
//! unix socket. There is no request for a name, an address or a message, and no field of a reply that
//! could carry one: rooms go by throwaway handles, and all else is a number or one of a few words.

mod audit;
mod handle;
mod reply;
mod request;
mod server;

use std::path::{Path, PathBuf};

pub use audit::{Audit, Datum, Held, Memory, OpenFiles};
pub use handle::{InvalidRoomHandle, RoomHandle};
pub use reply::{AdminRefusal, AdminReply, RoomSummary};
pub use request::AdminRequest;
pub use server::{
    ActorKind, ActorSummary, HangUps, ServerLimits, ServerStats, ServerStatus, ServerVersion,
};

/// Bytes a request's line may have, newline included: many times the longest request, and little
/// enough to hold for every session.
pub const REQUEST_LINE_BYTES_MAX: usize = 4 * 1024;

/// Bytes a reply's line may have, newline included: some twenty thousand rooms.
pub const REPLY_LINE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Where the operator's socket is unless somebody says otherwise: the same answer for the server
/// and the tool. `runtime_dir` is what `XDG_RUNTIME_DIR` holds; it counts when it is absolute, as
/// the XDG Base Directory Specification demands. Root's socket has one place whether root logged in
/// or a service manager started the server.
pub fn default_socket_path(runtime_dir: Option<&Path>, uid: u32) -> PathBuf {
    let folder = match runtime_dir.filter(|folder| folder.is_absolute()) {
        _ if uid == 0 => PathBuf::from("/run/sanctuary"),
        Some(folder) => folder.join("sanctuary"),
        None => PathBuf::from(format!("/tmp/sanctuary-{uid}")),
    };
    folder.join("admin.sock")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_has_one_place_for_server_and_tool() {
        let check = |runtime_dir: Option<&str>, uid, expected: &str| {
            let path = default_socket_path(runtime_dir.map(Path::new), uid);
            assert_eq!(path, Path::new(expected), "{runtime_dir:?} {uid}");
        };
        check(Some("/run/user/1000"), 1000, "/run/user/1000/sanctuary/admin.sock");
        check(Some("/run/user/0"), 0, "/run/sanctuary/admin.sock");
        check(None, 0, "/run/sanctuary/admin.sock");
        check(None, 1000, "/tmp/sanctuary-1000/admin.sock");
        check(Some(""), 1000, "/tmp/sanctuary-1000/admin.sock");
        check(Some("here"), 1000, "/tmp/sanctuary-1000/admin.sock");
    }
}
