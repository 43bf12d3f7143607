//! The lobby: which rooms live, and who goes where. Permanent; it fails alone, because the rooms are
//! the root's children, and is rebuilt from those that live. Must not know what a room decides.

use std::collections::BTreeMap;
use std::sync::Arc;

use ractor::{
    Actor, ActorId, ActorProcessingErr, ActorRef, ActorStatus, MessagingErr, RpcReplyPort,
    SupervisionEvent,
};
use sanctuary_protocol::admin::RoomHandle;
use sanctuary_protocol::{ClientFrame, Refusal, RoomId};
use tokio::sync::oneshot;

use super::{room, sanctuary};
use crate::Tree;
use crate::ledger::Account;
use crate::line::Tether;

/// A living room.
#[derive(Clone, Debug)]
pub(crate) struct Living {
    /// In a place of its own, which is wiped when it is given back. A table's slot, and a mailbox's, is
    /// used again, and until then holds what was in it.
    pub(crate) id: Arc<RoomId>,
    pub(crate) handle: RoomHandle,
    pub(crate) actor: ActorRef<room::Message>,
    pub(crate) account: Arc<Account>,
}

impl Living {
    /// A room that ends takes nobody in, though its actor may stand a moment longer.
    pub(crate) fn is_open(&self) -> bool {
        self.actor.get_status() < ActorStatus::Draining
    }
}

/// A line on its way out of the vestibule. Dropped without an answer, it is asked again.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) room: Arc<RoomId>,
    pub(crate) seeking: Seeking,
    pub(crate) tether: Tether,
    pub(crate) frame: ClientFrame,
    pub(crate) answer: oneshot::Sender<Result<(), Refusal>>,
}

/// What a line seeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seeking {
    /// A room, started if it does not live.
    Start,
    /// A living room; if there is none, this is the answer.
    Living(Refusal),
}

/// What the lobby is told.
#[derive(Debug)]
pub(crate) enum Message {
    /// A line seeks its room.
    Arrive(Box<Arrival>),
    /// The root has started a room.
    Opened(Living),
    /// The root could not start a room.
    NotOpened(Arc<RoomId>),
    /// A room is no more.
    Ended { room: Arc<RoomId>, actor: ActorId },
    /// Which rooms live?
    List(RpcReplyPort<Vec<Living>>),
    /// The process holds too much.
    Relieve,
    /// Panic, to prove that nobody else notices.
    #[cfg(feature = "faults")]
    Fail,
}

/// The lobby.
pub(crate) struct Lobby;

/// What it is built from, and rebuilt.
pub(crate) struct Arguments {
    pub(crate) tree: Tree,
    pub(crate) root: ActorRef<sanctuary::Message>,
    pub(crate) living: Vec<Living>,
}

/// Its directory.
pub(crate) struct State {
    tree: Tree,
    root: ActorRef<sanctuary::Message>,
    living: BTreeMap<Arc<RoomId>, Living>,
    /// Who came to a room while the root was starting it.
    opening: BTreeMap<Arc<RoomId>, Vec<Arrival>>,
}

impl Actor for Lobby {
    type Msg = Message;
    type State = State;
    type Arguments = Arguments;

    async fn pre_start(
        &self,
        _myself: ActorRef<Message>,
        Arguments { tree, root, living }: Arguments,
    ) -> Result<State, ActorProcessingErr> {
        // Whoever asked for relief asked a lobby that is no more.
        tree.ledger().relief_heard();
        let living = living.into_iter().map(|living| (living.id.clone(), living)).collect();
        Ok(State { tree, root, living, opening: BTreeMap::new() })
    }

    async fn handle(
        &self,
        _myself: ActorRef<Message>,
        message: Message,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        #[cfg(feature = "faults")]
        state.tree.fuses().burn(crate::fault::Taker::Lobby);
        match message {
            Message::Arrive(arrival) => state.guide(arrival),
            Message::Opened(living) => {
                let room = living.id.clone();
                state.living.insert(room.clone(), living);
                state.guide_those_who_waited(&room);
            }
            Message::NotOpened(room) => state.guide_those_who_waited(&room),
            Message::Ended { room, actor } => {
                if state.living.get(&room).is_some_and(|living| living.actor.get_id() == actor) {
                    state.living.remove(&room);
                }
            }
            Message::List(reply) => {
                let living = state.living.values().filter(|living| living.is_open());
                let _ = reply.send(living.cloned().collect());
            }
            Message::Relieve => state.relieve(),
            #[cfg(feature = "faults")]
            Message::Fail => crate::fault::fail(),
        }
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        _myself: ActorRef<Message>,
        _event: SupervisionEvent,
        _state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        // It has no children; the default would end it with one.
        Ok(())
    }
}

impl State {
    fn guide(&mut self, arrival: Box<Arrival>) {
        let Err(arrival) = self.lead_in(arrival) else { return };
        match (self.opening.get_mut(&arrival.room), arrival.seeking) {
            (Some(waiting), _) => waiting.push(*arrival),
            (None, Seeking::Start) => {
                self.opening.insert(arrival.room.clone(), Vec::new());
                // A root that is no more takes the lobby with it; the arrival's drop is its answer.
                let _ = self.root.cast(sanctuary::Message::Open(arrival));
            }
            (None, Seeking::Living(why)) => {
                let _ = arrival.answer.send(Err(why));
            }
        }
    }

    /// To the living room it seeks, or back.
    fn lead_in(&self, arrival: Box<Arrival>) -> Result<(), Box<Arrival>> {
        let Some(living) = self.living.get(&arrival.room) else { return Err(arrival) };
        match living.actor.cast(room::Message::Arrive(arrival)) {
            Err(MessagingErr::SendErr(room::Message::Arrive(arrival))) => Err(arrival),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn guide_those_who_waited(&mut self, room: &RoomId) {
        for arrival in self.opening.remove(room).unwrap_or_default() {
            self.guide(Box::new(arrival));
        }
    }

    /// The room that holds most gives some back.
    fn relieve(&mut self) {
        self.tree.ledger().relief_heard();
        if let Some(largest) =
            self.living.values().max_by_key(|living| (living.account.held(), living.handle))
        {
            let _ = largest.actor.cast(room::Message::Relieve);
        }
    }
}
