//! What `dist/` was made from, so that it is made again only when that changes.

use std::fs;

use anyhow::Result;
use sanctuary_words::{Tongue, column};
use sha2::{Digest as _, Sha256};

use super::pages::{Sources, hex};
use crate::workspace::Workspace;

/// The way `dist/` is made. Counted up with every change to it, so that old results do not stand.
const RECIPE: u32 = 2;

/// A digest of all that goes into `dist/`.
pub(super) fn of(wasm: &[u8], sources: &Sources) -> String {
    let mut hash = Sha256::new();
    hash.update(RECIPE.to_le_bytes());
    for part in std::iter::once(wasm).chain(sources.parts().map(str::as_bytes)) {
        hash.update(Sha256::digest(part));
    }
    for phrase in Tongue::ALL.into_iter().flat_map(column) {
        hash.update(Sha256::digest(phrase));
    }
    hex(&hash.finalize())
}

/// Whether `dist/` was made from just that.
pub(super) fn stands(workspace: &Workspace, stamp: &str) -> bool {
    let left = fs::read_to_string(workspace.stamps().join("dist"));
    workspace.path("dist/index.html").exists() && left.is_ok_and(|left| left == stamp)
}

/// Notes what `dist/` was made from.
pub(super) fn leave(workspace: &Workspace, stamp: &str) -> Result<()> {
    fs::create_dir_all(workspace.stamps())?;
    Ok(fs::write(workspace.stamps().join("dist"), stamp)?)
}
