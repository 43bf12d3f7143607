//! `docs/aliases.txt`: which characters an alias takes, and which look alike, as data for whoever writes
//! another client. It is written by these tests from the code; and read by them, to judge names by it
//! and by what `docs/PROTOCOL.md` §8.1 says of it alone.

use std::collections::{BTreeMap, BTreeSet};

use super::{Alias, is_unfit};
use crate::look_alike::{is_punctuation, prototype};
use crate::repertoire::is_mark;

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/aliases.txt");

/// Nothing past this is in Unicode 15.0 but selectors, tags and private use.
const SETTLED_MAX: char = '\u{3ffff}';

const OPENING: &str = "\
# What docs/PROTOCOL.md, section 8.1, says of aliases, as data. A line is a kind and code points in
# hexadecimal digits, one or an inclusive range. It is written by a test of crypto/src/alias/tables.rs.
#
#   take   a character that may stand in a word of an alias
#   mark   of those, one that stands on the character before it
#   drop   a character that a skeleton leaves out, once the prototypes are in their places
#   like   a character, and its prototype
";

/// Whether a character may stand in a word.
fn is_taken(character: char) -> bool {
    !character.is_whitespace() && !is_unfit(character)
}

/// A line for every unbroken run of characters that are so.
fn ranges(kind: &str, is_so: impl Fn(char) -> bool) -> String {
    let mut lines = String::new();
    let mut begun: Option<char> = None;
    let mut last = '\0';
    for character in '\0'..=SETTLED_MAX {
        match (begun, is_so(character)) {
            (None, true) => begun = Some(character),
            (Some(first), false) => {
                lines += &line(kind, first, last);
                begun = None;
            }
            (None, false) | (Some(_), true) => {}
        }
        last = character;
    }
    assert_eq!(begun, None, "nothing is so to the end");
    lines
}

fn line(kind: &str, first: char, last: char) -> String {
    let (first, last) = (u32::from(first), u32::from(last));
    if first == last {
        format!("{kind} {first:04X}\n")
    } else {
        format!("{kind} {first:04X}..{last:04X}\n")
    }
}

fn written() -> String {
    let mut text = OPENING.to_owned();
    text += &ranges("take", is_taken);
    text += &ranges("mark", |it| is_taken(it) && is_mark(it));
    text += &ranges("drop", is_punctuation);
    for character in '\0'..=SETTLED_MAX {
        let prototype = prototype(character);
        if prototype != character {
            text += &format!("like {:04X} {:04X}\n", u32::from(character), u32::from(prototype));
        }
    }
    text
}

/// Run it with `SANCTUARY_WRITE_TABLES=1` to write the file anew.
#[test]
fn the_documented_tables_are_ours() {
    let written = written();
    if std::env::var_os("SANCTUARY_WRITE_TABLES").is_some() {
        std::fs::write(DOCUMENT, &written).unwrap();
    }
    let documented = std::fs::read_to_string(DOCUMENT).unwrap_or_default();
    assert!(documented == written, "docs/aliases.txt is not what the code says");
}

#[test]
fn what_is_taken_is_what_the_document_says_in_words() {
    let class = regex::Regex::new(
        r"(?x)^[\p{Age=15.0}--[
            \s\p{Cc}\p{Zl}\p{Zp}\p{Cf}\p{Default_Ignorable_Code_Point}
            \p{Co}\p{Cn}\u{fffd}\u{2800}\u{fffc}\u{16fe4}\u{1d159}
        ]]$",
    );
    let class = class.unwrap();
    let said = ranges("take", |it| class.is_match(it.encode_utf8(&mut [0; 4])));
    assert!(said == ranges("take", is_taken));
}

#[test]
fn nothing_past_the_tables_is_taken() {
    let mut past = (SETTLED_MAX..=char::MAX).skip(1);
    // One in so many: whole blocks of the size of the smallest that Unicode gives away.
    assert!(past.by_ref().step_by(16).all(|it| !is_taken(it)));
}

/// The tables as another client reads them.
#[derive(Default)]
struct Tables {
    take: BTreeSet<char>,
    mark: BTreeSet<char>,
    drop: BTreeSet<char>,
    like: BTreeMap<char, char>,
}

