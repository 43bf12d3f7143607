//! The MLS group (RFC 9420), as `mls-rs` keeps it, in the room's own words: members by number, one
//! suite, one constant time, handshakes sealed once more so that their size says little. Knows no
//! order, no door and no rule of the room; it opens and makes, and others judge.
//!
//! Whatever is opened is opened on a copy, and the copy takes the group's place only when all went
//! well: a failed opening burns the message's key in the library, and a forged message must cost a
//! genuine one nothing.

mod applicant;
mod ballast;
mod storage;

use std::fmt;

use mls_rs::client_builder::{
    EmptyConfig, WithCryptoProvider, WithGroupStateStorage, WithIdentityProvider,
    WithKeyPackageRepo, WithMlsRules, WithPskStore,
};
use mls_rs::crypto::HpkeCiphertext;
use mls_rs::group::proposal::Proposal;
use mls_rs::group::{
    CommitEffect, CommitMessageDescription, CommitSecrets, NewEpoch, ReceivedMessage,
};
use mls_rs::time::MlsTime;
use mls_rs::{CipherSuite, ExtensionList, MlsMessage, WireFormat};
use sanctuary_protocol::{MemberId, Policy, RoomId, SortedMap};
use zeroize::Zeroizing;

use crate::credential::{Credential, Identities};
use crate::provider::Provider;
use crate::rules::{Changes, Rules};
use crate::seal::SealKey;
use crate::secret::SECRET_BYTES;
use crate::{Alias, Charter, Fading, KeyTag, random};

use applicant::client;
use ballast::is_slender;
use storage::{Nothing, OneKeyPackage};

pub(crate) use applicant::{Applicant, read_key_package};

type Stored = WithKeyPackageRepo<
    OneKeyPackage,
    WithPskStore<Nothing, WithGroupStateStorage<Nothing, EmptyConfig>>,
>;
type Config =
    WithMlsRules<Rules, WithIdentityProvider<Identities, WithCryptoProvider<Provider, Stored>>>;

/// X25519, AES-128-GCM, SHA-256, Ed25519: the suite every MLS implementation has (RFC 9420 §17.1).
const SUITE: CipherSuite = CipherSuite::CURVE25519_AES128;

/// When everything happens, in seconds. A room outlives no lifetime and a core has no clock, so
/// that clocks hours apart make no difference.
const NOW: u64 = 1;

/// Random bytes after the room's id in the group's: a room started twice is two groups.
pub(crate) const GROUP_ID_RANDOM_BYTES: usize = 16;

/// The component whose operations whispers are (the library's domain separation for HPKE).
const WHISPER_COMPONENT: u32 = 0x5a00_0001;

/// The random bytes that a renewed invitation's secret is written from.
pub(crate) type Invitation = Zeroizing<[u8; SECRET_BYTES]>;

/// A member's state of the group in one epoch.
#[derive(Clone)]
pub(crate) struct Group {
    mls: mls_rs::Group<Config>,
    charter: Charter,
    members: SortedMap<MemberId, Alias>,
    tags: SortedMap<MemberId, KeyTag>,
    /// Where each member's leaf is.
    leaves: SortedMap<MemberId, u32>,
    /// Seals this epoch's commits once more.
    wrap: SealKey,
}

/// Something the group does not open: garbage, forged, of another epoch, or by nobody inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unopened;

/// The library could not make what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unmade;

/// A commit to be made.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) adds: Vec<Vec<u8>>,
    pub(crate) removes: Vec<MemberId>,
    pub(crate) charter: Option<Charter>,
}

/// A commit that was made, and not yet taken by anybody.
pub(crate) struct Draft {
    pub(crate) commit: Zeroizing<Vec<u8>>,
    pub(crate) welcome: Option<Zeroizing<Vec<u8>>>,
    pub(crate) secrets: CommitSecrets,
}

