//! `cargo xtask bench`: the server under load beside its peers, and the small benches. It builds what
//! is measured, fetches the peer that is not ours, and judges nothing: a busy machine is no mistake.

use std::ffi::OsString;
use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::workspace::Workspace;
use crate::{child, npm};

/// The peer's version, exact like every other.
const BUN_VERSION: &str = "1.4.5";

/// Where the peer lives, under the target folder.
const PEERS: &str = "peers";

/// What is to be measured.
#[derive(clap::Subcommand)]
pub(crate) enum Bench {
    /// The server under load, beside Bun and two bare epoll servers in the same run.
    ///
    /// Builds the release server and the harness, and installs Bun from npm into the target folder;
    /// without npm the others are measured. All that follows is the harness's:
    /// `cargo xtask bench load W1 W3 -- --rounds 1 --seconds 5 --json`; `-- --help` tells the rest.
    Load {
        /// Workloads (W1 W2 W3 W4 W5 W5b growth-members growth-rooms) and, after `--`, flags.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "WORKLOAD")]
        arguments: Vec<OsString>,
    },
    /// The small benches of codec, rooms, sessions and engine: `cargo bench`.
    Micro,
}

/// Builds what is measured, and measures it.
///
/// # Errors
/// When something does not build or is not whole. With load it returns for nothing else.
pub(crate) fn perform(workspace: &Workspace, bench: &Bench) -> Result<()> {
    match bench {
        Bench::Load { arguments } => load(workspace, arguments),
        Bench::Micro => child::succeed(child::cargo(workspace).args([
            "bench",
            "--package",
            "sanctuary-benches",
        ])),
    }
}

fn load(workspace: &Workspace, arguments: &[OsString]) -> Result<()> {
    let mut harness = harness(workspace, None)?;
    match bun(workspace) {
        Ok(bun) => {
            harness.arg("--bun").arg(bun);
        }
        Err(error) => eprintln!("xtask: going on without bun: {error:#}"),
    }
    // `--` only tells a reader where the flags begin.
    harness.args(arguments.iter().filter(|argument| *argument != "--"));
    become_it(harness)
}

/// Builds the release server and the harness: the harness, at that part of it, and told which server.
///
/// # Errors
/// When one of them does not build.
pub(crate) fn harness(workspace: &Workspace, part: Option<&str>) -> Result<Command> {
    let mut cargo = child::cargo(workspace);
    cargo.args(["build", "--release", "--package", "sanctuary-engine", "--bin", "sanctuary"]);
    child::succeed(cargo.args(["--package", "sanctuary-load", "--bin", "sanctuary-load"]))?;
    let release = workspace.target().join("release");
    let mut harness = Command::new(release.join("sanctuary-load"));
    harness.current_dir(workspace.root()).args(part);
    harness.arg("--sanctuary").arg(release.join("sanctuary"));
    Ok(harness)
}

/// Becomes the harness, so that a signal to this process reaches it, and its exit code is ours.
///
/// # Errors
/// When it cannot be started.
pub(crate) fn become_it(mut harness: Command) -> Result<()> {
    Err(harness.exec()).context("cannot start the harness")
}

/// Bun of that version, installed when it is not there.
fn bun(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target().join(PEERS);
    if let Some(bun) = installed(&folder) {
        return Ok(bun);
    }
    npm::install("bun", BUN_VERSION, &folder)?;
    installed(&folder).context("npm brought no bun that runs here")
}

/// The package's own script puts the program in its place; where no scripts are run, it still lies in
/// the package of the platform.
fn installed(folder: &Path) -> Option<PathBuf> {
    let modules = folder.join("node_modules");
    let platforms = fs::read_dir(modules.join("@oven")).ok();
    let platforms = platforms.into_iter().flatten().flatten().map(|entry| entry.path());
    let of_platform = platforms.map(|platform| platform.join("bin/bun"));
    let mut programs = [modules.join(".bin/bun")].into_iter().chain(of_platform);
    programs.find(|program| {
        let version = program.to_str().and_then(|program| child::answer(program, &["--version"]));
        version.as_deref() == Some(BUN_VERSION)
    })
}
