//! The compiler's wasm made loadable: wasm-bindgen's own library, so that no tool of another
//! version can be picked up by accident.

use anyhow::{Context as _, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

/// A module and the JavaScript that loads it.
pub(super) struct Binding {
    /// The module.
    pub(super) wasm: Vec<u8>,
    /// An ES module with a default export that loads it.
    pub(super) script: String,
}

/// Binds a module for `<script type="module">`.
///
/// # Errors
/// When the module was not made by this version of wasm-bindgen, or imports JavaScript files of
/// its own: the page serves none but those it knows.
pub(super) fn bind(wasm: &[u8]) -> Result<Binding> {
    let mut output = Bindgen::new()
        .input_bytes("sanctuary", wasm.to_vec())
        .web(true)?
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .context("wasm-bindgen refused the module")?;
    let script = output.js().to_owned();
    let inline =
        output.snippets().iter().flat_map(|(from, scripts)| scripts.iter().map(move |_| from));
    let brought = inline.chain(output.local_modules().keys());
    // What nothing in the module calls is listed all the same, and imported nowhere.
    let imported: Vec<&String> = brought.filter(|from| script.contains(from.as_str())).collect();
    ensure!(
        imported.is_empty(),
        "crates bring JavaScript of their own, which the page does not serve: {imported:?}"
    );
    Ok(Binding { wasm: output.wasm_mut().emit_wasm(), script })
}
