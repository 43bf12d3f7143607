//! The server was found out: what it did, and what to do about it. It stands until one leaves.

use leptos::prelude::*;

use super::super::icon::{Icon, icon};
use super::evidence::evidence;
use super::read;
use crate::runtime::Runtime;
use crate::words::say;

/// The banner, where there is anything to say. Its place is always there, so that what comes into
/// it is read out.
pub(super) fn alarm(runtime: Runtime) -> impl IntoView {
    let found = read(runtime, |room| room.evidence().to_vec());
    let words = move || {
        let found = found.get();
        (!found.is_empty()).then(|| {
            let lines = found.iter().map(|it| view! { class="s", <li>{evidence(it)}</li> });
            view! { class="s",
                {icon(Icon::Warning)}
                <div class="alarm-words">
                    <p class="alarm-title">{say!("The server is not being honest.")}</p>
                    <ul class="alarm-evidence">{lines.collect::<Vec<_>>()}</ul>
                    <p>
                        {say!("Do not trust what you read from here on. Leave, and meet elsewhere.")}
                    </p>
                </div>
            }
            .into_any()
        })
    };
    view! { class="s", <div class="alarm" role="alert">{move || words()}</div> }
}
