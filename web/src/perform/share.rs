//! Sending something on by whatever the device has for it, where it has something.

use leptos::prelude::window;
use leptos::task::spawn_local;
use sanctuary_client::{Clipboard, CopyOutcome, Msg};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, ShareData};

use crate::runtime::Runtime;

/// Whether there is something.
pub(crate) fn is_offered() -> bool {
    let navigator: JsValue = window().navigator().into();
    js_sys::Reflect::has(&navigator, &"share".into()).unwrap_or(false)
}

/// Offers a link and nothing beside it. Whoever thinks better of it has done nothing wrong.
pub(super) fn share(what: Clipboard, link: &str, runtime: Runtime) {
    let data = ShareData::new();
    data.set_url(link);
    let shared = JsFuture::from(window().navigator().share_with_data(&data));
    spawn_local(async move {
        let Err(error) = shared.await else { return };
        let is_abort = error.dyn_ref::<DomException>().is_some_and(|it| it.name() == "AbortError");
        if !is_abort {
            runtime.dispatch(Msg::Copied { what, outcome: CopyOutcome::Refused });
        }
    });
}
