//! `cargo xtask simulate`: whole servers, their pages and operators, by seeds. What happens there is the
//! simulator's affair (`proptests/src/simulator`); this builds it, and says for how long.

use std::ffi::OsString;
use std::process::Command;

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{child, programs};

/// How long the tests simulate, at most, and which seeds: the same in every run, so that what makes a run
/// differ is the change that was made. Other seeds are for whoever looks for something.
const OF_A_TEST: [&str; 6] = ["--minutes", "3", "--first", "1", "--seeds", "6000"];

/// Builds the simulator, and runs it.
///
/// # Errors
/// When it does not build, or a seed fails; the seed has been printed.
pub(crate) fn perform(workspace: &Workspace, arguments: &[OsString]) -> Result<()> {
    programs::build(workspace)?;
    let mut simulate = Command::new(workspace.target().join("debug/simulate"));
    child::succeed(simulate.current_dir(workspace.root()).args(arguments))
}

/// A part of the tests.
///
/// # Errors
/// As [`perform`].
pub(crate) fn for_a_while(workspace: &Workspace) -> Result<()> {
    perform(workspace, &OF_A_TEST.map(OsString::from))
}
