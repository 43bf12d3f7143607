//! `cargo xtask screens`: draws the pictures of the README from the real page in a real browser. A room's
//! key is never the same twice, so no picture is: they are drawn again when the page looks different.

use std::fs;

use anyhow::{Context as _, Result, ensure};

use crate::workspace::Workspace;
use crate::{browser, build};

/// The browser test that draws is skipped by everybody else.
const STORIES: &str = "gallery::";

/// Where it draws.
const FOLDER: &str = "docs/screens";

/// Bytes of all pictures together: a clone carries each that was ever committed.
const BYTES_MAX: u64 = 1_200_000;

/// Builds what is drawn, draws it, and says what it weighs.
///
/// # Errors
/// When something does not build, the story breaks, or the pictures are too large to be committed.
pub(crate) fn draw(workspace: &Workspace) -> Result<()> {
    browser::provide()?;
    build::client(workspace)?;
    browser::tell(workspace, STORIES)?;
    let folder = workspace.path(FOLDER);
    let mut bytes = 0;
    for file in fs::read_dir(&folder).with_context(|| format!("cannot list {FOLDER}"))? {
        let file = file?;
        let size = file.metadata()?.len();
        println!("{:<28} {size:>9} bytes", file.file_name().to_string_lossy());
        bytes += size;
    }
    println!("{:<28} {bytes:>9} bytes", "all");
    ensure!(bytes <= BYTES_MAX, "{FOLDER} may hold {BYTES_MAX} bytes: draw fewer, or smaller ones");
    Ok(())
}
