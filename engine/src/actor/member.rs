//! A member: what stands between one client's line and its room, and judges what arrives by its
//! rate, its size and its form alone. Temporary, one a connection; its exit is the room's
//! `Command::Vanish`. Must not know what a frame means.

use bytes::Bytes;
use ractor::{Actor, ActorProcessingErr, ActorRef, SupervisionEvent};
use sanctuary_protocol::{ClientFrame, CloseReason, decode};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

use super::room;
use crate::limits::Limits;
use crate::line::Tether;
use crate::rates::{Rate, TokenBucket};

/// What a member is told.
#[derive(Debug)]
pub(crate) enum Message {
    /// Its client sent a message. The permit is free again when the room has handled it.
    Receive { message: Bytes, permit: OwnedSemaphorePermit },
    /// Panic, to prove that nobody else notices.
    #[cfg(feature = "faults")]
    Fail,
}

/// A member.
pub(crate) struct Member;

/// What it is spawned with.
pub(crate) struct Arguments {
    pub(crate) room: ActorRef<room::Message>,
    pub(crate) tether: Tether,
    pub(crate) limits: Limits,
}

/// Its line, its room and what it may still send.
pub(crate) struct State {
    room: ActorRef<room::Message>,
    tether: Tether,
    frames: TokenBucket,
    bytes: TokenBucket,
}

impl Actor for Member {
    type Msg = Message;
    type State = State;
    type Arguments = Arguments;

    async fn pre_start(
        &self,
        _myself: ActorRef<Message>,
        Arguments { room, tether, limits }: Arguments,
    ) -> Result<State, ActorProcessingErr> {
        let now = Instant::now().into_std();
        let frames = Rate::per_second(limits.frames_per_second, limits.frames_burst);
        let bytes = Rate::per_second(limits.bytes_per_second, limits.bytes_burst);
        Ok(State {
            room,
            tether,
            frames: TokenBucket::new(frames, now),
            bytes: TokenBucket::new(bytes, now),
        })
    }

    async fn handle(
        &self,
        myself: ActorRef<Message>,
        message: Message,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            Message::Receive { message, permit } => match state.judge(&message) {
                Ok(frame) => {
                    let from = state.tether.connection();
                    // A room that is no more has told the line so itself.
                    let _ = state.room.cast(room::Message::Receive { from, frame, permit });
                }
                Err(reason) => {
                    state.tether.hang_up(reason);
                    myself.stop(None);
                }
            },
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
        Ok(())
    }
}

impl State {
    fn judge(&mut self, message: &[u8]) -> Result<ClientFrame, CloseReason> {
        let now = Instant::now().into_std();
        self.frames.take(1, now).map_err(|_spent| CloseReason::TooFast)?;
        self.bytes.take(message.len(), now).map_err(|_spent| CloseReason::TooFast)?;
        decode(message).map_err(|_| CloseReason::ProtocolError)
    }
}
