//! The EFF's long list of words, to be read aloud. It is downloaded front-coded (Witten, Moffat and
//! Bell 1999, §4.1), which takes a third of what a list of slices does, and is unfolded when the
//! first word is asked for.

use std::iter::repeat;
use std::sync::LazyLock;

use diceware_wordlists::EFF_LONG_WORDLIST;
use zeroize::Zeroizing;

/// How many there are: five throws of a die.
pub(crate) const WORDS: usize = 7_776;

/// Letters of the longest; the places of the others end in spaces.
const WIDTH: usize = 9;

/// Every word in a place of one width, which needs no index.
static PLACES: LazyLock<Vec<[u8; WIDTH]>> = LazyLock::new(unfold);

/// Each word as a digit, how many letters it begins with like the one before, and its others. Made
/// while this is compiled, so that the list of slices is in no binary.
static FOLDED: [u8; FOLDED_BYTES] = fold();

const FOLDED_BYTES: usize = folded_bytes();

/// The word of that number, from 0; the last for a number beyond.
pub(crate) fn word(index: u16) -> &'static str {
    let place = PLACES.get(usize::from(index)).or_else(|| PLACES.last());
    // A test reads every word: the list is ASCII.
    place.and_then(|place| str::from_utf8(place.trim_ascii_end()).ok()).unwrap_or_default()
}

/// Whether `text` is one of them.
pub(crate) fn is_listed(text: &str) -> bool {
    let mut place = [b' '; WIDTH];
    let Some(letters) = place.get_mut(..text.len()) else {
        return false;
    };
    letters.copy_from_slice(text.as_bytes());
    // The list is sorted, and stays so with the spaces: a test says so.
    !text.ends_with(' ') && PLACES.binary_search(&place).is_ok()
}

/// Words of the list that were heard and typed, with spaces or commas for hyphens and whatever
/// capitals, as they are written; `None` when there are not just so many, or others among them.
pub(crate) fn heard(text: &str, count: usize) -> Option<Zeroizing<String>> {
    let mut written = Zeroizing::new(String::with_capacity(text.len()));
    let is_between = |letter: char| letter.is_whitespace() || matches!(letter, '-' | ',');
    let words = text.split(is_between).filter(|word| !word.is_empty());
    let mut counted = 0;
    for word in words {
        if counted > 0 {
            written.push('-');
        }
        counted += 1;
        let begins = written.len();
        written.extend(word.chars().map(|letter| letter.to_ascii_lowercase()));
        if counted > count || !is_listed(written.get(begins..)?) {
            return None;
        }
    }
    (counted == count).then_some(written)
}

fn unfold() -> Vec<[u8; WIDTH]> {
    let mut place = [b' '; WIDTH];
    let mut places = Vec::with_capacity(WORDS);
    for word in FOLDED.chunk_by(|_, next| !next.is_ascii_digit()) {
        if let Some((shared, letters)) = word.split_first() {
            let own = place.iter_mut().skip(usize::from(shared - b'0'));
            own.zip(letters.iter().chain(repeat(&b' '))).for_each(|(to, letter)| *to = *letter);
            places.push(place);
        }
    }
    places
}

const fn fold() -> [u8; FOLDED_BYTES] {
    let mut folded = [0; FOLDED_BYTES];
    let (mut at, mut index) = (0, 0);
    while index < WORDS {
        let (shared, word) = (shared_letters(index), EFF_LONG_WORDLIST[index].as_bytes());
        folded[at] = b'0' + shared as u8;
        let (_before, from) = folded.split_at_mut(at + 1);
        let (letters, _after) = from.split_at_mut(word.len() - shared);
        letters.copy_from_slice(word.split_at(shared).1);
        at += 1 + word.len() - shared;
        index += 1;
    }
    folded
}

const fn folded_bytes() -> usize {
    let (mut bytes, mut index) = (0, 0);
    while index < WORDS {
        bytes += 1 + EFF_LONG_WORDLIST[index].len() - shared_letters(index);
        index += 1;
    }
    bytes
}

/// Letters with which the word of that number begins like the one before.
const fn shared_letters(index: usize) -> usize {
    if index == 0 {
        return 0;
    }
    let (before, word) =
        (EFF_LONG_WORDLIST[index - 1].as_bytes(), EFF_LONG_WORDLIST[index].as_bytes());
    let mut shared = 0;
    while shared < before.len() && shared < word.len() && before[shared] == word[shared] {
        shared += 1;
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_the_eff_s_in_its_order() {
        assert_eq!(EFF_LONG_WORDLIST.len(), WORDS);
        for (index, expected) in (0..).zip(EFF_LONG_WORDLIST) {
            assert_eq!(word(index), expected);
        }
        assert_eq!((word(0), word(7_775), word(u16::MAX)), ("abacus", "zoom", "zoom"));
    }

    #[test]
    fn words_that_were_heard_are_written_as_they_are_in_the_list() {
        let check = |text, expected: Option<&str>| {
            assert_eq!(heard(text, 3).as_deref().map(String::as_str), expected, "{text:?}");
        };
        check("abacus-zoom-lemon", Some("abacus-zoom-lemon"));
        check("  Abacus zoom,  LEMON ", Some("abacus-zoom-lemon"));
        check("abacus zoom", None);
        check("abacus zoom lemon abacus", None);
        check("abacus zoom lemonade-stand", None);
        check("abacus zoom \u{130}", None);
        check("", None);
    }

    #[test]
    fn every_word_of_the_list_is_listed_and_nothing_else() {
        assert!(PLACES.is_sorted());
        assert!(EFF_LONG_WORDLIST.iter().all(|word| is_listed(word)));
        for other in
            ["", " ", "abacu", "abacus ", "Abacus", "abacuses", "zooms", "tapiocas and", "é"]
        {
            assert!(!is_listed(other), "{other:?}");
        }
    }
}
