//! Child processes: cargo without the variables an outer cargo leaves behind, commands that fail
//! loudly, and commands that may not take for ever. Knows no task.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::workspace::Workspace;

/// How often a bounded child is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What an outer `cargo run` says of *this* package. Build scripts watch some of these, so that
/// handing them on would rebuild crates for nothing.
const OF_THIS_PACKAGE: [&str; 5] =
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"];

/// What chooses a compiler or its flags. A toolchain that is not the outer one must see none of it.
const OF_A_TOOLCHAIN: [&str; 9] = [
    "CARGO_BUILD_",
    "CARGO_ENCODED_",
    "CARGO_TARGET_",
    "CARGO_UNSTABLE_",
    "LD_LIBRARY_PATH",
    "RUSTC",
    "RUSTDOC",
    "RUSTFLAGS",
    "RUSTUP_",
];

/// The cargo that runs us, in the workspace's folder.
pub(crate) fn cargo(workspace: &Workspace) -> Command {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    forget(&mut command, &OF_THIS_PACKAGE);
    command.current_dir(workspace.root());
    command
}

/// A program that drives the cargo that runs us, as `cargo-zigbuild` does.
pub(crate) fn own_cargo_by(workspace: &Workspace, program: &Path) -> Command {
    let mut command = Command::new(program);
    forget(&mut command, &OF_THIS_PACKAGE);
    command.current_dir(workspace.root());
    command
}

/// Another toolchain's cargo, untouched by ours.
pub(crate) fn foreign_cargo(workspace: &Workspace, program: &Path) -> Command {
    let mut command = Command::new(program);
    forget(&mut command, &OF_THIS_PACKAGE);
    forget(&mut command, &OF_A_TOOLCHAIN);
    command.env_remove("CARGO").current_dir(workspace.root());
    command
}

fn forget(command: &mut Command, prefixes: &[&str]) {
    for (name, _) in env::vars_os() {
        let matches = |prefix: &&str| name.to_string_lossy().starts_with(prefix);
        if prefixes.iter().any(matches) {
            command.env_remove(&name);
        }
    }
}

/// Runs a command to its end; its output is the user's to see.
///
/// # Errors
/// When it cannot be started or does not succeed.
pub(crate) fn succeed(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", shown(command)))?;
    judge(command, status)
}

/// Runs a command to its end and returns what it wrote to stdout.
///
/// # Errors
/// When it cannot be started or does not succeed.
pub(crate) fn output(command: &mut Command) -> Result<Vec<u8>> {
    let finished = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    judge(command, finished.status)?;
    Ok(finished.stdout)
}

/// What a command says on stdout, trimmed; nothing when it fails or is not there.
pub(crate) fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let asked =
        Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output();
    let finished = asked.ok().filter(|finished| finished.status.success())?;
    Some(String::from_utf8_lossy(&finished.stdout).trim().to_owned())
}

/// Runs a quiet command for at most `limit`, and kills it then.
///
/// # Errors
/// When it cannot be started, does not succeed, or is still running at the limit.
pub(crate) fn succeed_within(command: &mut Command, limit: Duration) -> Result<()> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().with_context(|| format!("cannot start {}", shown(command)))?;
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return judge(command, status);
        }
        if begun.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            bail!("{} took more than {limit:?}", shown(command));
        }
        thread::sleep(LOOK_EVERY);
    }
}

fn judge(command: &Command, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name();
    let words = program.into_iter().chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Where the search path has a program of that name.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders).map(|folder| folder.join(name)).find(|program| program.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bounded_child_ends_at_its_limit() {
        let limit = Duration::from_millis(100);
        assert!(succeed_within(Command::new("true").arg("0"), Duration::from_secs(10)).is_ok());
        assert!(succeed_within(&mut Command::new("false"), Duration::from_secs(10)).is_err());
        let error = succeed_within(Command::new("sleep").arg("60"), limit).unwrap_err();
        assert!(error.to_string().contains("took more than"), "{error}");
    }

    #[test]
    fn a_failure_names_the_command() {
        let error = succeed(Command::new("false").arg("x")).unwrap_err();
        assert!(error.to_string().starts_with("false x ended"), "{error}");
    }
}
