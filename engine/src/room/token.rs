//! Resume tokens: drawn from one key, told to their member, and never kept. Must not know seats.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sanctuary_protocol::{Digest, MemberId, ResumeToken};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Draws every token of one room. Wiped on drop.
pub(super) struct TokenKey(Zeroizing<[u8; 32]>);

impl TokenKey {
    pub(super) fn new(key: [u8; 32]) -> Self {
        Self(Zeroizing::new(key))
    }

    /// The first 16 bytes of HMAC-SHA256 (RFC 2104) over the member's number, little endian. The
    /// same each time, so that no token need be kept.
    pub(super) fn token(&self, member: MemberId) -> ResumeToken {
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&*self.0).expect("HMAC takes a key of any length");
        mac.update(&member.0.to_le_bytes());
        let tag = mac.finalize().into_bytes();
        let mut token = Zeroizing::new([0; 16]);
        token.copy_from_slice(&tag[..16]);
        ResumeToken::from_bytes(*token)
    }

    /// What a token is looked up by. A lookup by the token itself would take longer the more of it
    /// is right; of its digest nobody can choose a prefix.
    pub(super) fn index(token: &ResumeToken) -> Digest {
        Digest::of(token.as_bytes())
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(_secret) = self;
        f.write_str("TokenKey(…)")
    }
}
