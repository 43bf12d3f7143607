//! What this member has said and the room has not yet put in its order. It is sealed when it can be
//! sent, known by its ciphertext when it comes back, and sealed anew when an epoch ended before it
//! had its place: what was sealed before that nobody can open any more.
//!
//! Must not know how anything is sealed.

use std::collections::VecDeque;

use sanctuary_protocol::{Digest, MemberId, SortedSet};
use zeroize::Zeroizing;

use crate::{Recollection, Ticket};

/// What is said.
pub(crate) enum Saying {
    /// To everybody.
    Said(Zeroizing<Vec<u8>>),
    /// To one.
    Whisper { to: MemberId, text: Zeroizing<Vec<u8>> },
    /// Nothing: it vouches for the order.
    Heartbeat,
    /// What was seen of the order at a place.
    Recalled(Recollection),
}

/// Said and not settled; oldest first. Those that are sealed come before those that are not.
#[derive(Default)]
pub(crate) struct Unsettled {
    items: VecDeque<Item>,
    /// Sealed for an epoch that ended first; they will come back, and mean nothing.
    voided: SortedSet<Digest>,
    /// This member's posts in the room's order so far.
    settled: u64,
    tickets: u64,
}

struct Item {
    ticket: Ticket,
    saying: Saying,
    sealed: Option<Sealed>,
    /// Taken back after it was sent: it may come back, and is not said again.
    unsaid: bool,
}

#[derive(Clone, Copy)]
struct Sealed {
    digest: Digest,
    counter: u64,
}

/// What a post in this member's name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Returned {
    /// The oldest that is out.
    Settled(Ticket),
    /// One that is out, before older ones.
    Overtaken(Ticket),
    /// Sealed for an epoch that ended first.
    Void,
    /// Never sent.
    Unknown,
}

impl Unsettled {
    pub(crate) fn push(&mut self, saying: Saying) -> Ticket {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.items.push_back(Item { ticket, saying, sealed: None, unsaid: false });
        ticket
    }

    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    pub(crate) fn oldest(&self) -> Option<Ticket> {
        self.items.front().map(|item| item.ticket)
    }

    /// The oldest that is not sealed, and the number it will have.
    pub(crate) fn next(&self) -> Option<(&Saying, u64)> {
        let item = self.items.iter().find(|item| item.sealed.is_none())?;
        Some((&item.saying, self.sent() + 1))
    }

    /// The number of the post that was sent last.
    pub(crate) fn sent(&self) -> u64 {
        let out = self.items.iter().rev().find_map(|item| item.sealed);
        out.map_or(self.settled, |sealed| sealed.counter)
    }

    /// The number of the post that had its place last.
    pub(crate) const fn settled(&self) -> u64 {
        self.settled
    }

    /// What [`next`](Self::next) named was sealed, and is sent.
    pub(crate) fn seal(&mut self, digest: Digest, counter: u64) {
        if let Some(item) = self.items.iter_mut().find(|item| item.sealed.is_none()) {
            item.sealed = Some(Sealed { digest, counter });
        }
    }

    /// What [`next`](Self::next) named cannot be said any more.
    pub(crate) fn give_up_next(&mut self) -> Option<Ticket> {
        let at = self.items.iter().position(|item| item.sealed.is_none())?;
        self.items.remove(at).map(|item| item.ticket)
    }

    /// The room has put a post of this member's in its order.
    pub(crate) fn take_back(&mut self, digest: Digest) -> Returned {
        if self.voided.remove(&digest) {
            return Returned::Void;
        }
        let is_it = |item: &Item| item.sealed.is_some_and(|sealed| sealed.digest == digest);
        let Some(at) = self.items.iter().position(is_it) else { return Returned::Unknown };
        let Some(Item { ticket, sealed: Some(sealed), .. }) = self.items.remove(at) else {
            return Returned::Unknown;
        };
        self.settled = sealed.counter;
        if at == 0 {
            return Returned::Settled(ticket);
        }
        // The older ones are lost. They are said again, after what has overtaken them.
        for item in self.items.iter_mut().take(at) {
            item.sealed = None;
        }
        let lost: Vec<Item> = self.items.drain(..at).collect();
        self.items.extend(lost);
        Returned::Overtaken(ticket)
    }

