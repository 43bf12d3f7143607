//! What a leaf may carry. MLS lets members put more into theirs than anybody needs.

use mls_rs::group::Member;

/// Capabilities a leaf lists in all: ours lists nine, other implementations a few dozen.
const CAPABILITIES_MAX: usize = 64;

/// Whether a leaf carries nothing but what it must. Every welcome and every copy of the group carries
/// all leaves: one member's ballast would weigh on everybody.
pub(super) fn is_slender(leaf: &Member) -> bool {
    let listed = &leaf.capabilities;
    let capabilities = listed.protocol_versions.len()
        + listed.cipher_suites.len()
        + listed.extensions.len()
        + listed.proposals.len()
        + listed.credentials.len();
    leaf.extensions.is_empty() && capabilities <= CAPABILITIES_MAX
}

#[cfg(test)]
mod tests {
    use mls_rs::Extension;
    use mls_rs::extension::ExtensionType;
    use sanctuary_protocol::{MemberId, Policy, RoomId};

    use super::super::{Credential, Group};
    use super::*;
    use crate::{Alias, Charter, Fading};

    #[test]
    fn a_leaf_with_ballast_is_taken_by_nobody() {
        let ada = Credential { member: MemberId(1), alias: Alias::new("Ada").unwrap() };
        let charter = Charter {
            host: MemberId(1),
            policy: Policy::default(),
            generation: 0,
            fading: Fading::Never,
        };
        let group = Group::create(RoomId::from_bytes([7; 16]), ada, charter).unwrap();
        let leaf = group.mls.roster().members_iter().next().unwrap();
        assert!(is_slender(&leaf));
        let mut extended = leaf.clone();
        extended.extensions.set(Extension::new(ExtensionType::new(0xf5a1), vec![0; 9]));
        assert!(!is_slender(&extended));
        let mut listing = leaf;
        listing.capabilities.extensions = vec![ExtensionType::new(0xf5a2); CAPABILITIES_MAX];
        assert!(!is_slender(&listing));
    }
}
