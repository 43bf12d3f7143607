//! One client's line into the tree, whatever carries it: a socket or memory. A line begins in the
//! *vestibule*, where its first frame decides: start a room, or enter a living one. When a room ends
//! and leaves a newcomer standing, its line is in the vestibule again, so that the same socket can
//! start the room anew. What arrives is judged here by its rate and its form, wherever it leads, and
//! every frame is answered or the line is closed. Must not know sockets, nor what a room decides.

use std::mem;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use ractor::{ActorId, ActorRef};
use sanctuary_protocol::{
    ClientFrame, ClientFrameKind, CloseReason, Refusal, RoomId, ServerFrame, decode,
};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::Instant;

use crate::Tree;
use crate::actor::lobby::{self, Arrival, Seeking};
use crate::actor::member::{self, InFlight};
use crate::actor::room;
use crate::encoded::Encoded;
use crate::ledger::Account;
use crate::limits::Limits;
use crate::outbox::{Delivery, Full, Outbox, OutboxBounds, Weight, outbox};
use crate::rates::{Rate, TokenBucket};
use crate::room::ConnectionId;
use crate::tally::{Tally, Work};

/// Refusals one line may collect outside, whether the vestibule or a room gave them: a person who
/// tries again, not a scan of rooms.
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
    room: Arc<RoomId>,
    tether: Tether,
    frames: TokenBucket,
    bytes: TokenBucket,
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
    refusals: AtomicU32,
    phase: Mutex<Phase>,
}

/// Where a line is.
#[derive(Debug)]
enum Phase {
    Vestibule,
    /// Its frames go to the room; that the line ends is the member's to tell.
    Inside {
        member: ActorRef<member::Message>,
        /// Its own, at hand.
        member_id: ActorId,
        room: ActorRef<room::Message>,
    },
    /// The client is no more.
    Gone,
}

impl Line {
    /// A line to `room`, and what comes back over it. Nothing is created until a frame asks for it.
    pub fn open(tree: &Tree, room: Arc<RoomId>) -> (Self, Delivery) {
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
            refusals: AtomicU32::new(0),
            phase: Mutex::new(Phase::Vestibule),
        };
        let tether = Tether { shared: Arc::new(shared) };
        tether.stay_awhile();
        let (frames, bytes) = buckets(limits);
        (Self { tree: tree.clone(), room, tether, frames, bytes }, delivery)
    }

    /// Takes one message from the client. Waits while as many as may are still in the engine, so
    /// that a carrier that awaits this stops reading.
    ///
    /// # Errors
    /// When the line is closed; the delivery says why.
    pub async fn receive(&mut self, message: Bytes) -> Result<(), HungUp> {
        let in_flight = self.tether.shared.in_flight.clone();
        let permit = match in_flight.clone().try_acquire_owned() {
            Ok(permit) => permit,
            // Boxed, since every connection's task is as large as the longest of its waits.
            Err(_none) => Box::pin(in_flight.acquire_owned()).await.map_err(|_closed| HungUp)?,
        };
        if self.tether.is_hung_up() {
            return Err(HungUp);
        }
        self.tree.ledger().tally().count_frame(message.len());
        let frame = match self.judge(&message) {
            Ok(frame) => frame,
            Err(reason) => return self.end(reason),
        };
        let inside = match &*self.tether.phase() {
            Phase::Inside { member_id, room, .. } => Some((*member_id, room.clone())),
            Phase::Vestibule => None,
            Phase::Gone => return Err(HungUp),
        };
        let Some((member, room)) = inside else {
            drop(permit);
            return Box::pin(self.knock(frame)).await;
        };
        let in_flight = InFlight::new(self.tether.clone(), member, frame, permit);
        // Where the room is no more, the frame answers for itself.
        let _ = room.cast(room::Message::Receive(in_flight));
        Ok(())
    }

    /// Closes the line for a reason its carrier found.
    pub fn hang_up(&self, reason: CloseReason) {
        self.tether.hang_up(reason);
    }

    /// Whether a message may be sent so soon, and is a frame.
    fn judge(&mut self, message: &[u8]) -> Result<ClientFrame, CloseReason> {
        let now = Instant::now().into_std();
        self.frames.take(1, now).map_err(|_spent| CloseReason::TooFast)?;
        self.bytes.take(message.len(), now).map_err(|_spent| CloseReason::TooFast)?;
        decode(message).map_err(|_| CloseReason::ProtocolError)
    }

    /// Closes the line for what its client did.
    fn end(&mut self, reason: CloseReason) -> Result<(), HungUp> {
        self.hang_up(reason);
        self.part();
        Err(HungUp)
    }

    /// Nobody holds this line any more.
    fn part(&mut self) {
        let phase = mem::replace(&mut *self.tether.phase(), Phase::Gone);
        if let Phase::Inside { member, .. } = phase {
            // Behind everything that was sent before: a farewell sent before closing is still heard.
            let _ = member.drain();
        }
    }

    /// A frame from the vestibule.
    async fn knock(&mut self, frame: ClientFrame) -> Result<(), HungUp> {
        self.tether.stay_awhile();
        let what = frame.kind();
        let refusal = match what {
            ClientFrameKind::Create | ClientFrameKind::Knock if !self.tree.is_admitting() => {
                Some(Refusal::NotAdmitting)
            }
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
            | ClientFrameKind::Close => Some(Refusal::NotSeated),
            ClientFrameKind::Leave => return self.end(CloseReason::Left),
        };
        match refusal {
            Some(why) => self.tether.refuse(what, why),
            None => Ok(()),
        }
    }

    /// Asks the lobby, again where the answer was lost: a lobby that fails forgets who waits, and a
    /// room may end between being found and being entered. Waits until the room has handled the
    /// frame, so that the next is sent to where this one led.
    async fn arrive(
        &self,
        frame: ClientFrame,
        seeking: Seeking,
    ) -> Result<Option<Refusal>, HungUp> {
        let _under_way = self.tree.ledger().begin(Work::Arrival);
        let mut wait = ARRIVAL_WAIT;
        for _ in 0..ARRIVALS_MAX {
            let (answer, answered) = oneshot::channel();
            let (tether, frame) = (self.tether.clone(), frame.clone());
            let arrival = Arrival { room: self.room.clone(), seeking, tether, frame, answer };
            self.tree.tell_lobby(lobby::Message::Arrive(Box::new(arrival)));
            match answered.await {
                Ok(answer) => return Ok(answer.err()),
                Err(_lost) if self.tether.is_hung_up() => return Err(HungUp),
                // The frame was its room's undoing, which is about to say so: it must not be asked
                // elsewhere.
                Err(_lost) if matches!(*self.tether.phase(), Phase::Inside { .. }) => {
                    return Ok(None);
                }
                Err(_lost) => tokio::time::sleep(wait).await,
            }
            wait *= 2;
        }
        self.hang_up(CloseReason::Faulted);
        Err(HungUp)
    }
}

