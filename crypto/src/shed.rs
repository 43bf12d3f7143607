//! Posts of this epoch of which only the digest came: what a server could not keep for somebody who
//! was away. What somebody repeats of them is nobody's word, and too many in a row of one author
//! leave that author unreadable. Must not know how a post is opened.

use sanctuary_protocol::{Digest, MemberId, SortedMap, SortedSet};

/// Digests kept: an honest server keeps as many entries. What is repeated past that may open as its
/// first author's, and be told as the server's lie.
const DIGESTS_MAX: usize = 4_096;

/// Posts of one author in a row that may be passed over and the next still be opened: so far does
/// mls-rs turn a sender's ratchet for one message (`MAX_RATCHET_BACK_HISTORY`), so that a forged
/// number costs nobody a long computation.
pub(crate) const PASSED_OVER_MAX: u32 = 1_024;

/// Posts of this epoch that were shed.
#[derive(Debug, Default)]
pub(crate) struct Shed {
    digests: SortedSet<Digest>,
    /// How many of each author since one of its opened.
    runs: SortedMap<MemberId, u32>,
}

impl Shed {
    /// One more.
    pub(crate) fn add(&mut self, from: MemberId, digest: Digest) {
        if self.digests.len() < DIGESTS_MAX {
            self.digests.insert(digest);
        }
        let run = self.runs.get(&from).copied().unwrap_or_default();
        self.runs.insert(from, run.saturating_add(1));
    }

    /// A post of this author's opened.
    pub(crate) fn opened(&mut self, from: MemberId) {
        self.runs.remove(&from);
    }

    /// Whether this is one of them.
    pub(crate) fn contains(&self, digest: &Digest) -> bool {
        self.digests.contains(digest)
    }

    /// Whether somebody's next post cannot be opened, whatever it is.
    pub(crate) fn is_too_many(&self) -> bool {
        self.runs.values().any(|run| *run > PASSED_OVER_MAX)
    }
}
