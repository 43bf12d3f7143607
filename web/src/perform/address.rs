//! The address bar: an invitation opened in a page that is there already is read once and taken
//! out, so that it stands in no history and over no shoulder. `boot.js` does so for the first.

use leptos::prelude::window;
use wasm_bindgen::JsValue;
use zeroize::Zeroizing;

/// A page that says nothing.
const NOWHERE: &str = "about:blank";

/// What follows the `#`.
pub(crate) fn fragment() -> Zeroizing<String> {
    let hash = window().location().hash().unwrap_or_default();
    Zeroizing::new(hash.trim_start_matches('#').to_owned())
}

/// Takes everything but the path out of the address, and out of this history entry.
pub(crate) fn erase() {
    let path = window().location().pathname().unwrap_or_default();
    let history = window().history();
    // A browser that refuses has been asked too often in a short time; the next call is soon.
    let _refused =
        history.and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&path)));
}

/// Scheme, host and port, without a slash at the end.
pub(crate) fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// Goes to a page that says nothing, in place of this one.
pub(crate) fn leave() {
    let _unable = window().location().replace(NOWHERE);
}
