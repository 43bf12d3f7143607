//! The door: how somebody outside who holds the key comes in. The newcomer seals a knock, a member
//! inside opens it and answers, and a welcome follows. Nothing that passes is derived from the
//! secret but through a key that seals it.
//!
//! A step of the door may need further rounds (SPAKE2, DESIGN §5); [`DoorStep::Reply`] is where they
//! will go.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use sanctuary_protocol::limits::{ADMITS_MAX, MEMBERS_MAX};
use sanctuary_protocol::{DoorBlob, Few, KnockBlob, MemberId, Opening, RoomId, WelcomeBlob};
use serde::{Deserialize, Serialize};
use zeroize::ZeroizeOnDrop;

use crate::random;
use crate::seal::{DoesNotFit, Envelope, Kind, SealKey, decode};
use crate::session::Session;
use crate::stretched::Keys;
use crate::{Alias, Stretched};

/// Somebody outside who wants in.
#[derive(ZeroizeOnDrop)]
pub struct Newcomer {
    #[zeroize(skip)]
    room: RoomId,
    keys: Keys,
    // Both wipe themselves.
    #[zeroize(skip)]
    alias: Alias,
    #[zeroize(skip)]
    tag: KnockTag,
}

/// What a word from the door means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DoorStep {
    /// The doorkeeper opened the knock: wait to be let in.
    Heard,
    /// Send this to the other end. Never said yet: the door has one round.
    Reply(DoorBlob),
    /// This knock will not be let in.
    TurnedAway(TurnedAway),
    /// Garbage, or not about this knock.
    Ignored,
}

/// Why a newcomer is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TurnedAway {
    /// The key does not open this room. It is said in clear, since there is no key to say it under,
    /// so the server can say it falsely; it can as well let nobody in.
    WrongKey,
    /// Somebody inside, or before at the door, has a name that looks like this one. Sealed.
    AliasTaken,
    /// Somebody inside would not open. Sealed.
    Declined,
}

/// What a knock was, once heard inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnockHeard {
    /// It can be let in; it is remembered until it is, or is declined or forgotten.
    Admissible {
        /// Who it wants to be.
        alias: Alias,
        /// Tells the newcomer that it was heard.
        reply: DoorBlob,
    },
    /// It cannot, and is not remembered.
    Refused {
        /// Why.
        why: TurnedAway,
        /// Tells the newcomer.
        reply: DoorBlob,
    },
}

/// Why a welcome lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WelcomeError {
    /// No member of this room sealed it.
    #[error("the welcome does not open")]
    Unreadable,
    /// It answers another knock, or names somebody else.
    #[error("the welcome is not for this newcomer")]
    NotForMe,
}

/// What makes one knock different from every other: an answer to one answers no other.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KnockTag([u8; 16]);

/// What a knock holds.
#[derive(Serialize, Deserialize)]
pub(crate) struct Knock {
    pub(crate) alias: Alias,
    pub(crate) tag: KnockTag,
}

/// What a doorkeeper answers under the door's key.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum DoorWord {
    Heard,
    AliasTaken,
    Declined,
}

/// What the newcomers of one commit are told.
#[derive(Serialize, Deserialize)]
pub(crate) struct Welcome {
    /// Whom it is for.
    pub(crate) newcomers: Few<(MemberId, KnockTag), ADMITS_MAX>,
    /// Who is in the room, the newcomers included.
    pub(crate) roster: Few<(MemberId, Alias), MEMBERS_MAX>,
}

/// A door blob of this one byte says [`TurnedAway::WrongKey`].
const WRONG_KEY: [u8; 1] = [0];

impl Newcomer {
    /// Knocks: send the blob, and keep the newcomer.
    pub fn knock(room: RoomId, stretched: &Stretched, alias: Alias) -> (Self, KnockBlob) {
        let mut tag = KnockTag([0; 16]);
        random::fill(&mut tag.0);
        let keys = stretched.keys(room);
        let knock = Knock { alias, tag };
        let blob = always_fits(keys.door.seal(&knock_envelope(room), &knock));
        (Self { room, keys, alias: knock.alias, tag }, blob)
    }

