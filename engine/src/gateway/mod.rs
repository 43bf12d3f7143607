//! The gateway: the one way in from outside. hyper reads requests, warp routes them, and a WebSocket
//! becomes a line into the tree. Permanent; its listeners are bound outside and its connections are
//! tasks of their own, so its failure costs neither. Must not know what a frame means, and keeps,
//! prints and passes on no address.

pub(crate) mod listen;

mod accept;
mod crowd;
mod peer;
mod tag;
mod throttle;

mod routes;
mod upgrade;

mod intake;
mod messages;
mod socket;
mod wire;

mod assets;
mod headers;
mod reply;

use std::net::{IpAddr, TcpListener};
use std::sync::Arc;

use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::Tree;
use crate::config::Origin;
use crate::rates::Rate;
use crowd::Crowd;
use intake::Unfinished;
use throttle::Throttle;

/// Connections turned away that are told why at the same time; the rest are just closed.
const TURNED_AWAY_MAX: usize = 64;

/// What every connection is judged by. It outlives the gateway's restarts.
#[derive(Debug)]
pub(crate) struct Gate {
    pub(crate) tree: Tree,
    origins: Vec<Origin>,
    trusted_proxies: Vec<IpAddr>,
    throttle: Arc<Throttle>,
    crowd: Arc<Crowd>,
    unfinished: Arc<Unfinished>,
    turned_away: Arc<Semaphore>,
}

impl Gate {
    pub(crate) fn new(tree: Tree, origins: Vec<Origin>, trusted_proxies: Vec<IpAddr>) -> Self {
        let limits = tree.limits();
        let rate = Rate { burst: limits.address_burst, refill: limits.address_refill };
        let throttle = Arc::new(Throttle::new(rate, Instant::now().into_std()));
        let crowd = Crowd::new(limits.address_connections_max);
        let counted = (throttle.clone(), crowd.clone());
        tree.count_address_tags_by(move || counted.0.len() + counted.1.len());
        Self {
            throttle,
            crowd,
            unfinished: Arc::new(Unfinished::new(tree.ledger(), limits)),
            tree,
            origins,
            trusted_proxies,
            turned_away: Arc::new(Semaphore::new(TURNED_AWAY_MAX)),
        }
    }
}

/// What the gateway is started with, and restarted.
#[derive(Clone, Debug)]
pub(crate) struct Arguments {
    pub(crate) gate: Arc<Gate>,
    pub(crate) listeners: Arc<Vec<TcpListener>>,
}

/// What the gateway is told.
#[derive(Debug)]
pub(crate) enum Message {
    /// An accept loop is no more.
    LoopEnded,
    /// Panic, to prove that nobody else notices.
    #[cfg(feature = "faults")]
    Fail,
}

/// The gateway.
pub(crate) struct Gateway;

/// Its accept loops; they end with it.
pub(crate) struct State {
    _loops: JoinSet<()>,
}

impl Actor for Gateway {
    type Msg = Message;
    type State = State;
    type Arguments = Arguments;

    async fn pre_start(
        &self,
        myself: ActorRef<Message>,
        Arguments { gate, listeners }: Arguments,
    ) -> Result<State, ActorProcessingErr> {
        let mut loops = JoinSet::new();
        for listener in listeners.iter() {
            let listener = tokio::net::TcpListener::from_std(listener.try_clone()?)?;
            let told = LoopEnd { gateway: myself.clone() };
            let gate = gate.clone();
            loops.spawn(async move {
                let _told = told;
                accept::accept(&listener, &gate).await;
            });
        }
        Ok(State { _loops: loops })
    }

    async fn handle(
        &self,
        _myself: ActorRef<Message>,
        message: Message,
        _state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            Message::LoopEnded => Err("an accept loop ended".into()),
            #[cfg(feature = "faults")]
            Message::Fail => crate::fault::fail(),
        }
    }
}

/// Tells the gateway that a loop is no more, even when it ended in a panic.
struct LoopEnd {
    gateway: ActorRef<Message>,
}

impl Drop for LoopEnd {
    fn drop(&mut self) {
        let _ = self.gateway.cast(Message::LoopEnded);
    }
}
