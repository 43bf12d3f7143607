//! Making commits: letting in, putting out, clearing away, renewing the invitation, changing host
//! and rules. A commit counts when the room has taken it, in its order and by its rules; until then
//! it is one of those that are out.

use mls_rs::group::CommitSecrets;
use sanctuary_protocol::limits::{ADMITS_MAX, CLIENT_FRAME_BYTES_MAX, EVICTS_MAX};
use sanctuary_protocol::{
    ClientFrame, CommitBlob, Digest, Few, MemberId, Policy, Presence, SortedSet, WelcomeBlob,
};

use super::Session;
use crate::group::{Draft, Plan};
use crate::label::{label, length_prefixed};
use crate::newcomer::Welcome;
use crate::padding::Buckets;
use crate::{AdmitError, Alias, Change, ChangeError, Charter, Fading};

/// Commits, padded to powers of two.
const COMMITS: Buckets = Buckets::new(512, 128 * 1024);

/// What a frame holds besides its blobs: kinds, lengths, and two lists of 16 numbers.
const FRAMING_BYTES_MAX: usize = 256;

/// Commits sent and not answered: a person's presses while the server is silent.
const OUT_MAX: usize = 16;

/// A commit sent and not sequenced.
pub(super) struct Out {
    pub(super) digest: Digest,
    pub(super) epoch: u64,
    /// The number of the post sent last before it.
    pub(super) posted: u64,
    pub(super) secrets: CommitSecrets,
    pub(super) admits: Vec<MemberId>,
    pub(super) evicts: Vec<MemberId>,
    pub(super) change: Change,
}

impl Session {
    /// The commit that lets known newcomers in, with their one welcome, and takes the keys from
    /// those that have left. The newcomers stay remembered until it is taken, so that it can be made
    /// again.
    ///
    /// # Errors
    /// When nobody or too many are named, or one of them cannot be let in; then nobody is.
    pub fn admit(&mut self, newcomers: &[MemberId]) -> Result<ClientFrame, AdmitError> {
        let newcomers: SortedSet<MemberId> = newcomers.iter().copied().collect();
        if newcomers.is_empty() {
            return Err(AdmitError::Nobody);
        }
        if newcomers.len() > ADMITS_MAX {
            return Err(AdmitError::TooMany);
        }
        let highest = self.members().keys().next_back().copied();
        let mut adds = Vec::new();
        let mut aliases: Vec<&Alias> = self.roster.values().collect();
        for &member in newcomers.iter() {
            let known = self.known(member).ok_or(AdmitError::NotKnocking(member))?;
            if highest.is_some_and(|highest| member <= highest) {
                return Err(AdmitError::Number(member));
            }
            if aliases.iter().any(|taken| taken.looks_like(&known.alias)) {
                return Err(AdmitError::AliasTaken(member));
            }
            aliases.push(&known.alias);
            adds.push(known.key_package.to_vec());
        }
        let removes = self.departed(&aliases);
        let admits: Vec<MemberId> = newcomers.into_iter().collect();
        let plan = Plan { adds, removes, charter: None };
        if let Some(frame) = self.commit(plan, admits.clone(), Change::Admit(admits.clone())) {
            return Ok(frame);
        }
        // One of them may show the keys of somebody inside: the group takes those from nobody.
        let unfit = admits.into_iter().find(|member| {
            self.known(*member).is_some_and(|known| !self.group.takes(&known.key_package))
        });
        match unfit {
            Some(member) => {
                self.callers.remove(&member);
                Err(AdmitError::NotKnocking(member))
            }
            None => Err(AdmitError::TooLarge),
        }
    }

    /// The commit that puts a member out and renews the invitation.
    ///
    /// # Errors
    /// When there is no such member, it is this one, or this one may not.
    pub fn kick(&mut self, member: MemberId) -> Result<ClientFrame, ChangeError> {
        if member == self.me {
            return Err(ChangeError::Yourself);
        }
        if !self.members().contains_key(&member) {
            return Err(ChangeError::NoSuchMember);
        }
        let charter = self.renewed()?;
        let plan = Plan { adds: vec![], removes: vec![member], charter: Some(charter) };
        self.commit(plan, vec![], Change::Kick(member)).ok_or(ChangeError::TooLarge)
    }

    /// The commit that renews the invitation and puts nobody out.
    ///
    /// # Errors
    /// When this member may not.
    pub fn renew(&mut self) -> Result<ClientFrame, ChangeError> {
        let plan = Plan { charter: Some(self.renewed()?), ..Plan::default() };
        self.commit(plan, vec![], Change::Renew).ok_or(ChangeError::TooLarge)
    }

