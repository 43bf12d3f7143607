//! Runs the simulator over many seeds: `cargo xtask simulate`. A seed that fails is shrunk, and printed
//! with all that is needed to run it again.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it reports to whoever started it")]

use std::panic;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use proptest::strategy::{Strategy as _, ValueTree};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use sanctuary_proptests::simulator::plan::{Plan, plan};
use sanctuary_proptests::simulator::tally::Tally;
use sanctuary_proptests::simulator::{Failed, Record, Report, run};

/// Steps of a plan, at most.
const STEPS_MAX: usize = 60;

/// One run in so many is made twice, and its two records must be equal.
const TWICE_IN: u64 = 16;

/// Smaller plans tried of one that failed.
const SHRINKS_MAX: u32 = 400;

/// Simulate whole servers, their pages and their operators, by seeds.
#[derive(Parser)]
#[command(name = "cargo xtask simulate")]
struct Arguments {
    /// Seeds to run, unless the time is over before.
    #[arg(long, value_name = "N", default_value_t = u64::MAX)]
    seeds: u64,
    /// Minutes to go on for.
    #[arg(long, value_name = "M", default_value_t = 3)]
    minutes: u64,
    /// The first seed; without it, one of the clock's.
    #[arg(long, value_name = "SEED")]
    first: Option<u64>,
    /// Make every run twice, and compare; otherwise one in 16.
    #[arg(long)]
    twice: bool,
    /// Run this seed alone, and print its every decision.
    #[arg(long, value_name = "SEED", conflicts_with_all = ["seeds", "minutes", "first"])]
    seed: Option<u64>,
    /// Where that seed fails, run its smallest plan instead.
    #[arg(long, requires = "seed")]
    shrunk: bool,
}

/// A seed whose plan went wrong.
struct Found {
    seed: u64,
    plan: Plan,
    wrong: Wrong,
}

/// What went wrong.
struct Wrong {
    /// Which invariant does not hold: of a smaller plan it must be the same.
    invariant: &'static str,
    what: String,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.seed {
        Some(seed) => replay(seed, arguments.shrunk),
        None => simulate(&arguments),
    }
}

fn replay(seed: u64, is_shrunk: bool) -> ExitCode {
    let mut tree = drawn(seed);
    let plan = match judged(&tree.current()) {
        Err(wrong) if is_shrunk => shrunk(seed, &mut *tree, wrong).plan,
        Ok(_) | Err(_) => tree.current(),
    };
    println!("{}", written(&plan));
    let (outcome, record) = run(&plan);
    record.lines().for_each(|line| println!("{line}"));
    match outcome {
        Ok(report) => {
            println!("{}", report.tally);
            ExitCode::SUCCESS
        }
        Err(failed) => {
            println!("{failed}");
            ExitCode::FAILURE
        }
    }
}

fn simulate(arguments: &Arguments) -> ExitCode {
    let first = arguments.first.unwrap_or_else(of_the_clock);
    let end = Instant::now() + Duration::from_secs(arguments.minutes * 60);
    println!("simulating from seed {first} on, for {} minutes at most", arguments.minutes);
    let next = AtomicU64::new(0);
    let (all, found) = (Mutex::new(Report::default()), Mutex::new(None));
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let is_over = Instant::now() >= end || number >= arguments.seeds;
            if is_over || hold(&found).is_some() {
                return;
            }
            let seed = first.wrapping_add(number);
            match attempt(seed, arguments.twice || number.is_multiple_of(TWICE_IN)) {
                Ok(report) => hold(&all).add(&report),
                Err(failed) => *hold(&found) = Some(failed),
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let report = hold(&all).clone();
    let Report { runs, steps, seconds, rooms, stays, lines, shown, tally } = &report;
    println!("{runs} runs, {steps} steps, {} minutes of the servers' time", seconds / 60);
    println!(
        "{rooms} rooms, {stays} stays in them, {lines} lines typed, {shown} shown and checked"
    );
    println!("{} faults injected; they and what came of them, by kind:\n{tally}", tally.faults());
    if let Some(Found { seed, plan, wrong }) = hold(&found).take() {
        println!("seed {seed} failed, in its smallest form {}\n{}", wrong.what, written(&plan));
        println!("every decision: cargo xtask simulate --seed {seed} --shrunk");
        return ExitCode::FAILURE;
    }
    if *runs < Tally::RUNS_FOR_ALL {
        println!(
            "(judged of those kinds: faults from {} runs on, the rest from {} on)",
            Tally::RUNS_FOR_FAULTS,
            Tally::RUNS_FOR_ALL
        );
    }
    let missing: Vec<_> = tally.missing(*runs).map(|kind| format!("{kind:?}")).collect();
    if !missing.is_empty() {
        println!("these kinds never came, and nothing is proven of them: {}", missing.join(", "));
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// One seed, shrunk when it fails.
fn attempt(seed: u64, twice: bool) -> Result<Report, Found> {
    let mut tree = drawn(seed);
    let plan = tree.current();
    let report = match judged(&plan) {
        Ok((report, record)) if twice => {
            let again = judged(&plan).map_err(|wrong| Found { seed, plan: plan.clone(), wrong })?;
            if let Some((one, other)) = record.difference(&again.1) {
                let what = format!("it is not replayed:\n{one}\n{other}");
                return Err(Found { seed, plan, wrong: Wrong { invariant: "replay", what } });
            }
            report
        }
        Ok((report, _)) => report,
        Err(wrong) => {
            eprintln!("seed {seed} failed: {}; looking for a smaller plan", wrong.what);
            return Err(shrunk(seed, &mut *tree, wrong));
        }
    };
    Ok(report)
}

/// The smallest plan found that fails in the same way.
fn shrunk(seed: u64, tree: &mut dyn ValueTree<Value = Plan>, wrong: Wrong) -> Found {
    let mut found = Found { seed, plan: tree.current(), wrong };
    let mut goes_on = tree.simplify();
    for _ in 0..SHRINKS_MAX {
        if !goes_on {
            break;
        }
        let plan = tree.current();
        goes_on = match judged(&plan) {
            Err(wrong) if wrong.invariant == found.wrong.invariant => {
                found = Found { seed, plan, wrong };
                tree.simplify()
            }
            Ok(_) | Err(_) => tree.complicate(),
        };
    }
    found
}

/// A run that panics has failed, as one that breaks an invariant.
fn judged(plan: &Plan) -> Result<(Report, Record), Wrong> {
    let panicked = |_| Wrong { invariant: "panic", what: "a panic".to_owned() };
    let (outcome, record) = panic::catch_unwind(|| run(plan)).map_err(panicked)?;
    let wrong =
        |failed: Failed| Wrong { invariant: failed.violation.invariant, what: failed.to_string() };
    Ok((outcome.map_err(wrong)?, record))
}

fn drawn(seed: u64) -> Box<dyn ValueTree<Value = Plan>> {
    let config = Config { rng_seed: RngSeed::Fixed(seed), ..Config::default() };
    match plan(STEPS_MAX).new_tree(&mut TestRunner::new(config)) {
        Ok(tree) => tree,
        // No strategy of a plan rejects anything.
        Err(_) => std::process::abort(),
    }
}

/// A plan, a step a line.
fn written(Plan { people, inside, bounds, steps }: &Plan) -> String {
    let head = format!("{people} people, {inside} inside, {bounds:?} bounds:");
    steps.iter().fold(head, |plan, step| format!("{plan}\n  {step:?}"))
}

fn of_the_clock() -> u64 {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
    since.as_secs() << 16
}

fn hold<T>(shared: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
