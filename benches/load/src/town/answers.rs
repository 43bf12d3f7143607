//! What people make of what the server says. Must not know when they do something by themselves.

use anyhow::Result;
use sanctuary_protocol::{
    ClientFrameKind, CloseReason, Entry, EntryKind, Opening, Refusal, ServerFrame,
};

use super::{COMMIT_WAIT, Errand, Seat, Standing, Town};

impl Town {
    pub(super) fn hear(
        &mut self,
        person: usize,
        connection: usize,
        frame: ServerFrame,
    ) -> Result<()> {
        match frame {
            ServerFrame::Opened(opening) => self.sit_down(person, connection, opening),
            ServerFrame::Entry(entry) => self.follow(person, &entry),
            ServerFrame::Knocking { member, .. } => self.people[person].knocks.push(member),
            ServerFrame::Withdrawn { member } => {
                self.people[person].knocks.retain(|knock| *knock != member);
            }
            ServerFrame::Refused { what, why } => return self.refused(person, what, why),
            ServerFrame::Closed { reason } => return self.closed(person, connection, reason),
            ServerFrame::Knocked { .. }
            | ServerFrame::Door { .. }
            | ServerFrame::Welcome { .. }
            | ServerFrame::Notice { .. } => {}
        }
        Ok(())
    }

    fn sit_down(&mut self, person: usize, connection: usize, opening: Opening) {
        let Opening { member, token, seq, host, .. } = opening;
        let somebody = &mut self.people[person];
        let Standing::Coming { errand, .. } = &somebody.standing else { return };
        let (counted, seq) = match errand {
            Errand::Create => (&mut self.count.opened, seq),
            Errand::Knock => (&mut self.count.joined, seq),
            // What was missed follows.
            Errand::Resume { seat, .. } => (&mut self.count.resumed, seat.seq),
        };
        *counted += 1;
        somebody.standing = Standing::Seated { connection, seat: Seat { member, token, seq } };
        let room = &mut self.rooms[somebody.room];
        if room.id == somebody.at {
            room.is_live = true;
            room.host = host;
        }
    }

    fn follow(&mut self, person: usize, entry: &Entry) {
        let somebody = &mut self.people[person];
        let Standing::Seated { seat, .. } = &mut somebody.standing else {
            self.count.gaps += 1;
            return;
        };
        if entry.seq != seat.seq.next() {
            self.count.gaps += 1;
        }
        seat.seq = entry.seq;
        self.count.heard += 1;
        self.count.posts += u64::from(matches!(entry.kind, EntryKind::Post { .. }));
        let room = &mut self.rooms[somebody.room];
        match &entry.kind {
            EntryKind::Host { to } if room.id == somebody.at => room.host = *to,
            // The commit has its place.
            EntryKind::Commit { .. } if entry.from == seat.member => somebody.admitting.clear(),
            EntryKind::Host { .. }
            | EntryKind::Commit { .. }
            | EntryKind::Post { .. }
            | EntryKind::Shed { .. }
            | EntryKind::Gone
            | EntryKind::Back
            | EntryKind::Left
            | EntryKind::Expired
            | EntryKind::Committer
            | EntryKind::Policy(_) => {}
        }
    }

    fn refused(&mut self, person: usize, what: ClientFrameKind, why: Refusal) -> Result<()> {
        *self.count.refused.entry(format!("{what:?}: {why:?}")).or_default() += 1;
        match what {
            ClientFrameKind::Commit => {
                self.commit_refused(person, why);
                Ok(())
            }
            ClientFrameKind::Create | ClientFrameKind::Knock => {
                self.people[person].refused = Some(why);
                let room = &mut self.rooms[self.people[person].room];
                if room.id == self.people[person].at {
                    room.is_live =
                        why == Refusal::AlreadyLive || room.is_live && why != Refusal::NotLive;
                }
                self.vanish(person)
            }
            ClientFrameKind::Resume => {
                self.people[person].refused = Some(why);
                self.cut(person)?;
                if why == Refusal::NoSuchSeat {
                    self.people[person].standing = Standing::Out;
                }
                Ok(())
            }
            ClientFrameKind::Door
            | ClientFrameKind::Post
            | ClientFrameKind::Lock
            | ClientFrameKind::HandOver
            | ClientFrameKind::Close
            | ClientFrameKind::Leave => Ok(()),
        }
    }

    fn commit_refused(&mut self, person: usize, why: Refusal) {
        let now = self.crowd.now();
        let somebody = &mut self.people[person];
        let batch = std::mem::take(&mut somebody.admitting);
        match why {
            Refusal::TooSoon => {
                self.rooms[somebody.room].commit_at = now + COMMIT_WAIT;
                somebody.knocks.splice(0..0, batch);
            }
            // Somebody of the batch has gone away. Alone, it was that one.
            Refusal::NoSuchMember if batch.len() > 1 => {
                somebody.admits_max = 1;
                somebody.knocks.extend(batch);
            }
            // Another keeps the door, and is told of every knock.
            Refusal::NoSuchMember
            | Refusal::NotLive
            | Refusal::AlreadyLive
            | Refusal::RoomFull
            | Refusal::ServerFull
            | Refusal::Locked
            | Refusal::TooManyKnocks
            | Refusal::NotHost
            | Refusal::NotCommitter
            | Refusal::NotSeated
            | Refusal::AlreadySeated
            | Refusal::NoSuchSeat
            | Refusal::Empty
            | Refusal::NotAdmitting => {}
        }
    }

    fn closed(&mut self, person: usize, connection: usize, reason: CloseReason) -> Result<()> {
        *self.count.closed.entry(format!("{reason:?}")).or_default() += 1;
        let room = self.people[person].room;
        match reason {
            CloseReason::Purged | CloseReason::ByOperator | CloseReason::Faulted => {
                if self.rooms[room].id == self.people[person].at {
                    self.rooms[room].is_live = false;
                }
                self.vanish(person)
            }
            CloseReason::Left | CloseReason::Kicked | CloseReason::Superseded => {
                self.vanish(person)
            }
            // The seat waits.
            CloseReason::TooSlow
            | CloseReason::TooFast
            | CloseReason::Idle
            | CloseReason::ShuttingDown
            | CloseReason::ProtocolError => {
                self.crowd.cut(connection)?;
                self.end(person, connection);
                Ok(())
            }
        }
    }
}
