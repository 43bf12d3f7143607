//! What this member has sent and the room has not yet put in its order. It is shown as pending, sent
//! again after a lost connection, and known by its ciphertext when it comes back.

use std::collections::VecDeque;

use sanctuary_protocol::{Digest, PostBlob};

use super::Line;
use crate::Epoch;

/// Posts that may wait for the server: what somebody types in a tunnel, and less than a burst that
/// the server would hang up on.
pub(super) const UNSETTLED_MAX: usize = 64;

/// Sent, and not yet sequenced; oldest first.
#[derive(Debug, Default)]
pub(super) struct Unsettled {
    posts: VecDeque<Post>,
    watch: Option<Watch>,
}

#[derive(Debug)]
struct Post {
    blob: PostBlob,
    digest: Digest,
    line: Option<Line>,
}

/// A timer, and the post that should have come back before it ran out.
#[derive(Debug)]
struct Watch {
    epoch: Epoch,
    digest: Digest,
}

impl Unsettled {
    pub(super) fn is_empty(&self) -> bool {
        self.posts.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.posts.len() >= UNSETTLED_MAX
    }

    /// Lines still pending, oldest first.
    pub(super) fn lines(&self) -> impl DoubleEndedIterator<Item = &Line> {
        self.posts.iter().filter_map(|post| post.line.as_ref())
    }

    pub(super) fn blobs(&self) -> impl Iterator<Item = PostBlob> + '_ {
        self.posts.iter().map(|post| post.blob.clone())
    }

    pub(super) fn push(&mut self, blob: PostBlob, line: Option<Line>) {
        let digest = Digest::of(blob.as_slice());
        self.posts.push_back(Post { blob, digest, line });
    }

    /// The post with this ciphertext has been sequenced. `None` when it is none of these.
    pub(super) fn settle(&mut self, digest: Digest) -> Option<Option<Line>> {
        let place = self.posts.iter().position(|post| post.digest == digest)?;
        self.posts.remove(place).map(|post| post.line)
    }

    /// Words that act (a farewell, a purge) are not said again: what they stood before did not
    /// happen.
    pub(super) fn forget_words(&mut self) {
        self.posts.retain(|post| post.line.is_some());
    }

    /// From now on the oldest post is waited for.
    pub(super) fn watch(&mut self, epoch: Epoch) {
        self.watch = self.posts.front().map(|post| Watch { epoch, digest: post.digest });
    }

    /// Whether the post this timer waited for is still not back.
    pub(super) fn is_overdue(&self, timer: Epoch) -> bool {
        let oldest = self.posts.front().map(|post| post.digest);
        self.watch
            .as_ref()
            .is_some_and(|watch| watch.epoch == timer && oldest == Some(watch.digest))
    }
}
