//! The rules of a room: which commits its members take. Every client that has read the same order
//! decides alike: a rule looks at the group before the commit, at the commit, and at what the
//! server's order says of who sits where ([`View`]), and at nothing else.
//!
//! The library keeps RFC 9420's own rules. [`Rules`] tells it how our commits are made, and refuses
//! every kind of proposal that no rule here allows; [`judge`] is the room's own law.

use std::fmt;

use mls_rs::MlsRules;
use mls_rs::client_builder::PaddingMode;
use mls_rs::error::IntoAnyError;
use mls_rs::group::{GroupContext, Roster};
use mls_rs::mls_rules::{
    CommitDirection, CommitOptions, CommitSource, EncryptionOptions, ProposalBundle,
};
use sanctuary_protocol::{MemberId, Presence, SortedMap, SortedSet, View};

use crate::{Alias, Charter};

/// Tells the library how our commits are made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules;

/// A proposal that no commit of a room has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unlawful;

impl fmt::Display for Unlawful {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a proposal that no commit of a room has")
    }
}

impl IntoAnyError for Unlawful {}

impl MlsRules for Rules {
    type Error = Unlawful;

    fn filter_proposals(
        &self,
        _direction: CommitDirection,
        source: CommitSource,
        _roster: &Roster<'_>,
        _context: &GroupContext,
        proposals: ProposalBundle,
    ) -> Result<ProposalBundle, Unlawful> {
        let lawful = proposals.add_proposals().len()
            + proposals.remove_proposals().len()
            + proposals.group_context_ext_proposals().len();
        match source {
            CommitSource::ExistingMember(_) if proposals.length() == lawful => Ok(proposals),
            CommitSource::ExistingMember(_) | CommitSource::NewMember(_) => Err(Unlawful),
        }
    }

    /// Every commit renews its author's keys: whoever had copied them is out again.
    fn commit_options(
        &self,
        _roster: &Roster<'_>,
        _context: &GroupContext,
        _proposals: &ProposalBundle,
    ) -> Result<CommitOptions, Unlawful> {
        Ok(CommitOptions::new()
            .with_path_required(true)
            .with_ratchet_tree_extension(true)
            .with_single_welcome_message(true)
            .with_allow_external_commit(false))
    }

    /// Handshakes are encrypted. Padding is ours, outside (commits) and inside (posts).
    fn encryption_options(
        &self,
        _roster: &Roster<'_>,
        _context: &GroupContext,
    ) -> Result<EncryptionOptions, Unlawful> {
        Ok(EncryptionOptions::new(true, PaddingMode::None))
    }
}

/// What a commit changes, as MLS authenticated it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Changes {
    /// The member whose signature it bears.
    pub(crate) author: MemberId,
    pub(crate) adds: Vec<(MemberId, Alias)>,
    pub(crate) removes: Vec<MemberId>,
    /// The charter afterwards, when the commit sets it.
    pub(crate) charter: Option<Charter>,
}

/// What the server said of a commit, in the entry that carried it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Announced<'a> {
    pub(crate) from: MemberId,
    pub(crate) admits: &'a [MemberId],
    pub(crate) evicts: &'a [MemberId],
}

/// The group before the commit, and the room as the order so far has it.
#[derive(Clone, Copy)]
pub(crate) struct Before<'a> {
    pub(crate) charter: &'a Charter,
    pub(crate) members: &'a SortedMap<MemberId, Alias>,
    pub(crate) view: &'a View,
}

/// Why a commit counts for nothing. It changes nothing, and its author's name is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Fault {
    /// Sealed by another member than the server says.
    #[error("another member sealed it")]
    Relabelled,
    /// What it does and what the server was told it does are not the same.
    #[error("it does something else than the server was told")]
    Announcement,
    /// It changes nothing.
    #[error("it changes nothing")]
    Nothing,
    /// Somebody who does not keep the door lets newcomers in, or not by the room's rules.
    #[error("its author may not let anybody in")]
    NotDoorkeeper,
    /// A newcomer's number is not above every member's.
    #[error("a newcomer's number is not above every member's")]
    Number,
    /// A newcomer's name looks like another's.
    #[error("a newcomer's name looks like another's")]
    Alias,
    /// Somebody who may not moderate puts a member out that has a seat.
    #[error("its author may not put anybody out")]
    NotModerator,
    /// The author puts itself out.
    #[error("nobody puts themselves out")]
    Oneself,
    /// The host was back before another could follow it: no fault of that one's.
    #[error("the host was back before")]
    TooLate,
    /// A host was named who may not be.
    #[error("its author may not name this host")]
    Host,
    /// The rules were changed by another than the host.
    #[error("its author may not change the rules")]
    Policy,
    /// The invitation's count does not rise by one.
    #[error("the invitation's count rises by one at a time")]
    Generation,
}

