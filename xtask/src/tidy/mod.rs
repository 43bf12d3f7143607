//! `cargo xtask tidy`: the rules of the house that can be computed, one file a rule. A rule looks at
//! text, and says where it is broken and what to do.

mod source;

mod cores;
mod engine_tree;
mod examples;
mod faults;
mod length;
mod opening;
mod pins;
mod redaction;
mod sinks;
mod speech;
mod suppliers;
mod views;

use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::workspace::Workspace;
use source::Source;

/// Folders that hold no source of ours.
const NOT_OURS: [&str; 3] = ["target", "dist", "node_modules"];

/// A workspace of its own inside this one.
const FUZZING: &str = "fuzz/Cargo.toml";

/// Folders deeper than this hold no source of ours either, and a link may run in a circle.
const FOLDER_DEPTH_MAX: usize = 16;

/// A rule broken somewhere.
#[derive(Debug, PartialEq, Eq)]
struct Breach {
    path: String,
    line: usize,
    wrong: String,
    remedy: &'static str,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, wrong, remedy } = self;
        write!(f, "{path}:{line}: {wrong}; {remedy}")
    }
}

/// Checks every rule and prints each breach.
///
/// # Errors
/// When a rule is broken, or the workspace cannot be read.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let sources = sources(workspace)?;
    let read = |name: &str| {
        fs::read_to_string(workspace.path(name)).with_context(|| format!("cannot read {name}"))
    };
    let metadata = workspace.metadata()?;
    let mut breaches = Vec::new();
    for source in &sources {
        breaches.extend(opening::check(source));
        breaches.extend(length::check(source));
        breaches.extend(cores::check(source));
        breaches.extend(views::check(source));
        breaches.extend(sinks::check(source));
        breaches.extend(redaction::check(source));
        breaches.extend(speech::check(source));
    }
    breaches.extend(examples::check(&sources, &read("docs/PROTOCOL.md")?));
    let fuzzing = workspace.metadata_within(FUZZING)?;
    let manifests = [("Cargo.toml", &metadata), (FUZZING, &fuzzing)];
    for (manifest, metadata) in manifests {
        breaches.extend(pins::check(metadata, manifest, &read(manifest)?)?);
    }
    breaches.extend(suppliers::check(&[&metadata, &fuzzing], &read(suppliers::DOCUMENT)?)?);
    breaches.extend(engine_tree::check(&metadata)?);
    breaches.extend(faults::check(&metadata)?);
    for breach in &breaches {
        eprintln!("{breach}");
    }
    if !breaches.is_empty() {
        bail!("{} of the house's rules broken", breaches.len());
    }
    eprintln!("tidy: {} files in order", sources.len());
    Ok(())
}

/// Whether any documentation holds an example that `cargo test --doc` would run.
///
/// # Errors
/// When the workspace cannot be read.
pub(crate) fn has_documented_examples(workspace: &Workspace) -> Result<bool> {
    Ok(sources(workspace)?.iter().any(Source::has_documented_example))
}

fn sources(workspace: &Workspace) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    gather(workspace.root(), workspace.root(), 0, &mut sources)?;
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(sources)
}

fn gather(root: &Path, folder: &Path, depth: usize, sources: &mut Vec<Source>) -> Result<()> {
    for file in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let file = file?;
        let (name, path) = (file.file_name(), file.path());
        let name = name.to_string_lossy();
        if file.file_type()?.is_dir() {
            if depth < FOLDER_DEPTH_MAX && !name.starts_with('.') && !NOT_OURS.contains(&&*name) {
                gather(root, &path, depth + 1, sources)?;
            }
        } else if name.ends_with(".rs") {
            let text = fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            let relative = path.strip_prefix(root).unwrap_or(&path);
            sources.push(Source::new(&relative.to_string_lossy(), &text));
        }
    }
    Ok(())
}
