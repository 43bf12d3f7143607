//! What one member is told of a room's order, which need not be what another is told. A story is
//! kept: whoever was told a lie is told the same again when it comes back, and the view it is opened
//! to fits. Knows no connection.

use std::collections::VecDeque;

use sanctuary_protocol::{Entry, EntryKind, MemberId, Seq, View};

use super::alter::flipped_entry;
use super::evidence::{Damage, Kind};
use super::plan::Craft;

/// One member's story.
#[derive(Debug)]
pub struct Story {
    opening: View,
    told: Vec<Piece>,
    /// How much of the order all are told has gone into this story.
    cursor: usize,
    next: Seq,
    armed: VecDeque<Twist>,
    /// Waits to be told after the next.
    withheld: Option<Withheld>,
}

#[derive(Clone, Debug)]
struct Piece {
    entry: Entry,
    cursor: usize,
}

#[derive(Debug)]
struct Withheld {
    seq: Seq,
    from: MemberId,
    kind: EntryKind,
    craft: Craft,
}

/// What is to be done to the next entry it can be done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twist {
    /// Not tell it.
    Drop(Craft),
    /// Tell it twice.
    Duplicate(Craft),
    /// Tell it after the next.
    Swap(Craft),
    /// Change a byte.
    Flip(u8),
    /// Tell it changed, and then as it is.
    FlipBefore(u8),
    /// Tell it in this one's name.
    Relabel(MemberId),
    /// Tell that it was not kept.
    Shed,
}

/// A lie that a story took up.
#[derive(Clone, Copy, Debug)]
pub struct Twisted {
    /// Which.
    pub kind: Kind,
    /// What it did.
    pub damage: Damage,
}

impl Story {
    /// The story of somebody opened to `view`, when the order all are told has come to `cursor`.
    pub fn begin(view: View, cursor: usize) -> Self {
        let next = view.seq.next();
        Self {
            opening: view,
            told: Vec::new(),
            cursor,
            next,
            armed: VecDeque::new(),
            withheld: None,
        }
    }

    /// Twists what comes.
    pub fn arm(&mut self, twist: Twist) {
        self.armed.push_back(twist);
    }

    /// What comes is told as it is, from here on.
    pub fn disarm(&mut self) -> Vec<Entry> {
        self.armed.clear();
        // What waits for a next one that may never come was not told in another order.
        match self.withheld.take() {
            Some(Withheld { seq, from, kind, craft: Craft::Crude }) if self.next == seq.next() => {
                vec![self.tell_at(seq, from, kind)]
            }
            // Another lie has been told in its place: it comes after that one.
            Some(Withheld { seq: _, from, kind, craft: _ }) => vec![self.tell(from, kind)],
            None => Vec::new(),
        }
    }

    /// The room as this member has it once all of the story is told.
    pub fn view(&self) -> View {
        let mut view = self.opening.clone();
        for Piece { entry, .. } in &self.told {
            if entry.seq > view.seq {
                view.after(entry);
            }
        }
        view
    }

    /// What is told to whoever has followed up to `seq`.
    pub fn after(&self, seq: Seq) -> Vec<Entry> {
        let missed = self.told.iter().filter(|piece| piece.entry.seq > seq);
        missed.map(|piece| piece.entry.clone()).collect()
    }

    /// How much of the order all are told is behind `seq` here.
    pub fn cursor_at(&self, seq: Seq) -> Option<usize> {
        let behind = self.told.iter().rev().find(|piece| piece.entry.seq <= seq);
        behind.map(|piece| piece.cursor)
    }

    /// Whether this was told so far.
    pub fn has_come_to(&self, seq: Seq) -> bool {
        seq < self.next
    }

    /// Of these places of the order, only digests are kept.
    pub fn shed(&mut self, is_shed: impl Fn(usize) -> bool) {
        for Piece { entry, cursor } in &mut self.told {
            if matches!(entry.kind, EntryKind::Post { .. }) && is_shed(*cursor) {
                entry.kind = EntryKind::Shed { digest: entry.kind.digest() };
            }
        }
    }

    /// Goes on with the next entry of the order, told as it is or twisted: what to send.
    pub fn extend(&mut self, from: MemberId, kind: &EntryKind) -> (Vec<Entry>, Option<Twisted>) {
        self.cursor += 1;
        if let Some(withheld) = self.withheld.take() {
            return self.tell_swapped(withheld, from, kind);
        }
        let fitting = self.armed.iter().position(|twist| twist.fits(from, kind));
        match fitting.and_then(|at| self.armed.remove(at)) {
            Some(twist) => self.twist(twist, from, kind),
            None => (vec![self.tell(from, kind.clone())], None),
        }
    }

