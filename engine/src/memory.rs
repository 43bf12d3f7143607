//! Keeps the server's memory out of swap, where the system lets it. Must not know what is in it.
//!
//! Pages are locked as they are first used (`MCL_ONFAULT` of mlockall(2)), so that a thread's stack
//! takes no more memory than it needs.

use std::fs;

use rustix::mm::{MlockAllFlags, mlockall};
use rustix::process::{Resource, getrlimit};

use crate::options::LockMemory;
use crate::process;

/// The capability by which a process may lock as much as it likes (`CAP_IPC_LOCK`, capability.h).
const IPC_LOCK: u64 = 1 << 14;

/// Every user there is, each standing for itself: the namespace in which a capability is what it says
/// (user_namespaces(7)).
const EVERY_USER: [&str; 3] = ["0", "0", "4294967295"];

/// What shall be done about the server's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Lock it; nobody minds much if that fails.
    Try,
    /// Lock it, or do not start.
    Insist,
    /// Leave it be.
    Leave,
    /// Leave it be, and tell the operator.
    LeaveAndSay(NotLocked),
}

/// Memory is not locked, and there is swap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "memory is not locked: what is said could reach swap, sealed as it is; set LimitMEMLOCK=infinity \
     in the service or turn swap off, or say --lock-memory never"
)]
pub(crate) struct NotLocked;

/// Memory was to be locked, and cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CannotLock {
    /// A limit would end the server later, when it needs more memory than it may lock.
    #[error(
        "memory cannot be locked: no more than {limit} bytes of it may be; set LimitMEMLOCK=infinity \
         in the service, type `ulimit -l unlimited` in a shell, or say --lock-memory auto"
    )]
    Limited {
        /// In bytes.
        limit: u64,
    },
    /// The system refuses.
    #[error("memory cannot be locked: {0}; say --lock-memory auto to start without")]
    Refused(rustix::io::Errno),
}

/// What the system lets the process do, and whether it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Standing {
    /// Bytes it may lock; nothing, if there is no such bound for it.
    limit: Option<u64>,
    /// Whether there is anywhere to swap to.
    has_swap: bool,
}

/// What shall be done, told before anything is.
///
/// # Errors
/// When memory is to be locked at all costs and may not be.
pub(crate) fn plan(wish: LockMemory) -> Result<Plan, CannotLock> {
    plan_for(wish, standing())
}

/// Does it. Threads and memory to come are locked too.
///
/// # Errors
/// When memory was to be locked at all costs and the system refuses.
pub(crate) fn carry_out(plan: Plan) -> Result<Option<NotLocked>, CannotLock> {
    let lock = || mlockall(MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT);
    match plan {
        Plan::Leave => Ok(None),
        Plan::LeaveAndSay(said) => Ok(Some(said)),
        Plan::Try => Ok(lock().err().filter(|_| has_swap()).map(|_| NotLocked)),
        Plan::Insist => lock().map(|()| None).map_err(CannotLock::Refused),
    }
}

fn plan_for(wish: LockMemory, standing: Standing) -> Result<Plan, CannotLock> {
    match (wish, standing.limit) {
        (LockMemory::Never, _) => Ok(Plan::Leave),
        (LockMemory::Auto, None) => Ok(Plan::Try),
        (LockMemory::Auto, Some(_)) if standing.has_swap => Ok(Plan::LeaveAndSay(NotLocked)),
        (LockMemory::Auto, Some(_)) => Ok(Plan::Leave),
        (LockMemory::Always, None) => Ok(Plan::Insist),
        (LockMemory::Always, Some(limit)) => Err(CannotLock::Limited { limit }),
    }
}

fn standing() -> Standing {
    let limit = getrlimit(Resource::Memlock).current;
    Standing { limit: limit.filter(|_| !is_above_limits()), has_swap: has_swap() }
}

/// Whether the limit does not hold for this process.
fn is_above_limits() -> bool {
    let capabilities = process::status("CapEff:");
    let capabilities = capabilities.and_then(|it| u64::from_str_radix(&it, 16).ok()).unwrap_or(0);
    let users = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    capabilities & IPC_LOCK != 0 && users.split_whitespace().eq(EVERY_USER)
}

/// Whether `/proc/swaps` names anything below its heading.
fn has_swap() -> bool {
    fs::read_to_string("/proc/swaps").is_ok_and(|swaps| swaps.lines().nth(1).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_locked_where_no_limit_could_end_the_server_later() {
        let check = |wish, limit, has_swap, expected| {
            let standing = Standing { limit, has_swap };
            assert_eq!(plan_for(wish, standing), expected, "{wish:?} {standing:?}");
        };
        for has_swap in [false, true] {
            check(LockMemory::Auto, None, has_swap, Ok(Plan::Try));
            check(LockMemory::Always, None, has_swap, Ok(Plan::Insist));
            check(LockMemory::Never, None, has_swap, Ok(Plan::Leave));
            check(LockMemory::Never, Some(1), has_swap, Ok(Plan::Leave));
            let limited = Err(CannotLock::Limited { limit: 1 });
            check(LockMemory::Always, Some(1), has_swap, limited);
        }
        check(LockMemory::Auto, Some(1), false, Ok(Plan::Leave));
        check(LockMemory::Auto, Some(1), true, Ok(Plan::LeaveAndSay(NotLocked)));
    }
}
