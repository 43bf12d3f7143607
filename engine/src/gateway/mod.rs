//! The gateway: the one way in from outside. hyper reads requests, warp routes them, and a WebSocket
//! becomes a line into the tree. Permanent; its listeners are bound outside and its connections are
//! tasks of their own, so its failure costs neither. Must not know what a frame means, and keeps,
//! prints and passes on no address.

pub(crate) mod listen;

mod way_in;

mod accept;
mod crowd;
mod handshake;
mod peer;
mod redirect;
mod tag;
mod throttle;

mod routes;
mod upgrade;

mod intake;
mod messages;
mod socket;
mod unfinished;
mod wire;

mod assets;
mod headers;
mod reply;

use std::sync::Arc;

use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::Tree;
use crate::config::{Origin, Proxy};
use crate::rates::Rate;
use crate::remark::Remarks;
use crate::tls::Tls;
#[cfg(feature = "streams")]
pub(crate) use accept::serve_local;
use crowd::Crowd;
use listen::Listener;
pub(crate) use redirect::Redirect;
use throttle::Throttle;
use unfinished::Unfinished;
use way_in::WayIn;

/// Connections turned away that are told why at the same time; the rest are just closed.
const TURNED_AWAY_MAX: usize = 64;

/// What every connection is judged by. It outlives the gateway's restarts.
#[derive(Debug)]
pub(crate) struct Gate {
    pub(crate) tree: Tree,
    rules: Rules,
    throttle: Arc<Throttle>,
    crowd: Arc<Crowd>,
    unfinished: Arc<Unfinished>,
    turned_away: Arc<Semaphore>,
    handshakes: Semaphore,
}

/// What the operator has said of connections.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    /// Whose pages may connect; if none is named, those of the host a client asked for.
    pub(crate) origins: Vec<Origin>,
    /// Whose word counts of where a client is.
    pub(crate) trusted_proxies: Vec<Proxy>,
    /// What listeners speak; plain HTTP without.
    pub(crate) tls: Option<Arc<Tls>>,
    /// Where plain HTTP is sent to.
    pub(crate) redirect: Redirect,
    /// Who is told of what the operator should know.
    pub(crate) remarks: Remarks,
}

impl Gate {
    pub(crate) fn new(tree: Tree, rules: Rules) -> Self {
        let limits = tree.limits();
        let rate = Rate { burst: limits.address_burst, refill: limits.address_refill };
        let throttle = Arc::new(Throttle::new(rate, Instant::now().into_std()));
        let crowd = Crowd::new(limits.address_connections_max);
        let counted = (throttle.clone(), crowd.clone());
        tree.count_address_tags_by(move || counted.0.len() + counted.1.len());
        Self {
            throttle,
            crowd,
            unfinished: Arc::new(Unfinished::new(&tree)),
            tree,
            rules,
            turned_away: Arc::new(Semaphore::new(TURNED_AWAY_MAX)),
            handshakes: Semaphore::new(handshake::HANDSHAKES_MAX),
        }
    }
}

/// What the gateway is started with, and restarted.
#[derive(Clone, Debug)]
pub(crate) struct Arguments {
    pub(crate) gate: Arc<Gate>,
    pub(crate) listeners: Arc<Vec<Listener>>,
}

/// What the gateway is told.
#[derive(Debug)]
pub(crate) enum Message {
    /// A loop is no more.
    LoopEnded,
    /// Panic, to prove that nobody else notices.
    #[cfg(feature = "faults")]
    Fail,
}

/// The gateway.
pub(crate) struct Gateway;

/// Its accept loops, and what keeps certificates up to date; they end with it.
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
            let way_in = WayIn::open(listener.try_clone()?)?;
            let told = LoopEnd { gateway: myself.clone() };
            let gate = gate.clone();
            loops.spawn(async move {
                let _told = told;
                way_in.accept(&gate).await;
            });
        }
        if let Some(tls) = gate.rules.tls.clone() {
            let told = LoopEnd { gateway: myself };
            loops.spawn(async move {
                let _told = told;
                tls.keep(&gate.rules.remarks).await;
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
            Message::LoopEnded => Err("a loop ended".into()),
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
