//! Known answers: Google's Wycheproof vectors through the suite and through the other primitives
//! this package is made of, and RFC 9180's for the whole of hybrid encryption.

use mls_rs_core::crypto::{
    CipherSuiteProvider as _, CryptoProvider as _, HpkeCiphertext, HpkeContextR as _,
    HpkePublicKey, SignaturePublicKey, SignatureSecretKey,
};

use super::*;
use crate::vectors::{self, Tally};

fn suite() -> Suite {
    Provider.cipher_suite_provider(SUITE).unwrap()
}

/// Every vector of a set came out as it must, and as many ran as the set has.
#[track_caller]
fn check(tally: &Tally, valid: usize, invalid: usize) {
    assert!(tally.wrong.is_empty(), "{:#?}", tally.wrong);
    assert_eq!((tally.valid, tally.invalid), (valid, invalid), "{}", tally.set);
}

#[test]
fn the_suite_s_aes_128_gcm_agrees_with_wycheproof() {
    check(&vectors::suite_aes_128_gcm(&suite()), 80, 136);
}

#[test]
fn the_seal_s_aes_256_gcm_agrees_with_wycheproof() {
    check(&vectors::seal_aes_256_gcm(), 78, 132);
}

#[test]
fn the_suite_s_hmac_sha256_agrees_with_wycheproof() {
    check(&vectors::suite_hmac_sha256(&suite()), 66, 108);
}

#[test]
fn the_suite_s_hkdf_sha256_agrees_with_wycheproof() {
    check(&vectors::suite_hkdf_sha256(&suite()), 83, 3);
}

#[test]
fn pbkdf2_hmac_sha256_agrees_with_wycheproof() {
    check(&vectors::stretching_pbkdf2_hmac_sha256(), 60, 0);
}

#[test]
fn the_suite_s_x25519_agrees_with_wycheproof_and_refuses_secrets_that_everybody_knows() {
    check(&vectors::suite_x25519(), 487, 31);
}

#[test]
fn the_suite_s_ed25519_agrees_with_wycheproof() {
    check(&vectors::suite_ed25519(&suite()), 88, 63);
}

fn bytes(hex: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(byte).collect()
}

/// RFC 8032 §7.1, the second test: the public key and the signature of a seed.
#[test]
fn a_seed_has_the_public_key_and_the_signatures_that_rfc_8032_says() {
    let seed = bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    let public = bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    let signature = bytes(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
         085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    );
    let secret = SignatureSecretKey::from(seed);
    assert_eq!(suite().signature_key_derive_public(&secret).unwrap().as_bytes(), public);
    assert_eq!(suite().sign(&secret, &[0x72]), Ok(signature));
}

/// RFC 9180 appendix A.1.1: the recipient's side, whose outcome no randomness touches.
#[test]
fn hybrid_encryption_opens_what_rfc_9180_sealed() {
    let suite = suite();
    let material = bytes("6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037");
    let (secret, public) = suite.kem_derive(&material).unwrap();
    let expected = bytes("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8");
    assert_eq!(*secret, *expected);
    let expected = bytes("3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d");
    assert_eq!(*public, *expected);
    let sealed = HpkeCiphertext {
        kem_output: bytes("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"),
        ciphertext: bytes(
            "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a9\
             6d8770ac83d07bea87e13c512a",
        ),
    };
    let info = b"Ode on a Grecian Urn";
    let opened = suite.hpke_open(&sealed, &secret, &public, info, Some(b"Count-0")).unwrap();
    assert_eq!(&opened[..], b"Beauty is truth, truth beauty");
    let other = suite.hpke_open(&sealed, &secret, &public, info, Some(b"Count-1"));
    assert_eq!(other, Err(ProviderError::Hpke));

    let context = suite.hpke_setup_r(&sealed.kem_output, &secret, &public, info).unwrap();
    let exported = bytes("3853fe2b4035195a573ffc53856e77058e15d9ea064de3e59f4961d0095250ee");
    assert_eq!(*context.export(b"", 32).unwrap(), exported);
}

#[test]
fn what_is_sealed_to_a_key_pair_is_opened_by_it_alone() {
    let suite = suite();
    let (secret, public) = suite.kem_generate().unwrap();
    let (other_secret, other_public) = suite.kem_generate().unwrap();
    let sealed = suite.hpke_seal(&public, b"info", None, b"psst").unwrap();
    let opened = suite.hpke_open(&sealed, &secret, &public, b"info", None).unwrap();
    assert_eq!(&opened[..], b"psst");
    assert!(suite.hpke_open(&sealed, &other_secret, &other_public, b"info", None).is_err());
    assert!(suite.hpke_open(&sealed, &secret, &public, b"other", None).is_err());
    assert!(suite.kem_public_key_validate(&public).is_ok());
    assert!(suite.kem_public_key_validate(&HpkePublicKey::from(vec![9; 31])).is_err());
}

#[test]
fn a_generated_key_signs_what_its_public_key_verifies() {
    let (secret, public) = suite().signature_key_generate().unwrap();
    let signature = suite().sign(&secret, b"tea at five").unwrap();
    assert_eq!(suite().verify(&public, &signature, b"tea at five"), Ok(()));
    let forged = suite().verify(&public, &signature, b"tea at six");
    assert_eq!(forged, Err(ProviderError::BadSignature));
    // A key of small order would verify one signature for nearly any text.
    let small = SignaturePublicKey::from([&[1][..], &[0; 31]].concat());
    assert!(suite().verify(&small, &[&[1][..], &[0; 63]].concat(), b"any text").is_err());
}

#[test]
fn there_is_one_suite() {
    assert_eq!(Provider.supported_cipher_suites(), [SUITE]);
    assert!(Provider.cipher_suite_provider(CipherSuite::P256_AES128).is_none());
    assert_eq!(suite().cipher_suite(), SUITE);
}
