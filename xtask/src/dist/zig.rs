//! Zig, as a linker and a C compiler for every target, and the tool by which cargo drives it. Both come
//! as packages of PyPI, in an exact version, into the target folder. Must not know what is built.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::workspace::Workspace;
use crate::{child, debian};

/// Another version links other bytes: an upgrade is a change somebody reads.
const PACKAGES: [(&str, &str); 2] = [("cargo-zigbuild", "0.24.1"), ("ziglang", "0.17.1")];

/// What makes a folder of Python's own packages, where Python is there without it.
const DEBIAN_PACKAGES: [&str; 2] = ["python3", "python3-venv"];

/// Zig, ready.
pub(super) struct Zig {
    /// Drives cargo.
    pub(super) driver: PathBuf,
    /// The compiler itself.
    pub(super) compiler: PathBuf,
}

/// Installs both, unless they are there.
///
/// # Errors
/// When Python is missing and may not be installed, or the packages cannot be fetched.
pub(super) fn provide(workspace: &Workspace) -> Result<Zig> {
    let names = PACKAGES.map(|(name, version)| format!("{name}-{version}"));
    let folder = workspace.target().join("tools").join(names.join("-"));
    if let Some(zig) = find(&folder) {
        return Ok(zig);
    }
    eprintln!("installing {}", names.join(" and "));
    let mut environment = Command::new("python3");
    environment.args(["-m", "venv", "--clear"]).arg(&folder);
    if child::succeed(&mut environment).is_err() {
        debian::install(&DEBIAN_PACKAGES).context("there is no Python to install zig with")?;
        child::succeed(&mut environment)?;
    }
    let exact = PACKAGES.map(|(name, version)| format!("{name}=={version}"));
    let mut pip = Command::new(folder.join("bin/python3"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]);
    child::succeed(pip.args(exact)).context("zig could not be fetched from PyPI")?;
    find(&folder).context("the packages of PyPI brought no zig")
}

fn find(folder: &Path) -> Option<Zig> {
    let driver = folder.join("bin/cargo-zigbuild");
    let say_where = "import os, ziglang; print(os.path.dirname(ziglang.__file__))";
    let python = folder.join("bin/python3");
    let package = child::answer(python.to_str()?, &["-c", say_where])?;
    let compiler = Path::new(&package).join("zig");
    (driver.is_file() && compiler.is_file()).then_some(Zig { driver, compiler })
}

impl Zig {
    /// Tells a driven cargo where zig is, and where its wrappers may lie.
    ///
    /// # Errors
    /// When there is no zig.
    pub(super) fn set_for(&self, cargo: &mut Command, wrappers: &Path) -> Result<()> {
        ensure!(self.compiler.is_file(), "zig has gone from the target folder; run this again");
        cargo.env("CARGO_ZIGBUILD_ZIG_PATH", &self.compiler);
        cargo.env("CARGO_ZIGBUILD_CACHE_DIR", wrappers);
        Ok(())
    }
}