    fn renewed(&self) -> Result<Charter, ChangeError> {
        let charter = *self.charter();
        if !charter.may_moderate(self.me) {
            return Err(ChangeError::NotAllowed);
        }
        let generation = charter.generation.checked_add(1).ok_or(ChangeError::TooLarge)?;
        Ok(Charter { generation, ..charter })
    }

    /// The commit that takes the keys from those that have no seat any more; `None` when there is
    /// nobody to take them from, or it is not this member's to do.
    pub fn clear(&mut self) -> Option<ClientFrame> {
        let removes = self.departed(&[]);
        let may = self.view().committer == self.me || self.charter().may_moderate(self.me);
        if removes.is_empty() || !may {
            return None;
        }
        self.commit(Plan { removes, ..Plan::default() }, vec![], Change::Clear)
    }

    /// The commit that changes the rules. Once it is taken, tell the server.
    ///
    /// # Errors
    /// When this member is not host, or the rules are these.
    pub fn change_policy(&mut self, policy: Policy) -> Result<ClientFrame, ChangeError> {
        let charter = *self.charter();
        if charter.host != self.me {
            return Err(ChangeError::NotAllowed);
        }
        if charter.policy == policy {
            return Err(ChangeError::Already);
        }
        let plan = Plan { charter: Some(Charter { policy, ..charter }), ..Plan::default() };
        self.commit(plan, vec![], Change::Policy(policy)).ok_or(ChangeError::TooLarge)
    }

    /// The commit that changes how long messages stay.
    ///
    /// # Errors
    /// When this member is not host, or they stay so long already.
    pub fn change_fading(&mut self, fading: Fading) -> Result<ClientFrame, ChangeError> {
        let charter = *self.charter();
        if charter.host != self.me {
            return Err(ChangeError::NotAllowed);
        }
        if charter.fading == fading {
            return Err(ChangeError::Already);
        }
        let plan = Plan { charter: Some(Charter { fading, ..charter }), ..Plan::default() };
        self.commit(plan, vec![], Change::Fading(fading)).ok_or(ChangeError::TooLarge)
    }

    /// The commit that names another host. Once it is taken, tell the server.
    ///
    /// # Errors
    /// When this member is not host, or the other is not here.
    pub fn hand_over(&mut self, to: MemberId) -> Result<ClientFrame, ChangeError> {
        let charter = *self.charter();
        if to == self.me {
            return Err(ChangeError::Yourself);
        }
        if charter.host != self.me {
            return Err(ChangeError::NotAllowed);
        }
        if !self.roster.contains_key(&to) {
            return Err(ChangeError::NoSuchMember);
        }
        let plan = Plan { charter: Some(Charter { host: to, ..charter }), ..Plan::default() };
        self.commit(plan, vec![], Change::HandOver(to)).ok_or(ChangeError::TooLarge)
    }

    /// The commit by which this member follows a host that is not there; `None` when that is not
    /// its to do.
    pub fn take_over(&mut self) -> Option<ClientFrame> {
        let charter = *self.charter();
        let is_named = self.view().host == self.me && charter.host != self.me;
        if !is_named || self.rightful_host() != Some(self.me) {
            return None;
        }
        let charter = Charter { host: self.me, ..charter };
        let plan = Plan { charter: Some(charter), ..Plan::default() };
        self.commit(plan, vec![], Change::TakeOver)
    }

    /// Whom the server should name: the members' host, or, where that one is not there, the senior of
    /// those who are, which alone may follow it.
    pub fn rightful_host(&self) -> Option<MemberId> {
        let is_live = |member: &MemberId| self.view().seats.get(member) == Some(&Presence::Live);
        let host = self.charter().host;
        if is_live(&host) { Some(host) } else { self.members().keys().copied().find(is_live) }
    }

    /// The server took the oldest commit that is out for none: what it was for.
    pub fn commit_refused(&mut self) -> Option<Change> {
        self.out.pop_front().map(|out| out.change)
    }

    /// Whether a commit for this is out.
    pub fn is_changing(&self, is_it: impl Fn(&Change) -> bool) -> bool {
        self.out.iter().any(|out| is_it(&out.change))
    }

