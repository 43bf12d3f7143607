//! Another implementation of MLS, OpenMLS, as a member of our room: what ours makes it takes, what
//! it makes ours takes, and what the room's rules do not have ours refuses, however well it is
//! made. Only what is wrapped around MLS is ours on both sides; its keys come out of OpenMLS's
//! exporter.
//!
//! OpenMLS reads the clock, and our members live in the first second of 1970. Ours hold until the year
//! 9999, and so for it as well; its own are made to begin before ours. It lets a commit change a group's
//! extensions only where the group requires them, which RFC 9420 §12.1.7 does not ask: so a room's
//! context says that the charter is required.
//!
//! `followed` is what ours commit, `refused` what nobody may, `known_answers` what is documented for whoever
//! writes the next.

mod followed;
mod known_answers;
mod refused;

use openmls::group::{
    CommitMessageBundle, MlsGroup, MlsGroupJoinConfig, PURE_CIPHERTEXT_WIRE_FORMAT_POLICY,
    StagedWelcome,
};
use openmls::prelude::tls_codec::{Deserialize as _, DeserializeBytes as _};
use openmls::prelude::{
    BasicCredential, Capabilities, Ciphersuite, CredentialWithKey, ExtensionType, KeyPackage,
    KeyPackageIn, Lifetime, MlsMessageBodyIn, MlsMessageIn, MlsMessageOut, OpenMlsProvider as _,
    ProcessedMessageContent, Proposal, ProtocolVersion,
};
use openmls_basic_credential::SignatureKeyPair;
use openmls_rust_crypto::OpenMlsRustCrypto;
use sanctuary_protocol::limits::{ADMITS_MAX, WELCOME_BYTES_MAX};
use sanctuary_protocol::{
    Blob, CommitBlob, Entry, EntryKind, Few, MemberId, PostBlob, WelcomeBlob,
};

use super::say::{Body, padded, read};
use crate::charter::CHARTER_EXTENSION;
use crate::credential::Credential;
use crate::door::{self, DoorKeys, Doorway, Heard, hear_doorkeeper};
use crate::group::Applicant;
use crate::label::{label, length_prefixed};
use crate::newcomer::WELCOMES;
use crate::padding::Buckets;
use crate::seal::{SealKey, decode};
use crate::table::{ADA, BOB, CY, DI, ROOM, Table, alias, key, said};
use crate::transcript::Transcript;
use crate::{DoorKnock, Event, Knocked};

const SUITE: Ciphersuite = Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

/// As the wire has them.
const COMMITS: Buckets = Buckets::new(512, 128 * 1024);

/// A member that runs OpenMLS.
struct Stranger {
    me: MemberId,
    provider: OpenMlsRustCrypto,
    signer: SignatureKeyPair,
    credential: CredentialWithKey,
    door: Option<DoorKeys>,
    inside: Option<Inside>,
}

struct Inside {
    group: MlsGroup,
    transcript: Transcript,
    counter: u64,
}

fn credential(me: MemberId, name: &str, signer: &SignatureKeyPair) -> CredentialWithKey {
    let identity = sanctuary_protocol::encode(&Credential { member: me, alias: alias(name) });
    CredentialWithKey {
        credential: BasicCredential::new(identity).into(),
        signature_key: signer.public().into(),
    }
}

fn capabilities() -> Capabilities {
    let charter = ExtensionType::Unknown(CHARTER_EXTENSION.raw_value());
    Capabilities::new(None, Some(&[SUITE]), Some(&[charter]), None, None)
}

impl Stranger {
    fn new(me: MemberId, name: &str) -> Self {
        let signer = SignatureKeyPair::new(SUITE.signature_algorithm()).unwrap();
        let credential = credential(me, name, &signer);
        let provider = OpenMlsRustCrypto::default();
        Self { me, provider, signer, credential, door: None, inside: None }
    }

    fn key_package(&self) -> KeyPackage {
        KeyPackage::builder()
            .leaf_node_capabilities(capabilities())
            .key_package_lifetime(Lifetime::init(0, u64::MAX))
            .build(SUITE, &self.provider, &self.signer, self.credential.clone())
            .unwrap()
            .into_key_package()
    }

