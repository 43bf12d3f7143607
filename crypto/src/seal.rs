//! The seal: AES-256-GCM (NIST SP 800-38D) over padded content, with everything around it
//! authenticated. Knows what kinds of things are sealed, not what any of them says.
//!
//! A sealed blob is a random 12-byte nonce, the bucket, and a 16-byte tag, so its size is its
//! bucket's and 28 bytes:
//!
//! | kind            | buckets (bytes)                          | sealed (bytes)                              |
//! |-----------------|------------------------------------------|---------------------------------------------|
//! | post            | 256, 512, 1024, 2048, 4096, 8192, 16 384 | 284, 540, 1052, 2076, 4124, 8220, 16 412    |
//! | commit, welcome | powers of two, 256 to 131 072            | 284 to 131 100                              |
//! | knock           | 256                                      | 284                                         |
//! | door            | powers of two, 64 to 1024                | 92 to 1052                                  |
//!
//! Random nonces under one key stay safe up to 2³² seals (SP 800-38D §8.3): a room would need years
//! at its rate limit.

use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{AeadInOut as _, Aes256Gcm, KeyInit as _, Tag};
use sanctuary_protocol::{Blob, MemberId, RoomId};
use serde::{Deserialize, Serialize};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::label::{label, length_prefixed};
use crate::padding::{Buckets, pad};
use crate::random;

const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;

/// What sealing adds to a bucket.
#[cfg(test)]
pub(crate) const OVERHEAD_BYTES: usize = NONCE_BYTES + TAG_BYTES;

/// What a sealed blob is. One kind never opens as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Post,
    Commit,
    Welcome,
    Knock,
    Door,
}

impl Kind {
    const fn code(self) -> u8 {
        match self {
            Self::Post => 1,
            Self::Commit => 2,
            Self::Welcome => 3,
            Self::Knock => 4,
            Self::Door => 5,
        }
    }

    /// The sizes this kind comes in. The largest of each, sealed, is within its blob's bound.
    pub(crate) const fn buckets(self) -> Buckets {
        match self {
            Self::Post => Buckets::new(256, 16 * 1024),
            Self::Commit | Self::Welcome => Buckets::new(256, 128 * 1024),
            // One size: a knock's length would say how long the alias is.
            Self::Knock => Buckets::new(256, 256),
            Self::Door => Buckets::new(64, 1024),
        }
    }
}

/// Everything about a sealed blob that is not in it, and that must be the same for it to open.
#[derive(Clone, Copy)]
pub(crate) struct Envelope<'a> {
    pub(crate) kind: Kind,
    pub(crate) room: RoomId,
    /// Who sealed it; `None` for a knock, whose sender has no number yet.
    pub(crate) from: Option<MemberId>,
    /// Whom it is for, where that is one.
    pub(crate) to: Option<MemberId>,
    /// Which knock it answers; empty where it answers none.
    pub(crate) answers: &'a [u8],
}

impl Envelope<'_> {
    fn authenticated(&self) -> Vec<u8> {
        let number = |member: Option<MemberId>| member.map(|MemberId(number)| number.to_le_bytes());
        let (from, to) = (number(self.from), number(self.to));
        length_prefixed(&[
            label!("sealed"),
            &[self.kind.code()],
            self.room.as_bytes(),
            from.as_ref().map_or(&[], |bytes| bytes.as_slice()),
            to.as_ref().map_or(&[], |bytes| bytes.as_slice()),
            self.answers,
        ])
    }
}

/// The content is larger than the largest bucket of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DoesNotFit;

/// A key for one purpose in one room.
#[derive(Clone, ZeroizeOnDrop)]
pub(crate) struct SealKey([u8; 32]);

