//! The real engine, whoever operates it, and whoever starts it again when it has ended. Pages come in
//! by its gateway, over wires in memory.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use futures::FutureExt as _;
use sanctuary_engine::fault::{Fault, Taker};
use sanctuary_engine::limits::{Limits, RoomLimits};
use sanctuary_engine::streams::{Entrance, operate};
use sanctuary_engine::{Config, Ended, Engine, Order, StartError, start};
use sanctuary_protocol::admin::{AdminReply, AdminRequest, RoomHandle, RoomSummary};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream, split};
use tokio::task::JoinHandle;

use super::plan::{Bounds, Part};

/// Bytes of a request or an answer under way.
const CONSOLE_PIPE_BYTES: usize = 64 * 1024;

/// A server that stands, or is about to stand again.
pub(super) struct Server {
    engine: Arc<Engine>,
    entrance: Entrance,
    operator: DuplexStream,
    bounds: Bounds,
    /// It was told to stop, and is doing so.
    stopping: Option<JoinHandle<()>>,
    /// Failures it was made to have, at most.
    pub(super) failed: Failed,
}

/// How often each part was made to fail since the server started.
#[derive(Clone, Debug, Default)]
pub(super) struct Failed {
    pub(super) rooms: u32,
    pub(super) members: u32,
    pub(super) lobbies: u32,
    /// What is to fail at a message to come.
    late: BTreeSet<Part>,
}

/// The operator got no answer that is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unanswered;

impl Server {
    /// A server without a room.
    pub(super) async fn start(bounds: Bounds) -> Result<Self, StartError> {
        let engine = Arc::new(start(Config { limits: limits(bounds), ..Config::default() }).await?);
        let entrance = Entrance::to(engine.tree());
        let (operator, console) = tokio::io::duplex(CONSOLE_PIPE_BYTES);
        let tree = engine.tree().clone();
        tokio::spawn(async move { operate(console, &tree).await });
        let failed = Failed::default();
        Ok(Self { engine, entrance, operator, bounds, stopping: None, failed })
    }

    /// The server is started again, whatever there was before: whoever watches processes does so.
    pub(super) async fn start_again(&mut self) -> Result<(), StartError> {
        *self = Self::start(self.bounds).await?;
        Ok(())
    }

    /// A wire to it.
    pub(super) fn connect(&self) -> DuplexStream {
        let (near, far) = tokio::io::duplex(wire_bytes(self.bounds));
        let entrance = self.entrance.clone();
        tokio::spawn(async move { entrance.serve(far).await });
        near
    }

    /// Whether it is to end, or has ended: then how.
    pub(super) fn end(&mut self) -> Option<End> {
        if let Some(stopping) = &mut self.stopping {
            return stopping.is_finished().then_some(End::AsOrdered);
        }
        if let Some(order) = self.engine.ordered().now_or_never() {
            let engine = self.engine.clone();
            self.stopping = Some(tokio::spawn(async move {
                match order {
                    Order::Stop => engine.shut_down().await,
                    Order::Panic => engine.cut_off().await,
                }
            }));
            return None;
        }
        self.engine.ended().now_or_never().map(End::ByItself)
    }

    /// Waits until there is something to look at in [`Server::end`].
    pub(super) async fn stirs(&self) {
        tokio::select! {
            biased;
            _ = self.engine.ended() => {}
            _ = self.engine.ordered(), if self.stopping.is_none() => {}
        }
    }

