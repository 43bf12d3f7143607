//! A member's name at the start of what was typed: bare, quoted or after an `@`, in any case, and
//! with as many words as the longest alias that fits.

use sanctuary_crypto::{Alias, lowercase};
use sanctuary_protocol::MemberId;

use super::error::excerpt;
use super::{CommandError, Verb};

/// Slips between a word and the one it is taken for. Two is a swapped pair of letters.
pub(super) const SLIPS_MAX: usize = 2;

type Roster<'r> = [(MemberId, &'r Alias)];

/// The member named first, and what follows the name.
pub(super) fn first<'t>(
    text: &'t str,
    verb: &Verb,
    roster: &Roster<'_>,
) -> Result<(MemberId, &'t str), CommandError> {
    if text.is_empty() || text == "@" {
        return Err(CommandError::MissingName { usage: verb.usage });
    }
    let name = match quotation(text) {
        Some((quoted, rest)) => {
            let whole = |alias: &str| strip(quoted, alias).filter(|rest| rest.is_empty());
            pick(roster, |alias| whole(alias).map(|_| (quoted, rest)))
        }
        None => pick(roster, |alias| {
            let bare = text.strip_prefix('@').unwrap_or(text);
            [text, bare].into_iter().find_map(|text| {
                let rest = strip(text, alias)?;
                let ends = rest.is_empty() || rest.starts_with(char::is_whitespace);
                ends.then(|| (&text[..text.len() - rest.len()], rest))
            })
        }),
    };
    name.unwrap_or_else(|| Err(unknown(first_word(text), roster)))
}

/// The member whose name is all that was typed.
pub(super) fn only(text: &str, verb: &Verb, roster: &Roster<'_>) -> Result<MemberId, CommandError> {
    let (member, rest) = first(text, verb, roster)?;
    if rest.trim().is_empty() { Ok(member) } else { Err(unknown(text, roster)) }
}

/// A name as it is safe to type before other words.
pub(super) fn quoted(name: &str) -> String {
    if name.contains('"') { name.to_owned() } else { format!("\"{name}\"") }
}

type Found<'t> = Option<Result<(MemberId, &'t str), CommandError>>;

/// The member whose alias takes most of the text; capitals decide between two that take the same.
/// `find` says what an alias takes of the text and what it leaves.
fn pick<'t>(roster: &Roster<'_>, find: impl Fn(&str) -> Option<(&'t str, &'t str)>) -> Found<'t> {
    let fitting: Vec<_> = roster
        .iter()
        .filter_map(|(member, alias)| {
            let (typed, rest) = find(alias.as_str())?;
            Some((*member, alias.as_str(), typed, rest))
        })
        .collect();
    let shortest = fitting.iter().map(|(_, _, _, rest)| rest.len()).min()?;
    let longest = || fitting.iter().filter(|(_, _, _, rest)| rest.len() == shortest);
    let exact = || longest().filter(|(_, alias, typed, _)| alias == typed);
    let chosen = match (longest().count(), exact().count()) {
        (1, _) => longest().next(),
        (_, 1) => exact().next(),
        _ => None,
    };
    Some(match chosen {
        Some((member, _, _, rest)) => Ok((*member, rest)),
        None => {
            let typed = longest().next().map_or("", |(_, _, typed, _)| typed);
            Err(CommandError::AmbiguousName { typed: excerpt(typed) })
        }
    })
}

/// What follows `alias` in `text`, if the text begins with it in any case.
fn strip<'t>(text: &'t str, alias: &str) -> Option<&'t str> {
    let wanted: String = alias.chars().map(small).collect();
    let mut wanted = wanted.as_str();
    let mut characters = text.chars();
    while !wanted.is_empty() {
        wanted = wanted.strip_prefix(&small(characters.next()?))?;
    }
    Some(characters.as_str())
}

fn small(character: char) -> String {
    lowercase(character.encode_utf8(&mut [0; 4]))
}

fn quotation(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('@').unwrap_or(text).strip_prefix('"')?.split_once('"')
}

fn first_word(text: &str) -> &str {
    match quotation(text) {
        Some((quoted, _)) => quoted,
        None => text.split_whitespace().next().unwrap_or(text),
    }
}

fn unknown(typed: &str, roster: &Roster<'_>) -> CommandError {
    let bare = lowercase(typed.strip_prefix('@').unwrap_or(typed));
    let nearest = roster
        .iter()
        .filter_map(|(_, alias)| {
            let lower = lowercase(alias.as_str());
            let begins = !bare.is_empty() && (lower.starts_with(&bare) || bare.starts_with(&lower));
            let distance = distance(&bare, &lower);
            // Of a short name, two letters are too much to guess.
            let near = distance <= SLIPS_MAX && distance < lower.chars().count();
            (near || begins).then_some((distance, alias.as_str()))
        })
        .min()
        .map(|(_, alias)| alias.to_owned());
    CommandError::UnknownName { typed: excerpt(typed), nearest }
}

/// How many letters must change, come or go to make one word the other (Levenshtein 1966). Words that
/// differ in length by more than [`SLIPS_MAX`] are simply far apart: what is typed may be long.
pub(super) fn distance(one: &str, other: &str) -> usize {
    let longer = one.chars().count().abs_diff(other.chars().count());
    if longer > SLIPS_MAX { longer } else { strsim::levenshtein(one, other) }
}
