//! The root. It owns who is restarted and how often, keeps the living rooms, and ends the process
//! when a part of it cannot stand. Must not know what is said, nor wait for anybody.
//!
//! ```text
//! Sanctuary               root; its end is the server's
//! ├─ Lobby                permanent   RoomId → room; guides lines in; rebuilt from the living rooms
//! ├─ Room × n             temporary   its state dies with it; its connections are told `Faulted`
//! │  └─ Member × n        temporary   one a connection; its exit is the room's `Command::Vanish`
//! ├─ Gateway              permanent   the accept loops around hyper and warp
//! └─ Console              permanent   the operator's unix socket
//! ```
//!
//! Rooms are the root's children and not the lobby's, because ractor kills the children of an actor
//! that exits: so a lobby's failure costs no room. The same rule keeps connections out of the
//! gateway: each is a task of its own, tied to the tree by its `Line` alone, and the listening
//! sockets are bound outside and cloned in. What a failure costs:
//!
//! | fails     | costs |
//! |-----------|-------|
//! | Lobby     | an arrival in flight asks again; no room, no member notices |
//! | Room      | that room; its connections are hung up on |
//! | Member    | that connection; its seat waits for `Resume` |
//! | Gateway   | requests in flight are answered by tasks that live on; no connection |
//! | Console   | the operator's sessions |
//! | Sanctuary | everything: the process ends with an exit code of its own |
//!
//! A permanent part is restarted at once, five times within a minute; the sixth failure ends the
//! server, so that whoever watches the process learns of it (`Engine::ended`).

use std::collections::BTreeMap;
use std::os::unix::net::UnixListener;
use std::sync::Arc;

use ractor::{Actor, ActorCell, ActorId, ActorProcessingErr, ActorRef, SupervisionEvent};
use sanctuary_protocol::admin::{ActorKind, RoomHandle};
use sanctuary_protocol::{Refusal, RoomId};
use tokio::sync::watch;
use tokio::time::Instant;

use super::lobby::{self, Arrival, Living, Lobby};
use super::room::{self, Room};
use crate::console::{Console, ConsoleArguments};
use crate::gateway::{self, Gateway};
use crate::journal::Note;
use crate::restart::{Budget, Verdict};
use crate::room::Command;
use crate::tally::Event;
use crate::{Ended, Part, Tree};

/// What the root is told.
#[derive(Debug)]
pub(crate) enum Message {
    /// The lobby wants a room started for whom it carries.
    Open(Box<Arrival>),
    /// End every room, in the operator's name.
    PurgeAll,
    /// The server stops: tell every room, and restart nothing.
    ShutDown,
    /// Make a part panic, or end it where it has no message for that.
    #[cfg(feature = "faults")]
    Fail(crate::fault::Fault),
}

/// The root.
pub(crate) struct Sanctuary;

/// What the server is started with.
pub(crate) struct Arguments {
    pub(crate) tree: Tree,
    pub(crate) gateway: Option<gateway::Arguments>,
    pub(crate) console: Option<UnixListener>,
    pub(crate) ended: watch::Sender<Option<Ended>>,
}

/// The living rooms and the permanent parts.
pub(crate) struct State {
    tree: Tree,
    gateway: Option<gateway::Arguments>,
    console: Option<UnixListener>,
    ended: watch::Sender<Option<Ended>>,
    parts: BTreeMap<Part, Standing>,
    living: BTreeMap<Arc<RoomId>, Living>,
    rooms: BTreeMap<ActorId, Arc<RoomId>>,
    rooms_opened: u32,
}

/// A permanent part.
#[derive(Default)]
struct Standing {
    actor: Option<ActorCell>,
    budget: Budget,
}

impl Actor for Sanctuary {
    type Msg = Message;
    type State = State;
    type Arguments = Arguments;

    async fn pre_start(
        &self,
        _myself: ActorRef<Message>,
        Arguments { tree, gateway, console, ended }: Arguments,
    ) -> Result<State, ActorProcessingErr> {
        Ok(State {
            tree,
            gateway,
            console,
            ended,
            parts: BTreeMap::new(),
            living: BTreeMap::new(),
            rooms: BTreeMap::new(),
            rooms_opened: 0,
        })
    }

