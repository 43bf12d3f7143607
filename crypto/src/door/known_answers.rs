//! The door's known answers, as `docs/PROTOCOL.md` §8.10 has them. Both halves of the exchange are drawn
//! from scalars that stand there, by the library that draws the real ones.

use std::convert::Infallible;

use sha2::{Digest as _, Sha256};
use spake2::rand_core::{TryCryptoRng, TryRng};
use spake2::{Ed25519Group, Group as _, Password, Spake2};

use super::{
    DOORKEEPER_SIDE, DoorKeys, Doorway, Heard, NEWCOMER_SIDE, Share, VERDICTS, Verdict,
    WELCOME_KEYS, hear_doorkeeper, message, share_of,
};
use crate::seal::SealKey;
use crate::{RoomName, Secret, Stretched, documented};
use hmac::Mac as _;
use sanctuary_protocol::MemberId;

/// A source of one scalar: 64 bytes, little-endian, of which the library takes the remainder.
struct Scalar([u8; 32]);

impl TryRng for Scalar {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        panic!("a scalar is drawn at once")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        panic!("a scalar is drawn at once")
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        assert_eq!(bytes.len(), 64);
        bytes.fill(0);
        bytes[..32].copy_from_slice(&self.0);
        Ok(())
    }
}

impl TryCryptoRng for Scalar {}

#[test]
fn the_documented_run_at_the_door_is_ours() {
    let name = RoomName::new("cats").unwrap();
    let secret = Stretched::derive(&name, &Secret::new("meow meow").unwrap()).door(name.id());
    let (doorkeeper, newcomer) = (MemberId(1), MemberId(2));
    let doorway = Doorway { room: name.id(), doorkeeper, newcomer };
    let (id_a, id_b) = doorway.identities();
    let password = Password::new(secret.as_bytes());
    let (x, y) = ([0x0a; 32], [0x0b; 32]);
    let (of_a, x_share) =
        Spake2::<Ed25519Group>::start_a_with_rng(&password, &id_a, &id_b, Scalar(x));
    let (of_b, y_share) =
        Spake2::<Ed25519Group>::start_b_with_rng(&password, &id_a, &id_b, Scalar(y));
    let (x_share, y_share): (Share, Share) = (share_of(&x_share), share_of(&y_share));
    let exchanged = of_a.finish(&message(DOORKEEPER_SIDE, y_share)).unwrap();
    assert_eq!(of_b.finish(&message(NEWCOMER_SIDE, x_share)).unwrap(), exchanged);
    let keys = DoorKeys::derive(doorway, &exchanged, &x_share, &y_share);
    documented::check(&[
        ("w", &Ed25519Group::hash_to_scalar(secret.as_bytes()).to_bytes()),
        ("x", &x),
        ("y", &y),
        ("newcomer's share", &x_share),
        ("doorkeeper's share", &y_share),
        ("K", &exchanged),
        ("key(proof)", keys.proof.as_bytes()),
        ("key(to doorkeeper)", keys.to_doorkeeper.as_bytes()),
        ("key(to newcomer)", keys.to_newcomer.as_bytes()),
        ("key(welcome)", keys.welcome.as_bytes()),
        ("proof", &keys.prover().finalize().into_bytes()),
    ]);

    let around = doorway.bind(b"verdict", &[]);
    let verdict = keys.to_newcomer.seal_as_documented(&around, VERDICTS, &[0]);
    let mut wrapped = (0..32).collect::<Vec<u8>>();
    let key = SealKey::from_slice(&wrapped).unwrap();
    wrapped.extend(Sha256::digest(b"meow"));
    let around = doorway.bind(b"welcome", &[]);
    let welcome_key = keys.welcome.seal_as_documented(&around, WELCOME_KEYS, &wrapped);
    documented::check(&[("verdict", &verdict), ("welcome key", &welcome_key)]);
    let reply = super::blob(&super::Word::Reply { verdict: &verdict });
    let heard = hear_doorkeeper(Some(&keys), &reply);
    assert!(matches!(heard, Heard::Verdict(Verdict::Heard)));
    assert!(keys.open_welcome_key(&welcome_key, b"meow") == Some(key));
}
