//! `sanctuary-load`: what our server costs under load, beside Bun's and two bare ones in the same
//! run. One thread plays everybody; each server has a process and a core of its own.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a developer's tool talks to them")]

mod frame;
mod handshake;
mod message;
mod stream;

mod crowd;
mod joining;
mod ledger;
mod poller;

mod contender;
mod peer;
mod usage;

mod figure;
mod workload;

mod drive;
mod report;

mod machine;

mod dice;
mod house;
mod operator;
mod slope;
mod talk;
mod town;

mod soak;
mod storm;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};

use contender::{Contender, Page, Programs};
use figure::settle;
use machine::Machine;
use report::{Found, Row};
use workload::{Point, Workload};

/// Rounds and seconds at most: a run is of minutes, and a mistyped number no night.
const ROUNDS_MAX: u64 = 99;
const SECONDS_MAX: u64 = 600;

/// Measure the server under load, beside others in the same run.
///
/// Workloads: W1 to W5, W5b, growth-members, growth-rooms; without any, W1 to W5b.
/// Latency counts from the time a message was meant to be sent. Lost, doubled and reordered are
/// exact, and of the worst round, as are the hung up; all else is the median. Gaps are steps of our
/// server's order that were not one. Ratios above 1 mean that the row has more than bun, or than the
/// bare server that writes once a turn (the limit). The growth workloads end with a line of our
/// ratios from point to point: where they do not rise, ours grows no faster than the other.
#[derive(Parser)]
#[command(name = "sanctuary-load", args_conflicts_with_subcommands = true, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    part: Option<Part>,

    #[command(flatten)]
    bench: Bench,
}

#[derive(clap::Args)]
struct Bench {
    /// What to measure
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(workload::NAMES),
        ignore_case = true)]
    workloads: Vec<String>,

    /// Times each server is measured, in turn with the others
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=ROUNDS_MAX))]
    rounds: u64,

    /// Seconds of each measurement
    #[arg(long, default_value_t = 10,
        value_parser = clap::value_parser!(u64).range(1..=SECONDS_MAX))]
    seconds: u64,

    /// Servers to measure; ours is always among them
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_value = "bun,epoll-each,epoll-coalescing"
    )]
    peers: Vec<Contender>,

    /// Print one JSON document in place of the tables
    #[arg(long)]
    json: bool,

    /// Our server
    #[arg(long, value_name = "PROGRAM", default_value = "target/release/sanctuary")]
    sanctuary: PathBuf,

    /// Bun; without it, the others are measured
    #[arg(long, value_name = "PROGRAM")]
    bun: Option<PathBuf>,

    /// What Bun serves
    #[arg(long, value_name = "SCRIPT", default_value = "benches/load/peers/bun.js")]
    bun_script: PathBuf,
}

#[derive(Subcommand)]
enum Part {
    /// Serve as one of the bare peers.
    #[command(hide = true)]
    Peer {
        writing: peer::Writing,
    },
    Soak(soak::Soak),
    Storm(storm::Storm),
}

fn main() -> ExitCode {
    let Arguments { part, bench } = Arguments::parse();
    let outcome = match part {
        Some(Part::Peer { writing }) => peer::serve(writing).map(|()| Outcome::Whole),
        Some(Part::Soak(soak)) => soak::perform(&soak),
        Some(Part::Storm(storm)) => storm::perform(&storm),
        None => measure(&bench),
    };
    match outcome {
        Ok(Outcome::Whole) => ExitCode::SUCCESS,
        Ok(Outcome::Partial) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("sanctuary-load: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every measurement was made, and all that was judged held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Whole,
    Partial,
}

fn measure(bench: &Bench) -> Result<Outcome> {
    let machine = Machine::prepare(&bench.sanctuary)?;
    let programs = Programs {
        sanctuary: bench.sanctuary.clone(),
        bun: bench.bun.clone(),
        bun_script: bench.bun_script.clone(),
        core: machine.server_core,
    };
    let page = contender::page(&programs)?;
    let contenders = contenders(bench);
    let names: Vec<&str> = match bench.workloads.as_slice() {
        [] => workload::BY_DEFAULT.to_vec(),
        asked => asked.iter().map(String::as_str).collect(),
    };
    if !bench.json {
        let with = match page {
            Page::Inside => "with",
            Page::Absent => "without",
        };
        println!("{machine}; our server is {with} the page inside it\n");
    }
    let mut all = Vec::new();
    for name in names {
        let workload = workload::named(name, machine.files_max)
            .with_context(|| format!("there is no workload {name}"))?;
        let found = perform(workload, &contenders, &programs, bench);
        if !bench.json {
            println!("{}", report::table(&found));
        }
        all.push(found);
    }
    if bench.json {
        println!("{:#}", report::document(&machine.described(), page, &all));
    }
    let is_whole = all.iter().flat_map(|found| &found.rows).all(|row| row.failures.is_empty());
    Ok(if is_whole { Outcome::Whole } else { Outcome::Partial })
}

/// Ours, and those that are asked for and there.
fn contenders(bench: &Bench) -> Vec<Contender> {
    let mut contenders = vec![Contender::Sanctuary];
    for peer in &bench.peers {
        if *peer == Contender::Bun && bench.bun.is_none() {
            eprintln!("sanctuary-load: no --bun was given; bun is not measured");
        } else if !contenders.contains(peer) {
            contenders.push(*peer);
        }
    }
    contenders
}

/// Every round measures every server at every point, so that what the machine does meanwhile meets
/// all alike.
fn perform(
    workload: Workload,
    contenders: &[Contender],
    programs: &Programs,
    bench: &Bench,
) -> Found {
    let row = |point: &Point, contender: Contender| Row {
        point: point.label,
        contender,
        settled: figure::Reading::new(),
        rounds: Vec::new(),
        failures: Vec::new(),
    };
    let mut rows: Vec<(Point, Row)> = Vec::new();
    for point in &workload.points {
        rows.extend(contenders.iter().map(|it| (point.clone(), row(point, *it))));
    }
    let span = Duration::from_secs(bench.seconds);
    for round in 1..=bench.rounds {
        for (point, row) in &mut rows {
            let server = row.contender.name();
            eprintln!(
                "{} {} round {round} of {}: {server}",
                workload.name, row.point, bench.rounds
            );
            match drive::measure(point, row.contender, programs, span) {
                Ok(reading) => row.rounds.push(reading),
                Err(error) => row.failures.push(format!("round {round}: {error:#}")),
            }
        }
    }
    let settled = |(_, row): (Point, Row)| Row { settled: settle(&row.rounds), ..row };
    Found { rows: rows.into_iter().map(settled).collect(), workload }
}
