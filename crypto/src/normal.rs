//! The one form in which names and passwords are compared, hashed and shown: Unicode's NFKC
//! (UAX #15), so that what looks typed alike on two keyboards is alike.
//!
//! The page asks the browser, which has the tables: a copy of them would be an eighth of all there
//! is to download. Where two have to agree on a text, it is of settled characters
//! ([`repertoire`](crate::repertoire)), whose normal form is the same everywhere.

use zeroize::Zeroizing;

/// Why a text has no place in a bounded field.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    Empty,
    TooLong,
    Control,
}

/// Characters that become one in NFKC, at most (UAX #15 §9: no character decomposes canonically
/// into more). A text longer than that many times its bound never fits.
const COMPOSED_CHARS_MAX: usize = 4;

/// `text` in NFKC: one to `chars_max` characters, none a control character.
pub(crate) fn nfkc(text: &str, chars_max: usize) -> Result<Zeroizing<String>, Unfit> {
    if text.chars().nth(COMPOSED_CHARS_MAX * chars_max).is_some() {
        return Err(Unfit::TooLong);
    }
    // ASCII is its own normal form: nothing generated ever becomes a string of JavaScript's here.
    if text.is_ascii() { fit(text.chars(), chars_max) } else { normalise(text, chars_max) }
}

#[cfg(not(target_arch = "wasm32"))]
fn normalise(text: &str, chars_max: usize) -> Result<Zeroizing<String>, Unfit> {
    use unicode_normalization::UnicodeNormalization as _;

    fit(text.nfkc(), chars_max)
}

#[cfg(target_arch = "wasm32")]
fn normalise(text: &str, chars_max: usize) -> Result<Zeroizing<String>, Unfit> {
    let normal = js_sys::JsString::from(text).normalize("NFKC");
    fit(Zeroizing::new(String::from(normal)).chars(), chars_max)
}

/// The bounds, once the text is normal.
fn fit(normal: impl Iterator<Item = char>, chars_max: usize) -> Result<Zeroizing<String>, Unfit> {
    // The whole room at once: a string that grows leaves copies of itself behind.
    let mut fitting = Zeroizing::new(String::with_capacity(chars_max * char::MAX.len_utf8()));
    for (count, character) in normal.enumerate() {
        if count == chars_max {
            return Err(Unfit::TooLong);
        }
        if character.is_control() {
            return Err(Unfit::Control);
        }
        fitting.push(character);
    }
    if fitting.is_empty() { Err(Unfit::Empty) } else { Ok(fitting) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_normal_however_it_was_typed() {
        let check = |text: &str, expected: &str| {
            assert_eq!(nfkc(text, 32).unwrap().as_str(), expected, "{text:?}");
        };
        check("plain", "plain");
        check("cafe\u{301}", "café");
        check("ｃａｔ ﬁsh", "cat fish");
        check("\u{1100}\u{1161}\u{11a8}", "각");
        check("q\u{307}\u{323}", "q\u{323}\u{307}");
        check("\u{2126}\u{212b}", "ΩÅ");
        check("\u{3b1}\u{313}\u{300}\u{345}", "\u{1f82}");
    }

    #[test]
    fn a_text_has_one_to_as_many_characters_as_its_field() {
        let check =
            |text: &str, expected| assert_eq!(nfkc(text, 4).map(|_| ()), expected, "{text:?}");
        check("abcd", Ok(()));
        check("", Err(Unfit::Empty));
        check("abcde", Err(Unfit::TooLong));
        check("a\0", Err(Unfit::Control));
        check("\u{85}é", Err(Unfit::Control));
        // Four of four characters each become four; one more of anything does not fit.
        let four = "\u{3b1}\u{313}\u{300}\u{345}".repeat(4);
        check(&four, Ok(()));
        check(&format!("{four}a"), Err(Unfit::TooLong));
        // One that becomes eighteen.
        check("\u{fdfa}", Err(Unfit::TooLong));
    }
}
