//! It is over: why, what is left, and what can be done next.

use leptos::html::H1;
use leptos::prelude::*;
use sanctuary_client::ended::{Ended, Ending, Msg};
use sanctuary_client::{Model, Msg as PageMsg, Screen};
use sanctuary_crypto::Alias;

use super::door::{Pose, doorway};
use super::markup::plain;
use super::parts::focus_when_shown;
use crate::runtime::Runtime;
use crate::words::say;

/// The screen.
pub(super) fn screen(runtime: Runtime) -> impl IntoView {
    let why = read(runtime, |ended| Some(ended.why.clone()));
    let can_return = read(runtime, Ended::can_return);
    let heading = NodeRef::<H1>::new();
    focus_when_shown(heading);
    let button = move |class: &'static str, name: &'static str, msg: Msg| {
        view! { class="s",
            <button class=class type="button" on:click=move |_| runtime.dispatch(PageMsg::Ended(msg))>
                {name}
            </button>
        }
    };
    view! { class="s",
        <main class="passage passage-ended">
            {doorway(|| Pose::Dark)}
            <div class="passage-words">
                <h1 class="title" tabindex="-1" node_ref=heading>
                    {move || why.get().map(|why| title(&why))}
                </h1>
                <p class="passage-text">
                    {say!("Nothing of this room is kept on this page.")}
                    {move || if can_return.get() {
                        {say!(" Only the way back in is, until you close it.")}
                    } else {
                        ""
                    }}
                </p>
                <p class="passage-text">{move || why.get().and_then(|why| advice(&why))}</p>
            </div>
            <div class="actions">
                {move || can_return.get().then(|| {
                    button("button button-main", say!("Come back"), Msg::PressedAgain).into_any()
                })}
                {move || {
                    let class = if can_return.get() { "button" } else { "button button-main" };
                    button(class, say!("Start another room"), Msg::PressedHome).into_any()
                }}
            </div>
        </main>
    }
}

fn title(why: &Ending) -> AnyView {
    match why {
        Ending::Left => say!("You left the room.").into_any(),
        Ending::Purged => say!("You ended the room for everybody.").into_any(),
        Ending::PurgedBy(who) => say!("{0} ended the room for everybody.", [by(who)]),
        Ending::PurgedByServer => {
            say!("The server ended this room \u{2014} no member asked for it.").into_any()
        }
        Ending::PurgedByOperator(_) => {
            say!("The operator of this server ended the room.").into_any()
        }
        Ending::KickedBy(who) => say!("{0} put you out of the room.", [by(who)]),
        Ending::RemovedFor(who) => {
            say!("{0} put you out of the room, the server says.", [by(who)])
        }
        Ending::KickedByServer => {
            say!("The server put you out \u{2014} no member asked for it.").into_any()
        }
        Ending::Superseded => say!("Your seat was taken from another tab or device.").into_any(),
        Ending::ServerStopped => {
            say!("The server stopped, and its rooms ended with it.").into_any()
        }
        Ending::RoomLost => say!("The room broke on the server and is lost.").into_any(),
        Ending::ProtocolError => {
            say!("This page and the server do not understand each other.").into_any()
        }
    }
}

fn by(who: &Alias) -> AnyView {
    let name = who.as_str().to_owned();
    view! { class="s", <bdi>{name}</bdi> }.into_any()
}

/// What helps, where something does.
fn advice(why: &Ending) -> Option<AnyView> {
    let advice = match why {
        Ending::PurgedByServer | Ending::KickedByServer => {
            say!("A member who does this says so in a sealed message first, and none came.")
        }
        Ending::RemovedFor(_) => say!(
            "A member who does this says so in a sealed message. That one came too late, or not."
        ),
        Ending::ProtocolError => say!("Reloading the page may bring the two together again."),
        Ending::PurgedByOperator(last_word) => {
            let last_word = last_word.as_ref()?;
            let last_word = view! { class="s", <bdi>{plain(last_word)}</bdi> };
            return Some(say!("The operator’s last word, not encrypted: {0}", [last_word]));
        }
        Ending::Left
        | Ending::Purged
        | Ending::PurgedBy(_)
        | Ending::KickedBy(_)
        | Ending::Superseded
        | Ending::ServerStopped
        | Ending::RoomLost => return None,
    };
    Some(advice.into_any())
}

fn read<T>(runtime: Runtime, part: impl Fn(&Ended) -> T + Send + Sync + 'static) -> Memo<T>
where
    T: Clone + Default + PartialEq + Send + Sync + 'static,
{
    runtime.read(move |Model { screen, .. }| match screen {
        Screen::Ended(ended) => part(ended),
        Screen::Home(_) | Screen::Joining(_) | Screen::Room(_) => T::default(),
    })
}
