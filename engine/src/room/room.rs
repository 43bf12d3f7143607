//! The room and its three phases: nobody yet, somebody, over. Must not know sockets, actors, a
//! clock, or what any blob holds.

use std::mem;
use std::time::{Duration, Instant};

use sanctuary_protocol::limits::MEMBERS_MAX;
use sanctuary_protocol::{ClientFrame, CloseReason, Refusal, ServerFrame};

use super::conversation::Conversation;
use super::token::TokenKey;
use super::{Census, Command, ConnectionId, Effect};
use crate::limits::RoomLimits;

/// One room.
///
/// What the shell owes it: a [`Command::Vanish`] for every connection once, and no broadcast to a
/// connection after that, whether or not a [`Effect::HangUp`] came first. What is due by `now` is
/// done before any command, so a late [`Command::Elapse`] costs nobody a wrong answer.
///
/// A room whose members have all gone without it says [`Effect::End`]; one that nobody ever created
/// holds nothing, and the shell may drop it when its last connection is no more.
#[derive(Debug)]
pub struct Room {
    limits: RoomLimits,
    born: Instant,
    phase: Phase,
}

/// Ended holds nothing: what was said is freed with the last seat, not with the actor.
#[derive(Debug)]
enum Phase {
    Empty { token_key: TokenKey },
    Live(Box<Conversation>),
    Ended,
}

impl Room {
    /// A room with nobody inside yet. `token_key` is 32 random bytes nobody else holds; every
    /// resume token is drawn from it, and it is wiped when the room ends.
    pub fn new(limits: RoomLimits, token_key: [u8; 32], now: Instant) -> Self {
        // An opening lists every seat, so no configuration may outgrow the wire.
        let limits = RoomLimits { members_max: limits.members_max.min(MEMBERS_MAX), ..limits };
        Self { limits, born: now, phase: Phase::Empty { token_key: TokenKey::new(token_key) } }
    }

    /// Does what `command` asks, or says why not: a total function. After [`Effect::End`] every
    /// command yields nothing.
    pub fn handle(&mut self, command: Command, now: Instant) -> Vec<Effect> {
        match &mut self.phase {
            Phase::Empty { .. } => self.handle_empty(command, now),
            Phase::Live(conversation) => {
                let effects = conversation.handle(command, now);
                if conversation.is_over() {
                    self.phase = Phase::Ended;
                }
                effects
            }
            Phase::Ended => Vec::new(),
        }
    }

    /// When [`Command::Elapse`] is wanted next: the first seat to expire, the end of the host's
    /// wait, a doorkeeper's time to answer, or the end of a knock nobody answers. It may lie in the
    /// past.
    pub fn deadline(&self) -> Option<Instant> {
        match &self.phase {
            Phase::Live(conversation) => conversation.deadline(),
            Phase::Empty { .. } | Phase::Ended => None,
        }
    }

    /// Bytes held in the ring.
    pub fn retained_bytes(&self) -> usize {
        match &self.phase {
            Phase::Live(conversation) => conversation.retained_bytes(),
            Phase::Empty { .. } | Phase::Ended => 0,
        }
    }

    /// The room, counted.
    pub fn census(&self, now: Instant) -> Census {
        let age = now.saturating_duration_since(self.born);
        match &self.phase {
            Phase::Live(conversation) => conversation.census(age, now),
            Phase::Empty { .. } => Census { quiet: age, ..Census::nobody(age) },
            Phase::Ended => Census::nobody(age),
        }
    }

    fn handle_empty(&mut self, command: Command, now: Instant) -> Vec<Effect> {
        match command {
            Command::Receive { from, frame } => self.receive_empty(from, frame, now),
            Command::Purge | Command::ShutDown => {
                self.phase = Phase::Ended;
                vec![Effect::End]
            }
            Command::Vanish { .. }
            | Command::Elapse
            | Command::Notify { .. }
            | Command::Shed { .. } => Vec::new(),
        }
    }

    fn receive_empty(
        &mut self,
        from: ConnectionId,
        frame: ClientFrame,
        now: Instant,
    ) -> Vec<Effect> {
        let what = frame.kind();
        let why = match frame {
            ClientFrame::Create { policy } => {
                return match mem::replace(&mut self.phase, Phase::Ended) {
                    Phase::Empty { token_key } => {
                        let (conversation, effects) =
                            Conversation::open(self.limits, token_key, policy, from, now);
                        self.phase = Phase::Live(Box::new(conversation));
                        effects
                    }
                    phase @ (Phase::Live(_) | Phase::Ended) => {
                        self.phase = phase;
                        Vec::new()
                    }
                };
            }
            ClientFrame::Leave => {
                return vec![Effect::HangUp { connection: from, reason: CloseReason::Left }];
            }
            ClientFrame::Knock { .. } => Refusal::NotLive,
            ClientFrame::Resume { .. } => Refusal::NoSuchSeat,
            ClientFrame::Door { .. }
            | ClientFrame::Post { .. }
            | ClientFrame::Commit { .. }
            | ClientFrame::Lock(_)
            | ClientFrame::HandOver { .. }
            | ClientFrame::Close => Refusal::NotSeated,
        };
        vec![Effect::Send { to: from, frame: ServerFrame::Refused { what, why } }]
    }
}

impl Census {
    const fn nobody(age: Duration) -> Self {
        Self {
            members_live: 0,
            members_gone: 0,
            knocks: 0,
            age,
            quiet: Duration::ZERO,
            entries: 0,
            entries_retained: 0,
            retained_bytes: 0,
        }
    }
}
