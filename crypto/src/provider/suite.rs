//! The suite as MLS calls it: every operation handed to the part that does it.

use mls_rs_core::crypto::{
    CipherSuite, CipherSuiteProvider, HpkeCiphertext, HpkePsk, HpkePublicKey, HpkeSecretKey,
    SignaturePublicKey, SignatureSecretKey,
};
use mls_rs_crypto_hpke::context::{ContextR, ContextS};
use mls_rs_crypto_hpke::dhkem::DhKem;
use mls_rs_crypto_hpke::hpke::Hpke;
use mls_rs_crypto_traits::{AeadType as _, DhType as _, KdfType as _, KemId};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::aead::Aead;
use super::agreement::Agreement;
use super::derivation::{Derivation, mac};
use super::{ProviderError, SUITE, signature};
use crate::random;

/// `MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519`.
#[derive(Clone)]
pub(crate) struct Suite {
    hpke: Hpke<DhKem<Agreement, Derivation>, Derivation, Aead>,
}

impl Suite {
    pub(super) fn new() -> Self {
        let kem = KemId::DhKemX25519Sha256;
        let encapsulation = DhKem::new(Agreement, Derivation, kem as u16, kem.n_secret());
        Self { hpke: Hpke::new(encapsulation, Derivation, Some(Aead)) }
    }
}

impl CipherSuiteProvider for Suite {
    type Error = ProviderError;
    type HpkeContextS = ContextS<Derivation, Aead>;
    type HpkeContextR = ContextR<Derivation, Aead>;

    fn cipher_suite(&self) -> CipherSuite {
        SUITE
    }

    fn hash(&self, data: &[u8]) -> Result<Vec<u8>, ProviderError> {
        Ok(Sha256::digest(data).to_vec())
    }

    fn mac(&self, key: &[u8], data: &[u8]) -> Result<Vec<u8>, ProviderError> {
        mac(key, data)
    }

    fn aead_seal(
        &self,
        key: &[u8],
        data: &[u8],
        authenticated: Option<&[u8]>,
        nonce: &[u8],
    ) -> Result<Vec<u8>, ProviderError> {
        Aead.seal(key, data, authenticated, nonce)
    }

    fn aead_open(
        &self,
        key: &[u8],
        ciphertext: &[u8],
        authenticated: Option<&[u8]>,
        nonce: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        Aead.open(key, ciphertext, authenticated, nonce).map(Zeroizing::new)
    }

    fn aead_key_size(&self) -> usize {
        Aead::KEY_BYTES
    }

    fn aead_nonce_size(&self) -> usize {
        Aead::NONCE_BYTES
    }

    fn kdf_extract(
        &self,
        salt: &[u8],
        key_material: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        Derivation.extract(salt, key_material).map(Zeroizing::new)
    }

    fn kdf_expand(
        &self,
        key: &[u8],
        info: &[u8],
        bytes: usize,
    ) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        Derivation.expand(key, info, bytes).map(Zeroizing::new)
    }

    fn kdf_extract_size(&self) -> usize {
        Derivation::EXTRACT_BYTES
    }

    fn hpke_seal(
        &self,
        remote_key: &HpkePublicKey,
        info: &[u8],
        authenticated: Option<&[u8]>,
        data: &[u8],
    ) -> Result<HpkeCiphertext, ProviderError> {
        Ok(self.hpke.seal(remote_key, info, None, authenticated, data)?)
    }

    fn hpke_seal_psk(
        &self,
        remote_key: &HpkePublicKey,
        info: &[u8],
        authenticated: Option<&[u8]>,
        data: &[u8],
        shared: HpkePsk<'_>,
    ) -> Result<HpkeCiphertext, ProviderError> {
        Ok(self.hpke.seal(remote_key, info, Some(shared), authenticated, data)?)
    }

    fn hpke_open(
        &self,
        ciphertext: &HpkeCiphertext,
        local_secret: &HpkeSecretKey,
        local_public: &HpkePublicKey,
        info: &[u8],
        authenticated: Option<&[u8]>,
    ) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        Ok(self.hpke.open(ciphertext, local_secret, local_public, info, None, authenticated)?)
    }

    fn hpke_open_psk(
        &self,
        ciphertext: &HpkeCiphertext,
        local_secret: &HpkeSecretKey,
        local_public: &HpkePublicKey,
        info: &[u8],
        authenticated: Option<&[u8]>,
        shared: HpkePsk<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        let shared = Some(shared);
        Ok(self.hpke.open(ciphertext, local_secret, local_public, info, shared, authenticated)?)
    }

    fn hpke_setup_s(
        &self,
        remote_key: &HpkePublicKey,
        info: &[u8],
    ) -> Result<(Vec<u8>, Self::HpkeContextS), ProviderError> {
        Ok(self.hpke.setup_sender(remote_key, info, None)?)
    }

    fn hpke_setup_r(
        &self,
        encapsulated: &[u8],
        local_secret: &HpkeSecretKey,
        local_public: &HpkePublicKey,
        info: &[u8],
    ) -> Result<Self::HpkeContextR, ProviderError> {
        Ok(self.hpke.setup_receiver(encapsulated, local_secret, local_public, info, None)?)
    }

    fn kem_derive(
        &self,
        key_material: &[u8],
    ) -> Result<(HpkeSecretKey, HpkePublicKey), ProviderError> {
        Ok(self.hpke.derive(key_material)?)
    }

    fn kem_generate(&self) -> Result<(HpkeSecretKey, HpkePublicKey), ProviderError> {
        Agreement.generate()
    }

    fn kem_public_key_validate(&self, key: &HpkePublicKey) -> Result<(), ProviderError> {
        Agreement.public_key_validate(key)
    }

    fn random_bytes(&self, bytes: &mut [u8]) -> Result<(), ProviderError> {
        random::fill(bytes);
        Ok(())
    }

    fn signature_key_generate(
        &self,
    ) -> Result<(SignatureSecretKey, SignaturePublicKey), ProviderError> {
        signature::generate()
    }

    fn signature_key_derive_public(
        &self,
        secret_key: &SignatureSecretKey,
    ) -> Result<SignaturePublicKey, ProviderError> {
        signature::public_of(secret_key)
    }

    fn sign(&self, secret_key: &SignatureSecretKey, data: &[u8]) -> Result<Vec<u8>, ProviderError> {
        signature::sign(secret_key, data)
    }

    fn verify(
        &self,
        public_key: &SignaturePublicKey,
        signature: &[u8],
        data: &[u8],
    ) -> Result<(), ProviderError> {
        signature::verify(public_key, signature, data)
    }
}
