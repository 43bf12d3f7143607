//! A member: what stands between one client's line and its room. Temporary, one a connection; its
//! exit is the room's `Command::Vanish`. Must not know what a frame means.

use ractor::{Actor, ActorId, ActorProcessingErr, ActorRef, SupervisionEvent};
use sanctuary_protocol::{ClientFrame, ClientFrameKind};
use tokio::sync::OwnedSemaphorePermit;

use super::room;
use crate::line::Tether;
use crate::room::ConnectionId;

/// What a member is told.
#[derive(Debug)]
pub(crate) enum Message {
    /// Its client sent a frame.
    Receive(InFlight),
    /// Panic, to prove that nobody else notices.
    #[cfg(feature = "faults")]
    Fail,
}

/// A frame on its way to the room. Dropped unheard, because the room ended or failed before its
/// turn came, it has its line answer it: no frame is lost without a word.
#[derive(Debug)]
pub(crate) struct InFlight {
    tether: Tether,
    member: ActorId,
    what: ClientFrameKind,
    /// Nothing once it was heard.
    frame: Option<ClientFrame>,
    /// Free again when the room has handled the frame.
    _permit: OwnedSemaphorePermit,
}

impl InFlight {
    /// A frame that sets out to `member`.
    pub(crate) fn new(
        tether: Tether,
        member: ActorId,
        frame: ClientFrame,
        permit: OwnedSemaphorePermit,
    ) -> Self {
        Self { tether, member, what: frame.kind(), frame: Some(frame), _permit: permit }
    }

    /// By which connection it comes.
    pub(crate) fn connection(&self) -> ConnectionId {
        self.tether.connection()
    }

    /// The frame, for whoever answers it.
    pub(crate) fn hear(&mut self) -> Option<ClientFrame> {
        self.frame.take()
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if self.frame.is_some() {
            self.tether.answer_unheard(self.member, self.what);
        }
    }
}

/// A member.
pub(crate) struct Member;

/// What it is spawned with, and all it holds.
pub(crate) struct Arguments {
    pub(crate) room: ActorRef<room::Message>,
}

impl Actor for Member {
    type Msg = Message;
    type State = Arguments;
    type Arguments = Arguments;

    async fn pre_start(
        &self,
        _myself: ActorRef<Message>,
        arguments: Arguments,
    ) -> Result<Arguments, ActorProcessingErr> {
        Ok(arguments)
    }

    async fn handle(
        &self,
        _myself: ActorRef<Message>,
        message: Message,
        state: &mut Arguments,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            Message::Receive(in_flight) => {
                // A room that is no more has told the line so, and the frame answers for itself.
                let _ = state.room.cast(room::Message::Receive(in_flight));
            }
            #[cfg(feature = "faults")]
            Message::Fail => crate::fault::fail(),
        }
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        _myself: ActorRef<Message>,
        _event: SupervisionEvent,
        _state: &mut Arguments,
    ) -> Result<(), ActorProcessingErr> {
        Ok(())
    }
}
