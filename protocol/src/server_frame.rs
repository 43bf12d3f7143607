//! What the server may say: it opens, it relays, it orders, it refuses, it closes. Whatever it says
//! of a person is an opaque number.

use serde::{Deserialize, Serialize};

use crate::client_frame::{CommitBlob, DoorBlob, KnockBlob, Policy, PostBlob, WelcomeBlob};
use crate::limits::{ADMITS_MAX, EVICTS_MAX, MEMBERS_MAX, NOTICE_BYTES_MAX};
use crate::{ClientFrameKind, Digest, Few, Head, MemberId, ResumeToken, Seq, Text};

/// A frame from the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServerFrame {
    /// You have a seat: after `Create`, after being admitted, after `Resume`.
    Opened(Opening),
    /// Your knock was taken, under this number; wait.
    Knocked {
        /// Yours, once you are let in.
        member: MemberId,
    },
    /// Somebody knocks, and you keep the door.
    Knocking {
        /// The newcomer.
        member: MemberId,
        /// Its first word.
        blob: KnockBlob,
    },
    /// From the other end of a door.
    Door {
        /// The other end.
        member: MemberId,
        /// Opaque to the server.
        blob: DoorBlob,
    },
    /// For a newcomer, right after its `Opened`; for a member that is let in again, right after
    /// the entry that says so.
    Welcome {
        /// Opaque to the server.
        ciphertext: WelcomeBlob,
    },
    /// The next thing that happened in the room.
    Entry(Entry),
    /// Your frame changed nothing.
    Refused {
        /// Which frame.
        what: ClientFrameKind,
        /// Why.
        why: Refusal,
    },
    /// The operator's word to everybody. Unencrypted, and shown as what it is.
    Notice {
        /// Plain text.
        text: Text<NOTICE_BYTES_MAX>,
    },
    /// Nothing follows; the socket closes.
    Closed {
        /// Why.
        reason: CloseReason,
    },
    /// A newcomer you were told of as doorkeeper has gone.
    Withdrawn {
        /// The newcomer.
        member: MemberId,
    },
}

/// The state of a room at the moment a seat is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// You.
    pub member: MemberId,
    /// Takes your seat again after a dropped connection.
    pub token: ResumeToken,
    /// The last entry sequenced. After a `Resume`, entries up to this one follow at once.
    pub seq: Seq,
    /// The transcript's head at `seq`.
    pub head: Head,
    /// The room's rules.
    pub policy: Policy,
    /// Who is host.
    pub host: MemberId,
    /// Who keeps the door.
    pub committer: MemberId,
    /// Every seat, yours included, in rising order of member.
    pub seats: Few<Seat, MEMBERS_MAX>,
}

/// A member's place in a room, as the server sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Seat {
    /// Whose.
    pub member: MemberId,
    /// Whether its connection stands.
    pub presence: Presence,
}

/// Whether a member's connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Presence {
    /// Connected.
    Live,
    /// The connection is down and the seat waits.
    Gone,
}

/// One entry of a room's total order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Where it stands: one more than the entry before.
    pub seq: Seq,
    /// Whose doing it is, or whom it is about.
    pub from: MemberId,
    /// What happened.
    pub kind: EntryKind,
}

/// What an entry says. `Gone`, `Back`, `Left` and `Expired` are the server's word alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EntryKind {
    /// `from` said something.
    Post {
        /// Opaque to the server.
        ciphertext: PostBlob,
    },
    /// A post whose bytes the ring could not keep while you were gone.
    Shed {
        /// SHA-256 of its ciphertext, so that the head can still be followed.
        digest: Digest,
    },
    /// `from` changed the group.
    Commit {
        /// Opaque to the server.
        ciphertext: CommitBlob,
        /// Who was let in, in rising order. Whoever has a seat already keeps it as it is.
        admits: Few<MemberId, ADMITS_MAX>,
        /// Who was put out, in rising order, some perhaps without a seat to lose.
        evicts: Few<MemberId, EVICTS_MAX>,
    },
    /// `from`'s connection is down; its seat waits.
    Gone,
    /// `from` has taken its seat again.
    Back,
    /// `from` gave its seat up.
    Left,
    /// `from`'s seat waited long enough.
    Expired,
    /// A new host. `from` handed over, or is the new host itself when the old one stayed away.
    Host {
        /// The new host.
        to: MemberId,
    },
    /// `from` keeps the door until the next such entry or a new host.
    Committer,
    /// `from` changed the rules.
    Policy(Policy),
}

/// Why a frame changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Refusal {
    /// Nobody is in that room.
    NotLive,
    /// Somebody already is in that room: knock instead.
    AlreadyLive,
    /// The room holds as many members as it may.
    RoomFull,
    /// The server holds as many rooms as it may.
    ServerFull,
    /// The door is locked.
    Locked,
    /// As many newcomers wait at this door as may.
    TooManyKnocks,
    /// Only the host may.
    NotHost,
    /// Only the member that keeps the door may.
    NotCommitter,
    /// This connection has no seat yet.
    NotSeated,
    /// This connection already has a seat, or has knocked.
    AlreadySeated,
    /// No such member, or no such newcomer.
    NoSuchMember,
    /// No such seat: it expired, was given up, or its room is no more.
    NoSuchSeat,
    /// A commit came within a second of the last, or the seat was taken again too often: send it
    /// again in a while.
    TooSoon,
    /// The frame says nothing: its ciphertext is empty.
    Empty,
    /// The operator lets nobody in at the moment.
    NotAdmitting,
}

/// Why a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CloseReason {
    /// You left.
    Left,
    /// A member ended the room.
    Purged,
    /// The operator ended the room.
    ByOperator,
    /// You were put out.
    Kicked,
    /// You did not read what was sent to you, or did not finish a message you began.
    TooSlow,
    /// You sent more than you may.
    TooFast,
    /// You connected and asked for nothing, or your knock led nowhere.
    Idle,
    /// The server stops.
    ShuttingDown,
    /// What you sent is no frame of this protocol.
    ProtocolError,
    /// Your seat was taken again by a newer connection.
    Superseded,
    /// The room failed and is lost.
    Faulted,
}
