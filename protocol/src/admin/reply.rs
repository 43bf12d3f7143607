//! What a server answers its operator.

use serde::{Deserialize, Serialize};

use super::{
    ActorSummary, Audit, RoomHandle, ServerLimits, ServerStats, ServerStatus, ServerVersion,
};

/// The answer, one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
pub enum AdminReply {
    /// To a request for the status.
    Status(ServerStatus),
    /// To a request for the version.
    Version(ServerVersion),
    /// To a request for the counts since the start.
    Stats(ServerStats),
    /// To a request for the rooms, oldest first.
    Rooms {
        /// The living rooms.
        rooms: Vec<RoomSummary>,
    },
    /// To a request for one room.
    Room(RoomSummary),
    /// To every purge.
    Purged {
        /// How many rooms ended.
        rooms: u32,
    },
    /// To a request for the parts, from the root down.
    Actors {
        /// Each kind.
        actors: Vec<ActorSummary>,
    },
    /// To a request for the bounds.
    Limits(ServerLimits),
    /// Whether people are let in from here on.
    Admitting {
        /// The answer.
        admitting: bool,
    },
    /// The notice has gone out.
    Noticed {
        /// To so many rooms.
        rooms: u32,
    },
    /// Nobody is let in any more, and the server stops by itself.
    Draining {
        /// So many rooms still live.
        rooms: u32,
        /// Until then at the latest.
        in_seconds: Option<u64>,
    },
    /// The server stops now.
    Stopping,
    /// To a request for what is held.
    Audit(Audit),
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
