//! `cargo xtask test`: every proof there is, in order, each with its time. The first failure ends
//! it, since what follows would only say the same less clearly.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::workspace::Workspace;
use crate::{axe, browser, build, child, debian, deny, programs, simulate, tidy};

/// The package whose integration tests drive a browser. They need a built client, a built server
/// and Chromium, so they have a step of their own.
const BROWSER_PACKAGE: &str = "sanctuary-web";

/// A step's name and what it does.
type Step = (&'static str, fn(&Workspace) -> Result<()>);

const STEPS: [Step; 10] = [
    ("format", format),
    ("tidy", tidy::check),
    ("licences and sources", deny::check),
    ("client", build::client),
    ("lints", lints),
    ("tests", rust_tests),
    ("documented examples", documented_examples),
    ("simulation", simulate::for_a_while),
    ("cipher page", build::cipher_page),
    ("browser tests", browser_tests),
];

/// Runs every step.
///
/// # Errors
/// At the first step that fails; the words name it.
pub(crate) fn everything(workspace: &Workspace) -> Result<()> {
    let mut took = Vec::new();
    for (name, step) in STEPS {
        eprintln!("── {name}");
        let begun = Instant::now();
        let outcome = step(workspace);
        took.push((name, begun.elapsed()));
        if outcome.is_err() {
            eprint!("{}", table(&took));
            return outcome.with_context(|| format!("the step `{name}` failed"));
        }
    }
    eprint!("{}", table(&took));
    Ok(())
}

fn table(took: &[(&str, Duration)]) -> String {
    let mut table = String::new();
    let all = [("all", took.iter().map(|(_, time)| *time).sum())];
    for (name, time) in took.iter().chain(&all) {
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{name:<24} {:>7.1} s", time.as_secs_f64());
    }
    table
}

fn format(workspace: &Workspace) -> Result<()> {
    child::succeed(child::cargo(workspace).args(["fmt", "--all", "--check"]))
}

fn lints(workspace: &Workspace) -> Result<()> {
    let mut cargo = child::cargo(workspace);
    cargo.args(["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    child::succeed(&mut cargo)?;
    build::lint(workspace)
}

fn rust_tests(workspace: &Workspace) -> Result<()> {
    provide("strace", "which files the server touches");
    provide("pebble", "certificates from an authority");
    let mut cargo = child::cargo(workspace);
    if has_nextest() {
        let others = format!("not ({})", browser_filter());
        cargo.args(["nextest", "run", "--workspace", "-E", &others]);
        return child::succeed(&mut cargo);
    }
    let kinds = ["--lib", "--bins", "--tests"];
    cargo.args(["test", "--workspace", "--exclude", BROWSER_PACKAGE]).args(kinds);
    child::succeed(&mut cargo)?;
    child::succeed(child::cargo(workspace).args(["test", "--package", BROWSER_PACKAGE, "--bins"]))
}

/// One test needs a program of Debian's, of the same name as its package; without it that test says
/// that it was not made, and so does this.
fn provide(program: &str, proves: &str) {
    if child::find_program(program).is_none()
        && let Err(error) = debian::install(&[program])
    {
        eprintln!("NOT TESTED: {proves}: {error:#}");
    }
}

/// nextest runs none of these.
fn documented_examples(workspace: &Workspace) -> Result<()> {
    if !tidy::has_documented_examples(workspace)? {
        eprintln!("there are none");
        return Ok(());
    }
    child::succeed(child::cargo(workspace).args(["test", "--workspace", "--doc"]))
}

/// Each test starts the server that lies beside it in the target folder.
fn browser_tests(workspace: &Workspace) -> Result<()> {
    browser::provide()?;
    axe::provide(workspace)?;
    programs::build(workspace)?;
    let mut cargo = child::cargo(workspace);
    if has_nextest() {
        cargo.args(["nextest", "run", "--workspace", "-E", &browser_filter()]);
    } else {
        cargo.args(["test", "--workspace", "--test", "browser"]);
    }
    child::succeed(&mut cargo)
}

fn has_nextest() -> bool {
    child::answer("cargo", &["nextest", "--version"]).is_some()
}

/// nextest's name for the tests that drive a browser.
fn browser_filter() -> String {
    format!("package({BROWSER_PACKAGE}) & kind(test)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_ends_with_the_sum() {
        let table = table(&[("one", Duration::from_secs(1)), ("two", Duration::from_secs(2))]);
        let last: Vec<_> = table.lines().last().unwrap().split_whitespace().collect();
        assert_eq!(last, ["all", "3.0", "s"]);
    }
}
