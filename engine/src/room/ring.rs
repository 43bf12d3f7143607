//! The room's one total order, and the tail of it that is kept for members who drop and come back.
//! Must not know who they are.

use std::collections::VecDeque;

use sanctuary_protocol::{Entry, EntryKind, Head, MemberId, Seq};

use crate::limits::RoomLimits;

/// Entries the ring keeps at most, shed posts among them: an hour of busy talk, and less than half a
/// mebibyte when every post of it has been shed.
pub const RING_ENTRIES_MAX: usize = 4096;

/// What every kept entry costs besides its blob.
const ENTRY_BYTES: usize = size_of::<Entry>();

/// Everything sequenced, as a number and a hash; the last of it, as entries.
///
/// The tail is kept even while all are live, because a member may drop at any moment and resumes
/// from what it has *processed*, which nobody but itself knows.
#[derive(Debug)]
pub(super) struct Ring {
    seq: Seq,
    head: Head,
    /// Without a gap, up to and including `seq`.
    entries: VecDeque<Entry>,
    bytes: usize,
    commits: usize,
    /// Every post up to here has been shed.
    shed_to: Seq,
}

impl Ring {
    pub(super) const fn new() -> Self {
        Self {
            seq: Seq(0),
            head: Head::START,
            entries: VecDeque::new(),
            bytes: 0,
            commits: 0,
            shed_to: Seq(0),
        }
    }

    /// The last entry's place.
    pub(super) const fn seq(&self) -> Seq {
        self.seq
    }

    /// The transcript's head after it.
    pub(super) const fn head(&self) -> Head {
        self.head
    }

    /// Entries kept.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Gives the next place in the order.
    pub(super) fn append(&mut self, from: MemberId, kind: EntryKind) -> Entry {
        self.seq = self.seq.next();
        let entry = Entry { seq: self.seq, from, kind };
        self.head = self.head.after(&entry);
        self.bytes += ENTRY_BYTES + blob_bytes(&entry.kind);
        self.commits += usize::from(is_commit(&entry.kind));
        self.entries.push_back(entry.clone());
        entry
    }

    /// Whether the entry at `seq`, and all after it, are kept (a post perhaps without its bytes).
    pub(super) fn keeps_from(&self, seq: Seq) -> bool {
        seq > self.seq || self.entries.front().is_some_and(|oldest| oldest.seq <= seq)
    }

    /// Every kept entry after `seq`.
    pub(super) fn after(&self, seq: Seq) -> impl Iterator<Item = &Entry> {
        self.entries.iter().skip_while(move |entry| entry.seq <= seq)
    }

    /// Brings the ring back within its bounds: the oldest posts lose their bytes first, then the
    /// oldest entries go.
    pub(super) fn trim(&mut self, limits: &RoomLimits) {
        while self.bytes > limits.ring_bytes_max && self.shed_oldest_post() {}
        let within = |ring: &Self| {
            ring.bytes <= limits.ring_bytes_max
                && ring.commits <= limits.ring_commits_max
                && ring.entries.len() <= RING_ENTRIES_MAX
        };
        while !within(self) && self.drop_oldest() {}
    }

    /// Gives up at least `bytes`, if it has them: posts' bytes first, then entries, oldest first.
    pub(super) fn shed(&mut self, bytes: usize) {
        let goal = self.bytes.saturating_sub(bytes);
        while self.bytes > goal && self.shed_oldest_post() {}
        while self.bytes > goal && self.drop_oldest() {}
    }

    fn shed_oldest_post(&mut self) -> bool {
        let Some(oldest) = self.entries.front().map(|entry| entry.seq.0) else { return false };
        // The posts before this index are shed: looking at each again would make a full ring slow.
        let skip = usize::try_from((self.shed_to.0 + 1).saturating_sub(oldest)).unwrap_or(0);
        for entry in self.entries.range_mut(skip.min(self.entries.len())..) {
            self.shed_to = entry.seq;
            if matches!(entry.kind, EntryKind::Post { .. }) {
                self.bytes -= blob_bytes(&entry.kind);
                entry.kind = EntryKind::Shed { digest: entry.kind.digest() };
                return true;
            }
        }
        false
    }

    fn drop_oldest(&mut self) -> bool {
        let Some(entry) = self.entries.pop_front() else { return false };
        self.bytes -= ENTRY_BYTES + blob_bytes(&entry.kind);
        self.commits -= usize::from(is_commit(&entry.kind));
        true
    }
}

/// What an entry holds on the heap.
fn blob_bytes(kind: &EntryKind) -> usize {
    match kind {
        EntryKind::Post { ciphertext } => ciphertext.len(),
        EntryKind::Commit { ciphertext, admits, evicts } => {
            let named = admits.as_slice().len() + evicts.as_slice().len();
            ciphertext.len() + named * size_of::<MemberId>()
        }
        EntryKind::Shed { .. }
        | EntryKind::Gone
        | EntryKind::Back
        | EntryKind::Left
        | EntryKind::Expired
        | EntryKind::Host { .. }
        | EntryKind::Committer
        | EntryKind::Policy(_) => 0,
    }
}

const fn is_commit(kind: &EntryKind) -> bool {
    matches!(kind, EntryKind::Commit { .. })
}