    /// Goes through Ada's door, with its own key package.
    fn knock(&mut self, table: &mut Table) -> Knocked {
        let DoorKnock::Offer(offer) = table.at(ADA).hear_knock(self.me) else { panic!("no offer") };
        let Heard::Offered(share) = hear_doorkeeper(None, &offer) else { panic!("no share") };
        let doorway = Doorway { room: ROOM, doorkeeper: ADA, newcomer: self.me };
        let shown = MlsMessageOut::from(self.key_package()).to_bytes().unwrap();
        let (keys, answer) = door::answer(doorway, &key().door(ROOM), share, &shown).unwrap();
        self.door = Some(keys);
        table.at(ADA).hear_door(self.me, &answer)
    }

    /// Opens our welcome, as `docs/PROTOCOL.md` has it, and comes in.
    fn come_in(&mut self, table: &Table, welcome: &WelcomeBlob) {
        type Sealed = (Few<(MemberId, Blob<160>), ADMITS_MAX>, Blob<WELCOME_BYTES_MAX>);
        let (keys, sealed): Sealed = decode(welcome.as_slice()).unwrap();
        let mine = keys.iter().find(|(member, _)| *member == self.me).unwrap();
        let door = self.door.as_ref().unwrap();
        let key = door.open_welcome_key(mine.1.as_slice(), sealed.as_slice()).unwrap();
        let around = length_prefixed(&[label!("welcome"), ROOM.as_bytes()]);
        self.join(table, &key.open(&around, WELCOMES, sealed.as_slice()).unwrap());
    }

    fn join(&mut self, table: &Table, welcome: &[u8]) {
        let message = MlsMessageIn::tls_deserialize_exact(welcome).unwrap();
        let MlsMessageBodyIn::Welcome(welcome) = message.extract() else { panic!("no welcome") };
        let config = MlsGroupJoinConfig::builder()
            .wire_format_policy(PURE_CIPHERTEXT_WIRE_FORMAT_POLICY)
            .use_ratchet_tree_extension(true)
            .build();
        let group = StagedWelcome::build_from_welcome(&self.provider, &config, welcome)
            .unwrap()
            .build()
            .unwrap()
            .into_group(&self.provider)
            .unwrap();
        let transcript = Transcript::begin(&table.opening(self.me));
        self.inside = Some(Inside { group, transcript, counter: 0 });
    }

    fn inside(&mut self) -> &mut Inside {
        self.inside.as_mut().unwrap()
    }

    fn follow(&mut self, entry: &Entry) {
        self.inside().transcript.follow(entry);
    }

    fn say(&mut self, table: &mut Table, text: &[u8]) {
        let Inside { group, transcript, counter } = self.inside.as_mut().unwrap();
        *counter += 1;
        let content = padded(&transcript.claim(*counter), &Body::Said(text)).unwrap();
        let sealed = group.create_message(&self.provider, &self.signer, &content).unwrap();
        let post = PostBlob::try_from(sealed.to_bytes().unwrap()).unwrap();
        let entry = table.post(self.me, post);
        table.show(&entry);
        self.follow(&entry);
    }

    fn process(&mut self, message: &[u8]) -> ProcessedMessageContent {
        let message = MlsMessageIn::tls_deserialize_exact(message).unwrap();
        let message = message.try_into_protocol_message().unwrap();
        let Inside { group, .. } = self.inside.as_mut().unwrap();
        group.process_message(&self.provider, message).unwrap().into_content()
    }

    /// What a member of ours said, once its claim agrees.
    fn hear(&mut self, entry: &Entry) -> Vec<u8> {
        let EntryKind::Post { ciphertext } = &entry.kind else { panic!("no post") };
        let ProcessedMessageContent::ApplicationMessage(message) =
            self.process(ciphertext.as_slice())
        else {
            panic!("no message")
        };
        let content = message.into_bytes();
        let (claim, body) = read(&content).unwrap();
        self.inside().transcript.compare(entry.from, &claim).unwrap();
        self.follow(entry);
        match body {
            Body::Heartbeat | Body::Recalled(_) => vec![],
            Body::Said(text) => text.to_vec(),
            Body::Whisper { .. } => panic!("a whisper"),
        }
    }

    /// The next entries of the room's order: commits and posts.
    fn catch_up(&mut self, entries: &[Entry]) {
        for entry in entries {
            if let EntryKind::Commit { .. } = &entry.kind {
                self.follow_commit(entry);
            } else {
                self.hear(entry);
            }
        }
    }

