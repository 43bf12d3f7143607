//! How a package becomes wasm on this machine, by the first toolchain that can. Knows nothing of what
//! follows.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::toolchain::{self, Toolchain};
use crate::workspace::Workspace;
use crate::{child, debian};

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "wasm-release";

/// The client.
pub(super) const CLIENT: &str = "sanctuary-web";

/// The page on which the cipher is proven and measured.
pub(super) const CIPHER_PAGE: &str = "sanctuary-bench-page";

/// What brings `wasm-ld`, where no toolchain brings its own.
const DEBIAN_LINKER: [&str; 1] = ["lld"];

/// What of the standard library the page needs, where the toolchain has none for wasm.
const STANDARD_LIBRARY: &str = "std,panic_abort";

/// Compiles a package's binary of the same name.
///
/// # Errors
/// When no route works, or the package does not compile.
pub(super) fn compile(workspace: &Workspace, package: &str) -> Result<PathBuf> {
    let toolchain = Toolchain::for_target(workspace, TARGET)?;
    let mut cargo = for_wasm(toolchain.command(workspace, None), workspace, "build");
    if let Some(build_it) = toolchain.standard_library(STANDARD_LIBRARY) {
        cargo.arg(build_it).env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker()?);
    }
    cargo.args(["--package", package, "--bin", package, "--profile", PROFILE]);
    child::succeed(&mut cargo).with_context(|| format!("{package} did not build for wasm"))?;
    Ok(target_dir(workspace).join(TARGET).join(PROFILE).join(format!("{package}.wasm")))
}

/// Lints what is for wasm alone, which a native clippy sees nothing of. Debian's compiler brings no clippy:
/// there this says so.
///
/// # Errors
/// When a lint fires.
pub(crate) fn lint(workspace: &Workspace) -> Result<()> {
    if !toolchain::has(TARGET) {
        eprintln!("the code for wasm is not linted: this toolchain has no such target");
        return Ok(());
    }
    // One by one, or the features that one asks for would be the other's too.
    for package in [CLIENT, CIPHER_PAGE] {
        let mut cargo = for_wasm(child::cargo(workspace), workspace, "clippy");
        // The build's own profile, so that its macros and build scripts serve here too.
        cargo.args(["--quiet", "--package", package, "--bins", "--profile", PROFILE]);
        child::succeed(cargo.args(["--", "-D", "warnings"]))?;
    }
    Ok(())
}

/// A folder of its own, so that two toolchains never rebuild each other's work.
fn target_dir(workspace: &Workspace) -> PathBuf {
    workspace.target().join("wasm")
}

fn for_wasm(mut cargo: Command, workspace: &Workspace, verb: &str) -> Command {
    cargo.arg(verb).args(["--target", TARGET, "--target-dir"]).arg(target_dir(workspace));
    let mut flags = vec![ERASED_VIEWS.to_owned()];
    flags.extend(toolchain::nameless_folders(workspace));
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    cargo
}

/// Leptos' own switch: views of one type instead of one for each, which is less code to download
/// and to compile (the Leptos book, "Optimizing WASM Binary Size").
const ERASED_VIEWS: &str = "--cfg=erase_components";

/// A linker for wasm, installed where there is none and that may be done.
fn linker() -> Result<PathBuf> {
    let find = || toolchain::linkers().into_iter().find(|linker| linker.is_file());
    if let Some(linker) = find() {
        return Ok(linker);
    }
    debian::install(&DEBIAN_LINKER).context("there is no linker for wasm")?;
    find().context("the packages brought no linker for wasm")
}