/// The group after a commit.
pub(crate) enum Next {
    /// This member is in it. The secret is the new invitation's, when there is one.
    Within { group: Box<Group>, invitation: Option<Invitation> },
    /// This member was put out.
    Without,
}

fn now() -> MlsTime {
    MlsTime::from(NOW)
}

/// Whether a group would take this key package from whoever shows it, as far as that does not depend
/// on who is in the group: it is added to one of nobody else.
pub(crate) fn is_sound(room: RoomId, shown: &Credential, key_package: &[u8]) -> bool {
    let nobody = Credential { member: MemberId(0), alias: shown.alias.clone() };
    let charter = Charter {
        host: MemberId(0),
        policy: Policy::default(),
        generation: 0,
        fading: Fading::Never,
    };
    Group::create(room, nobody, charter).is_ok_and(|group| group.takes(key_package))
}

/// The epoch a private message says it is of, before anything is opened.
pub(crate) fn epoch_of(message: &[u8]) -> Option<u64> {
    let message = MlsMessage::from_bytes(message).ok()?;
    if message.wire_format() == WireFormat::PrivateMessage { message.epoch() } else { None }
}

impl Group {
    /// A group of one.
    pub(crate) fn create(
        room: RoomId,
        credential: Credential,
        charter: Charter,
    ) -> Result<Self, Unmade> {
        let mut id = room.as_bytes().to_vec();
        id.resize(id.len() + GROUP_ID_RANDOM_BYTES, 0);
        random::fill(&mut id[room.as_bytes().len()..]);
        let mls = client(credential)?
            .create_group_with_id(id, charter.extensions(), ExtensionList::new(), Some(now()))
            .map_err(|_| Unmade)?;
        Ok(Self::settle(mls, None).map_err(|Unopened| Unmade)?.0)
    }

    /// Draws from a fresh epoch everything that is exported from it, and forgets what it was drawn
    /// from.
    fn settle(
        mut mls: mls_rs::Group<Config>,
        invitation: Option<u32>,
    ) -> Result<(Self, Option<Invitation>), Unopened> {
        let charter = Charter::read(&mls.context().extensions).ok_or(Unopened)?;
        let mut members = SortedMap::new();
        let mut tags = SortedMap::new();
        let mut leaves = SortedMap::new();
        for leaf in mls.roster().members_iter() {
            if !is_slender(&leaf) {
                return Err(Unopened);
            }
            let Credential { member, alias } =
                Credential::read(&leaf.signing_identity).ok_or(Unopened)?;
            members.insert(member, alias);
            tags.insert(member, KeyTag::of(&leaf.signing_identity.signature_key));
            leaves.insert(member, leaf.index);
        }
        let secret = mls.export_secret(b"wrap", &[], SealKey::BYTES).map_err(|_| Unopened)?;
        let wrap = SealKey::from_slice(secret.as_bytes()).ok_or(Unopened)?;
        let invitation = match invitation {
            Some(generation) => {
                let secret = mls
                    .export_secret(b"invite", &generation.to_be_bytes(), SECRET_BYTES)
                    .map_err(|_| Unopened)?;
                let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
                bytes.copy_from_slice(secret.as_bytes());
                Some(bytes)
            }
            None => None,
        };
        mls.delete_exporter();
        Ok((Self { mls, charter, members, tags, leaves, wrap }, invitation))
    }

    /// The random part of its id.
    pub(crate) fn id(&self) -> [u8; GROUP_ID_RANDOM_BYTES] {
        self.mls.group_id().last_chunk().copied().unwrap_or_default()
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.mls.current_epoch()
    }

    pub(crate) const fn charter(&self) -> &Charter {
        &self.charter
    }

    /// Everybody who holds this epoch's keys.
    pub(crate) const fn members(&self) -> &SortedMap<MemberId, Alias> {
        &self.members
    }

    /// A few letters of a member's key.
    pub(crate) fn key_tag(&self, member: MemberId) -> Option<KeyTag> {
        self.tags.get(&member).copied()
    }

