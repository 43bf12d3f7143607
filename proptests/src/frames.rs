//! Generators of everything that travels: every frame of the wire and every request of an operator,
//! within its bounds. Blobs are garbage; whoever needs real ones seals them.

use bytes::Bytes;
use proptest::collection::vec;
use proptest::prelude::*;
use sanctuary_protocol::admin::{AdminRequest, RoomHandle};
use sanctuary_protocol::limits::NOTICE_BYTES_MAX;
use sanctuary_protocol::{
    Blob, ClientFrame, ClientFrameKind, CloseReason, Digest, DoorPolicy, Entry, EntryKind, Few,
    Head, MemberId, Moderation, Opening, Policy, Presence, Refusal, ResumeToken, Seat, Seq,
    ServerFrame, Text,
};

/// A frame from a client, of any kind.
pub fn client_frame() -> impl Strategy<Value = ClientFrame> {
    prop_oneof![
        policy().prop_map(|policy| ClientFrame::Create { policy }),
        blob().prop_map(|blob| ClientFrame::Knock { blob }),
        (member(), blob()).prop_map(|(member, blob)| ClientFrame::Door { member, blob }),
        (token(), seq()).prop_map(|(token, last_seq)| ClientFrame::Resume { token, last_seq }),
        blob().prop_map(|ciphertext| ClientFrame::Post { ciphertext }),
        (blob(), few(member()), few(member()), blob()).prop_map(
            |(ciphertext, admits, evicts, welcome)| ClientFrame::Commit {
                ciphertext,
                admits,
                evicts,
                welcome
            }
        ),
        policy().prop_map(ClientFrame::Lock),
        member().prop_map(|to| ClientFrame::HandOver { to }),
        Just(ClientFrame::Close),
        Just(ClientFrame::Leave),
    ]
}

/// A frame from the server, of any kind.
pub fn server_frame() -> impl Strategy<Value = ServerFrame> {
    prop_oneof![
        opening().prop_map(ServerFrame::Opened),
        member().prop_map(|member| ServerFrame::Knocked { member }),
        (member(), blob()).prop_map(|(member, blob)| ServerFrame::Knocking { member, blob }),
        (member(), blob()).prop_map(|(member, blob)| ServerFrame::Door { member, blob }),
        blob().prop_map(|ciphertext| ServerFrame::Welcome { ciphertext }),
        entry().prop_map(ServerFrame::Entry),
        (client_frame_kind(), refusal()).prop_map(|(what, why)| ServerFrame::Refused { what, why }),
        notice().prop_map(|text| ServerFrame::Notice { text }),
        close_reason().prop_map(|reason| ServerFrame::Closed { reason }),
        member().prop_map(|member| ServerFrame::Withdrawn { member }),
    ]
}

/// An entry of a room's order, of any kind, from anybody.
pub fn entry() -> impl Strategy<Value = Entry> {
    (seq(), member(), entry_kind()).prop_map(|(seq, from, kind)| Entry { seq, from, kind })
}

/// What an entry says.
pub fn entry_kind() -> impl Strategy<Value = EntryKind> {
    prop_oneof![
        blob().prop_map(|ciphertext| EntryKind::Post { ciphertext }),
        digest().prop_map(|digest| EntryKind::Shed { digest }),
        (blob(), few(member()), few(member())).prop_map(|(ciphertext, admits, evicts)| {
            EntryKind::Commit { ciphertext, admits, evicts }
        }),
        Just(EntryKind::Gone),
        Just(EntryKind::Back),
        Just(EntryKind::Left),
        Just(EntryKind::Expired),
        member().prop_map(|to| EntryKind::Host { to }),
        Just(EntryKind::Committer),
        policy().prop_map(EntryKind::Policy),
    ]
}

/// The state of a room as a seat is taken.
pub fn opening() -> impl Strategy<Value = Opening> {
    let room = (digest(), policy(), member(), member(), few(seat()));
    (member(), token(), seq(), room).prop_map(
        |(member, token, seq, (head, policy, host, committer, seats))| Opening {
            member,
            token,
            seq,
            head: Head::from_digest(head),
            policy,
            host,
            committer,
            seats,
        },
    )
}

