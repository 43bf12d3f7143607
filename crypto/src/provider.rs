//! The cryptography that MLS runs on: one suite, composed of RustCrypto's parts. It knows keys and
//! bytes, and nothing of groups, members or messages.
//!
//! The suite is `MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519` (RFC 9420 §17.1). A provider for it
//! alone is a quarter lighter to download than one that chooses among suites at run time, and every
//! random byte it draws comes from [`random`](crate::random).

mod aead;
mod agreement;
mod derivation;
mod signature;
mod suite;
#[cfg(test)]
mod vectors;

use mls_rs_core::crypto::{CipherSuite, CryptoProvider};
use mls_rs_core::error::IntoAnyError;
use mls_rs_crypto_hpke::hpke::HpkeError;

pub(crate) use suite::Suite;

#[cfg(any(test, feature = "vectors"))]
pub(crate) use agreement::Agreement;

/// The one suite every room speaks.
pub(crate) const SUITE: CipherSuite = CipherSuite::CURVE25519_AES128;

/// What MLS asks for its cryptography.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Provider;

impl CryptoProvider for Provider {
    type CipherSuiteProvider = Suite;

    fn supported_cipher_suites(&self) -> Vec<CipherSuite> {
        vec![SUITE]
    }

    fn cipher_suite_provider(&self, cipher_suite: CipherSuite) -> Option<Suite> {
        (cipher_suite == SUITE).then(Suite::new)
    }
}

/// Why an operation gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProviderError {
    /// A key, a nonce, a signature or an output is not as long as the suite has it.
    #[error("a key, nonce, signature or output of the wrong length")]
    WrongLength,
    /// The bytes name no point of the curve, or one of the few that make every secret alike.
    #[error("no usable public key")]
    UnusableKey,
    /// The ciphertext is not what was sealed, or was sealed with other data or under another key.
    #[error("the ciphertext is not authentic")]
    NotAuthentic,
    /// The signature is not of this data by this key.
    #[error("the signature does not hold")]
    BadSignature,
    /// Sealing to, or opening with, a key pair failed: one of the above in it, or its counter ended.
    #[error("hybrid encryption failed")]
    Hpke,
}

impl IntoAnyError for ProviderError {}

impl From<HpkeError> for ProviderError {
    // Without `std` the causes inside are empty already.
    fn from(_: HpkeError) -> Self {
        Self::Hpke
    }
}