    fn export(&mut self, label: &str, context: &[u8], bytes: usize) -> Vec<u8> {
        let Inside { group, .. } = self.inside.as_mut().unwrap();
        group.export_secret(self.provider.crypto(), label, context, bytes).unwrap()
    }

    fn wrap(&mut self, from: MemberId) -> (SealKey, Vec<u8>, u64) {
        let key = SealKey::from_slice(&self.export("wrap", &[], SealKey::BYTES)).unwrap();
        let epoch = self.inside().group.epoch().as_u64();
        let (from, epoch_bytes) = (from.0.to_le_bytes(), epoch.to_le_bytes());
        let parts = [label!("commit"), ROOM.as_bytes(), &from[..], &epoch_bytes[..]];
        (key, length_prefixed(&parts), epoch)
    }

    /// What our commit holds, followed.
    fn follow_commit(&mut self, entry: &Entry) {
        let EntryKind::Commit { ciphertext, .. } = &entry.kind else { panic!("no commit") };
        let (key, around, epoch) = self.wrap(entry.from);
        let (claimed, sealed) = ciphertext.as_slice().split_first_chunk::<8>().unwrap();
        assert_eq!(u64::from_le_bytes(*claimed), epoch);
        let commit = key.open(&around, COMMITS, sealed).unwrap();
        let ProcessedMessageContent::StagedCommitMessage(staged) = self.process(&commit) else {
            panic!("no commit")
        };
        // Whoever commits renews its keys, also where MLS does not ask it: to let somebody in.
        assert!(staged.update_path_leaf_node().is_some());
        let Inside { group, .. } = self.inside.as_mut().unwrap();
        group.merge_staged_commit(&self.provider, *staged).unwrap();
        self.follow(entry);
    }

    /// A commit of its own, wrapped as ours are.
    fn commit_blob(&mut self, message: &MlsMessageOut) -> CommitBlob {
        let (key, around, epoch) = self.wrap(self.me);
        let mut blob = epoch.to_le_bytes().to_vec();
        blob.extend(key.seal(&around, COMMITS, &message.to_bytes().unwrap()).unwrap());
        CommitBlob::try_from(blob).unwrap()
    }

    /// A commit of whatever it likes.
    fn commit_to(&mut self, proposals: Vec<Proposal>) -> CommitMessageBundle {
        let Inside { group, .. } = self.inside.as_mut().unwrap();
        group
            .commit_builder()
            .add_proposals(proposals)
            .load_psks(self.provider.storage())
            .unwrap()
            .build(self.provider.rand(), self.provider.crypto(), &self.signer, |_| true)
            .unwrap()
            .stage_commit(&self.provider)
            .unwrap()
    }

    /// The commit is sequenced; ours judge it.
    fn send(&mut self, table: &mut Table, message: &MlsMessageOut, admits: &[MemberId]) {
        let ciphertext = self.commit_blob(message);
        let (admits, evicts) = (Few::try_from(admits.to_vec()).unwrap(), Few::none());
        let kind = EntryKind::Commit { ciphertext, admits, evicts };
        let entry = table.sequence(self.me, kind);
        table.forget_events();
        table.show(&entry);
        self.follow(&entry);
    }

    fn take_back(&mut self) {
        let Inside { group, .. } = self.inside.as_mut().unwrap();
        group.clear_pending_commit(self.provider.storage()).unwrap();
    }
}

/// Ada and Bob run ours; Cy runs the other.
fn table_with_a_stranger() -> (Table, Stranger) {
    let mut table = Table::of(2);
    assert_eq!(table.number(), CY);
    let mut cy = Stranger::new(CY, "Cy");
    assert_eq!(cy.knock(&mut table), Knocked::Admissible { alias: alias("Cy") });
    let frame = table.at(ADA).admit(&[CY]).unwrap();
    let welcome = table.commit(ADA, frame);
    cy.come_in(&table, &welcome);
    table.forget_events();
    (table, cy)
}

/// Ours say something, and the stranger hears it; and the other way round.
fn assert_they_talk(table: &mut Table, stranger: &mut Stranger) {
    let members: Vec<MemberId> = table.sessions.keys().copied().collect();
    for member in members {
        table.at(member).post(b"hello").unwrap();
        for ciphertext in table.outgoing(member) {
            let entry = table.post(member, ciphertext);
            table.show(&entry);
            assert_eq!(stranger.hear(&entry), b"hello");
        }
        table.forget_events();
        stranger.say(table, b"good day");
        assert_eq!(table.events(member), [said(stranger.me, "good day")]);
        let ours = table.at(member).group.authenticator().unwrap();
        assert_eq!(stranger.inside().group.epoch_authenticator().as_slice(), &ours[..]);
    }
}

