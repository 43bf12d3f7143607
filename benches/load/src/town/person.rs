//! Somebody: where it is, and what it holds there. Must not know how it gets anywhere.

use std::net::IpAddr;

use sanctuary_protocol::limits::ADMITS_MAX;
use sanctuary_protocol::{MemberId, Refusal, ResumeToken, RoomId, Seq};

/// A seat in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seat {
    pub(crate) member: MemberId,
    pub(super) token: ResumeToken,
    /// The last entry that was heard.
    pub(super) seq: Seq,
}

/// What somebody connects for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Errand {
    Create,
    Knock,
    /// After so many tries that failed.
    Resume {
        seat: Seat,
        tries: u32,
    },
}

/// Where somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// In no room.
    Out,
    /// On the way, since that moment.
    Coming {
        connection: usize,
        errand: Errand,
        since: u64,
    },
    Seated {
        connection: usize,
        seat: Seat,
    },
    /// Cut off at that moment, after so many tries to come back; the seat waits.
    Away {
        seat: Seat,
        since: u64,
        tries: u32,
    },
}

/// Somebody.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// The place of the room that this one goes to.
    pub(crate) room: usize,
    pub(crate) standing: Standing,
    /// The room itself, which may be another in that place by now.
    pub(super) at: RoomId,
    /// Newcomers whom this one was told of as doorkeeper.
    pub(super) knocks: Vec<MemberId>,
    /// Those of the commit that is under way.
    pub(super) admitting: Vec<MemberId>,
    /// How many the next commit lets in at most: one, when somebody of the last was gone.
    pub(super) admits_max: usize,
    /// Why the last errand failed.
    pub(crate) refused: Option<Refusal>,
    /// The address that a proxy would name.
    pub(crate) forwarded: Option<IpAddr>,
}

impl Person {
    pub(super) fn of(room: usize, at: RoomId) -> Self {
        Self {
            room,
            standing: Standing::Out,
            at,
            knocks: Vec::new(),
            admitting: Vec::new(),
            admits_max: ADMITS_MAX,
            refused: None,
            forwarded: None,
        }
    }

    pub(super) fn forget_door(&mut self) {
        self.knocks.clear();
        self.admitting.clear();
        self.admits_max = ADMITS_MAX;
    }
}
