//! What happened, in words. What only the server says is said to be its word.

use leptos::prelude::*;
use sanctuary_client::room::{Arrival, Happening, Whose};
use sanctuary_crypto::Fading;

use super::super::icon::{Icon, icon};
use super::super::markup::words;
use super::super::parts::{name, name_or_you};
use super::evidence::{DISHONEST, evidence};
use crate::runtime::Runtime;

/// How much a person should care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    Plain,
    /// Something that should not happen in a room all of whose members and server are honest.
    Grave,
}

/// The line.
pub(super) fn happening(runtime: Runtime, what: &Happening, at: String) -> AnyView {
    let is_grave = weight(what) == Weight::Grave;
    view! { class="s",
        <li class="line happened" class:grave=is_grave>
            {is_grave.then(|| icon(Icon::Warning))}
            <div class="happened-words">{say(runtime, what)}</div>
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

fn say(runtime: Runtime, what: &Happening) -> AnyView {
    match what {
        Happening::Arrived(Arrival::Started) => {
            "You started this room. It lives as long as somebody is in it.".into_any()
        }
        Happening::Arrived(Arrival::LetIn) => {
            "You came in. You see what is said from here on.".into_any()
        }
        Happening::Joined { who, by } => match by.whose {
            Whose::Own => {
                view! { class="s", {name(who)} " came in. Your page opened the door." }.into_any()
            }
            Whose::Others => view! { class="s",
                {name_or_you(who)} " came in. The page of " {name(by)} " opened the door."
            }
            .into_any(),
        },
        Happening::Farewell { who, words: None } => {
            view! { class="s", {name_or_you(who)} " left." }.into_any()
        }
        Happening::Farewell { who, words: Some(last) } => view! { class="s",
            {name_or_you(who)} " left, saying: " {words(last, runtime)}
        }
        .into_any(),
        Happening::Left(who) => {
            view! { class="s", {name(who)} " left, the server says." }.into_any()
        }
        Happening::Expired(who) => {
            view! { class="s", {name(who)} " lost the connection and did not come back." }
                .into_any()
        }
        Happening::Kicked { who, by } => {
            view! { class="s", {name_or_you(by)} " put " {name(who)} " out of the room." }
                .into_any()
        }
        Happening::Removed { who, by } => view! { class="s",
            "The server took the seat of " {name(who)} ". It says that " {name_or_you(by)}
            " asked for it."
        }
        .into_any(),
        Happening::CutOff => view! { class="s",
            "You cannot read what the others say any more, and the door would not let you in \
             again. Ask them some other way to open it; then leave, and come back."
        }
        .into_any(),
        Happening::Muted(who) => view! { class="s",
            "You muted " {name(who)} ". What they write is hidden from you, and nobody is told."
        }
        .into_any(),
        Happening::Unmuted(who) => view! { class="s", "You unmuted " {name(who)} "." }.into_any(),
        Happening::Host(who) => match who.whose {
            Whose::Own => "You are the host now.".into_any(),
            Whose::Others => view! { class="s", {name(who)} " is the host now." }.into_any(),
        },
        Happening::Policy(who) => {
            view! { class="s", {name_or_you(who)} " changed the rules of the room." }.into_any()
        }
        Happening::Fading { by, fading } => {
            let stay = match fading {
                Fading::Never => " set messages to stay.",
                Fading::Hour => " set messages to go after an hour.",
                Fading::Minutes5 => " set messages to go after five minutes.",
                Fading::Seconds30 => " set messages to go after half a minute.",
            };
            view! { class="s", {name_or_you(by)} {stay} }.into_any()
        }
        Happening::Missed { messages: 1 } => {
            "One message was missed while you were away: the server could not keep it.".into_any()
        }
        Happening::Missed { messages } => format!(
            "{messages} messages were missed while you were away: the server could not keep them."
        )
        .into_any(),
        Happening::Unreadable { who, messages: 1 } => view! { class="s",
            "Something came from " {name(who)} " that does not open. It was damaged, or forged."
        }
        .into_any(),
        Happening::Unreadable { who, messages } => {
            let messages = messages.to_string();
            view! { class="s",
                {messages} " messages came from " {name(who)}
                " that do not open. They were damaged, or forged."
            }
            .into_any()
        }
        Happening::Renewed { by } => view! { class="s",
            {name_or_you(by)} " renewed the link. The one shared before opens nothing."
        }
        .into_any(),
        Happening::DoorFailed { failures: _, by } => match by.whose {
            Whose::Own => "Somebody knocked with a wrong password, or gave up.".into_any(),
            Whose::Others => view! { class="s",
                "Somebody knocked with a wrong password, or gave up, the page of " {name(by)}
                " says."
            }
            .into_any(),
        },
        Happening::DoorSlowed => {
            "Wrong passwords were tried too often. The door opens once a minute.".into_any()
        }
        Happening::DoorCleared(who) => view! { class="s",
            {name_or_you(who)} " cleared the wrong passwords. The door opens at once again."
        }
        .into_any(),
        Happening::Tampered(what) => {
            view! { class="s", {DISHONEST} " " {evidence(what)} }.into_any()
        }
        Happening::Resumed => "You are back.".into_any(),
    }
}
