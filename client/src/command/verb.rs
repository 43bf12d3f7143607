//! The verbs. One table, which the parser, the help and the completion share.

use sanctuary_crypto::Fading;
use sanctuary_protocol::DoorPolicy;
use sanctuary_words::{Phrase, phrase};

use super::name::{SLIPS_MAX, distance};

/// A command's word, and what to say about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verb {
    /// What it does, for the machine.
    pub act: Act,
    /// Its word, without the slash.
    pub name: &'static str,
    /// How it is typed.
    pub usage: &'static str,
    /// What it does, for a person.
    pub does: Phrase,
    /// What follows it.
    pub takes: Takes,
}

/// What a verb does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Leaves.
    Exit,
    /// Ends the room.
    Stop,
    /// Puts a member out.
    Kick,
    /// Whispers.
    Purr,
    /// Says what one does.
    Me,
    /// Hides what a member says.
    Mute,
    /// Shows it again.
    Unmute,
    /// Makes another member the host.
    HandOver,
    /// Says who may come in, or has the failures at the door forgotten.
    Door,
    /// Says how long messages stay.
    Fade,
    /// Makes another link.
    Renew,
    /// Shows the words to compare.
    Safety,
    /// Lists the verbs.
    Help,
}

/// What follows a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// Words, or nothing.
    PerhapsWords,
    /// Words.
    Words,
    /// A member's name.
    Name,
    /// A member's name, then words.
    NameThenWords,
    /// One of [`DOOR_WORDS`].
    DoorWord,
    /// One of [`FADING_WORDS`].
    FadingWord,
}

/// What can be said of the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoorWord {
    /// The word.
    pub word: &'static str,
    /// What it does, for the machine.
    pub act: DoorAct,
    /// What it does, for a person.
    pub does: Phrase,
}

/// What a word said of the door does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoorAct {
    /// Says who may come in.
    Set(DoorPolicy),
    /// Has the failures forgotten.
    Clear,
}

/// Every word that can be said of the door, in the order they are offered.
pub const DOOR_WORDS: [DoorWord; 4] = [
    DoorWord {
        word: "open",
        act: DoorAct::Set(DoorPolicy::Open),
        does: phrase!("Whoever has the link comes in."),
    },
    DoorWord {
        word: "ask",
        act: DoorAct::Set(DoorPolicy::Ask),
        does: phrase!("The host is asked before anybody comes in."),
    },
    DoorWord {
        word: "locked",
        act: DoorAct::Set(DoorPolicy::Locked),
        does: phrase!("Nobody comes in."),
    },
    DoorWord {
        word: "clear",
        act: DoorAct::Clear,
        does: phrase!("Forget the wrong passwords tried at the door."),
    },
];

/// How long messages can be said to stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FadingWord {
    /// The word.
    pub word: &'static str,
    /// How long, for the machine.
    pub fading: Fading,
    /// What it does, for a person.
    pub does: Phrase,
}

/// Every time that messages can be said to stay, in the order they are offered.
pub const FADING_WORDS: [FadingWord; 4] = [
    FadingWord { word: "never", fading: Fading::Never, does: phrase!("Messages stay.") },
    FadingWord { word: "1h", fading: Fading::Hour, does: phrase!("Messages go after an hour.") },
    FadingWord {
        word: "5min",
        fading: Fading::Minutes5,
        does: phrase!("Messages go after five minutes."),
    },
    FadingWord {
        word: "30s",
        fading: Fading::Seconds30,
        does: phrase!("Messages go after half a minute."),
    },
];

