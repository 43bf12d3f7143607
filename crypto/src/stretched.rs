//! The stretched secret, from which a room's keys come. Knows no group and no member.

use std::fmt;

use hkdf::Hkdf;
use sanctuary_protocol::RoomId;
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::label::{label, length_prefixed};
use crate::{RoomName, Secret};

/// Rounds of PBKDF2: what OWASP asks of PBKDF2-HMAC-SHA256, and about 0.4 s in a browser.
const ROUNDS: u32 = 600_000;

/// A secret after PBKDF2: 32 bytes that open a room. They cross from the worker that computes them
/// to the page as bytes. Comparing two is local to one member, so it need not take constant time.
#[derive(PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Stretched([u8; 32]);

impl Stretched {
    /// Stretches the secret: `PBKDF2-HMAC-SHA256(secret, SHA-256("salt", name), 600 000, 32)`
    /// (RFC 8018 §5.2). Takes 0.1 to 2 s of computing: keep it off a page's main thread.
    pub fn derive(room: &RoomName, secret: &Secret) -> Self {
        let salt = Sha256::digest(length_prefixed(&[label!("salt"), room.as_str().as_bytes()]));
        let mut stretched = Self([0; 32]);
        pbkdf2(secret.expose().as_bytes(), &salt, ROUNDS, &mut stretched.0);
        stretched
    }

    /// What [`as_bytes`](Self::as_bytes) gave, elsewhere.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes. Wipe every copy.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// What the door of a room is opened with: `HKDF-SHA256(S, info = ("door", room))` (RFC 5869),
    /// without salt, since `S` is uniform already. The door's password, in the words of SPAKE2.
    pub(crate) fn door(&self, room: RoomId) -> DoorSecret {
        let info = length_prefixed(&[label!("door"), room.as_bytes()]);
        let mut secret = DoorSecret([0; 32]);
        #[expect(clippy::expect_used, reason = "HKDF gives up to 255 × 32 bytes (RFC 5869 §2.3)")]
        Hkdf::<Sha256>::new(None, &self.0)
            .expand(&info, &mut secret.0)
            .expect("32 bytes are within HKDF's limit");
        secret
    }
}

impl fmt::Debug for Stretched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(_secret) = self;
        f.write_str("Stretched(…)")
    }
}

/// What whoever comes through a room's door must know.
#[derive(Clone, ZeroizeOnDrop)]
pub(crate) struct DoorSecret([u8; 32]);

impl DoorSecret {
    pub(crate) const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

pub(crate) fn pbkdf2(password: &[u8], salt: &[u8], rounds: u32, out: &mut [u8]) {
    pbkdf2::pbkdf2_hmac::<Sha256>(password, salt, rounds, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The first two are RFC 7914 §11; the others are RFC 6070's inputs, with SHA-256.
    #[test]
    fn pbkdf2_answers_the_known_vectors() {
        let check = |password: &str, salt: &str, rounds: u32, expected: &str| {
            let mut out = vec![0; expected.len() / 2];
            pbkdf2(password.as_bytes(), salt.as_bytes(), rounds, &mut out);
            assert_eq!(hex(&out), expected);
        };
        check(
            "passwd",
            "salt",
            1,
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc\
             49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783",
        );
        check(
            "Password",
            "NaCl",
            80_000,
            "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56\
             a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d",
        );
        check(
            "password",
            "salt",
            4_096,
            "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a",
        );
        check(
            "passwordPASSWORDpassword",
            "saltSALTsaltSALTsaltSALTsaltSALTsalt",
            4_096,
            "348c89dbcbd32b2f32d814b8116e84cf2b17347ebc1800181c4e2a1fb8dd53e1c635518c7dac47e9",
        );
    }

    #[test]
    fn a_room_and_a_secret_always_stretch_to_the_same_bytes() {
        let room = RoomName::new("cats").unwrap();
        let stretched = Stretched::derive(&room, &Secret::new("meow meow").unwrap());
        // Computed with Python's hashlib and hmac, as `docs/PROTOCOL.md` §8.1 has it.
        assert_eq!(
            hex(stretched.as_bytes()),
            "16c48dae0462889b2e021f2af1acd8a039c4a3eaa9ed1acca879a20d54c87088"
        );
        assert_eq!(hex(room.id().as_bytes()), "f36ce8e0227bf4933b3c41f6c0524c59");
        assert_eq!(
            hex(stretched.door(room.id()).as_bytes()),
            "2afcbee1a40a137638ea5bfa4e94f8271863b8951bb07c378de60c77c854deec"
        );
    }

    #[test]
    fn no_two_rooms_and_no_two_secrets_share_a_door() {
        let (here, there) = (RoomId::from_bytes([1; 16]), RoomId::from_bytes([2; 16]));
        let door = |secret: u8, room| *Stretched::from_bytes([secret; 32]).door(room).as_bytes();
        assert_ne!(door(1, here), door(1, there));
        assert_ne!(door(1, here), door(2, here));
        assert_eq!(door(1, here), door(1, here));
    }

    #[test]
    fn a_stretched_secret_prints_nothing_of_itself() {
        assert_eq!(format!("{:?}", Stretched([7; 32])), "Stretched(…)");
    }
}
