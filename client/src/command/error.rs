//! Why what was typed is neither a message nor a command. Each says what to type instead.

use sanctuary_protocol::Redacted;
use sanctuary_words::{Phrase, Sentence, phrase};

use crate::markup::MarkupError;

/// Characters of what was typed that an error repeats.
const EXCERPT_CHARS_MAX: usize = 32;

/// Why what was typed is neither a message nor a command.
#[derive(Clone, derive_more::Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.sentence())]
pub enum CommandError {
    /// No verb goes by that name.
    UnknownCommand {
        /// The beginning of it, without the slash.
        #[debug("{Redacted}")]
        typed: String,
        /// The verb it resembles.
        nearest: Option<&'static str>,
    },
    /// Nobody in the room goes by that name.
    UnknownName {
        /// The beginning of it.
        #[debug("{Redacted}")]
        typed: String,
        /// The alias it resembles.
        #[debug("{Redacted}")]
        nearest: Option<String>,
    },
    /// More than one member goes by that name.
    AmbiguousName {
        /// The beginning of it.
        #[debug("{Redacted}")]
        typed: String,
    },
    /// A verb that needs a name has none.
    MissingName {
        /// How the verb is used.
        usage: &'static str,
    },
    /// A verb that needs words has none.
    MissingText {
        /// How the verb is used.
        usage: &'static str,
    },
    /// How long messages are to stay is none of the times there are.
    MissingFadingWord {
        /// How the verb is used.
        usage: &'static str,
    },
    /// What is said of the door is none of the words there are.
    MissingDoorWord {
        /// How the verb is used.
        usage: &'static str,
    },
    /// A verb that takes nothing is followed by something.
    Unexpected {
        /// How the verb is used.
        usage: &'static str,
    },
    /// There is nothing to see in it.
    Blank,
    /// The name is that of who types.
    Yourself,
    /// The words are more than a message can hold.
    Markup(#[from] MarkupError),
}

impl CommandError {
    /// What is said of it.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::UnknownCommand { typed, nearest: None } => Sentence::with(
                phrase!(
                    "There is no command /{0}. /help lists them; begin with // to say it instead."
                ),
                [typed.clone()],
            ),
            Self::UnknownCommand { typed, nearest: Some(nearest) } => Sentence::with(
                phrase!(
                    "There is no command /{0}. Did you mean /{1}? /help lists them; begin with // to say it instead."
                ),
                [typed.clone(), (*nearest).to_owned()],
            ),
            Self::UnknownName { typed, nearest: None } => {
                Sentence::with(phrase!("Nobody here is called {0}."), [typed.clone()])
            }
            Self::UnknownName { typed, nearest: Some(nearest) } => Sentence::with(
                phrase!("Nobody here is called {0}. Did you mean {1}?"),
                [typed.clone(), nearest.clone()],
            ),
            Self::AmbiguousName { typed } => Sentence::with(
                phrase!(
                    "More than one member could be {0}. Type the name with its capitals as shown."
                ),
                [typed.clone()],
            ),
            Self::MissingName { usage } => of_usage(phrase!("Whom? Type {0}"), usage),
            Self::MissingText { usage } => of_usage(phrase!("And say what? Type {0}"), usage),
            Self::MissingFadingWord { usage } => {
                of_usage(phrase!("Messages can stay for one of these: type {0}"), usage)
            }
            Self::MissingDoorWord { usage } => {
                of_usage(phrase!("The door can be one of these: type {0}"), usage)
            }
            Self::Unexpected { usage } => of_usage(
                phrase!("Nothing follows {0}. Type it alone, or begin with // to say it instead."),
                usage,
            ),
            Self::Blank => phrase!("Write something first.").into(),
            Self::Yourself => phrase!("That is you. Name somebody else.").into(),
            Self::Markup(error) => error.sentence(),
        }
    }
}

fn of_usage(phrase: Phrase, usage: &str) -> Sentence {
    Sentence::with(phrase, [usage.to_owned()])
}

/// As much of it as a line of error should repeat.
pub(super) fn excerpt(typed: &str) -> String {
    match typed.char_indices().nth(EXCERPT_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &typed[..end]),
        None => typed.to_owned(),
    }
}
