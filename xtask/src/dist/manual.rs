//! What comes with the binaries: a manual page of each, and what shells complete. The binaries say both
//! of themselves.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use super::binaries::BINARIES;
use super::prove;
use super::target::Target;
use crate::child;

/// The shells whose completions have a place on Debian.
const SHELLS: [&str; 3] = ["bash", "zsh", "fish"];

/// Writes `man/` and `completions/` beside the binaries in a folder.
///
/// # Errors
/// When a binary does not run, here or in its emulator.
pub(super) fn write(folder: &Path, target: Target) -> Result<()> {
    let (pages, completions) = (folder.join("man"), folder.join("completions"));
    fs::create_dir_all(&pages)?;
    fs::create_dir_all(&completions)?;
    let mut words = prove::emulator(target)?;
    for (_, binary) in BINARIES {
        words.push(folder.join(binary).display().to_string());
        let say = |about: &[&str]| {
            let (program, arguments) = words.split_first().context("there is no command")?;
            child::output(Command::new(program).args(arguments).args(about).env_clear())
        };
        fs::write(pages.join(format!("{binary}.8")), say(&["manual"])?)?;
        for shell in SHELLS {
            let text = say(&["completions", shell])?;
            fs::write(completions.join(format!("{binary}.{shell}")), text)?;
        }
        words.pop();
    }
    Ok(())
}
