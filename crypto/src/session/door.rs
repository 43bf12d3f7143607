//! Keeping the door: offers, answers, verdicts. Who may come in, and how fast, is the client's to
//! say: it knows the time.

use sanctuary_protocol::{DoorBlob, MemberId};
use zeroize::Zeroizing;

use super::Session;
use crate::door::{Answered, DoorKeys, Doorway, Offer, Verdict};
use crate::group::{is_sound, read_key_package};
use crate::{Alias, TurnedAway};

/// Newcomers remembered at once: twice what a server keeps waiting by default.
const CALLERS_MAX: usize = 64;

/// A newcomer at the door.
pub(super) enum Caller {
    /// Was made an offer.
    Offered(Offer),
    /// Knows the secret, and may be let in.
    Known(Known),
}

/// A newcomer that knows the secret.
pub(super) struct Known {
    pub(super) alias: Alias,
    pub(super) key_package: Zeroizing<Vec<u8>>,
    pub(super) keys: DoorKeys,
}

/// What to answer to a knock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DoorKnock {
    /// Send this to the newcomer. Until it answers, the run counts as a guess at the secret.
    Offer(DoorBlob),
    /// This member opens to nobody at the moment: the invitation is being renewed, or as many are
    /// at the door as are remembered.
    NotNow,
}

/// What a newcomer's answer was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Knocked {
    /// It knows the secret and can be let in. It is remembered until it is, or is declined or
    /// forgotten; tell it what comes next.
    Admissible {
        /// Who it wants to be.
        alias: Alias,
    },
    /// It cannot, and is not remembered.
    Refused {
        /// Why. With [`TurnedAway::WrongKey`] somebody guessed at the secret.
        why: TurnedAway,
        /// Tells the newcomer.
        reply: DoorBlob,
    },
    /// Not about an offer of this member's.
    Ignored,
}

impl Session {
    /// Answers a knock. One said again begins anew.
    pub fn hear_knock(&mut self, newcomer: MemberId) -> DoorKnock {
        let is_full = self.callers.len() >= CALLERS_MAX && !self.callers.contains_key(&newcomer);
        let Some(secret) = self.door.as_ref().filter(|_| !is_full) else {
            return DoorKnock::NotNow;
        };
        let doorway = Doorway { room: self.room, doorkeeper: self.me, newcomer };
        let (offer, blob) = Offer::new(doorway, secret);
        self.callers.insert(newcomer, Box::new(Caller::Offered(offer)));
        DoorKnock::Offer(blob)
    }

    /// Reads a newcomer's answer to the offer it was made.
    pub fn hear_door(&mut self, newcomer: MemberId, blob: &DoorBlob) -> Knocked {
        // Once known, a newcomer has nothing more to say.
        if self.known(newcomer).is_some() {
            return Knocked::Ignored;
        }
        match self.callers.remove(&newcomer).map(|caller| *caller) {
            Some(Caller::Offered(offer)) => self.hear_answer(newcomer, offer, blob),
            Some(Caller::Known(_)) | None => Knocked::Ignored,
        }
    }

    fn hear_answer(&mut self, newcomer: MemberId, offer: Offer, answer: &DoorBlob) -> Knocked {
        let (keys, key_package) = match offer.hear(answer) {
            Answered::Shown { keys, key_package } => (keys, key_package),
            Answered::WrongKey(reply) => {
                return Knocked::Refused { why: TurnedAway::WrongKey, reply };
            }
        };
        let refused = |why, verdict| Knocked::Refused { why, reply: keys.say(verdict) };
        let shown = read_key_package(&key_package)
            .filter(|it| it.member == newcomer && is_sound(self.room, it, &key_package));
        let Some(credential) = shown else {
            return refused(TurnedAway::Declined, Verdict::Declined);
        };
        let alias = credential.alias;
        if self.is_taken(&alias) {
            return refused(TurnedAway::AliasTaken, Verdict::AliasTaken);
        }
        let known = Known { alias: alias.clone(), key_package, keys };
        self.callers.insert(newcomer, Box::new(Caller::Known(known)));
        Knocked::Admissible { alias }
    }

    /// Tells a known newcomer that it is being let in.
    pub fn tell_heard(&self, newcomer: MemberId) -> Option<DoorBlob> {
        self.known(newcomer).map(|known| known.keys.say(Verdict::Heard))
    }

    /// Tells a known newcomer that the host is asked.
    pub fn tell_asked(&self, newcomer: MemberId) -> Option<DoorBlob> {
        self.known(newcomer).map(|known| known.keys.say(Verdict::Asked))
    }

    /// Forgets a newcomer, and tells it, when it is known, that nobody opens.
    pub fn decline(&mut self, newcomer: MemberId) -> Option<DoorBlob> {
        match *self.callers.remove(&newcomer)? {
            Caller::Known(known) => Some(known.keys.say(Verdict::Declined)),
            Caller::Offered(_) => None,
        }
    }

    /// Forgets a newcomer that was overtaken, and tells it to knock again.
    pub fn tell_again(&mut self, newcomer: MemberId) -> Option<DoorBlob> {
        match *self.callers.remove(&newcomer)? {
            Caller::Known(known) => Some(known.keys.say(Verdict::Again)),
            Caller::Offered(_) => None,
        }
    }

    /// Forgets a newcomer: it went away, or another member keeps the door.
    pub fn forget_knock(&mut self, newcomer: MemberId) {
        self.callers.remove(&newcomer);
    }

    pub(super) fn known(&self, newcomer: MemberId) -> Option<&Known> {
        match &**self.callers.get(&newcomer)? {
            Caller::Known(known) => Some(known),
            Caller::Offered(_) => None,
        }
    }

    fn is_taken(&self, alias: &Alias) -> bool {
        let at_the_door = self.callers.values().filter_map(|caller| match &**caller {
            Caller::Known(known) => Some(&known.alias),
            Caller::Offered(_) => None,
        });
        self.roster.values().chain(at_the_door).any(|taken| taken.looks_like(alias))
    }
}
