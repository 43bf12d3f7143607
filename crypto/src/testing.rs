//! What this crate's tests share: entries and openings as a server would make them.

use sanctuary_protocol::{
    Entry, EntryKind, Few, Head, MemberId, Opening, Policy, Presence, ResumeToken, Seat, Seq,
};

pub(crate) fn entry(seq: u64, from: u32, kind: EntryKind) -> Entry {
    Entry { seq: Seq(seq), from: MemberId(from), kind }
}

/// The first of these members is host and doorkeeper, and all are live.
pub(crate) fn opening(me: u32, members: &[u32]) -> Opening {
    let first = MemberId(members[0]);
    let seats = members
        .iter()
        .map(|member| Seat { member: MemberId(*member), presence: Presence::Live })
        .collect::<Vec<_>>();
    Opening {
        member: MemberId(me),
        token: ResumeToken::from_bytes([0; 16]),
        seq: Seq(0),
        head: Head::START,
        policy: Policy::default(),
        host: first,
        committer: first,
        seats: Few::try_from(seats).unwrap(),
    }
}
