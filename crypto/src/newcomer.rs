//! Somebody outside who wants in: knocks, proves to a doorkeeper that it knows the secret, and
//! becomes a session when it is welcomed. Knows no connection; the client says what arrived.

use std::fmt;

use sanctuary_protocol::limits::{ADMITS_MAX, WELCOME_BYTES_MAX};
use sanctuary_protocol::{Blob, DoorBlob, Few, KnockBlob, MemberId, Opening, RoomId, WelcomeBlob};
use serde::{Deserialize, Serialize};

use crate::credential::Credential;
use crate::door::{self, DoorKeys, Doorway, Heard, Verdict};
use crate::group::{Applicant, Group};
use crate::label::{label, length_prefixed};
use crate::padding::Buckets;
use crate::seal::{SealKey, decode};
use crate::stretched::DoorSecret;
use crate::{Alias, Session, Stretched};

/// Doorkeepers that one press of *Join* takes an offer from: whoever answers in the server's name
/// tests one guess at the secret each time.
const DOORKEEPERS_MAX: usize = 3;

/// The welcome of a batch, padded to a power of two.
pub(crate) const WELCOMES: Buckets = Buckets::new(1024, 128 * 1024);

/// What is said first. There is nothing to say but which door this is the knock of.
const KNOCK: [u8; 1] = [1];

/// Somebody outside who wants in.
pub struct Newcomer {
    room: RoomId,
    secret: DoorSecret,
    alias: Alias,
    offers: usize,
    /// Made once the server has given this newcomer its number.
    applicant: Option<(MemberId, Applicant)>,
    /// The runs so far, the last first to be looked at.
    runs: Vec<DoorKeys>,
}

/// What a word from the door means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DoorStep {
    /// The doorkeeper lets this one in: wait for it.
    Heard,
    /// The host is asked, and may take its time.
    Asked,
    /// Send this to the doorkeeper.
    Reply(DoorBlob),
    /// This knock will not be let in.
    TurnedAway(TurnedAway),
    /// Knock again, on a connection of its own: somebody who knocked later has come in first, and
    /// members take newcomers by rising numbers only.
    KnockAgain,
    /// Another doorkeeper offers, after as many as one press of *Join* takes an offer from.
    Spent,
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

/// Why a welcome lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WelcomeError {
    /// No doorkeeper that this newcomer spoke with sealed it, or it leads into no group.
    #[error("the welcome does not open")]
    Unreadable,
    /// It answers another knock, or names somebody else.
    #[error("the welcome is not for this newcomer")]
    NotForMe,
}

/// The one welcome of a batch.
#[derive(Serialize, Deserialize)]
pub(crate) struct Welcome {
    /// For each newcomer, what opens the rest.
    pub(crate) keys: Few<(MemberId, Blob<WELCOME_KEY_BYTES_MAX>), ADMITS_MAX>,
    pub(crate) sealed: Blob<WELCOME_BYTES_MAX>,
}

/// A sealed welcome key: its bucket and the seal's own bytes.
const WELCOME_KEY_BYTES_MAX: usize = 160;

impl Welcome {
    /// Seals `welcome` for the newcomers with these keys.
    pub(crate) fn seal(
        room: RoomId,
        newcomers: &[(MemberId, &DoorKeys)],
        welcome: &[u8],
    ) -> Option<WelcomeBlob> {
        let key = SealKey::generate();
        let sealed = key.seal(&around(room), WELCOMES, welcome).ok()?;
        let mut keys = Vec::with_capacity(newcomers.len());
        for (member, door) in newcomers {
            keys.push((*member, Blob::try_from(door.seal_welcome_key(&key, &sealed)).ok()?));
        }
        let welcome =
            Self { keys: Few::try_from(keys).ok()?, sealed: Blob::try_from(sealed).ok()? };
        WelcomeBlob::try_from(sanctuary_protocol::encode(&welcome)).ok()
    }
}

fn around(room: RoomId) -> Vec<u8> {
    length_prefixed(&[label!("welcome"), room.as_bytes()])
}

impl Newcomer {
    /// Offers that were answered. A server that hangs up must not gain further ones by it: carry
    /// them over to the next knock of the same press.
    pub const fn offers_taken(&self) -> usize {
        self.offers
    }

    /// This newcomer, after other knocks of the same press.
    #[must_use]
    pub fn with_offers_taken(self, offers: usize) -> Self {
        Self { offers, ..self }
    }

    #[cfg(test)]
    pub(crate) fn runs(&self) -> &[DoorKeys] {
        &self.runs
    }

