//! The handle by which lines, the gateway and the console reach the supervision tree. It outlives
//! every restart inside it. Must not know what carries a line, nor what is said in a room.
//!
//! What the operator may know of it is in `counts` and `audit`, what the operator may have done in
//! `orders`.

mod audit;
mod counts;
mod orders;

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ractor::rpc::CallResult;
use ractor::{ActorRef, RpcReplyPort};
use sanctuary_protocol::admin::RoomHandle;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::actor::{lobby, room};
use crate::journal::Journal;
use crate::ledger::Ledger;
use crate::limits::Limits;
use crate::room::{Census, ConnectionId};
use orders::Admission;
pub use orders::{Notice, Order};

/// How long a part of the tree may take to answer: a turn is microseconds, a restart milliseconds.
const ANSWER_WAIT: Duration = Duration::from_secs(2);

/// A part of the server is restarting, and did not answer in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a part of the server is restarting")]
pub struct Unavailable;

/// The running tree. Clones reach the same one.
#[derive(Clone, Debug)]
pub struct Tree {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    limits: Limits,
    ledger: Arc<Ledger>,
    journal: Journal,
    started: Instant,
    connections: AtomicU64,
    lobby: watch::Sender<Option<ActorRef<lobby::Message>>>,
    stopping: watch::Sender<bool>,
    admission: watch::Sender<Admission>,
    order: watch::Sender<Option<Order>>,
    address_tags: OnceLock<AddressTags>,
    #[cfg(feature = "faults")]
    fuses: crate::fault::Fuses,
}

/// How many hashes of addresses there are at this moment: who keeps them says so.
struct AddressTags(Box<dyn Fn() -> usize + Send + Sync>);

impl fmt::Debug for AddressTags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AddressTags")
    }
}

impl Tree {
    /// A handle to a tree that is about to be planted, and tells its operator nothing.
    #[cfg(test)]
    pub(crate) fn new(limits: Limits) -> Self {
        Self::with_journal(limits, Journal::Off)
    }

    /// A handle to a tree that is about to be planted.
    pub(crate) fn with_journal(limits: Limits, journal: Journal) -> Self {
        Self {
            shared: Arc::new(Shared {
                limits,
                ledger: Ledger::new(limits.retained_bytes_max),
                journal,
                started: Instant::now(),
                connections: AtomicU64::new(0),
                lobby: watch::Sender::new(None),
                stopping: watch::Sender::new(false),
                admission: watch::Sender::new(Admission::Open),
                order: watch::Sender::new(None),
                address_tags: OnceLock::new(),
                #[cfg(feature = "faults")]
                fuses: crate::fault::Fuses::default(),
            }),
        }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    pub(crate) fn ledger(&self) -> &Arc<Ledger> {
        &self.shared.ledger
    }

    /// Who keeps hashes of addresses says how to count them.
    pub(crate) fn count_address_tags_by(&self, count: impl Fn() -> usize + Send + Sync + 'static) {
        let _ = self.shared.address_tags.set(AddressTags(Box::new(count)));
    }

    /// What makes a part fail at a message to come.
    #[cfg(feature = "faults")]
    pub(crate) fn fuses(&self) -> &crate::fault::Fuses {
        &self.shared.fuses
    }

    /// What the operator is told.
    pub(crate) fn journal(&self) -> Journal {
        self.shared.journal
    }

    pub(crate) fn next_connection(&self) -> ConnectionId {
        ConnectionId(self.shared.connections.fetch_add(1, Ordering::Relaxed))
    }

    /// Where the lobby is found: empty until it first stands, and out of date for the moment of a
    /// restart.
    pub(crate) fn lobby(&self) -> Option<ActorRef<lobby::Message>> {
        self.shared.lobby.borrow().clone()
    }

    /// Until the lobby stands for the first time.
    pub(crate) async fn lobby_stands(&self) {
        let _ = self.shared.lobby.subscribe().wait_for(Option::is_some).await;
    }

    pub(crate) fn set_lobby(&self, lobby: ActorRef<lobby::Message>) {
        self.shared.lobby.send_replace(Some(lobby));
    }

    /// Tells the lobby, if there is one: what it misses it learns again when it is rebuilt.
    pub(crate) fn tell_lobby(&self, message: lobby::Message) {
        if let Some(lobby) = self.lobby() {
            let _ = lobby.cast(message);
        }
    }

    /// Turns true when the server begins to stop.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.shared.stopping.subscribe()
    }

    pub(crate) fn is_stopping(&self) -> bool {
        *self.shared.stopping.borrow()
    }

    pub(crate) fn begin_stopping(&self) {
        self.shared.stopping.send_replace(true);
    }

    async fn living(&self) -> Result<Vec<lobby::Living>, Unavailable> {
        let lobby = self.lobby().ok_or(Unavailable)?;
        let mut living = ask(&lobby, lobby::Message::List).await.ok_or(Unavailable)?;
        // Whatever is done to all of them in turn, the order says nothing of their ids.
        living.sort_by_key(|living| living.handle);
        Ok(living)
    }

    async fn find(&self, handle: RoomHandle) -> Result<Option<lobby::Living>, Unavailable> {
        Ok(self.living().await?.into_iter().find(|living| living.handle == handle))
    }

    /// Rooms that end while they are counted are left out.
    async fn censuses(&self) -> Result<Vec<(lobby::Living, Census)>, Unavailable> {
        let counted = self.living().await?.into_iter().map(|living| async move {
            let census = census(&living).await?;
            Some((living, census))
        });
        Ok(futures::future::join_all(counted).await.into_iter().flatten().collect())
    }
}

async fn census(living: &lobby::Living) -> Option<Census> {
    ask(&living.actor, room::Message::Count).await
}

/// An actor's answer, or nothing when it is no more or takes too long.
async fn ask<M, T>(actor: &ActorRef<M>, message: impl FnOnce(RpcReplyPort<T>) -> M) -> Option<T>
where
    M: ractor::Message,
    T: Send + 'static,
{
    match actor.call(message, Some(ANSWER_WAIT)).await {
        Ok(CallResult::Success(answer)) => Some(answer),
        Ok(CallResult::Timeout | CallResult::SenderError) | Err(_) => None,
    }
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
