//! What no rule of a room has, made by those who know MLS and not our rules: it is well made, and
//! refused.

use mls_rs::client_builder::{MlsConfig, PaddingMode};
use mls_rs::identity::SigningIdentity;
use mls_rs::mls_rules::{DefaultMlsRules, EncryptionOptions};
use mls_rs::time::MlsTime;
use mls_rs::{
    CipherSuite, CipherSuiteProvider as _, Client, CryptoProvider as _, ExtensionList, MlsMessage,
};
use openmls::group::MlsGroup;
use openmls::prelude::tls_codec::Deserialize as _;
use openmls::prelude::{
    LeafNodeParameters, MlsMessageBodyIn, MlsMessageIn, MlsMessageOut, NewSignerBundle,
    OpenMlsProvider as _, PreSharedKeyProposal, Proposal,
};
use openmls::schedule::PreSharedKeyId;
use openmls_basic_credential::SignatureKeyPair;
use sanctuary_protocol::{CommitBlob, EntryKind, Few, MemberId, PostBlob};

use super::{
    COMMITS, Inside, SUITE, Stranger, assert_they_talk, capabilities, credential,
    table_with_a_stranger,
};
use crate::charter::CHARTER_EXTENSION;
use crate::credential::{Credential, Identities};
use crate::group::Plan;
use crate::label::{label, length_prefixed};
use crate::provider::Provider;
use crate::seal::SealKey;
use crate::table::{ADA, BOB, CY, DI, ROOM, Table, alias};
use crate::{Event, Fault, Unreadable};

const OUR_SUITE: CipherSuite = CipherSuite::CURVE25519_AES128;

fn garbage(from: MemberId) -> Event {
    Event::Unreadable { from, why: Unreadable::Garbage }
}

/// Ours take none of it, and go on with the stranger as before.
fn assert_refused(table: &mut Table, stranger: &mut Stranger, message: &MlsMessageOut) {
    stranger.send(table, message, &[]);
    for member in [ADA, BOB] {
        assert_eq!(table.events(member), [garbage(stranger.me)], "{member:?}");
    }
}

#[test]
fn an_empty_update_changes_nothing_and_counts_for_nothing() {
    let (mut table, mut cy) = table_with_a_stranger();
    let bundle = cy.commit_to(vec![]);
    cy.send(&mut table, bundle.commit(), &[]);
    let why = Unreadable::Unlawful(Fault::Nothing);
    assert_eq!(table.events(BOB), [Event::Unreadable { from: CY, why }]);
    cy.take_back();
    assert_they_talk(&mut table, &mut cy);
}

#[test]
fn no_rule_of_ours_has_a_pre_shared_key() {
    let (mut table, mut cy) = table_with_a_stranger();
    let id = PreSharedKeyId::external(b"known to both".to_vec(), vec![7; 32]);
    id.store(&cy.provider, &[7; 32]).unwrap();
    let psk = Proposal::PreSharedKey(Box::new(PreSharedKeyProposal::new(id)));
    let bundle = cy.commit_to(vec![psk]);
    assert_refused(&mut table, &mut cy, bundle.commit());
    cy.take_back();
    assert_they_talk(&mut table, &mut cy);
}

#[test]
fn nothing_that_is_only_proposed_is_kept_or_committed_to() {
    let (mut table, mut cy) = table_with_a_stranger();
    let leaf = LeafNodeParameters::default();
    let group = &mut cy.inside.as_mut().unwrap().group;
    let (update, _) = group.propose_self_update(&cy.provider, &cy.signer, leaf).unwrap();
    assert_refused(&mut table, &mut cy, &update);
    let post = PostBlob::try_from(update.to_bytes().unwrap()).unwrap();
    let entry = table.post(CY, post);
    assert_eq!(table.show_to(BOB, &entry), [garbage(CY)]);
    table.show_to(ADA, &entry);
    cy.follow(&entry);

    let group = &mut cy.inside.as_mut().unwrap().group;
    let bob = group.members().nth(1).unwrap().index;
    let (remove, _) = group.propose_remove_member(&cy.provider, &cy.signer, bob).unwrap();
    assert_refused(&mut table, &mut cy, &remove);
    let group = &mut cy.inside.as_mut().unwrap().group;
    group.clear_pending_proposals(cy.provider.storage()).unwrap();
    let leave = group.leave_group(&cy.provider, &cy.signer).unwrap();
    assert_refused(&mut table, &mut cy, &leave);
    let group = &mut cy.inside.as_mut().unwrap().group;
    group.clear_pending_proposals(cy.provider.storage()).unwrap();
    group.propose_remove_member(&cy.provider, &cy.signer, bob).unwrap();
    let (commit, _, _) = group.commit_to_pending_proposals(&cy.provider, &cy.signer).unwrap();
    assert_refused(&mut table, &mut cy, &commit);
    let group = &mut cy.inside.as_mut().unwrap().group;
    group.clear_pending_commit(cy.provider.storage()).unwrap();
    group.clear_pending_proposals(cy.provider.storage()).unwrap();
    assert_they_talk(&mut table, &mut cy);
}

