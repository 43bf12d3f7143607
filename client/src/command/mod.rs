//! What the composer's text is: a message, or a command to this page. Names are looked up in the
//! roster here, so that what follows deals in members. Does nothing itself, and knows no screen.

mod error;
mod name;
mod verb;

mod complete;

use sanctuary_crypto::{Alias, Fading};
use sanctuary_protocol::{DoorPolicy, MemberId};

use crate::markup::{self, Markup};

pub use complete::{COMPLETIONS_MAX, Completion, complete};
pub use error::CommandError;
pub use verb::{
    Act, DOOR_WORDS, DoorAct, DoorWord, ESCAPE, FADING_WORDS, FadingWord, Hint, Takes, VERBS, Verb,
};

/// What was composed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Composed {
    /// Words for everybody.
    Say(Markup),
    /// Something to do.
    Command(Command),
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `/exit`: leave.
    Exit {
        /// The last word, if any.
        farewell: Option<Markup>,
    },
    /// `/stop`: end the room for everybody.
    Stop,
    /// `/kick`: put a member out.
    Kick {
        /// Whom.
        member: MemberId,
    },
    /// `/purr`: say something to one member alone.
    Purr {
        /// To whom.
        to: MemberId,
        /// What.
        text: Markup,
    },
    /// `/me`: say what one does.
    Me {
        /// What.
        text: Markup,
    },
    /// `/mute`: hide what a member says.
    Mute {
        /// Whose words.
        member: MemberId,
    },
    /// `/unmute`: show it again.
    Unmute {
        /// Whose words.
        member: MemberId,
    },
    /// `/host`: make another member the host.
    HandOver {
        /// The next host.
        to: MemberId,
    },
    /// `/door open`, `/door ask`, `/door locked`: say who may come in.
    Door {
        /// Who may.
        policy: DoorPolicy,
    },
    /// `/door clear`: forget the failures at the door.
    ClearDoor,
    /// `/fade never`, `/fade 5min`: say how long messages stay.
    Fade {
        /// How long.
        fading: Fading,
    },
    /// `/renew`: make another link; asks first.
    Renew,
    /// `/safety`: show the words to compare.
    Safety,
    /// `/help`: show what can be typed.
    Help,
}

/// Reads what was typed. `me` is who types; `roster` is everybody in the room.
///
/// # Errors
/// When it is neither a message nor a command; the error says what would be.
pub fn parse(
    input: &str,
    me: MemberId,
    roster: &[(MemberId, &Alias)],
) -> Result<Composed, CommandError> {
    let input = input.trim();
    match input.strip_prefix('/') {
        Some(order) if !order.starts_with('/') => command(order, me, roster).map(Composed::Command),
        // Two slashes say one.
        Some(escaped) => message(escaped)?.map(Composed::Say).ok_or(CommandError::Blank),
        None => message(input)?.map(Composed::Say).ok_or(CommandError::Blank),
    }
}

/// Whom a draft is for, as far as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// Whoever is in the room.
    Everybody,
    /// That member alone.
    Member(MemberId),
    /// Nobody: it does something, or names nobody yet.
    Nobody,
}

/// Whom a draft is for, as far as it is written. `me` is who types; `roster` is everybody.
pub fn aim(input: &str, me: MemberId, roster: &[(MemberId, &Alias)]) -> Aim {
    let order = input.trim_start().strip_prefix('/').filter(|order| !order.starts_with('/'));
    let Some(order) = order else { return Aim::Everybody };
    let (typed, rest) = order.split_at(order.find(char::is_whitespace).unwrap_or(order.len()));
    match verb::named(typed) {
        Some(verb) if verb.act == Act::Purr => match name::first(rest.trim_start(), verb, roster) {
            Ok((member, _)) if member != me => Aim::Member(member),
            Ok(_) | Err(_) => Aim::Nobody,
        },
        Some(Verb { act: Act::Me | Act::Exit, .. }) => Aim::Everybody,
        Some(_) | None => Aim::Nobody,
    }
}

/// The beginning of a whisper to that member, to be finished by hand. Quoted, so that no word typed
/// after it can make it another member's name.
pub fn whisper_draft(alias: &Alias) -> String {
    format!("/{} {} ", verb::of(Act::Purr).name, name::quoted(alias.as_str()))
}

/// A draft that says these words and does nothing.
pub(crate) fn said(words: &str) -> String {
    if words.starts_with('/') { format!("/{words}") } else { words.to_owned() }
}

/// A draft that says what one does.
pub(crate) fn action_draft(words: &str) -> String {
    format!("/{} {words}", verb::of(Act::Me).name)
}

fn command(
    order: &str,
    me: MemberId,
    roster: &[(MemberId, &Alias)],
) -> Result<Command, CommandError> {
    let (typed, rest) = order.split_at(order.find(char::is_whitespace).unwrap_or(order.len()));
    let rest = rest.trim_start();
    let verb = verb::named(typed).ok_or_else(|| CommandError::UnknownCommand {
        typed: error::excerpt(typed),
        nearest: verb::nearest(typed),
    })?;
    // Somebody else, whose name is all that follows.
    let whom = || name::only(rest, verb, roster).and_then(|member| other_than(me, member));
    let alone = |command| match rest {
        "" => Ok(command),
        _ => Err(CommandError::Unexpected { usage: verb.usage }),
    };
    match verb.act {
        Act::Me => {
            let text = message(rest)?.ok_or(CommandError::MissingText { usage: verb.usage })?;
            Ok(Command::Me { text })
        }
        Act::Exit => Ok(Command::Exit { farewell: message(rest)? }),
        Act::Stop => alone(Command::Stop),
        Act::Kick => Ok(Command::Kick { member: whom()? }),
        Act::Mute => Ok(Command::Mute { member: whom()? }),
        Act::Unmute => Ok(Command::Unmute { member: whom()? }),
        Act::HandOver => Ok(Command::HandOver { to: whom()? }),
        Act::Purr => {
            let (member, text) = name::first(rest, verb, roster)?;
            let to = other_than(me, member)?;
            let text = message(text.trim_start())?
                .ok_or(CommandError::MissingText { usage: verb.usage })?;
            Ok(Command::Purr { to, text })
        }
        Act::Door => match verb::door_word(rest) {
            Some(DoorAct::Set(policy)) => Ok(Command::Door { policy }),
            Some(DoorAct::Clear) => Ok(Command::ClearDoor),
            None => Err(CommandError::MissingDoorWord { usage: verb.usage }),
        },
        Act::Fade => match verb::fading_word(rest) {
            Some(fading) => Ok(Command::Fade { fading }),
            None => Err(CommandError::MissingFadingWord { usage: verb.usage }),
        },
        Act::Renew => alone(Command::Renew),
        Act::Safety => alone(Command::Safety),
        Act::Help => Ok(Command::Help),
    }
}

fn other_than(me: MemberId, member: MemberId) -> Result<MemberId, CommandError> {
    if member == me { Err(CommandError::Yourself) } else { Ok(member) }
}

/// Words, unless there are none.
fn message(text: &str) -> Result<Option<Markup>, CommandError> {
    let markup = markup::parse(text)?;
    Ok((!markup.is_blank()).then_some(markup))
}

#[cfg(test)]
mod tests;
