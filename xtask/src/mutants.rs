//! `cargo xtask mutants`: changes one thing of a core at a time, and sees whether a test notices, by
//! cargo-mutants. It is no part of the tests, since it takes hours, and it changes no file of the
//! repository: it works on a copy. What nobody could notice is in `.cargo/mutants.toml`, with why.

use anyhow::{Result, bail, ensure};

use crate::child;
use crate::workspace::Workspace;

/// Another version makes other changes; exact like every other.
const VERSION: &str = "27.1.0";

/// A core, and the tests of its own package that prove it. Whoever survives them may yet be noticed by
/// the properties, which take too long to be asked each time.
struct Core {
    name: &'static str,
    files: &'static [&'static str],
    tests: &'static [&'static str],
}

const CORES: [Core; 3] = [
    Core { name: "room", files: &["engine/src/room/**"], tests: &["--test=room"] },
    Core {
        name: "session",
        files: &["crypto/src/rules.rs", "crypto/src/session.rs", "crypto/src/session/*.rs"],
        tests: &["--lib", "--tests"],
    },
    Core { name: "protocol", files: &["protocol/src/**"], tests: &["--lib", "--tests"] },
];

/// What is changed.
#[derive(clap::Args)]
pub(crate) struct Mutants {
    /// One core alone: room, session or protocol.
    #[arg(long, value_name = "NAME")]
    core: Option<String>,
    /// One part of its changes, as in 1/8.
    #[arg(long, value_name = "K/N")]
    shard: Option<String>,
}

/// Tries every change of the cores; one that is not noticed does not keep the others from being tried.
///
/// # Errors
/// When cargo-mutants is missing, with what to type; or when a change was not noticed.
pub(crate) fn perform(workspace: &Workspace, mutants: &Mutants) -> Result<()> {
    if child::answer("cargo", &["mutants", "--version"]).is_none() {
        bail!(
            "cargo-mutants changes the code, and is not here; type: \
             cargo install cargo-mutants --locked --version {VERSION}"
        );
    }
    let mut unnoticed = Vec::new();
    for core in chosen(mutants.core.as_deref())? {
        eprintln!("── {}", core.name);
        if run(workspace, core, mutants.shard.as_deref()).is_err() {
            unnoticed.push(core.name);
        }
    }
    ensure!(
        unnoticed.is_empty(),
        "not every change of {} was noticed: see `missed.txt` below target/mutants",
        unnoticed.join(", ")
    );
    Ok(())
}

fn chosen(name: Option<&str>) -> Result<Vec<&'static Core>> {
    let cores = CORES.iter().filter(|core| name.is_none_or(|name| name == core.name));
    let cores: Vec<_> = cores.collect();
    ensure!(!cores.is_empty(), "there is no such core; there are room, session and protocol");
    Ok(cores)
}

fn run(workspace: &Workspace, core: &Core, shard: Option<&str>) -> Result<()> {
    let folder = workspace.target().join("mutants");
    let mut cargo = child::cargo(workspace);
    cargo.args(["mutants", "--test-tool", "nextest", "--output"]).arg(folder.join(core.name));
    cargo.args(core.files.iter().flat_map(|files| ["--file", files]));
    cargo.args(core.tests.iter().map(|tests| format!("--cargo-arg={tests}")));
    cargo.args(shard.iter().flat_map(|shard| ["--shard", shard]));
    // Each copy is built in the same folder: what we build on is compiled once.
    cargo.env("CARGO_TARGET_DIR", folder.join("build")).env("CARGO_PROFILE_DEV_DEBUG", "0");
    child::succeed(&mut cargo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_core_or_all_of_them_are_changed() {
        let names = |name| -> Vec<_> { chosen(name).unwrap().iter().map(|it| it.name).collect() };
        assert_eq!(names(None), ["room", "session", "protocol"]);
        assert_eq!(names(Some("room")), ["room"]);
        assert!(chosen(Some("rooms")).is_err());
    }
}