impl Tables {
    fn read() -> Self {
        let mut tables = Self::default();
        let code_point = |digits: &str| char::from_u32(u32::from_str_radix(digits, 16).unwrap());
        for line in std::fs::read_to_string(DOCUMENT).unwrap().lines() {
            let words: Vec<&str> = line.split(' ').collect();
            let set = match words[0] {
                "take" => &mut tables.take,
                "mark" => &mut tables.mark,
                "drop" => &mut tables.drop,
                "like" => {
                    let (from, to) = (code_point(words[1]), code_point(words[2]));
                    tables.like.insert(from.unwrap(), to.unwrap());
                    continue;
                }
                _ => continue,
            };
            let (first, last) = words[1].split_once("..").unwrap_or((words[1], words[1]));
            set.extend(code_point(first).unwrap()..=code_point(last).unwrap());
        }
        tables
    }

    /// Whether a text is an alias, by the document.
    fn takes(&self, text: &str) -> bool {
        use unicode_normalization::UnicodeNormalization as _;

        let is_word = |word: &str| {
            let mut marks = 4;
            !word.is_empty()
                && word.chars().all(|it| {
                    marks = if self.mark.contains(&it) { marks + 1 } else { 0 };
                    marks <= 4 && self.take.contains(&it)
                })
        };
        let is_normal = text.nfkc().eq(text.chars());
        is_normal && text.chars().count() <= 32 && text.split(' ').all(is_word)
    }

    fn skeleton(&self, text: &str) -> String {
        let prototypes = text.chars().map(|it| *self.like.get(&it).unwrap_or(&it));
        let left: String = prototypes.filter(|it| !self.drop.contains(it)).collect();
        if left.is_empty() { text.to_lowercase() } else { left.to_lowercase() }
    }

    /// Whether two aliases look alike, by the document.
    fn are_alike(&self, one: &str, other: &str) -> bool {
        let folded = |text: &str| text.to_uppercase().to_lowercase().replace('ς', "σ");
        self.skeleton(one) == self.skeleton(other)
            || self.skeleton(&folded(one)) == self.skeleton(&folded(other))
    }
}

/// Names of all kinds, and what is none: of one character in so many, alone and in a word.
fn texts() -> Vec<String> {
    let mut texts: Vec<String> = ["", " ", "a ", " a", "a  b", "a b", "a\u{a0}b", "Ame\u{301}lie"]
        .into_iter()
        .map(str::to_owned)
        .collect();
    texts.extend(["a".repeat(32), "a".repeat(33), "é".repeat(32), "é".repeat(33)]);
    for marks in 0..6 {
        texts.push(format!("q{}", "\u{323}".repeat(marks)));
        texts.push(format!("q {}", "\u{301}".repeat(marks)));
    }
    for character in ('\0'..='\u{e01ff}').step_by(23) {
        texts.push(character.to_string());
        texts.push(format!("q{character}"));
    }
    texts
}

#[test]
fn the_documented_tables_judge_as_the_code_does() {
    let tables = Tables::read();
    let (mut taken, mut refused) = (0, 0);
    for text in texts() {
        let is_ours = postcard::from_bytes::<Alias>(&postcard::to_allocvec(&text).unwrap()).is_ok();
        assert_eq!(tables.takes(&text), is_ours, "{text:?}");
        if is_ours { taken += 1 } else { refused += 1 }
    }
    assert!(taken > 5_000 && refused > 5_000, "{taken} {refused}");
}

#[test]
fn the_documented_tables_tell_look_alikes_as_the_code_does() {
    let tables = Tables::read();
    let names = [
        "Ada",
        "aDA",
        "АDA",
        "Straße",
        "STRASSE",
        "Bob",
        "B0b",
        "lan",
        "Ian",
        "al",
        "a1",
        "ALICE",
        "A1ice",
        "Аlісе",
        "A l-i.c_e",
        "Nikos",
        "Νikοs",
        "ΣΟΦΊΑ",
        "σοφία",
        "ΟΔΟΣ",
        "οδος",
        "pay",
        "рау",
        "d'Arc",
        "d’Arc",
        "!!!",
        "???",
        "|",
        "1",
        "I.",
        "ı",
        "İ",
        "ɤ",
        "小明",
        "小红",
        "🐈",
    ];
    let mut alike = 0;
    for one in names {
        for other in names {
            let ours = Alias::new(one).unwrap().looks_like(&Alias::new(other).unwrap());
            assert_eq!(tables.are_alike(one, other), ours, "{one} {other}");
            alike += usize::from(ours && one != other);
        }
    }
    assert!(alike > 20, "{alike}");
}
