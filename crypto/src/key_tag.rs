//! A few letters of a member's key, so that two alike names can be told apart at a glance. Twenty
//! bits: a hint, which whoever wants to can have a key made for, and no proof of anything.

use sha2::{Digest as _, Sha256};

use crate::label::{label, length_prefixed};
use crate::secret::ALPHABET;

/// How many letters: what an eye takes in at once.
const LETTERS: u32 = 4;

/// Bits of a letter.
const LETTER_BITS: u32 = 5;

/// A few letters of a member's signature key, the same on every page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyTag(u32);

impl KeyTag {
    /// The first twenty bits of the key's hash.
    pub(crate) fn of(key: &[u8]) -> Self {
        let hash = Sha256::digest(length_prefixed(&[label!("key tag"), key]));
        let bits = hash.iter().take(4).fold(0, |it, byte| it << 8 | u32::from(*byte));
        Self(bits >> (u32::BITS - LETTERS * LETTER_BITS))
    }

    /// As a number below 2²⁰.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// As it is read: five bits a letter.
    pub fn letters(self) -> String {
        let shifts = (0..LETTERS).rev().map(|place| place * LETTER_BITS);
        shifts.map(|shift| char::from(ALPHABET[(self.0 >> shift & 31) as usize])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_four_letters_of_the_alphabet_and_always_the_same() {
        for key in [&[][..], &[0; 32], &[255; 32]] {
            let tag = KeyTag::of(key);
            assert_eq!(tag.letters().len(), 4);
            assert!(tag.letters().bytes().all(|letter| ALPHABET.contains(&letter)));
            assert!(tag.bits() < 1 << 20);
            assert_eq!(tag, KeyTag::of(key));
        }
    }

    #[test]
    fn every_bit_of_a_key_changes_its_tag() {
        let key = [7; 32];
        for bit in 0..256 {
            let mut other = key;
            other[bit / 8] ^= 1 << (bit % 8);
            assert_ne!(KeyTag::of(&other), KeyTag::of(&key), "bit {bit}");
        }
    }

    #[test]
    fn a_tag_is_the_first_twenty_bits_of_the_hash() {
        let hash = Sha256::digest(b"\x14\0\0\0sanctuary/v1/key tag\x03\0\0\0key");
        let bits = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
        let letters = [27, 22, 17, 12].map(|shift| ALPHABET[(bits >> shift & 31) as usize]);
        assert_eq!(KeyTag::of(b"key").letters().as_bytes(), letters);
    }
}
