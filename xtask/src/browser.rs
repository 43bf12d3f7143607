//! Chromium and its driver for the tests that need them: found, or installed where that may be done.
//! And the stories in it that are told on request.

use anyhow::{Context as _, Result, ensure};

use crate::workspace::Workspace;
use crate::{child, debian};

/// By any of these names the driver finds the browser.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// By this name the tests find the driver.
const DRIVER: &str = "chromedriver";

const DEBIAN_PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];

/// Sees to it that there is a browser and its driver; installs them on Debian as root.
///
/// # Errors
/// When one is missing and may not be installed; the words say what to do.
pub(crate) fn provide() -> Result<()> {
    if !is_here() {
        debian::install(&DEBIAN_PACKAGES).context("there is no Chromium with its chromedriver")?;
        ensure!(is_here(), "the packages brought no Chromium with its chromedriver");
    }
    Ok(())
}

/// Tells the stories that begin with this name, and that nobody hears who does not ask for them.
///
/// # Errors
/// When something does not build, or a story breaks.
pub(crate) fn tell(workspace: &Workspace, stories: &str) -> Result<()> {
    // All binaries, as the tests build them: see there.
    child::succeed(child::cargo(workspace).args(["build", "--quiet", "--workspace", "--bins"]))?;
    let mut cargo = child::cargo(workspace);
    cargo.args(["test", "--quiet", "--workspace", "--test", "browser", "--", stories]);
    child::succeed(cargo.args(["--ignored", "--nocapture", "--test-threads=1"]))
}

fn is_here() -> bool {
    let found = |name: &str| child::find_program(name).is_some();
    found(DRIVER) && BROWSERS.iter().any(|name| found(name))
}
