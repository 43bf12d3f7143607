//! The door: how somebody outside who knows the secret comes in, past a server that does not.
//!
//! A newcomer knocks; the member that keeps the door offers its half of a SPAKE2 exchange (Abdalla
//! and Pointcheval, RSA 2005); the newcomer answers with the other half, a proof that it knows the
//! secret (the first to give one, so that a stranger learns nothing from a doorkeeper), and its key
//! package, sealed; and the doorkeeper seals back what comes next. Whoever sits between them, or
//! pretends to be one of them, tests one guess at the secret each run, and can test none later.
//!
//! Both ends of a run are here, and nothing of a group: what a key package is worth is for the
//! session to say.

#[cfg(feature = "dishonest")]
pub mod dishonest;

use std::fmt;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sanctuary_protocol::{DoorBlob, MemberId, RoomId};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use spake2::{Ed25519Group, Identity, Password, Spake2};
use zeroize::Zeroizing;

use crate::label::{label, length_prefixed};
use crate::padding::Buckets;
use crate::seal::{SealKey, decode};
use crate::stretched::DoorSecret;

/// One size: a key package's length would say how long the alias is.
const KEY_PACKAGES: Buckets = Buckets::new(1024, 1024);
/// One size for every verdict.
const VERDICTS: Buckets = Buckets::new(64, 64);
/// The key of a welcome and its digest.
const WELCOME_KEYS: Buckets = Buckets::new(128, 128);

/// SPAKE2's messages say their side in a first byte; ours say it by which word they are in.
const NEWCOMER_SIDE: u8 = b'A';
const DOORKEEPER_SIDE: u8 = b'B';

/// A half of the exchange: a point of edwards25519, compressed.
type Share = [u8; 32];

/// What one end of the door says to the other.
#[derive(Serialize, Deserialize)]
enum Word<'a> {
    /// The newcomer's proof is wrong. In clear: there is no key to say it under.
    WrongKey,
    Offer {
        share: Share,
    },
    Answer {
        share: Share,
        proof: [u8; 32],
        #[serde(borrow)]
        key_package: &'a [u8],
    },
    Reply {
        #[serde(borrow)]
        verdict: &'a [u8],
    },
}

/// What a doorkeeper says of a knock, sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Verdict {
    /// You will be let in.
    Heard,
    /// The host is asked.
    Asked,
    AliasTaken,
    Declined,
    /// Somebody who knocked later has come in: only a later number is below nobody's.
    Again,
}

/// Between whom a run is. Everything that passes in it is bound to this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Doorway {
    pub(crate) room: RoomId,
    pub(crate) doorkeeper: MemberId,
    pub(crate) newcomer: MemberId,
}

impl Doorway {
    fn bind(&self, purpose: &[u8], more: &[&[u8]]) -> Vec<u8> {
        let (doorkeeper, newcomer) =
            (self.doorkeeper.0.to_le_bytes(), self.newcomer.0.to_le_bytes());
        let mut parts: Vec<&[u8]> =
            vec![label!("door"), purpose, self.room.as_bytes(), &doorkeeper, &newcomer];
        parts.extend_from_slice(more);
        length_prefixed(&parts)
    }

    fn identities(&self) -> (Identity, Identity) {
        let of = |side: &[u8]| Identity::new(&length_prefixed(&[side, self.room.as_bytes()]));
        (of(label!("newcomer")), of(label!("doorkeeper")))
    }
}

/// What both ends of a run share, when they know the same secret.
#[derive(Clone)]
pub(crate) struct DoorKeys {
    doorway: Doorway,
    proof: SealKey,
    to_doorkeeper: SealKey,
    to_newcomer: SealKey,
    welcome: SealKey,
}

