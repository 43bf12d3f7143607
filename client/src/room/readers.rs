//! Who can read what is being written. It is said beside it at all times.

use sanctuary_words::{Sentence, phrase};

use super::{Person, Room, Whose};
use crate::command::{Aim, aim};

/// Who can read what is being written, once it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Nobody: it is a command, or one is alone.
    Nobody(Why),
    /// One member, to whom it is whispered.
    Whispered(Person),
    /// The one other member.
    One(Person),
    /// Everybody who is in the room, whether here or away: so many.
    All(usize),
}

/// Why nobody can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nobody else is there.
    Alone,
    /// It is done, and not said.
    Command,
}

impl Room {
    /// Who can read what is being written, once it is sent.
    pub fn readers(&self) -> Readers {
        match aim(&self.composer.draft, self.me(), &self.names()) {
            Aim::Member(member) => return Readers::Whispered(self.person(member)),
            Aim::Nobody => return Readers::Nobody(Why::Command),
            Aim::Everybody => {}
        }
        let members = self.session.roster().keys().map(|member| self.person(*member));
        let mut others = members.filter(|person| person.whose == Whose::Others);
        match (others.next(), others.count()) {
            (None, _) => Readers::Nobody(Why::Alone),
            (Some(other), 0) => Readers::One(other),
            (Some(_), more) => Readers::All(more + 2),
        }
    }
}

impl Readers {
    /// What is said of them.
    pub fn sentence(&self) -> Sentence {
        let name = |person: &Person| {
            person.alias.as_ref().map(|alias| alias.as_str().to_owned()).unwrap_or_default()
        };
        match self {
            Self::Nobody(Why::Alone) => phrase!("Nobody else is here to read this.").into(),
            Self::Nobody(Why::Command) => phrase!("A command is sent to nobody.").into(),
            Self::Whispered(to) => {
                Sentence::with(phrase!("Only {0} can read this whisper."), [name(to)])
            }
            Self::One(other) => {
                Sentence::with(phrase!("Only you and {0} can read this."), [name(other)])
            }
            Self::All(count) => {
                Sentence::with(phrase!("Only the {0} of you can read this."), [count.to_string()])
            }
        }
    }
}
