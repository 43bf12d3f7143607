//! What Tab offers and what stands dimly after the cursor, from the table of commands. Pure: the
//! living rooms are asked for through a closure, and only where a room may stand.

use sanctuary_protocol::admin::RoomHandle;

use crate::verb::{ALL, Argument, IDLE, TABLE, Value, Verb};

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
    let offered = match earlier.next() {
        None => verbs(),
        Some(verb) => match Verb::from_word(verb) {
            Some(verb) => after(verb, &earlier.collect::<Vec<_>>(), word, living_rooms),
            None => Vec::new(),
        },
    };
    Completion {
        start,
        words: offered.into_iter().filter(|offer| offer.starts_with(word)).collect(),
    }
}

fn verbs() -> Vec<String> {
    TABLE.iter().map(|verb| verb.word.to_owned()).collect()
}

/// What may follow a verb and the words after it.
fn after(
    verb: &Verb,
    earlier: &[&str],
    word: &str,
    living_rooms: impl FnOnce() -> Vec<RoomHandle>,
) -> Vec<String> {
    let named = |name: &str| verb.flags.iter().find(|flag| flag.name == name);
    if let Some(flag) = earlier.last().and_then(|last| named(last)) {
        return match flag.value {
            Value::OneOf(words) => words.iter().map(|word| (*word).to_owned()).collect(),
            Value::Span => Vec::new(),
        };
    }
    if word.starts_with('-') {
        return verb.flags.iter().map(|flag| flag.name.to_owned()).collect();
    }
    let mut offered = match earlier {
        [] => arguments(verb, living_rooms),
        _ => Vec::new(),
    };
    let is_text = verb.argument == Argument::Target && earlier.first() != Some(&IDLE);
    if !is_text {
        let unused = verb.flags.iter().filter(|flag| !earlier.contains(&flag.name));
        offered.extend(unused.map(|flag| flag.name.to_owned()));
    }
    offered
}

fn arguments(verb: &Verb, living_rooms: impl FnOnce() -> Vec<RoomHandle>) -> Vec<String> {
    let handles = || living_rooms().iter().map(RoomHandle::to_string).collect::<Vec<_>>();
    match verb.argument {
        Argument::None | Argument::Text => Vec::new(),
        Argument::Room => handles(),
        Argument::Target => {
            let mut words = handles();
            words.extend([ALL, IDLE].map(str::to_owned));
            words
        }
        Argument::OnOff => ["on", "off"].map(str::to_owned).to_vec(),
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
    let shape = match verb.shape() {
        shape if shape.is_empty() => shape,
        shape => format!("{space}{shape}"),
    };
    (!shape.is_empty() || !rest.is_empty()).then_some(Hint { rest, shape })
}

fn only_continuation(word: &str) -> Option<(&'static Verb, &'static str)> {
    let mut continuations =
        TABLE.iter().filter_map(|verb| Some((verb, verb.word.strip_prefix(word)?)));
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
        let all: Vec<_> = TABLE.iter().map(|verb| verb.word).collect();
        check("", 0, &all);
        check("ro", 0, &["rooms", "room"]);
        check("  pu", 2, &["purge"]);
        check("room ", 5, &["r1", "r7", "r12"]);
        check("room r1", 5, &["r1", "r12"]);
        check("purge ", 6, &["r1", "r7", "r12", "all", "idle"]);
        check("purge a", 6, &["all"]);
        check("purge\u{2003}a", 8, &["all"]);
        check("purge idle ", 11, &["--older"]);
        check("purge idle --older ", 19, &[]);
        check("rooms ", 6, &["--sort"]);
        check("rooms --sort m", 13, &["members"]);
        check("admit o", 6, &["on", "off"]);
        check("help st", 5, &["status", "stats", "stop"]);
        check("status ", 7, &[]);
        check("purge r7 ", 9, &[]);
        check("kick ", 5, &[]);
    }

    #[test]
    fn the_server_is_not_asked_where_no_room_may_stand() {
        for line in ["", "ro", "help ", "rooms ", "purge r7 ", "admit "] {
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
        check("pu", Some(("rge", " r7|all|idle [reason] [--older 1h]")));
        check("purge", Some(("", " r7|all|idle [reason] [--older 1h]")));
        check("purge ", Some(("", "r7|all|idle [reason] [--older 1h]")));
        check("purge r", None);
        check("room", Some(("", " r7")));
        check("roo", None);
        check("rooms", Some(("", " [--sort age|members|bytes]")));
        check("stop", None);
        check("sto", Some(("p", "")));
        check("x", None);
        check("pu ", None);
    }
}
