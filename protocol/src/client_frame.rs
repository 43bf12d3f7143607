//! What a client may say. One WebSocket is one room and one member, so no frame names its room or
//! its sender.

use serde::{Deserialize, Serialize};

use crate::limits::{
    ADMITS_MAX, COMMIT_BYTES_MAX, DOOR_BYTES_MAX, EVICTS_MAX, POST_BYTES_MAX, WELCOME_BYTES_MAX,
};
use crate::{Blob, Few, MemberId, ResumeToken, Seq};

/// A sealed post: chat, whisper and heartbeat alike.
pub type PostBlob = Blob<POST_BYTES_MAX>;
/// A sealed change of the group.
pub type CommitBlob = Blob<COMMIT_BYTES_MAX>;
/// What the newcomers of one commit need to take part.
pub type WelcomeBlob = Blob<WELCOME_BYTES_MAX>;
/// A newcomer's first word.
pub type KnockBlob = Blob<DOOR_BYTES_MAX>;
/// What newcomer and doorkeeper tell each other.
pub type DoorBlob = Blob<DOOR_BYTES_MAX>;

/// A frame from a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClientFrame {
    /// Start the room, and be its first member and host.
    Create {
        /// The rules it starts with.
        policy: Policy,
    },
    /// Ask to be let into a living room.
    Knock {
        /// For the doorkeeper; opaque to the server.
        blob: KnockBlob,
    },
    /// Between newcomer and doorkeeper, either way.
    Door {
        /// The other end.
        member: MemberId,
        /// Opaque to the server.
        blob: DoorBlob,
    },
    /// Take a seat again after a dropped connection.
    Resume {
        /// The seat's.
        token: ResumeToken,
        /// The last entry this client has processed.
        last_seq: Seq,
    },
    /// Say something.
    Post {
        /// Opaque to the server.
        ciphertext: PostBlob,
    },
    /// Change the group: let newcomers in, put members out, or, with neither, its own settings.
    Commit {
        /// Opaque to the server.
        ciphertext: CommitBlob,
        /// Newcomers this commit lets in; also members, when what let them in before was void.
        admits: Few<MemberId, ADMITS_MAX>,
        /// Members this commit puts out; also numbers that are out already, which the group
        /// still holds.
        evicts: Few<MemberId, EVICTS_MAX>,
        /// For those let in; empty when there are none.
        welcome: WelcomeBlob,
    },
    /// Change the room's rules. The host's alone.
    Lock(Policy),
    /// Make another member the host. The host's alone.
    HandOver {
        /// The next host.
        to: MemberId,
    },
    /// End the room for everybody.
    Close,
    /// Give the seat up.
    Leave,
}

impl ClientFrame {
    /// A word to nobody, which changes nothing and which the server answers by refusing it: who hears
    /// no answer has a connection that leads nowhere.
    pub fn word_to_nobody() -> Self {
        Self::Door { member: MemberId::NOBODY, blob: DoorBlob::default() }
    }

    /// Which frame this is.
    pub const fn kind(&self) -> ClientFrameKind {
        match self {
            Self::Create { .. } => ClientFrameKind::Create,
            Self::Knock { .. } => ClientFrameKind::Knock,
            Self::Door { .. } => ClientFrameKind::Door,
            Self::Resume { .. } => ClientFrameKind::Resume,
            Self::Post { .. } => ClientFrameKind::Post,
            Self::Commit { .. } => ClientFrameKind::Commit,
            Self::Lock(_) => ClientFrameKind::Lock,
            Self::HandOver { .. } => ClientFrameKind::HandOver,
            Self::Close => ClientFrameKind::Close,
            Self::Leave => ClientFrameKind::Leave,
        }
    }
}

/// The name of a [`ClientFrame`], for the refusal that answers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ClientFrameKind {
    /// [`ClientFrame::Create`]
    Create,
    /// [`ClientFrame::Knock`]
    Knock,
    /// [`ClientFrame::Door`]
    Door,
    /// [`ClientFrame::Resume`]
    Resume,
    /// [`ClientFrame::Post`]
    Post,
    /// [`ClientFrame::Commit`]
    Commit,
    /// [`ClientFrame::Lock`]
    Lock,
    /// [`ClientFrame::HandOver`]
    HandOver,
    /// [`ClientFrame::Close`]
    Close,
    /// [`ClientFrame::Leave`]
    Leave,
}

/// A room's rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Policy {
    /// Who may kick and purge.
    pub moderation: Moderation,
    /// Who may come in.
    pub door: DoorPolicy,
}

/// Who may kick and purge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Moderation {
    /// The host alone.
    #[default]
    Host,
    /// Every member: the original Sanctuary's rule.
    Everyone,
}

/// Who may come in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DoorPolicy {
    /// Whoever holds the key.
    #[default]
    Open,
    /// Whoever holds the key and whom the host lets in by hand.
    Ask,
    /// Nobody.
    Locked,
}
