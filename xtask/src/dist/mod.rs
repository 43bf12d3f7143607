//! `cargo xtask dist`: what is handed to operators. Both binaries for each kind of machine, static and
//! stripped, in an archive each, with the hashes of everything, also of every file a browser is
//! served; the same bytes wherever it is made with the same compiler.

mod archive;
mod binaries;
mod checksums;
mod deb;
mod manual;
mod prove;
mod reproduce;
mod target;
mod zig;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::build;
use crate::workspace::Workspace;
use target::Target;

/// What to make, and what to hold it to.
#[derive(clap::Args)]
pub(crate) struct Dist {
    /// The machines to build for; without it, all of them
    #[arg(long = "target", value_enum, value_name = "TARGET")]
    targets: Vec<Target>,
    /// Build everything a second time, from a copy in another folder, and compare every byte; without
    /// --target, for x86_64 alone
    #[arg(long)]
    check_reproducible: bool,
    /// Run what was built, each kind in an emulator of its oldest processor: a room of three people
    #[arg(long)]
    prove: bool,
    /// Also make Debian's packages
    #[arg(long)]
    deb: bool,
}

/// Builds what is asked for, into `target/dist/`.
///
/// # Errors
/// At the first thing that does not build or does not hold.
pub(crate) fn perform(workspace: &Workspace, dist: &Dist) -> Result<()> {
    let targets = match (dist.targets.as_slice(), dist.check_reproducible) {
        ([], true) => &[Target::X86_64],
        ([], false) => &Target::ALL[..],
        (named, _) => named,
    };
    let zig = zig::provide(workspace)?;
    build::client(workspace)?;
    for target in targets {
        package(workspace, &zig, *target)?;
    }
    if dist.deb {
        let cargo_deb = deb::provide(workspace)?;
        for target in targets {
            say_size(&deb::pack(workspace, &cargo_deb, *target)?)?;
        }
    }
    checksums::write(workspace)?;
    if dist.prove {
        targets.iter().try_for_each(|target| prove::check(workspace, *target))?;
    }
    if dist.check_reproducible {
        reproduce::check(workspace, &zig, targets)?;
    }
    Ok(())
}

/// Builds for one kind of machine and lays the result out.
fn package(workspace: &Workspace, zig: &zig::Zig, target: Target) -> Result<()> {
    let built = binaries::build(workspace, zig, target)?;
    let folder = folder(workspace).join(name(target));
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot clear {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for binary in &built {
        let copy = folder.join(binary.file_name().unwrap_or_default());
        fs::copy(binary, &copy)?;
        say_size(&copy)?;
    }
    for licence in ["LICENSE", "LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(workspace.path(licence), folder.join(licence))?;
    }
    fs::copy(workspace.path("xtask/packaging/Dockerfile"), folder.join("Dockerfile"))?;
    manual::write(&folder, target)?;
    checksums::write_client(workspace, &folder)?;
    say_size(&archive::pack(&folder)?)
}

fn say_size(file: &Path) -> Result<()> {
    let bytes = fs::metadata(file)?.len();
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    eprintln!("{name:<56} {bytes:>9} bytes");
    Ok(())
}

/// Where everything goes.
fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target().join("dist")
}

/// What a target's folder is called.
fn name(target: Target) -> String {
    format!("sanctuary-{}-{}", env!("CARGO_PKG_VERSION"), target.triple())
}
