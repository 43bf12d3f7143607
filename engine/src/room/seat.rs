//! Who sits where: each member's seat, the connection it is reached by, the token that takes it
//! again. Must not know the host, the door, or what anything costs.

use std::collections::BTreeMap;
use std::time::Instant;

use sanctuary_protocol::{Digest, MemberId, Presence, ResumeToken, Seat, Seq};

use super::ConnectionId;
use super::token::TokenKey;
use crate::rates::{Spent, TokenBucket};

/// Every seat of a room.
#[derive(Debug)]
pub(super) struct Seats {
    token_key: TokenKey,
    held: BTreeMap<MemberId, Held>,
    by_connection: BTreeMap<ConnectionId, MemberId>,
    by_token: BTreeMap<Digest, MemberId>,
    /// By the entry that said so, which is also the order of their going.
    gone: BTreeMap<Seq, MemberId>,
}

#[derive(Debug)]
struct Held {
    opened_at: Seq,
    standing: Standing,
    /// How often it may be taken again.
    resumes: TokenBucket,
}

/// Whether a member is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Reached by `connection`; there without a break since the entry `since`.
    Live { connection: ConnectionId, since: Seq },
    /// Gone by the entry `since`, at `at`.
    Gone { since: Seq, at: Instant },
}

impl Seats {
    pub(super) fn new(token_key: TokenKey) -> Self {
        Self {
            token_key,
            held: BTreeMap::new(),
            by_connection: BTreeMap::new(),
            by_token: BTreeMap::new(),
            gone: BTreeMap::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.held.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    pub(super) fn live_len(&self) -> usize {
        self.held.len() - self.gone.len()
    }

    pub(super) fn standing(&self, member: MemberId) -> Option<Standing> {
        self.held.get(&member).map(|held| held.standing)
    }

    pub(super) fn holds(&self, member: MemberId) -> bool {
        self.held.contains_key(&member)
    }

    /// The connection of a live member.
    pub(super) fn connection(&self, member: MemberId) -> Option<ConnectionId> {
        match self.standing(member)? {
            Standing::Live { connection, .. } => Some(connection),
            Standing::Gone { .. } => None,
        }
    }

    pub(super) fn is_live(&self, member: MemberId) -> bool {
        self.connection(member).is_some()
    }

    pub(super) fn member_at(&self, connection: ConnectionId) -> Option<MemberId> {
        self.by_connection.get(&connection).copied()
    }

    pub(super) fn member_with(&self, token: &ResumeToken) -> Option<MemberId> {
        self.by_token.get(&TokenKey::index(token)).copied()
    }

    pub(super) fn token(&self, member: MemberId) -> ResumeToken {
        self.token_key.token(member)
    }

    /// The last entry before `member` was first told anything: nothing older is for it.
    pub(super) fn opened_at(&self, member: MemberId) -> Option<Seq> {
        self.held.get(&member).map(|held| held.opened_at)
    }

    /// Gives `member` a seat that begins after the entry `opened_at`.
    pub(super) fn give(
        &mut self,
        member: MemberId,
        connection: ConnectionId,
        opened_at: Seq,
        resumes: TokenBucket,
    ) {
        self.by_connection.insert(connection, member);
        self.by_token.insert(TokenKey::index(&self.token(member)), member);
        let standing = Standing::Live { connection, since: opened_at };
        self.held.insert(member, Held { opened_at, standing, resumes });
    }

    /// Whether `member` may take its seat again by now, which counts as once.
    pub(super) fn count_resume(&mut self, member: MemberId, now: Instant) -> Result<(), Spent> {
        self.held.get_mut(&member).map_or(Ok(()), |held| held.resumes.take(1, now))
    }

    /// Ends a seat: from here on it has no token and no connection.
    pub(super) fn end(&mut self, member: MemberId) {
        if let Some(held) = self.held.remove(&member) {
            self.by_token.remove(&TokenKey::index(&self.token(member)));
            self.detach(held.standing);
        }
    }

    /// `member` is gone, by the entry `since`.
    pub(super) fn go(&mut self, member: MemberId, since: Seq, at: Instant) {
        if self.stand(member, Standing::Gone { since, at }) {
            self.gone.insert(since, member);
        }
    }

    /// `member` is reached by `connection`, and has been there since the entry `since`.
    pub(super) fn come(&mut self, member: MemberId, connection: ConnectionId, since: Seq) {
        if self.stand(member, Standing::Live { connection, since }) {
            self.by_connection.insert(connection, member);
        }
    }

    /// Whether there is such a seat to stand by.
    fn stand(&mut self, member: MemberId, standing: Standing) -> bool {
        let Some(held) = self.held.get_mut(&member) else { return false };
        let before = std::mem::replace(&mut held.standing, standing);
        self.detach(before);
        true
    }

    fn detach(&mut self, standing: Standing) {
        match standing {
            Standing::Live { connection, .. } => {
                self.by_connection.remove(&connection);
            }
            Standing::Gone { since, .. } => {
                self.gone.remove(&since);
            }
        }
    }

    /// Who has been gone the longest, and by which entry.
    pub(super) fn longest_gone(&self) -> Option<(MemberId, Seq)> {
        self.gone.first_key_value().map(|(since, member)| (*member, *since))
    }

    /// When the one who has been gone the longest went.
    pub(super) fn longest_gone_at(&self) -> Option<Instant> {
        let (member, _) = self.longest_gone()?;
        self.gone_at(member)
    }

    /// When `member` went, if it is gone.
    pub(super) fn gone_at(&self, member: MemberId) -> Option<Instant> {
        match self.standing(member)? {
            Standing::Live { .. } => None,
            Standing::Gone { at, .. } => Some(at),
        }
    }

    /// The connections of all live members, in rising order of member.
    pub(super) fn connections(&self) -> impl Iterator<Item = ConnectionId> + '_ {
        self.held.keys().filter_map(|member| self.connection(*member))
    }

    /// The live member with the smallest number.
    pub(super) fn senior_live(&self) -> Option<MemberId> {
        self.held.keys().copied().find(|member| self.is_live(*member))
    }

    /// Whether any live member passes `wanted`.
    pub(super) fn has_live(&self, wanted: impl Fn(MemberId) -> bool) -> bool {
        self.held.keys().any(|member| self.is_live(*member) && wanted(*member))
    }

    /// The live member that passes `wanted` and has been there longest without a break; of several
    /// that came by one entry, the senior.
    pub(super) fn longest_present(&self, wanted: impl Fn(MemberId) -> bool) -> Option<MemberId> {
        self.held
            .iter()
            .filter_map(|(member, held)| match held.standing {
                Standing::Live { since, .. } => Some((since, *member)),
                Standing::Gone { .. } => None,
            })
            .filter(|(_, member)| wanted(*member))
            .min()
            .map(|(_, member)| member)
    }

    /// As an opening lists them.
    pub(super) fn listed(&self) -> Vec<Seat> {
        let presence = |standing| match standing {
            Standing::Live { .. } => Presence::Live,
            Standing::Gone { .. } => Presence::Gone,
        };
        self.held
            .iter()
            .map(|(member, held)| Seat { member: *member, presence: presence(held.standing) })
            .collect()
    }
}
