//! What the server holds at this moment, of whatever kind: nothing else is in it.

use serde::{Deserialize, Serialize};

/// Everything held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// In memory, by kind.
    pub held: Vec<Held>,
    /// What the system was asked for the memory itself.
    pub memory: Memory,
    /// Open files, by kind.
    pub files: OpenFiles,
}

/// How much there is of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Which.
    pub datum: Datum,
    /// How many.
    pub count: u64,
    /// How large in all, where that differs from one to the next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

/// A kind of thing the server holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Datum {
    /// A room's id: a hash of its name.
    RoomId,
    /// The key a room's resume tokens are derived from.
    TokenKey,
    /// A member's number, whether it is here, and a hash of its resume token.
    Seat,
    /// A newcomer's number at a door.
    Knock,
    /// Sealed frames: a room's ring, and what waits for slow members.
    SealedFrames,
    /// A connection, with the address its socket has in the kernel.
    Connection,
    /// A keyed hash of an address, and how often it connected. The key changes, and is nowhere else.
    AddressTag,
}

/// What the system keeps from others, and from the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// Bytes that are kept from being swapped out.
    pub locked_bytes: u64,
    /// Bytes that have been swapped out.
    pub swapped_bytes: u64,
    /// Bytes a core dump may have.
    pub core_dump_bytes_max: u64,
}

/// Open files, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenFiles {
    /// Sockets, listening or connected.
    pub sockets: u32,
    /// Pipes, such as where the one line is printed to.
    pub pipes: u32,
    /// Terminals and other devices.
    pub devices: u32,
    /// The runtime's own: event queues and timers.
    pub anonymous: u32,
    /// Ordinary files that may be written to.
    pub files_to_write: u32,
    /// Ordinary files that may only be read.
    pub files_to_read: u32,
}
