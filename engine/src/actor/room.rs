//! A room's actor: tells the pure core what happens and performs what it answers. Temporary: its
//! state dies with it, and its connections are told. Must not decide anything about chat, nor wait
//! for a client.

mod flush;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ractor::concurrency::JoinHandle;
use ractor::{
    Actor, ActorId, ActorProcessingErr, ActorRef, MessagingErr, RpcReplyPort, SupervisionEvent,
};
use sanctuary_protocol::CloseReason;
use sanctuary_protocol::admin::ActorKind;

use super::audience::Audience;
use super::lobby::{self, Arrival};
#[cfg(feature = "faults")]
use super::member;
use super::member::{InFlight, Member};
use crate::Tree;
use crate::ledger::{Account, Charge, Counted, Gauge};
use crate::line::Presence;
use crate::room::{self, Census, Command, ConnectionId, Effect};
use crate::tally::Event;
use flush::Flush;

/// The shortest a timer waits: a deadline that stays in the past must not become a busy loop.
const TIMER_WAIT_MIN: Duration = Duration::from_millis(1);

/// What a room is told.
#[derive(Debug)]
pub(crate) enum Message {
    /// A line comes in, with its first frame.
    Arrive(Box<Arrival>),
    /// A member's client sent a frame.
    Receive(InFlight),
    /// A member's actor is no more, and everything its client sent has been handled. Its connection may
    /// be another member's by now.
    Depart {
        /// Which.
        member: ActorId,
        /// Whose it was.
        connection: ConnectionId,
    },
    /// The timer ran out.
    Elapse,
    /// What the room has said is to go out. Behind all that was told to the room meanwhile.
    Flush,
    /// From the root or the operator; answered when it is done.
    Order(Command, Option<RpcReplyPort<()>>),
    /// How many, how long?
    Count(RpcReplyPort<Census>),
    /// This room holds most, and the process holds too much.
    Relieve,
    /// Panic, to prove that nobody else notices.
    #[cfg(feature = "faults")]
    Fail,
    /// Make one member panic.
    #[cfg(feature = "faults")]
    FailMember,
}

/// A room.
pub(crate) struct Room;

/// What it is spawned with.
pub(crate) struct Arguments {
    pub(crate) tree: Tree,
    pub(crate) account: Arc<Account>,
    pub(crate) token_key: [u8; 32],
}

/// The core, and whom it speaks to.
pub(crate) struct State {
    tree: Tree,
    /// Nothing once it has ended.
    core: Option<room::Room>,
    audience: Audience,
    members: BTreeMap<ActorId, ConnectionId>,
    account: Arc<Account>,
    ring: Charge,
    timer: Option<Timer>,
    flush: Flush,
    flushed: Instant,
    _counted: Counted,
}

/// An armed timer; dropping it disarms it.
struct Timer {
    deadline: Instant,
    task: JoinHandle<Result<(), MessagingErr<Message>>>,
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

impl Actor for Room {
    type Msg = Message;
    type State = State;
    type Arguments = Arguments;

    async fn pre_start(
        &self,
        _myself: ActorRef<Message>,
        Arguments { tree, account, token_key }: Arguments,
    ) -> Result<State, ActorProcessingErr> {
        Ok(State {
            core: Some(room::Room::new(tree.limits().room, token_key, now())),
            audience: Audience::new(account.charge(0), tree.limits()),
            members: BTreeMap::new(),
            ring: account.charge(0),
            account,
            timer: None,
            flush: Flush::Idle,
            flushed: now(),
            _counted: tree.ledger().count(Gauge::Rooms),
            tree,
        })
    }

    async fn handle(
        &self,
        myself: ActorRef<Message>,
        message: Message,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        #[cfg(feature = "faults")]
        state.tree.fuses().burn(crate::fault::Taker::Room);
        match message {
            // Boxed, since a room's task is as large as the longest of its waits.
            Message::Arrive(arrival) => Box::pin(state.take_in(&myself, *arrival)).await?,
            Message::Receive(mut in_flight) => {
                let from = in_flight.connection();
                if state.audience.contains(from)
                    && let Some(frame) = in_flight.hear()
                {
                    state.turn(Command::Receive { from, frame });
                }
            }
            Message::Depart { member, connection } => {
                if state.audience.part(connection, member).is_some() {
                    state.turn(Command::Vanish { connection });
                }
            }
            Message::Elapse => {
                state.timer = None;
                state.turn(Command::Elapse);
            }
            Message::Flush => {
                state.time_to_flush(&myself).await;
            }
            Message::Order(command, done) => {
                state.turn(command);
                if let Some(done) = done {
                    let _ = done.send(());
                }
            }
            Message::Count(reply) => {
                if let Some(core) = &state.core {
                    let _ = reply.send(core.census(now()));
                }
            }
            Message::Relieve => {
                state.relieve();
                state.settle(&myself);
                return Ok(());
            }
            #[cfg(feature = "faults")]
            Message::Fail => crate::fault::fail(),
            #[cfg(feature = "faults")]
            Message::FailMember => {
                if let Some(member) = myself.get_children().into_iter().min_by_key(|m| m.get_id()) {
                    let _ = member.send_message(member::Message::Fail);
                }
            }
        }
        if state.audience.is_batch_full() {
            state.flush().await;
            // A burst of large words is long to write: others come between two batches of it.
            tokio::task::yield_now().await;
        } else if !state.is_busy() {
            state.flush().await;
        }
        state.settle(&myself);
        state.ask_for_relief();
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        myself: ActorRef<Message>,
        event: SupervisionEvent,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match event {
            SupervisionEvent::ActorTerminated(member, ..) => {
                state.part_with(&myself, member.get_id());
            }
            SupervisionEvent::ActorFailed(member, _) => {
                state.account.tally().count(Event::Failed(ActorKind::Member));
                if let Some(connection) = state.part_with(&myself, member.get_id()) {
                    state.audience.fault(connection);
                }
            }
            SupervisionEvent::ActorStarted(_) | SupervisionEvent::ProcessGroupChanged(_) => {}
        }
        Ok(())
    }
}

impl State {
    async fn take_in(
        &mut self,
        myself: &ActorRef<Message>,
        Arrival { tether, frame, answer, .. }: Arrival,
    ) -> Result<(), ActorProcessingErr> {
        if self.core.is_none() {
            return Ok(());
        }
        let from = tether.connection();
        let (member, _) = Member::spawn_linked(None, Member, (), myself.get_cell()).await?;
        let account = self.account.clone();
        if tether.admit(member.clone(), myself.clone(), account) == Presence::Gone {
            member.stop(None);
            self.end_if_deserted();
            return Ok(());
        }
        self.members.insert(member.get_id(), from);
        self.audience.join(tether, member.get_id());
        self.turn(Command::Receive { from, frame });
        // Answered last: the line's next frame goes to where this one has led it.
        let _ = answer.send(Ok(()));
        self.end_if_deserted();
        Ok(())
    }

