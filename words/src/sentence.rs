//! A phrase with what goes into it.

use std::fmt;

use crate::Phrase;

/// A phrase with what goes into it.
#[derive(Clone, PartialEq, Eq)]
pub struct Sentence {
    /// The phrase.
    pub phrase: Phrase,
    /// What goes into it, by number.
    pub parts: Vec<String>,
}

/// A piece of a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'p> {
    /// As it stands there.
    Text(&'p str),
    /// What goes in here.
    Part(usize),
}

impl Sentence {
    /// A phrase with these parts.
    pub fn with<const PARTS: usize>(phrase: Phrase, parts: [String; PARTS]) -> Self {
        Self { phrase, parts: parts.into() }
    }

    /// The sentence, where `words` is its phrase in some language.
    pub fn in_words(&self, words: &str) -> String {
        let filled = pieces(words).map(|piece| match piece {
            Piece::Text(text) => text,
            Piece::Part(number) => self.parts.get(number).map(String::as_str).unwrap_or_default(),
        });
        filled.collect()
    }
}

impl From<Phrase> for Sentence {
    fn from(phrase: Phrase) -> Self {
        Self { phrase, parts: Vec::new() }
    }
}

/// The phrase alone: what goes into it may be somebody's name.
impl fmt::Debug for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { phrase, parts: _ } = self;
        f.debug_struct("Sentence").field("phrase", phrase).finish_non_exhaustive()
    }
}

/// In English.
impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_words(self.phrase.english()))
    }
}

/// The pieces of a phrase, in its order.
pub fn pieces(phrase: &str) -> impl Iterator<Item = Piece<'_>> {
    phrase.split('{').enumerate().flat_map(|(place, piece)| {
        let number = piece.split_once('}').filter(|_| place > 0);
        let hole = number.and_then(|(number, after)| Some((number.parse().ok()?, after)));
        let (part, text) = match hole {
            Some((number, after)) => (Some(Piece::Part(number)), after),
            None => (None, piece),
        };
        part.into_iter().chain((!text.is_empty()).then_some(Piece::Text(text)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phrase;

    #[test]
    fn a_phrase_falls_into_its_pieces() {
        let check = |phrase: &str, expected: &[Piece<'_>]| {
            assert_eq!(pieces(phrase).collect::<Vec<_>>(), expected, "{phrase:?}");
        };
        check("a", &[Piece::Text("a")]);
        check("{0}", &[Piece::Part(0)]);
        check(
            "a {1} b {0}",
            &[Piece::Text("a "), Piece::Part(1), Piece::Text(" b "), Piece::Part(0)],
        );
        check("", &[]);
    }

    #[test]
    fn a_sentence_is_its_phrase_with_what_goes_into_it() {
        let sentence =
            Sentence::with(phrase!("{0} whispered to {1}"), ["Ann", "{0}"].map(str::to_owned));
        assert_eq!(sentence.to_string(), "Ann whispered to {0}");
        assert_eq!(sentence.in_words("{1} < {0}"), "{0} < Ann");
        assert_eq!(Sentence::from(phrase!("Knock")).to_string(), "Knock");
    }
}
