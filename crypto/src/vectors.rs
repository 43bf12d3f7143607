//! Google's Wycheproof vectors through the primitives, as this package itself calls them: for its
//! tests, and for the page that runs them in a browser. Knows no group and no member.

use mls_rs_core::crypto::{
    CipherSuiteProvider as _, CryptoProvider as _, HpkePublicKey, HpkeSecretKey, SignaturePublicKey,
};
use mls_rs_crypto_traits::DhType as _;
use serde::Serialize;
use wycheproof::{TestResult, WycheproofError};

use crate::provider::{Agreement, Provider, SUITE, Suite};
use crate::seal::SealKey;
use crate::stretched::pbkdf2;

/// PBKDF2's vectors go up to millions of iterations: more would take minutes, and prove no more.
const ITERATIONS_MAX: usize = 100_000;

/// Bits of the one length that a nonce has here.
const NONCE_BITS: usize = 96;

/// What came of one set of vectors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// The primitive.
    pub set: &'static str,
    /// Vectors that had to hold.
    pub valid: usize,
    /// Vectors that had to fail.
    pub invalid: usize,
    /// Those that came out otherwise, in words.
    pub wrong: Vec<String>,
}

impl Tally {
    fn of(
        set: &'static str,
        hear_all: impl FnOnce(&mut Self) -> Result<(), WycheproofError>,
    ) -> Self {
        let mut tally = Self { set, valid: 0, invalid: 0, wrong: Vec::new() };
        if let Err(error) = hear_all(&mut tally) {
            tally.wrong.push(format!("the set does not load: {error}"));
        }
        tally
    }

    fn hear(&mut self, number: usize, expected: TestResult, held: bool) {
        let (count, must_hold) = match expected {
            TestResult::Valid => (&mut self.valid, true),
            TestResult::Invalid => (&mut self.invalid, false),
            // Left to the implementation: the sets that care decide it before.
            TestResult::Acceptable => return,
        };
        *count += 1;
        if held != must_hold {
            self.wrong.push(format!(
                "{} {number} {}",
                self.set,
                if held { "holds" } else { "fails" }
            ));
        }
    }
}

/// Every set. Takes a second or so natively, and a few in a browser.
pub fn run() -> Vec<Tally> {
    let Some(suite) = Provider.cipher_suite_provider(SUITE) else { return Vec::new() };
    vec![
        seal_aes_256_gcm(),
        suite_aes_128_gcm(&suite),
        suite_hmac_sha256(&suite),
        suite_hkdf_sha256(&suite),
        stretching_pbkdf2_hmac_sha256(),
        suite_x25519(),
        suite_ed25519(&suite),
    ]
}

/// The seal's cipher.
pub(crate) fn seal_aes_256_gcm() -> Tally {
    aes_gcm(
        "AES-256-GCM",
        256,
        |test| {
            let mut bytes = test.pt.to_vec();
            let key = SealKey::from_slice(&test.key)?;
            let tag = key.encrypt(&test.nonce, &test.aad, &mut bytes)?;
            bytes.extend(tag);
            Some(bytes)
        },
        |test, sealed| {
            let (bucket, tag) = sealed.split_last_chunk()?;
            let mut bytes = bucket.to_vec();
            SealKey::from_slice(&test.key)?.decrypt(&test.nonce, &test.aad, &mut bytes, tag)?;
            Some(bytes)
        },
    )
}

/// MLS's own cipher.
pub(crate) fn suite_aes_128_gcm(suite: &Suite) -> Tally {
    aes_gcm(
        "AES-128-GCM",
        128,
        |test| suite.aead_seal(&test.key, &test.pt, Some(&test.aad), &test.nonce).ok(),
        |test, sealed| {
            let opened = suite.aead_open(&test.key, sealed, Some(&test.aad), &test.nonce);
            opened.ok().map(|opened| opened.to_vec())
        },
    )
}

/// The vectors for keys of so many bits, each opened and sealed.
fn aes_gcm(
    set: &'static str,
    key_bits: usize,
    seal: impl Fn(&wycheproof::aead::Test) -> Option<Vec<u8>>,
    open: impl Fn(&wycheproof::aead::Test, &[u8]) -> Option<Vec<u8>>,
) -> Tally {
    Tally::of(set, |tally| {
        let vectors = wycheproof::aead::TestSet::load(wycheproof::aead::TestName::AesGcm)?;
        for group in vectors.test_groups.iter().filter(|group| group.key_size == key_bits) {
            for test in &group.tests {
                let is_ours = group.nonce_size == NONCE_BITS;
                // A nonce of any other length is no nonce here, valid as it is elsewhere.
                let expected = if is_ours { test.result } else { TestResult::Invalid };
                let sealed = [&test.ct[..], &test.tag[..]].concat();
                let opens = open(test, &sealed).as_deref() == Some(&test.pt[..]);
                tally.hear(test.tc_id, expected, opens);
                tally.hear(test.tc_id, expected, seal(test).as_ref() == Some(&sealed));
            }
        }
        Ok(())
    })
}

