//! Waking the core later. A timer that is let go of never fires.

use leptos::prelude::window;
use sanctuary_client::{Epoch, Msg, Timer};
use sanctuary_protocol::SortedMap;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

use crate::runtime::Runtime;

/// The timers that are running. The core starts one for each thing it waits for, and each ends by
/// itself, within seconds.
#[derive(Default)]
pub(super) struct Timers {
    running: SortedMap<u64, Timeout>,
    last: u64,
}

impl Timers {
    /// Starts one.
    pub(super) fn start(&mut self, epoch: Epoch, timer: Timer, millis: u32, runtime: Runtime) {
        self.last += 1;
        let number = self.last;
        let timeout = Timeout::after(millis, move || {
            runtime.with_hands(|hands| hands.timers.ended(number));
            runtime.dispatch(Msg::TimerFired { epoch, timer });
        });
        self.running.extend(timeout.map(|timeout| (number, timeout)));
    }

    fn ended(&mut self, number: u64) {
        self.running.remove(&number);
    }
}

/// Something to be done later, once.
pub(super) struct Timeout {
    handle: i32,
    _act: Closure<dyn FnMut()>,
}

impl Timeout {
    /// Does it in so many milliseconds, if this is still held by then.
    pub(super) fn after(millis: u32, act: impl FnOnce() + 'static) -> Option<Self> {
        let act = Closure::once(act);
        let millis = i32::try_from(millis).unwrap_or(i32::MAX);
        let handle = window()
            .set_timeout_with_callback_and_timeout_and_arguments_0(
                act.as_ref().unchecked_ref(),
                millis,
            )
            .ok()?;
        Some(Self { handle, _act: act })
    }
}

impl Drop for Timeout {
    fn drop(&mut self) {
        window().clear_timeout_with_handle(self.handle);
    }
}
