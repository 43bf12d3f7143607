//! Who waits outside, who was asked to open, and since when. Must not know who is inside beyond
//! the member that keeps the door.
//!
//! A knock is *awaited* until the keeper answers it, and again whenever somebody else keeps the
//! door, or the same member by another connection: what the two had begun is lost with it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use sanctuary_protocol::{KnockBlob, MemberId};

use super::ConnectionId;

/// The door of a room.
#[derive(Debug)]
pub(super) struct Door {
    knocks: BTreeMap<MemberId, Knock>,
    by_connection: BTreeMap<ConnectionId, MemberId>,
    keeper: Option<Keeper>,
    /// The members asked in this rotation.
    asked: BTreeSet<MemberId>,
    /// The members that spoke up since all were asked: each takes the door once a rest, so that one
    /// knock nobody can answer does not pass the door around for ever.
    woken: BTreeSet<MemberId>,
}

/// Who keeps the door, and the connection it is reached by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Keeper {
    pub(super) member: MemberId,
    pub(super) connection: ConnectionId,
}

#[derive(Debug)]
struct Knock {
    connection: ConnectionId,
    blob: KnockBlob,
    answer: Answer,
    /// Since when, while it is awaited, nobody at all has answered it: unlike the keeper's time,
    /// this does not begin again with the next who is asked.
    unanswered_since: Instant,
    /// How often its newcomer has spoken since.
    words: u32,
    /// By member, the connection that was last told of this knock.
    shown: BTreeMap<MemberId, ConnectionId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Awaited { since: Instant },
    Given,
}

impl Door {
    pub(super) const fn new() -> Self {
        Self {
            knocks: BTreeMap::new(),
            by_connection: BTreeMap::new(),
            keeper: None,
            asked: BTreeSet::new(),
            woken: BTreeSet::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.knocks.len()
    }

    pub(super) fn newcomer_at(&self, connection: ConnectionId) -> Option<MemberId> {
        self.by_connection.get(&connection).copied()
    }

    pub(super) fn connection(&self, newcomer: MemberId) -> Option<ConnectionId> {
        self.knocks.get(&newcomer).map(|knock| knock.connection)
    }

    /// The connections of all newcomers, in the order of their knocks.
    pub(super) fn connections(&self) -> impl Iterator<Item = ConnectionId> + '_ {
        self.knocks.values().map(|knock| knock.connection)
    }

    /// Takes a knock.
    pub(super) fn knock(
        &mut self,
        newcomer: MemberId,
        connection: ConnectionId,
        blob: KnockBlob,
        now: Instant,
    ) {
        let answer = Answer::Awaited { since: now };
        self.by_connection.insert(connection, newcomer);
        let shown = BTreeMap::new();
        let knock = Knock { connection, blob, answer, unanswered_since: now, words: 0, shown };
        self.knocks.insert(newcomer, knock);
    }

    /// Ends a knock: its newcomer was let in, or went.
    pub(super) fn take(&mut self, newcomer: MemberId) -> Option<ConnectionId> {
        let knock = self.knocks.remove(&newcomer)?;
        self.by_connection.remove(&knock.connection);
        if self.knocks.is_empty() {
            // An emptied map keeps its root, and most rooms have nobody at the door.
            (self.knocks, self.by_connection) = (BTreeMap::new(), BTreeMap::new());
        }
        Some(knock.connection)
    }

    /// One more word from a newcomer: how many there have been.
    pub(super) fn count_word(&mut self, newcomer: MemberId) -> u32 {
        self.knocks.get_mut(&newcomer).map_or(0, |knock| {
            knock.words = knock.words.saturating_add(1);
            knock.words
        })
    }

    /// Ends a knock whose newcomer went. Returns the keeper, if it knows of the knock.
    pub(super) fn withdraw(&mut self, newcomer: MemberId) -> Option<Keeper> {
        let knows = |keeper: &Keeper| {
            let knock = self.knocks.get(&newcomer);
            let told = knock.and_then(|knock| knock.shown.get(&keeper.member));
            told == Some(&keeper.connection)
        };
        let keeper = self.keeper.filter(knows);
        self.take(newcomer);
        keeper
    }

