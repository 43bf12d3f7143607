//! What a person is called in a room. An alias is a line of visible characters, and nothing in it
//! reorders, hides or covers what stands around it.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::{Serialize, Serializer};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::hidden::is_hidden;
use crate::look_alike::look_alike;
use crate::normal::{Unfit, nfkc};
use crate::repertoire::{is_mark, is_settled};

/// Characters of an alias: a first and a last name fit, a sentence does not.
pub const ALIAS_CHARS_MAX: usize = 32;

/// Combining marks on one letter: the most that any living script stacks. More reach into the lines
/// above and below.
const MARKS_IN_ROW_MAX: usize = 4;

/// A name in a room: NFKC, no white space around it, single spaces inside.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Zeroize, ZeroizeOnDrop)]
pub struct Alias(String);

/// Why a text is no alias.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAlias {
    /// There is nothing but white space.
    #[error("a name needs at least one character")]
    Empty,
    /// It is longer than [`ALIAS_CHARS_MAX`].
    #[error("a name has at most {ALIAS_CHARS_MAX} characters")]
    TooLong,
    /// A character in it cannot be seen, or reorders or covers its neighbours.
    #[error("a name is made of visible characters")]
    Unseen,
}

impl Alias {
    /// The alias in `text`: normalised, trimmed, white space collapsed.
    ///
    /// # Errors
    /// When there are no or too many characters, or one that is not plainly visible.
    pub fn new(text: &str) -> Result<Self, InvalidAlias> {
        let words: Vec<&str> = text.split_whitespace().collect();
        // Emoji come with selectors of their style, which show nothing themselves.
        let characters = words.join(" ").replace(['\u{fe0e}', '\u{fe0f}'], "");
        let normal = nfkc(&characters, ALIAS_CHARS_MAX).map_err(|unfit| match unfit {
            Unfit::Empty => InvalidAlias::Empty,
            Unfit::TooLong => InvalidAlias::TooLong,
            Unfit::Control => InvalidAlias::Unseen,
        })?;
        // Some characters become a space and more in NFKC, so white space is collapsed once more.
        let words: Vec<&str> = normal.split_whitespace().collect();
        if words.is_empty() {
            return Err(InvalidAlias::Empty);
        }
        if words.iter().all(|word| is_plainly_visible(word)) {
            Ok(Self(words.join(" ")))
        } else {
            Err(InvalidAlias::Unseen)
        }
    }

    /// The alias.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether people would take one for the other: equal but for case, or equal once characters
    /// that look alike are one, and white space and punctuation are left out.
    pub fn looks_like(&self, other: &Self) -> bool {
        look_alike(&self.0, &other.0)
    }
}

/// Whether every mark in `word` stands on a letter, not too many on one, and nothing is unseen.
fn is_plainly_visible(word: &str) -> bool {
    // A mark at the start would stand on whatever is shown before the word.
    let mut marks_in_row = MARKS_IN_ROW_MAX;
    word.chars().all(|character| {
        marks_in_row = if is_mark(character) { marks_in_row + 1 } else { 0 };
        marks_in_row <= MARKS_IN_ROW_MAX && !is_unfit(character)
    })
}

/// Whether a character is hidden, reaches over its neighbours, or has no agreed look.
fn is_unfit(character: char) -> bool {
    is_hidden(character)
        || reaches_over_neighbours(character)
        || has_no_agreed_look(character)
        || !is_settled(character)
}

/// The format characters that are drawn: over or under the digits and letters that follow.
const fn reaches_over_neighbours(character: char) -> bool {
    matches!(
        character,
        '\u{600}'..='\u{605}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{890}'..='\u{891}'
            | '\u{8e2}'
            | '\u{110bd}'
            | '\u{110cd}'
    )
}

/// Private use and the planes without any other; and what stands for a character that was lost.
const fn has_no_agreed_look(character: char) -> bool {
    matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{fffd}' | '\u{e0000}'..)
}

impl fmt::Display for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(_name) = self;
        f.write_str("Alias(…)")
    }
}

impl Serialize for Alias {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Only an alias exactly as [`Alias::new`] would have made it: two spellings of one name never meet.
impl<'de> Deserialize<'de> for Alias {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AliasVisitor;

        impl Visitor<'_> for AliasVisitor {
            type Value = Alias;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an alias")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Alias, E> {
                if text.len() > ALIAS_CHARS_MAX * char::MAX.len_utf8() {
                    return Err(E::custom(InvalidAlias::TooLong));
                }
                match Alias::new(text) {
                    Ok(alias) if alias.as_str() == text => Ok(alias),
                    Ok(_) => Err(E::custom("an alias that is not normalised")),
                    Err(invalid) => Err(E::custom(invalid)),
                }
            }
        }

        deserializer.deserialize_str(AliasVisitor)
    }
}

