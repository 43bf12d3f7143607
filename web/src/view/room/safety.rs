//! Safety words: the same on every page when nobody sits between them. They are read aloud, so they
//! are large, and they are not for copying: a stranger in between would copy them too.

use leptos::prelude::*;
use sanctuary_crypto::Safety;

use super::super::parts::{key_tag, name_or_you};
use super::dialogs::{close, dialog};
use super::read_once;
use crate::runtime::Runtime;
use crate::words::say;

/// The dialog.
pub(super) fn safety(runtime: Runtime, safety: &Safety) -> AnyView {
    let words = safety.words.iter().map(|word| view! { class="s", <li>{*word}</li> });
    let safety = safety.clone();
    let covered = read_once(runtime, move |room| room.covered(&safety));
    let covered = covered.iter().map(|person| {
        view! { class="s", <li class="chip">{name_or_you(person)} " " {key_tag(person)}</li> }
    });
    let body = view! { class="s",
        <ol class="safety-words">{words.collect::<Vec<_>>()}</ol>
        <p>
            {say!(
                "Read these to each other over another channel, a call for instance. \
                 The same words: nobody sits between you. \
                 They change whenever somebody comes or goes."
            )}
        </p>
        <div class="safety-covered">
            <h3 class="hint" id="safety-covered">{say!("They cover everybody who can read along:")}</h3>
            <ul class="chips" aria-labelledby="safety-covered">{covered.collect::<Vec<_>>()}</ul>
            <p class="hint">
                {say!("Short tags tell two alike names apart. They are a hint: \
                 compare the words above to be sure.")}
            </p>
        </div>
    }
    .into_any();
    dialog(runtime, "dialog", say!("Safety words").into_any(), body, close(runtime))
}
