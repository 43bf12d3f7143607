//! The machine a run is made on: cores kept apart, as many open files as there may be, and what a
//! reader must know of it. Must not know workloads.

use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use serde_json::{Value, json};

use crate::contender;

/// What is told beside the tables.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    /// The server's core; none where there is but one, or no `taskset`.
    pub(crate) server_core: Option<usize>,
    generator_core: Option<usize>,
    pub(crate) files_max: u64,
    processor: String,
    kernel: String,
    server: String,
}

impl Machine {
    /// Keeps this process on one core, leaves another to the server, and raises the open files.
    ///
    /// # Errors
    /// When our server is not there.
    pub(crate) fn prepare(sanctuary: &Path) -> Result<Self> {
        Ok(Self::described_by(sanctuary)?.with(separate_cores()))
    }

    /// The same, with all on the same cores, as the system sees fit.
    ///
    /// # Errors
    /// When our server is not there.
    pub(crate) fn shared(sanctuary: &Path) -> Result<Self> {
        Self::described_by(sanctuary)
    }

    fn with(self, cores: Option<(usize, usize)>) -> Self {
        Self {
            server_core: cores.map(|(server, _)| server),
            generator_core: cores.map(|(_, generator)| generator),
            ..self
        }
    }

    fn described_by(sanctuary: &Path) -> Result<Self> {
        let version = Command::new(sanctuary).arg("--version").output();
        let version = version
            .with_context(|| format!("there is no server at {}", sanctuary.display()))?
            .stdout;
        Ok(Self {
            server_core: None,
            generator_core: None,
            files_max: raise_files(),
            processor: processor(),
            kernel: one_line("/proc/sys/kernel/osrelease"),
            server: String::from_utf8_lossy(&version).trim().to_owned(),
        })
    }

    /// The same for programs.
    pub(crate) fn described(&self) -> Value {
        let Self { server_core, generator_core, files_max, processor, kernel, server } = self;
        json!({
            "server_core": server_core,
            "generator_core": generator_core,
            "open_files_max": files_max,
            "processor": processor,
            "kernel": kernel,
            "sanctuary": server,
        })
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { server_core, generator_core, files_max, processor, kernel, server } = self;
        write!(f, "{server}; {processor}; Linux {kernel}; {files_max} open files; ")?;
        match (server_core, generator_core) {
            (Some(server), Some(generator)) => {
                write!(f, "server on core {server}, generator on core {generator}")
            }
            (Some(_) | None, _) => write!(f, "SERVER AND GENERATOR ON THE SAME CORES"),
        }
    }
}

/// The first two cores that this process may use; from here on it uses the second alone.
fn separate_cores() -> Option<(usize, usize)> {
    let allowed = sched_getaffinity(None).ok()?;
    let mut cores = (0..CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core));
    let (server, generator) = (cores.next()?, cores.next()?);
    if !contender::has_taskset() {
        return None;
    }
    let mut own = CpuSet::new();
    own.set(generator);
    sched_setaffinity(None, &own).ok()?;
    Some((server, generator))
}

fn raise_files() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    match setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        Ok(()) => maximum.unwrap_or(u64::MAX),
        Err(_) => current.unwrap_or(u64::MAX),
    }
}

fn processor() -> String {
    let known = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = known.lines().find_map(|line| line.strip_prefix("model name"));
    let name = name.map(|rest| rest.trim_start_matches([':', '\t', ' ']).trim());
    name.unwrap_or("an unknown processor").to_owned()
}

fn one_line(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default().trim().to_owned()
}
