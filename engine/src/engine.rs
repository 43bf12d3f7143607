//! An engine from its start to its end. Must not know what is inside the tree it plants.

use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ractor::{Actor, ActorRef};
use sanctuary_protocol::RoomId;
use tokio::sync::watch;

use crate::actor::sanctuary::{self, Sanctuary};
use crate::config::Config;
use crate::connection::Connection;
use crate::doors::{Doors, Places};
use crate::gateway::listen::BindError;
use crate::gateway::{self, Gate, Redirect, Rules};
use crate::journal::Note;
use crate::ledger::Gauge;
use crate::remark::{self, Heard, Remark};
use crate::socket_file::{SocketError, SocketFile};
use crate::tls::{self, Tls, TlsError};
use crate::tree::{Order, Tree};

/// How long the rooms may take to tell everybody that the server stops: a turn each.
const FAREWELL_WAIT: Duration = Duration::from_secs(2);

/// How long sockets may take to carry that word; whoever reads nothing by then is cut off.
const FLUSH_WAIT: Duration = Duration::from_secs(5);

/// How long each step of a panic may take: a turn of every room, a word to every socket, the tree's fall.
const PANIC_WAIT: Duration = Duration::from_millis(500);

/// Why an engine did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// It cannot listen where it was told to.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// A unix socket cannot be made.
    #[error(transparent)]
    Socket(#[from] SocketError),
    /// The certificate or its key does not hold.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The tree did not come up.
    #[error("the server's parts did not start: {0}")]
    Tree(#[from] ractor::SpawnErr),
}

/// A permanent part of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Knows which rooms live.
    Lobby,
    /// Accepts connections.
    Gateway,
    /// Answers the operator.
    Console,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lobby => "lobby",
            Self::Gateway => "gateway",
            Self::Console => "console",
        })
    }
}

/// Why an engine is no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Ended {
    /// It was asked to stop.
    #[error("the server was stopped")]
    ShutDown,
    /// A part of it failed too often.
    #[error("the {0} failed again and again, so the server gave up")]
    GaveUp(Part),
    /// Its root failed.
    #[error("the server's root failed")]
    Failed,
}

/// A running engine. Dropping it leaves the tree running; [`Engine::shut_down`] ends it.
#[derive(Debug)]
pub struct Engine {
    tree: Tree,
    root: ActorRef<sanctuary::Message>,
    places: Places,
    heard: Heard,
    ended: watch::Receiver<Option<Ended>>,
}

/// Looks at what an engine would be started with, as far as can be told without starting it.
///
/// # Errors
/// When a certificate, a key or a folder does not hold.
pub fn check(config: &Config) -> Result<(), StartError> {
    Ok(config.tls.as_ref().map_or(Ok(()), tls::check)?)
}

/// Starts an engine. Every socket is bound when this returns.
///
/// # Errors
/// When a socket cannot be bound, with what to do about it.
pub async fn start(config: Config) -> Result<Engine, StartError> {
    let domains = config.tls.as_ref().map_or(Vec::new(), |tls| tls.domains().to_vec());
    let tls = config.tls.clone().map(Tls::begin).transpose()?.map(Arc::new);
    let Doors { listeners, console, places } = Doors::open(&config)?;
    let Config { limits, origins, trusted_proxies, journal, .. } = config;
    let tree = Tree::with_journal(limits, journal);
    let (remarks, heard) = remark::remarks();
    let port = places.addresses.first().map_or(0, SocketAddr::port);
    let redirect = Redirect::to(&origins, &domains, port);
    let rules = Rules { origins, trusted_proxies, tls, redirect, remarks };
    let gateway = (!listeners.is_empty()).then(|| gateway::Arguments {
        gate: Arc::new(Gate::new(tree.clone(), rules)),
        listeners: Arc::new(listeners),
    });
    let ended = watch::Sender::new(None);
    let watching = ended.subscribe();
    let arguments =
        sanctuary::Arguments { tree: tree.clone(), gateway, console, ended: ended.clone() };
    let (root, standing) = Sanctuary::spawn(None, Sanctuary, arguments).await?;
    tokio::spawn(journal.keep_counts(tree.clone()));
    let watched = tree.clone();
    tokio::spawn(async move {
        let _ = standing.await;
        let fallback = if watched.is_stopping() { Ended::ShutDown } else { Ended::Failed };
        watched.begin_stopping();
        ended.send_modify(|ended| *ended = ended.or(Some(fallback)));
    });
    let engine = Engine { tree, root, places, heard, ended: watching };
    // Whoever asks the tree at once gets an answer; a tree that falls at once says so by `ended`.
    tokio::select! {
        biased;
        () = engine.tree.lobby_stands() => {}
        _ = engine.ended() => {}
    }
    Ok(engine)
}