impl SealKey {
    pub(crate) const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    #[cfg(test)]
    pub(crate) const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// `content`, encoded, padded, and sealed under a nonce of its own.
    pub(crate) fn seal<T: Serialize, const MAX: usize>(
        &self,
        envelope: &Envelope<'_>,
        content: &T,
    ) -> Result<Blob<MAX>, DoesNotFit> {
        let content_bytes =
            postcard::experimental::serialized_size(content).map_err(|_| DoesNotFit)?;
        let bucket_bytes = envelope.kind.buckets().holding(content_bytes).ok_or(DoesNotFit)?;

        // Encoded in the place where it is then encrypted: no copy of the plaintext is left behind.
        let mut sealed = vec![0; NONCE_BYTES + bucket_bytes + TAG_BYTES];
        let (nonce, rest) = sealed.split_at_mut(NONCE_BYTES);
        let (bucket, tag) = rest.split_at_mut(bucket_bytes);
        random::fill(nonce);
        postcard::to_slice(content, bucket).map_err(|_| DoesNotFit)?;
        pad(bucket, content_bytes);
        let authenticated = envelope.authenticated();
        tag.copy_from_slice(&self.encrypt(nonce, &authenticated, bucket).ok_or(DoesNotFit)?);
        Blob::try_from(sealed).map_err(|_| DoesNotFit)
    }

    /// The encoded content of `sealed`; `None` unless this key sealed it in this very envelope.
    pub(crate) fn open(
        &self,
        envelope: &Envelope<'_>,
        sealed: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, rest) = sealed.split_at_checked(NONCE_BYTES)?;
        let (bucket, tag) = rest.split_last_chunk::<TAG_BYTES>()?;
        let mut opened = Zeroizing::new(bucket.to_vec());
        self.decrypt(nonce, &envelope.authenticated(), &mut opened, tag)?;
        let content_bytes = envelope.kind.buckets().content_bytes(&opened)?;
        opened.truncate(content_bytes);
        Some(opened)
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&self.0.into())
    }

    /// In place; the tag. `None` past the cipher's 64 GiB.
    fn encrypt(
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
    fn decrypt(
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
    use sanctuary_protocol::PostBlob;

    use super::*;

    const ENVELOPE: Envelope<'static> = Envelope {
        kind: Kind::Post,
        room: RoomId::from_bytes([7; 16]),
        from: Some(MemberId(1)),
        to: None,
        answers: &[],
    };

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
            .collect()
    }

    fn seal(key: &SealKey, text: &str) -> PostBlob {
        key.seal(&ENVELOPE, &text).unwrap()
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

    #[test]
    fn what_was_sealed_opens_in_the_same_envelope() {
        let key = SealKey([1; 32]);
        let opened = key.open(&ENVELOPE, seal(&key, "hello").as_slice()).unwrap();
        assert_eq!(decode::<&str>(&opened), Some("hello"));
    }

    #[test]
    fn any_other_envelope_or_key_opens_nothing() {
        let key = SealKey([1; 32]);
        let sealed = seal(&key, "hello");
        for other in [
            Envelope { kind: Kind::Commit, ..ENVELOPE },
            Envelope { room: RoomId::from_bytes([8; 16]), ..ENVELOPE },
            Envelope { from: Some(MemberId(2)), ..ENVELOPE },
            Envelope { from: None, ..ENVELOPE },
            Envelope { to: Some(MemberId(1)), ..ENVELOPE },
            Envelope { from: None, to: Some(MemberId(1)), ..ENVELOPE },
            Envelope { answers: b"a", ..ENVELOPE },
        ] {
            assert_eq!(key.open(&other, sealed.as_slice()), None);
        }
        assert_eq!(SealKey([2; 32]).open(&ENVELOPE, sealed.as_slice()), None);
    }

    #[test]
    fn a_sealed_post_has_the_size_the_table_says() {
        let key = SealKey([1; 32]);
        // The text's own length takes one byte up to 127, two up to 16 383; the mark takes one.
        for (text_bytes, sealed_bytes) in
            [(0, 284), (253, 284), (254, 540), (1_000, 1_052), (9_000, 16_412), (16_381, 16_412)]
        {
            let sealed = seal(&key, &"a".repeat(text_bytes));
            assert_eq!(sealed.len(), sealed_bytes, "{text_bytes}");
            assert_eq!((sealed.len() - OVERHEAD_BYTES).count_ones(), 1);
        }
        let too_long = key.seal::<_, { 20 * 1024 }>(&ENVELOPE, &"a".repeat(16_382));
        assert_eq!(too_long, Err(DoesNotFit));
    }

    #[test]
    fn two_seals_of_the_same_words_share_nothing() {
        let key = SealKey([1; 32]);
        assert_ne!(seal(&key, "hello"), seal(&key, "hello"));
    }
}
