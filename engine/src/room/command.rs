//! What a room is told: a frame from one of its connections, a connection's end, the passing of a
//! deadline, the operator's word. Commands carry everything a room needs; it asks for nothing.

use sanctuary_protocol::limits::NOTICE_BYTES_MAX;
use sanctuary_protocol::{ClientFrame, Text};

/// One connection to a room, for as long as it stands: the engine's number, never sent to anybody.
/// A member that comes back has a new one; a later connection's is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// What a room is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A connection sent a frame.
    Receive {
        /// Which.
        from: ConnectionId,
        /// Decoded, within every bound of the wire.
        frame: ClientFrame,
    },
    /// A connection is no more. Said once for each, even after a hang-up.
    Vanish {
        /// Which.
        connection: ConnectionId,
    },
    /// The deadline the room named has passed.
    Elapse,
    /// The operator ends the room.
    Purge,
    /// The server stops.
    ShutDown,
    /// A word of the operator's for everybody.
    Notify {
        /// Plain text.
        text: Text<NOTICE_BYTES_MAX>,
    },
    /// The process holds too much: give up retained posts, oldest first.
    Shed {
        /// At least this many bytes, if the ring has them.
        bytes: usize,
    },
}
