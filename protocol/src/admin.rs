//! What an operator may ask of a running server, and what it answers: newline-delimited JSON over a
//! unix socket. There is no request for a name, an address or a message, and no field that could
//! carry one: rooms go by throwaway handles.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

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

/// A request, one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "snake_case", deny_unknown_fields)]
pub enum AdminRequest {
    /// How is the server?
    Status,
    /// Which rooms live?
    Rooms,
    /// One room.
    Room {
        /// Which.
        room: RoomHandle,
    },
    /// End one room for everybody in it.
    Purge {
        /// Which.
        room: RoomHandle,
    },
    /// End every room.
    PurgeAll,
}

/// The answer, one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
pub enum AdminReply {
    /// To [`AdminRequest::Status`].
    Status(ServerStatus),
    /// To [`AdminRequest::Rooms`], oldest first.
    Rooms {
        /// The living rooms.
        rooms: Vec<RoomSummary>,
    },
    /// To [`AdminRequest::Room`].
    Room(RoomSummary),
    /// To both purges.
    Purged {
        /// How many rooms ended.
        rooms: u32,
    },
    /// The request changed nothing.
    Refused {
        /// Why.
        why: AdminRefusal,
    },
}

/// Why a request changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum AdminRefusal {
    /// No living room has that handle.
    #[error("no such room; `rooms` lists those that live")]
    NoSuchRoom,
    /// The line was not a request.
    #[error("the server did not understand that; is its version the same as this tool's?")]
    NotUnderstood,
    /// A part of the server is restarting.
    #[error("the server is busy recovering; try again")]
    Unavailable,
    /// Somebody else's socket: it serves the user the server runs as, and root.
    #[error("this server answers only the user it runs as, and root")]
    NotYours,
    /// As many operators are connected as the server serves at once.
    #[error("too many operators are connected to this server; close one")]
    TooManyOperators,
}

/// The server as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerStatus {
    /// The server's version.
    pub version: String,
    /// Since it started.
    pub uptime_seconds: u64,
    /// Living rooms.
    pub rooms: u32,
    /// The most rooms it will hold.
    pub rooms_max: u32,
    /// Members connected.
    pub members_live: u32,
    /// Members whose seat waits.
    pub members_gone: u32,
    /// Open connections, members or not.
    pub connections: u32,
    /// The most connections it will hold.
    pub connections_max: u32,
    /// Bytes of sealed frames held for members who are slow or gone.
    pub retained_bytes: u64,
    /// The most bytes it will hold.
    pub retained_bytes_max: u64,
    /// Times a part of the server was restarted after a failure.
    pub restarts: u32,
}

/// A room, as far as an operator may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSummary {
    /// Its throwaway handle.
    pub room: RoomHandle,
    /// Members connected.
    pub members_live: u32,
    /// Members whose seat waits.
    pub members_gone: u32,
    /// Newcomers at the door.
    pub knocks: u32,
    /// Since it was created.
    pub age_seconds: u64,
    /// Since its last entry.
    pub quiet_seconds: u64,
    /// Entries sequenced.
    pub entries: u64,
    /// Bytes of sealed frames held for members who are slow or gone.
    pub retained_bytes: u64,
}

/// A room's throwaway name, `r7`: a count of rooms since the server started, which says nothing of
/// the room's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoomHandle(pub u32);

impl fmt::Display for RoomHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "r{}", self.0)
    }
}

impl From<RoomHandle> for String {
    fn from(handle: RoomHandle) -> Self {
        handle.to_string()
    }
}

/// A handle is `r` and a number, and this was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a room goes by `r` and a number, such as r7; `rooms` lists them")]
pub struct InvalidRoomHandle;

impl FromStr for RoomHandle {
    type Err = InvalidRoomHandle;

    fn from_str(text: &str) -> Result<Self, InvalidRoomHandle> {
        let digits = text.strip_prefix('r').ok_or(InvalidRoomHandle)?;
        if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(InvalidRoomHandle);
        }
        digits.parse().map(Self).map_err(|_| InvalidRoomHandle)
    }
}

impl TryFrom<String> for RoomHandle {
    type Error = InvalidRoomHandle;

    fn try_from(text: String) -> Result<Self, InvalidRoomHandle> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_one_readable_line() {
        let line = serde_json::to_string(&AdminRequest::Purge { room: RoomHandle(7) }).unwrap();
        assert_eq!(line, r#"{"request":"purge","room":"r7"}"#);
        assert_eq!(
            serde_json::from_str::<AdminRequest>(&line).unwrap(),
            AdminRequest::Purge { room: RoomHandle(7) }
        );
    }

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

    #[test]
    fn a_handle_is_r_and_a_number() {
        assert_eq!("r7".parse(), Ok(RoomHandle(7)));
        for text in ["", "r", "7", "R7", "r+7", "r-7", "r7 ", "r99999999999"] {
            assert_eq!(text.parse::<RoomHandle>(), Err(InvalidRoomHandle), "{text:?}");
        }
    }
}
