//! `cargo xtask run`: the client, then the server with the client inside it.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;

use anyhow::{Context as _, Result};

use crate::workspace::Workspace;
use crate::{build, child};

/// Builds the client, then becomes cargo, which builds the server and becomes it: a signal to this
/// process reaches the server, and its exit code is ours.
///
/// # Errors
/// When the client does not build or cargo cannot be started. It returns for nothing else.
pub(crate) fn server(workspace: &Workspace, arguments: &[OsString]) -> Result<()> {
    build::client(workspace)?;
    let mut cargo = child::cargo(workspace);
    cargo.args(["run", "--release", "--package", "sanctuary-engine", "--bin", "sanctuary", "--"]);
    Err(cargo.args(arguments).exec()).context("cannot start cargo")
}
