//! A member's side of a room: it seals what the member says, opens what the room's order brings,
//! keeps the door, and finds the server out. Sans-IO: frames out, entries in, events back. Knows no
//! connection and no time; what the member may do is by the charter, and never by the server's word.
//!
//! `door` is the doorkeeper's side of the door, `change` makes commits, `say` makes posts, `receive`
//! reads the order.

mod change;
mod door;
mod receive;
mod say;

#[cfg(feature = "dishonest")]
mod dishonest;

#[cfg(test)]
mod interop;
#[cfg(test)]
mod recorder;
#[cfg(test)]
mod unlawful;

use std::collections::VecDeque;
use std::fmt;

use sanctuary_protocol::{
    MemberId, Opening, Policy, RoomId, SortedMap, SortedSet, View, WelcomeBlob,
};
use sha2::{Digest as _, Sha256};

use crate::bearing::{Bearing, Hearing};
use crate::credential::Credential;
use crate::group::Group;
use crate::label::{label, length_prefixed};
use crate::newcomer::Newcomer;
use crate::shed::Shed;
use crate::stretched::DoorSecret;
use crate::transcript::Transcript;
use crate::unsettled::Saying;
use crate::unsettled::Unsettled;
use crate::words::{WORDS, word};
use crate::{Alias, Change, Charter, Event, Fading, KeyTag, Recollection, Stretched, Tampering};
use change::Out;
use door::Caller;

pub use door::{DoorKnock, Knocked};
pub use say::{Outgoing, PLAINTEXT_BYTES_MAX};

/// Words that two members compare: six of 7,776 are 77 bits, far more than anybody searches while
/// two people read them to each other.
pub const SAFETY_WORDS: usize = 6;

/// A member in a room.
pub struct Session {
    room: RoomId,
    me: MemberId,
    group: Group,
    transcript: Transcript,
    /// Members inside who have a seat, and this one.
    roster: SortedMap<MemberId, Alias>,
    unsettled: Unsettled,
    /// Commits sent and not sequenced, oldest first.
    out: VecDeque<Out>,
    /// What opens the door; `None` while a renewed invitation is not stretched.
    door: Option<DoorSecret>,
    /// Boxed, so that a key never moves as its neighbours come and go.
    callers: SortedMap<MemberId, Box<Caller>>,
    /// Until somebody's word proves that the group is the room's: what a further welcome is opened
    /// with.
    admission: Option<Newcomer>,
    shed: Shed,
    hearing: Hearing,
    /// Of the stay before, when this member has come in again.
    recollection: Option<Recollection>,
    /// Whose recollections were answered.
    answered: SortedSet<MemberId>,
    /// While what happened during a lost connection is taken in: commits that were out and of which
    /// nothing came. Their refusals may have been lost with the connection.
    unanswered: Option<Vec<Change>>,
}

/// What two members read to each other, to know that no stranger sits between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Safety {
    /// The epoch they are of: whoever comes or goes begins another.
    pub epoch: u64,
    /// The words.
    pub words: [&'static str; SAFETY_WORDS],
    /// Whom they cover: everybody who can read this epoch.
    pub members: SortedMap<MemberId, Alias>,
}

/// The system's randomness or the library failed: no room can be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this browser cannot start an encrypted room")]
pub struct CannotCreate;

impl Session {
    /// The first member's, in the room that `opening` opened; by the rules that it wished for, and
    /// not by those that the server says.
    ///
    /// # Errors
    /// When the library cannot make a group.
    pub fn create(
        room: RoomId,
        stretched: &Stretched,
        alias: Alias,
        policy: Policy,
        opening: &Opening,
    ) -> Result<Self, CannotCreate> {
        let me = opening.member;
        let charter = Charter { host: me, policy, generation: 0, fading: Fading::Never };
        let group = Group::create(room, Credential { member: me, alias }, charter)
            .map_err(|_| CannotCreate)?;
        let mut session = Self::enter(room, opening, group, None);
        session.door = Some(stretched.door(room));
        Ok(session)
    }

    pub(crate) fn enter(
        room: RoomId,
        opening: &Opening,
        group: Group,
        admission: Option<Newcomer>,
    ) -> Self {
        let mut session = Self {
            room,
            me: opening.member,
            group,
            transcript: Transcript::begin(opening),
            roster: SortedMap::new(),
            unsettled: Unsettled::default(),
            out: VecDeque::new(),
            door: admission.as_ref().map(Newcomer::secret),
            callers: SortedMap::new(),
            admission,
            shed: Shed::default(),
            hearing: Hearing::default(),
            recollection: None,
            answered: SortedSet::new(),
            unanswered: None,
        };
        session.refresh_roster();
        session
    }

    /// This member.
    pub const fn me(&self) -> MemberId {
        self.me
    }

    /// Who is in the room: inside the group, and with a seat by the server's word.
    pub const fn roster(&self) -> &SortedMap<MemberId, Alias> {
        &self.roster
    }

    /// Everybody who holds the keys of this epoch, whether they have a seat or not.
    pub const fn members(&self) -> &SortedMap<MemberId, Alias> {
        self.group.members()
    }

