//! The page's entry: brings the core, the effects and the views together. It must not know the
//! engine, nor any rule about chat.
//!
//! Everything stands under wasm32: natively this is an empty shell, so that testing it is quick.

#[cfg(target_arch = "wasm32")]
mod listen;
#[cfg(target_arch = "wasm32")]
mod runtime;
#[cfg(target_arch = "wasm32")]
mod stack;

#[cfg(target_arch = "wasm32")]
mod perform;

#[cfg(target_arch = "wasm32")]
mod view;

#[cfg(target_arch = "wasm32")]
mod panic;

#[cfg(target_arch = "wasm32")]
mod words;

#[cfg(target_arch = "wasm32")]
mod page {
    //! What `boot.js` and `worker.js` call.

    use leptos::mount::mount_to_body;
    use leptos::prelude::document;
    use sanctuary_client::Model;
    use sanctuary_crypto::{RoomName, Secret, Stretched};
    use wasm_bindgen::prelude::wasm_bindgen;

    use crate::perform::address;
    use crate::runtime::Runtime;
    use crate::{listen, panic, view, words};

    /// Freed memory keeps no frame, no key and no word.
    #[global_allocator]
    static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
        zeroizing_alloc::ZeroAlloc(std::alloc::System);

    /// Shows the page. `fragment` is what followed the `#` when the page was opened: `boot.js` took
    /// it out of the address before it loaded this. `words` is the page in another language than
    /// English.
    #[wasm_bindgen]
    #[expect(unreachable_pub, reason = "JavaScript reaches it")]
    pub fn start(fragment: String, words: Option<Vec<String>>) {
        if let Some(words) = words {
            words::learn(words);
        }
        // It stood for the page while this was on its way.
        if let Some(loading) = document().get_element_by_id("loading") {
            loading.remove();
        }
        mount_to_body(move || {
            let runtime = Runtime::new(Model::open(&address::origin(), &fragment));
            panic::end_with(runtime);
            listen::to_the_browser(runtime);
            view::app(runtime)
        });
    }

    /// Stretches a secret, in the worker: 32 bytes, or nothing when these are no room's key and
    /// password.
    #[wasm_bindgen]
    #[expect(unreachable_pub, reason = "JavaScript reaches it")]
    pub fn derive(room: String, secret: String) -> Option<Vec<u8>> {
        let (room, secret) = (RoomName::new(&room).ok()?, Secret::new(&secret).ok()?);
        Some(Stretched::derive(&room, &secret).as_bytes().to_vec())
    }
}

fn main() {}
