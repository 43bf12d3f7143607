//! Whoever is about to be in a group: a key pair of its own, a key package to show, a welcome to come
//! in by. What opens the welcome is deleted with it.

use std::time::Duration;

use mls_rs::client_builder::ClientBuilder;
use mls_rs::identity::SigningIdentity;
use mls_rs::{CipherSuiteProvider as _, Client, CryptoProvider as _, ExtensionList, MlsMessage};
use sanctuary_protocol::RoomId;

use super::{
    Config, GROUP_ID_RANDOM_BYTES, Group, Identities, NOW, Nothing, OneKeyPackage, Provider, Rules,
    SUITE, Unmade, Unopened, now,
};
use crate::charter::CHARTER_EXTENSION;
use crate::credential::Credential;

/// How long a key package says it holds, from the one moment in which ours live: to the last second of
/// the year 9999, which is as far as dates are written (RFC 3339 §1). It ends at the door, whatever it
/// says; implementations that have a clock find themselves within it.
const LIFETIME: Duration = Duration::from_secs(253_402_300_799 - NOW);

/// Somebody who has shown a key package and waits for a welcome.
pub(crate) struct Applicant {
    client: Client<Config>,
    key_package: Vec<u8>,
}

impl Applicant {
    pub(crate) fn new(credential: Credential) -> Result<Self, Unmade> {
        let client = client(credential)?;
        let none = ExtensionList::new();
        let message = client
            .generate_key_package_message(none.clone(), none, Some(now()))
            .map_err(|_| Unmade)?;
        Ok(Self { client, key_package: message.to_bytes().map_err(|_| Unmade)? })
    }

    /// What is shown to the doorkeeper.
    pub(crate) fn key_package(&self) -> &[u8] {
        &self.key_package
    }

    /// Comes into the group of `room`.
    pub(crate) fn join(&self, room: RoomId, welcome: &[u8]) -> Result<Group, Unopened> {
        let message = MlsMessage::from_bytes(welcome).map_err(|_| Unopened)?;
        let (mls, _) = self.client.join_group(None, &message, Some(now())).map_err(|_| Unopened)?;
        if mls.group_id().strip_prefix(room.as_bytes()).map(<[u8]>::len)
            != Some(GROUP_ID_RANDOM_BYTES)
        {
            return Err(Unopened);
        }
        Ok(Group::settle(mls, None)?.0)
    }
}

impl Drop for Applicant {
    /// The key package is for one welcome: what opens it must not outlive the door.
    fn drop(&mut self) {
        self.client.key_package_store().forget();
    }
}

/// Who shows this key package; `None` unless it is one of ours.
pub(crate) fn read_key_package(bytes: &[u8]) -> Option<Credential> {
    let message = MlsMessage::from_bytes(bytes).ok()?;
    let package = message.into_key_package()?;
    Credential::read(package.signing_identity())
}

pub(super) fn client(credential: Credential) -> Result<Client<Config>, Unmade> {
    let suite = Provider.cipher_suite_provider(SUITE).ok_or(Unmade)?;
    let (secret, public) = suite.signature_key_generate().map_err(|_| Unmade)?;
    let identity = SigningIdentity::new(credential.into_mls(), public);
    Ok(ClientBuilder::new_empty()
        .group_state_storage(Nothing)
        .psk_store(Nothing)
        .key_package_repo(OneKeyPackage::default())
        .crypto_provider(Provider)
        .identity_provider(Identities)
        .mls_rules(Rules)
        .extension_type(CHARTER_EXTENSION)
        .key_package_lifetime(LIFETIME)
        .signing_identity(identity, secret, SUITE)
        .build())
}
