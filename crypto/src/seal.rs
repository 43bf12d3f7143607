//! The seal: AES-256-GCM (NIST SP 800-38D) over padded content, with everything around it
//! authenticated. It is what our own wrappers around MLS and around the door are made of; knows
//! nothing of either.
//!
//! A sealed blob is a random 12-byte nonce, the bucket, and a 16-byte tag, so its size is its
//! bucket's and 28 bytes. Random nonces under one key stay safe up to 2³² seals (SP 800-38D §8.3):
//! a key here lives for an epoch, or for one newcomer at the door.

use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{AeadInOut as _, Aes256Gcm, KeyInit as _, Tag};
use serde::Deserialize;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::padding::{Buckets, pad};
use crate::random;

const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;

/// What sealing adds to a bucket.
#[cfg(test)]
pub(crate) const OVERHEAD_BYTES: usize = NONCE_BYTES + TAG_BYTES;

/// The content is larger than the largest bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DoesNotFit;

/// A key for one purpose.
#[derive(Clone, PartialEq, Eq, ZeroizeOnDrop)]
pub(crate) struct SealKey([u8; 32]);

impl SealKey {
    pub(crate) const BYTES: usize = 32;

    pub(crate) const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// From the 32 bytes that a key derivation gave; `None` when they are another number.
    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Nobody else's.
    pub(crate) fn generate() -> Self {
        let mut key = Self([0; 32]);
        random::fill(&mut key.0);
        key
    }

    pub(crate) const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// `content`, padded to its bucket and sealed under a nonce of its own.
    pub(crate) fn seal(
        &self,
        authenticated: &[u8],
        buckets: Buckets,
        content: &[u8],
    ) -> Result<Vec<u8>, DoesNotFit> {
        let mut nonce = [0; NONCE_BYTES];
        random::fill(&mut nonce);
        self.seal_under(nonce, authenticated, buckets, content)
    }

    fn seal_under(
        &self,
        nonce: [u8; NONCE_BYTES],
        authenticated: &[u8],
        buckets: Buckets,
        content: &[u8],
    ) -> Result<Vec<u8>, DoesNotFit> {
        let bucket_bytes = buckets.holding(content.len()).ok_or(DoesNotFit)?;
        // Encrypted in place: no copy of the plaintext is left behind.
        let mut sealed = vec![0; NONCE_BYTES + bucket_bytes + TAG_BYTES];
        let (first, rest) = sealed.split_at_mut(NONCE_BYTES);
        let (bucket, tag) = rest.split_at_mut(bucket_bytes);
        first.copy_from_slice(&nonce);
        bucket[..content.len()].copy_from_slice(content);
        pad(bucket, content.len());
        tag.copy_from_slice(&self.encrypt(&nonce, authenticated, bucket).ok_or(DoesNotFit)?);
        Ok(sealed)
    }

    /// The content of `sealed`; `None` unless this key sealed it with this very data around it.
    pub(crate) fn open(
        &self,
        authenticated: &[u8],
        buckets: Buckets,
        sealed: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, rest) = sealed.split_at_checked(NONCE_BYTES)?;
        let (bucket, tag) = rest.split_last_chunk::<TAG_BYTES>()?;
        let mut opened = Zeroizing::new(bucket.to_vec());
        self.decrypt(nonce, authenticated, &mut opened, tag)?;
        let content_bytes = buckets.content_bytes(&opened)?;
        opened.truncate(content_bytes);
        Some(opened)
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&self.0.into())
    }

    /// In place; the tag. `None` past the cipher's 64 GiB.
    pub(crate) fn encrypt(
        &self,
        nonce: &[u8],
        authenticated: &[u8],
        bytes: &mut [u8],
    ) -> Option<[u8; TAG_BYTES]> {
        let nonce = <[u8; NONCE_BYTES]>::try_from(nonce).ok()?;
        self.cipher()
            .encrypt_inout_detached(&nonce.into(), authenticated, InOutBuf::from(bytes))
            .ok()
            .map(Into::into)
    }

    /// In place; `None` when the tag is not that of these bytes.
    pub(crate) fn decrypt(
        &self,
        nonce: &[u8],
        authenticated: &[u8],
        bytes: &mut [u8],
        tag: &[u8; TAG_BYTES],
    ) -> Option<()> {
        let nonce = <[u8; NONCE_BYTES]>::try_from(nonce).ok()?;
        self.cipher()
            .decrypt_inout_detached(
                &nonce.into(),
                authenticated,
                InOutBuf::from(bytes),
                &Tag::from(*tag),
            )
            .ok()
    }
}

