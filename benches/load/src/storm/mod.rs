//! `sanctuary-load storm`: what happens to a server at its worst, a file each. What it comes to is
//! printed, and judged where it does not depend on the machine: who is hung up on, who loses nothing,
//! and what is held. Times are printed, and judged by ratios alone.

mod deaf;
mod flood;
mod honest;
mod kill;
mod loris;
mod reconnect;

use std::path::PathBuf;

use anyhow::Result;

use crate::Outcome;

/// Everything at once, and people who do not behave.
#[derive(clap::Args)]
pub(crate) struct Storm {
    /// Which; without any, all
    #[arg(value_enum)]
    names: Vec<Name>,

    /// Times that quiet and flood take turns
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u64).range(1..=99))]
    rounds: u64,

    /// Our server
    #[arg(long, value_name = "PROGRAM", default_value = "target/release/sanctuary")]
    sanctuary: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Name {
    /// 2,000 connections are cut at once, and come back at once
    Reconnect,
    /// 100 sockets that send a byte at a time
    Loris,
    /// 200 members that read nothing
    Deaf,
    /// 50 sockets that send ten times what they may, while 50 rooms talk
    Flood,
    /// The server is killed under 2,000 connections, and started again
    Kill,
}

const ALL: [Name; 5] = [Name::Reconnect, Name::Loris, Name::Deaf, Name::Flood, Name::Kill];

/// What held and what did not.
#[derive(Debug, Default)]
struct Findings {
    unmet: usize,
}

impl Findings {
    fn expect(&mut self, what: &str, holds: bool) {
        println!("  {}  {what}", if holds { "holds" } else { "FAILS" });
        self.unmet += usize::from(!holds);
    }
}

/// Lets each pass over a server of its own.
///
/// # Errors
/// When a server does not start, or nothing of a storm can be seen to its end.
pub(crate) fn perform(storm: &Storm) -> Result<Outcome> {
    let names = if storm.names.is_empty() { ALL.as_slice() } else { &storm.names };
    let mut findings = Findings::default();
    for name in names {
        println!("{name:?}");
        match name {
            Name::Reconnect => reconnect::pass(storm, &mut findings)?,
            Name::Loris => loris::pass(storm, &mut findings)?,
            Name::Deaf => deaf::pass(storm, &mut findings)?,
            Name::Flood => flood::pass(storm, &mut findings)?,
            Name::Kill => kill::pass(storm, &mut findings)?,
        }
    }
    Ok(if findings.unmet == 0 { Outcome::Whole } else { Outcome::Partial })
}
