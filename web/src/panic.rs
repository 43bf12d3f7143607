//! The end of a page whose code broke: it says so, hangs up, and prints where, never what. A
//! panic's own words may quote what somebody wrote.

use std::panic::set_hook;

use leptos::prelude::document;
use wasm_bindgen::JsValue;

use crate::perform::Hands;
use crate::runtime::Runtime;
use crate::words::say;

/// Makes a panic end the page.
pub(crate) fn end_with(runtime: Runtime) {
    set_hook(Box::new(move |panic| {
        let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line()));
        let place = place.unwrap_or_default();
        web_sys::console::error_1(&JsValue::from_str(&format!("Sanctuary broke at {place}")));
        if let Some(body) = document().body() {
            body.set_text_content(Some(say!(
                "Something went wrong in this page, and it has left the room. \
                 Reload it to begin again."
            )));
        }
        // Last: when the panic came from an effect this breaks in turn, and all is said by then.
        runtime.with_hands(Hands::let_go);
    }));
}