/// The value in opened content; `None` unless it is exactly one value within every bound.
pub(crate) fn decode<'a, T: Deserialize<'a>>(content: &'a [u8]) -> Option<T> {
    match postcard::take_from_bytes(content) {
        Ok((value, [])) => Some(value),
        Ok(_) | Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUCKETS: Buckets = Buckets::new(256, 16 * 1024);

    impl SealKey {
        /// As the document seals: its nonce is twelve bytes `40`.
        pub(crate) fn seal_as_documented(
            &self,
            authenticated: &[u8],
            buckets: Buckets,
            content: &[u8],
        ) -> Vec<u8> {
            self.seal_under([0x40; NONCE_BYTES], authenticated, buckets, content).unwrap()
        }
    }

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
            .collect()
    }

    /// Test cases 14 and 16 of the GCM submission to NIST (McGrew and Viega, appendix B).
    #[test]
    fn the_cipher_answers_nist_s_known_vectors() {
        let check = |key: &str, nonce: &str, aad: &str, plain: &str, sealed: &str, tag: &str| {
            let key = SealKey(bytes(key).try_into().unwrap());
            let mut text = bytes(plain);
            let got = key.encrypt(&bytes(nonce), &bytes(aad), &mut text).unwrap();
            assert_eq!((text.clone(), got.to_vec()), (bytes(sealed), bytes(tag)));
            assert_eq!(key.decrypt(&bytes(nonce), &bytes(aad), &mut text, &got), Some(()));
            assert_eq!(text, bytes(plain));
        };
        check(
            &"00".repeat(32),
            &"00".repeat(12),
            "",
            &"00".repeat(16),
            "cea7403d4d606b6e074ec5d3baf39d18",
            "d0d1c8a799996bf0265b98b5d48ab919",
        );
        check(
            "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
            "cafebabefacedbaddecaf888",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
             1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
             8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
            "76fc6ece0f4e1768cddf8853bb2d551b",
        );
    }

    /// Computed with Python's `cryptography`, as `docs/PROTOCOL.md` §8.1 has it.
    #[test]
    fn the_documented_seal_opens() {
        let key = SealKey(std::array::from_fn(|at| at as u8));
        let sealed = bytes(
            "4040404040404040404040405d332968f2b7234838a9ce58a31f8fd502b1051db3db0a10bf63363d6db9d956d8712d02\
             9ebbb13de246a2321cf7b69bad3ae49c6c14df0f1e5fe12a1bd042eb21da5ce933277880772bb5ab4afee9c1\
             ",
        );
        let bucket = Buckets::new(64, 64);
        assert_eq!(key.open(b"around", bucket, &sealed).unwrap().as_slice(), b"meow");
        assert_eq!(key.seal_as_documented(b"around", bucket, b"meow"), sealed);
    }

    #[test]
    fn only_the_same_key_and_data_open_what_was_sealed() {
        let key = SealKey([1; 32]);
        let sealed = key.seal(b"around", BUCKETS, b"hello").unwrap();
        assert_eq!(key.open(b"around", BUCKETS, &sealed).unwrap().as_slice(), b"hello");
        assert_eq!(key.open(b"aroun", BUCKETS, &sealed), None);
        assert_eq!(SealKey([2; 32]).open(b"around", BUCKETS, &sealed), None);
        for at in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[at] ^= 1;
            assert_eq!(key.open(b"around", BUCKETS, &flipped), None, "{at}");
        }
    }

    #[test]
    fn a_sealed_blob_has_its_bucket_s_size() {
        let key = SealKey([1; 32]);
        let size = |bytes: usize| key.seal(b"", BUCKETS, &vec![7; bytes]).map(|it| it.len());
        for (content, bucket) in [(0, 256), (255, 256), (256, 512), (16_383, 16_384)] {
            assert_eq!(size(content), Ok(bucket + OVERHEAD_BYTES), "{content}");
        }
        assert_eq!(size(16_384), Err(DoesNotFit));
    }

    #[test]
    fn two_seals_of_the_same_words_share_nothing() {
        let key = SealKey([1; 32]);
        assert_ne!(key.seal(b"", BUCKETS, b"hello"), key.seal(b"", BUCKETS, b"hello"));
    }
}
