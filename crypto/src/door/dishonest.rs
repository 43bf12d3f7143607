//! Both ends of the door in the hands of somebody who knows the secret and keeps no rule: what they seal
//! is whatever they are handed. For whoever tries what becomes of it; it must not know what is right.

use sanctuary_protocol::{DoorBlob, MemberId, RoomId, WelcomeBlob};
use zeroize::Zeroizing;

use super::{
    Answered, DoorKeys, Doorway, Heard, Offer, VERDICTS, Word, answer, blob, hear_doorkeeper,
};
use crate::Stretched;
use crate::newcomer::Welcome;

/// A run at the door of `room`, between these two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Which room's door.
    pub room: RoomId,
    /// Who keeps it.
    pub doorkeeper: MemberId,
    /// Who knocked.
    pub newcomer: MemberId,
}

impl Run {
    fn doorway(self) -> Doorway {
        let Self { room, doorkeeper, newcomer } = self;
        Doorway { room, doorkeeper, newcomer }
    }

    /// A newcomer's answer to an offer, with these bytes for a key package; `None` when the offer is
    /// none, or the bytes are too many.
    pub fn answer(
        self,
        stretched: &Stretched,
        offer: &DoorBlob,
        key_package: &[u8],
    ) -> Option<DoorBlob> {
        let Heard::Offered(share) = hear_doorkeeper(None, offer) else { return None };
        let secret = stretched.door(self.room);
        answer(self.doorway(), &secret, share, key_package).map(|(_, word)| word)
    }
}

/// A doorkeeper whose newcomer answered.
pub struct Doorkeeper {
    keys: DoorKeys,
    key_package: Zeroizing<Vec<u8>>,
}

impl Doorkeeper {
    /// Offers, and has `ask` carry the offer to a newcomer and bring the answer; `None` when that proves
    /// no knowledge of the secret.
    pub fn meet(
        run: Run,
        stretched: &Stretched,
        ask: impl FnOnce(&DoorBlob) -> Option<DoorBlob>,
    ) -> Option<Self> {
        let (offer, word) = Offer::new(run.doorway(), &stretched.door(run.room));
        match offer.hear(&ask(&word)?) {
            Answered::Shown { keys, key_package } => Some(Self { keys, key_package }),
            Answered::WrongKey(_) => None,
        }
    }

    /// The key package that the newcomer showed.
    pub fn shown(&self) -> &[u8] {
        &self.key_package
    }

    /// These bytes, sealed in place of a verdict; `None` when they are too many.
    pub fn say(&self, content: &[u8]) -> Option<DoorBlob> {
        let around = self.keys.doorway.bind(b"verdict", &[]);
        let sealed = self.keys.to_newcomer.seal(&around, VERDICTS, content).ok()?;
        Some(blob(&Word::Reply { verdict: &sealed }))
    }

    /// These bytes, sealed in place of a group's welcome; `None` when they are too many.
    pub fn welcome(&self, content: &[u8]) -> Option<WelcomeBlob> {
        let Doorway { room, newcomer, doorkeeper: _ } = self.keys.doorway;
        Welcome::seal(room, &[(newcomer, &self.keys)], content)
    }
}
