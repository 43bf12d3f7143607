//! The server in numbers: as it is, since it started, by its parts, and by its bounds.

use crate::Redacted;
use serde::{Deserialize, Serialize};

/// Which server answers.
#[derive(Clone, derive_more::Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerVersion {
    /// The server's version.
    #[debug("{Redacted}")]
    pub version: String,
    /// The protocol it speaks with clients.
    #[debug("{Redacted}")]
    pub protocol: String,
}

/// The server as a whole.
#[derive(Clone, derive_more::Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerStatus {
    /// The server's version.
    #[debug("{Redacted}")]
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
    /// Whether people are let in.
    pub admitting: bool,
    /// Whether it stops by itself when the last room has ended.
    pub draining: bool,
}

/// What the server has done since it started, and what it takes of the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerStats {
    /// Since it started.
    pub uptime_seconds: u64,
    /// Living rooms.
    pub rooms: u32,
    /// Open connections, members or not.
    pub connections: u32,
    /// Bytes of sealed frames held for members who are slow or gone.
    pub retained_bytes: u64,
    /// Bytes of memory the process has in use.
    pub resident_bytes: u64,
    /// Files and sockets the process has open.
    pub open_files: u32,
    /// Time it has spent on a processor.
    pub processor_milliseconds: u64,
    /// Rooms started so far.
    pub rooms_opened: u64,
    /// Connections accepted so far.
    pub connections_opened: u64,
    /// Connections turned away so far: too many of them, or too fast from one address.
    pub connections_turned_away: u64,
    /// Frames that clients sent so far.
    pub frames_received: u64,
    /// Bytes of them.
    pub bytes_received: u64,
    /// Connections the server hung up on so far.
    pub hung_up: HangUps,
    /// Parts that failed so far: those that were restarted, and rooms and members that were lost.
    pub failures: u64,
}

/// Connections the server hung up on, by why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HangUps {
    /// They did not read what was sent to them.
    pub too_slow: u64,
    /// They sent more than they may.
    pub too_fast: u64,
    /// They asked for nothing.
    pub idle: u64,
    /// They sent what is no frame.
    pub protocol_error: u64,
}

/// A kind of actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// The root.
    Sanctuary,
    /// Knows which rooms live.
    Lobby,
    /// A room.
    Room,
    /// A member's connection.
    Member,
    /// Accepts connections.
    Gateway,
    /// Answers the operator.
    Console,
}

/// The actors of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorSummary {
    /// Which.
    pub actor: ActorKind,
    /// How many stand.
    pub standing: u32,
    /// How often one failed since the start. Lobby, gateway and console are then started again.
    pub failures: u64,
    /// What they have been given and are not done with: people on their way into a room, frames, a
    /// gateway's connections that are no member's, an operator's sessions.
    pub in_flight: u32,
}

/// Every bound the server holds to, by the name it is set by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is said by `sanctuary --help` under the same name")]
pub struct ServerLimits {
    pub members_max: u64,
    pub knocks_max: u64,
    pub rooms_max: u64,
    pub connections_max: u64,
    pub retained_max_bytes: u64,
    pub outbox_frames: u64,
    pub outbox_bytes: u64,
    pub ring_bytes: u64,
    pub seat_wait_seconds: u64,
    pub host_wait_seconds: u64,
    pub knock_wait_seconds: u64,
    pub commit_wait_milliseconds: u64,
    pub idle_wait_seconds: u64,
    pub write_wait_seconds: u64,
    pub header_wait_seconds: u64,
    pub ping_interval_seconds: u64,
    pub frames_per_second: u64,
    pub frames_burst: u64,
    pub bytes_per_second: u64,
    pub bytes_burst: u64,
    pub address_burst: u64,
    pub address_refill_milliseconds: u64,
    pub address_connections_max: u64,
}
