//! Which texts people take for one another. A small table of the look-alikes that are on keyboards,
//! after Unicode's confusables (UTS #39), not the whole of it: a tag and a colour beside each name
//! tell the others apart.

use crate::case::{lowercase, uppercase};

/// Whether people would take one text for the other, written as they are or in small letters.
pub(crate) fn look_alike(one: &str, other: &str) -> bool {
    skeleton(one) == skeleton(other) || skeleton(&case_folded(one)) == skeleton(&case_folded(other))
}

/// `text` without the difference of case: upper, then lower, so that `ß` and `SS` are one.
fn case_folded(text: &str) -> String {
    // A sigma at a word's end has a form of its own.
    lowercase(&uppercase(text)).replace('ς', "σ")
}

/// `text` with one sign for all that look alike, and without white space and punctuation; with
/// them, where there is nothing else.
fn skeleton(text: &str) -> String {
    let spoken: String = text.chars().map(prototype).filter(|it| !is_punctuation(*it)).collect();
    let shape = if spoken.is_empty() { text } else { &spoken };
    lowercase(shape)
}

pub(crate) const fn is_punctuation(character: char) -> bool {
    character.is_whitespace()
        || character.is_ascii_punctuation()
        || matches!(
            character,
            '¡' | '¿' | '·' | '«' | '»' | '\u{2010}'..='\u{205e}' | '、' | '。' | '・'
        )
}

/// The sign that stands for all that look like `character`. Case matters: a capital `I` is taken for
/// a small `l`, a small `i` is not.
pub(crate) const fn prototype(character: char) -> char {
    match character {
        '0' | 'О' | 'о' | 'Ο' | 'ο' | 'σ' | 'օ' => 'o',
        '1' | '|' | 'I' | 'l' | 'І' | 'Ι' | 'Ӏ' | 'ӏ' => '1',
        'і' | 'ι' | 'ı' => 'i',
        'А' | 'а' | 'Α' | 'α' => 'a',
        'В' | 'в' | 'Β' | 'β' => 'b',
        'С' | 'с' | 'Ϲ' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'Е' | 'е' | 'Ε' | 'ε' => 'e',
        'Ғ' | 'Ϝ' => 'f',
        'ɡ' => 'g',
        'Н' | 'н' | 'Η' | 'һ' | 'Һ' => 'h',
        'Ј' | 'ј' => 'j',
        'К' | 'к' | 'Κ' | 'κ' => 'k',
        'М' | 'м' | 'Μ' => 'm',
        'Ν' | 'η' | 'п' => 'n',
        'Р' | 'р' | 'Ρ' | 'ρ' => 'p',
        'Ԛ' | 'ԛ' => 'q',
        'г' => 'r',
        'Ѕ' | 'ѕ' => 's',
        'Т' | 'т' | 'Τ' | 'τ' => 't',
        'υ' | 'ս' => 'u',
        'Ѵ' | 'ѵ' | 'ν' => 'v',
        'Ԝ' | 'ԝ' | 'ω' => 'w',
        'Х' | 'х' | 'Χ' | 'χ' => 'x',
        'У' | 'у' | 'Υ' | 'γ' | 'Ү' | 'ү' => 'y',
        'Ζ' => 'z',
        'З' | 'з' => '3',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_skeleton_of_a_name_is_what_it_looks_like() {
        assert_eq!(skeleton("B0b"), "bob");
        assert_eq!(skeleton("Рауlа"), "pay1a");
        assert_eq!(skeleton("I. |1"), "111");
        assert_eq!(skeleton("?!"), "?!");
    }

    #[test]
    fn folding_case_makes_one_of_sharp_s_and_of_sigmas() {
        assert_eq!(case_folded("Maß"), "mass");
        assert_eq!(case_folded("ΟΔΟΣ"), case_folded("οδος"));
        assert_eq!(case_folded("ΟΔΟΣ"), case_folded("οδοσ"));
    }
}