    /// What the blob from `doorkeeper` means for the knock that the server numbered `me`.
    pub fn hear_door(&mut self, doorkeeper: MemberId, me: MemberId, blob: &DoorBlob) -> DoorStep {
        if blob.as_slice() == WRONG_KEY {
            return DoorStep::TurnedAway(TurnedAway::WrongKey);
        }
        let envelope = word_envelope(self.room, doorkeeper, me, &self.tag);
        let word = self.keys.door.open(&envelope, blob.as_slice());
        match word.and_then(|content| decode(&content)) {
            Some(DoorWord::Heard) => DoorStep::Heard,
            Some(DoorWord::AliasTaken) => DoorStep::TurnedAway(TurnedAway::AliasTaken),
            Some(DoorWord::Declined) => DoorStep::TurnedAway(TurnedAway::Declined),
            None => DoorStep::Ignored,
        }
    }

    /// Comes in. The welcome was sealed by whom `opening` names as the committer. Members whom the
    /// opening gives no seat went while the welcome was on its way, and are left out; seats that
    /// the welcome does not know stay unknown.
    ///
    /// # Errors
    /// When the welcome does not open, or is not for this knock.
    pub fn welcome(
        &self,
        opening: &Opening,
        welcome: &WelcomeBlob,
    ) -> Result<Session, WelcomeError> {
        let me = opening.member;
        let envelope = welcome_envelope(self.room, opening.committer);
        let content = self.keys.group.open(&envelope, welcome.as_slice());
        let content = content.ok_or(WelcomeError::Unreadable)?;
        let welcome: Welcome = decode(&content).ok_or(WelcomeError::Unreadable)?;
        if !welcome.newcomers.iter().any(|newcomer| *newcomer == (me, self.tag)) {
            return Err(WelcomeError::NotForMe);
        }
        let seats: BTreeSet<MemberId> = opening.seats.iter().map(|seat| seat.member).collect();
        let mut roster: BTreeMap<MemberId, Alias> = welcome.roster.iter().cloned().collect();
        roster.retain(|member, _| *member == me || seats.contains(member));
        if roster.get(&me) != Some(&self.alias) {
            return Err(WelcomeError::NotForMe);
        }
        Ok(Session::enter(self.room, self.keys.clone(), me, roster))
    }
}

impl fmt::Debug for Newcomer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { room: _, keys: _, alias: _, tag: _ } = self;
        f.write_str("Newcomer(…)")
    }
}

impl Knock {
    /// The knock in `blob`; `None` when this is not the key it was sealed under.
    pub(crate) fn open(key: &SealKey, room: RoomId, blob: &KnockBlob) -> Option<Self> {
        decode(&key.open(&knock_envelope(room), blob.as_slice())?)
    }
}

impl DoorWord {
    /// This word from `doorkeeper` to `newcomer`, about the knock with `tag`.
    pub(crate) fn seal(
        self,
        key: &SealKey,
        room: RoomId,
        doorkeeper: MemberId,
        newcomer: MemberId,
        tag: &KnockTag,
    ) -> DoorBlob {
        always_fits(key.seal(&word_envelope(room, doorkeeper, newcomer, tag), &self))
    }
}

impl KnockTag {
    /// Of no knock.
    pub(crate) const NONE: Self = Self([0; 16]);
}

/// Says [`TurnedAway::WrongKey`].
pub(crate) fn wrong_key() -> DoorBlob {
    always_fits(DoorBlob::try_from(WRONG_KEY.to_vec()).map_err(|_| DoesNotFit))
}

/// The envelope of a welcome: one for the whole batch, so that it names its newcomers inside.
pub(crate) fn welcome_envelope(room: RoomId, committer: MemberId) -> Envelope<'static> {
    Envelope { kind: Kind::Welcome, room, from: Some(committer), to: None, answers: &[] }
}

fn knock_envelope(room: RoomId) -> Envelope<'static> {
    Envelope { kind: Kind::Knock, room, from: None, to: None, answers: &[] }
}

fn word_envelope(
    room: RoomId,
    doorkeeper: MemberId,
    newcomer: MemberId,
    tag: &KnockTag,
) -> Envelope<'_> {
    let (from, to) = (Some(doorkeeper), Some(newcomer));
    Envelope { kind: Kind::Door, room, from, to, answers: &tag.0 }
}

/// For what has a constant size, or a small bound, well within its blob's.
pub(crate) fn always_fits<T>(sealed: Result<T, DoesNotFit>) -> T {
    #[expect(clippy::expect_used, reason = "the largest knock is 150 bytes, and its bucket 256")]
    sealed.expect("a knock, a word and a kick are within their buckets")
}
