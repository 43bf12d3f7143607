//! One client's line into the tree, whatever carries it: a socket or memory. A line begins in the
//! *vestibule*, where its first frame decides: start a room, or enter a living one. When a room ends
//! and leaves a newcomer standing, its line is in the vestibule again, so that the same socket can
//! start the room anew. Must not know sockets, nor what a room decides.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use ractor::ActorRef;
use sanctuary_protocol::{
    ClientFrame, ClientFrameKind, CloseReason, Refusal, RoomId, ServerFrame, decode, encode,
};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::Instant;

use crate::Tree;
use crate::actor::lobby::{self, Arrival, Seeking};
use crate::actor::member;
use crate::ledger::Account;
use crate::outbox::{Delivery, Full, Outbox, OutboxBounds, Weight, outbox};
use crate::room::ConnectionId;

/// Refusals one line may collect in the vestibule: a person who tries again, not a scan of rooms.
const REFUSALS_MAX: u32 = 16;

/// How often an arrival that was lost to a restart, or to a room that ended under it, asks again.
const ARRIVALS_MAX: u32 = 8;

/// How long the first of those waits; each further one waits twice as long.
const ARRIVAL_WAIT: Duration = Duration::from_millis(2);

/// The line is closed; its delivery says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the line is closed")]
pub struct HungUp;

/// The sending side of one client's line. Dropping it is the connection's end; what it sent before
/// is still heard.
#[derive(Debug)]
pub struct Line {
    tree: Tree,
    room: RoomId,
    tether: Tether,
    refusals: u32,
}

/// What ties a room and a member actor to a line.
#[derive(Clone, Debug)]
pub(crate) struct Tether {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    connection: ConnectionId,
    outbox: Outbox,
    in_flight: Arc<Semaphore>,
    vestibule: Arc<Account>,
    idle_wait: Duration,
    phase: Mutex<Phase>,
}

/// Where a line is.
#[derive(Clone, Debug)]
enum Phase {
    Vestibule,
    Inside(ActorRef<member::Message>),
    /// The client is no more.
    Gone,
}

impl Line {
    /// A line to `room`, and what comes back over it. Nothing is created until a frame asks for it.
    pub fn open(tree: &Tree, room: RoomId) -> (Self, Delivery) {
        let limits = tree.limits();
        let bounds = OutboxBounds {
            frames_max: limits.outbox_frames_max,
            bytes_max: limits.outbox_bytes_max,
        };
        let vestibule = tree.ledger().account();
        let (outbox, delivery) = outbox(bounds, vestibule.clone(), tree.stopping());
        let shared = Shared {
            connection: tree.next_connection(),
            outbox,
            in_flight: Arc::new(Semaphore::new(limits.in_flight_max)),
            vestibule,
            idle_wait: limits.idle_wait,
            phase: Mutex::new(Phase::Vestibule),
        };
        let tether = Tether { shared: Arc::new(shared) };
        tether.stay_awhile();
        (Self { tree: tree.clone(), room, tether, refusals: 0 }, delivery)
    }

    /// Takes one message from the client. Waits while as many as may are still in the engine, so
    /// that a carrier that awaits this stops reading.
    ///
    /// # Errors
    /// When the line is closed; the delivery says why.
    pub async fn receive(&mut self, message: Bytes) -> Result<(), HungUp> {
        let permit = self.tether.shared.in_flight.clone().acquire_owned().await;
        let permit = permit.map_err(|_closed| HungUp)?;
        if self.tether.is_hung_up() {
            return Err(HungUp);
        }
        let phase = self.tether.phase().clone();
        match phase {
            Phase::Vestibule => {
                drop(permit);
                self.knock(&message).await
            }
            Phase::Inside(member) => {
                // A member that is no more is about to be hung up on: its frame is lost with it.
                let _ = member.cast(member::Message::Receive { message, permit });
                Ok(())
            }
            Phase::Gone => Err(HungUp),
        }
    }

    /// Closes the line for a reason its carrier found.
    pub fn hang_up(&self, reason: CloseReason) {
        self.tether.hang_up(reason);
    }

