//! What whoever follows a room's order knows of it: host, doorkeeper, rules, seats, head. It stands
//! here, and not in a client, because members compare its digest and must compute it to the byte.
//! It must not know what any blob holds, nor judge whether an entry should have come.

use sha2::{Digest as _, Sha256};

use crate::limits::MEMBERS_MAX;
use crate::{
    Digest, DoorPolicy, Entry, EntryKind, Head, MemberId, Moderation, Opening, Policy, Presence,
    Seq, SortedMap,
};

/// A room at one place of its order, as the server tells it.
///
/// Whoever applies each entry to the view of its [`Opening`] arrives at the view of every later
/// opening of that room. The rules, and the digest's encoding, are in `docs/PROTOCOL.md` §7.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Who is host.
    pub host: MemberId,
    /// Who keeps the door.
    pub committer: MemberId,
    /// The room's rules.
    pub policy: Policy,
    /// Every seat, and whether its member's connection stands.
    pub seats: SortedMap<MemberId, Presence>,
    /// The last entry applied.
    pub seq: Seq,
    /// The transcript's head after it.
    pub head: Head,
}

impl From<&Opening> for View {
    /// The view at the opening's `seq`. Of a seat listed twice, the last counts.
    fn from(opening: &Opening) -> Self {
        Self {
            host: opening.host,
            committer: opening.committer,
            policy: opening.policy,
            seats: opening.seats.iter().map(|seat| (seat.member, seat.presence)).collect(),
            seq: opening.seq,
            head: opening.head,
        }
    }
}

impl View {
    /// Applies `entry`, which must be the next: that its `seq` is one more is the caller's to check.
    /// Total: what cannot be (a member without a seat that is back) moves the head and nothing else.
    pub fn after(&mut self, entry: &Entry) {
        self.seq = entry.seq;
        self.head = self.head.after(entry);
        match &entry.kind {
            EntryKind::Post { .. } | EntryKind::Shed { .. } => {}
            EntryKind::Commit { ciphertext: _, admits, evicts } => {
                for admit in admits.iter() {
                    // No room has more; a server that says so has nobody's memory for it.
                    if self.seats.len() < MEMBERS_MAX && !self.seats.contains_key(admit) {
                        self.seats.insert(*admit, Presence::Live);
                    }
                }
                for evict in evicts.iter() {
                    self.seats.remove(evict);
                }
            }
            EntryKind::Gone => self.find(entry.from, Presence::Gone),
            EntryKind::Back => self.find(entry.from, Presence::Live),
            EntryKind::Left | EntryKind::Expired => {
                self.seats.remove(&entry.from);
            }
            EntryKind::Host { to } => {
                self.host = *to;
                self.committer = *to;
            }
            EntryKind::Committer => self.committer = entry.from,
            EntryKind::Policy(policy) => self.policy = *policy,
        }
    }

    /// What members compare: SHA-256 (FIPS 180-4) over every field. Views that differ hash different
    /// bytes: all before the seats has a fixed length, and so has each seat.
    pub fn digest(&self) -> Digest {
        let Self { host, committer, policy, seats, seq, head } = self;
        let mut hash = Sha256::new()
            .chain_update(head.as_bytes())
            .chain_update(seq.0.to_le_bytes())
            .chain_update(host.0.to_le_bytes())
            .chain_update(committer.0.to_le_bytes())
            .chain_update([moderation_code(policy.moderation), door_code(policy.door)]);
        for (member, presence) in seats.iter() {
            hash.update(member.0.to_le_bytes());
            hash.update([presence_code(*presence)]);
        }
        Digest::from_bytes(hash.finalize().into())
    }

    fn find(&mut self, member: MemberId, presence: Presence) {
        if let Some(known) = self.seats.get_mut(&member) {
            *known = presence;
        }
    }
}

const fn moderation_code(moderation: Moderation) -> u8 {
    match moderation {
        Moderation::Host => 0,
        Moderation::Everyone => 1,
    }
}

const fn door_code(door: DoorPolicy) -> u8 {
    match door {
        DoorPolicy::Open => 0,
        DoorPolicy::Ask => 1,
        DoorPolicy::Locked => 2,
    }
}