/// What one connection may send, wherever its frames lead.
fn buckets(limits: &Limits) -> (TokenBucket, TokenBucket) {
    let now = Instant::now().into_std();
    let frames = Rate::per_second(limits.frames_per_second, limits.frames_burst);
    let bytes = Rate::per_second(limits.bytes_per_second, limits.bytes_burst);
    (TokenBucket::new(frames, now), TokenBucket::new(bytes, now))
}

impl Drop for Line {
    fn drop(&mut self) {
        self.part();
    }
}

impl Tether {
    pub(crate) fn connection(&self) -> ConnectionId {
        self.shared.connection
    }

    /// Where it is counted what happens to it.
    pub(crate) fn tally(&self) -> &Tally {
        self.shared.vestibule.tally()
    }

    /// Where its client is written to.
    pub(crate) fn outbox(&self) -> &Outbox {
        &self.shared.outbox
    }

    pub(crate) fn hang_up(&self, reason: CloseReason) {
        self.shared.outbox.hang_up(reason);
    }

    pub(crate) fn is_hung_up(&self) -> bool {
        self.shared.outbox.is_hung_up()
    }

    /// The line leads to `member` from here on; says whether anybody still holds it.
    pub(crate) fn admit(
        &self,
        member: ActorRef<member::Message>,
        room: ActorRef<room::Message>,
        account: Arc<Account>,
    ) -> Presence {
        let mut phase = self.phase();
        if matches!(*phase, Phase::Gone) {
            return Presence::Gone;
        }
        *phase = Phase::Inside { member_id: member.get_id(), member, room };
        self.shared.outbox.charge_to(account);
        self.shared.outbox.idle_until(None);
        Presence::There
    }

    /// The line leads back to the vestibule, which counts as a refusal: its client was turned away.
    pub(crate) fn release(&self) {
        let mut phase = self.phase();
        match mem::replace(&mut *phase, Phase::Vestibule) {
            Phase::Inside { member, .. } => {
                self.shared.outbox.charge_to(self.shared.vestibule.clone());
                self.stay_awhile();
                // What the room still holds of it is answered as it falls, which looks at the phase.
                drop(phase);
                member.stop(None);
                let _ = self.count_refusal();
            }
            elsewhere @ (Phase::Vestibule | Phase::Gone) => *phase = elsewhere,
        }
    }

    /// Answers a frame that was sent to `member` and not heard. Nothing, when the line still leads
    /// there: then the member failed, and the line is about to be told.
    pub(crate) fn answer_unheard(&self, member: ActorId, what: ClientFrameKind) {
        match &*self.phase() {
            Phase::Inside { member_id, .. } if *member_id == member => return,
            Phase::Gone => return,
            Phase::Vestibule | Phase::Inside { .. } => {}
        }
        let _ = match what {
            ClientFrameKind::Create | ClientFrameKind::Knock => self.refuse(what, Refusal::NotLive),
            ClientFrameKind::Resume => self.refuse(what, Refusal::NoSuchSeat),
            ClientFrameKind::Door
            | ClientFrameKind::Post
            | ClientFrameKind::Commit
            | ClientFrameKind::Lock
            | ClientFrameKind::HandOver
            | ClientFrameKind::Close => self.refuse(what, Refusal::NotSeated),
            ClientFrameKind::Leave => {
                self.hang_up(CloseReason::Left);
                Ok(())
            }
        };
    }

    fn refuse(&self, what: ClientFrameKind, why: Refusal) -> Result<(), HungUp> {
        self.count_refusal()?;
        let frame = Encoded::frame(&ServerFrame::Refused { what, why });
        self.shared.outbox.push(frame, Weight::Counted).map_err(|Full| {
            self.hang_up(CloseReason::TooSlow);
            HungUp
        })
    }

    fn count_refusal(&self) -> Result<(), HungUp> {
        if self.shared.refusals.fetch_add(1, Ordering::Relaxed) < REFUSALS_MAX {
            return Ok(());
        }
        self.hang_up(CloseReason::ProtocolError);
        Err(HungUp)
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
