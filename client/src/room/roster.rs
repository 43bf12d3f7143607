//! Who is here: names and host by the sealed session's word, presence by the server's.

use sanctuary_crypto::{Alias, KeyTag, Safety};
use sanctuary_protocol::{MemberId, Presence};

use super::{Room, Voice};

/// A member as shown: the number tells two alike names apart, and outlasts the member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Its number.
    pub member: MemberId,
    /// Its name; none for a number the session has never heard of.
    pub alias: Option<Alias>,
    /// A few letters of its key, to tell two alike names apart; none for whoever holds none.
    pub tag: Option<KeyTag>,
    /// Whether it is this page's own member.
    pub whose: Whose,
}

/// Whether something is one's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// One's own.
    Own,
    /// Another member's.
    Others,
}

/// One row of the roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterRow {
    /// Who.
    pub person: Person,
    /// Whether the connection stands.
    pub presence: Presence,
    /// Host or not.
    pub rank: Rank,
    /// Whether its words are shown here.
    pub voice: Voice,
    /// What may be done about it from this page, in the order of a menu.
    pub acts: Vec<RosterAct>,
}

/// Something to be done about another member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RosterAct {
    /// Write to it alone.
    Whisper,
    /// Show nothing more of what it says.
    Mute,
    /// Show it again.
    Unmute,
    /// Make it the host.
    HandOver,
    /// Put it out.
    Kick,
}

/// A member's standing in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// The host.
    Host,
    /// Anybody else.
    Member,
}

/// The colours members are told apart by; the stylesheet has as many.
pub const HUES: u32 = 8;

impl Person {
    /// Which of the [`HUES`] is this member's.
    pub fn hue(&self) -> u32 {
        self.member.0 % HUES
    }
}

impl Room {
    /// Who is here, the longest-present first.
    pub fn roster(&self) -> Vec<RosterRow> {
        self.session.roster().keys().map(|member| self.roster_row(*member)).collect()
    }

    fn roster_row(&self, member: MemberId) -> RosterRow {
        let presence = self.session.view().seats.get(&member).copied().unwrap_or(Presence::Gone);
        let rank = if member == self.host { Rank::Host } else { Rank::Member };
        let acts = self.acts_on(member, presence);
        RosterRow { person: self.person(member), presence, rank, voice: self.voice(member), acts }
    }

    fn acts_on(&self, member: MemberId, presence: Presence) -> Vec<RosterAct> {
        let me = self.me();
        if member == me {
            return Vec::new();
        }
        let is_offered = |act: &RosterAct| match act {
            RosterAct::Whisper => true,
            RosterAct::Mute => self.voice(member) == Voice::Heard,
            RosterAct::Unmute => self.voice(member) == Voice::Muted,
            RosterAct::HandOver => me == self.host && presence == Presence::Live,
            RosterAct::Kick => self.may_moderate(me),
        };
        let all = [
            RosterAct::Whisper,
            RosterAct::Mute,
            RosterAct::Unmute,
            RosterAct::HandOver,
            RosterAct::Kick,
        ];
        all.into_iter().filter(is_offered).collect()
    }

    /// Whom safety words cover.
    pub fn covered(&self, safety: &Safety) -> Vec<Person> {
        let members = safety.members.iter();
        members.map(|(member, alias)| self.named(*member, Some(alias.clone()))).collect()
    }

    /// A member by its number.
    pub fn person(&self, member: MemberId) -> Person {
        let known = [self.session.roster(), self.session.members()];
        let alias = known.into_iter().find_map(|members| members.get(&member)).cloned();
        self.named(member, alias)
    }

    pub(super) fn named(&self, member: MemberId, alias: Option<Alias>) -> Person {
        let whose = if member == self.me() { Whose::Own } else { Whose::Others };
        Person { member, alias, tag: self.session.key_tag(member), whose }
    }

    /// Names to complete and to resolve commands by.
    pub(super) fn names(&self) -> Vec<(MemberId, &Alias)> {
        self.session.roster().iter().map(|(member, alias)| (*member, alias)).collect()
    }
}