    /// A few letters of the key that signs what a member says; none for whoever holds no keys.
    pub fn key_tag(&self, member: MemberId) -> Option<KeyTag> {
        self.group.key_tag(member)
    }

    /// Host, rules and the invitation's count, as the members hold them.
    pub const fn charter(&self) -> &Charter {
        self.group.charter()
    }

    /// The room as the server tells it.
    pub const fn view(&self) -> &View {
        self.transcript.view()
    }

    /// The epoch: how often the group has changed.
    pub fn epoch(&self) -> u64 {
        self.group.epoch()
    }

    /// Whether this session and the room are still one group.
    pub fn bearing(&self) -> Bearing {
        if self.shed.is_too_many() {
            return Bearing::Lost;
        }
        self.hearing.bearing(self.me, self.view())
    }

    /// The same, to be asked once a heartbeat: a doubt that each of two brings news of is none any
    /// more.
    pub fn take_bearing(&mut self) -> Bearing {
        self.hearing.weigh(self.me, self.transcript.view());
        self.bearing()
    }

    /// Whether somebody has said anything of late, readable or not.
    pub fn speaks(&self, member: MemberId) -> bool {
        self.hearing.speaks(member)
    }

    /// What this member remembers of the order, for when it comes in again.
    pub fn recollection(&self) -> Recollection {
        // A stay that nobody vouched for has seen nothing that counts.
        let earlier = self.recollection.filter(|_| !self.is_vouched());
        earlier.unwrap_or_else(|| Recollection {
            group: self.group.id(),
            seq: self.view().seq,
            view: self.transcript.here(),
        })
    }

    /// Tells the others what this member saw in the stay before.
    pub fn recall(&mut self, seen: Recollection) {
        self.hearing.came_back();
        self.recollection = Some(seen);
        self.unsettled.push(Saying::Recalled(seen));
    }

    /// Whether a member's word has proven the group to be the room's. Until then nothing is sent.
    pub const fn is_vouched(&self) -> bool {
        self.admission.is_none()
    }

    /// The words of this epoch.
    pub fn safety(&self) -> Safety {
        let mut words = [""; SAFETY_WORDS];
        let authenticator = self.group.authenticator().unwrap_or_default();
        let hash = Sha256::digest(length_prefixed(&[label!("safety"), &authenticator]));
        let mut number = hash.iter().take(16).fold(0_u128, |it, byte| it << 8 | u128::from(*byte));
        for place in &mut words {
            // Below the list's length, which a u16 counts.
            *place = word((number % WORDS as u128) as u16);
            number /= WORDS as u128;
        }
        Safety { epoch: self.epoch(), words, members: self.members().clone() }
    }

    /// The secret of the room's renewed invitation, stretched: from here on this member opens to
    /// those who have it.
    pub fn renew_door(&mut self, stretched: &Stretched) {
        self.door = Some(stretched.door(self.room));
    }

    /// A welcome for somebody who is in: the commit of the one before came too late, and was made
    /// again.
    pub fn welcome_again(&mut self, welcome: &WelcomeBlob) {
        let Some(admission) = &self.admission else { return };
        if let Ok(group) = admission.open(self.me, welcome) {
            self.begin_epoch(group);
        }
    }

    /// The seat is taken again; entries up to the opening's are still to come.
    pub fn resumed(&mut self) {
        self.callers.clear();
        // What was found missing on the way back before is still to be told.
        self.unanswered.get_or_insert_with(Vec::new);
    }

    /// Everything up to `opening` has been taken in. What was sent and has not come back never
    /// arrived: posts go out again, and the commits are told, to be made again or not.
    pub fn caught_up(&mut self, opening: &Opening) -> (Vec<Change>, Vec<Event>) {
        self.unsettled.forget_sealed();
        let mut lost = self.unanswered.take().unwrap_or_default();
        lost.extend(self.out.drain(..).map(|out| out.change));
        let same = self.transcript.agrees_with(opening);
        let events = if same { vec![] } else { vec![Event::Tampering(Tampering::Reopened)] };
        (lost, events)
    }

    /// The group has moved on: what was sealed and drafted for the epoch before counts no more.
    fn begin_epoch(&mut self, group: Group) {
        self.group = group;
        self.unsettled.void();
        self.shed = Shed::default();
        self.refresh_roster();
    }

    fn refresh_roster(&mut self) {
        let seats = &self.transcript.view().seats;
        let is_here = |member: &MemberId| *member == self.me || seats.contains_key(member);
        let members = self.group.members().iter();
        self.roster = members
            .filter(|(member, _)| is_here(member))
            .map(|(member, alias)| (*member, alias.clone()))
            .collect();
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            room: _,
            me,
            group: _,
            transcript: _,
            roster,
            unsettled: _,
            out,
            door: _,
            callers,
            admission: _,
            shed: _,
            hearing: _,
            recollection: _,
            answered: _,
            unanswered: _,
        } = self;
        f.debug_struct("Session")
            .field("me", me)
            .field("members", &roster.len())
            .field("callers", &callers.len())
            .field("out", &out.len())
            .field("bearing", &self.bearing())
            .finish_non_exhaustive()
    }
}