    pub(crate) fn secret(&self) -> DoorSecret {
        self.secret.clone()
    }

    /// Knocks: send the blob, and keep the newcomer.
    pub fn knock(room: RoomId, stretched: &Stretched, alias: Alias) -> (Self, KnockBlob) {
        let secret = stretched.door(room);
        let newcomer = Self { room, secret, alias, offers: 0, applicant: None, runs: Vec::new() };
        #[expect(clippy::expect_used, reason = "a byte is within every blob's bound")]
        let blob = KnockBlob::try_from(KNOCK.to_vec()).expect("a byte fits a knock");
        (newcomer, blob)
    }

    /// What the blob from `doorkeeper` means for the knock that the server numbered `me`.
    pub fn hear_door(&mut self, doorkeeper: MemberId, me: MemberId, blob: &DoorBlob) -> DoorStep {
        let run = self.runs.iter().rev().find(|keys| keys.doorkeeper() == doorkeeper);
        match door::hear_doorkeeper(run, blob) {
            Heard::Offered(_) if self.offers >= DOORKEEPERS_MAX => DoorStep::Spent,
            Heard::Offered(share) => {
                self.answer(doorkeeper, me, share).map_or(DoorStep::Ignored, DoorStep::Reply)
            }
            Heard::WrongKey => DoorStep::TurnedAway(TurnedAway::WrongKey),
            Heard::Verdict(Verdict::Heard) => DoorStep::Heard,
            Heard::Verdict(Verdict::Asked) => DoorStep::Asked,
            Heard::Verdict(Verdict::AliasTaken) => DoorStep::TurnedAway(TurnedAway::AliasTaken),
            Heard::Verdict(Verdict::Declined) => DoorStep::TurnedAway(TurnedAway::Declined),
            Heard::Verdict(Verdict::Again) => DoorStep::KnockAgain,
            Heard::Nothing => DoorStep::Ignored,
        }
    }

    fn answer(&mut self, doorkeeper: MemberId, me: MemberId, share: [u8; 32]) -> Option<DoorBlob> {
        if self.applicant.as_ref().is_none_or(|(member, _)| *member != me) {
            let credential = Credential { member: me, alias: self.alias.clone() };
            self.applicant = Some((me, Applicant::new(credential).ok()?));
        }
        let (_, applicant) = self.applicant.as_ref()?;
        let doorway = Doorway { room: self.room, doorkeeper, newcomer: me };
        let (keys, blob) = door::answer(doorway, &self.secret, share, applicant.key_package())?;
        self.offers += 1;
        self.runs.push(keys);
        Some(blob)
    }

    /// Comes in, through a welcome that one of the doorkeepers this newcomer spoke with sealed.
    ///
    /// # Errors
    /// When the welcome does not open, or is not for this knock.
    pub fn welcome(
        self,
        opening: &Opening,
        welcome: &WelcomeBlob,
    ) -> Result<Session, WelcomeError> {
        let group = self.open(opening.member, welcome)?;
        Ok(Session::enter(self.room, opening, group, Some(self)))
    }

    /// The group that a welcome leads into. It may be said again: the commit that it belongs to may
    /// have come too late, and been made once more.
    pub(crate) fn open(&self, me: MemberId, welcome: &WelcomeBlob) -> Result<Group, WelcomeError> {
        let Welcome { keys, sealed } =
            decode(welcome.as_slice()).ok_or(WelcomeError::Unreadable)?;
        let mine = keys.iter().find(|(member, _)| *member == me).ok_or(WelcomeError::NotForMe)?;
        let key = self
            .runs
            .iter()
            .rev()
            .find_map(|run| run.open_welcome_key(mine.1.as_slice(), sealed.as_slice()))
            .ok_or(WelcomeError::Unreadable)?;
        let welcome = key
            .open(&around(self.room), WELCOMES, sealed.as_slice())
            .ok_or(WelcomeError::Unreadable)?;
        let (member, applicant) = self.applicant.as_ref().ok_or(WelcomeError::NotForMe)?;
        let group = applicant.join(self.room, &welcome).map_err(|_| WelcomeError::Unreadable)?;
        let is_me = *member == me && group.members().get(&me) == Some(&self.alias);
        if is_me { Ok(group) } else { Err(WelcomeError::NotForMe) }
    }
}

impl fmt::Debug for Newcomer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { room: _, secret: _, alias: _, offers, applicant: _, runs: _ } = self;
        f.debug_struct("Newcomer").field("offers", offers).finish_non_exhaustive()
    }
}