#[test]
fn nobody_becomes_somebody_else_by_an_update() {
    let (mut table, mut cy) = table_with_a_stranger();
    for (member, name) in [(CY, "Cyrus"), (BOB, "Cy"), (MemberId(40), "Cy")] {
        let signer = SignatureKeyPair::new(SUITE.signature_algorithm()).unwrap();
        let credential_with_key = credential(member, name, &signer);
        let bundle = NewSignerBundle { signer: &signer, credential_with_key };
        let Inside { group, .. } = cy.inside.as_mut().unwrap();
        let leaf = LeafNodeParameters::builder().build();
        let renamed =
            group.self_update_with_new_signer(&cy.provider, &cy.signer, bundle, leaf).unwrap();
        assert_refused(&mut table, &mut cy, renamed.commit());
        cy.take_back();
    }
    assert_they_talk(&mut table, &mut cy);
}

#[test]
fn nobody_comes_in_by_an_external_commit() {
    let (mut table, mut cy) = table_with_a_stranger();
    let group = &cy.inside.as_ref().unwrap().group;
    let info = group.export_group_info(cy.provider.crypto(), &cy.signer, true).unwrap();
    let bytes = info.to_bytes().unwrap();
    let info = MlsMessageIn::tls_deserialize_exact(&bytes).unwrap();
    let MlsMessageBodyIn::GroupInfo(info) = info.extract() else { panic!("no group info") };
    let di = Stranger::new(DI, "Di");
    let leaf = LeafNodeParameters::builder().with_capabilities(capabilities()).build();
    let (_, bundle) = MlsGroup::external_commit_builder()
        .build_group(&di.provider, info, di.credential.clone())
        .unwrap()
        .leaf_node_parameters(leaf)
        .load_psks(di.provider.storage())
        .unwrap()
        .build(di.provider.rand(), di.provider.crypto(), &di.signer, |_| true)
        .unwrap()
        .finalize(&di.provider)
        .unwrap();
    // Cy wraps it for its friend: nobody outside could.
    assert_refused(&mut table, &mut cy, bundle.commit());
    assert_they_talk(&mut table, &mut cy);
}

/// A member that runs our library, and none of our rules: it makes what OpenMLS does not.
fn lawless(credential: Credential) -> Client<impl MlsConfig> {
    let suite = Provider.cipher_suite_provider(OUR_SUITE).unwrap();
    let (secret, public) = suite.signature_key_generate().unwrap();
    let identity = SigningIdentity::new(credential.into_mls(), public);
    let encrypted = EncryptionOptions::new(true, PaddingMode::None);
    Client::builder()
        .crypto_provider(Provider)
        .identity_provider(Identities)
        .mls_rules(DefaultMlsRules::new().with_encryption_options(encrypted))
        .extension_type(CHARTER_EXTENSION)
        .signing_identity(identity, secret, OUR_SUITE)
        .build()
}

#[test]
fn no_rule_of_ours_begins_the_group_anew() {
    let mut table = Table::of(2);
    let client = lawless(Credential { member: CY, alias: alias("Cy") });
    let (now, none) = (MlsTime::from(1), ExtensionList::new());
    let package =
        client.generate_key_package_message(none.clone(), none.clone(), Some(now)).unwrap();
    let plan = Plan { adds: vec![package.to_bytes().unwrap()], ..Plan::default() };
    let draft = table.at(ADA).group.draft(&plan).unwrap();
    let ciphertext = table.at(ADA).wrap_commit(&draft.commit).unwrap();
    let (admits, evicts) = (Few::try_from(vec![CY]).unwrap(), Few::none());
    let entry = table.sequence(ADA, EntryKind::Commit { ciphertext, admits, evicts });
    // Ada's own session knows nothing of it: Bob plays on alone.
    table.sessions.remove(&ADA);
    table.show(&entry);
    let welcome = MlsMessage::from_bytes(&draft.welcome.unwrap()).unwrap();
    let (mut group, _) = client.join_group(None, &welcome, Some(now)).unwrap();

    let key = group.export_secret(b"wrap", &[], SealKey::BYTES).unwrap();
    let key = SealKey::from_slice(key.as_bytes()).unwrap();
    let (from, epoch) = (CY.0.to_le_bytes(), group.current_epoch().to_le_bytes());
    let around = length_prefixed(&[label!("commit"), ROOM.as_bytes(), &from, &epoch]);
    let empty = group.commit_builder().commit_time(now).build().unwrap().commit_message;
    group.clear_pending_commit();
    let version = mls_rs::ProtocolVersion::MLS_10;
    let again = group.commit_builder().commit_time(now).reinit(None, version, OUR_SUITE, none);
    let again = again.unwrap().build().unwrap().commit_message;
    let nothing = Unreadable::Unlawful(Fault::Nothing);
    for (message, why) in [(empty, nothing), (again, Unreadable::Garbage)] {
        let mut blob = epoch.to_vec();
        blob.extend(key.seal(&around, COMMITS, &message.to_bytes().unwrap()).unwrap());
        let ciphertext = CommitBlob::try_from(blob).unwrap();
        let kind = EntryKind::Commit { ciphertext, admits: Few::none(), evicts: Few::none() };
        let entry = table.sequence(CY, kind);
        assert_eq!(table.show_to(BOB, &entry), [Event::Unreadable { from: CY, why }]);
    }
    assert_eq!(table.at(BOB).epoch(), group.current_epoch());
}
