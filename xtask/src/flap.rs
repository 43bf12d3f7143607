//! `cargo xtask flap`: two people talk in real browsers for as long as is asked, while the network between
//! them and the server goes through its moods. A shorter talk is among the tests.

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{browser, build};

/// The browser test that takes so long is skipped by everybody else.
const STORIES: &str = "flapping::";

/// What that test reads.
const MINUTES_VARIABLE: &str = "SANCTUARY_FLAP_MINUTES";
const SEED_VARIABLE: &str = "SANCTUARY_FLAP_SEED";

/// For how long, and by which chance.
#[derive(clap::Args)]
pub(crate) struct Flap {
    /// How long they talk. A page keeps its last thousand lines, so that a longer talk is a slower one.
    #[arg(long, value_name = "M", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    minutes: u64,
    /// What decides all of it: the seed that another talk has printed, to have that again.
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
}

/// Builds what they talk over, and has them talk.
///
/// # Errors
/// When something does not build, or something that was said is lost, doubled or out of its order.
pub(crate) fn perform(workspace: &Workspace, flap: &Flap) -> Result<()> {
    browser::provide()?;
    build::client(workspace)?;
    let minutes = (MINUTES_VARIABLE, flap.minutes);
    let seed = flap.seed.map(|seed| (SEED_VARIABLE, seed));
    browser::tell_with(workspace, STORIES, [minutes].into_iter().chain(seed))
}
