//! The cipher's own page, which no server serves: the browser tests run the known answers and the
//! clock in it. It is built as the client is, so that what is proven and measured is what people
//! get, and lies in `target/`, where nothing is embedded from.

use std::fs;

use anyhow::{Context as _, Result};

use super::{binding, route};
use crate::workspace::Workspace;

/// Where the browser tests look for it, beside their own folder in `target/`.
const FOLDER: &str = "cipher-page";

/// Files of it that are copied as they are.
const BY_HAND: [&str; 2] = ["index.html", "worker.js"];

/// Builds the page.
///
/// # Errors
/// When no route to wasm works, or the page does not compile.
pub(crate) fn cipher_page(workspace: &Workspace) -> Result<()> {
    let module = route::compile(workspace, route::CIPHER_PAGE)?;
    let wasm = fs::read(&module).with_context(|| format!("cannot read {}", module.display()))?;
    let binding = binding::bind(&wasm)?;
    let folder = workspace.target().join(FOLDER);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("cipher.js"), binding.script)?;
    fs::write(folder.join("cipher.wasm"), binding.wasm)?;
    for by_hand in BY_HAND {
        fs::copy(workspace.path("benches/page").join(by_hand), folder.join(by_hand))?;
    }
    Ok(())
}
