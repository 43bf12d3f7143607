//! A member: one client's place in the tree. Temporary, one a connection; its exit is the room's
//! `Command::Vanish`, behind everything its client sent. The frames themselves go from the line to the
//! room: there was nothing for a member to do with them but hand them on, which cost as much as the
//! room's own turn in a small room. Must not know what a frame means.

use ractor::{Actor, ActorId, ActorProcessingErr, ActorRef, SupervisionEvent};
use sanctuary_protocol::{ClientFrame, ClientFrameKind};
use tokio::sync::OwnedSemaphorePermit;

use crate::line::Tether;
use crate::room::ConnectionId;
use crate::tally::Work;

/// What a member is told.
#[derive(Debug)]
pub(crate) enum Message {
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
        tether.tally().begin(Work::Frame);
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
        self.tether.tally().end(Work::Frame);
        if self.frame.is_some() {
            self.tether.answer_unheard(self.member, self.what);
        }
    }
}

/// A member.
pub(crate) struct Member;

impl Actor for Member {
    type Msg = Message;
    type State = ();
    type Arguments = ();

    async fn pre_start(
        &self,
        _myself: ActorRef<Message>,
        (): (),
    ) -> Result<(), ActorProcessingErr> {
        Ok(())
    }

    async fn handle(
        &self,
        _myself: ActorRef<Message>,
        message: Message,
        (): &mut (),
    ) -> Result<(), ActorProcessingErr> {
        match message {
            #[cfg(feature = "faults")]
            Message::Fail => crate::fault::fail(),
        }
    }

    async fn handle_supervisor_evt(
        &self,
        _myself: ActorRef<Message>,
        _event: SupervisionEvent,
        (): &mut (),
    ) -> Result<(), ActorProcessingErr> {
        Ok(())
    }
}