    /// A frame from the vestibule.
    async fn knock(&mut self, message: &[u8]) -> Result<(), HungUp> {
        let Ok(frame) = decode::<ClientFrame>(message) else {
            self.hang_up(CloseReason::ProtocolError);
            return Err(HungUp);
        };
        self.tether.stay_awhile();
        let what = frame.kind();
        let refusal = match what {
            ClientFrameKind::Create => self.arrive(frame, Seeking::Start).await?,
            ClientFrameKind::Knock => self.arrive(frame, Seeking::Living(Refusal::NotLive)).await?,
            ClientFrameKind::Resume => {
                self.arrive(frame, Seeking::Living(Refusal::NoSuchSeat)).await?
            }
            ClientFrameKind::Door
            | ClientFrameKind::Post
            | ClientFrameKind::Commit
            | ClientFrameKind::Lock
            | ClientFrameKind::HandOver
            | ClientFrameKind::Close
            | ClientFrameKind::Leave => Some(Refusal::NotSeated),
        };
        match refusal {
            Some(why) => self.refuse(what, why),
            None => Ok(()),
        }
    }

    /// Asks the lobby, again where the answer was lost: a lobby that fails forgets who waits, and a
    /// room may end between being found and being entered.
    async fn arrive(
        &self,
        frame: ClientFrame,
        seeking: Seeking,
    ) -> Result<Option<Refusal>, HungUp> {
        let mut wait = ARRIVAL_WAIT;
        for _ in 0..ARRIVALS_MAX {
            let (answer, answered) = oneshot::channel();
            let (tether, frame) = (self.tether.clone(), frame.clone());
            let arrival = Arrival { room: self.room, seeking, tether, frame, answer };
            self.tree.tell_lobby(lobby::Message::Arrive(Box::new(arrival)));
            match answered.await {
                Ok(answer) => return Ok(answer.err()),
                Err(_lost) if self.tether.is_hung_up() => return Err(HungUp),
                Err(_lost) => tokio::time::sleep(wait).await,
            }
            wait *= 2;
        }
        self.hang_up(CloseReason::Faulted);
        Err(HungUp)
    }

    fn refuse(&mut self, what: ClientFrameKind, why: Refusal) -> Result<(), HungUp> {
        self.refusals += 1;
        if self.refusals > REFUSALS_MAX {
            self.hang_up(CloseReason::ProtocolError);
            return Err(HungUp);
        }
        let frame = encode(&ServerFrame::Refused { what, why }).into();
        self.tether.push(frame, Weight::Counted).map_err(|Full| {
            self.hang_up(CloseReason::TooSlow);
            HungUp
        })
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let phase = std::mem::replace(&mut *self.tether.phase(), Phase::Gone);
        if let Phase::Inside(member) = phase {
            // Drained, not stopped: a farewell sent before closing is still heard.
            let _ = member.drain();
        }
    }
}

impl Tether {
    pub(crate) fn connection(&self) -> ConnectionId {
        self.shared.connection
    }

    pub(crate) fn push(&self, frame: Bytes, weight: Weight) -> Result<(), Full> {
        self.shared.outbox.push(frame, weight)
    }

    pub(crate) fn hang_up(&self, reason: CloseReason) {
        self.shared.outbox.hang_up(reason);
    }

    pub(crate) fn is_hung_up(&self) -> bool {
        self.shared.outbox.is_hung_up()
    }

    /// Bytes that wait for the client.
    pub(crate) fn waiting(&self) -> usize {
        self.shared.outbox.waiting()
    }

    /// The line leads to `member` from here on; says whether anybody still holds it.
    pub(crate) fn admit(
        &self,
        member: ActorRef<member::Message>,
        account: Arc<Account>,
    ) -> Presence {
        let mut phase = self.phase();
        if matches!(*phase, Phase::Gone) {
            return Presence::Gone;
        }
        *phase = Phase::Inside(member);
        self.shared.outbox.charge_to(account);
        self.shared.outbox.idle_until(None);
        Presence::There
    }

    /// The line leads back to the vestibule.
    pub(crate) fn release(&self) {
        let mut phase = self.phase();
        if let Phase::Inside(member) = &*phase {
            member.stop(None);
            *phase = Phase::Vestibule;
            self.shared.outbox.charge_to(self.shared.vestibule.clone());
            self.stay_awhile();
        }
    }

    fn stay_awhile(&self) {
        self.shared.outbox.idle_until(Some(Instant::now() + self.shared.idle_wait));
    }

    fn phase(&self) -> MutexGuard<'_, Phase> {
        self.shared.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a line's client still is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    There,
    Gone,
}
