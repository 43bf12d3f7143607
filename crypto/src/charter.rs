//! The charter: what a room's members hold true of it, whatever the server says: who is host, what
//! the rules are, how often the invitation was renewed, and how long messages stay. It stands in the group's context (RFC
//! 9420 §8.1), so every member of an epoch has the same, and only a commit changes it.

use mls_rs::extension::ExtensionType;
use mls_rs::{Extension, ExtensionList};
use sanctuary_protocol::{DoorPolicy, MemberId, Moderation, Policy};
use serde::{Deserialize, Serialize};

use crate::Fading;
use crate::seal::decode;

/// The extension's number, from the range for private use (RFC 9420 §17.3).
pub(crate) const CHARTER_EXTENSION: ExtensionType = ExtensionType::new(0xf5a0);

/// What beside it says that every member must know the charter (RFC 9420 §11.1): one extension type,
/// no proposals, no credentials. Every leaf lists it as it is, so that nobody is kept out by this; but
/// other implementations want it said before they let a commit change the charter.
const REQUIRED_CAPABILITIES: [u8; 5] = [2, 0xf5, 0xa0, 0, 0];

/// What a room's members hold true of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charter {
    /// Who is host. It may be somebody who has left, until another takes over.
    pub host: MemberId,
    /// The rules.
    pub policy: Policy,
    /// Which invitation opens the door: 0 is the first, and each renewal counts one up.
    pub generation: u32,
    /// How long messages stay.
    pub fading: Fading,
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

    /// The charter in a group's context: beside it stands that it is required, and nothing else.
    pub(crate) fn read(extensions: &ExtensionList) -> Option<Self> {
        let required = extensions.get(ExtensionType::REQUIRED_CAPABILITIES)?;
        if extensions.len() != 2 || required.extension_data != REQUIRED_CAPABILITIES {
            return None;
        }
        decode(&extensions.get(CHARTER_EXTENSION)?.extension_data)
    }

    pub(crate) fn extensions(&self) -> ExtensionList {
        let required = REQUIRED_CAPABILITIES.to_vec();
        let mut extensions = ExtensionList::new();
        extensions.set(Extension::new(ExtensionType::REQUIRED_CAPABILITIES, required));
        extensions.set(Extension::new(CHARTER_EXTENSION, sanctuary_protocol::encode(self)));
        extensions
    }
}

#[cfg(test)]
mod tests {
    use mls_rs::extension::built_in::RequiredCapabilitiesExt;

    use super::*;

    const CHARTER: Charter = Charter {
        host: MemberId(2),
        policy: Policy { moderation: Moderation::Host, door: DoorPolicy::Ask },
        generation: 3,
        fading: Fading::Minutes5,
    };

    #[test]
    fn a_charter_is_read_only_beside_what_requires_it_and_nothing_else() {
        let check = |expected, extensions: &[(ExtensionType, &[u8])]| {
            let all = extensions.iter().map(|(kind, data)| Extension::new(*kind, data.to_vec()));
            let extensions = ExtensionList::from(all.collect::<Vec<_>>());
            assert_eq!(Charter::read(&extensions), expected, "{extensions:?}");
        };
        let written = sanctuary_protocol::encode(&CHARTER);
        let charter = (CHARTER_EXTENSION, &written[..]);
        let requiring = |data| (ExtensionType::REQUIRED_CAPABILITIES, data);
        let required = requiring(&REQUIRED_CAPABILITIES[..]);
        check(Some(CHARTER), &[required, charter]);
        check(Some(CHARTER), &[charter, required]);
        check(None, &[]);
        check(None, &[charter]);
        check(None, &[required]);
        check(None, &[required, charter, (ExtensionType::new(0xf5a1), &[])]);
        check(None, &[required, (ExtensionType::new(0xf5a1), charter.1)]);
        check(None, &[requiring(&[0, 0, 0]), charter]);
        check(None, &[requiring(&[4, 0xf5, 0xa0, 0xf5, 0xa1, 0, 0]), charter]);
        check(None, &[requiring(&[2, 0xf5, 0xa0, 0, 2, 0, 1]), charter]);
    }

    #[test]
    fn what_is_required_is_as_the_library_would_write_it() {
        let expected = RequiredCapabilitiesExt::new(vec![CHARTER_EXTENSION], vec![], vec![]);
        let found = CHARTER.extensions().get_as::<RequiredCapabilitiesExt>().unwrap();
        assert_eq!(found, Some(expected));
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