#[test]
fn another_implementation_comes_in_by_our_welcome_and_talks() {
    let (mut table, mut cy) = table_with_a_stranger();
    assert_they_talk(&mut table, &mut cy);
}

#[test]
fn another_implementation_keeps_the_door_and_ours_follow() {
    let (mut table, mut cy) = table_with_a_stranger();
    let entry = table.sequence(CY, EntryKind::Committer);
    table.show(&entry);
    cy.follow(&entry);
    let mut di = Stranger::new(DI, "Di");
    let shown = di.key_package();
    let provider = &cy.provider;
    let group = &mut cy.inside.as_mut().unwrap().group;
    let (commit, welcome, _) = group.add_members(provider, &cy.signer, &[shown]).unwrap();
    cy.send(&mut table, &commit, &[DI]);
    let group = &mut cy.inside.as_mut().unwrap().group;
    group.merge_pending_commit(&cy.provider).unwrap();
    for member in [ADA, BOB] {
        let joined = Event::Joined { member: DI, alias: alias("Di"), by: CY };
        assert_eq!(table.events(member), [joined]);
    }
    di.join(&table, &welcome.to_bytes().unwrap());
    assert_they_talk(&mut table, &mut cy);
    // What Cy and Ada said before, Di did not hear; it starts afresh with them.
    let (mut table, mut di) = (table, di);
    let opening = table.opening(DI);
    di.inside().transcript = Transcript::begin(&opening);
    assert_they_talk(&mut table, &mut di);
}

#[test]
fn another_implementation_lets_one_of_ours_in() {
    let (mut table, mut cy) = table_with_a_stranger();
    let entry = table.sequence(CY, EntryKind::Committer);
    table.show(&entry);
    cy.follow(&entry);
    let di = Applicant::new(Credential { member: DI, alias: alias("Di") }).unwrap();
    let shown = key_package_in(di.key_package());
    let Inside { group, .. } = cy.inside.as_mut().unwrap();
    let shown = shown.validate(cy.provider.crypto(), ProtocolVersion::Mls10).unwrap();
    let (commit, welcome, _) = group.add_members(&cy.provider, &cy.signer, &[shown]).unwrap();
    cy.send(&mut table, &commit, &[DI]);
    let group = &mut cy.inside.as_mut().unwrap().group;
    group.merge_pending_commit(&cy.provider).unwrap();
    assert_they_talk(&mut table, &mut cy);
    let inside = di.join(ROOM, &welcome.to_bytes().unwrap()).unwrap();
    assert_eq!(inside.members(), table.at(ADA).members());
    assert_eq!(inside.authenticator(), table.at(ADA).group.authenticator());
}

fn key_package_in(bytes: &[u8]) -> KeyPackageIn {
    let message = MlsMessageIn::tls_deserialize_exact_bytes(bytes).unwrap();
    match message.extract() {
        MlsMessageBodyIn::KeyPackage(package) => package,
        _ => panic!("no key package"),
    }
}

#[test]
fn whoever_comes_shows_a_lifetime_that_holds_in_our_moment_and_need_not_hold_now() {
    let mut table = Table::of(2);
    let day = 24 * 60 * 60;
    let mut cy = Stranger::new(CY, "Cy");
    let check = |cy: &Stranger, table: &mut Table, lifetime: Lifetime| {
        let package = KeyPackage::builder()
            .leaf_node_capabilities(capabilities())
            .key_package_lifetime(lifetime)
            .build(SUITE, &cy.provider, &cy.signer, cy.credential.clone())
            .unwrap();
        let bytes = MlsMessageOut::from(package.into_key_package()).to_bytes().unwrap();
        table.at(ADA).group.takes(&bytes)
    };
    assert!(check(&cy, &mut table, Lifetime::init(0, day)));
    assert!(!check(&cy, &mut table, Lifetime::new(day)), "today");
    assert!(!check(&cy, &mut table, Lifetime::init(2, day)), "a second too early");
    assert!(!check(&cy, &mut table, Lifetime::init(0, 0)), "expired");
    assert!(matches!(cy.knock(&mut table), Knocked::Admissible { .. }));
}
