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
        self.knocks.insert(newcomer, Knock { connection, blob, answer, shown: BTreeMap::new() });
    }

    /// Ends a knock: its newcomer was let in, or went.
    pub(super) fn take(&mut self, newcomer: MemberId) -> Option<ConnectionId> {
        let knock = self.knocks.remove(&newcomer)?;
        self.by_connection.remove(&knock.connection);
        Some(knock.connection)
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

    pub(super) fn was_asked(&self, member: MemberId) -> bool {
        self.asked.contains(&member)
    }

    /// Begins a rotation: nobody but the keeper has been asked, and the keeper only now.
    pub(super) fn begin_rotation(&mut self, now: Instant) {
        self.asked.clear();
        self.woken.clear();
        self.asked.extend(self.keeper.map(|keeper| keeper.member));
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
            knock.answer = Answer::Awaited { since: now };
        }
    }
}
