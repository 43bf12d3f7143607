//! `cargo xtask measure`: what the cipher costs in a real browser, what coming into a room of ten
//! does, and what a burst of messages does to the pages. It prints and judges nothing: a busy machine
//! is no mistake.

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{browser, build};

/// The browser tests that measure are skipped by everybody else.
const STORIES: &str = "costs::";

/// Builds what is measured, and measures it.
///
/// # Errors
/// When something does not build, or a story breaks.
pub(crate) fn in_a_browser(workspace: &Workspace) -> Result<()> {
    browser::provide()?;
    build::client(workspace)?;
    build::cipher_page(workspace)?;
    browser::tell(workspace, STORIES)
}
