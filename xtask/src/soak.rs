//! `cargo xtask soak` and `cargo xtask storm`: the release server for a long time, and at its worst. What
//! they do, and what they judge, is the load harness's (`benches/load/src/{soak,storm}`).

use std::ffi::OsString;

use anyhow::Result;

use crate::bench::{become_it, harness};
use crate::workspace::Workspace;

/// For how long, and how much.
#[derive(clap::Args)]
pub(crate) struct Soak {
    /// How long people come and go.
    #[arg(long, value_name = "M", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..))]
    minutes: u64,
    /// Rooms at a time, of five people each.
    #[arg(long, value_name = "R", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..))]
    rooms: u64,
    /// Flags of the harness: `-- --seed 7 --samples soak.csv`.
    #[arg(last = true, value_name = "FLAGS")]
    flags: Vec<OsString>,
}

/// Which, and how.
#[derive(clap::Args)]
pub(crate) struct Storm {
    /// Storms (reconnect loris deaf flood kill) and, after `--`, flags of the harness.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "NAME")]
    arguments: Vec<OsString>,
}

/// Builds server and harness, and becomes the harness.
///
/// # Errors
/// When something does not build.
pub(crate) fn for_long(workspace: &Workspace, soak: &Soak) -> Result<()> {
    let Soak { minutes, rooms, flags } = soak;
    let mut harness = harness(workspace, Some("soak"))?;
    harness.args(["--minutes", &minutes.to_string(), "--rooms", &rooms.to_string()]).args(flags);
    become_it(harness)
}

/// Builds server and harness, and becomes the harness.
///
/// # Errors
/// When something does not build.
pub(crate) fn at_its_worst(workspace: &Workspace, storm: &Storm) -> Result<()> {
    let mut harness = harness(workspace, Some("storm"))?;
    // `--` only tells a reader where the flags begin.
    harness.args(storm.arguments.iter().filter(|argument| *argument != "--"));
    become_it(harness)
}
