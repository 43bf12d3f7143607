//! How a package becomes wasm on this machine: the toolchain's own target, or rustup's, or
//! Debian's compiler building the standard library itself. Knows nothing of what follows.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use crate::workspace::Workspace;
use crate::{child, debian};

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "wasm-release";

/// The client.
pub(super) const CLIENT: &str = "sanctuary-web";

/// The page on which the cipher is proven and measured.
pub(super) const CIPHER_PAGE: &str = "sanctuary-bench-page";

/// How long rustup may try to fetch the target: a good connection needs ten seconds, and a machine
/// without one should not wait for the other routes.
const RUSTUP_LIMIT: Duration = Duration::from_secs(60);

/// Debian's compiler, its cargo, and the standard library's source.
const DEBIAN_PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];

/// What brings `wasm-ld`, where no toolchain brings its own.
const DEBIAN_LINKER: [&str; 1] = ["lld"];
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// Compiles a package's binary of the same name.
///
/// # Errors
/// When no route works, or the package does not compile.
pub(super) fn compile(workspace: &Workspace, package: &str) -> Result<PathBuf> {
    let cargo = if toolchain_has_wasm() || rustup_adds_target(workspace)? {
        child::cargo(workspace)
    } else {
        building_the_standard_library(workspace)?
    };
    let mut cargo = for_wasm(cargo, workspace, "build");
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
    if !toolchain_has_wasm() {
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
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags(workspace));
    cargo
}

/// Leptos' own switch: views of one type instead of one for each, which is less code to download
/// and to compile (the Leptos book, "Optimizing WASM Binary Size").
const ERASED_VIEWS: &str = "--cfg=erase_components";

/// Panic locations name source files; the machine's own folders are nobody's business, and two
/// machines should build the same bytes.
fn flags(workspace: &Workspace) -> String {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")));
    let remap = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
    let mut flags = vec![ERASED_VIEWS.to_owned(), remap(workspace.root(), "sanctuary")];
    flags.extend(home.map(|home| remap(&home.join("registry/src"), "registry")));
    flags.join("\x1f")
}

/// Route 1: the toolchain has the target.
fn toolchain_has_wasm() -> bool {
    let asked = child::answer("rustc", &["--print", "target-libdir", "--target", TARGET]);
    let files = asked.and_then(|folder| fs::read_dir(folder).ok());
    files.is_some_and(|files| {
        files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libstd"))
    })
}

/// Route 2: rustup fetches the target. Where it failed once for a toolchain it is not asked again,
/// until `target/` is cleaned.
fn rustup_adds_target(workspace: &Workspace) -> Result<bool> {
    let toolchain = child::answer("rustc", &["-vV"]).unwrap_or_default();
    let stamp = workspace.stamps().join("rustup-could-not");
    if child::find_program("rustup").is_none()
        || fs::read_to_string(&stamp).is_ok_and(|failed| failed == toolchain)
    {
        return Ok(false);
    }
    eprintln!("asking rustup for {TARGET}");
    let mut rustup = Command::new("rustup");
    let added = child::succeed_within(rustup.args(["target", "add", TARGET]), RUSTUP_LIMIT);
    if added.is_ok() && toolchain_has_wasm() {
        return Ok(true);
    }
    eprintln!("rustup could not; going on with Debian's compiler");
    fs::create_dir_all(workspace.stamps())?;
    fs::write(&stamp, toolchain)?;
    Ok(false)
}

/// Route 3: Debian's stable compiler builds the standard library from its packaged source.
/// `RUSTC_BOOTSTRAP` lets that one child use cargo's `-Zbuild-std`; nothing else sees it.
fn building_the_standard_library(workspace: &Workspace) -> Result<Command> {
    if !debian_can() {
        debian::install(&DEBIAN_PACKAGES).with_context(no_route)?;
        ensure!(debian_can(), no_route());
    }
    let mut cargo = child::foreign_cargo(workspace, Path::new(DEBIAN_CARGO));
    cargo.env("RUSTC", DEBIAN_RUSTC).env("RUSTC_BOOTSTRAP", "1");
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker()?);
    cargo.arg("-Zbuild-std=std,panic_abort");
    Ok(cargo)
}

/// Whether Debian's compiler and the standard library's source are here.
fn debian_can() -> bool {
    let sysroot = child::answer(DEBIAN_RUSTC, &["--print", "sysroot"]);
    let source = sysroot.map(|sysroot| Path::new(&sysroot).join("lib/rustlib/src/rust/library"));
    Path::new(DEBIAN_CARGO).exists() && source.is_some_and(|source| source.join("std").exists())
}

/// Route 4: what to type.
fn no_route() -> String {
    if child::find_program("rustup").is_some() {
        return format!("there is no compiler for {TARGET}; type: rustup target add {TARGET}");
    }
    let by_hand = debian::command_line(&DEBIAN_PACKAGES);
    format!("there is no compiler for {TARGET}; type, as root: {by_hand}")
}

/// A linker for wasm, installed where there is none and that may be done.
fn linker() -> Result<PathBuf> {
    if let Some(linker) = find_linker() {
        return Ok(linker);
    }
    debian::install(&DEBIAN_LINKER).context("there is no linker for wasm")?;
    find_linker().context("the packages brought no linker for wasm")
}

/// LLVM's linker, under a name by which rustc knows how to drive it.
fn find_linker() -> Option<PathBuf> {
    let host = child::answer("rustc", &["--print", "host-tuple"]).unwrap_or_default();
    let beside = ["rustc", DEBIAN_RUSTC].into_iter().filter_map(|rustc| {
        let sysroot = child::answer(rustc, &["--print", "sysroot"])?;
        Some(Path::new(&sysroot).join("lib/rustlib").join(&host).join("bin/rust-lld"))
    });
    let named = ["rust-lld", "wasm-ld"].into_iter().filter_map(child::find_program);
    beside.chain(named).find(|linker| linker.is_file())
}