    async fn post_start(
        &self,
        myself: ActorRef<Message>,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        for part in [Part::Lobby, Part::Gateway, Part::Console] {
            state.stand_up(&myself, part).await;
        }
        Ok(())
    }

    async fn handle(
        &self,
        myself: ActorRef<Message>,
        message: Message,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            Message::Open(arrival) => state.open(&myself, arrival).await,
            Message::PurgeAll => {
                for living in state.oldest_first() {
                    let _ = living.actor.cast(room::Message::Order(Command::Purge, None));
                }
            }
            Message::ShutDown => {
                for part in [Part::Gateway, Part::Console] {
                    if let Some(standing) = state.parts.remove(&part)
                        && let Some(actor) = standing.actor
                    {
                        actor.stop(None);
                    }
                }
                for living in state.oldest_first() {
                    let _ = living.actor.cast(room::Message::Order(Command::ShutDown, None));
                }
            }
            #[cfg(feature = "faults")]
            Message::Fail(fault) => state.fail(fault),
        }
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        myself: ActorRef<Message>,
        event: SupervisionEvent,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match event {
            SupervisionEvent::ActorTerminated(child, ..) => state.part_with(&myself, &child).await,
            SupervisionEvent::ActorFailed(child, _) => {
                state.count_failure(&child);
                state.part_with(&myself, &child).await;
            }
            SupervisionEvent::ActorStarted(_) | SupervisionEvent::ProcessGroupChanged(_) => {}
        }
        Ok(())
    }
}

impl State {
    /// A child is no more: a room is forgotten, a permanent part stood up again.
    async fn part_with(&mut self, myself: &ActorRef<Message>, child: &ActorCell) {
        if let Some(room) = self.rooms.remove(&child.get_id()) {
            self.forget_room(room, child.get_id());
        } else if let Some(part) = self.part_of(child) {
            self.restart(myself, part).await;
        }
    }

    fn count_failure(&self, child: &ActorCell) {
        let kind = match self.part_of(child) {
            Some(Part::Lobby) => ActorKind::Lobby,
            Some(Part::Gateway) => ActorKind::Gateway,
            Some(Part::Console) => ActorKind::Console,
            None => ActorKind::Room,
        };
        self.tree.ledger().tally().count(Event::Failed(kind));
    }

    /// Starts the room an arrival seeks, unless it lives already: a lobby that was restarted may
    /// ask twice.
    async fn open(&mut self, myself: &ActorRef<Message>, arrival: Box<Arrival>) {
        let id = arrival.room.clone();
        let living = match self.living.get(&id).filter(|living| living.is_open()) {
            Some(living) => Some(living.clone()),
            None => self.start_room(myself, id.clone()).await,
        };
        match living {
            Some(living) => {
                let _ = living.actor.cast(room::Message::Arrive(arrival));
                self.tree.tell_lobby(lobby::Message::Opened(living));
            }
            None => {
                let _ = arrival.answer.send(Err(Refusal::ServerFull));
                self.tree.tell_lobby(lobby::Message::NotOpened(id));
            }
        }
    }

    async fn start_room(&mut self, myself: &ActorRef<Message>, id: Arc<RoomId>) -> Option<Living> {
        if self.living.len() >= self.tree.limits().rooms_max || self.tree.is_stopping() {
            return None;
        }
        let mut token_key = [0; 32];
        // Without randomness no token would be secret; the room is not started.
        getrandom::fill(&mut token_key).ok()?;
        let account = self.tree.ledger().account();
        let arguments =
            room::Arguments { tree: self.tree.clone(), account: account.clone(), token_key };
        let spawned = Room::spawn_linked(None, Room, arguments, myself.get_cell()).await;
        let (actor, _) = spawned.ok()?;
        self.rooms_opened += 1;
        self.tree.ledger().tally().count(Event::RoomOpened);
        let handle = RoomHandle(self.rooms_opened);
        let living = Living { id: id.clone(), handle, actor, account };
        self.rooms.insert(living.actor.get_id(), id.clone());
        self.living.insert(id, living.clone());
        Some(living)
    }

    fn forget_room(&mut self, room: Arc<RoomId>, actor: ActorId) {
        if self.living.get(&room).is_some_and(|living| living.actor.get_id() == actor) {
            self.living.remove(&room);
        }
        self.tree.tell_lobby(lobby::Message::Ended { room, actor });
    }

