//! What follows a verb, word by word: flags apart from the rest, and each misuse in words.

use std::time::Duration;

use sanctuary_protocol::Text;
use sanctuary_protocol::admin::RoomHandle;
use sanctuary_protocol::limits::NOTICE_BYTES_MAX;

use crate::command::ParseError;
use crate::verb::{Argument, Verb};

/// A text for everybody in a room.
pub type Notice = Text<NOTICE_BYTES_MAX>;

/// Characters of an operator's word that an error repeats: enough to recognise it by.
const REPEATED_CHARACTERS_MAX: usize = 40;

/// The words after a verb.
#[derive(Debug)]
pub struct Words<'line> {
    verb: &'static Verb,
    words: Vec<&'line str>,
    flags: Vec<(&'static str, &'line str)>,
}

impl<'line> Words<'line> {
    /// Takes the flags out of what follows `verb`.
    pub(crate) fn after(verb: &'static Verb, rest: &'line str) -> Result<Self, ParseError> {
        let mut words = Self { verb, words: Vec::new(), flags: Vec::new() };
        let mut coming = rest.split_whitespace();
        while let Some(word) = coming.next() {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (word, None),
            };
            match verb.flags.iter().find(|flag| flag.name == name) {
                Some(flag) => {
                    let missing = ParseError::MissingValue { verb, flag: flag.name };
                    let value = value.or_else(|| coming.next()).ok_or(missing)?;
                    words.flags.push((flag.name, value));
                }
                None if word.starts_with("--") && !words.may_be_text() => {
                    return Err(ParseError::UnknownFlag { verb, word: fit_to_print(word) });
                }
                None => words.words.push(word),
            }
        }
        words.words.reverse();
        Ok(words)
    }

    /// A text may hold anything, from where it begins.
    fn may_be_text(&self) -> bool {
        match self.verb.argument {
            Argument::Text => true,
            Argument::Target => !self.words.is_empty(),
            Argument::None | Argument::Room | Argument::OnOff | Argument::OptionalVerb => false,
        }
    }

    /// The next word.
    pub(crate) fn next(&mut self) -> Option<&'line str> {
        self.words.pop()
    }

    /// The next word, which must be there.
    pub(crate) fn word(&mut self) -> Result<&'line str, ParseError> {
        self.next().ok_or_else(|| self.missing())
    }

    /// The verb needs something after it.
    pub(crate) fn missing(&self) -> ParseError {
        ParseError::MissingArgument { verb: self.verb }
    }

    /// A room's handle.
    pub(crate) fn room(&mut self) -> Result<RoomHandle, ParseError> {
        let word = self.word()?;
        word.parse().map_err(|_| self.wrong(word))
    }

    /// All that is left, as one text; nothing when nothing is.
    pub(crate) fn text(&mut self) -> Result<Option<Notice>, ParseError> {
        let mut words = std::mem::take(&mut self.words);
        words.reverse();
        let joined = words.join(" ");
        // As in a shell: quotes around it are no part of it.
        let unquoted = joined.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let text = unquoted.unwrap_or(&joined).trim();
        if text.is_empty() {
            return Ok(None);
        }
        if text.chars().any(char::is_control) {
            return Err(ParseError::ControlCharacter { verb: self.verb });
        }
        let too_long = |_| ParseError::TextTooLong { verb: self.verb };
        Notice::try_from(text.to_owned()).map(Some).map_err(too_long)
    }

    /// What was given for a flag, the last time it was.
    pub(crate) fn flag(&self, name: &str) -> Option<&'line str> {
        self.flags.iter().rev().find(|(given, _)| *given == name).map(|(_, value)| *value)
    }

    /// A flag's span of time.
    pub(crate) fn span(&self, flag: &'static str) -> Result<Option<Duration>, ParseError> {
        let Some(value) = self.flag(flag) else { return Ok(None) };
        span(value).map(Some).ok_or_else(|| self.wrong_span(flag))
    }

    /// The flag's value is no span, or none it takes.
    pub(crate) fn wrong_span(&self, flag: &'static str) -> ParseError {
        let word = fit_to_print(self.flag(flag).unwrap_or_default());
        ParseError::WrongSpan { verb: self.verb, flag, word }
    }

    /// Fails when a word is left.
    pub(crate) fn end(&mut self) -> Result<(), ParseError> {
        match self.next() {
            Some(word) => Err(self.too_many(word)),
            None => Ok(()),
        }
    }

    /// The next word, left where it is.
    pub(crate) fn peek(&self) -> Option<&'line str> {
        self.words.last().copied()
    }

    /// The word is one more than the verb takes.
    pub(crate) fn too_many(&self, word: &str) -> ParseError {
        ParseError::TooManyArguments { verb: self.verb, word: fit_to_print(word) }
    }

    /// The word is not what the verb takes.
    pub(crate) fn wrong(&self, word: &str) -> ParseError {
        ParseError::WrongArgument { verb: self.verb, word: fit_to_print(word) }
    }

    /// The flag's value is not what it takes.
    pub(crate) fn wrong_value(&self, flag: &'static str, word: &str) -> ParseError {
        ParseError::WrongValue { verb: self.verb, flag, word: fit_to_print(word) }
    }
}

/// A number and a unit: `90s`, `5m`, `1h`, `2d`.
fn span(text: &str) -> Option<Duration> {
    let unit = text.chars().next_back()?;
    let number: u64 = text.strip_suffix(unit)?.parse().ok()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        _ => return None,
    };
    Some(Duration::from_secs(number.checked_mul(seconds)?))
}

/// A word somebody typed, quoted, cut, and with nothing in it that a terminal obeys.
pub(crate) fn fit_to_print(word: &str) -> String {
    let cut: String = word.chars().take(REPEATED_CHARACTERS_MAX).collect();
    let rest = if cut.len() < word.len() { "…" } else { "" };
    format!("`{}{rest}`", cut.escape_debug())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_a_number_and_a_unit() {
        let check = |text: &str, seconds| {
            assert_eq!(span(text).map(|span| span.as_secs()), seconds, "{text:?}");
        };
        check("0s", Some(0));
        check("90s", Some(90));
        check("5m", Some(300));
        check("1h", Some(3_600));
        check("2d", Some(172_800));
        for text in ["", "s", "5", "-5s", "5 s", "5w", "1.5h", "é", "99999999999999999999s"] {
            check(text, None);
        }
        check(&format!("{}d", u64::MAX), None);
    }
}
