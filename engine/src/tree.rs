//! The handle by which lines, the gateway and the console reach the supervision tree. It outlives
//! every restart inside it. Must not know what carries a line, nor what is said in a room.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ractor::rpc::CallResult;
use ractor::{ActorRef, RpcReplyPort};
use sanctuary_protocol::admin::{RoomHandle, RoomSummary, ServerStatus};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::actor::{lobby, room};
use crate::ledger::Ledger;
use crate::limits::Limits;
use crate::room::{Census, Command, ConnectionId};

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
    started: Instant,
    connections: AtomicU64,
    lobby: watch::Sender<Option<ActorRef<lobby::Message>>>,
    stopping: watch::Sender<bool>,
}

impl Tree {
    /// A handle to a tree that is about to be planted.
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            shared: Arc::new(Shared {
                limits,
                ledger: Ledger::new(limits.retained_bytes_max),
                started: Instant::now(),
                connections: AtomicU64::new(0),
                lobby: watch::Sender::new(None),
                stopping: watch::Sender::new(false),
            }),
        }
    }

    /// The server as a whole.
    ///
    /// # Errors
    /// When a part of the tree does not answer in time.
    pub async fn status(&self) -> Result<ServerStatus, Unavailable> {
        let censuses = self.censuses().await?;
        let sum = |count: fn(&Census) -> usize| {
            narrow(censuses.iter().map(|(_, census)| count(census)).sum())
        };
        let Limits { rooms_max, connections_max, retained_bytes_max, .. } = self.shared.limits;
        Ok(ServerStatus {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            uptime_seconds: self.shared.started.elapsed().as_secs(),
            rooms: narrow(censuses.len()),
            rooms_max: narrow(rooms_max),
            members_live: sum(|census| census.members_live),
            members_gone: sum(|census| census.members_gone),
            connections: narrow(self.ledger().connections()),
            connections_max: narrow(connections_max),
            retained_bytes: self.ledger().retained() as u64,
            retained_bytes_max: retained_bytes_max as u64,
            restarts: self.ledger().restarts(),
        })
    }

    /// Every living room, oldest first.
    ///
    /// # Errors
    /// When a part of the tree does not answer in time.
    pub async fn rooms(&self) -> Result<Vec<RoomSummary>, Unavailable> {
        let mut rooms: Vec<_> = self.censuses().await?.into_iter().map(summary).collect();
        rooms.sort_by_key(|room| room.room);
        Ok(rooms)
    }

    /// One living room, if there is one of that handle.
    ///
    /// # Errors
    /// When a part of the tree does not answer in time.
    pub async fn room(&self, handle: RoomHandle) -> Result<Option<RoomSummary>, Unavailable> {
        let Some(living) = self.find(handle).await? else { return Ok(None) };
        Ok(census(&living).await.map(|census| summary((living, census))))
    }

    /// Ends one room for everybody in it; says whether there was one of that handle.
    ///
    /// # Errors
    /// When a part of the tree does not answer in time.
    pub async fn purge(&self, handle: RoomHandle) -> Result<bool, Unavailable> {
        match self.find(handle).await? {
            Some(living) => Ok(purge(&living).await),
            None => Ok(false),
        }
    }

    /// Ends every room; says how many there were.
    ///
    /// # Errors
    /// When a part of the tree does not answer in time.
    pub async fn purge_all(&self) -> Result<u32, Unavailable> {
        let living = self.living().await?;
        let purged = futures::future::join_all(living.iter().map(purge)).await;
        Ok(narrow(purged.into_iter().filter(|purged| *purged).count()))
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    pub(crate) fn ledger(&self) -> &Arc<Ledger> {
        &self.shared.ledger
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
        ask(&lobby, lobby::Message::List).await.ok_or(Unavailable)
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

async fn purge(living: &lobby::Living) -> bool {
    ask(&living.actor, |done| room::Message::Order(Command::Purge, Some(done))).await.is_some()
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

fn summary((living, census): (lobby::Living, Census)) -> RoomSummary {
    RoomSummary {
        room: living.handle,
        members_live: narrow(census.members_live),
        members_gone: narrow(census.members_gone),
        knocks: narrow(census.knocks),
        age_seconds: census.age.as_secs(),
        quiet_seconds: census.quiet.as_secs(),
        entries: census.entries,
        retained_bytes: living.account.held() as u64,
    }
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
