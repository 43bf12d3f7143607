//! Which compiler builds for a target on this machine: the one that runs us, or that one after rustup
//! has fetched the target, or Debian's, which builds the standard library itself. Knows no task.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use crate::workspace::Workspace;
use crate::{child, debian};

/// How long rustup may try to fetch a target: a good connection needs ten seconds, and a machine
/// without one should not wait for the other routes.
const RUSTUP_LIMIT: Duration = Duration::from_secs(60);

/// Debian's compiler, its cargo, and the standard library's source.
const DEBIAN_PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// A compiler that can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The one that runs us.
    Own,
    /// Debian's stable one, from its packaged source of the standard library.
    Debian,
}

impl Toolchain {
    /// The first that can build for a target.
    ///
    /// # Errors
    /// When none can; the words say what to type.
    pub(crate) fn for_target(workspace: &Workspace, target: &str) -> Result<Self> {
        if has(target) || rustup_adds(workspace, target)? {
            return Ok(Self::Own);
        }
        if !debian_can() {
            debian::install(&DEBIAN_PACKAGES).with_context(|| no_route(target))?;
            ensure!(debian_can(), no_route(target));
        }
        Ok(Self::Debian)
    }

    /// Its cargo, or a program that drives it.
    pub(crate) fn command(self, workspace: &Workspace, driver: Option<&Path>) -> Command {
        match (self, driver) {
            (Self::Own, None) => child::cargo(workspace),
            (Self::Own, Some(driver)) => child::own_cargo_by(workspace, driver),
            (Self::Debian, driver) => {
                let program = driver.unwrap_or(Path::new(DEBIAN_CARGO));
                let mut command = child::foreign_cargo(workspace, program);
                if driver.is_some() {
                    command.env("CARGO", DEBIAN_CARGO);
                }
                // So that this one child may use `-Zbuild-std`; nothing else sees it.
                command.env("RUSTC", DEBIAN_RUSTC).env("RUSTC_BOOTSTRAP", "1");
                command
            }
        }
    }

    /// What makes it build those parts of the standard library, where it brings none.
    pub(crate) fn standard_library(self, parts: &str) -> Option<String> {
        match self {
            Self::Own => None,
            Self::Debian => Some(format!("-Zbuild-std={parts}")),
        }
    }

    /// Its name and version, as it says them.
    pub(crate) fn version(self) -> Option<String> {
        child::answer(self.compiler(), &["--version"])
    }

    const fn compiler(self) -> &'static str {
        match self {
            Self::Own => "rustc",
            Self::Debian => DEBIAN_RUSTC,
        }
    }
}

/// Panic locations name source files; the machine's own folders are nobody's business, and two
/// machines should build the same bytes.
pub(crate) fn nameless_folders(workspace: &Workspace) -> Vec<String> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")));
    let mut flags = vec![nameless(workspace.root(), "sanctuary")];
    flags.extend(home.map(|home| nameless(&home.join("registry/src"), "registry")));
    flags
}

/// A folder that is called otherwise in what is built.
pub(crate) fn nameless(from: &Path, to: &str) -> String {
    format!("--remap-path-prefix={}={to}", from.display())
}

/// Where a toolchain keeps the standard library's source, if it does.
pub(crate) fn standard_source(toolchain: Toolchain) -> Option<PathBuf> {
    let sysroot = child::answer(toolchain.compiler(), &["--print", "sysroot"])?;
    Some(Path::new(&sysroot).join("lib/rustlib/src/rust"))
}

/// Where LLVM's linker may be, under a name by which rustc knows how to drive it.
pub(crate) fn linkers() -> Vec<PathBuf> {
    let host = child::answer("rustc", &["--print", "host-tuple"]).unwrap_or_default();
    let beside = ["rustc", DEBIAN_RUSTC].into_iter().filter_map(|rustc| {
        let sysroot = child::answer(rustc, &["--print", "sysroot"])?;
        Some(Path::new(&sysroot).join("lib/rustlib").join(&host).join("bin/rust-lld"))
    });
    let named = ["rust-lld", "wasm-ld"].into_iter().filter_map(child::find_program);
    beside.chain(named).collect()
}

/// Whether the toolchain that runs us has a target.
pub(crate) fn has(target: &str) -> bool {
    let asked = child::answer("rustc", &["--print", "target-libdir", "--target", target]);
    let files = asked.and_then(|folder| fs::read_dir(folder).ok());
    files.is_some_and(|files| {
        files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libstd"))
    })
}

/// Where it failed once for a toolchain it is not asked again, until `target/` is cleaned.
fn rustup_adds(workspace: &Workspace, target: &str) -> Result<bool> {
    let toolchain = child::answer("rustc", &["-vV"]).unwrap_or_default();
    let stamp = workspace.stamps().join(format!("rustup-could-not-add-{target}"));
    if child::find_program("rustup").is_none()
        || fs::read_to_string(&stamp).is_ok_and(|failed| failed == toolchain)
    {
        return Ok(false);
    }
    eprintln!("asking rustup for {target}");
    let mut rustup = Command::new("rustup");
    let added = child::succeed_within(rustup.args(["target", "add", target]), RUSTUP_LIMIT);
    if added.is_ok() && has(target) {
        return Ok(true);
    }
    eprintln!("rustup could not; going on with Debian's compiler");
    fs::create_dir_all(workspace.stamps())?;
    fs::write(&stamp, toolchain)?;
    Ok(false)
}

/// Whether Debian's compiler and the standard library's source are here.
fn debian_can() -> bool {
    let source = standard_source(Toolchain::Debian).map(|source| source.join("library/std"));
    Path::new(DEBIAN_CARGO).exists() && source.is_some_and(|source| source.exists())
}

/// What to type.
fn no_route(target: &str) -> String {
    if child::find_program("rustup").is_some() {
        return format!("there is no compiler for {target}; type: rustup target add {target}");
    }
    let by_hand = debian::command_line(&DEBIAN_PACKAGES);
    format!("there is no compiler for {target}; type, as root: {by_hand}")
}
