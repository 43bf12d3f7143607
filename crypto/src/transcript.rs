//! What this member knows of the room's order, and how it finds the server out. The server tells
//! the order; every member claims, inside each post, how far it has followed and what it saw; and
//! whoever has followed as far compares. Two stories cannot both be told to members who talk.
//!
//! It must not know ciphertexts or keys. A claim is a member's word: one that lies can raise an
//! alarm in its own name, and is named as its witness.

use std::collections::VecDeque;

use sanctuary_protocol::{Digest, Entry, MemberId, Opening, Seq, SortedMap, View};

/// Places of the order whose digests are kept: what a member can have been behind and still be
/// compared with. The server keeps as many entries.
const PLACES_MAX: usize = 4_096;

/// A claim's bytes: a counter and a place, eight bytes each, and the view's digest.
pub(crate) const CLAIM_BYTES: usize = 48;

/// How the server was found out. None of it happens with an honest server, whatever the network
/// does; where another member's word is the evidence, that member is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Tampering {
    /// Entries were left out or repeated.
    #[error("It left something out of the room's order, or repeated something.")]
    Order,
    /// Something in this member's name that it never sent, or in another form than it sent it.
    #[error("It sent something in your name that you did not send.")]
    Forged,
    /// Something this member sent was dropped, and what it sent afterwards was not.
    #[error("It dropped something that you sent.")]
    Dropped,
    /// It told the room that this member was gone, while it told this member everything.
    #[error("It told the room that you were gone.")]
    Absence,
    /// A post in another name than its author's.
    #[error("It passed a message on in another's name.")]
    Relabelled {
        /// In whose name.
        from: MemberId,
    },
    /// Posts of this member were left out, or came twice.
    #[error("It left out or repeated a member's messages.")]
    Gap {
        /// Whose.
        from: MemberId,
    },
    /// This member saw another order, or another room.
    #[error("It showed different members different rooms.")]
    Forked {
        /// Whose word says so.
        witness: MemberId,
    },
    /// When the seat was taken again, the server's account of the room was not the one it had given.
    #[error("It changed its account of what happened while you were away.")]
    Reopened,
}

/// What a member says of itself inside each post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    /// Which of its posts this is, from 1.
    pub(crate) counter: u64,
    /// How far it has followed the order.
    pub(crate) seq: Seq,
    /// What it saw there.
    pub(crate) view: Digest,
}

impl Claim {
    pub(crate) fn to_bytes(self) -> [u8; CLAIM_BYTES] {
        let mut bytes = [0; CLAIM_BYTES];
        bytes[..8].copy_from_slice(&self.counter.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.seq.0.to_le_bytes());
        bytes[16..].copy_from_slice(self.view.as_bytes());
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8; CLAIM_BYTES]) -> Self {
        let [mut counter, mut seq] = [[0; 8]; 2];
        let mut view = [0; 32];
        counter.copy_from_slice(&bytes[..8]);
        seq.copy_from_slice(&bytes[8..16]);
        view.copy_from_slice(&bytes[16..]);
        Self {
            counter: u64::from_le_bytes(counter),
            seq: Seq(u64::from_le_bytes(seq)),
            view: Digest::from_bytes(view),
        }
    }
}

/// The order so far, as this member followed it.
#[derive(Debug)]
pub(crate) struct Transcript {
    view: View,
    /// The views' digests, the last of them at `view.seq`.
    places: VecDeque<Digest>,
    heard: SortedMap<MemberId, Heard>,
}

/// How far one member's posts have been heard.
#[derive(Clone, Copy, Debug, Default)]
struct Heard {
    counter: u64,
    /// Posts of which the server kept only the digest; they may or may not have counted.
    shed: u64,
}

/// Whether an entry is the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Next,
    /// Something is missing before it.
    Late,
    /// Its place is behind.
    Behind,
}

impl Transcript {
    pub(crate) fn begin(opening: &Opening) -> Self {
        let view = View::from(opening);
        let places = VecDeque::from([view.digest()]);
        Self { view, places, heard: SortedMap::new() }
    }

    pub(crate) const fn view(&self) -> &View {
        &self.view
    }

    pub(crate) fn place(&self, seq: Seq) -> Place {
        if seq <= self.view.seq {
            Place::Behind
        } else if seq == self.view.seq.next() {
            Place::Next
        } else {
            Place::Late
        }
    }

    /// Takes the next entry in. After a gap, what lay before it is not compared any more.
    pub(crate) fn follow(&mut self, entry: &Entry) {
        if self.place(entry.seq) == Place::Late {
            self.places.clear();
        }
        self.view.after(entry);
        self.places.push_back(self.view.digest());
        if self.places.len() > PLACES_MAX {
            self.places.pop_front();
        }
    }

    /// Whether an opening at this very place tells the same.
    pub(crate) fn agrees_with(&self, opening: &Opening) -> bool {
        View::from(opening).digest() == self.here()
    }

