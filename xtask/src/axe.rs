//! axe-core for the tests that look for what keeps people out of a page. It is injected by them, and
//! never served.

use std::fs;

use anyhow::{Context as _, Result};

use crate::workspace::Workspace;
use crate::{debian, npm};

/// The version, exact like every other.
const VERSION: &str = "4.14.1";

/// Where it lives, under the target folder; the tests look there.
const FOLDER: &str = "axe";

/// Sees to it that it is there, with an npm from Debian where there is none.
///
/// # Errors
/// When it is not and cannot be installed.
pub(crate) fn provide(workspace: &Workspace) -> Result<()> {
    let folder = workspace.target().join(FOLDER);
    let package = folder.join("node_modules/axe-core/package.json");
    let version = format!("\"version\": \"{VERSION}\"");
    if fs::read_to_string(&package).is_ok_and(|package| package.contains(&version)) {
        return Ok(());
    }
    if !npm::is_here() {
        debian::install(&["npm"])?;
    }
    npm::install("axe-core", VERSION, &folder).context("the tests of access need axe-core")
}