impl Engine {
    /// An in-memory connection to `room`.
    pub fn connect(&self, room: RoomId) -> Connection {
        Connection::open(&self.tree, room)
    }

    /// Where it listens.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.places.addresses
    }

    /// Where it answers plain HTTP by the way to TLS.
    pub fn redirects(&self) -> &[SocketAddr] {
        &self.places.redirects
    }

    /// The unix socket it listens on.
    pub fn unix(&self) -> Option<&Path> {
        self.places.unix.as_ref().map(SocketFile::path)
    }

    /// The handle to the tree inside.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Stops: no new connection, everybody told, their outboxes flushed, then the tree. Bounded in
    /// time, whatever clients do.
    pub async fn shut_down(&self) {
        let sockets = async {
            let mut sockets = self.tree.ledger().watch(Gauge::Sockets);
            let _ = sockets.wait_for(|count| *count == 0).await;
        };
        let rooms = async {
            let mut rooms = self.tree.ledger().watch(Gauge::Rooms);
            let _ = rooms.wait_for(|count| *count == 0).await;
        };
        let (journal, ledger) = (self.tree.journal(), self.tree.ledger());
        let (rooms_open, connections) = (ledger.now(Gauge::Rooms), ledger.connections());
        journal.note(Note::Stopping { rooms: rooms_open, connections });
        self.tree.begin_stopping();
        if self.root.cast(sanctuary::Message::ShutDown).is_ok() {
            let _ = tokio::time::timeout(FAREWELL_WAIT, rooms).await;
        }
        let _ = tokio::time::timeout(FLUSH_WAIT, sockets).await;
        let _ = self.root.stop_and_wait(None, Some(FAREWELL_WAIT)).await;
        self.places.remove_files();
        journal.note(Note::Stopped);
    }

    /// Waits until the operator has the server end, and says how. Nothing is done about it here.
    pub async fn ordered(&self) -> Order {
        self.tree.ordered().await
    }

    /// Ends every room and stops at once. Who is connected is told that the operator ended its room, if
    /// it takes that in right away: a page that is not told would still show what was said.
    pub async fn cut_off(&self) {
        let sockets = async {
            let mut sockets = self.tree.ledger().watch(Gauge::Sockets);
            let _ = sockets.wait_for(|count| *count == 0).await;
        };
        self.tree.admit(false);
        // Not by the lobby: it may just now be restarting.
        let _ = self.root.cast(sanctuary::Message::PurgeAll);
        let mut rooms = self.tree.ledger().watch(Gauge::Rooms);
        let _ = tokio::time::timeout(PANIC_WAIT, rooms.wait_for(|count| *count == 0)).await;
        self.tree.begin_stopping();
        let _ = tokio::time::timeout(PANIC_WAIT, sockets).await;
        let _ = tokio::time::timeout(PANIC_WAIT, self.root.stop_and_wait(None, None)).await;
        self.places.remove_files();
        self.tree.journal().note(Note::Stopped);
    }

    /// Waits for the next thing the operator should hear. Cancel-safe.
    pub async fn remark(&self) -> Remark {
        self.heard.next().await
    }

    /// Waits for the end, and says why it came.
    pub async fn ended(&self) -> Ended {
        let mut ended = self.ended.clone();
        let said = ended.wait_for(Option::is_some).await;
        said.ok().and_then(|ended| *ended).unwrap_or(Ended::Failed)
    }

    /// Makes a part of the tree fail.
    #[cfg(feature = "faults")]
    pub fn fail(&self, fault: crate::fault::Fault) {
        let _ = self.root.cast(sanctuary::Message::Fail(fault));
    }

    /// Makes a part of the tree fail at the message that comes after so many others.
    #[cfg(feature = "faults")]
    pub fn fail_at(&self, taker: crate::fault::Taker, after: u32) {
        self.tree.fuses().light(taker, after);
    }

    /// Whether one is still to come.
    #[cfg(feature = "faults")]
    pub fn is_to_fail(&self, taker: crate::fault::Taker) -> bool {
        self.tree.fuses().is_lit(taker)
    }

    /// Makes one part after the other fail, at every `SIGUSR2`: for tests of a whole process.
    ///
    /// # Errors
    /// When the signal cannot be heard.
    #[cfg(feature = "faults")]
    pub fn fail_on_signal(&self) -> std::io::Result<()> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut signalled = signal(SignalKind::user_defined2())?;
        let root = self.root.clone();
        tokio::spawn(async move {
            for fault in crate::fault::ON_SIGNAL {
                let _ = signalled.recv().await;
                let _ = root.cast(sanctuary::Message::Fail(fault));
            }
        });
        Ok(())
    }
}