    /// The view's digest after the last entry.
    pub(crate) fn here(&self) -> Digest {
        self.places.back().copied().unwrap_or_else(|| self.view.digest())
    }

    /// What this member claims in its post with this number.
    pub(crate) fn claim(&self, counter: u64) -> Claim {
        Claim { counter, seq: self.view.seq, view: self.here() }
    }

    /// Compares what `witness` claims, in a post that is the next entry, with what this member saw.
    /// What lies before this member's time, or too far back, is not compared.
    pub(crate) fn compare(&self, witness: MemberId, claim: &Claim) -> Result<(), Tampering> {
        self.compare_at(witness, claim.seq, claim.view)
    }

    /// Compares what `witness` says it saw at a place.
    pub(crate) fn compare_at(
        &self,
        witness: MemberId,
        seq: Seq,
        view: Digest,
    ) -> Result<(), Tampering> {
        let differs = seq > self.view.seq || self.at(seq).is_some_and(|own| own != view);
        if differs { Err(Tampering::Forked { witness }) } else { Ok(()) }
    }

    /// The view's digest at a place, where it is kept.
    pub(crate) fn at(&self, seq: Seq) -> Option<Digest> {
        let back = usize::try_from(self.view.seq.0.checked_sub(seq.0)?).ok()?;
        let at = self.places.len().checked_sub(1)?.checked_sub(back)?;
        self.places.get(at).copied()
    }

    /// This member's posts are heard from its first on.
    pub(crate) fn joined(&mut self, member: MemberId) {
        self.heard.insert(member, Heard::default());
    }

    pub(crate) fn parted(&mut self, member: MemberId) {
        self.heard.remove(&member);
    }

    pub(crate) fn shed(&mut self, from: MemberId) {
        if let Some(heard) = self.heard.get_mut(&from) {
            heard.shed += 1;
        }
    }

    /// Counts a post. The first heard of a member that was there before is where its count begins.
    pub(crate) fn count(&mut self, from: MemberId, counter: u64) -> Result<(), Tampering> {
        let follows = self.heard.get(&from).is_none_or(|heard| {
            let highest = heard.counter.saturating_add(1).saturating_add(heard.shed);
            heard.counter < counter && counter <= highest
        });
        self.heard.insert(from, Heard { counter, shed: 0 });
        if follows { Ok(()) } else { Err(Tampering::Gap { from }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{entry, opening};
    use sanctuary_protocol::EntryKind;

    const OTHER: MemberId = MemberId(2);

    fn followed(entries: u64) -> Transcript {
        let mut transcript = Transcript::begin(&opening(1, &[1, 2]));
        for seq in 1..=entries {
            transcript.follow(&entry(seq, 2, EntryKind::Committer));
        }
        transcript
    }

    #[test]
    fn a_claim_survives_its_bytes() {
        let claim = followed(3).claim(9);
        assert_eq!(Claim::from_bytes(&claim.to_bytes()), claim);
    }

    #[test]
    fn a_claim_is_compared_where_both_were_and_nowhere_else() {
        let claim = followed(3).claim(1);
        let wrong = Claim { view: Digest::of(b"another room"), ..claim };
        let forked = Err(Tampering::Forked { witness: OTHER });
        assert_eq!(followed(5).compare(OTHER, &claim), Ok(()));
        assert_eq!(followed(5).compare(OTHER, &wrong), forked);
        // It claims to have seen what has not happened.
        assert_eq!(followed(2).compare(OTHER, &claim), forked);
        // Both are before this member's time, or too far back.
        let mut late = opening(1, &[1, 2]);
        late.seq = Seq(4);
        assert_eq!(Transcript::begin(&late).compare(OTHER, &wrong), Ok(()));
        assert_eq!(followed(3 + PLACES_MAX as u64).compare(OTHER, &wrong), Ok(()));
        assert_eq!(followed(2 + PLACES_MAX as u64).compare(OTHER, &wrong), forked);
    }

    #[test]
    fn posts_count_up_by_one_but_for_those_the_server_said_it_shed() {
        let check = |first: Option<u64>, shed: u64, next: u64, expected: bool| {
            let mut transcript = followed(0);
            match first {
                Some(first) => transcript.count(OTHER, first).unwrap(),
                None => transcript.joined(OTHER),
            }
            (0..shed).for_each(|_| transcript.shed(OTHER));
            let counted = transcript.count(OTHER, next);
            assert_eq!(counted.is_ok(), expected, "{first:?} {shed} {next}");
        };
        check(Some(4), 0, 5, true);
        check(Some(4), 0, 6, false);
        check(Some(4), 0, 4, false);
        check(Some(4), 2, 7, true);
        check(Some(4), 2, 5, true);
        check(Some(4), 2, 8, false);
        check(None, 0, 1, true);
        check(None, 0, 2, false);
    }
}
