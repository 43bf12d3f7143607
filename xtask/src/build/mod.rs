//! `cargo xtask build`: the client as wasm by the first route that works, then bound to JavaScript,
//! hashed, compressed, and laid out in `dist/` for the server to embed.

mod binding;
mod cipher_page;
mod compress;
mod dist;
mod pages;
mod route;
mod stamp;

use std::fs;

use anyhow::{Context as _, Result};

use crate::workspace::Workspace;
pub(crate) use cipher_page::cipher_page;
pub(crate) use route::lint;

/// Builds the client into `dist/`. Rebuilds nothing that has not changed.
///
/// # Errors
/// When no route to wasm works, the client does not compile, or it weighs more than it may.
pub(crate) fn client(workspace: &Workspace) -> Result<()> {
    let module = route::compile(workspace, route::CLIENT)?;
    let wasm = fs::read(&module).with_context(|| format!("cannot read {}", module.display()))?;
    let sources = pages::Sources::read(workspace)?;
    let stamp = stamp::of(&wasm, &sources);
    if !stamp::stands(workspace, &stamp) {
        let binding = binding::bind(&wasm)?;
        let site = pages::assemble(binding, &sources)?;
        dist::write(workspace, &site)?;
        stamp::leave(workspace, &stamp)?;
    }
    dist::judge(dist::report(workspace)?)
}
