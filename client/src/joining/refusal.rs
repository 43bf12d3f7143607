//! What the server's refusals and farewells mean for somebody on the way in. Must not know what goes
//! through the door.

use sanctuary_protocol::{ClientFrameKind, CloseReason, Refusal};

use super::{Failure, Intent, Joining, Step};
use crate::ended::{Ended, Ending};
use crate::update::{Context, Next};
use crate::{Effect, Invitation, Screen};

impl Joining {
    pub(super) fn refused(
        &mut self,
        what: ClientFrameKind,
        why: Refusal,
        context: &mut Context<'_>,
    ) -> Next {
        match (what, why) {
            (ClientFrameKind::Create, Refusal::AlreadyLive) => {
                self.intent = Intent::Knock;
                self.ask(context)
            }
            (_, Refusal::NotLive) => {
                context.perform(Effect::Disconnect);
                if self.keepsake.is_in_doubt {
                    return self.find_room_lost();
                }
                self.step = Step::NobodyThere;
                None
            }
            (_, Refusal::Locked) => self.fail(Failure::Locked, context),
            (_, Refusal::RoomFull | Refusal::TooManyKnocks) => {
                self.fail(Failure::RoomFull, context)
            }
            (_, Refusal::ServerFull) => self.fail(Failure::ServerFull, context),
            (_, Refusal::NotAdmitting) => self.fail(Failure::NotAdmitting, context),
            // The doorkeeper just left: the server asks the next one by itself. Or it was a word to
            // nobody, and is answered.
            (ClientFrameKind::Door, _) => None,
            (
                _,
                Refusal::AlreadyLive
                | Refusal::NotHost
                | Refusal::NotCommitter
                | Refusal::NotSeated
                | Refusal::AlreadySeated
                | Refusal::NoSuchMember
                | Refusal::NoSuchSeat
                | Refusal::TooSoon
                | Refusal::Empty,
            ) => self.fail(Failure::HungUp, context),
        }
    }

    /// A part of the server failed while this one was inside, and the room is not there any more.
    fn find_room_lost(&mut self) -> Next {
        let Invitation { link, alias, policy, stretched } = &mut self.invitation;
        let (link, alias, policy) = (link.clone(), alias.clone(), *policy);
        let again = Invitation { link, alias, policy, stretched: stretched.take() };
        Some(Screen::Ended(Ended::for_now(Ending::RoomLost, again)))
    }

    pub(super) fn closed(&mut self, reason: CloseReason, context: &mut Context<'_>) -> Next {
        match reason {
            CloseReason::Purged | CloseReason::ByOperator => {
                context.perform(Effect::Disconnect);
                self.step = Step::NobodyThere;
                None
            }
            // What served this connection failed, or the room: the next try tells.
            CloseReason::Faulted => {
                context.perform(Effect::Disconnect);
                self.lose(context)
            }
            CloseReason::ShuttingDown => self.fail(Failure::Unreachable, context),
            CloseReason::Left
            | CloseReason::Kicked
            | CloseReason::TooSlow
            | CloseReason::TooFast
            | CloseReason::Idle
            | CloseReason::ProtocolError
            | CloseReason::Superseded => self.fail(Failure::HungUp, context),
        }
    }
}
