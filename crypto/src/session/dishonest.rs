//! A member that holds the room's keys and keeps no rule: it seals whatever it is handed. For whoever
//! tries what the others make of it; it must not know what is right.

use sanctuary_protocol::{CommitBlob, MemberId, PostBlob};

use super::Session;
use crate::Charter;
use crate::group::Plan;

impl Session {
    /// A post that holds these bytes in place of what a post holds; `None` when they are too many.
    pub fn seal_anything(&mut self, content: &[u8]) -> Option<PostBlob> {
        PostBlob::try_from(self.group.seal(content).ok()?).ok()
    }

    /// These bytes, wrapped as a commit of this epoch is; `None` when they are too many.
    pub fn wrap_anything(&self, commit: &[u8]) -> Option<CommitBlob> {
        self.wrap_commit(commit)
    }

    /// A whole commit that no rule was asked about; `None` when the library makes none such.
    pub fn commit_anything(
        &mut self,
        key_packages: &[&[u8]],
        removes: &[MemberId],
        charter: Option<Charter>,
    ) -> Option<CommitBlob> {
        let adds = key_packages.iter().map(|it| it.to_vec()).collect();
        let draft = self.group.draft(&Plan { adds, removes: removes.to_vec(), charter }).ok()?;
        self.wrap_commit(&draft.commit)
    }
}