impl DoorKeys {
    fn derive(doorway: Doorway, exchanged: &[u8], newcomers: &Share, doorkeepers: &Share) -> Self {
        let keys = Hkdf::<Sha256>::new(None, exchanged);
        let key = |purpose: &[u8]| {
            let mut bytes = Zeroizing::new([0; SealKey::BYTES]);
            #[expect(clippy::expect_used, reason = "HKDF gives up to 255 × 32 bytes")]
            keys.expand(&doorway.bind(purpose, &[newcomers, doorkeepers]), &mut *bytes)
                .expect("32 bytes are within HKDF's limit");
            SealKey::from_bytes(*bytes)
        };
        Self {
            doorway,
            proof: key(b"proof"),
            to_doorkeeper: key(b"to doorkeeper"),
            to_newcomer: key(b"to newcomer"),
            welcome: key(b"welcome"),
        }
    }

    pub(crate) const fn doorkeeper(&self) -> MemberId {
        self.doorway.doorkeeper
    }

    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length (RFC 2104)")]
    fn prover(&self) -> Hmac<Sha256> {
        let mac = Hmac::<Sha256>::new_from_slice(self.proof.as_bytes());
        mac.expect("HMAC takes any key").chain_update(self.doorway.bind(b"proof", &[]))
    }

    /// The verdict, sealed for the newcomer.
    pub(crate) fn say(&self, verdict: Verdict) -> DoorBlob {
        let content = sanctuary_protocol::encode(&verdict);
        let around = self.doorway.bind(b"verdict", &[]);
        let sealed = self.to_newcomer.seal(&around, VERDICTS, &content).unwrap_or_default();
        blob(&Word::Reply { verdict: &sealed })
    }

    fn hear(&self, sealed: &[u8]) -> Option<Verdict> {
        let around = self.doorway.bind(b"verdict", &[]);
        decode(&self.to_newcomer.open(&around, VERDICTS, sealed)?)
    }

    /// What opens a batch's welcome, sealed for this newcomer: the key and the digest of what it
    /// opens, so that nobody else who has the key can put another in its place.
    pub(crate) fn seal_welcome_key(&self, key: &SealKey, sealed_welcome: &[u8]) -> Vec<u8> {
        let mut content = Zeroizing::new(key.as_bytes().to_vec());
        content.extend_from_slice(&Sha256::digest(sealed_welcome));
        let around = self.doorway.bind(b"welcome", &[]);
        self.welcome.seal(&around, WELCOME_KEYS, &content).unwrap_or_default()
    }

    pub(crate) fn open_welcome_key(&self, sealed: &[u8], welcome: &[u8]) -> Option<SealKey> {
        let around = self.doorway.bind(b"welcome", &[]);
        let content = self.welcome.open(&around, WELCOME_KEYS, sealed)?;
        let (key, digest) = content.split_at_checked(SealKey::BYTES)?;
        (digest == Sha256::digest(welcome).as_slice()).then(|| SealKey::from_slice(key))?
    }
}

/// A doorkeeper's half of a run that awaits its answer.
pub(crate) struct Offer {
    doorway: Doorway,
    exchange: Spake2<Ed25519Group>,
    share: Share,
}

/// What an answer was.
pub(crate) enum Answered {
    /// The newcomer knows the secret, and showed this.
    Shown { keys: DoorKeys, key_package: Zeroizing<Vec<u8>> },
    /// It does not.
    WrongKey(DoorBlob),
}

impl Offer {
    pub(crate) fn new(doorway: Doorway, secret: &DoorSecret) -> (Self, DoorBlob) {
        let (newcomer, doorkeeper) = doorway.identities();
        let password = Password::new(secret.as_bytes());
        let (exchange, message) =
            Spake2::<Ed25519Group>::start_b(&password, &newcomer, &doorkeeper);
        let share = share_of(&message);
        (Self { doorway, exchange, share }, blob(&Word::Offer { share }))
    }

    /// Ends the run with the newcomer's answer; an offer is for one.
    pub(crate) fn hear(self, answer: &DoorBlob) -> Answered {
        self.check(answer).unwrap_or_else(|| Answered::WrongKey(blob(&Word::WrongKey)))
    }

