//! The one form in which names and passwords are compared, hashed and shown: Unicode's NFKC
//! (UAX #15), so that what looks typed alike on two keyboards is alike.

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// Why a text has no place in a bounded field.
pub(crate) enum Unfit {
    Empty,
    TooLong,
    Control,
}

/// `characters` in NFKC: one to `chars_max` of them, none a control character.
pub(crate) fn nfkc(
    characters: impl Iterator<Item = char>,
    chars_max: usize,
) -> Result<Zeroizing<String>, Unfit> {
    // The whole room at once: a string that grows leaves copies of itself behind.
    let mut normal = Zeroizing::new(String::with_capacity(chars_max * char::MAX.len_utf8()));
    for (count, character) in characters.nfkc().enumerate() {
        if count == chars_max {
            return Err(Unfit::TooLong);
        }
        if character.is_control() {
            return Err(Unfit::Control);
        }
        normal.push(character);
    }
    if normal.is_empty() { Err(Unfit::Empty) } else { Ok(normal) }
}
