//! The one order, and what of it must still be kept.

use sanctuary_engine::room::RING_ENTRIES_MAX;
use sanctuary_protocol::{Entry, EntryKind, MemberId, Seq};

use super::Model;

impl Model {
    pub(super) fn sequence(&mut self, from: u32, kind: EntryKind) {
        let seq = Seq(self.seq() + 1);
        self.log.push(Entry { seq, from: MemberId(from), kind });
        self.shed.push(false);
    }

    pub(super) fn trim(&mut self) {
        let commits = |model: &Self| {
            let is_commit = |entry: &&Entry| matches!(entry.kind, EntryKind::Commit { .. });
            model.log[model.dropped..].iter().filter(is_commit).count()
        };
        while self.retained_bytes() > self.limits.ring_bytes_max && self.shed_one() {}
        while self.dropped < self.log.len()
            && (self.retained_bytes() > self.limits.ring_bytes_max
                || commits(self) > self.limits.ring_commits_max
                || self.log.len() - self.dropped > RING_ENTRIES_MAX)
        {
            self.dropped += 1;
        }
    }

    pub(super) fn give_up(&mut self, bytes: usize) {
        let goal = self.retained_bytes().saturating_sub(bytes);
        while self.retained_bytes() > goal && self.shed_one() {}
        while self.retained_bytes() > goal && self.dropped < self.log.len() {
            self.dropped += 1;
        }
    }

    pub(super) fn shed_one(&mut self) -> bool {
        let is_whole_post = |index: &usize| {
            matches!(self.log[*index].kind, EntryKind::Post { .. }) && !self.shed[*index]
        };
        let Some(oldest) = (self.dropped..self.log.len()).find(is_whole_post) else { return false };
        self.shed[oldest] = true;
        true
    }

    /// The bytes that must be held.
    pub fn retained_bytes(&self) -> usize {
        let cost = |index: usize| {
            let blob = match &self.log[index].kind {
                EntryKind::Post { .. } if self.shed[index] => 0,
                EntryKind::Post { ciphertext } => ciphertext.len(),
                EntryKind::Commit { ciphertext, admits, evicts } => {
                    ciphertext.len() + 4 * (admits.iter().count() + evicts.iter().count())
                }
                EntryKind::Shed { .. }
                | EntryKind::Gone
                | EntryKind::Back
                | EntryKind::Left
                | EntryKind::Expired
                | EntryKind::Host { .. }
                | EntryKind::Committer
                | EntryKind::Policy(_) => 0,
            };
            size_of::<Entry>() + blob
        };
        (self.dropped..self.log.len()).map(cost).sum()
    }

    /// The entry at `seq` as a member that comes back must read it.
    pub(super) fn as_kept(&self, seq: u64) -> Entry {
        let index = usize::try_from(seq - 1).unwrap_or(usize::MAX);
        let entry = self.log[index].clone();
        if self.shed[index] {
            return Entry { kind: EntryKind::Shed { digest: entry.kind.digest() }, ..entry };
        }
        entry
    }

    /// The last entry's number.
    pub fn seq(&self) -> u64 {
        self.log.len() as u64
    }
}
