//! Why what was typed is neither a message nor a command. Each says what to type instead.

use crate::markup::MarkupError;

/// Characters of what was typed that an error repeats.
const EXCERPT_CHARS_MAX: usize = 32;

/// Why what was typed is neither a message nor a command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// No verb goes by that name.
    #[error(
        "There is no command /{typed}.{} /help lists them; begin with // to say it instead.",
        suggestion("/", *.nearest)
    )]
    UnknownCommand {
        /// The beginning of it, without the slash.
        typed: String,
        /// The verb it resembles.
        nearest: Option<&'static str>,
    },
    /// Nobody in the room goes by that name.
    #[error("Nobody here is called {typed}.{}", suggestion("", .nearest.as_deref()))]
    UnknownName {
        /// The beginning of it.
        typed: String,
        /// The alias it resembles.
        nearest: Option<String>,
    },
    /// More than one member goes by that name.
    #[error("More than one member could be {typed}. Type the name with its capitals as shown.")]
    AmbiguousName {
        /// The beginning of it.
        typed: String,
    },
    /// A verb that needs a name has none.
    #[error("Whom? Type {usage}")]
    MissingName {
        /// How the verb is used.
        usage: &'static str,
    },
    /// A verb that needs words has none.
    #[error("And say what? Type {usage}")]
    MissingText {
        /// How the verb is used.
        usage: &'static str,
    },
    /// How long messages are to stay is none of the times there are.
    #[error("Messages can stay for one of these: type {usage}")]
    MissingFadingWord {
        /// How the verb is used.
        usage: &'static str,
    },
    /// What is said of the door is none of the words there are.
    #[error("The door can be one of these: type {usage}")]
    MissingDoorWord {
        /// How the verb is used.
        usage: &'static str,
    },
    /// A verb that takes nothing is followed by something.
    #[error("Nothing follows {usage}. Type it alone, or begin with // to say it instead.")]
    Unexpected {
        /// How the verb is used.
        usage: &'static str,
    },
    /// There is nothing to see in it.
    #[error("Write something first.")]
    Blank,
    /// The name is that of who types.
    #[error("That is you. Name somebody else.")]
    Yourself,
    /// The words are more than a message can hold.
    #[error(transparent)]
    Markup(#[from] MarkupError),
}

fn suggestion(prefix: &str, nearest: Option<&str>) -> String {
    nearest.map(|name| format!(" Did you mean {prefix}{name}?")).unwrap_or_default()
}

/// As much of it as a line of error should repeat.
pub(super) fn excerpt(typed: &str) -> String {
    match typed.char_indices().nth(EXCERPT_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &typed[..end]),
        None => typed.to_owned(),
    }
}
