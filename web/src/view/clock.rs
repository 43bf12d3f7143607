//! Local time, as the person's browser writes it. Knows nothing of rooms.

use std::time::Duration;

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use leptos::prelude::*;
use sanctuary_client::Timestamp;
use wasm_bindgen::JsValue;

use crate::words::say;

const MINUTE_MILLIS: u64 = 60_000;

thread_local! {
    /// Made once: building one is a hundred times the work of using it.
    static FORMAT: Function = format();
}

/// A moment as `14:05` or `2:05 PM`, whichever is the person's custom.
pub(super) fn local_time(at: Timestamp) -> String {
    #[expect(clippy::cast_precision_loss, reason = "exact for the next 285,000 years")]
    let date = Date::new(&JsValue::from_f64(at.0 as f64));
    let shown = FORMAT.with(|format| format.call1(&JsValue::UNDEFINED, &date));
    shown.ok().and_then(|shown| shown.as_string()).unwrap_or_default()
}

fn format() -> Function {
    let options = Object::new();
    for part in ["hour", "minute"] {
        // A plain object takes any property.
        let _set = Reflect::set(&options, &part.into(), &"2-digit".into());
    }
    Intl::DateTimeFormat::new(&Array::new(), &options).format()
}

/// A clock that goes on the minute.
pub(super) fn clock() -> impl IntoView {
    let now = RwSignal::new(now());
    go_on(now);
    view! { class="s",
        <time class="clock" aria-label=say!("Local time")>{move || local_time(now.get())}</time>
    }
}

/// Waits for the next minute, for as long as the clock is shown.
fn go_on(clock: RwSignal<Timestamp>) {
    let wait = Duration::from_millis(MINUTE_MILLIS - now().0 % MINUTE_MILLIS);
    set_timeout(
        move || {
            if clock.try_set(now()).is_none() {
                go_on(clock);
            }
        },
        wait,
    );
}

fn now() -> Timestamp {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, and a clock before 1970 may read as 1970"
    )]
    Timestamp(Date::now() as u64)
}
