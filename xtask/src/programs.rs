//! The programs that tests start, and that stand beside them: server, tool, simulator.

use anyhow::Result;

use crate::child;
use crate::workspace::Workspace;

/// Builds them as the tests build them, and the tests with them. What tests ask of the libraries makes
/// others of these: `cargo build` would leave that out, and compile a hundred and sixty crates again.
///
/// # Errors
/// When something does not build.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    child::succeed(child::cargo(workspace).args(["test", "--quiet", "--workspace", "--no-run"]))
}
