//! What `docs/PROTOCOL.md` §8.10 has of the session: the answers there are the code's; and a member
//! that computes by the document alone, on OpenMLS's keys, is understood.

use mls_rs_core::crypto::{CipherSuiteProvider as _, CryptoProvider as _, HpkeCiphertext};
use openmls::prelude::tls_codec::Serialize as _;
use sanctuary_protocol::{MemberId, PostBlob};
use sha2::{Digest as _, Sha256};

use super::{COMMITS, Inside, Stranger, table_with_a_stranger};
use crate::label::{label, length_prefixed};
use crate::provider::{Provider, SUITE, Suite};
use crate::seal::SealKey;
use crate::session::Session;
use crate::session::say::{Body, padded};
use crate::table::{ADA, BOB, CY, Table};
use crate::words::{WORDS, word};
use crate::{Event, RoomName, documented};

const EPOCH: u64 = 3;
const COUNTER: u64 = 7;

fn suite() -> Suite {
    Provider.cipher_suite_provider(SUITE).unwrap()
}

fn counted() -> [u8; 32] {
    std::array::from_fn(|at| at as u8)
}

#[test]
fn the_documented_commit_is_ours() {
    let mut table = Table::of(2);
    let mut ada: Session = table.sessions.remove(&ADA).unwrap();
    ada.room = RoomName::new("cats").unwrap().id();
    ada.group = ada.group.with_wrap(SealKey::from_bytes(counted()));
    let parts = [label!("commit"), ada.room.as_bytes(), &[1, 0, 0, 0], &EPOCH.to_le_bytes()];
    let around = length_prefixed(&parts);
    let mut blob = EPOCH.to_le_bytes().to_vec();
    blob.extend(ada.group.wrap().seal_as_documented(&around, COMMITS, b"commit"));
    documented::check(&[("commit's associated data", &around), ("commit", &blob)]);
    let unwrapped = ada.unwrap_commit(ADA, &blob).unwrap();
    assert_eq!((unwrapped.epoch, &**unwrapped.commit.unwrap()), (EPOCH, &b"commit"[..]));
}

/// What a whisper is sealed with, beside its key: as the document has it.
fn info(group_id: &[u8]) -> Vec<u8> {
    let vector = |bytes: &[u8]| [&[bytes.len() as u8], bytes].concat();
    [&vector(b"MLS 1.0 Application")[..], &[0x5a, 0, 0, 1], &vector(group_id)].concat()
}

/// The text as it is sealed in a post of 256 bytes.
fn whispered(text: &[u8]) -> Vec<u8> {
    let mut padded = text.to_vec();
    padded.push(0x80);
    padded.resize(256 - 48 - 52, 0);
    padded
}

#[test]
fn the_documented_whisper_is_ours() {
    let mut table = Table::of(2);
    let mut group_id = RoomName::new("cats").unwrap().id().as_bytes().to_vec();
    group_id.extend([0x60; 16]);
    let (info, around) = (info(&group_id), table.at(BOB).around_whisper(ADA, COUNTER));
    documented::check(&[("whisper's info", &info), ("whisper's associated data", &around)]);

    let suite = suite();
    let (secret, public) = suite.kem_derive(&counted()).unwrap();
    let read = documented::bytes("whisper's kem").zip(documented::bytes("whisper"));
    let (kem_output, ciphertext) = read.unwrap_or_else(|| {
        let sealed = suite.hpke_seal(&public, &info, Some(&around), &whispered(b"meow")).unwrap();
        (sealed.kem_output, sealed.ciphertext)
    });
    documented::check(&[
        ("leaf's secret key", &secret),
        ("leaf's public key", &public),
        ("whisper's kem", &kem_output),
        ("whisper", &ciphertext),
    ]);
    let sealed = HpkeCiphertext { kem_output, ciphertext };
    let opened = suite.hpke_open(&sealed, &secret, &public, &info, Some(&around)).unwrap();
    assert_eq!(&*opened, &whispered(b"meow"));
}

/// Cy whispers as the document says, to a leaf key that it has from OpenMLS.
fn whisper(cy: &mut Stranger, to: MemberId, text: &[u8]) -> PostBlob {
    let Inside { group, transcript, counter } = cy.inside.as_mut().unwrap();
    *counter += 1;
    let leaf = group.members().nth(to.0 as usize - 1).unwrap().encryption_key;
    let group_id = group.group_id().as_slice().to_vec();
    let (from, number) = (cy.me.0.to_le_bytes(), counter.to_le_bytes());
    let around = length_prefixed(&[label!("whisper"), &from, &number]);
    let HpkeCiphertext { kem_output, ciphertext } =
        suite().hpke_seal(&leaf.into(), &info(&group_id), Some(&around), &whispered(text)).unwrap();
    let kem = kem_output.try_into().unwrap();
    let content = padded(&transcript.claim(*counter), &Body::Whisper { kem, sealed: &ciphertext });
    let sealed = group.create_message(&cy.provider, &cy.signer, &content.unwrap()).unwrap();
    PostBlob::try_from(sealed.tls_serialize_detached().unwrap()).unwrap()
}

#[test]
fn another_implementation_whispers_by_the_document() {
    let (mut table, mut cy) = table_with_a_stranger();
    for (to, other) in [(ADA, BOB), (BOB, ADA)] {
        let post = whisper(&mut cy, to, b"meow");
        let entry = table.post(CY, post);
        table.show(&entry);
        cy.follow(&entry);
        let plaintext = b"meow".to_vec().into();
        assert_eq!(table.events(to), [Event::Whispered { from: CY, plaintext }]);
        assert_eq!(table.events(other), [Event::WhisperPassed { from: CY }]);
    }
}

/// The words that two members read to each other, by the document.
fn safety_words(authenticator: &[u8]) -> Vec<&'static str> {
    let hash = Sha256::digest(length_prefixed(&[label!("safety"), authenticator]));
    let mut number = u128::from_be_bytes(hash[..16].try_into().unwrap());
    let mut next = || {
        let place = number % WORDS as u128;
        number /= WORDS as u128;
        word(u16::try_from(place).unwrap())
    };
    (0..6).map(|_| next()).collect()
}

#[test]
fn the_documented_safety_words_are_ours() {
    let (mut table, mut cy) = table_with_a_stranger();
    let authenticator = cy.inside().group.epoch_authenticator().as_slice().to_vec();
    assert_eq!(table.at(ADA).safety().words[..], safety_words(&authenticator));
    let expected = safety_words(&counted()).join(" ");
    assert_eq!(documented::text("safety words").as_deref(), Some(&*expected));
}
