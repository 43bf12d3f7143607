//! Ed25519 (RFC 8032). A secret key is its 32-byte seed.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use mls_rs_core::crypto::{SignaturePublicKey, SignatureSecretKey};

use super::ProviderError;
use crate::random;

/// Bytes of a seed.
const SEED_BYTES: usize = 32;

pub(super) fn generate() -> Result<(SignatureSecretKey, SignaturePublicKey), ProviderError> {
    let mut seed = vec![0; SEED_BYTES];
    random::fill(&mut seed);
    let secret = SignatureSecretKey::from(seed);
    let public = public_of(&secret)?;
    Ok((secret, public))
}

pub(super) fn public_of(secret: &SignatureSecretKey) -> Result<SignaturePublicKey, ProviderError> {
    Ok(signing_key(secret)?.verifying_key().as_bytes().to_vec().into())
}

pub(super) fn sign(secret: &SignatureSecretKey, data: &[u8]) -> Result<Vec<u8>, ProviderError> {
    Ok(signing_key(secret)?.sign(data).to_bytes().to_vec())
}

/// Strictly: keys and commitments of small order are refused (RFC 8032 leaves them to the
/// implementation), so that no signature holds for two texts.
pub(super) fn verify(
    public: &SignaturePublicKey,
    signature: &[u8],
    data: &[u8],
) -> Result<(), ProviderError> {
    let public = public.as_bytes().try_into().map_err(|_| ProviderError::WrongLength)?;
    let public = VerifyingKey::from_bytes(public).map_err(|_| ProviderError::UnusableKey)?;
    let signature = Signature::from_slice(signature).map_err(|_| ProviderError::WrongLength)?;
    public.verify_strict(data, &signature).map_err(|_| ProviderError::BadSignature)
}

fn signing_key(secret: &SignatureSecretKey) -> Result<SigningKey, ProviderError> {
    let seed = secret.as_bytes().try_into().map_err(|_| ProviderError::WrongLength)?;
    Ok(SigningKey::from_bytes(seed))
}
