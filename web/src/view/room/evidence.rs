//! How the server was found out, in words: for the banner, and for the line in the timeline.

use leptos::prelude::*;
use sanctuary_client::room::Evidence;
use sanctuary_crypto::Tampering;

use super::super::parts::name_or_you;

/// What all of it means.
pub(super) const DISHONEST: &str = "The server is not being honest.";

/// What was found, and by whose word.
pub(super) fn evidence(found: &Evidence) -> AnyView {
    let Evidence { what, witness } = found;
    match (what, witness) {
        (Tampering::Forked { .. }, Some(witness)) => view! { class="s",
            "The page of " {name_or_you(witness)} " saw another room than yours."
        }
        .into_any(),
        (Tampering::Relabelled { .. }, Some(from)) => view! { class="s",
            "It passed a message on in the name of " {name_or_you(from)} "."
        }
        .into_any(),
        (Tampering::Gap { .. }, Some(from)) => view! { class="s",
            "It left out or repeated messages of " {name_or_you(from)} "."
        }
        .into_any(),
        (
            Tampering::Order
            | Tampering::Forged
            | Tampering::Dropped
            | Tampering::Absence
            | Tampering::Relabelled { .. }
            | Tampering::Gap { .. }
            | Tampering::Forked { .. }
            | Tampering::Reopened,
            _,
        ) => what.to_string().into_any(),
    }
}
