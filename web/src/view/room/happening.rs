//! What happened, in words. What only the server says is said to be its word.

use leptos::prelude::*;
use sanctuary_client::room::{Arrival, Happening, Person, Whose};
use sanctuary_crypto::Fading;
use sanctuary_words::{Phrase, phrase};

use super::super::icon::{Icon, icon};
use super::super::markup;
use super::super::parts::{name, name_or_you};
use super::evidence::evidence;
use super::timeline::Row;
use crate::runtime::Runtime;
use crate::words::{self, say, weave};

/// How much a person should care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    Plain,
    /// Something that should not happen in a room all of whose members and server are honest.
    Grave,
}

/// The line.
pub(super) fn happening(runtime: Runtime, row: Row, what: &Happening, at: String) -> AnyView {
    let is_grave = weight(what) == Weight::Grave;
    view! { class="s",
        <li class="line happened" class:grave=is_grave aria-live=row.speech.live()>
            {is_grave.then(|| icon(Icon::Warning))}
            <div class="happened-words">{tell(runtime, what)}</div>
            <time class="at">{at}</time>
        </li>
    }
    .into_any()
}

const fn weight(what: &Happening) -> Weight {
    match what {
        Happening::Removed { .. }
        | Happening::CutOff
        | Happening::Unreadable { .. }
        | Happening::Missed { .. }
        | Happening::DoorSlowed
        | Happening::Tampered(_) => Weight::Grave,
        Happening::Arrived(_)
        | Happening::Joined { .. }
        | Happening::Farewell { .. }
        | Happening::Undelivered { .. }
        | Happening::Left(_)
        | Happening::Expired(_)
        | Happening::Kicked { .. }
        | Happening::Muted(_)
        | Happening::Unmuted(_)
        | Happening::Host(_)
        | Happening::Policy(_)
        | Happening::Fading { .. }
        | Happening::Renewed { .. }
        | Happening::DoorFailed { .. }
        | Happening::DoorCleared(_)
        | Happening::Resumed => Weight::Plain,
    }
}

fn tell(runtime: Runtime, what: &Happening) -> AnyView {
    match what {
        Happening::Arrived(Arrival::Started) => {
            say!("You started this room. It lives as long as somebody is in it.").into_any()
        }
        Happening::Arrived(Arrival::LetIn) => {
            say!("You came in. You see what is said from here on.").into_any()
        }
        Happening::Joined { who, by } => match by.whose {
            Whose::Own => say!("{0} came in. Your page opened the door.", [name(who)]),
            Whose::Others => {
                say!("{0} came in. The page of {1} opened the door.", [name(who), name(by)])
            }
        },
        Happening::Farewell { who, words: None } => {
            about(who, phrase!("You left."), phrase!("{0} left."))
        }
        Happening::Farewell { who, words: Some(last) } => {
            say!("{0} left, saying: {1}", [name_or_you(who), markup::words(last, runtime)])
        }
        Happening::Undelivered { to, words } => {
            say!("{0} has gone, and was not told: {1}", [name(to), markup::words(words, runtime)])
        }
        Happening::Left(who) => say!("{0} left, the server says.", [name(who)]),
        Happening::Expired(who) => {
            say!("{0} lost the connection and did not come back.", [name(who)])
        }
        Happening::Kicked { who, by } => match by.whose {
            Whose::Own => say!("You put {0} out of the room.", [name(who)]),
            Whose::Others => say!("{0} put {1} out of the room.", [name(by), name(who)]),
        },
        Happening::Removed { who, by } => match by.whose {
            Whose::Own => {
                say!("The server took the seat of {0}. It says that you asked for it.", [name(who)])
            }
            Whose::Others => say!(
                "The server took the seat of {0}. It says that {1} asked for it.",
                [name(who), name(by)]
            ),
        },
        Happening::CutOff => say!(
            "You cannot read what the others say any more, and the door would not let you in \
             again. Ask them some other way to open it; then leave, and come back."
        )
        .into_any(),
        Happening::Muted(who) => say!(
            "You muted {0}. What they write is hidden from you, and nobody is told.",
            [name(who)]
        ),
        Happening::Unmuted(who) => say!("You unmuted {0}.", [name(who)]),
        Happening::Host(who) => {
            about(who, phrase!("You are the host now."), phrase!("{0} is the host now."))
        }
        Happening::Policy(who) => about(
            who,
            phrase!("You changed the rules of the room."),
            phrase!("{0} changed the rules of the room."),
        ),
        Happening::Fading { by, fading } => {
            let phrase = match fading {
                Fading::Never => phrase!("{0} set messages to stay."),
                Fading::Hour => phrase!("{0} set messages to go after an hour."),
                Fading::Minutes5 => phrase!("{0} set messages to go after five minutes."),
                Fading::Seconds30 => phrase!("{0} set messages to go after half a minute."),
            };
            weave(phrase, vec![name_or_you(by)])
        }
        Happening::Missed { messages: 1 } => {
            say!("One message was missed while you were away: the server could not keep it.")
                .into_any()
        }
        Happening::Missed { messages } => say!(
            "{0} messages were missed while you were away: the server could not keep them.",
            messages
        )
        .into_any(),
        Happening::Unreadable { who, messages: 1 } => say!(
            "Something came from {0} that does not open. It was damaged, or forged.",
            [name(who)]
        ),
        Happening::Unreadable { who, messages } => say!(
            "{0} messages came from {1} that do not open. They were damaged, or forged.",
            [messages.to_string(), name(who)]
        ),
        Happening::Renewed { by } => about(
            by,
            phrase!("You renewed the link. The one shared before opens nothing."),
            phrase!("{0} renewed the link. The one shared before opens nothing."),
        ),
        Happening::DoorFailed { failures: _, by } => about(
            by,
            phrase!("Somebody knocked with a wrong password, or gave up."),
            phrase!("Somebody knocked with a wrong password, or gave up, the page of {0} says."),
        ),
        Happening::DoorSlowed => {
            say!("Wrong passwords were tried too often. The door opens once a minute.").into_any()
        }
        Happening::DoorCleared(who) => about(
            who,
            phrase!("You cleared the wrong passwords. The door opens at once again."),
            phrase!("{0} cleared the wrong passwords. The door opens at once again."),
        ),
        Happening::Tampered(what) => {
            view! { class="s", {say!("The server is not being honest.")} " " {evidence(what)} }
                .into_any()
        }
        Happening::Resumed => say!("You are back.").into_any(),
    }
}

/// A sentence about oneself, or about somebody.
fn about(who: &Person, own: Phrase, others: Phrase) -> AnyView {
    match who.whose {
        Whose::Own => words::spoken(own).into_any(),
        Whose::Others => weave(others, vec![name(who).into_any()]),
    }
}
