//! Who a leaf of the group is: a member's number and its alias, in a basic credential (RFC 9420
//! §5.3). Nobody outside the room vouches for either; the door does, and the rules keep both unique.

use std::fmt;

use mls_rs::error::IntoAnyError;
use mls_rs::identity::basic::BasicCredential;
use mls_rs::identity::{Credential as MlsCredential, CredentialType, SigningIdentity};
use mls_rs::time::MlsTime;
use mls_rs::{ExtensionList, IdentityProvider};
use mls_rs_core::identity::MemberValidationContext;
use sanctuary_protocol::MemberId;
use serde::{Deserialize, Serialize};

use crate::Alias;
use crate::seal::decode;

/// Who a leaf is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Credential {
    pub(crate) member: MemberId,
    pub(crate) alias: Alias,
}

impl Credential {
    pub(crate) fn read(identity: &SigningIdentity) -> Option<Self> {
        match &identity.credential {
            MlsCredential::Basic(basic) => decode(&basic.identifier),
            _ => None,
        }
    }

    pub(crate) fn into_mls(self) -> MlsCredential {
        BasicCredential::new(sanctuary_protocol::encode(&self)).into_credential()
    }
}

/// Takes credentials that read as ours, and no others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Identities;

/// A credential that is no member's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoCredential;

impl fmt::Display for NoCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the credential is no member's")
    }
}

impl IntoAnyError for NoCredential {}

impl IdentityProvider for Identities {
    type Error = NoCredential;

    fn validate_member(
        &self,
        signing_identity: &SigningIdentity,
        _timestamp: Option<MlsTime>,
        _context: MemberValidationContext<'_>,
    ) -> Result<(), NoCredential> {
        Credential::read(signing_identity).map(|_| ()).ok_or(NoCredential)
    }

    /// There are no external senders.
    fn validate_external_sender(
        &self,
        _signing_identity: &SigningIdentity,
        _timestamp: Option<MlsTime>,
        _extensions: Option<&ExtensionList>,
    ) -> Result<(), NoCredential> {
        Err(NoCredential)
    }

    /// The number alone: two leaves of one number are one member twice, which MLS refuses.
    fn identity(
        &self,
        signing_identity: &SigningIdentity,
        _extensions: &ExtensionList,
    ) -> Result<Vec<u8>, NoCredential> {
        let credential = Credential::read(signing_identity).ok_or(NoCredential)?;
        Ok(credential.member.0.to_be_bytes().to_vec())
    }

    /// A commit renews its author's leaf: the keys change, and who it is does not.
    fn valid_successor(
        &self,
        predecessor: &SigningIdentity,
        successor: &SigningIdentity,
        _extensions: &ExtensionList,
    ) -> Result<bool, NoCredential> {
        let before = Credential::read(predecessor).ok_or(NoCredential)?;
        Ok(Credential::read(successor).is_some_and(|after| after == before))
    }

    fn supported_types(&self) -> Vec<CredentialType> {
        vec![CredentialType::BASIC]
    }
}
