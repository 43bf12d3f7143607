//! How the server was found out, in words: for the banner, and for the line in the timeline.

use leptos::prelude::*;
use sanctuary_client::room::Evidence;

use super::super::parts::name_or_you;

use crate::words::weave;

/// What was found, and by whose word.
pub(super) fn evidence(found: &Evidence) -> AnyView {
    weave(found.phrase(), found.witness.iter().map(name_or_you).collect())
}
