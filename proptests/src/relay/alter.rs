//! Changing sealed bytes without opening them: what anybody on the way can do. Knows of their form
//! what the wire shows.

use sanctuary_protocol::{Blob, CommitBlob, Digest, EntryKind, Few, MemberId, PostBlob};

/// Bytes of a made-up post or commit: as many as a short one has.
const NOISE_BYTES: usize = 600;

/// Where an MLS message (RFC 9420 §6) has the length of its group's id: after version and kind.
const GROUP_ID_LENGTH_AT: usize = 4;
/// The epoch's bytes after the id.
const EPOCH_BYTES: usize = 8;
/// How far ahead a message of an epoch to come claims to be.
const EPOCHS_AHEAD: u8 = 5;

/// Something with the byte changed that lies `place`/256 of the way in.
pub(super) fn flipped(bytes: &[u8], place: u8) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = usize::from(place) * bytes.len() / 256;
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 0x40;
    }
    bytes
}

pub(super) fn flipped_blob<const MAX: usize>(blob: &Blob<MAX>, place: u8) -> Blob<MAX> {
    sealed(flipped(blob.as_slice(), place))
}

/// The same entry with a changed byte in what is sealed; `None` when nothing is.
pub(super) fn flipped_entry(kind: &EntryKind, place: u8) -> Option<EntryKind> {
    match kind {
        EntryKind::Post { ciphertext } => {
            Some(EntryKind::Post { ciphertext: flipped_blob(ciphertext, place) })
        }
        EntryKind::Commit { ciphertext, admits, evicts } => Some(EntryKind::Commit {
            ciphertext: flipped_blob(ciphertext, place),
            admits: admits.clone(),
            evicts: evicts.clone(),
        }),
        EntryKind::Shed { digest } => {
            let digest = Digest::of(&flipped(digest.as_bytes(), place));
            Some(EntryKind::Shed { digest })
        }
        EntryKind::Gone
        | EntryKind::Back
        | EntryKind::Left
        | EntryKind::Expired
        | EntryKind::Host { .. }
        | EntryKind::Committer
        | EntryKind::Policy(_) => None,
    }
}

/// Bytes that mean nothing, others for another seed.
pub(super) fn noise<const MAX: usize>(seed: u64) -> Blob<MAX> {
    let byte = |at: u64| (seed.wrapping_mul(31).wrapping_add(at.wrapping_mul(131)) >> 3) as u8;
    let bytes: Vec<u8> = (0..NOISE_BYTES as u64).map(byte).collect();
    sealed(bytes)
}

#[expect(clippy::expect_used, reason = "as long as what it was made of, or a few hundred bytes")]
fn sealed<const MAX: usize>(bytes: Vec<u8>) -> Blob<MAX> {
    Blob::try_from(bytes).expect("within the bound")
}

/// A post that claims to be of an epoch to come, made of another.
pub(super) fn of_the_future(post: &PostBlob) -> PostBlob {
    let mut bytes = post.as_slice().to_vec();
    let length = bytes.get(GROUP_ID_LENGTH_AT).copied().unwrap_or_default();
    let last = GROUP_ID_LENGTH_AT + usize::from(length) + EPOCH_BYTES;
    if let Some(byte) = bytes.get_mut(last) {
        *byte = byte.wrapping_add(EPOCHS_AHEAD);
    }
    sealed(bytes)
}

/// A commit of noise with these lists.
pub(super) fn noise_commit(seed: u64, admits: &[MemberId], evicts: &[MemberId]) -> EntryKind {
    EntryKind::Commit {
        ciphertext: noise_commit_blob(seed),
        admits: Few::try_from(admits.to_vec()).unwrap_or(Few::none()),
        evicts: Few::try_from(evicts.to_vec()).unwrap_or(Few::none()),
    }
}

/// A commit's bytes that claim the epoch `seed` and hold noise.
pub(super) fn noise_commit_blob(seed: u64) -> CommitBlob {
    let mut bytes = seed.to_le_bytes().to_vec();
    let noise: CommitBlob = noise(seed);
    bytes.extend_from_slice(noise.as_slice());
    sealed(bytes)
}
