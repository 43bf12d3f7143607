//! Addresses as keyed hashes: equal for equal addresses, and nothing that can be turned back into
//! one without the key, which is random, in memory, and wiped when dropped. Must not know what is
//! counted by them.

use std::net::IpAddr;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::ZeroizeOnDrop;

/// Bytes of the hash that are kept: no two addresses collide by accident.
const TAG_BYTES: usize = 16;

/// An address, to those who do not have the key.
pub(crate) type Tag = [u8; TAG_BYTES];

/// What makes tags.
#[derive(ZeroizeOnDrop)]
pub(crate) struct TagKey([u8; 32]);

impl TagKey {
    /// A random one.
    pub(crate) fn new() -> Self {
        let mut key = [0; 32];
        // Without randomness the tags are guessable; they still leave memory with the process.
        let _ = getrandom::fill(&mut key);
        Self(key)
    }

    /// The tag of an address, which stands for its whole /64 in IPv6: a user has that many to connect
    /// from.
    pub(crate) fn tag(&self, address: IpAddr) -> Tag {
        let network = match address.to_canonical() {
            IpAddr::V4(four) => u128::from(four.to_bits()),
            IpAddr::V6(six) => six.to_bits() & !u128::from(u64::MAX),
        };
        let mut tag = Tag::default();
        if let Ok(mac) = Hmac::<Sha256>::new_from_slice(&self.0) {
            let digest = mac.chain_update(network.to_be_bytes()).finalize().into_bytes();
            tag.copy_from_slice(&digest[..TAG_BYTES]);
        }
        tag
    }
}

impl std::fmt::Debug for TagKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self(_) = self;
        f.write_str("TagKey")
    }
}
