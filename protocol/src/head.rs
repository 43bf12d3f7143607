//! The transcript's head: one hash over everything a room has sequenced, which both sides compute
//! to the byte. It stands here, and not in the cipher, because the server must know it too.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{Entry, EntryKind, encode};

/// A SHA-256 digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of `bytes` (FIPS 180-4).
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// A digest from its 32 bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({:02x}{:02x}…)", self.0[0], self.0[1])
    }
}

/// `h_i = SHA-256(h_{i-1}, seq, kind, from, digest)`; all zeros before the first entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head(Digest);

impl Head {
    /// Before anything was sequenced.
    pub const START: Self = Self(Digest([0; 32]));

    /// A head from its digest.
    pub const fn from_digest(digest: Digest) -> Self {
        Self(digest)
    }

    /// Its 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The head once `entry` has followed.
    #[must_use]
    pub fn after(self, entry: &Entry) -> Self {
        let hash = Sha256::new()
            .chain_update(self.as_bytes())
            .chain_update(entry.seq.0.to_le_bytes())
            .chain_update([code(&entry.kind)])
            .chain_update(entry.from.0.to_le_bytes())
            .chain_update(entry.kind.digest().as_bytes())
            .finalize();
        Self(Digest(hash.into()))
    }
}

impl EntryKind {
    /// What of this entry goes into the head: SHA-256 of a post's ciphertext, of the encoded kind
    /// for everything else.
    pub fn digest(&self) -> Digest {
        match self {
            Self::Post { ciphertext } => Digest::of(ciphertext.as_slice()),
            Self::Shed { digest } => *digest,
            Self::Commit { .. }
            | Self::Gone
            | Self::Back
            | Self::Left
            | Self::Expired
            | Self::Host { .. }
            | Self::Committer
            | Self::Policy(_) => Digest::of(&encode(self)),
        }
    }
}

/// The kind's number in the head. A shed post counts as the post it was.
const fn code(kind: &EntryKind) -> u8 {
    match kind {
        EntryKind::Post { .. } | EntryKind::Shed { .. } => 0,
        EntryKind::Commit { .. } => 1,
        EntryKind::Gone => 2,
        EntryKind::Back => 3,
        EntryKind::Left => 4,
        EntryKind::Expired => 5,
        EntryKind::Host { .. } => 6,
        EntryKind::Committer => 7,
        EntryKind::Policy(_) => 8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MemberId, PostBlob, Seq};

    #[test]
    fn a_shed_post_moves_the_head_as_the_post_did() {
        let post = EntryKind::Post { ciphertext: PostBlob::try_from(vec![1, 2, 3]).unwrap() };
        let shed = EntryKind::Shed { digest: post.digest() };
        let after = |kind| Head::START.after(&Entry { seq: Seq(1), from: MemberId(4), kind });
        assert_eq!(after(post), after(shed));
    }

    #[test]
    fn every_field_of_an_entry_moves_the_head() {
        let entry = Entry { seq: Seq(1), from: MemberId(4), kind: EntryKind::Gone };
        let head = Head::START.after(&entry);
        assert_ne!(head, Head::START.after(&Entry { seq: Seq(2), ..entry.clone() }));
        assert_ne!(head, Head::START.after(&Entry { from: MemberId(5), ..entry.clone() }));
        assert_ne!(head, Head::START.after(&Entry { kind: EntryKind::Back, ..entry.clone() }));
        assert_ne!(head, head.after(&entry));
    }
}