    fn check(self, answer: &DoorBlob) -> Option<Answered> {
        let Self { doorway, exchange, share } = self;
        let Some(Word::Answer { share: newcomers, proof, key_package }) =
            decode::<Word<'_>>(answer.as_slice())
        else {
            return None;
        };
        let exchanged = Zeroizing::new(exchange.finish(&message(NEWCOMER_SIDE, newcomers)).ok()?);
        let keys = DoorKeys::derive(doorway, &exchanged, &newcomers, &share);
        keys.prover().verify_slice(&proof).ok()?;
        let around = doorway.bind(b"key package", &[]);
        let key_package = keys.to_doorkeeper.open(&around, KEY_PACKAGES, key_package)?;
        Some(Answered::Shown { keys, key_package })
    }
}

/// What a newcomer makes of a doorkeeper's word.
pub(crate) enum Heard {
    Offered(Share),
    WrongKey,
    Verdict(Verdict),
    Nothing,
}

/// Reads a doorkeeper's word, with the keys of the run with it, when there are any.
pub(crate) fn hear_doorkeeper(keys: Option<&DoorKeys>, blob: &DoorBlob) -> Heard {
    match (decode::<Word<'_>>(blob.as_slice()), keys) {
        (Some(Word::Offer { share }), _) => Heard::Offered(share),
        // Before anything was proven there was nothing to be wrong.
        (Some(Word::WrongKey), Some(_)) => Heard::WrongKey,
        (Some(Word::Reply { verdict }), Some(keys)) => {
            keys.hear(verdict).map_or(Heard::Nothing, Heard::Verdict)
        }
        (Some(Word::WrongKey | Word::Reply { .. } | Word::Answer { .. }) | None, _) => {
            Heard::Nothing
        }
    }
}

/// The newcomer's half: the keys of the run, and the answer that carries its key package. `None`
/// when the share is no point of the curve.
pub(crate) fn answer(
    doorway: Doorway,
    secret: &DoorSecret,
    doorkeepers: Share,
    key_package: &[u8],
) -> Option<(DoorKeys, DoorBlob)> {
    let (newcomer, doorkeeper) = doorway.identities();
    let password = Password::new(secret.as_bytes());
    let (exchange, first) = Spake2::<Ed25519Group>::start_a(&password, &newcomer, &doorkeeper);
    let share = share_of(&first);
    let exchanged = Zeroizing::new(exchange.finish(&message(DOORKEEPER_SIDE, doorkeepers)).ok()?);
    let keys = DoorKeys::derive(doorway, &exchanged, &share, &doorkeepers);
    let proof = keys.prover().finalize().into_bytes().into();
    let around = doorway.bind(b"key package", &[]);
    let sealed = keys.to_doorkeeper.seal(&around, KEY_PACKAGES, key_package).ok()?;
    Some((keys, blob(&Word::Answer { share, proof, key_package: &sealed })))
}

fn share_of(message: &[u8]) -> Share {
    let mut share = [0; 32];
    share.copy_from_slice(&message[1..]);
    share
}

fn message(side: u8, share: Share) -> Vec<u8> {
    let mut message = vec![side];
    message.extend_from_slice(&share);
    message
}

fn blob(word: &Word<'_>) -> DoorBlob {
    #[expect(clippy::expect_used, reason = "the largest word is 1,120 bytes, and a blob 2,048")]
    DoorBlob::try_from(sanctuary_protocol::encode(word)).expect("a word fits its blob")
}

