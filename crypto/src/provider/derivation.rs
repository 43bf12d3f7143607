//! HKDF and HMAC with SHA-256 (RFC 5869, RFC 2104): how MLS and HPKE make keys of keys.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use mls_rs_crypto_traits::{KdfId, KdfType};
use sha2::Sha256;

use super::ProviderError;

/// HKDF-SHA256.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Derivation;

impl Derivation {
    pub(super) const EXTRACT_BYTES: usize = 32;
}

impl KdfType for Derivation {
    type Error = ProviderError;

    fn kdf_id(&self) -> u16 {
        KdfId::HkdfSha256 as u16
    }

    fn expand(&self, key: &[u8], info: &[u8], bytes: usize) -> Result<Vec<u8>, ProviderError> {
        let mut expanded = vec![0; bytes];
        Hkdf::<Sha256>::from_prk(key)
            .map_err(|_| ProviderError::WrongLength)?
            .expand(info, &mut expanded)
            .map_err(|_| ProviderError::WrongLength)?;
        Ok(expanded)
    }

    fn extract(&self, salt: &[u8], key_material: &[u8]) -> Result<Vec<u8>, ProviderError> {
        // RFC 5869 §2.2: to extract is one HMAC under the salt; an absent salt is zeros, which is
        // what HMAC makes of an empty key.
        mac(salt, key_material)
    }

    fn extract_size(&self) -> usize {
        Self::EXTRACT_BYTES
    }
}

/// HMAC-SHA256, whole.
pub(super) fn mac(key: &[u8], data: &[u8]) -> Result<Vec<u8>, ProviderError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|_| ProviderError::WrongLength)?;
    mac.update(data);
    Ok(mac.finalize().into_bytes().to_vec())
}
