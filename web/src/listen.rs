//! What the browser tells the page by itself: another invitation, the page's end, its return, the
//! network, whether anybody looks, the two keys that are heard everywhere. Decides nothing.

use leptos::ev::KeyboardEvent;
use leptos::prelude::{document, window, window_event_listener_untyped};
use sanctuary_client::Msg;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, PageTransitionEvent, VisibilityState};

use crate::perform::address;
use crate::runtime::Runtime;
use crate::view::composes;

/// Listens for as long as the page lives.
pub(crate) fn to_the_browser(runtime: Runtime) {
    window_event_listener_untyped("hashchange", move |_| hear_of_the_address(runtime));
    // It may have changed while the client was on its way.
    hear_of_the_address(runtime);
    // `pagehide` and not `visibilitychange`: looking at another tab is not leaving.
    window_event_listener_untyped("pagehide", move |_| runtime.dispatch(Msg::ClosedPage));
    window_event_listener_untyped("pageshow", |event| {
        // A page kept for the back button has said farewell already: it starts afresh.
        let kept = event.dyn_into().is_ok_and(|event: PageTransitionEvent| event.persisted());
        if kept {
            let _ends_this_page = window().location().reload();
        }
    });
    window_event_listener_untyped("online", move |_| runtime.dispatch(Msg::Woke));
    window_event_listener_untyped("visibilitychange", move |_| {
        if document().visibility_state() == VisibilityState::Visible {
            runtime.dispatch(Msg::Woke);
        }
    });
    for event in ["visibilitychange", "focus", "blur"] {
        window_event_listener_untyped(event, move |_| hear_of_the_gaze(runtime));
    }
    window_event_listener_untyped("keydown", move |event| hear_the_key(&event, runtime));
    // It may have been opened where nobody looks.
    hear_of_the_gaze(runtime);
}

/// A page may be shown in a window that another one has the focus before.
fn hear_of_the_gaze(runtime: Runtime) {
    let is_shown = document().visibility_state() == VisibilityState::Visible;
    let is_looked_at = is_shown && document().has_focus().unwrap_or(true);
    runtime.dispatch(if is_looked_at { Msg::LookedBack } else { Msg::LookedAway });
}

/// A view that takes the key for itself prevents what would follow. One held down is one press.
fn hear_the_key(event: &Event, runtime: Runtime) {
    let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
    if event.default_prevented() || key.repeat() || composes(key) {
        return;
    }
    match key.key().as_str() {
        "Escape" => runtime.dispatch(Msg::PressedEscape),
        "?" if !is_written(key) => runtime.dispatch(Msg::PressedQuestionMark),
        _ => {}
    }
}

/// Whether a letter goes into a field, or belongs to the browser, as all do that are struck with
/// another key than Shift. A field that can only be read, or chosen from, takes no letter.
fn is_written(key: &KeyboardEvent) -> bool {
    let is_held = key.ctrl_key() || key.alt_key() || key.meta_key();
    let target = key.target().and_then(|target| target.dyn_into::<Element>().ok());
    is_held || target.is_some_and(|target| target.matches(":read-write").unwrap_or(true))
}

fn hear_of_the_address(runtime: Runtime) {
    let fragment = address::fragment();
    // The core erases the address, which is a change too.
    if !fragment.is_empty() {
        runtime.dispatch(Msg::ChangedAddress { fragment: fragment.to_string() });
    }
}
