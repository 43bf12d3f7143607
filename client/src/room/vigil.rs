//! Keeping the group together: heartbeats, by which members compare what they saw; and the ways to
//! find that this member is in no group any more, and comes in again by itself, or over a socket that
//! leads nowhere any more.

use sanctuary_crypto::{Bearing, Session};
use sanctuary_protocol::{DoorPolicy, MemberId, Presence};

use super::{Happening, Room};
use crate::heard::{HEARTBEAT_MILLIS, Heard};
use crate::update::{Context, Next};
use crate::{Effect, Epoch, Timer};

/// Between two heartbeats of a member, at the least, for each member: in a large room all of them
/// together beat no more than twice in a second.
const HEARTBEAT_MILLIS_A_MEMBER: u32 = 2_000;
/// The first comes soon: so long, and this much more or less.
const FIRST_MILLIS: u32 = 2_000;
const FIRST_SPREAD: u32 = 1_000;
/// A heartbeat comes this part earlier or later, so that a room's do not fall together.
const SPREAD_PARTS: u32 = 5;
/// Words to nobody that may go unanswered.
const UNANSWERED_MAX: u32 = 1;
/// How long somebody inside has to show a newcomer that this is their room.
const VOUCH_MILLIS: u32 = 15_000;

/// What this member watches for.
#[derive(Debug)]
pub(super) struct Vigil {
    heartbeat: Epoch,
    vouch: Epoch,
    beats: u32,
    told_cut_off: bool,
    heard: Heard,
}

impl Vigil {
    pub(super) fn begin(session: &Session, context: &mut Context<'_>) -> Self {
        let first = spread(session.me(), 0, FIRST_MILLIS, FIRST_SPREAD);
        let heartbeat = context.start_timer(Timer::Heartbeat, first);
        let vouch = if session.is_vouched() {
            Epoch::default()
        } else {
            context.start_timer(Timer::Vouch, VOUCH_MILLIS)
        };
        Self { heartbeat, vouch, beats: 0, told_cut_off: false, heard: Heard::default() }
    }

    /// Something came from the server.
    pub(super) const fn hear(&mut self) {
        self.heard.hear();
    }
}

impl Room {
    /// Whether anybody else is there to hear, or may be: a server that was found out may say that
    /// nobody is.
    fn is_in_company(&self) -> bool {
        if !self.tampering().is_empty() {
            return true;
        }
        let me = self.me();
        let seats = &self.session.view().seats;
        seats.iter().any(|(member, presence)| *member != me && *presence == Presence::Live)
    }

    /// Time for a heartbeat, and to look whether anything opened since the last.
    pub(super) fn beat(&mut self, timer: Epoch, context: &mut Context<'_>) -> Next {
        if timer != self.vigil.heartbeat {
            return None;
        }
        // Alone there is nobody to tell anything; but what comes back shows that a commit did not.
        let is_alone = !self.is_in_company() && !self.session.is_changing(|_| true);
        let millis = if is_alone { HEARTBEAT_MILLIS } else { self.next_beat() };
        self.vigil.heartbeat = context.start_timer(Timer::Heartbeat, millis);
        if !self.connection.is_live() {
            return None;
        }
        if is_alone {
            self.ask_whether_heard(context);
            return None;
        }
        if self.session.take_bearing() == Bearing::Lost {
            if self.is_let_in_again() {
                return self.start_over(context);
            }
            self.tell_cut_off(context);
        }
        self.vouch();
        self.pump(context);
        None
    }

    /// How long until the next heartbeat: in a large room longer, and not for everybody the same.
    fn next_beat(&mut self) -> u32 {
        let members = u32::try_from(self.session.members().len()).unwrap_or(u32::MAX);
        let between = HEARTBEAT_MILLIS.max(members.saturating_mul(HEARTBEAT_MILLIS_A_MEMBER));
        self.vigil.beats = self.vigil.beats.wrapping_add(1);
        spread(self.me(), self.vigil.beats, between, between / SPREAD_PARTS)
    }

    /// Who is alone need not be: others may have come over a socket that stands, while this one's leads
    /// nowhere.
    fn ask_whether_heard(&mut self, context: &mut Context<'_>) {
        if !self.vigil.heard.ask(UNANSWERED_MAX, context) {
            context.perform(Effect::Disconnect);
            self.lose_connection(context);
        }
    }

    /// Nobody inside has shown that this is their room for too long.
    pub(super) fn miss_vouching(&mut self, timer: Epoch, context: &mut Context<'_>) -> Next {
        if timer != self.vigil.vouch || self.session.is_vouched() {
            return None;
        }
        // Whoever is away may come back to do it. When there is nobody at all, nobody ever will.
        let is_alone = self.session.view().seats.len() <= 1;
        if self.connection.is_live() && (self.is_in_company() || is_alone) {
            return self.start_over(context);
        }
        self.vigil.vouch = context.start_timer(Timer::Vouch, VOUCH_MILLIS);
        None
    }

    /// Whether the door would open: who cannot follow the others is better off inside than before a
    /// locked door, or one that nobody answers.
    pub(super) fn is_let_in_again(&self) -> bool {
        let view = self.session.view();
        match view.policy.door {
            DoorPolicy::Open => true,
            // Where the host is this member, another will be once it is gone.
            DoorPolicy::Ask => {
                view.host == self.me() || self.is_live(view.host) && self.session.speaks(view.host)
            }
            DoorPolicy::Locked => false,
        }
    }

    /// Says once that nothing can be read.
    pub(super) fn tell_cut_off(&mut self, context: &Context<'_>) {
        if !std::mem::replace(&mut self.vigil.told_cut_off, true) {
            self.timeline.happened(context.now, Happening::CutOff);
        }
    }

    /// This member has lost the group: the seat is given up, and it comes in again by itself.
    pub(super) fn start_over(&mut self, context: &mut Context<'_>) -> Next {
        self.give_up_seat(context);
        self.come_back(context)
    }
}

/// `middle`, and up to `spread` more or less. It need be different for different members, and not
/// hard to guess: the server sees when they beat.
fn spread(member: MemberId, beat: u32, middle: u32, spread: u32) -> u32 {
    // Mixes as SplitMix64 does (Steele, Lea and Flood, OOPSLA 2014).
    let mut mixed = (u64::from(member.0) << 32 | u64::from(beat))
        .wrapping_add(1)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let within = (mixed >> 32) % (u64::from(spread) * 2 + 1);
    // Below twice a u32's half, which the middle is.
    middle.saturating_sub(spread).saturating_add(u32::try_from(within).unwrap_or(spread))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heartbeats_are_spread_around_their_middle_and_differ_by_member_and_by_beat() {
        let all: Vec<u32> = (0..40).map(|beat| spread(MemberId(7), beat, 20_000, 4_000)).collect();
        assert!(all.iter().all(|millis| (16_000..=24_000).contains(millis)), "{all:?}");
        assert!(all.iter().min().unwrap() + 4_000 < *all.iter().max().unwrap());
        assert_ne!(spread(MemberId(1), 0, 2_000, 1_000), spread(MemberId(2), 0, 2_000, 1_000));
    }
}
