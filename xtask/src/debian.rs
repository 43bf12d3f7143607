//! Debian's packages, for what a machine lacks. Installs only as root, and otherwise says what to
//! type. Knows no task.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::child;

/// Installs packages.
///
/// # Errors
/// When this is not Debian, or not root; the words say what to do by hand.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let by_hand = command_line(packages);
    if !Path::new("/etc/debian_version").exists() || child::find_program("apt-get").is_none() {
        bail!("this machine has no apt; install what {packages:?} are called here");
    }
    if child::answer("id", &["-u"]).as_deref() != Some("0") {
        bail!("only root may install packages; type: sudo sh -c '{by_hand}'");
    }
    eprintln!("installing {}", packages.join(" "));
    let failed = || format!("could not install {}; type: {by_hand}", packages.join(" "));
    apt(&["update"]).with_context(failed)?;
    let install = [["install", "-y", "--no-install-recommends"].as_slice(), packages].concat();
    apt(&install).with_context(failed)
}

/// What a person types to install packages.
pub(crate) fn command_line(packages: &[&str]) -> String {
    format!("apt-get update && apt-get install -y --no-install-recommends {}", packages.join(" "))
}

fn apt(arguments: &[&str]) -> Result<()> {
    let mut apt = Command::new("apt-get");
    apt.args(["-qq"]).args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    child::succeed(apt.stdin(Stdio::null()).stdout(Stdio::null()))
}
