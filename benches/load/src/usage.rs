//! What a process has used: its processor time and its memory, as `/proc` tells it (proc(5)). Must
//! not know which process that is.

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// `utime` and `stime` in `/proc/PID/stat`, counted from the field after the name, which may itself
/// hold spaces and brackets.
const UTIME: usize = 11;
const STIME: usize = 12;

/// Memory of a process, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Memory {
    pub(crate) rss: u64,
    /// What is shared counts by share. A process that keeps its memory to itself tells it to nobody
    /// but root.
    pub(crate) pss: Option<u64>,
}

/// Processor time of all the process's threads, in and out of the kernel.
///
/// # Errors
/// When the process is no more.
pub(crate) fn processor_time(process: u32) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))
        .with_context(|| format!("process {process} is no more"))?;
    let ticks = ticks(&stat).context("/proc/PID/stat is not as proc(5) says")?;
    let per_second = rustix::param::clock_ticks_per_second().max(1);
    Ok(Duration::from_secs_f64(ticks as f64 / per_second as f64))
}

fn ticks(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace();
    let utime: u64 = fields.nth(UTIME)?.parse().ok()?;
    let stime: u64 = fields.nth(STIME - UTIME - 1)?.parse().ok()?;
    Some(utime + stime)
}

/// What the process holds in memory.
///
/// # Errors
/// When the process is no more.
pub(crate) fn memory(process: u32) -> Result<Memory> {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup"));
    if let Ok(rollup) = rollup
        && let (Some(rss), pss @ Some(_)) = (kibibytes(&rollup, "Rss:"), kibibytes(&rollup, "Pss:"))
    {
        return Ok(Memory { rss, pss });
    }
    let status = fs::read_to_string(format!("/proc/{process}/status"))
        .with_context(|| format!("process {process} is no more"))?;
    let rss = kibibytes(&status, "VmRSS:").context("/proc/PID/status is not as proc(5) says")?;
    Ok(Memory { rss, pss: None })
}

/// What `/proc/PID/status` tells of a process to everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Status {
    pub(crate) rss: u64,
    /// The part of it that no file holds: what the process itself asked for.
    pub(crate) rss_anonymous: u64,
    pub(crate) threads: u64,
}

/// # Errors
/// When the process is no more.
pub(crate) fn status(process: u32) -> Result<Status> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))
        .with_context(|| format!("process {process} is no more"))?;
    let found = || {
        Some(Status {
            rss: kibibytes(&status, "VmRSS:")?,
            rss_anonymous: kibibytes(&status, "RssAnon:")?,
            threads: number(&status, "Threads:")?,
        })
    };
    found().context("/proc/PID/status is not as proc(5) says")
}

/// How many files the process has open; nothing where it tells that to nobody but root.
pub(crate) fn open_files(process: u32) -> Option<usize> {
    Some(fs::read_dir(format!("/proc/{process}/fd")).ok()?.count())
}

/// The number of a line, which is in KiB, in bytes.
fn kibibytes(text: &str, label: &str) -> Option<u64> {
    Some(number(text, label)? * 1024)
}

fn number(text: &str, label: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(label))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_times_are_found_behind_any_name() {
        let stat = "7 (a) b (c)) S 1 2 3 4 5 6 7 8 9 10 100 23 0 0 20 0 1 0 5 6 7";
        assert_eq!(ticks(stat), Some(123));
        assert_eq!(ticks("7 (a"), None);
    }

    #[test]
    fn this_process_has_used_something() {
        let here = std::process::id();
        let Memory { rss, pss } = memory(here).unwrap();
        assert!(rss > 100_000 && pss.is_some_and(|pss| pss > 0 && pss <= rss));
        assert!(processor_time(here).is_ok());
        assert!(processor_time(u32::MAX).is_err());
        let status = status(here).unwrap();
        assert!(status.rss_anonymous > 0 && status.rss_anonymous <= status.rss);
        assert!(status.threads > 0 && open_files(here).is_some_and(|files| files > 2));
    }

    #[test]
    fn a_line_is_read_in_bytes() {
        assert_eq!(kibibytes("a\nRss:      12 kB\nPss: 3 kB", "Pss:"), Some(3 * 1024));
        assert_eq!(kibibytes("Rss:", "Rss:"), None);
    }
}
