//! How hard a chosen password is to guess: an estimate for a hint beside a field, and no more. It
//! errs towards weak, and knows no list of common passwords.

use crate::Secret;
use crate::secret::ALPHABET;
use crate::words::is_listed;

/// How hard a secret is to guess, for somebody who holds recorded traffic and a lot of hardware.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Under 45 bits: one determined person guesses it.
    Weak,
    /// Under 70 bits: it takes an organisation.
    Fair,
    /// Beyond reach. Every generated secret is.
    Strong,
}

/// Bits are counted in eighths, in whole numbers: a logarithm of its own would have to be downloaded.
const BIT: u32 = 8;

const FAIR_BITS: u32 = 45 * BIT;
const STRONG_BITS: u32 = 70 * BIT;

/// A word of a list of 7,776: log₂ of that is 12.9.
const WORD_BITS: u32 = 103;

/// A letter inside a word is no free choice: two bits, between Shannon's estimate for English and
/// what people make of names.
const LETTER_IN_WORD_BITS: u32 = 2 * BIT;

/// Letters in a row from which on they are taken for a word.
const WORD_LETTERS: usize = 3;

/// A digit after a digit: one of ten, whatever else the password is made of. 3.3 bits.
const DIGIT_IN_ROW_BITS: u32 = 26;

/// A character that repeats or continues the one before (`aaaa`, `1234`, `fedc`): half a bit.
const CONTINUING_BITS: u32 = BIT / 2;

/// Characters of a secret this program generated.
const GENERATED_CHARS: usize = 26;

/// Kinds of characters a generated secret has at least: fewer come by chance once in 10¹⁰.
const GENERATED_KINDS_MIN: usize = 9;

/// The estimate: as words when `secret` is nothing but words, else as characters.
pub fn strength(secret: &Secret) -> Strength {
    let text = secret.expose();
    if looks_generated(text) {
        return Strength::Strong;
    }
    let bits = words_bits(text).unwrap_or_else(|| chars_bits(text));
    if bits < FAIR_BITS {
        Strength::Weak
    } else if bits < STRONG_BITS {
        Strength::Fair
    } else {
        Strength::Strong
    }
}

fn looks_generated(text: &str) -> bool {
    text.len() == GENERATED_CHARS
        && text.bytes().all(|byte| ALPHABET.contains(&byte))
        && ALPHABET.iter().filter(|kind| text.as_bytes().contains(kind)).count()
            >= GENERATED_KINDS_MIN
}

/// When `text` is nothing but words of the list. A word said twice counts once.
fn words_bits(text: &str) -> Option<u32> {
    let mut distinct = Vec::new();
    for word in text.split(['-', ' ']).filter(|word| !word.is_empty()) {
        if !is_listed(word) {
            return None;
        }
        if !distinct.contains(&word) {
            distinct.push(word);
        }
    }
    (!distinct.is_empty()).then_some(WORD_BITS * distinct.len() as u32)
}

/// What the characters would be worth, had each been drawn from the kinds that occur, less for
/// those that follow from the one before.
fn chars_bits(text: &str) -> u32 {
    // The logarithm of the eighth power is eight times the logarithm; 142⁸ is below 2⁶⁴.
    let free_bits = pool(text).max(1).pow(BIT).ilog2();
    let mut bits = 0;
    let mut before = None;
    let mut word_letters = 0;
    for character in text.chars() {
        word_letters = match before {
            _ if !character.is_alphabetic() => 0,
            // `fooBar` is two words, `FooBar` as well.
            Some(before) if char::is_lowercase(before) && character.is_uppercase() => 1,
            Some(_) | None => word_letters + 1,
        };
        let is = |follows: fn(char, char) -> bool| before.is_some_and(|it| follows(it, character));
        bits += if is(|before, this| u32::from(before).abs_diff(u32::from(this)) <= 1) {
            CONTINUING_BITS
        } else if word_letters >= WORD_LETTERS {
            LETTER_IN_WORD_BITS
        } else if is(|before, this| before.is_ascii_digit() && this.is_ascii_digit()) {
            DIGIT_IN_ROW_BITS
        } else {
            free_bits
        };
        before = Some(character);
    }
    bits
}

/// How many characters there are of the kinds that occur in `text`. Letters without case stand for
/// a syllabary; scripts with thousands of signs are worth more than this says.
fn pool(text: &str) -> u64 {
    let mut pool = 0;
    let mut add = |size, is_kind: fn(char) -> bool| {
        if text.chars().any(is_kind) {
            pool += size;
        }
    };
    add(26, char::is_lowercase);
    add(26, char::is_uppercase);
    add(64, |it| it.is_alphabetic() && !it.is_lowercase() && !it.is_uppercase());
    add(10, char::is_numeric);
    add(16, |it| !it.is_alphanumeric());
    pool
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_as_strong_as_their_estimate() {
        let check = |text: &str, expected| {
            assert_eq!(strength(&Secret::new(text).unwrap()), expected, "{text}");
        };
        for weak in [
            "a",
            "meow",
            "password",
            "password1",
            "Summer2024!",
            "aaaaaaaaaaaaaaaaaaaaaaaaaa",
            "abcdefghijkmnpqrstuvwxyz",
            "1234567890123456",
            "crane crane crane crane crane crane",
            "кошка",
        ] {
            check(weak, Strength::Weak);
        }
        check("crane-mango-visor-tapioca", Strength::Fair);
        check("correcthorsebatterystaple", Strength::Fair);
        check("kX9$mQ2!vB7z#", Strength::Strong);
    }

    #[test]
    fn whatever_is_generated_is_strong() {
        for _ in 0..1_000 {
            assert_eq!(strength(&Secret::generate()), Strength::Strong);
            assert_eq!(strength(&Secret::generate_words()), Strength::Strong);
        }
    }
}