    /// Members of the group that have no seat: they left, or the server says so. When they are more
    /// than one commit puts out, those come first whose names are wanted.
    fn departed(&self, wanted: &[&Alias]) -> Vec<MemberId> {
        let is_free = |alias: &Alias| !wanted.iter().any(|it| it.looks_like(alias));
        let without_seat = |(member, _): &(&MemberId, &Alias)| !self.roster.contains_key(member);
        let departed = self.members().iter().filter(without_seat);
        let (others, first): (Vec<_>, Vec<_>) = departed.partition(|(_, alias)| is_free(alias));
        let departed = first.into_iter().chain(others).take(EVICTS_MAX);
        let departed: SortedSet<MemberId> = departed.map(|(member, _)| *member).collect();
        departed.into_iter().collect()
    }

    fn commit(&mut self, plan: Plan, admits: Vec<MemberId>, change: Change) -> Option<ClientFrame> {
        if self.out.len() >= OUT_MAX {
            return None;
        }
        let evicts = plan.removes.clone();
        let Draft { commit, welcome, secrets } = self.group.draft(&plan).ok()?;
        let epoch = self.epoch();
        let welcome = match welcome {
            Some(welcome) => {
                let newcomers: Option<Vec<_>> = admits
                    .iter()
                    .map(|member| self.known(*member).map(|known| (*member, &known.keys)))
                    .collect();
                Welcome::seal(self.room, &newcomers?, &welcome)?
            }
            None => WelcomeBlob::try_from(vec![]).ok()?,
        };
        let ciphertext = self.wrap_commit(&commit)?;
        if !is_framed(&ciphertext, &welcome) {
            return None;
        }
        let digest = Digest::of(ciphertext.as_slice());
        let frame = ClientFrame::Commit {
            ciphertext,
            admits: Few::try_from(admits.clone()).ok()?,
            evicts: Few::try_from(evicts.clone()).ok()?,
            welcome,
        };
        let posted = self.unsettled.sent();
        self.out.push_back(Out { digest, epoch, posted, secrets, admits, evicts, change });
        Some(frame)
    }

    /// A commit of this epoch, sealed once more.
    pub(super) fn wrap_commit(&self, commit: &[u8]) -> Option<CommitBlob> {
        let epoch = self.epoch();
        let mut sealed = epoch.to_le_bytes().to_vec();
        let around = self.around_commit(self.me, epoch);
        sealed.extend(self.group.wrap().seal(&around, COMMITS, commit).ok()?);
        CommitBlob::try_from(sealed).ok()
    }

    /// What a sealed commit is bound to.
    fn around_commit(&self, from: MemberId, epoch: u64) -> Vec<u8> {
        length_prefixed(&[
            label!("commit"),
            self.room.as_bytes(),
            &from.0.to_le_bytes(),
            &epoch.to_le_bytes(),
        ])
    }

    /// The epoch a sealed commit claims, and what it holds when it is this epoch's and its author
    /// was inside.
    pub(super) fn unwrap_commit(&self, from: MemberId, sealed: &[u8]) -> Option<Unwrapped> {
        let (epoch, sealed) = sealed.split_first_chunk::<8>()?;
        let epoch = u64::from_le_bytes(*epoch);
        let commit = self.group.wrap().open(&self.around_commit(from, epoch), COMMITS, sealed);
        Some(Unwrapped { epoch, commit })
    }
}

/// A commit without its outer seal.
pub(super) struct Unwrapped {
    pub(super) epoch: u64,
    pub(super) commit: Option<zeroize::Zeroizing<Vec<u8>>>,
}

/// Whether one frame holds both, whomever it names.
fn is_framed(ciphertext: &CommitBlob, welcome: &WelcomeBlob) -> bool {
    ciphertext.len() + welcome.len() + FRAMING_BYTES_MAX <= CLIENT_FRAME_BYTES_MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_holds_what_fits_whomever_it_names_and_nothing_larger() {
        let check = |blobs_bytes: usize, expected: bool| {
            let (half, rest) = (blobs_bytes / 2, blobs_bytes.div_ceil(2));
            let ciphertext = CommitBlob::try_from(vec![0; half]).unwrap();
            let welcome = WelcomeBlob::try_from(vec![0; rest]).unwrap();
            assert_eq!(is_framed(&ciphertext, &welcome), expected, "{blobs_bytes}");
            let admits = Few::try_from(vec![MemberId(u32::MAX); ADMITS_MAX]).unwrap();
            let evicts = Few::try_from(vec![MemberId(u32::MAX); EVICTS_MAX]).unwrap();
            let frame = ClientFrame::Commit { ciphertext, admits, evicts, welcome };
            sanctuary_protocol::encode(&frame).len()
        };
        let most = CLIENT_FRAME_BYTES_MAX - FRAMING_BYTES_MAX;
        assert!(check(most, true) <= CLIENT_FRAME_BYTES_MAX);
        check(most + 1, false);
        check(0, true);
    }
}
