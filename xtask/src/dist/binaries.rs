//! Both binaries for one kind of machine: static, against musl, linked by zig. Must not know what
//! becomes of them.

use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};

use super::target::Target;
use super::zig::Zig;
use crate::child;
use crate::toolchain::{self, Toolchain};
use crate::workspace::Workspace;

/// The server and the operator's tool.
pub(super) const BINARIES: [(&str, &str); 2] =
    [("sanctuary-engine", "sanctuary"), ("sanctuary-admin", "sanctuary-admin")];

/// What of the standard library they need, where the toolchain has none for the target.
const STANDARD_LIBRARY: &str = "std,panic_unwind";

/// A time for whatever would note when it was built.
const NO_TIME: &str = "0";

/// Builds them, and says where they are.
///
/// # Errors
/// When no toolchain can, or they do not compile.
pub(super) fn build(workspace: &Workspace, zig: &Zig, target: Target) -> Result<Vec<PathBuf>> {
    let toolchain = Toolchain::for_target(workspace, target.triple())?;
    let folder = workspace.target().join("dist-build");
    let mut cargo = toolchain.command(workspace, Some(&zig.driver));
    zig.set_for(&mut cargo, &folder.join("zig"))?;
    cargo.args(["zigbuild", "--release", "--locked"]);
    cargo.args(toolchain.standard_library(STANDARD_LIBRARY));
    cargo.args(["--target", target.triple(), "--target-dir"]).arg(&folder);
    for (package, binary) in BINARIES {
        cargo.args(["--package", package, "--bin", binary]);
    }
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags(workspace, toolchain).join("\x1f"));
    cargo.env("SOURCE_DATE_EPOCH", NO_TIME);
    let version = toolchain.version().unwrap_or_default();
    eprintln!("{}: {version}", target.triple());
    child::succeed(&mut cargo).with_context(|| format!("no build for {}", target.triple()))?;
    let built = BINARIES.map(|(_, name)| folder.join(target.triple()).join("release").join(name));
    for binary in &built {
        ensure!(binary.is_file(), "cargo made no {}", binary.display());
    }
    Ok(built.into())
}

fn flags(workspace: &Workspace, toolchain: Toolchain) -> Vec<String> {
    let mut flags = toolchain::nameless_folders(workspace);
    let source = toolchain::standard_source(toolchain);
    flags.extend(source.map(|source| toolchain::nameless(&source, "rust")));
    // The objects that start a program, and the C library, are zig's: rustc need bring none.
    flags.push("-Clink-self-contained=no".to_owned());
    flags
}
