//! The EFF's long list of words, to be read aloud. Every word stands in a place of one width, which
//! takes half of what a list of slices takes to download, and needs no index.

use diceware_wordlists::EFF_LONG_WORDLIST;

/// How many there are: five throws of a die.
pub(crate) const WORDS: usize = 7_776;

/// Letters of the longest; the places of the others end in spaces.
const WIDTH: usize = 9;

/// Made while this is compiled, so that the list of slices is in no binary.
static PLACES: [[u8; WIDTH]; WORDS] = places();

/// The word of that number, from 0; the last for a number beyond.
pub(crate) fn word(index: u16) -> &'static str {
    let place = &PLACES[usize::from(index).min(WORDS - 1)];
    // A test reads every word: the list is ASCII.
    str::from_utf8(place.trim_ascii_end()).unwrap_or_default()
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

const fn places() -> [[u8; WIDTH]; WORDS] {
    let mut places = [[b' '; WIDTH]; WORDS];
    let mut index = 0;
    while index < WORDS {
        let word = EFF_LONG_WORDLIST[index].as_bytes();
        let (letters, _spaces) = places[index].split_at_mut(word.len());
        letters.copy_from_slice(word);
        index += 1;
    }
    places
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
