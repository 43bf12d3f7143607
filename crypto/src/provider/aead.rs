//! AES-128-GCM (NIST SP 800-38D) for MLS and for HPKE inside it. Nonces are the caller's to keep
//! from repeating.

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes128Gcm, KeyInit as _};
use mls_rs_crypto_traits::{AeadId, AeadType};

use super::ProviderError;

/// AES-128-GCM with a tag of 16 bytes at the end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Aead;

impl Aead {
    pub(super) const KEY_BYTES: usize = 16;
    pub(super) const NONCE_BYTES: usize = 12;
}

impl AeadType for Aead {
    type Error = ProviderError;

    fn aead_id(&self) -> u16 {
        AeadId::Aes128Gcm as u16
    }

    fn seal(
        &self,
        key: &[u8],
        data: &[u8],
        authenticated: Option<&[u8]>,
        nonce: &[u8],
    ) -> Result<Vec<u8>, ProviderError> {
        let nonce = nonce.try_into().map_err(|_| ProviderError::WrongLength)?;
        // It fails past the cipher's 64 GiB only.
        cipher(key)?
            .encrypt(nonce, payload(data, authenticated))
            .map_err(|_| ProviderError::WrongLength)
    }

    fn open(
        &self,
        key: &[u8],
        ciphertext: &[u8],
        authenticated: Option<&[u8]>,
        nonce: &[u8],
    ) -> Result<Vec<u8>, ProviderError> {
        let nonce = nonce.try_into().map_err(|_| ProviderError::WrongLength)?;
        cipher(key)?
            .decrypt(nonce, payload(ciphertext, authenticated))
            .map_err(|_| ProviderError::NotAuthentic)
    }

    fn key_size(&self) -> usize {
        Self::KEY_BYTES
    }

    fn nonce_size(&self) -> usize {
        Self::NONCE_BYTES
    }
}

fn cipher(key: &[u8]) -> Result<Aes128Gcm, ProviderError> {
    Aes128Gcm::new_from_slice(key).map_err(|_| ProviderError::WrongLength)
}

fn payload<'a>(bytes: &'a [u8], authenticated: Option<&'a [u8]>) -> Payload<'a, 'a> {
    Payload { msg: bytes, aad: authenticated.unwrap_or_default() }
}
