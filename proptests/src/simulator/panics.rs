//! Panics that nobody asked for. A run has a thread to itself, so that whatever panics in it, in an actor,
//! in a connection's task or in a page, is the run's own.

use std::cell::Cell;
use std::panic;
use std::sync::Once;

/// What the engine's failures on demand say.
const ON_DEMAND: &str = "on demand";

thread_local! {
    static COUNT: Cell<u32> = const { Cell::new(0) };
}

static LISTENING: Once = Once::new();

/// Counts from zero on this thread. Failures on demand are not counted, nor said; others are said as ever.
pub(super) fn begin() {
    LISTENING.call_once(|| {
        let say = panic::take_hook();
        panic::set_hook(Box::new(move |panicked| {
            if panicked.payload().downcast_ref::<&str>() != Some(&ON_DEMAND) {
                COUNT.set(COUNT.get() + 1);
                say(panicked);
            }
        }));
    });
    COUNT.set(0);
}

/// How many there were since.
pub(super) fn count() -> u32 {
    COUNT.get()
}
