//! Chromium and its driver for the tests that need them: found, or installed where that may be done.
//! And the stories in it that are told on request.
//!
//! Debian's packages bring the browser twice: whole, and as its headless shell, which is the same
//! engine without what a desktop needs. The tests prefer the shell: it starts in a sixth of the time,
//! and a story takes a third less of the processor.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::workspace::Workspace;
use crate::{child, debian, programs};

/// Where the tests look for the shell.
const SHELL: &str = "/usr/lib/chromium/chromium-headless-shell";

/// By any of these names the driver finds a whole browser.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// By this name the tests find the driver.
const DRIVER: &str = "chromedriver";

const DEBIAN_PACKAGES: [&str; 2] = ["chromium-driver", "chromium-headless-shell"];

/// Sees to it that there is a browser and its driver; installs them on Debian as root.
///
/// # Errors
/// When one is missing and may not be installed; the words say what to do.
pub(crate) fn provide() -> Result<()> {
    let found = |name: &&str| child::find_program(name).is_some();
    let is_here = || Path::new(SHELL).exists() && found(&DRIVER);
    if is_here() {
        return Ok(());
    }
    let installed = debian::install(&DEBIAN_PACKAGES).and_then(|()| {
        ensure!(is_here(), "the packages brought no headless shell with its chromedriver");
        Ok(())
    });
    let Err(error) = installed else { return Ok(()) };
    if !(found(&DRIVER) && BROWSERS.iter().any(found)) {
        return Err(error.context("there is no Chromium with its chromedriver"));
    }
    eprintln!("the stories take longer in a whole browser: {error:#}");
    Ok(())
}

/// Tells the stories that begin with this name, and that nobody hears who does not ask for them.
///
/// # Errors
/// When something does not build, or a story breaks.
pub(crate) fn tell(workspace: &Workspace, stories: &str) -> Result<()> {
    tell_with(workspace, stories, [])
}

/// As [`tell`], with numbers that a story asks for by a variable's name.
///
/// # Errors
/// When something does not build, or a story breaks.
pub(crate) fn tell_with(
    workspace: &Workspace,
    stories: &str,
    numbers: impl IntoIterator<Item = (&'static str, u64)>,
) -> Result<()> {
    programs::build(workspace)?;
    let mut cargo = child::cargo(workspace);
    cargo.envs(numbers.into_iter().map(|(name, number)| (name, number.to_string())));
    cargo.args(["test", "--quiet", "--workspace", "--test", "browser", "--", stories]);
    child::succeed(cargo.args(["--ignored", "--nocapture", "--test-threads=1"]))
}
