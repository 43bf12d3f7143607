//! A server's time, stopped: it moves on by itself, to the next moment anybody waits for, when nobody
//! has anything else to do. So whatever waits is waited for, in no time and always alike.

use std::future::Future;
use std::io;

use tokio::runtime::Builder;

use super::Violation;

/// Runs `story` to its end; everything it started ends with it.
pub(super) fn by_stopped_clock<T>(
    story: impl Future<Output = Result<T, Violation>>,
) -> Result<T, Violation> {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.map_err(impossible)?.block_on(story)
}

fn impossible(error: io::Error) -> Violation {
    Violation(format!("this machine has a runtime: {error}"))
}