    /// The keeper has answered: the newcomer has somebody to talk to.
    pub(super) fn answer(&mut self, newcomer: MemberId) {
        if let Some(knock) = self.knocks.get_mut(&newcomer) {
            knock.answer = Answer::Given;
        }
    }

    /// Since when the longest of them has waited for an answer.
    pub(super) fn awaited_since(&self) -> Option<Instant> {
        let awaited = |knock: &Knock| match knock.answer {
            Answer::Awaited { since } => Some(since),
            Answer::Given => None,
        };
        self.knocks.values().filter_map(awaited).min()
    }

    /// The oldest knock the keeper has answered.
    pub(super) fn oldest_answered(&self) -> Option<MemberId> {
        let (newcomer, _) = self.knocks.iter().find(|(_, knock)| knock.answer == Answer::Given)?;
        Some(*newcomer)
    }

    /// The knock nobody has answered for longest, and since when.
    pub(super) fn longest_unanswered(&self) -> Option<(MemberId, Instant)> {
        let awaited = self.knocks.iter().filter(|(_, knock)| knock.answer != Answer::Given);
        let (newcomer, knock) = awaited.min_by_key(|(_, knock)| knock.unanswered_since)?;
        Some((*newcomer, knock.unanswered_since))
    }

    pub(super) fn was_asked(&self, member: MemberId) -> bool {
        self.asked.contains(&member)
    }

    /// Begins a rotation: nobody but the keeper has been asked, and the keeper only now.
    pub(super) fn begin_rotation(&mut self, now: Instant) {
        let keeper = self.keeper.map(|keeper| keeper.member);
        let is_begun = self.woken.is_empty()
            && self.asked.len() == usize::from(keeper.is_some())
            && keeper.is_none_or(|keeper| self.asked.contains(&keeper));
        // Every turn of a room with nobody at its door comes by here.
        if !is_begun {
            self.asked = keeper.into_iter().collect();
            self.woken = BTreeSet::new();
        }
        for knock in self.knocks.values_mut() {
            match knock.answer {
                Answer::Awaited { .. } => knock.answer = Answer::Awaited { since: now },
                Answer::Given => {}
            }
        }
    }

    /// `member` is gone or out: should it come back, it is asked afresh.
    pub(super) fn forget(&mut self, member: MemberId) {
        self.asked.remove(&member);
        self.woken.remove(&member);
        for knock in self.knocks.values_mut() {
            knock.shown.remove(&member);
        }
    }

    /// Lets a member that spoke up during a rest have the door. Whether it may: once a rest.
    pub(super) fn wake(&mut self, keeper: Keeper, now: Instant) -> bool {
        if !self.woken.insert(keeper.member) {
            return false;
        }
        self.hand_to(Some(keeper), now);
        true
    }

    /// Sees to it that `keeper` knows whom to let in: returns the knocks it must be told of. A
    /// keeper that is new is told of all; one that is not, of those it has not been told of.
    pub(super) fn attend(
        &mut self,
        keeper: Option<Keeper>,
        now: Instant,
    ) -> Vec<(MemberId, KnockBlob)> {
        let is_new = keeper != self.keeper;
        if is_new {
            self.hand_to(keeper, now);
        }
        if self.awaited_since().is_none() {
            self.begin_rotation(now);
            return Vec::new();
        }
        let Some(keeper) = keeper else { return Vec::new() };
        let mut told = Vec::new();
        for (newcomer, knock) in &mut self.knocks {
            let awaited = matches!(knock.answer, Answer::Awaited { .. });
            let known = knock.shown.get(&keeper.member) == Some(&keeper.connection);
            if awaited && (is_new || !known) {
                knock.shown.insert(keeper.member, keeper.connection);
                told.push((*newcomer, knock.blob.clone()));
            }
        }
        told
    }

    fn hand_to(&mut self, keeper: Option<Keeper>, now: Instant) {
        if self.keeper == keeper {
            return;
        }
        self.keeper = keeper;
        self.asked.extend(keeper.map(|keeper| keeper.member));
        for knock in self.knocks.values_mut() {
            if knock.answer == Answer::Given {
                knock.unanswered_since = now;
            }
            knock.answer = Answer::Awaited { since: now };
        }
    }
}
