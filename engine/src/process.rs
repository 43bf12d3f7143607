//! What the server asks of the system for itself before it does anything else: no core dump, no
//! look into its memory, as many open files as it may have. Must not know what it serves.

use std::fs;

use rustix::process::{
    DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit,
};

/// Keeps the process's memory to itself, as far as the system lets it: a crash writes no core file,
/// and another process of the same user may neither trace it nor read it.
pub(crate) fn keep_to_itself() {
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    // Whoever traces it already started it, and could have started anything else in its place.
    if !is_traced() {
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Raises the number of files that may be open as far as it goes, and says how far that is.
pub(crate) fn open_files_max() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    // No number is no limit.
    match setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        Ok(()) => maximum.unwrap_or(u64::MAX),
        Err(_) => current.unwrap_or(u64::MAX),
    }
}

/// Whether a debugger or strace looks on (`TracerPid` of proc(5)).
fn is_traced() -> bool {
    status("TracerPid:").is_some_and(|it| it != "0")
}

/// What the system says of the process by that name, colon and all (`/proc/PID/status` of proc(5)).
pub(crate) fn status(name: &str) -> Option<String> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let value = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(value.trim().to_owned())
}