    /// What two members of one epoch share and nobody else has (RFC 9420 §8.7).
    pub(crate) fn authenticator(&self) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        let secret = self.mls.epoch_authenticator().map_err(|_| Unopened)?;
        Ok(Zeroizing::new(secret.as_bytes().to_vec()))
    }

    /// The key that seals this epoch's commits once more.
    pub(crate) const fn wrap(&self) -> &SealKey {
        &self.wrap
    }

    /// The same, as if the epoch had exported this key.
    #[cfg(test)]
    pub(crate) fn with_wrap(self, wrap: SealKey) -> Self {
        Self { wrap, ..self }
    }

    pub(crate) fn seal(&mut self, content: &[u8]) -> Result<Vec<u8>, Unmade> {
        let message =
            self.mls.encrypt_application_message(content, Vec::new()).map_err(|_| Unmade)?;
        message.to_bytes().map_err(|_| Unmade)
    }

    /// Opens an application message: who sealed it, and what. Its key is used up only when it opens.
    pub(crate) fn open(
        &mut self,
        from: MemberId,
        message: &[u8],
    ) -> Result<(MemberId, Zeroizing<Vec<u8>>), Unopened> {
        let message = MlsMessage::from_bytes(message).map_err(|_| Unopened)?;
        if message.wire_format() != WireFormat::PrivateMessage {
            return Err(Unopened);
        }
        let mut after = self.mls.clone();
        match after.process_incoming_message_with_time(message, now()) {
            Ok(ReceivedMessage::ApplicationMessage(application)) => {
                let sender = self.member_at(application.sender_index).ok_or(Unopened)?;
                let content = Zeroizing::new(application.data().to_vec());
                if sender == from {
                    self.mls = after;
                }
                Ok((sender, content))
            }
            Ok(_) | Err(_) => Err(Unopened),
        }
    }

    /// Makes a commit. Nothing changes by it until it is [`applied`](Self::apply).
    pub(crate) fn draft(&mut self, plan: &Plan) -> Result<Draft, Unmade> {
        let leaves: Option<Vec<u32>> =
            plan.removes.iter().map(|member| self.leaves.get(member).copied()).collect();
        let mut builder = self.mls.commit_builder().commit_time(now());
        for key_package in &plan.adds {
            let message = MlsMessage::from_bytes(key_package).map_err(|_| Unmade)?;
            builder = builder.add_member(message).map_err(|_| Unmade)?;
        }
        for leaf in leaves.ok_or(Unmade)? {
            builder = builder.remove_member(leaf).map_err(|_| Unmade)?;
        }
        if let Some(charter) = &plan.charter {
            builder = builder.set_group_context_ext(charter.extensions()).map_err(|_| Unmade)?;
        }
        let (output, secrets) = builder.build_detached().map_err(|_| Unmade)?;
        let bytes = |message: &MlsMessage| message.to_bytes().map(Zeroizing::new);
        Ok(Draft {
            commit: bytes(&output.commit_message).map_err(|_| Unmade)?,
            welcome: output.welcome_messages.first().map(bytes).transpose().map_err(|_| Unmade)?,
            secrets,
        })
    }

    /// Whether this key package can be added. As dear as a commit, which grows with the group.
    pub(crate) fn takes(&self, key_package: &[u8]) -> bool {
        let plan = Plan { adds: vec![key_package.to_vec()], ..Plan::default() };
        self.clone().draft(&plan).is_ok()
    }

    /// The group after one's own commit.
    pub(crate) fn apply(&self, secrets: CommitSecrets) -> Result<(Next, Changes), Unopened> {
        let mut after = self.mls.clone();
        let description = after.apply_detached_commit(secrets).map_err(|_| Unopened)?;
        self.advance(after, &description)
    }

    /// The group after another's commit.
    pub(crate) fn follow(&self, commit: &[u8]) -> Result<(Next, Changes), Unopened> {
        let message = MlsMessage::from_bytes(commit).map_err(|_| Unopened)?;
        if message.wire_format() != WireFormat::PrivateMessage {
            return Err(Unopened);
        }
        let mut after = self.mls.clone();
        match after.process_incoming_message_with_time(message, now()) {
            Ok(ReceivedMessage::Commit(description)) => self.advance(after, &description),
            Ok(_) | Err(_) => Err(Unopened),
        }
    }

    fn advance(
        &self,
        after: mls_rs::Group<Config>,
        description: &CommitMessageDescription,
    ) -> Result<(Next, Changes), Unopened> {
        if description.is_external {
            return Err(Unopened);
        }
        let author = self.member_at(description.committer).ok_or(Unopened)?;
        match &description.effect {
            CommitEffect::NewEpoch(epoch) => {
                let changes = self.changes(author, epoch)?;
                let generation = changes.charter.map(|charter| charter.generation);
                let renewed = generation.filter(|it| *it != self.charter.generation);
                let (group, invitation) = Self::settle(after, renewed)?;
                Ok((Next::Within { group: Box::new(group), invitation }, changes))
            }
            CommitEffect::Removed { new_epoch, remover: _ } => {
                Ok((Next::Without, self.changes(author, new_epoch)?))
            }
            CommitEffect::ReInit(_) => Err(Unopened),
        }
    }

    fn changes(&self, author: MemberId, epoch: &NewEpoch) -> Result<Changes, Unopened> {
        let mut changes = Changes { author, adds: vec![], removes: vec![], charter: None };
        for info in epoch.applied_proposals() {
            match &info.proposal {
                Proposal::Add(add) => {
                    let Credential { member, alias } =
                        Credential::read(add.signing_identity()).ok_or(Unopened)?;
                    changes.adds.push((member, alias));
                }
                Proposal::Remove(remove) => {
                    changes.removes.push(self.member_at(remove.to_remove()).ok_or(Unopened)?);
                }
                Proposal::GroupContextExtensions(extensions) => {
                    changes.charter = Some(Charter::read(extensions).ok_or(Unopened)?);
                }
                _ => return Err(Unopened),
            }
        }
        Ok(changes)
    }

    fn member_at(&self, leaf: u32) -> Option<MemberId> {
        self.leaves.iter().find(|(_, index)| **index == leaf).map(|(member, _)| *member)
    }

    /// Seals to one member's leaf key (HPKE, RFC 9180).
    pub(crate) fn whisper(
        &self,
        to: MemberId,
        authenticated: &[u8],
        content: &[u8],
    ) -> Result<(Vec<u8>, Vec<u8>), Unmade> {
        let leaf = *self.leaves.get(&to).ok_or(Unmade)?;
        let HpkeCiphertext { kem_output, ciphertext } = self
            .mls
            .safe_encrypt_with_context_to_recipient(
                leaf,
                WHISPER_COMPONENT,
                self.mls.group_id(),
                Some(authenticated),
                content,
            )
            .map_err(|_| Unmade)?;
        Ok((kem_output, ciphertext))
    }

    /// What was sealed to this member's leaf key.
    pub(crate) fn hear_whisper(
        &self,
        authenticated: &[u8],
        kem_output: &[u8],
        ciphertext: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let sealed =
            HpkeCiphertext { kem_output: kem_output.to_vec(), ciphertext: ciphertext.to_vec() };
        self.mls
            .safe_decrypt_with_context_for_current_member(
                WHISPER_COMPONENT,
                self.mls.group_id(),
                Some(authenticated),
                sealed,
            )
            .ok()
    }
}

impl fmt::Debug for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { mls: _, charter: _, members, tags: _, leaves: _, wrap: _ } = self;
        f.debug_struct("Group").field("members", &members.len()).finish_non_exhaustive()
    }
}