#[cfg(test)]
mod tables;

#[cfg(test)]
mod tests {
    use super::*;

    fn alias(text: &str) -> Alias {
        Alias::new(text).unwrap()
    }

    #[test]
    fn an_alias_is_normalised_trimmed_and_collapsed() {
        let check = |text: &str, expected: &str| assert_eq!(alias(text).as_str(), expected);
        check("  Ada \t  Lovelace\n", "Ada Lovelace");
        check("ﬁona", "fiona");
        check("Ａｄａ", "Ada");
        check("Ame\u{301}lie", "Amélie");
        check("a\u{2003}b", "a b");
        check("❤\u{fe0f}", "❤");
    }

    #[test]
    fn an_alias_has_one_to_thirty_two_characters() {
        let check = |text: &str, expected| assert_eq!(Alias::new(text).map(|_| ()), expected);
        check(&"é".repeat(32), Ok(()));
        check(&"é".repeat(33), Err(InvalidAlias::TooLong));
        check("", Err(InvalidAlias::Empty));
        check(" \u{3000} ", Err(InvalidAlias::Empty));
        check("\u{fe0f}", Err(InvalidAlias::Empty));
    }

    #[test]
    fn names_of_every_script_are_aliases() {
        for name in [
            "Zoë",
            "Ніна",
            "Σοφία",
            "שָׁלוֹם",
            "محمد",
            "नेहा",
            "สมชาย",
            "さくら",
            "小明",
            "🐈",
            "o'Neil-3",
        ] {
            assert_eq!(Alias::new(name).map(|_| ()), Ok(()), "{name}");
        }
    }

    #[test]
    fn nothing_unseen_is_in_an_alias() {
        for text in [
            "a\0",
            "a\u{7f}",
            "a\u{ad}b",
            "a\u{200b}b",
            "a\u{200d}b",
            "\u{202e}ecila",
            "\u{2066}a\u{2069}",
            "\u{feff}a",
            "\u{3164}",
            "\u{2800}",
            "\u{fffc}",
            "\u{fffd}",
            "\u{600}1",
            "\u{e000}",
            "\u{100000}",
            "a\u{e0041}",
            // A letter of Unicode 16, of which an older browser would not know the normal form.
            "\u{1c89}",
            "\u{301}a",
            "a \u{301}b",
            "a\u{323}\u{324}\u{325}\u{326}\u{327}\u{328}",
        ] {
            assert_eq!(Alias::new(text), Err(InvalidAlias::Unseen), "{text:?}");
        }
    }

    #[test]
    fn look_alikes_are_told() {
        let check = |one: &str, other: &str| {
            assert!(alias(one).looks_like(&alias(other)), "{one} {other}");
            assert!(alias(other).looks_like(&alias(one)), "{other} {one}");
        };
        check("Ada", "Ada");
        check("Ada", "aDA");
        check("Straße", "STRASSE");
        check("Bob", "B0b");
        check("lan", "Ian");
        check("al", "a1");
        check("ALICE", "A1ice");
        check("Alice", "Аlісе");
        check("Alice", "A l-i.c_e");
        check("Nikos", "Νikοs");
        check("ΣΟΦΊΑ", "σοφία");
        check("pay", "рау");
        check("d'Arc", "d’Arc");
    }

    #[test]
    fn different_names_do_not_look_alike() {
        let check = |one: &str, other: &str| {
            assert!(!alias(one).looks_like(&alias(other)), "{one} {other}");
        };
        check("Ada", "Adam");
        check("Ian", "Lan");
        check("Ali", "Ala");
        check("René", "Renè");
        check("!!!", "???");
        check("小明", "小红");
        check("🐈", "🐕");
        check("Иван", "Инна");
    }

    #[test]
    fn an_alias_travels_only_in_its_one_spelling() {
        let read =
            |text: &str| postcard::from_bytes::<Alias>(&postcard::to_allocvec(text).unwrap()).ok();
        assert_eq!(read("Ada Lovelace"), Some(alias("Ada Lovelace")));
        for text in
            ["", " Ada", "Ada  Lovelace", "Ａda", "a\u{200b}", &"a".repeat(33), &"a".repeat(9_000)]
        {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn an_alias_prints_nothing_of_itself_when_debugged() {
        assert_eq!(format!("{:?} {}", alias("Ada"), alias("Ada")), "Alias(…) Ada");
    }
}
