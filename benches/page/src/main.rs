//! The cipher in a browser: a page that runs the known answers and the clock over what the client is
//! made of. No server serves it; `cargo xtask` builds it, and the browser tests open it. It knows
//! nothing of the client.
//!
//! Everything stands under wasm32: natively this is an empty shell.

#[cfg(target_arch = "wasm32")]
mod measure;

#[cfg(target_arch = "wasm32")]
mod page {
    //! What the page's script calls.

    use wasm_bindgen::prelude::wasm_bindgen;

    use crate::measure;

    /// The client's own allocator: what it costs is in every measure.
    #[global_allocator]
    static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
        zeroizing_alloc::ZeroAlloc(std::alloc::System);

    /// Runs the known answers: a list of tallies, as JSON.
    #[wasm_bindgen]
    #[expect(unreachable_pub, reason = "JavaScript reaches it")]
    pub fn vectors() -> Result<String, String> {
        serde_json::to_string(&sanctuary_crypto::vectors::run()).map_err(|error| error.to_string())
    }

    /// Measures what no room's size matters to: a list of costs, as JSON.
    #[wasm_bindgen]
    #[expect(unreachable_pub, reason = "JavaScript reaches it")]
    pub fn measure_alone() -> Result<String, String> {
        serde_json::to_string(&measure::alone()).map_err(|error| error.to_string())
    }

    /// Measures a session in a room of so many: a list of costs, as JSON.
    #[wasm_bindgen]
    #[expect(unreachable_pub, reason = "JavaScript reaches it")]
    pub fn measure_among(members: u32) -> Result<String, String> {
        serde_json::to_string(&measure::among(members)).map_err(|error| error.to_string())
    }

    /// Measures a hundred newcomers of a room of so many: a list of costs, as JSON.
    #[wasm_bindgen]
    #[expect(unreachable_pub, reason = "JavaScript reaches it")]
    pub fn measure_crowd(members: u32) -> Result<String, String> {
        serde_json::to_string(&measure::crowd(members)).map_err(|error| error.to_string())
    }
}

fn main() {}