/// Whether the room's members take this commit.
pub(crate) fn judge(
    before: Before<'_>,
    announced: Announced<'_>,
    changes: &Changes,
) -> Result<(), Fault> {
    check_announcement(announced, changes)?;
    if changes.adds.is_empty() && changes.removes.is_empty() && changes.charter.is_none() {
        return Err(Fault::Nothing);
    }
    check_adds(before, changes)?;
    check_removes(before, changes)?;
    changes.charter.map_or(Ok(()), |after| check_charter(before, changes, &after))
}

fn check_announcement(announced: Announced<'_>, changes: &Changes) -> Result<(), Fault> {
    if announced.from != changes.author {
        return Err(Fault::Relabelled);
    }
    let set = |members: &[MemberId]| members.iter().copied().collect::<SortedSet<MemberId>>();
    let adds: SortedSet<MemberId> = changes.adds.iter().map(|(member, _)| *member).collect();
    let same = adds == set(announced.admits) && set(&changes.removes) == set(announced.evicts);
    if same { Ok(()) } else { Err(Fault::Announcement) }
}

fn check_adds(before: Before<'_>, changes: &Changes) -> Result<(), Fault> {
    if changes.adds.is_empty() {
        return Ok(());
    }
    let author = changes.author;
    if author != before.view.committer || !before.charter.may_admit(author) {
        return Err(Fault::NotDoorkeeper);
    }
    let highest = before.members.keys().next_back();
    let mut numbers = SortedSet::new();
    let mut aliases: Vec<&Alias> = (before.members.iter())
        .filter(|(member, _)| !changes.removes.contains(member))
        .map(|(_, alias)| alias)
        .collect();
    for (member, alias) in &changes.adds {
        if highest.is_some_and(|highest| member <= highest) || !numbers.insert(*member) {
            return Err(Fault::Number);
        }
        if aliases.iter().any(|taken| taken.looks_like(alias)) {
            return Err(Fault::Alias);
        }
        aliases.push(alias);
    }
    Ok(())
}

/// Who moderates removes whom it likes; an honest page renews the invitation with everybody it puts
/// out, and does not when the server has told it that they have left. Whoever keeps the door clears
/// away those that have no seat any more.
fn check_removes(before: Before<'_>, changes: &Changes) -> Result<(), Fault> {
    let author = changes.author;
    if changes.removes.is_empty() {
        return Ok(());
    }
    if changes.removes.contains(&author) {
        return Err(Fault::Oneself);
    }
    let is_seated = |member: &MemberId| before.view.seats.contains_key(member);
    let clears = author == before.view.committer && !changes.removes.iter().any(is_seated);
    if clears || before.charter.may_moderate(author) { Ok(()) } else { Err(Fault::NotModerator) }
}

fn check_charter(before: Before<'_>, changes: &Changes, after: &Charter) -> Result<(), Fault> {
    let (old, author) = (before.charter, changes.author);
    if after == old {
        return Err(Fault::Nothing);
    }
    let (new_rules, old_rules) = ((after.policy, after.fading), (old.policy, old.fading));
    if new_rules != old_rules && author != old.host {
        return Err(Fault::Policy);
    }
    if after.host != old.host {
        check_host(before, author, after.host)?;
    }
    if after.generation != old.generation {
        let next = old.generation.checked_add(1);
        if Some(after.generation) != next || !changes.adds.is_empty() {
            return Err(Fault::Generation);
        }
        if !old.may_moderate(author) {
            return Err(Fault::NotModerator);
        }
    }
    Ok(())
}

/// The host names whom it likes of those inside; one that leaves meanwhile is followed like any host
/// that is not there. Whom the server names may take over when the host is not there: the senior of
/// those who are.
fn check_host(before: Before<'_>, author: MemberId, next: MemberId) -> Result<(), Fault> {
    let Before { charter, members, view } = before;
    if author == charter.host && members.contains_key(&next) {
        return Ok(());
    }
    if author != next || view.host != next {
        return Err(Fault::Host);
    }
    let is_live = |member: &MemberId| view.seats.get(member) == Some(&Presence::Live);
    if is_live(&charter.host) {
        return Err(Fault::TooLate);
    }
    let senior = members.keys().find(|member| is_live(member));
    if senior == Some(&next) { Ok(()) } else { Err(Fault::Host) }
}

#[cfg(test)]
mod tests;