const fn presence_code(presence: Presence) -> u8 {
    match presence {
        Presence::Live => 0,
        Presence::Gone => 1,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{CommitBlob, Few, PostBlob};

    const HOST: MemberId = MemberId(1);
    const GUEST: MemberId = MemberId(2);
    const STRANGER: MemberId = MemberId(7);

    /// The host is there, the guest is gone.
    fn two() -> View {
        View {
            host: HOST,
            committer: HOST,
            policy: Policy::default(),
            seats: [(HOST, Presence::Live), (GUEST, Presence::Gone)].into(),
            seq: Seq(4),
            head: Head::START,
        }
    }

    fn seat(view: &mut View, member: MemberId, presence: Presence) {
        view.seats.insert(member, presence);
    }

    fn unseat(view: &mut View, member: MemberId) {
        view.seats.remove(&member);
    }

    fn commit(admits: &[MemberId], evicts: &[MemberId]) -> EntryKind {
        EntryKind::Commit {
            ciphertext: CommitBlob::try_from(vec![1]).unwrap(),
            admits: Few::try_from(admits.to_vec()).unwrap(),
            evicts: Few::try_from(evicts.to_vec()).unwrap(),
        }
    }

    /// `kind`, said of or by `from`, makes of [`two`] what `change` makes of it, and moves the head.
    fn check(from: MemberId, kind: EntryKind, change: impl FnOnce(&mut View)) {
        let entry = Entry { seq: Seq(5), from, kind };
        let mut expected = View { seq: Seq(5), head: Head::START.after(&entry), ..two() };
        change(&mut expected);
        let mut view = two();
        view.after(&entry);
        assert_eq!(view, expected, "after {entry:?}");
    }

    #[test]
    fn an_entry_changes_what_it_says_and_nothing_else() {
        let rules = Policy { moderation: Moderation::Everyone, door: DoorPolicy::Locked };
        let post = EntryKind::Post { ciphertext: PostBlob::try_from(vec![1]).unwrap() };
        check(HOST, EntryKind::Shed { digest: post.digest() }, |_| {});
        check(HOST, post, |_| {});
        check(HOST, EntryKind::Gone, |view| seat(view, HOST, Presence::Gone));
        check(GUEST, EntryKind::Back, |view| seat(view, GUEST, Presence::Live));
        check(GUEST, EntryKind::Left, |view| unseat(view, GUEST));
        check(GUEST, EntryKind::Expired, |view| unseat(view, GUEST));
        check(GUEST, EntryKind::Committer, |view| view.committer = GUEST);
        check(HOST, EntryKind::Policy(rules), |view| view.policy = rules);
        check(HOST, EntryKind::Host { to: GUEST }, |view| {
            (view.host, view.committer) = (GUEST, GUEST);
        });
    }

    #[test]
    fn a_commit_seats_whom_it_admits_and_unseats_whom_it_evicts() {
        check(HOST, commit(&[], &[]), |_| {});
        check(HOST, commit(&[STRANGER], &[GUEST]), |view| {
            view.seats = [(HOST, Presence::Live), (STRANGER, Presence::Live)].into();
        });
        check(HOST, commit(&[GUEST], &[]), |_| {});
        check(HOST, commit(&[], &[STRANGER]), |_| {});
        check(HOST, commit(&[GUEST], &[GUEST]), |view| unseat(view, GUEST));
    }

    #[test]
    fn a_commit_seats_as_many_as_a_room_may_hold_and_nobody_more() {
        let max = u32::try_from(MEMBERS_MAX).unwrap();
        let seats = (1..max).map(|number| (MemberId(number), Presence::Live)).collect();
        let mut view = View { seats, ..two() };
        let kind = commit(&[MemberId(max), MemberId(max + 1)], &[]);
        view.after(&Entry { seq: Seq(5), from: HOST, kind });
        assert!(view.seats.keys().copied().eq((1..=max).map(MemberId)));
    }

    #[test]
    fn what_is_said_of_somebody_without_a_seat_gives_nobody_one() {
        for kind in [EntryKind::Gone, EntryKind::Back, EntryKind::Left, EntryKind::Expired] {
            check(STRANGER, kind, |_| {});
        }
    }

    #[test]
    fn every_field_of_a_view_moves_its_digest() {
        let changed = |change: fn(&mut View)| {
            let mut view = two();
            change(&mut view);
            view.digest()
        };
        let digests = [
            two().digest(),
            changed(|view| view.head = Head::from_digest(Digest::of(b"another"))),
            changed(|view| view.seq = Seq(5)),
            changed(|view| view.host = GUEST),
            changed(|view| view.committer = GUEST),
            changed(|view| view.policy.moderation = Moderation::Everyone),
            changed(|view| view.policy.door = DoorPolicy::Ask),
            changed(|view| view.policy.door = DoorPolicy::Locked),
            changed(|view| unseat(view, GUEST)),
            changed(|view| seat(view, STRANGER, Presence::Live)),
            changed(|view| seat(view, GUEST, Presence::Live)),
        ];
        let distinct: BTreeSet<Digest> = digests.iter().copied().collect();
        assert_eq!(distinct.len(), digests.len());
    }
}
