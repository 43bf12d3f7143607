//! `cargo-deny` over the tree and over the fuzzer's: what a licence, a source and a version may be is
//! in `deny.toml`. It is compiled here, in an exact version, where the machine has not that one. Known
//! defects are a task of their own: their list is where not every machine can reach it.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::child;
use crate::workspace::Workspace;

/// Exact like every other version.
const VERSION: &str = "0.20.2";

/// Each has a lock file of its own. An exception that nothing needs any more is a mistake too, but the
/// fuzzer's tree is a part of the other, and needs few of them.
const TREES: [(&str, &[&str]); 2] =
    [("Cargo.toml", &["-D", "unmatched-skip", "-D", "unnecessary-skip"]), ("fuzz/Cargo.toml", &[])];

/// What needs nothing but the crates themselves.
const RULES: [&str; 3] = ["licenses", "bans", "sources"];

/// Checks every crate of both trees by the rules.
///
/// # Errors
/// When one is denied: cargo-deny says which, and why. When it is not here and does not compile.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    run(workspace, &provide(workspace)?, &RULES)
}

/// Looks for known defects of any crate, in the list that is fetched for it.
///
/// # Errors
/// When there is one, or the list cannot be fetched.
pub(crate) fn advisories(workspace: &Workspace) -> Result<()> {
    run(workspace, &provide(workspace)?, &["advisories"])
}

fn run(workspace: &Workspace, program: &Path, checks: &[&str]) -> Result<()> {
    for (manifest, strictness) in TREES {
        let mut deny = child::own_cargo_by(workspace, program);
        deny.args(["--log-level", "error", "--locked", "--config", "deny.toml"]);
        deny.args(["--manifest-path", manifest, "check"]).args(checks).args(strictness);
        let checked = child::succeed(&mut deny);
        checked.with_context(|| format!("cargo-deny does not pass what {manifest} brings"))?;
    }
    Ok(())
}

/// The program of that version, compiled once where it is missing.
///
/// # Errors
/// When it cannot be fetched or does not compile.
fn provide(workspace: &Workspace) -> Result<PathBuf> {
    let named = format!("cargo-deny-{VERSION}");
    let folder = workspace.target().join("tools").join(&named);
    let own = folder.join("bin/cargo-deny");
    let there = child::find_program("cargo-deny").into_iter().chain([own.clone()]);
    if let Some(program) = there.into_iter().find(|program| is_that(program)) {
        return Ok(program);
    }
    eprintln!("compiling {named}: this takes about two minutes, once");
    let mut cargo = child::cargo(workspace);
    cargo.args(["install", "cargo-deny", "--locked", "--version", VERSION]);
    // It runs for seconds, which would not pay for optimizing it.
    cargo.args(["--quiet", "--debug", "--no-default-features", "--root"]).arg(&folder);
    cargo.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_INCREMENTAL", "0");
    child::succeed(&mut cargo).with_context(|| format!("{named} could not be compiled"))?;
    Ok(own)
}

fn is_that(program: &Path) -> bool {
    let version = program.to_str().and_then(|program| child::answer(program, &["--version"]));
    version.is_some_and(|said| said.split_whitespace().last() == Some(VERSION))
}
