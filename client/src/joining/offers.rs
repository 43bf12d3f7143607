//! How many offers are taken at the door. Whoever makes one in the server's name tests a guess at
//! the secret with the answer, so a press of a person's takes a few, however often the connection
//! goes down and the knock is made again. Must not know what an offer says.

use sanctuary_crypto::Newcomer;
use sanctuary_protocol::{MemberId, SortedSet};

/// Offers given back since a press: a rush at the door, in a room whose doorkeepers come and go,
/// takes fewer; members that want a newcomer to answer without end gain nothing by more.
const RETURNS_MAX: u32 = 64;

/// Offers taken since a person's press.
#[derive(Debug, Default)]
pub(super) struct Offers {
    cause: Cause,
    taken: usize,
    /// Doorkeepers whose last offer is known to be a member's.
    proven: SortedSet<MemberId>,
    returned: u32,
}

/// Why there is a knock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Cause {
    /// A person pressed for it.
    #[default]
    Press,
    /// The page goes in again by itself.
    Return,
}

impl Offers {
    /// For a page that goes in again by itself, and took these when it did so before: however often
    /// it has to, it takes no more than one press does.
    pub(super) fn by_itself(taken: usize) -> Self {
        Self { cause: Cause::Return, taken, ..Self::default() }
    }

    /// What a page that is let in and has to go in again by itself has taken.
    pub(super) fn taken_by_itself(&self) -> usize {
        match self.cause {
            Cause::Press => 0,
            Cause::Return => self.taken,
        }
    }

    /// Another knock of the same press.
    pub(super) fn go_on(&self, newcomer: Newcomer) -> Newcomer {
        newcomer.with_offers_taken(self.taken)
    }

    /// An offer in this doorkeeper's name was answered.
    pub(super) fn take(&mut self, keeper: MemberId, newcomer: &Newcomer) {
        self.taken = newcomer.offers_taken();
        self.proven.remove(&keeper);
    }

    /// The doorkeeper's verdict opened, so it knows the secret, and the offer was no guess.
    pub(super) fn prove(&mut self, keeper: MemberId, newcomer: Newcomer) -> Newcomer {
        if self.returned >= RETURNS_MAX || !self.proven.insert(keeper) {
            return newcomer;
        }
        self.returned += 1;
        self.taken = self.taken.saturating_sub(1);
        newcomer.with_offers_taken(self.taken)
    }
}
