//! Runs what was built: a real room of three clients on each server, and the operator's tool beside it.
//! What is for another machine runs in an emulator of the oldest processor it is for. Must not know
//! what a room is: the story is a test of `proptests`.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::target::Target;
use super::{folder, name};
use crate::workspace::Workspace;
use crate::{child, debian};

/// The package and the test that hold the story.
const STORY: (&str, &str) = ("sanctuary-proptests", "released");

/// What brings the emulators.
const DEBIAN_PACKAGES: [&str; 1] = ["qemu-user"];

/// Lives through the story on one kind of machine.
///
/// # Errors
/// When there is no emulator for it, or the story goes otherwise.
pub(super) fn check(workspace: &Workspace, target: Target) -> Result<()> {
    let emulator = emulator(target)?;
    let command = |binary: &str| {
        let path = folder(workspace).join(name(target)).join(binary);
        let words = emulator.iter().cloned().chain([path.display().to_string()]);
        words.collect::<Vec<_>>().join(" ")
    };
    eprintln!("{}: {}", target.short(), command("sanctuary"));
    let (package, test) = STORY;
    let mut cargo = child::cargo(workspace);
    cargo.args(["test", "--quiet", "--package", package, "--test", test, "--", "--ignored"]);
    cargo.env("SANCTUARY_UNDER_TEST", command("sanctuary"));
    cargo.env("SANCTUARY_ADMIN_UNDER_TEST", command("sanctuary-admin"));
    let failed = || format!("what was built for {} does not do its work", target.short());
    child::succeed(&mut cargo).with_context(failed)
}

/// The words before a program of that machine, by which this one runs it.
///
/// # Errors
/// When there is no emulator, and none may be installed.
pub(super) fn emulator(target: Target) -> Result<Vec<String>> {
    let Some((program, processor)) = target.emulator() else { return Ok(Vec::new()) };
    if child::find_program(program).is_none() {
        debian::install(&DEBIAN_PACKAGES).context("there is no emulator")?;
    }
    let path: PathBuf = child::find_program(program)
        .with_context(|| format!("the packages brought no {program}"))?;
    Ok(vec![path.display().to_string(), "-cpu".to_owned(), processor.to_owned()])
}