    /// An epoch ended: what is out will come back, and nobody can open it.
    pub(crate) fn void(&mut self) {
        for item in &mut self.items {
            if let Some(sealed) = item.sealed.take() {
                self.voided.insert(sealed.digest);
            }
        }
        self.items.retain(|item| !item.unsaid);
    }

    /// Everything that had arrived has come back: what is still out never arrived, and never will.
    pub(crate) fn forget_sealed(&mut self) {
        self.voided.clear();
        self.items.retain(|item| !item.unsaid);
        for item in &mut self.items {
            item.sealed = None;
        }
    }

    /// Takes something said back, as far as it has not arrived.
    pub(crate) fn forget(&mut self, ticket: Ticket) {
        self.items.retain(|item| item.ticket != ticket || item.sealed.is_some());
        if let Some(item) = self.items.iter_mut().find(|item| item.ticket == ticket) {
            item.unsaid = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(byte: u8) -> Digest {
        Digest::of(&[byte])
    }

    fn said(count: u64) -> Unsettled {
        let mut unsettled = Unsettled::default();
        for number in 1..=count {
            let ticket = unsettled.push(Saying::Heartbeat);
            assert_eq!(ticket, Ticket(number));
            assert_eq!(unsettled.next().unwrap().1, number);
            unsettled.seal(digest(number as u8), number);
        }
        unsettled
    }

    #[test]
    fn posts_come_back_in_the_order_they_were_sent_or_are_found_out() {
        let mut unsettled = said(3);
        assert_eq!(unsettled.take_back(digest(1)), Returned::Settled(Ticket(1)));
        assert_eq!(unsettled.take_back(digest(1)), Returned::Unknown);
        assert_eq!(unsettled.take_back(digest(3)), Returned::Overtaken(Ticket(3)));
        assert_eq!(unsettled.take_back(digest(2)), Returned::Unknown);
        assert_eq!(unsettled.next().unwrap().1, 4);
        assert_eq!(unsettled.len(), 1);
    }

    #[test]
    fn what_an_epoch_s_end_voided_is_sealed_anew_under_the_same_numbers() {
        let mut unsettled = said(2);
        unsettled.void();
        assert_eq!(unsettled.take_back(digest(1)), Returned::Void);
        assert_eq!(unsettled.next().unwrap().1, 1);
        unsettled.seal(digest(11), 1);
        assert_eq!(unsettled.next().unwrap().1, 2);
        unsettled.seal(digest(12), 2);
        assert_eq!(unsettled.take_back(digest(2)), Returned::Void);
        assert_eq!(unsettled.take_back(digest(11)), Returned::Settled(Ticket(1)));
    }

    #[test]
    fn what_never_arrived_is_sealed_anew_after_what_did() {
        let mut unsettled = said(3);
        unsettled.take_back(digest(1));
        unsettled.forget_sealed();
        assert_eq!(unsettled.next().unwrap().1, 2);
        assert_eq!(unsettled.take_back(digest(3)), Returned::Unknown);
    }

    #[test]
    fn what_was_taken_back_is_still_known_when_it_had_arrived() {
        let mut unsettled = said(3);
        unsettled.forget(Ticket(1));
        unsettled.forget(Ticket(2));
        assert_eq!(unsettled.take_back(digest(1)), Returned::Settled(Ticket(1)));
        unsettled.forget_sealed();
        assert_eq!((unsettled.len(), unsettled.oldest()), (1, Some(Ticket(3))));
        assert_eq!(unsettled.next().unwrap().1, 2);
    }
}