/// What an operator may ask.
pub fn admin_request() -> impl Strategy<Value = AdminRequest> {
    let room = || any::<u32>().prop_map(RoomHandle);
    let reason = || prop::option::of(notice());
    let questions = prop::sample::select(vec![
        AdminRequest::Status,
        AdminRequest::Version,
        AdminRequest::Stats,
        AdminRequest::Rooms,
        AdminRequest::Actors,
        AdminRequest::Limits,
        AdminRequest::Audit,
        AdminRequest::Stop,
        AdminRequest::Panic,
    ]);
    prop_oneof![
        9 => questions,
        1 => room().prop_map(|room| AdminRequest::Room { room }),
        1 => (room(), reason()).prop_map(|(room, reason)| AdminRequest::Purge { room, reason }),
        1 => any::<u64>().prop_map(|older_seconds| AdminRequest::PurgeIdle { older_seconds }),
        1 => reason().prop_map(|reason| AdminRequest::PurgeAll { reason }),
        1 => any::<bool>().prop_map(|admitting| AdminRequest::Admit { admitting }),
        1 => notice().prop_map(|text| AdminRequest::Notice { text }),
        1 => any::<Option<u64>>().prop_map(|in_seconds| AdminRequest::Drain { in_seconds }),
    ]
}

/// A member, small numbers more often: they are the ones that meet.
pub fn member() -> impl Strategy<Value = MemberId> {
    prop_oneof![3 => 0..8_u32, 1 => any::<u32>()].prop_map(MemberId)
}

/// A room's rules.
pub fn policy() -> impl Strategy<Value = Policy> {
    let moderation = prop_oneof![Just(Moderation::Host), Just(Moderation::Everyone)];
    let door = prop_oneof![Just(DoorPolicy::Open), Just(DoorPolicy::Ask), Just(DoorPolicy::Locked)];
    (moderation, door).prop_map(|(moderation, door)| Policy { moderation, door })
}

/// Garbage within a blob's bound: mostly short, sometimes of a sealed blob's size, rarely as long
/// as may be.
pub fn blob<const MAX: usize>() -> impl Strategy<Value = Blob<MAX>> {
    let within = |bytes: usize| bytes.min(MAX);
    let bytes = prop_oneof![
        8 => vec(any::<u8>(), 0..=within(64)),
        4 => vec(any::<u8>(), within(284)),
        1 => any::<u8>().prop_map(|byte| vec![byte; MAX]),
    ];
    bytes.prop_filter_map("over the bound", |bytes| Blob::try_from(bytes).ok())
}

/// Arbitrary bytes, mostly short.
pub fn bytes() -> impl Strategy<Value = Bytes> {
    prop_oneof![vec(any::<u8>(), 0..64), vec(any::<u8>(), 0..4096)].prop_map(Bytes::from)
}

fn few<T: std::fmt::Debug, const MAX: usize>(
    item: impl Strategy<Value = T>,
) -> impl Strategy<Value = Few<T, MAX>> {
    vec(item, 0..=MAX.min(32)).prop_filter_map("over the bound", |items| Few::try_from(items).ok())
}

fn notice() -> impl Strategy<Value = Text<NOTICE_BYTES_MAX>> {
    ".{0,200}".prop_filter_map("over the bound", |text| Text::try_from(text).ok())
}

fn seat() -> impl Strategy<Value = Seat> {
    (member(), prop_oneof![Just(Presence::Live), Just(Presence::Gone)])
        .prop_map(|(member, presence)| Seat { member, presence })
}

fn seq() -> impl Strategy<Value = Seq> {
    any::<u64>().prop_map(Seq)
}

fn token() -> impl Strategy<Value = ResumeToken> {
    any::<[u8; 16]>().prop_map(ResumeToken::from_bytes)
}

fn digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(Digest::from_bytes)
}

fn client_frame_kind() -> impl Strategy<Value = ClientFrameKind> {
    client_frame().prop_map(|frame| frame.kind())
}

fn refusal() -> impl Strategy<Value = Refusal> {
    prop::sample::select(vec![
        Refusal::NotLive,
        Refusal::AlreadyLive,
        Refusal::RoomFull,
        Refusal::ServerFull,
        Refusal::Locked,
        Refusal::TooManyKnocks,
        Refusal::NotHost,
        Refusal::NotCommitter,
        Refusal::NotSeated,
        Refusal::AlreadySeated,
        Refusal::NoSuchMember,
        Refusal::NoSuchSeat,
        Refusal::TooSoon,
        Refusal::Empty,
        Refusal::NotAdmitting,
    ])
}

fn close_reason() -> impl Strategy<Value = CloseReason> {
    prop::sample::select(vec![
        CloseReason::Left,
        CloseReason::Purged,
        CloseReason::ByOperator,
        CloseReason::Kicked,
        CloseReason::TooSlow,
        CloseReason::TooFast,
        CloseReason::Idle,
        CloseReason::ShuttingDown,
        CloseReason::ProtocolError,
        CloseReason::Superseded,
        CloseReason::Faulted,
    ])
}
