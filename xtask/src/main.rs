//! `cargo xtask`: builds the client and serves it, proves the whole, and checks the rules of the
//! house that can be computed. It must not know what a room or a cipher is: it deals in files,
//! crates and child processes.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a developer's tool talks to them")]

mod browser;
mod child;
mod debian;
mod toolchain;
mod workspace;

mod axe;
mod bench;
mod build;
mod deny;
mod dist;
mod flap;
mod fuzz;
mod measure;
mod mutants;
mod npm;
mod programs;
mod run;
mod screens;
mod simulate;
mod soak;
mod test;
mod tidy;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use workspace::Workspace;

/// Build, run and prove Sanctuary.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Look for known defects of the crates we build on; needs a network that reaches GitHub.
    Advisories,
    /// Measure what the server costs: under load beside its peers, or piece by piece.
    Bench {
        #[command(subcommand)]
        bench: bench::Bench,
    },
    /// Build the client into `dist/`: wasm, JavaScript, styles, page, each also compressed.
    Build,
    /// Build the client and serve it; the server prints the address to open.
    Run {
        /// Passed on to the server: `cargo xtask run --port 7000`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "SERVER ARGS")]
        server: Vec<OsString>,
    },
    /// Build the page on which the cipher is proven and measured, for the browser tests.
    CipherPage,
    /// Have two people talk in real browsers while their networks flap, for as long as is asked.
    Flap(flap::Flap),
    /// Hand arbitrary bytes to whatever reads what others wrote: libFuzzer, on a nightly compiler.
    Fuzz(fuzz::Fuzz),
    /// Measure in a real browser what the cipher, coming into a room, and a burst of messages cost.
    Measure,
    /// Change one thing of a core at a time, and see whether a test notices: hours.
    Mutants(mutants::Mutants),
    /// Build what is handed to operators, for every kind of machine, into `target/dist/`.
    Dist(dist::Dist),
    /// Draw the pictures of the README, from the real page in a real browser.
    Screens,
    /// Simulate whole servers, their pages and their operators: by seeds, with everything that can
    /// break breaking.
    Simulate {
        /// For the simulator: `--seeds N --minutes M`, or `--seed SEED` to see one run; `--help` tells
        /// the rest.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
        arguments: Vec<OsString>,
    },
    /// Keep the server at work for long: memory, descriptors and actors must not grow.
    Soak(soak::Soak),
    /// See the server at its worst: everybody at once, and people who do not behave.
    Storm(soak::Storm),
    /// Prove everything: format, house rules, licences, client, lints, tests, and tests in a real
    /// browser.
    Test,
    /// Check the rules of the house that can be computed.
    Tidy,
}

fn main() -> ExitCode {
    match perform(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> anyhow::Result<()> {
    let workspace = Workspace::locate()?;
    match task {
        Task::Advisories => deny::advisories(&workspace),
        Task::Bench { bench } => bench::perform(&workspace, &bench),
        Task::Build => build::client(&workspace),
        Task::CipherPage => build::cipher_page(&workspace),
        Task::Dist(dist) => dist::perform(&workspace, &dist),
        Task::Flap(flap) => flap::perform(&workspace, &flap),
        Task::Fuzz(fuzz) => fuzz::perform(&workspace, &fuzz),
        Task::Measure => measure::in_a_browser(&workspace),
        Task::Mutants(mutants) => mutants::perform(&workspace, &mutants),
        Task::Run { server } => run::server(&workspace, &server),
        Task::Screens => screens::draw(&workspace),
        Task::Simulate { arguments } => simulate::perform(&workspace, &arguments),
        Task::Soak(soak) => soak::for_long(&workspace, &soak),
        Task::Storm(storm) => soak::at_its_worst(&workspace, &storm),
        Task::Test => test::everything(&workspace),
        Task::Tidy => tidy::check(&workspace),
    }
}