/// Authentication, whole and truncated.
pub(crate) fn suite_hmac_sha256(suite: &Suite) -> Tally {
    Tally::of("HMAC-SHA256", |tally| {
        let vectors = wycheproof::mac::TestSet::load(wycheproof::mac::TestName::HmacSha256)?;
        for group in &vectors.test_groups {
            for test in &group.tests {
                let mac = suite.mac(&test.key, &test.msg);
                let agrees = mac.is_ok_and(|mac| mac[..group.tag_size / 8] == test.tag[..]);
                tally.hear(test.tc_id, test.result, agrees);
            }
        }
        Ok(())
    })
}

/// How MLS makes keys of keys.
pub(crate) fn suite_hkdf_sha256(suite: &Suite) -> Tally {
    Tally::of("HKDF-SHA256", |tally| {
        let vectors = wycheproof::hkdf::TestSet::load(wycheproof::hkdf::TestName::HkdfSha256)?;
        for test in vectors.test_groups.iter().flat_map(|group| &group.tests) {
            let extracted = suite.kdf_extract(&test.salt, &test.ikm);
            let expanded = extracted.and_then(|key| suite.kdf_expand(&key, &test.info, test.size));
            let agrees = expanded.is_ok_and(|expanded| expanded[..] == test.okm[..]);
            tally.hear(test.tc_id, test.result, agrees);
        }
        Ok(())
    })
}

/// How a secret is stretched.
pub(crate) fn stretching_pbkdf2_hmac_sha256() -> Tally {
    Tally::of("PBKDF2-HMAC-SHA256", |tally| {
        let name = wycheproof::pbkdf2::TestName::Pbkdf2HmacSha256;
        let vectors = wycheproof::pbkdf2::TestSet::load(name)?;
        for test in vectors.test_groups.iter().flat_map(|group| &group.tests) {
            let rounds = u32::try_from(test.iteration_count).ok();
            let Some(rounds) = rounds.filter(|_| test.iteration_count <= ITERATIONS_MAX) else {
                continue;
            };
            let mut key = vec![0; test.dk_len];
            pbkdf2(&test.password, &test.salt, rounds, &mut key);
            tally.hear(test.tc_id, test.result, key[..] == test.dk[..]);
        }
        Ok(())
    })
}

/// Key agreement.
pub(crate) fn suite_x25519() -> Tally {
    Tally::of("X25519", |tally| {
        let vectors = wycheproof::xdh::TestSet::load(wycheproof::xdh::TestName::X25519)?;
        for test in vectors.test_groups.iter().flat_map(|group| &group.tests) {
            let secret = HpkeSecretKey::from(test.private_key.to_vec());
            let public = HpkePublicKey::from(test.public_key.to_vec());
            let agreed = Agreement.dh(&secret, &public);
            // Wycheproof leaves both to the implementation: zero secrets, which RFC 9180 refuses,
            // and points on the twist or written in a second way, which RFC 7748 takes.
            let refused = test.shared_secret.iter().all(|byte| *byte == 0);
            let expected = match test.result {
                TestResult::Acceptable if refused => TestResult::Invalid,
                TestResult::Acceptable | TestResult::Valid => TestResult::Valid,
                TestResult::Invalid => TestResult::Invalid,
            };
            let agrees = agreed.is_ok_and(|agreed| agreed[..] == test.shared_secret[..]);
            tally.hear(test.tc_id, expected, agrees);
        }
        Ok(())
    })
}

/// Signatures.
pub(crate) fn suite_ed25519(suite: &Suite) -> Tally {
    Tally::of("Ed25519", |tally| {
        let vectors = wycheproof::eddsa::TestSet::load(wycheproof::eddsa::TestName::Ed25519)?;
        for group in &vectors.test_groups {
            let public = SignaturePublicKey::from(group.key.pk.to_vec());
            for test in &group.tests {
                let holds = suite.verify(&public, &test.sig, &test.msg).is_ok();
                tally.hear(test.tc_id, test.result, holds);
            }
        }
        Ok(())
    })
}
