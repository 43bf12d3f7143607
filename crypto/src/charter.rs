//! The charter: what a room's members hold true of it, whatever the server says: who is host, what
//! the rules are, and how often the invitation was renewed. It stands in the group's context (RFC
//! 9420 §8.1), so every member of an epoch has the same, and only a commit changes it.

use mls_rs::extension::ExtensionType;
use mls_rs::{Extension, ExtensionList};
use sanctuary_protocol::{DoorPolicy, MemberId, Moderation, Policy};
use serde::{Deserialize, Serialize};

use crate::seal::decode;

/// The extension's number, from the range for private use (RFC 9420 §17.3).
pub(crate) const CHARTER_EXTENSION: ExtensionType = ExtensionType::new(0xf5a0);

/// What a room's members hold true of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charter {
    /// Who is host. It may be somebody who has left, until another takes over.
    pub host: MemberId,
    /// The rules.
    pub policy: Policy,
    /// Which invitation opens the door: 0 is the first, and each renewal counts one up.
    pub generation: u32,
}

impl Charter {
    /// Whether `member` may kick, purge and renew the invitation.
    pub fn may_moderate(&self, member: MemberId) -> bool {
        match self.policy.moderation {
            Moderation::Everyone => true,
            Moderation::Host => member == self.host,
        }
    }

    /// Whether `member` may let newcomers in, when it keeps the door.
    pub fn may_admit(&self, member: MemberId) -> bool {
        match self.policy.door {
            DoorPolicy::Open => true,
            // A locked door still opens for those who came before it was locked.
            DoorPolicy::Ask | DoorPolicy::Locked => self.may_moderate(member),
        }
    }

    /// The charter in a group's context: its one extension.
    pub(crate) fn read(extensions: &ExtensionList) -> Option<Self> {
        let mut all = extensions.iter();
        match (all.next(), all.next()) {
            (Some(only), None) if only.extension_type == CHARTER_EXTENSION => {
                decode(&only.extension_data)
            }
            (Some(_) | None, _) => None,
        }
    }

    pub(crate) fn extensions(&self) -> ExtensionList {
        let mut extensions = ExtensionList::new();
        extensions.set(Extension::new(CHARTER_EXTENSION, sanctuary_protocol::encode(self)));
        extensions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHARTER: Charter = Charter {
        host: MemberId(2),
        policy: Policy { moderation: Moderation::Host, door: DoorPolicy::Ask },
        generation: 3,
    };

    #[test]
    fn a_charter_is_read_only_when_it_stands_alone() {
        let mut extensions = CHARTER.extensions();
        assert_eq!(Charter::read(&extensions), Some(CHARTER));
        extensions.set(Extension::new(ExtensionType::new(0xf5a1), vec![]));
        assert_eq!(Charter::read(&extensions), None);
        assert_eq!(Charter::read(&ExtensionList::new()), None);
    }

    #[test]
    fn only_a_moderator_opens_a_door_that_asks() {
        let may_admit = |moderation, door, member| {
            Charter { policy: Policy { moderation, door }, ..CHARTER }.may_admit(MemberId(member))
        };
        assert!(may_admit(Moderation::Host, DoorPolicy::Open, 5));
        assert!(may_admit(Moderation::Everyone, DoorPolicy::Ask, 5));
        assert!(may_admit(Moderation::Host, DoorPolicy::Locked, 2));
        assert!(!may_admit(Moderation::Host, DoorPolicy::Ask, 5));
        assert!(!may_admit(Moderation::Host, DoorPolicy::Locked, 5));
    }
}
