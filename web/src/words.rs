//! What the page says, in the reader's language. English is in the program; another language comes
//! with the page's start, as a list in the order of the table of `words/`.

use std::sync::OnceLock;

use leptos::prelude::*;
use sanctuary_words::{COUNT, Phrase, Piece, Sentence, pieces};

/// The phrases in another language than English. It is chosen once, as the page starts.
static WORDS: OnceLock<Vec<&'static str>> = OnceLock::new();

/// Speaks another language from here on, if the list is whole.
pub(crate) fn learn(words: Vec<String>) {
    if words.len() == COUNT {
        let words = words.into_iter().map(|phrase| &*phrase.leak()).collect();
        let _once = WORDS.set(words);
    }
}

/// A phrase in the reader's language.
pub(crate) fn spoken(phrase: Phrase) -> &'static str {
    let other = WORDS.get().and_then(|words| words.get(phrase.place()).copied());
    other.unwrap_or_else(|| phrase.english())
}

/// A sentence in the reader's language. What goes into it keeps its direction to itself where the
/// sentence may have another.
pub(crate) fn tell(sentence: &Sentence) -> String {
    if WORDS.get().is_none() {
        return sentence.to_string();
    }
    let parts = sentence.parts.iter().map(|part| format!("\u{2068}{part}\u{2069}"));
    let sentence = Sentence { phrase: sentence.phrase, parts: parts.collect() };
    sentence.in_words(spoken(sentence.phrase))
}

/// A phrase in the reader's language, with views where its parts go.
pub(crate) fn weave(phrase: Phrase, parts: Vec<AnyView>) -> AnyView {
    let mut parts: Vec<Option<AnyView>> = parts.into_iter().map(Some).collect();
    let woven = pieces(spoken(phrase)).map(|piece| match piece {
        Piece::Text(text) => text.into_any(),
        Piece::Part(number) => parts.get_mut(number).and_then(Option::take).into_any(),
    });
    woven.collect::<Vec<_>>().into_any()
}

/// A phrase by its English, in the reader's language: as it stands; as a string with strings in it; or,
/// between brackets, as a view with views in it.
macro_rules! say {
    ($english:literal) => {
        $crate::words::spoken(sanctuary_words::phrase!($english))
    };
    ($english:literal, [$($part:expr),+ $(,)?]) => {
        $crate::words::weave(
            sanctuary_words::phrase!($english),
            vec![$(leptos::prelude::IntoAny::into_any($part)),+],
        )
    };
    ($english:literal, $($part:expr),+ $(,)?) => {
        $crate::words::tell(&sanctuary_words::Sentence::with(
            sanctuary_words::phrase!($english),
            [$($part.to_string()),+],
        ))
    };
}
pub(crate) use say;
