//! Notifications, where the browser has them for a page. They say that something came, and nothing of
//! what, where or from whom: others see them too, and the system may keep them.

use leptos::prelude::window;
use leptos::task::spawn_local;
use sanctuary_client::{Msg, Notify};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

use crate::runtime::Runtime;
use crate::words::say;

const TITLE: &str = "Sanctuary";

/// One takes the place of the one before.
const TAG: &str = "sanctuary";

/// Asks the person, by the browser's own question.
pub(super) fn ask(runtime: Runtime) {
    let is_there = js_sys::Reflect::has(&window(), &"Notification".into()).unwrap_or(false);
    let asked = if is_there { Notification::request_permission().ok() } else { None };
    let Some(asked) = asked else {
        return runtime.dispatch(Msg::AnsweredNotify(Notify::Unable));
    };
    let asked = JsFuture::from(asked);
    spawn_local(async move {
        let _answer = asked.await;
        let answer = match Notification::permission() {
            NotificationPermission::Granted => Notify::On,
            _ => Notify::Denied,
        };
        runtime.dispatch(Msg::AnsweredNotify(answer));
    });
}

/// Shows one. Where only a service worker could, the page learns that it cannot.
pub(super) fn show(runtime: Runtime) -> Option<Notification> {
    let options = NotificationOptions::new();
    options.set_body(say!("Something new was said."));
    options.set_tag(TAG);
    let shown = Notification::new_with_options(TITLE, &options);
    if shown.is_err() {
        runtime.dispatch(Msg::AnsweredNotify(Notify::Unable));
    }
    shown.ok()
}
