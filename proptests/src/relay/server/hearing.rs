//! Hearing: a page's frame, as it arrives or tampered with, in the room's own numbers.

use std::time::Instant;

use sanctuary_engine::room::{Command, ConnectionId, Room};
use sanctuary_protocol::{ClientFrame, ClientFrameKind, MemberId, Refusal, Seq, ServerFrame};

use super::{Armed, Lane, Seated, Server, Token};
use crate::relay::alter::flipped_blob;
use crate::relay::evidence::{Damage, Kind};

impl Server {
    /// A frame from a page arrives.
    pub fn hear(&mut self, from: ConnectionId, frame: ClientFrame, now: Instant) {
        self.clock += 1;
        let Some(lane) = self.lanes.get(&from).copied() else { return };
        let Some(frame) = self.tamper(lane, frame) else { return };
        let frame = self.in_the_rooms_numbers(frame);
        match (&mut self.room, frame.kind()) {
            (Some(_), _) => self.command(Command::Receive { from, frame }, now),
            (empty @ None, ClientFrameKind::Create) => {
                *empty = Some(Room::new(self.limits, [7; 32], now));
                self.rooms += 1;
                self.command(Command::Receive { from, frame }, now);
            }
            (None, what) => {
                let why = match what {
                    ClientFrameKind::Knock => Refusal::NotLive,
                    ClientFrameKind::Resume => Refusal::NoSuchSeat,
                    _ => Refusal::NotSeated,
                };
                self.deliver(from, &ServerFrame::Refused { what, why });
            }
        }
    }

    /// What a frame becomes on its way in.
    fn tamper(&mut self, lane: Lane, frame: ClientFrame) -> Option<ClientFrame> {
        let page = lane.page;
        match frame {
            ClientFrame::Post { .. } if self.armed.remove(&(page, Armed::SwallowPost)) => {
                self.lie(Kind::SwallowPost, Damage::Loses, lane.member);
                None
            }
            ClientFrame::Commit { .. } if self.armed.remove(&(page, Armed::SwallowCommit)) => {
                self.lie(Kind::SwallowCommit, Damage::Loses, lane.member);
                None
            }
            ClientFrame::Door { member, blob }
                if lane.seated == Seated::No && member != MemberId::NOBODY =>
            {
                let byte = self.disarm(page, |armed| match armed {
                    Armed::FlipAnswer(byte) => Some(byte),
                    _ => None,
                });
                let blob = match byte {
                    Some(byte) => {
                        self.lie(Kind::FlipAnswer, Damage::Loses, None);
                        flipped_blob(&blob, byte)
                    }
                    None => blob,
                };
                Some(ClientFrame::Door { member, blob })
            }
            other => Some(other),
        }
    }

    /// A member counts by its own story, the room by its own order.
    fn in_the_rooms_numbers(&mut self, frame: ClientFrame) -> ClientFrame {
        let ClientFrame::Resume { token, last_seq } = frame else { return frame };
        self.resumed_after = last_seq;
        let Some(Token { member, opened_at }) = self.tokens.get(token.as_bytes()) else {
            return ClientFrame::Resume { token, last_seq };
        };
        let story = self.stories.get(member);
        if story.is_some_and(|story| !story.has_come_to(last_seq)) {
            // As an honest server would, of a place that its order has not come to.
            return ClientFrame::Resume { token, last_seq: Seq(u64::MAX) };
        }
        let cursor = story.and_then(|story| story.cursor_at(last_seq)).unwrap_or_default();
        let behind = self.order.iter().take(cursor).rev();
        let origin = behind.filter_map(|(_, origin)| *origin).next();
        ClientFrame::Resume { token, last_seq: origin.unwrap_or_default().max(*opened_at) }
    }
}
