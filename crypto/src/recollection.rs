//! What a member that lost the group remembers of it: how far it had followed the order, and what it
//! saw there. It says so when it has come in again, and whoever was there compares: who was lost over
//! a lie of the server's learns that, and who was lost over a member's, that it was none. Must not
//! know how it is said.

use std::fmt;

use sanctuary_protocol::{Digest, Seq};
use serde::{Deserialize, Serialize};

use crate::group::GROUP_ID_RANDOM_BYTES;

/// A place in a group's order, as somebody saw it.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recollection {
    /// The random part of the group's id: no other room's order is compared with this one's.
    pub(crate) group: [u8; GROUP_ID_RANDOM_BYTES],
    pub(crate) seq: Seq,
    /// The digest of the view there.
    pub(crate) view: Digest,
}

/// Says where, and not what.
impl fmt::Debug for Recollection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { group: _, seq, view: _ } = self;
        f.debug_struct("Recollection").field("seq", seq).finish_non_exhaustive()
    }
}
