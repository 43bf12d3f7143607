//! Every phrase a person reads on the page, in each language. One table: a phrase without a
//! translation does not compile, nor does the use of a phrase that is not in it. Knows nothing of
//! what the phrases are about, and depends on nothing, so that the build can write the tables out.
//!
//! The page holds English; whoever reads another language is sent that one beside it, as a list in
//! the order of the table.

mod composing;
mod doorway;
mod panels;
mod room;
mod sentence;

pub use sentence::{Piece, Sentence, pieces};

/// A phrase in English, by which the page's code names it, in German, and in Arabic. What goes into
/// it stands in braces, by its number.
type Row = [&'static str; 3];

/// A language of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// English.
    English,
    /// German.
    German,
    /// Arabic, written from right to left.
    Arabic,
}

impl Tongue {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::English, Self::German, Self::Arabic];

    /// As BCP 47 writes it.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Arabic => "ar",
        }
    }
}

/// The table, in parts of which each can be read in a sitting.
const TABLE: [&[Row]; 14] = [
    doorway::HOME,
    doorway::JOINING,
    doorway::ENDED,
    room::AROUND,
    room::TOASTS,
    room::HAPPENINGS,
    panels::ROSTER,
    panels::INVITATION,
    panels::DIALOGS,
    panels::PICTURES,
    panels::EVIDENCE,
    composing::VERBS,
    composing::HELP,
    composing::PROBLEMS,
];

/// How many phrases there are.
pub const COUNT: usize = {
    let (mut count, mut part) = (0, 0);
    while part < TABLE.len() {
        count += TABLE[part].len();
        part += 1;
    }
    count
};

/// The phrases in English: what the page holds.
static ENGLISH: [&str; COUNT] = column(Tongue::English);

/// A phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase(u16);

impl Phrase {
    /// The phrase that is this in English. To be asked at compile time, through [`phrase!`].
    ///
    /// # Panics
    /// When the table has none: the code does not compile.
    #[expect(clippy::panic, reason = "at compile time it is a compiler's error")]
    pub const fn of(english: &str) -> Self {
        let (mut place, mut part) = (0, 0);
        while part < TABLE.len() {
            let mut row = 0;
            while row < TABLE[part].len() {
                if is_same(TABLE[part][row][0], english) {
                    return Self(place);
                }
                row += 1;
                place += 1;
            }
            part += 1;
        }
        panic!("this phrase is not in the table of words/src")
    }

    /// Its place in the table.
    pub const fn place(self) -> usize {
        self.0 as usize
    }

    /// In English.
    pub fn english(self) -> &'static str {
        ENGLISH.get(self.place()).copied().unwrap_or_default()
    }
}

/// A phrase by its English, known to be in the table when the code compiles.
#[macro_export]
macro_rules! phrase {
    ($english:literal) => {{
        const PHRASE: $crate::Phrase = $crate::Phrase::of($english);
        PHRASE
    }};
}

/// All phrases in one language, in the order of the table.
pub const fn column(tongue: Tongue) -> [&'static str; COUNT] {
    let mut all = [""; COUNT];
    let (mut place, mut part) = (0, 0);
    while part < TABLE.len() {
        let mut row = 0;
        while row < TABLE[part].len() {
            all[place] = TABLE[part][row][tongue as usize];
            row += 1;
            place += 1;
        }
        part += 1;
    }
    all
}

const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_phrase_stands_in_the_table_twice_and_none_is_empty() {
        let mut seen = BTreeSet::new();
        for english in column(Tongue::English) {
            assert!(seen.insert(english), "{english:?}");
        }
        for tongue in Tongue::ALL {
            assert!(column(tongue).iter().all(|phrase| !phrase.trim().is_empty()), "{tongue:?}");
        }
    }

    #[test]
    fn what_goes_into_a_phrase_goes_into_it_in_every_language() {
        let holes = |phrase: &'static str| -> BTreeSet<usize> {
            let holes = pieces(phrase).filter_map(|piece| match piece {
                Piece::Part(number) => Some(number),
                Piece::Text(_) => None,
            });
            holes.collect()
        };
        for tongue in Tongue::ALL {
            for (english, phrase) in column(Tongue::English).into_iter().zip(column(tongue)) {
                assert_eq!(holes(phrase), holes(english), "{phrase:?}");
                assert_eq!(phrase.matches('{').count(), holes(english).len(), "{phrase:?}");
            }
        }
    }

    #[test]
    fn a_phrase_begins_and_ends_as_the_english_one_does() {
        for tongue in Tongue::ALL {
            for (english, phrase) in column(Tongue::English).into_iter().zip(column(tongue)) {
                let edges = |it: &str| (it.starts_with(' '), it.ends_with(' '));
                assert_eq!(edges(phrase), edges(english), "{phrase:?}");
            }
        }
    }

    #[test]
    fn a_phrase_is_found_by_its_english() {
        assert_eq!(phrase!("Knock").english(), "Knock");
        assert_eq!(column(Tongue::German)[phrase!("Knock").place()], "Anklopfen");
    }
}
