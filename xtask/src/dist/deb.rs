//! Debian's package of a release, by cargo-deb. What goes where is in `engine/Cargo.toml`; what is done
//! when it is installed and removed, in `xtask/packaging/`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use super::target::Target;
use super::{checksums, folder, name};
use crate::child;
use crate::workspace::Workspace;

/// Another version packs other bytes: an upgrade is a change somebody reads.
const CARGO_DEB: &str = "3.8.0";

/// The time of every file in it, as seconds and as Debian's changelog has it: always the same, so that the
/// bytes are, and none before 1984, which Debian takes for a mistake.
const TIME: (&str, &str) = ("946684800", "Sat, 01 Jan 2000 00:00:00 +0000");

/// cargo-deb, installed unless it is there.
///
/// # Errors
/// When it cannot be fetched or does not compile.
pub(super) fn provide(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target().join("tools").join(format!("cargo-deb-{CARGO_DEB}"));
    let program = folder.join("bin/cargo-deb");
    if !program.is_file() {
        eprintln!("installing cargo-deb {CARGO_DEB}");
        let mut cargo = child::cargo(workspace);
        cargo.args(["install", "--quiet", "--locked", "--version", CARGO_DEB, "--root"]);
        child::succeed(cargo.arg(&folder).arg("cargo-deb"))?;
        ensure!(program.is_file(), "cargo installed no cargo-deb");
    }
    Ok(program)
}

/// Packs what was built for one kind of machine, beside its folder.
///
/// # Errors
/// When the packing fails.
pub(super) fn pack(workspace: &Workspace, cargo_deb: &Path, target: Target) -> Result<PathBuf> {
    lay_out(workspace, target)?;
    let package = folder(workspace).join(format!("{}.deb", name(target)));
    let mut deb = child::own_cargo_by(workspace, cargo_deb);
    deb.args(["--quiet", "--no-build", "--no-strip", "--manifest-path", "engine/Cargo.toml"]);
    deb.args(["--target", target.triple(), "--output"]).arg(&package);
    deb.env("SOURCE_DATE_EPOCH", TIME.0);
    child::succeed(&mut deb).context("no package for Debian")?;
    Ok(package)
}

/// A release's folder where the package's manifest looks for it.
fn lay_out(workspace: &Workspace, target: Target) -> Result<()> {
    let place = workspace.path("target/dist-deb");
    if place.exists() {
        fs::remove_dir_all(&place).with_context(|| format!("cannot clear {}", place.display()))?;
    }
    let built = folder(workspace).join(name(target));
    for file in checksums::files(&built)? {
        let to = place.join(&file);
        fs::create_dir_all(to.parent().unwrap_or(&place))?;
        fs::copy(built.join(&file), &to).with_context(|| format!("cannot copy {file}"))?;
    }
    Ok(fs::write(place.join("changelog"), changelog())?)
}

/// In the shape that Debian asks for; what changed is told in the project's own.
fn changelog() -> String {
    let (version, time) = (env!("CARGO_PKG_VERSION"), TIME.1);
    format!(
        "sanctuary ({version}-1) unstable; urgency=medium\n\n  \
         * What changed is told in the project's CHANGELOG.md.\n\n \
         -- Sanctuary's maintainers <maintainers@sanctuary.invalid>  {time}\n"
    )
}