/// Every verb, in the order of the help.
pub const VERBS: [Verb; 13] = [
    Verb {
        act: Act::Purr,
        name: "purr",
        usage: "/purr NAME TEXT",
        does: phrase!("Whisper: shown to that member alone."),
        takes: Takes::NameThenWords,
    },
    Verb {
        act: Act::Me,
        name: "me",
        usage: "/me TEXT",
        does: phrase!("Say what you do: \u{201c}/me waves\u{201d}."),
        takes: Takes::Words,
    },
    Verb {
        act: Act::Kick,
        name: "kick",
        usage: "/kick NAME",
        does: phrase!("Put a member out of the room."),
        takes: Takes::Name,
    },
    Verb {
        act: Act::Mute,
        name: "mute",
        usage: "/mute NAME",
        does: phrase!("Hide what a member says from now on, from you alone."),
        takes: Takes::Name,
    },
    Verb {
        act: Act::Unmute,
        name: "unmute",
        usage: "/unmute NAME",
        does: phrase!("Show what a muted member says again."),
        takes: Takes::Name,
    },
    Verb {
        act: Act::HandOver,
        name: "host",
        usage: "/host NAME",
        does: phrase!("Make another member the host."),
        takes: Takes::Name,
    },
    Verb {
        act: Act::Exit,
        name: "exit",
        usage: "/exit [FAREWELL]",
        does: phrase!("Leave the room, with a last word if you like."),
        takes: Takes::PerhapsWords,
    },
    Verb {
        act: Act::Stop,
        name: "stop",
        usage: "/stop",
        does: phrase!("End the room for everybody."),
        takes: Takes::Nothing,
    },
    Verb {
        act: Act::Door,
        name: "door",
        usage: "/door open|ask|locked|clear",
        does: phrase!("Say who may come in, or forget the wrong passwords tried."),
        takes: Takes::DoorWord,
    },
    Verb {
        act: Act::Fade,
        name: "fade",
        usage: "/fade never|1h|5min|30s",
        does: phrase!("Say how long messages stay, on everybody\u{2019}s page."),
        takes: Takes::FadingWord,
    },
    Verb {
        act: Act::Renew,
        name: "renew",
        usage: "/renew",
        does: phrase!("Make a new link. The old one stops working; everybody inside stays."),
        takes: Takes::Nothing,
    },
    Verb {
        act: Act::Safety,
        name: "safety",
        usage: "/safety",
        does: phrase!("Show the words to compare, so that you know who is here."),
        takes: Takes::Nothing,
    },
    Verb {
        act: Act::Help,
        name: "help",
        usage: "/help",
        does: phrase!("Show what can be typed."),
        takes: Takes::Nothing,
    },
];

/// What can be typed besides the verbs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    /// How it is typed.
    pub usage: &'static str,
    /// What it does, for a person.
    pub does: Phrase,
}

/// How a message begins with a slash; the help's last line.
pub const ESCAPE: Hint =
    Hint { usage: "//TEXT", does: phrase!("Say something that begins with a slash.") };

pub(super) fn named(typed: &str) -> Option<&'static Verb> {
    VERBS.iter().find(|verb| verb.name.eq_ignore_ascii_case(typed))
}

pub(super) fn of(act: Act) -> &'static Verb {
    // The first stands in for a verb the table lacks; a test says that it lacks none.
    VERBS.iter().find(|verb| verb.act == act).unwrap_or(&VERBS[0])
}

pub(super) fn door_word(typed: &str) -> Option<DoorAct> {
    let word = DOOR_WORDS.iter().find(|word| word.word.eq_ignore_ascii_case(typed))?;
    Some(word.act)
}

pub(super) fn fading_word(typed: &str) -> Option<Fading> {
    let word = FADING_WORDS.iter().find(|word| word.word.eq_ignore_ascii_case(typed))?;
    Some(word.fading)
}

/// The verb that is `typed` but for a slip of the finger or two.
pub(super) fn nearest(typed: &str) -> Option<&'static str> {
    let near = VERBS.iter().map(|verb| (distance(typed, verb.name), verb.name));
    near.min()
        .filter(|(distance, name)| *distance <= SLIPS_MAX && *distance < name.len())
        .map(|(_, name)| name)
}
