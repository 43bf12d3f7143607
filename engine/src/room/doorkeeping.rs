//! Between newcomers and the member that keeps the door: knocks, what the two tell each other, and
//! the rotation when a knock goes unanswered. Must not know what they say.
//!
//! **Rotation.** The keeper is told of a knock at once. When it has not answered (with a `Door`, or
//! by admitting) within `knock_wait`, the door goes to the live member that has been there longest
//! of those not yet asked, which is told of every unanswered knock; and so on. When all have been
//! asked, the door rests with the last: their pages sleep. Then the first that says anything (other
//! than `Leave` or `Close`) wakes, and keeps the door before its frame is handled, so that the
//! frame counts as the keeper's; it is told of the knocks it was not told of before. Each member
//! does so once, until a further knock begins the asking anew. Who returns or arrives during a rest
//! has not been asked, and is asked once the keeper has had its time.
//!
//! **A change of keeper** (also: its return by another connection) makes every knock unanswered,
//! and the new keeper is told of all, even of those it was told of before: a second `Knocking` of
//! the same newcomer means that the two begin anew. The keeper
//! is told of a knock that is withdrawn; an answer that crosses it is refused with `NoSuchMember`.
//!
//! **Squatters.** A newcomer that was answered may stay, so that a keeper can take its time; but it
//! cannot keep the next from the door. When there is no place, the oldest answered knock gives up
//! its own, in a full room's last seats as at a full door. A knock nobody answers, whoever was
//! asked, ends after `unanswered_wait`. So whoever fills a door must go on knocking, and an honest
//! newcomer, always the youngest there, is the last to be pushed out.

use std::time::Instant;

use sanctuary_protocol::{CloseReason, DoorBlob, KnockBlob, MemberId, Refusal, ServerFrame};

use super::ConnectionId;
use super::conversation::Conversation;
use super::door::Keeper;
use super::presence::due;

impl Conversation {
    pub(super) fn knock(&mut self, from: ConnectionId, blob: KnockBlob) -> Result<(), Refusal> {
        if self.door_is_locked() {
            return Err(Refusal::Locked);
        }
        let number = self.last_member.0.checked_add(1).ok_or(Refusal::RoomFull)?;
        self.find_place()?;
        if self.everybody_was_asked() {
            self.door.begin_rotation(self.now);
        }
        let newcomer = MemberId(number);
        self.last_member = newcomer;
        self.door.knock(newcomer, from, blob, self.now);
        self.send(from, ServerFrame::Knocked { member: newcomer });
        Ok(())
    }

    /// Sees to it that one more may wait, in the place of another if need be.
    fn find_place(&mut self) -> Result<(), Refusal> {
        let why = if self.seats.len() + self.door.len() >= self.limits.members_max {
            Refusal::RoomFull
        } else if self.door.len() >= self.limits.knocks_max {
            Refusal::TooManyKnocks
        } else {
            return Ok(());
        };
        if self.seats.len() >= self.limits.members_max {
            return Err(why);
        }
        let squatter = self.door.oldest_answered().ok_or(why)?;
        self.turn_away(squatter);
        Ok(())
    }

    /// A newcomer's knock has lasted long enough.
    fn turn_away(&mut self, newcomer: MemberId) {
        let connection = self.door.connection(newcomer);
        self.withdraw(newcomer);
        if let Some(connection) = connection {
            self.hang_up(connection, CloseReason::Idle);
        }
    }

    /// Ends every knock that nobody has answered for too long.
    pub(super) fn expire_knocks(&mut self) {
        while let Some((newcomer, _)) = self.door.longest_unanswered()
            && self.unanswered_deadline().is_some_and(|due| due <= self.now)
        {
            self.turn_away(newcomer);
        }
    }

    pub(super) fn unanswered_deadline(&self) -> Option<Instant> {
        let (_, since) = self.door.longest_unanswered()?;
        due(since, self.limits.unanswered_wait)
    }

    /// A newcomer's word, for the member it names, which must be the keeper: nobody else need
    /// listen to somebody who may not hold the key. One word too many ends its knock.
    pub(super) fn tell_doorkeeper(
        &mut self,
        newcomer: MemberId,
        from: ConnectionId,
        member: MemberId,
        blob: DoorBlob,
    ) -> Result<(), Refusal> {
        let keeper = self.seats.connection(member).filter(|_| member == self.committer);
        let to = keeper.ok_or(Refusal::NoSuchMember)?;
        if self.door.count_word(newcomer) > self.limits.door_words_max {
            self.withdraw(newcomer);
            self.hang_up(from, CloseReason::TooFast);
        } else {
            self.send(to, ServerFrame::Door { member: newcomer, blob });
        }
        Ok(())
    }

    /// The keeper's word, for the newcomer it names.
    pub(super) fn answer(
        &mut self,
        member: MemberId,
        newcomer: MemberId,
        blob: DoorBlob,
    ) -> Result<(), Refusal> {
        let to = self.door.connection(newcomer).ok_or(Refusal::NoSuchMember)?;
        if member != self.committer {
            return Err(Refusal::NotCommitter);
        }
        self.door.answer(newcomer);
        self.send(to, ServerFrame::Door { member, blob });
        Ok(())
    }

    /// A knock ends before it led anywhere; the keeper, if it was told of the knock, is told of that too.
    pub(super) fn withdraw(&mut self, newcomer: MemberId) {
        if let Some(keeper) = self.door.withdraw(newcomer) {
            self.send(keeper.connection, ServerFrame::Withdrawn { member: newcomer });
        }
    }

    /// During a rest, whoever says something takes the door.
    pub(super) fn wake(&mut self, member: MemberId, connection: ConnectionId) {
        let keeper = Keeper { member, connection };
        if self.everybody_was_asked()
            && self.door.wake(keeper, self.now)
            && member != self.committer
        {
            self.make_committer(member);
        }
    }

    /// Asks the next, when the one asked has not answered in time.
    pub(super) fn rotate(&mut self) {
        if self.knock_deadline().is_some_and(|due| due <= self.now)
            && let Some(next) = self.next_to_ask()
        {
            self.make_committer(next);
        }
    }

    /// Tells the keeper whom to let in.
    pub(super) fn attend_door(&mut self) {
        let member = self.committer;
        let keeper = self.seats.connection(member).map(|connection| Keeper { member, connection });
        let told = self.door.attend(keeper, self.now);
        if let Some(keeper) = keeper {
            for (member, blob) in told {
                self.send(keeper.connection, ServerFrame::Knocking { member, blob });
            }
        }
    }

    pub(super) fn knock_deadline(&self) -> Option<Instant> {
        let since = self.door.awaited_since()?;
        if self.everybody_was_asked() {
            return None;
        }
        due(since, self.limits.knock_wait)
    }

    fn everybody_was_asked(&self) -> bool {
        // Asked at every command, so it looks for one and not for the longest present.
        self.door.awaited_since().is_some()
            && !self.seats.has_live(|member| !self.door.was_asked(member))
    }

    fn next_to_ask(&self) -> Option<MemberId> {
        self.seats.longest_present(|member| !self.door.was_asked(member))
    }
}
