//! Key agreement on Curve25519 (X25519, RFC 7748), as HPKE's key encapsulation uses it.

use mls_rs_core::crypto::{HpkePublicKey, HpkeSecretKey};
use mls_rs_crypto_traits::{DhType, SamplingMethod};
use x25519_dalek::{PublicKey, StaticSecret};

use super::ProviderError;
use crate::random;

/// X25519. Secret keys are 32 random bytes, clamped where they are used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Agreement;

impl Agreement {
    const KEY_BYTES: usize = 32;
}

impl DhType for Agreement {
    type Error = ProviderError;

    fn dh(
        &self,
        secret_key: &HpkeSecretKey,
        public_key: &HpkePublicKey,
    ) -> Result<Vec<u8>, ProviderError> {
        let shared = secret(secret_key)?.diffie_hellman(&public(public_key)?);
        // RFC 9180 §7.1.4: a point of small order would make the secret one that everybody knows.
        if !shared.was_contributory() {
            return Err(ProviderError::UnusableKey);
        }
        Ok(shared.as_bytes().to_vec())
    }

    fn generate(&self) -> Result<(HpkeSecretKey, HpkePublicKey), ProviderError> {
        let mut bytes = vec![0; Self::KEY_BYTES];
        random::fill(&mut bytes);
        let secret_key = HpkeSecretKey::from(bytes);
        let public_key = self.to_public(&secret_key)?;
        Ok((secret_key, public_key))
    }

    fn to_public(&self, secret_key: &HpkeSecretKey) -> Result<HpkePublicKey, ProviderError> {
        Ok(PublicKey::from(&secret(secret_key)?).as_bytes().to_vec().into())
    }

    fn bitmask_for_rejection_sampling(&self) -> SamplingMethod {
        // Every 32 bytes are a key.
        SamplingMethod::HpkeWithoutBitmask
    }

    fn secret_key_size(&self) -> usize {
        Self::KEY_BYTES
    }

    fn public_key_size(&self) -> usize {
        Self::KEY_BYTES
    }

    fn public_key_validate(&self, key: &HpkePublicKey) -> Result<(), ProviderError> {
        public(key).map(|_| ())
    }
}

fn secret(bytes: &[u8]) -> Result<StaticSecret, ProviderError> {
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| ProviderError::WrongLength)?;
    Ok(StaticSecret::from(bytes))
}

fn public(bytes: &[u8]) -> Result<PublicKey, ProviderError> {
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| ProviderError::WrongLength)?;
    Ok(PublicKey::from(bytes))
}
