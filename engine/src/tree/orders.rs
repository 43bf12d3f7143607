//! What the operator may have done: rooms ended, people told and kept out, the server stopped.

use std::time::Duration;

use futures::future::join_all;
use sanctuary_protocol::Text;
use sanctuary_protocol::admin::RoomHandle;
use sanctuary_protocol::limits::NOTICE_BYTES_MAX;
use tokio::time::Instant;

use super::{Tree, Unavailable, ask, census, narrow};
use crate::actor::{lobby, room};
use crate::ledger::Gauge;
use crate::room::Command;

/// What the operator says to everybody in a room.
pub type Notice = Text<NOTICE_BYTES_MAX>;

/// How the operator has the server end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Everybody is told that the server stops.
    Stop,
    /// Every room has been ended; nothing is waited for.
    Panic,
}

/// Whether people are let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    Open,
    Closed,
    /// Nobody, and the server stops by itself. One drain is not another.
    Draining {
        begun: Instant,
    },
}

impl Tree {
    /// Ends one room for everybody in it, who are told `reason` before; says whether there was one of
    /// that handle.
    ///
    /// # Errors
    /// When a part of the tree does not answer in time.
    pub async fn purge(
        &self,
        handle: RoomHandle,
        reason: Option<Notice>,
    ) -> Result<bool, Unavailable> {
        match self.find(handle).await? {
            Some(living) => Ok(purge(&living, reason).await),
            None => Ok(false),
        }
    }

    /// Ends every room in which nothing happened for that long; says how many.
    ///
    /// # Errors
    /// When a part of the tree does not answer in time.
    pub async fn purge_idle(&self, older: Duration) -> Result<u32, Unavailable> {
        let purged = self.living().await?.into_iter().map(|living| async move {
            let is_idle = census(&living).await.is_some_and(|census| census.quiet >= older);
            is_idle && purge(&living, None).await
        });
        Ok(count_true(join_all(purged).await))
    }

    /// Ends every room, and tells `reason` before; says how many there were.
    ///
    /// # Errors
    /// When a part of the tree does not answer in time.
    pub async fn purge_all(&self, reason: Option<Notice>) -> Result<u32, Unavailable> {
        let living = self.living().await?;
        let purged = living.iter().map(|living| purge(living, reason.clone()));
        Ok(count_true(join_all(purged).await))
    }

    /// Tells everybody in every room; says how many rooms there were.
    ///
    /// # Errors
    /// When a part of the tree does not answer in time.
    pub async fn notify(&self, text: Notice) -> Result<u32, Unavailable> {
        let living = self.living().await?;
        let told = living.iter().map(|living| notify(living, text.clone()));
        Ok(count_true(join_all(told).await))
    }

    /// Lets people in, or nobody. Whoever is in stays in, and may come back to its seat. Letting people
    /// in ends a drain.
    pub fn admit(&self, admitting: bool) {
        self.shared.admission.send_if_modified(|admission| {
            let next = match (admitting, *admission) {
                (true, _) => Admission::Open,
                // A drain lets nobody in either.
                (false, Admission::Draining { .. }) => return false,
                (false, Admission::Open | Admission::Closed) => Admission::Closed,
            };
            std::mem::replace(admission, next) != next
        });
    }

    /// Whether people are let in.
    pub fn is_admitting(&self) -> bool {
        *self.shared.admission.borrow() == Admission::Open
    }

    pub(super) fn is_draining(&self) -> bool {
        matches!(*self.shared.admission.borrow(), Admission::Draining { .. })
    }

    /// Tells everybody that the server is about to stop; says how many rooms there are.
    pub(crate) async fn tell_of_drain(&self, in_seconds: Option<u64>) -> Result<u32, Unavailable> {
        let text = match in_seconds {
            Some(seconds) => format!("This server stops in {}.", span(seconds)),
            None => "This server stops when its last room has ended. Nobody new is let in.".into(),
        };
        match Notice::try_from(text) {
            Ok(text) => self.notify(text).await,
            // No span takes two thousand letters.
            Err(_) => Ok(0),
        }
    }

    /// Lets nobody in, and stops the server when the last room has ended or the time is up, unless
    /// people are let in again before.
    pub(crate) fn drain(&self, within: Option<Duration>) {
        let drain = Admission::Draining { begun: Instant::now() };
        self.shared.admission.send_replace(drain);
        let tree = self.clone();
        tokio::spawn(async move {
            let mut admission = tree.shared.admission.subscribe();
            let mut rooms = tree.ledger().watch(Gauge::Rooms);
            let time_is_up = async {
                match within {
                    Some(within) => tokio::time::sleep(within).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                _ = admission.wait_for(|now| *now != drain) => {}
                _ = rooms.wait_for(|rooms| *rooms == 0) => tree.order(Order::Stop),
                () = time_is_up => tree.order(Order::Stop),
            }
        });
    }

    /// Has the server end. The first order stands.
    pub(crate) fn order(&self, order: Order) {
        self.shared.order.send_if_modified(|given| {
            let is_first = given.is_none();
            *given = given.or(Some(order));
            is_first
        });
    }

    /// Waits until the operator has the server end.
    pub(crate) async fn ordered(&self) -> Order {
        let mut order = self.shared.order.subscribe();
        let given = order.wait_for(Option::is_some).await;
        match given.ok().and_then(|order| *order) {
            Some(order) => order,
            // The tree holds the sender itself.
            None => std::future::pending().await,
        }
    }
}

async fn purge(living: &lobby::Living, reason: Option<Notice>) -> bool {
    if let Some(text) = reason {
        let _ = notify(living, text).await;
    }
    ask(&living.actor, |done| room::Message::Order(Command::Purge, Some(done))).await.is_some()
}

async fn notify(living: &lobby::Living, text: Notice) -> bool {
    let notify = Command::Notify { text };
    ask(&living.actor, |done| room::Message::Order(notify, Some(done))).await.is_some()
}

fn count_true(done: Vec<bool>) -> u32 {
    narrow(done.into_iter().filter(|done| *done).count())
}

/// A span in its largest whole unit, for everybody to read.
fn span(seconds: u64) -> String {
    let (number, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        7_200.. => (seconds / 3_600, "hour"),
    };
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_told_in_its_largest_whole_unit() {
        let check = |seconds, expected: &str| assert_eq!(span(seconds), expected);
        check(1, "1 second");
        check(90, "90 seconds");
        check(300, "5 minutes");
        check(7_199, "119 minutes");
        check(7_200, "2 hours");
    }
}
