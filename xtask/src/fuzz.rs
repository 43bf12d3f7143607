//! `cargo xtask fuzz`: hands arbitrary bytes to the targets of `fuzz/`, one after the other, by libFuzzer.
//! It is no part of the tests, which replay what was kept, and it changes no file of the repository: what
//! it finds lies in `target/fuzz/`, until a person has looked at it and copied it into a corpus.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use crate::child;
use crate::workspace::Workspace;

/// What drives libFuzzer; exact like every other version.
const CARGO_FUZZ_VERSION: &str = "0.13.2";

/// A file a target.
const TARGETS: &str = "fuzz/fuzz_targets";

/// What is kept; the replay (`proptests/tests/corpora.rs`) reads it.
const CORPORA: &str = "proptests/corpora";

/// Bytes of one input: a few frames, requests or posts. Longer ones take long, and say little more.
const INPUT_BYTES_MAX: usize = 16 * 1024;

/// Seconds one input may take, on a machine that does other things too.
const INPUT_SECONDS_MAX: u64 = 30;

/// What is handed arbitrary bytes, and for how long.
#[derive(clap::Args)]
pub(crate) struct Fuzz {
    /// One target alone: a name of `fuzz/fuzz_targets/`.
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// How long each target has.
    #[arg(long, value_name = "M", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..))]
    minutes: u64,
}

/// Builds the targets, and runs them; a target that found something does not keep the others from
/// running.
///
/// # Errors
/// When something is missing, with what to type; when a target does not build; or when one found
/// something, with where it lies.
pub(crate) fn perform(workspace: &Workspace, fuzz: &Fuzz) -> Result<()> {
    provided()?;
    let targets = chosen(names(&workspace.path(TARGETS))?, fuzz.target.as_deref())?;
    let span = Duration::from_secs(fuzz.minutes * 60);
    let mut finding = Vec::new();
    for target in &targets {
        eprintln!("── {target}: {} minutes", fuzz.minutes);
        child::succeed(cargo_fuzz(workspace, "build").arg(target))
            .with_context(|| format!("`{target}` does not build"))?;
        if run(workspace, target, span).is_err() {
            finding.push(target.as_str());
        }
    }
    ensure!(finding.is_empty(), "{}", found(&findings(workspace), &finding));
    Ok(())
}

/// What the run needs of the machine.
fn provided() -> Result<()> {
    let toolchains = child::answer("rustup", &["toolchain", "list"]).unwrap_or_default();
    if !toolchains.lines().any(|line| line.starts_with("nightly")) {
        bail!("libFuzzer needs a nightly compiler; type: rustup toolchain install nightly");
    }
    if child::find_program("cargo-fuzz").is_none() {
        bail!(
            "cargo-fuzz drives libFuzzer, and is not here; type: \
             cargo install cargo-fuzz --locked --version {CARGO_FUZZ_VERSION}"
        );
    }
    Ok(())
}

/// Every target, in order.
fn names(folder: &Path) -> Result<Vec<String>> {
    let files = fs::read_dir(folder).with_context(|| format!("cannot list {TARGETS}"))?;
    let mut names = Vec::new();
    for file in files {
        let name = file?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".rs").map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

fn chosen(names: Vec<String>, target: Option<&str>) -> Result<Vec<String>> {
    let Some(target) = target else { return Ok(names) };
    ensure!(
        names.iter().any(|name| name == target),
        "there is no target `{target}`; there are {}",
        names.join(", ")
    );
    Ok(vec![target.to_owned()])
}

/// cargo-fuzz under the nightly compiler. What is handed the bytes is compiled as it ships, but for
/// assertions: not one crate is to know that it is fuzzed.
fn cargo_fuzz(workspace: &Workspace, task: &str) -> Command {
    let mut cargo = child::own_cargo_by(workspace, Path::new("cargo"));
    // What the outer cargo says of its own compiler, which is another.
    for name in ["CARGO", "LD_LIBRARY_PATH", "RUSTUP_TOOLCHAIN"] {
        cargo.env_remove(name);
    }
    cargo.args(["+nightly", "fuzz", task, "--fuzz-dir", "fuzz", "--no-cfg-fuzzing"]);
    cargo.args(["--debug-assertions", "--sanitizer", "address", "--target-dir"]);
    cargo.arg(workspace.target().join("fuzz"));
    cargo
}

/// One target: it begins with what is kept, and writes what else it finds worth trying beside its
/// findings.
fn run(workspace: &Workspace, target: &str, span: Duration) -> Result<()> {
    let tried = workspace.target().join("fuzz/corpora").join(target);
    let findings = findings(workspace).join(target);
    for folder in [&tried, &findings] {
        let failed = || format!("cannot make {}", folder.display());
        fs::create_dir_all(folder).with_context(failed)?;
    }
    let mut cargo = cargo_fuzz(workspace, "run");
    cargo.arg(target).arg(&tried).arg(workspace.path(CORPORA).join(target)).args([
        "--".to_owned(),
        format!("-artifact_prefix={}/", findings.display()),
        format!("-max_total_time={}", span.as_secs()),
        format!("-max_len={INPUT_BYTES_MAX}"),
        format!("-timeout={INPUT_SECONDS_MAX}"),
        "-print_final_stats=1".to_owned(),
        // It needs ptrace, which not every machine gives, and nothing here is leaked on purpose or not.
        "-detect_leaks=0".to_owned(),
    ]);
    child::succeed(&mut cargo)
}

/// Where inputs lie that something was found by.
fn findings(workspace: &Workspace) -> PathBuf {
    workspace.target().join("fuzz/findings")
}

fn found(folder: &Path, targets: &[&str]) -> String {
    let folder = folder.display();
    format!(
        "{} found something: look at {folder}, make it small (cargo +nightly fuzz tmin), and copy it \
         into {CORPORA}/TARGET/ beside the mended code, where the tests replay it",
        targets.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_target_or_all_of_them_run() {
        let names = || vec!["link".to_owned(), "markup".to_owned()];
        assert_eq!(chosen(names(), None).unwrap(), names());
        assert_eq!(chosen(names(), Some("link")).unwrap(), ["link"]);
        let error = chosen(names(), Some("lnik")).unwrap_err();
        assert_eq!(error.to_string(), "there is no target `lnik`; there are link, markup");
    }

    #[test]
    fn whoever_reads_of_a_finding_learns_where_it_lies_and_where_it_is_kept() {
        let said = found(Path::new("target/fuzz/findings"), &["link"]);
        for word in ["link found", "target/fuzz/findings", "proptests/corpora/TARGET/"] {
            assert!(said.contains(word), "{said}");
        }
    }
}
