//! What somebody says at once: the words, how they are meant, and which message they reply to.

use sanctuary_protocol::Seq;
use serde::{Deserialize, Serialize};

use crate::command;
use crate::markup::{Markup, plain};

/// What somebody says at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// How they are meant.
    pub manner: Manner,
    /// The place in the room's order of the message they reply to. The message itself is not
    /// repeated: nobody can put words into another's mouth, and whoever came after it learns nothing
    /// of it.
    pub reply_to: Option<Seq>,
    /// The words.
    pub markup: Markup,
}

/// How words are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Manner {
    /// As said.
    Plain,
    /// As what their author does: `/me waves`.
    Action,
}

impl Words {
    /// Said plainly, in reply to nothing.
    pub const fn plain(markup: Markup) -> Self {
        Self { manner: Manner::Plain, reply_to: None, markup }
    }

    /// As a draft that says the same again.
    pub(crate) fn draft(&self) -> String {
        let words = plain(&self.markup);
        match self.manner {
            Manner::Plain => command::said(&words),
            Manner::Action => command::action_draft(&words),
        }
    }
}
