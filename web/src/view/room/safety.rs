//! Safety words: the same on every page when nobody sits between them. They are read aloud, so they
//! are large, and they are not for copying: a stranger in between would copy them too.

use leptos::prelude::*;
use sanctuary_client::room::{Msg, Person, Whose};
use sanctuary_crypto::{Alias, Safety};
use sanctuary_protocol::MemberId;

use super::super::parts::name_or_you;
use super::dialogs::dialog;
use super::{press, read_once};
use crate::runtime::Runtime;

/// The dialog.
pub(super) fn safety(runtime: Runtime, safety: &Safety) -> AnyView {
    let me = read_once(runtime, |room| Some(room.me()));
    let words = safety.words.iter().map(|word| view! { class="s", <li>{*word}</li> });
    let covered = safety.members.iter().map(|(member, alias)| {
        let person = person(*member, alias, me);
        view! { class="s", <li class="chip">{name_or_you(&person)}</li> }
    });
    let body = view! { class="s",
        <ol class="safety-words">{words.collect::<Vec<_>>()}</ol>
        <p>
            "Read these to each other over another channel, a call for instance. "
            "The same words: nobody sits between you. "
            "They change whenever somebody comes or goes."
        </p>
        <div class="safety-covered">
            <h3 class="hint" id="safety-covered">"They cover everybody who can read along:"</h3>
            <ul class="chips" aria-labelledby="safety-covered">{covered.collect::<Vec<_>>()}</ul>
        </div>
    }
    .into_any();
    let close = view! { class="s",
        <button
            class="button button-main"
            type="button"
            autofocus
            on:click=press(runtime, Msg::DismissedDialog)
        >
            "Close"
        </button>
    }
    .into_any();
    dialog(runtime, "dialog", "Safety words".into_any(), body, close)
}

fn person(member: MemberId, alias: &Alias, me: Option<MemberId>) -> Person {
    let whose = if me == Some(member) { Whose::Own } else { Whose::Others };
    Person { member, alias: Some(alias.clone()), whose }
}