    /// Whether it is on its way out.
    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.is_some()
    }

    /// A part of it fails now.
    pub(super) fn fail(&mut self, part: Part) {
        self.count(part);
        self.engine.fail(match part {
            Part::Room => Fault::Room,
            Part::Member => Fault::Member,
            Part::Lobby => Fault::Lobby,
        });
    }

    /// A part of it fails at the message that comes after so many others.
    pub(super) fn fail_at(&mut self, taker: Taker, after: u8) {
        let part = match taker {
            Taker::Room => Part::Room,
            Taker::Lobby => Part::Lobby,
        };
        self.count(part);
        self.failed.late.insert(part);
        self.engine.fail_at(taker, after.into());
    }

    fn count(&mut self, part: Part) {
        let Failed { rooms, members, lobbies, .. } = &mut self.failed;
        *match part {
            Part::Room => rooms,
            Part::Member => members,
            Part::Lobby => lobbies,
        } += 1;
    }

    /// What was to fail at a message, and has.
    pub(super) fn burned(&mut self) -> BTreeSet<Part> {
        let is_out = |part: &Part| taker(*part).is_some_and(|taker| !self.engine.is_to_fail(taker));
        let burned: BTreeSet<Part> = self.failed.late.iter().copied().filter(is_out).collect();
        self.failed.late.retain(|part| !burned.contains(part));
        burned
    }

    /// Whether anything is to fail at a message to come.
    pub(super) fn is_failing_later(&self) -> bool {
        !self.failed.late.is_empty()
    }

    /// Whether there is any room.
    pub(super) fn has_rooms(&self) -> bool {
        self.engine.tree().stats().rooms > 0
    }

    /// All of it fails.
    pub(super) async fn die(&self) {
        self.engine.fail(Fault::Root);
        self.engine.ended().await;
    }

    /// The operator asks, and waits for the answer.
    pub(super) async fn ask(&mut self, request: &AdminRequest) -> Result<AdminReply, Unanswered> {
        let mut line = serde_json::to_vec(request).map_err(|_| Unanswered)?;
        line.push(b'\n');
        let (read, mut write) = split(&mut self.operator);
        write.write_all(&line).await.map_err(|_| Unanswered)?;
        let mut answer = String::new();
        // An answer is one line, and nothing comes before it is asked for.
        BufReader::new(read).read_line(&mut answer).await.map_err(|_| Unanswered)?;
        serde_json::from_str(&answer).map_err(|_| Unanswered)
    }

    /// The rooms as the operator sees them.
    pub(super) async fn rooms(&mut self) -> Result<Vec<RoomSummary>, Unanswered> {
        match self.ask(&AdminRequest::Rooms).await? {
            AdminReply::Rooms { rooms } => Ok(rooms),
            _ => Err(Unanswered),
        }
    }

    /// The rooms' handles.
    pub(super) async fn handles(&mut self) -> Result<BTreeSet<RoomHandle>, Unanswered> {
        Ok(self.rooms().await?.into_iter().map(|room| room.room).collect())
    }

    /// Connections it hung up on because they did not read.
    pub(super) fn too_slow(&self) -> u64 {
        self.engine.tree().stats().hung_up.too_slow
    }

    /// Its bounds.
    pub(super) fn limits(&self) -> Limits {
        limits(self.bounds)
    }

    /// Stops it for good, and leaves its console.
    pub(super) async fn shut_down(&mut self) {
        self.engine.shut_down().await;
        (self.operator, _) = tokio::io::duplex(1);
    }
}

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Its operator had it end.
    AsOrdered,
    /// Nobody had.
    ByItself(Ended),
}

/// Which parts take messages.
const fn taker(part: Part) -> Option<Taker> {
    match part {
        Part::Room => Some(Taker::Room),
        Part::Lobby => Some(Taker::Lobby),
        Part::Member => None,
    }
}

fn limits(bounds: Bounds) -> Limits {
    // All pages are of one address, and a run is long.
    let ample =
        Limits { address_burst: 10_000, address_connections_max: 1_000, ..Limits::default() };
    match bounds {
        Bounds::Ample => ample,
        Bounds::Tight => Limits {
            room: RoomLimits {
                members_max: 4,
                knocks_max: 1,
                ring_bytes_max: 3_000,
                ring_commits_max: 8,
                seat_wait: std::time::Duration::from_secs(30),
                ..ample.room
            },
            rooms_max: 1,
            connections_max: 8,
            retained_bytes_max: 64 * 1024,
            outbox_frames_max: 16,
            outbox_bytes_max: 32 * 1024,
            in_flight_max: 2,
            ..ample
        },
    }
}

/// Bytes under way in one direction before whoever writes waits.
fn wire_bytes(bounds: Bounds) -> usize {
    match bounds {
        Bounds::Ample => 64 * 1024,
        Bounds::Tight => 4 * 1024,
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("bounds", &self.bounds).finish_non_exhaustive()
    }
}
