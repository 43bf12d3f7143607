//! Coming and going: a connection's end, a farewell, a return, a seat that waited long enough.
//! Must not know the host or the door beyond forgetting who is gone.

use std::time::{Duration, Instant};

use sanctuary_protocol::{
    CloseReason, Entry, EntryKind, MemberId, Refusal, ResumeToken, Seq, ServerFrame,
};

use super::ConnectionId;
use super::conversation::Conversation;
use super::seat::Standing;

impl Conversation {
    /// A member's seat waits; a newcomer's knock is withdrawn. A connection the room knows nothing
    /// of (never seated, hung up on, superseded) is nothing to it.
    pub(super) fn vanish(&mut self, connection: ConnectionId) {
        if let Some(newcomer) = self.door.newcomer_at(connection) {
            self.withdraw(newcomer);
        }
        let Some(member) = self.seats.member_at(connection) else { return };
        if self.limits.seat_wait.is_zero() {
            return self.expire(member);
        }
        let since = self.sequence(member, EntryKind::Gone);
        self.seats.go(member, since, self.now);
        self.door.forget(member);
    }

    /// The leaver is hung up on before the others are told: its own farewell is not for it.
    pub(super) fn leave(&mut self, member: MemberId, connection: ConnectionId) {
        self.hang_up(connection, CloseReason::Left);
        self.end_seat(member);
        self.sequence(member, EntryKind::Left);
    }

    /// Takes a seat again; over a connection older than the one that holds the seat, it comes late,
    /// from a client that gave that connection up, and does nothing to the seat.
    ///
    /// `Back`, and whatever follows from it (a host, a doorkeeper), is broadcast *before* the
    /// `Seat`; the resumer reads those entries among the ones it missed, which end at the opening's
    /// `seq`; every later entry comes by broadcast. So each arrives exactly once, in order.
    pub(super) fn resume(
        &mut self,
        connection: ConnectionId,
        token: &ResumeToken,
        last_seq: Seq,
    ) -> Result<(), Refusal> {
        let member = self.seats.member_with(token).ok_or(Refusal::NoSuchSeat)?;
        let standing = self.seats.standing(member).ok_or(Refusal::NoSuchSeat)?;
        if matches!(standing, Standing::Live { connection: newer, .. } if newer > connection) {
            self.hang_up(connection, CloseReason::Superseded);
            return Ok(());
        }
        self.seats.count_resume(member, self.now).map_err(|_| Refusal::TooSoon)?;
        if let Standing::Live { connection: older, .. } = standing {
            self.hang_up(older, CloseReason::Superseded);
        }
        if !self.can_follow_from(member, last_seq) {
            self.expire(member);
            return Err(Refusal::NoSuchSeat);
        }
        let mut missed: Vec<Entry> = self.ring.after(last_seq).cloned().collect();
        let before = self.ring.seq();
        match standing {
            Standing::Live { since, .. } => self.seats.come(member, connection, since),
            Standing::Gone { .. } => {
                let since = self.sequence(member, EntryKind::Back);
                self.seats.come(member, connection, since);
                self.name_returned_host(member);
            }
        }
        self.name_host();
        self.name_committer();
        missed.extend(self.ring.after(before).cloned());
        self.seat_and_open(member, connection);
        for entry in missed {
            self.send(connection, ServerFrame::Entry(entry));
        }
        Ok(())
    }

    /// Whether everything `member` has not seen after `last_seq` is kept, and was meant for it.
    fn can_follow_from(&self, member: MemberId, last_seq: Seq) -> bool {
        let opened_at = self.seats.opened_at(member);
        last_seq <= self.ring.seq()
            && opened_at.is_some_and(|opened_at| opened_at <= last_seq)
            && self.ring.keeps_from(last_seq.next())
    }

    /// Ends a seat that waited long enough, or waits in vain.
    pub(super) fn expire(&mut self, member: MemberId) {
        self.end_seat(member);
        self.sequence(member, EntryKind::Expired);
    }

    pub(super) fn end_seat(&mut self, member: MemberId) {
        self.seats.end(member);
        self.door.forget(member);
    }

    /// Ends every seat that has waited long enough, the longest gone first.
    pub(super) fn expire_seats(&mut self) {
        while let Some((member, _)) = self.seats.longest_gone()
            && self.seat_deadline().is_some_and(|due| due <= self.now)
        {
            self.expire(member);
        }
    }

    pub(super) fn seat_deadline(&self) -> Option<Instant> {
        due(self.seats.longest_gone_at()?, self.limits.seat_wait)
    }

    /// The longest gone member, when the entry of its going is no longer kept: it cannot have seen
    /// that entry, so it could never follow again. This is how the ring's bounds end the seats that
    /// keep it full.
    pub(super) fn seat_past_help(&self) -> Option<MemberId> {
        let (member, gone) = self.seats.longest_gone()?;
        (!self.ring.keeps_from(gone)).then_some(member)
    }
}

/// When a wait that began at `since` is over. Never, when that is past what a clock can say.
pub(super) fn due(since: Instant, wait: Duration) -> Option<Instant> {
    since.checked_add(wait)
}
