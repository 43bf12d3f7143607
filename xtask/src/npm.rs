//! Packages of npm, into the target folder, for what is measured and tested and never for what is
//! shipped.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::child;

/// Installs a package of an exact version.
///
/// # Errors
/// When there is no npm, or it fails.
pub(crate) fn install(package: &str, version: &str, folder: &Path) -> Result<()> {
    ensure!(is_here(), "there is no npm to install {package} with");
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(folder);
    // What npm says is not part of a report.
    child::output(npm.arg(format!("{package}@{version}"))).map(drop)
}

pub(crate) fn is_here() -> bool {
    child::find_program("npm").is_some()
}
