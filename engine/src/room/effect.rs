//! What a room wants done. Effects are performed in order, and a refusal is one of them.

use sanctuary_protocol::{CloseReason, ServerFrame};

use super::ConnectionId;

/// What a room wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// To one connection, seated or not.
    Send {
        /// Which.
        to: ConnectionId,
        /// What.
        frame: ServerFrame,
    },
    /// From here on, broadcasts reach this connection.
    Seat {
        /// Which.
        connection: ConnectionId,
    },
    /// To every seated connection, as they stand at this point in the list.
    Broadcast(ServerFrame),
    /// Say why, and close. From here on nothing reaches this connection.
    HangUp {
        /// Which.
        connection: ConnectionId,
        /// Why.
        reason: CloseReason,
    },
    /// The room is over. Always last, and nothing may be asked of it again.
    End,
}
