//! What a draft could become at the caret: verbs after a slash, names or words after a verb that
//! takes one, and names after an `@` anywhere.

use std::ops::Range;

use sanctuary_crypto::{Alias, lowercase};
use sanctuary_protocol::{MemberId, Redacted};
use sanctuary_words::{Phrase, phrase};

use super::name::quoted;
use super::verb::{self, DOOR_WORDS, FADING_WORDS, Takes, VERBS, Verb};

/// Completions offered at once: every verb, and as many names as anybody looks through.
pub const COMPLETIONS_MAX: usize = 16;

/// One thing the draft could become.
#[derive(Clone, derive_more::Debug, PartialEq, Eq)]
pub struct Completion {
    /// The part of the draft that goes, in bytes.
    pub replace: Range<usize>,
    /// What comes in its place; the caret goes to its end.
    #[debug("{Redacted}")]
    pub text: String,
    /// What it means.
    pub hint: Phrase,
}

/// What the draft could become, best first; nothing it already is. A caret (in bytes) that is not
/// in the draft counts as the nearest place before it that is.
pub fn complete(input: &str, caret: usize, roster: &[(MemberId, &Alias)]) -> Vec<Completion> {
    let caret = input.floor_char_boundary(caret);
    let mut completions = match order(&input[..caret]) {
        Some(Order::Verb { start }) => verbs(input, start, caret),
        Some(Order::Name { verb, start }) => names(input, verb, start..caret, roster),
        Some(Order::Word { words, start }) => one_of(words, input, start..caret),
        None => Vec::new(),
    };
    if completions.is_empty() {
        completions = mentions(input, caret, roster);
    }
    completions.retain(|completion| input[completion.replace.clone()] != completion.text);
    completions.truncate(COMPLETIONS_MAX);
    completions
}

/// What is being typed of a command.
enum Order {
    /// Its verb, whose slash stands here.
    Verb { start: usize },
    /// The name it takes, which begins here.
    Name { verb: &'static Verb, start: usize },
    /// One of a few words, each with what it does, which begins here.
    Word { words: Vec<(&'static str, Phrase)>, start: usize },
}

fn order(before: &str) -> Option<Order> {
    let start = before.len() - before.trim_start().len();
    let typed = before[start..].strip_prefix('/').filter(|typed| !typed.starts_with('/'))?;
    let Some(end) = typed.find(char::is_whitespace) else {
        return Some(Order::Verb { start });
    };
    let verb = verb::named(&typed[..end])?;
    let rest = typed[end..].trim_start();
    let start = before.len() - rest.len();
    match verb.takes {
        Takes::Name | Takes::NameThenWords => Some(Order::Name { verb, start }),
        Takes::DoorWord => {
            let words = DOOR_WORDS.iter().map(|word| (word.word, word.does)).collect();
            Some(Order::Word { words, start })
        }
        Takes::FadingWord => {
            let words = FADING_WORDS.iter().map(|word| (word.word, word.does)).collect();
            Some(Order::Word { words, start })
        }
        Takes::Nothing | Takes::PerhapsWords | Takes::Words => None,
    }
}

fn verbs(input: &str, start: usize, caret: usize) -> Vec<Completion> {
    let typed = &input[start + 1..caret];
    let after = &input[caret..];
    let mut end = caret + after.find(char::is_whitespace).unwrap_or(after.len());
    if input[end..].starts_with(' ') {
        end += 1;
    }
    VERBS
        .iter()
        .filter(|verb| begins_with(verb.name, typed))
        .map(|verb| {
            let space = if verb.takes == Takes::Nothing { "" } else { " " };
            let text = format!("/{}{space}", verb.name);
            Completion { replace: start..end, text, hint: verb.does }
        })
        .collect()
}

fn names(
    input: &str,
    verb: &Verb,
    typed: Range<usize>,
    roster: &[(MemberId, &Alias)],
) -> Vec<Completion> {
    let space = if verb.takes == Takes::NameThenWords { " " } else { "" };
    let bare = input[typed.clone()].trim_start_matches(['@', '"']);
    matching(bare, roster)
        .map(|name| {
            let name =
                if is_beginning_of_another(name, roster) { quoted(name) } else { name.to_owned() };
            let text = format!("{name}{space}");
            Completion { replace: typed.clone(), text, hint: verb.does }
        })
        .collect()
}

fn one_of(words: Vec<(&'static str, Phrase)>, input: &str, typed: Range<usize>) -> Vec<Completion> {
    words
        .into_iter()
        .filter(|(word, _)| begins_with(word, &input[typed.clone()]))
        .map(|(word, hint)| Completion { replace: typed.clone(), text: word.to_owned(), hint })
        .collect()
}

fn mentions(input: &str, caret: usize, roster: &[(MemberId, &Alias)]) -> Vec<Completion> {
    let Some(at) = input[..caret].rfind('@') else { return Vec::new() };
    // Inside a word it is a mailbox.
    if input[..at].ends_with(char::is_alphanumeric) {
        return Vec::new();
    }
    matching(&input[at + 1..caret], roster)
        .map(|name| Completion {
            replace: at..caret,
            text: format!("@{name} "),
            hint: phrase!("Mention somebody in the room."),
        })
        .collect()
}

fn matching<'r>(typed: &str, roster: &'r [(MemberId, &Alias)]) -> impl Iterator<Item = &'r str> {
    roster.iter().map(|(_, alias)| alias.as_str()).filter(move |name| begins_with(name, typed))
}

fn begins_with(name: &str, typed: &str) -> bool {
    lowercase(name).starts_with(&lowercase(typed))
}

/// Whether words typed after this name could make it another's: `Ann`, when `Ann B` is there.
fn is_beginning_of_another(name: &str, roster: &[(MemberId, &Alias)]) -> bool {
    roster.iter().any(|(_, other)| begins_with(other.as_str(), &format!("{name} ")))
}