    fn part_of(&self, child: &ActorCell) -> Option<Part> {
        let (part, _) =
            self.parts.iter().find(|(_, standing)| standing.actor.as_ref() == Some(child))?;
        Some(*part)
    }

    async fn restart(&mut self, myself: &ActorRef<Message>, part: Part) {
        if self.spend(myself, part) == Verdict::Restart {
            self.tree.ledger().count_restart();
            let restarts = self.tree.ledger().restarts();
            self.tree.journal().note(Note::Restarted { part, restarts });
            self.stand_up(myself, part).await;
        }
    }

    /// Starts a part, again and again while its budget lasts.
    async fn stand_up(&mut self, myself: &ActorRef<Message>, part: Part) {
        loop {
            match self.spawn(myself, part).await {
                Ok(actor) => {
                    self.parts.entry(part).or_default().actor = actor;
                    return;
                }
                Err(_) if self.spend(myself, part) == Verdict::GiveUp => return,
                Err(_) => self.tree.ledger().count_restart(),
            }
        }
    }

    fn spend(&mut self, myself: &ActorRef<Message>, part: Part) -> Verdict {
        let now = Instant::now().into_std();
        let verdict = self.parts.entry(part).or_default().budget.spend(now);
        if verdict == Verdict::GiveUp {
            self.ended.send_replace(Some(Ended::GaveUp(part)));
            myself.stop(None);
        }
        verdict
    }

    /// A part that was not asked for stands as nothing.
    async fn spawn(
        &self,
        myself: &ActorRef<Message>,
        part: Part,
    ) -> Result<Option<ActorCell>, ActorProcessingErr> {
        let root = myself.get_cell();
        match part {
            Part::Lobby => {
                let living = self.living.values().filter(|living| living.is_open());
                let arguments = lobby::Arguments {
                    tree: self.tree.clone(),
                    root: myself.clone(),
                    living: living.cloned().collect(),
                };
                let (lobby, _) = Lobby::spawn_linked(None, Lobby, arguments, root).await?;
                self.tree.set_lobby(lobby.clone());
                Ok(Some(lobby.get_cell()))
            }
            Part::Gateway => match &self.gateway {
                Some(arguments) => {
                    let arguments = arguments.clone();
                    let (gateway, _) =
                        Gateway::spawn_linked(None, Gateway, arguments, root).await?;
                    Ok(Some(gateway.get_cell()))
                }
                None => Ok(None),
            },
            Part::Console => match &self.console {
                Some(listener) => {
                    let arguments = ConsoleArguments {
                        listener: listener.try_clone()?,
                        tree: self.tree.clone(),
                    };
                    let (console, _) =
                        Console::spawn_linked(None, Console, arguments, root).await?;
                    Ok(Some(console.get_cell()))
                }
                None => Ok(None),
            },
        }
    }

    /// Where all rooms are told something, the order says nothing of their ids.
    fn oldest_first(&self) -> Vec<&Living> {
        let mut living: Vec<&Living> = self.living.values().collect();
        living.sort_by_key(|living| living.handle);
        living
    }

    #[cfg(feature = "faults")]
    fn actor(&self, part: Part) -> Option<&ActorCell> {
        self.parts.get(&part).and_then(|standing| standing.actor.as_ref())
    }

    #[cfg(feature = "faults")]
    fn fail(&self, fault: crate::fault::Fault) {
        use crate::fault::Fault;
        let tell_first = |message| {
            if let Some(first) = self.oldest_first().first() {
                let _ = first.actor.cast(message);
            }
        };
        match fault {
            Fault::Root => crate::fault::fail(),
            Fault::Lobby => self.tree.tell_lobby(lobby::Message::Fail),
            Fault::Room => tell_first(room::Message::Fail),
            Fault::Member => tell_first(room::Message::FailMember),
            Fault::Gateway => {
                let _ = self.actor(Part::Gateway).map(|it| it.send_message(gateway::Message::Fail));
            }
            // The console has no message for this; a kill is as sudden.
            Fault::Console => {
                let _ = self.actor(Part::Console).map(ActorCell::kill);
            }
        }
    }
}
