//! What Tab offers and what stands dimly after the cursor, from the table of commands. Pure: the
//! living rooms are asked for through a closure, and only where a room may stand.

use sanctuary_protocol::admin::RoomHandle;

use crate::command::{ALL, Argument, Verb};

/// What Tab offers: the words that may stand at the cursor, and where the word they replace begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Bytes before the word at the cursor.
    pub start: usize,
    /// The words, whole.
    pub words: Vec<String>,
}

/// The words that may stand at `position` (in bytes) of `line`.
pub fn complete(
    line: &str,
    position: usize,
    living_rooms: impl FnOnce() -> Vec<RoomHandle>,
) -> Completion {
    let before = line.get(..position).unwrap_or(line);
    let start = before
        .rfind(char::is_whitespace)
        .map_or(0, |space| space + before[space..].chars().next().map_or(0, char::len_utf8));
    let (earlier, word) = before.split_at(start);
    let mut earlier = earlier.split_whitespace();
    let offered = match (earlier.next(), earlier.next()) {
        (None, _) => verbs(),
        (Some(verb), None) => arguments(Verb::from_word(verb), living_rooms),
        (Some(_), Some(_)) => Vec::new(),
    };
    Completion {
        start,
        words: offered.into_iter().filter(|offer| offer.starts_with(word)).collect(),
    }
}

fn verbs() -> Vec<String> {
    Verb::ALL.map(|verb| verb.row().word.to_owned()).to_vec()
}

fn arguments(verb: Option<Verb>, living_rooms: impl FnOnce() -> Vec<RoomHandle>) -> Vec<String> {
    let Some(verb) = verb else { return Vec::new() };
    let handles = || living_rooms().iter().map(RoomHandle::to_string).collect::<Vec<_>>();
    match verb.row().argument {
        Argument::None => Vec::new(),
        Argument::Room => handles(),
        Argument::RoomOrAll => {
            let mut words = handles();
            words.push(ALL.to_owned());
            words
        }
        Argument::OptionalVerb => verbs(),
    }
}

/// What stands dimly after the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The rest of the verb: what the right arrow types.
    pub rest: &'static str,
    /// What else the command takes: shown, not typed.
    pub shape: String,
}

/// The hint for a line with the cursor at its end: the rest of the only verb it can become, then
/// what that verb takes.
pub fn hint(line: &str) -> Option<Hint> {
    let typed = line.trim_start();
    let (word, after) = typed
        .split_once(char::is_whitespace)
        .map_or((typed, None), |(word, rest)| (word, Some(rest)));
    if word.is_empty() || after.is_some_and(|after| !after.trim().is_empty()) {
        return None;
    }
    let (verb, rest) = match Verb::from_word(word) {
        Some(verb) => (verb, ""),
        None if after.is_some() => return None,
        None => only_continuation(word)?,
    };
    let space = if after.is_some() { "" } else { " " };
    let shape = verb.row().argument.shape().map(|shape| format!("{space}{shape}"));
    match shape {
        None if rest.is_empty() => None,
        shape => Some(Hint { rest, shape: shape.unwrap_or_default() }),
    }
}

fn only_continuation(word: &str) -> Option<(Verb, &'static str)> {
    let mut continuations =
        Verb::ALL.into_iter().filter_map(|verb| Some((verb, verb.row().word.strip_prefix(word)?)));
    match (continuations.next(), continuations.next()) {
        (Some(only), None) => Some(only),
        (Some(_), Some(_)) | (None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rooms() -> Vec<RoomHandle> {
        [1, 7, 12].map(RoomHandle).to_vec()
    }

    #[test]
    fn tab_offers_what_may_stand_at_the_cursor() {
        let check = |line: &str, start: usize, expected: &[&str]| {
            let completion = complete(line, line.len(), rooms);
            assert_eq!(completion.start, start, "{line:?}");
            assert_eq!(completion.words, expected, "{line:?}");
        };
        check("", 0, &["rooms", "room", "purge", "status", "help", "quit"]);
        check("ro", 0, &["rooms", "room"]);
        check("  pu", 2, &["purge"]);
        check("room ", 5, &["r1", "r7", "r12"]);
        check("room r1", 5, &["r1", "r12"]);
        check("purge ", 6, &["r1", "r7", "r12", "all"]);
        check("purge a", 6, &["all"]);
        check("purge\u{2003}a", 8, &["all"]);
        check("help s", 5, &["status"]);
        check("rooms ", 6, &[]);
        check("purge r7 ", 9, &[]);
        check("kick ", 5, &[]);
    }

    #[test]
    fn the_server_is_not_asked_where_no_room_may_stand() {
        for line in ["", "ro", "help ", "rooms ", "purge r7 "] {
            complete(line, line.len(), || panic!("asked for {line:?}"));
        }
    }

    #[test]
    fn a_hint_finishes_the_verb_and_shows_what_it_takes() {
        let check = |line: &str, expected: Option<(&'static str, &str)>| {
            let expected = expected.map(|(rest, shape)| Hint { rest, shape: shape.to_owned() });
            assert_eq!(hint(line), expected, "{line:?}");
        };
        check("", None);
        check("pu", Some(("rge", " r7|all")));
        check("purge", Some(("", " r7|all")));
        check("purge ", Some(("", "r7|all")));
        check("purge r", None);
        check("room", Some(("", " r7")));
        check("roo", None);
        check("rooms", None);
        check("st", Some(("atus", "")));
        check("x", None);
        check("pu ", None);
    }
}
