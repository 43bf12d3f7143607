//! Waiting for something to hold: looking again and again, for so long and no longer.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How long anything may take: far more than it does, on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(45);

/// How often it is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Waits until it holds, and fails when it does not.
pub(crate) async fn until<F>(what: &str, holds: impl FnMut() -> F)
where
    F: Future<Output = bool>,
{
    assert!(comes_to_hold(holds).await, "waited in vain: {what}");
}

/// Waits until it holds; whether it did in time.
pub(crate) async fn comes_to_hold<F>(mut holds: impl FnMut() -> F) -> bool
where
    F: Future<Output = bool>,
{
    let begun = Instant::now();
    while !holds().await {
        if begun.elapsed() > PATIENCE {
            return false;
        }
        sleep(LOOK_EVERY).await;
    }
    true
}