impl fmt::Debug for DoorKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { doorway, proof: _, to_doorkeeper: _, to_newcomer: _, welcome: _ } = self;
        f.debug_struct("DoorKeys").field("doorway", doorway).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod known_answers;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Stretched;

    impl DoorKeys {
        /// Whether these keys open anything of a word, whoever's it is.
        pub(crate) fn opens(&self, blob: &DoorBlob) -> bool {
            match decode::<Word<'_>>(blob.as_slice()) {
                Some(Word::Answer { key_package: sealed, .. }) => {
                    let around = self.doorway.bind(b"key package", &[]);
                    self.to_doorkeeper.open(&around, KEY_PACKAGES, sealed).is_some()
                }
                Some(Word::Reply { verdict }) => self.hear(verdict).is_some(),
                Some(Word::WrongKey | Word::Offer { .. }) | None => false,
            }
        }
    }

    const DOORWAY: Doorway = Doorway {
        room: RoomId::from_bytes([7; 16]),
        doorkeeper: MemberId(1),
        newcomer: MemberId(2),
    };

    fn secret(byte: u8) -> DoorSecret {
        Stretched::from_bytes([byte; 32]).door(DOORWAY.room)
    }

    fn share(offer: &DoorBlob) -> Share {
        match hear_doorkeeper(None, offer) {
            Heard::Offered(share) => share,
            Heard::WrongKey | Heard::Verdict(_) | Heard::Nothing => panic!("no offer"),
        }
    }

    /// A run in which the two ends may disagree about the secret and about who they are.
    fn run(newcomers: u8, newcomers_doorway: Doorway) -> (Answered, DoorKeys) {
        let (offer, word) = Offer::new(DOORWAY, &secret(1));
        let (keys, answer) =
            answer(newcomers_doorway, &secret(newcomers), share(&word), b"package").unwrap();
        (offer.hear(&answer), keys)
    }

    #[test]
    fn two_ends_that_know_the_secret_understand_each_other() {
        let (answered, newcomers) = run(1, DOORWAY);
        let Answered::Shown { keys, key_package } = answered else { panic!("wrong key") };
        assert_eq!(key_package.as_slice(), b"package");
        for verdict in
            [Verdict::Heard, Verdict::Asked, Verdict::AliasTaken, Verdict::Declined, Verdict::Again]
        {
            let heard = hear_doorkeeper(Some(&newcomers), &keys.say(verdict));
            assert!(matches!(heard, Heard::Verdict(it) if it == verdict));
        }
        let key = SealKey::generate();
        let sealed = keys.seal_welcome_key(&key, b"welcome");
        assert!(newcomers.open_welcome_key(&sealed, b"welcome") == Some(key));
        assert!(newcomers.open_welcome_key(&sealed, b"another").is_none());
    }

    #[test]
    fn another_secret_or_another_doorway_proves_nothing() {
        let elsewhere = RoomId::from_bytes([8; 16]);
        for (newcomers, doorway) in [
            (2, DOORWAY),
            (1, Doorway { room: elsewhere, ..DOORWAY }),
            (1, Doorway { doorkeeper: MemberId(3), ..DOORWAY }),
            (1, Doorway { newcomer: MemberId(3), ..DOORWAY }),
        ] {
            let (answered, keys) = run(newcomers, doorway);
            let Answered::WrongKey(word) = answered else { panic!("{doorway:?} was let through") };
            assert!(matches!(hear_doorkeeper(Some(&keys), &word), Heard::WrongKey));
        }
    }

    #[test]
    fn a_changed_answer_proves_nothing() {
        let (_, word) = Offer::new(DOORWAY, &secret(1));
        let (_, said) = answer(DOORWAY, &secret(1), share(&word), b"package").unwrap();
        for at in 0..said.as_slice().len() {
            let (offer, word) = Offer::new(DOORWAY, &secret(1));
            let (_, said) = answer(DOORWAY, &secret(1), share(&word), b"package").unwrap();
            let mut bytes = said.as_slice().to_vec();
            bytes[at] ^= 1;
            let changed = DoorBlob::try_from(bytes).unwrap();
            assert!(matches!(offer.hear(&changed), Answered::WrongKey(_)), "{at}");
        }
    }

    #[test]
    fn a_word_before_its_time_means_nothing() {
        for garbage in [&[][..], &[0], &[3, 0], &[9], &[1, 2, 3]] {
            let blob = DoorBlob::try_from(garbage.to_vec()).unwrap();
            assert!(matches!(hear_doorkeeper(None, &blob), Heard::Nothing), "{garbage:?}");
        }
    }

    #[test]
    fn every_answer_has_the_same_size() {
        let sizes: Vec<usize> = [0, 300, 1023]
            .into_iter()
            .map(|bytes| {
                let (_, word) = Offer::new(DOORWAY, &secret(1));
                let said = answer(DOORWAY, &secret(1), share(&word), &vec![7; bytes]).unwrap().1;
                said.as_slice().len()
            })
            .collect();
        assert_eq!(sizes, [sizes[0]; 3]);
    }
}
