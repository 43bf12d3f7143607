//! The clipboard, where the browser lets a page have one: not over plain http.

use leptos::prelude::window;
use leptos::task::spawn_local;
use sanctuary_client::{Clipboard, CopyOutcome, Msg};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::runtime::Runtime;

/// Puts text on the clipboard, and says how that went.
pub(super) fn copy(what: Clipboard, text: &str, runtime: Runtime) {
    let clipboard = window().navigator().clipboard();
    if AsRef::<JsValue>::as_ref(&clipboard).is_undefined() {
        runtime.dispatch(Msg::Copied { what, outcome: CopyOutcome::Refused });
        return;
    }
    let written = JsFuture::from(clipboard.write_text(text));
    spawn_local(async move {
        let outcome = match written.await {
            Ok(_) => CopyOutcome::Done,
            Err(_) => CopyOutcome::Refused,
        };
        runtime.dispatch(Msg::Copied { what, outcome });
    });
}
