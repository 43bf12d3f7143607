//! Whether a release is the same bytes from wherever it is built: a copy of the sources in another
//! folder is built from nothing, client and all, and every file held against the first.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::target::Target;
use super::zig::Zig;
use super::{checksums, folder, name, package};
use crate::workspace::Workspace;
use crate::{build, child};

/// Where the copy lies: longer than the workspace's own path, so that no length agrees by accident.
const FOLDER: &str = "dist-from-another-folder/sanctuary";

/// Builds the copy and compares.
///
/// # Errors
/// When a file differs; each is named with both its hashes.
pub(super) fn check(workspace: &Workspace, zig: &Zig, targets: &[Target]) -> Result<()> {
    let copy = copy(workspace)?;
    build::client(&copy)?;
    for target in targets {
        package(&copy, zig, *target)?;
    }
    checksums::write(&copy)?;
    let mut differing = 0;
    for file in compared(targets) {
        let (one, other) = (folder(workspace).join(&file), folder(&copy).join(&file));
        let (one, other) = (checksums::sha256(&one)?, checksums::sha256(&other)?);
        let verdict = if one == other { "same" } else { "DIFFERS" };
        differing += usize::from(one != other);
        eprintln!("{verdict:<8} {file}\n  here      {one}\n  elsewhere {other}");
    }
    if differing > 0 {
        bail!("{differing} files are not the same bytes from another folder");
    }
    Ok(())
}

fn compared(targets: &[Target]) -> Vec<String> {
    let mut files = vec![checksums::CLIENT.to_owned()];
    for target in targets {
        let name = name(*target);
        files.push(format!("{name}/sanctuary"));
        files.push(format!("{name}/sanctuary-admin"));
        files.push(format!("{name}.tar.gz"));
    }
    files
}

/// The tracked files as they are, and nothing that was built.
fn copy(workspace: &Workspace) -> Result<Workspace> {
    let root = workspace.target().join(FOLDER);
    clear_sources(&root)?;
    let mut git = std::process::Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listed = child::output(git.current_dir(workspace.root()))?;
    let listed = String::from_utf8(listed).context("a file's name is no UTF-8")?;
    for name in listed.split('\0').filter(|name| !name.is_empty()) {
        let (from, to) = (workspace.path(name), root.join(name));
        // A file that was deleted and is still tracked is no part of what is built.
        if from.is_file() {
            fs::create_dir_all(parent(&to))?;
            fs::copy(&from, &to).with_context(|| format!("cannot copy {name}"))?;
        }
    }
    Ok(Workspace::copied_to(root))
}

fn parent(path: &Path) -> PathBuf {
    path.parent().map(Path::to_owned).unwrap_or_default()
}

/// Nothing that was left there, nor what was built from it, may be taken for the copy's own.
fn clear_sources(root: &Path) -> Result<()> {
    if root.exists() {
        fs::remove_dir_all(root).with_context(|| format!("cannot clear {}", root.display()))?;
    }
    Ok(fs::create_dir_all(root)?)
}
