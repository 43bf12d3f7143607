//! Who wants to come in, where somebody inside has to let them: a card for each, over the composer.

use leptos::html::Section;
use leptos::prelude::*;
use sanctuary_client::room::{Caller, Msg, Person, Whose};

use super::super::icon::{Icon, icon};
use super::super::listed::{Item, list};
use super::super::parts::{name, plain_name};
use super::{composer, focus, read, read_once, send};
use crate::runtime::Runtime;
use crate::words::say;

/// Cards shown at once: as many as leave a phone's screen something of the conversation.
const CARDS_MAX: usize = 3;

/// The cards. Their place is always there, so that who comes is read out.
pub(super) fn asking(runtime: Runtime) -> impl IntoView {
    let callers = read(runtime, |room| room.asking().to_vec());
    let place = NodeRef::<Section>::new();
    let more = move || callers.read().len().checked_sub(CARDS_MAX).filter(|more| *more > 0);
    let item = move |caller: Caller| {
        let key = [caller.member.0.into(), 0, 0, 0];
        Item::new(key, move || card(runtime, caller, place).into_any())
    };
    view! { class="s",
        <section
            class="asking"
            aria-label=say!("At the door")
            aria-live="polite"
            tabindex="-1"
            node_ref=place
        >
            {list(move || callers.get().into_iter().take(CARDS_MAX).map(item).collect())}
            {move || more().map(|more| view! { class="s",
                <p class="asking-more">{say!("and {0} more", more)}</p>
            }.into_any())}
        </section>
    }
}

fn card(runtime: Runtime, caller: Caller, place: NodeRef<Section>) -> impl IntoView {
    let Caller { member, alias } = caller;
    let person = Person { member, alias: Some(alias), tag: None, whose: Whose::Others };
    let who = plain_name(&person);
    let answer = move |msg: Msg| {
        move |_| {
            send(runtime, msg.clone());
            go_on(runtime, place);
        }
    };
    view! { class="s",
        <div class="caller" role="group" aria-label=say!("{0} wants to come in", who)>
            <p class="caller-words">{icon(Icon::Host)} <span>{say!("{0} wants to come in.", [name(&person)])}</span></p>
            <button
                class="button button-small button-main"
                type="button"
                aria-label=say!("Let in {0}", who)
                on:click=answer(Msg::PressedLetIn(member))
            >
                {say!("Let in")}
            </button>
            <button
                class="button button-small"
                type="button"
                aria-label=say!("Turn away {0}", who)
                on:click=answer(Msg::PressedTurnAway(member))
            >
                {say!("Turn away")}
            </button>
        </div>
    }
}

/// The card that was answered goes, and the focus was in it: it stays by the next one, or goes to
/// where messages are written.
fn go_on(runtime: Runtime, place: NodeRef<Section>) {
    if read_once(runtime, |room| room.asking().is_empty()) {
        focus(composer::ID);
    } else if let Some(place) = place.get_untracked() {
        let _unable = place.focus();
    }
}