    /// A room whose first member was gone before it came in has nobody to end it.
    fn end_if_deserted(&mut self) {
        let deserted = self.core.as_ref().is_some_and(|core| {
            let Census { members_live, members_gone, .. } = core.census(now());
            members_live + members_gone == 0
        });
        if deserted && self.audience.is_empty() {
            self.core = None;
        }
    }

    /// A member's exit overtakes the frames it forwarded, because supervision comes before
    /// messages; so the room sends itself the news, behind them.
    fn part_with(&mut self, myself: &ActorRef<Message>, member: ActorId) -> Option<ConnectionId> {
        let connection = self.members.remove(&member)?;
        let _ = myself.cast(Message::Depart { member, connection });
        Some(connection)
    }

    /// One command, and whatever follows from it: a loop, so that a hundred slow members are a
    /// hundred rounds and not a hundred frames of the stack.
    fn turn(&mut self, command: Command) {
        let (mut next, mut commands) = (Some(command), VecDeque::new());
        while let Some(command) = next.take().or_else(|| commands.pop_front()) {
            let Some(core) = &mut self.core else { return };
            let effects = core.handle(command, now());
            // Before anything is said: what a client sends on hearing it must find its line there.
            let outside = self.audience.left_outside(&effects);
            outside.iter().for_each(|connection| self.audience.release(*connection));
            let mut vanished = Vec::new();
            for effect in effects {
                self.perform(effect, &mut vanished);
            }
            vanished.extend(outside.into_iter().filter_map(|gone| self.audience.forget(gone)));
            self.audience.sit_down();
            commands.extend(vanished.into_iter().map(|connection| Command::Vanish { connection }));
        }
    }

    fn perform(&mut self, effect: Effect, vanished: &mut Vec<ConnectionId>) {
        match effect {
            Effect::Send { to, frame } => vanished.extend(self.audience.send(to, &frame)),
            Effect::Seat { connection } => self.audience.seat(connection),
            Effect::Broadcast(frame) => self.audience.broadcast(&frame),
            Effect::HangUp { connection, reason } => {
                vanished.extend(self.audience.hang_up(connection, reason));
            }
            Effect::End => {
                self.core = None;
                self.audience.forget_all();
            }
        }
    }

    /// What every turn leaves behind: the ring's size counted, the timer set, an ended room's actor
    /// on its way out.
    fn settle(&mut self, myself: &ActorRef<Message>) {
        let Some(core) = &self.core else {
            // Draining and not stopped: from here on the lobby sees that nobody can come in.
            let _ = myself.drain();
            self.ring.set(0);
            self.timer = None;
            return;
        };
        self.ring.set(core.retained_bytes());
        if self.audience.is_pending() && self.flush == Flush::Idle {
            self.flush = Flush::Asked;
            let _ = myself.cast(Message::Flush);
        }
        let deadline = core.deadline();
        if deadline != self.timer.as_ref().map(|timer| timer.deadline) {
            self.timer = deadline.map(|deadline| Timer::arm(myself, deadline));
        }
    }

    /// Gives back what it can: what is kept for those who are gone, then the slowest listener.
    fn relieve(&mut self) {
        let ledger = self.tree.ledger().clone();
        let before = ledger.retained();
        self.turn(Command::Shed { bytes: ledger.excess() });
        self.ring.set(self.core.as_ref().map_or(0, room::Room::retained_bytes));
        if ledger.excess() > 0
            && let Some(fullest) = self.audience.fullest()
            && self.audience.hang_up(fullest, CloseReason::TooSlow).is_some()
        {
            self.turn(Command::Vanish { connection: fullest });
        }
        // A room with nothing to give asks for no more: the next that takes will.
        if ledger.retained() < before {
            self.ask_for_relief();
        }
    }

    fn ask_for_relief(&self) {
        if self.tree.ledger().wants_relief() {
            self.tree.tell_lobby(lobby::Message::Relieve);
        }
    }
}

impl Timer {
    fn arm(myself: &ActorRef<Message>, deadline: Instant) -> Self {
        let wait = deadline.saturating_duration_since(now()).max(TIMER_WAIT_MIN);
        Self { deadline, task: myself.send_after(wait, || Message::Elapse) }
    }
}