    /// Goes on with the next entry of the order by saying nothing of it.
    pub fn hide(&mut self) {
        self.cursor += 1;
    }

    /// Tells something that is no part of the order.
    pub fn insert(&mut self, from: MemberId, kind: EntryKind) -> Entry {
        self.tell(from, kind)
    }

    fn tell(&mut self, from: MemberId, kind: EntryKind) -> Entry {
        let seq = self.next;
        self.next = seq.next();
        self.tell_at(seq, from, kind)
    }

    fn tell_at(&mut self, seq: Seq, from: MemberId, kind: EntryKind) -> Entry {
        let entry = Entry { seq, from, kind };
        self.told.push(Piece { entry: entry.clone(), cursor: self.cursor });
        entry
    }

    fn skip(&mut self) -> Seq {
        let seq = self.next;
        self.next = seq.next();
        seq
    }

    fn tell_swapped(
        &mut self,
        withheld: Withheld,
        from: MemberId,
        kind: &EntryKind,
    ) -> (Vec<Entry>, Option<Twisted>) {
        let first = self.tell(from, kind.clone());
        let Withheld { seq, from, kind, craft } = withheld;
        match craft {
            Craft::Crude => {
                let second = self.tell_at(seq, from, kind);
                (vec![first, second], Twisted::losing(Kind::SwapCrude))
            }
            Craft::Sly => {
                let second = self.tell(from, kind);
                (vec![first, second], Twisted::losing(Kind::SwapSly))
            }
        }
    }

    fn twist(
        &mut self,
        twist: Twist,
        from: MemberId,
        kind: &EntryKind,
    ) -> (Vec<Entry>, Option<Twisted>) {
        match twist {
            Twist::Drop(Craft::Sly) => (vec![], Twisted::losing(Kind::DropSly)),
            Twist::Drop(Craft::Crude) => {
                self.skip();
                (vec![], Twisted::losing(Kind::DropCrude))
            }
            Twist::Duplicate(craft) => {
                let first = self.tell(from, kind.clone());
                match craft {
                    // Once more as it was; it is not told a third time to whoever comes back.
                    Craft::Crude => {
                        let second = first.clone();
                        (vec![first, second], Twisted::adding(Kind::DuplicateCrude))
                    }
                    Craft::Sly => {
                        let second = self.tell(from, kind.clone());
                        let twisted = match kind {
                            EntryKind::Post { .. } => Twisted::adding(Kind::DuplicateSly),
                            _ => Twisted::losing(Kind::DuplicateSly),
                        };
                        (vec![first, second], twisted)
                    }
                }
            }
            Twist::Swap(craft) => {
                let seq = match craft {
                    Craft::Crude => self.skip(),
                    Craft::Sly => self.next,
                };
                self.withheld = Some(Withheld { seq, from, kind: kind.clone(), craft });
                (vec![], None)
            }
            Twist::Flip(byte) => {
                let changed = flipped_entry(kind, byte).unwrap_or_else(|| kind.clone());
                (vec![self.tell(from, changed)], Twisted::losing(Kind::Flip))
            }
            Twist::FlipBefore(byte) => {
                let changed = flipped_entry(kind, byte).unwrap_or_else(|| kind.clone());
                let first = self.tell(from, changed);
                let second = self.tell(from, kind.clone());
                (vec![first, second], Twisted::adding(Kind::FlipBefore))
            }
            Twist::Relabel(name) => {
                (vec![self.tell(name, kind.clone())], Twisted::losing(Kind::Relabel))
            }
            Twist::Shed => {
                let shed = EntryKind::Shed { digest: kind.digest() };
                (vec![self.tell(from, shed)], Twisted::losing(Kind::Shed))
            }
        }
    }
}

impl Twist {
    fn fits(self, from: MemberId, kind: &EntryKind) -> bool {
        let is_post = matches!(kind, EntryKind::Post { .. });
        let is_commit = matches!(kind, EntryKind::Commit { .. });
        match self {
            Self::Drop(_) | Self::Duplicate(_) | Self::Swap(_) => true,
            Self::Flip(_) => is_post || is_commit,
            Self::FlipBefore(_) | Self::Shed => is_post,
            Self::Relabel(name) => (is_post || is_commit) && name != from,
        }
    }
}

impl Twisted {
    const fn losing(kind: Kind) -> Option<Self> {
        Some(Self { kind, damage: Damage::Loses })
    }

    const fn adding(kind: Kind) -> Option<Self> {
        Some(Self { kind, damage: Damage::Adds })
    }
}
