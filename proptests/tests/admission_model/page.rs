//! A member's page: what it holds of the group, what it reads, and what it then sends by itself. The
//! rules of `crypto/src/session` and `client/src/room`, as far as coming, going and committing go. Must
//! not know what the server holds.

use super::Flaw;
use super::group::{Commit, Entry, Epoch, Moderation, View, is_lawful, may_follow};
use super::members::{Member, Members};

/// Whoever may hold a number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Page {
    /// The number is not given out.
    Unborn,
    /// Has knocked.
    AtDoor,
    /// Was let in.
    Inside(Inside),
    /// Left, was put out or turned away, or gave up: whoever it is can knock under another number.
    Outside,
}

/// A member's page in the room.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Inside {
    pub(crate) me: Member,
    pub(crate) connected: bool,
    /// Of the order, what it has not read. It survives a lost connection: `Resume` brings it again.
    pub(crate) inbox: Vec<Delivery>,
    /// Of those, how many end the time away.
    pub(crate) catching_up: u8,
    pub(crate) view: View,
    pub(crate) epoch: Epoch,
    /// Something of another's opened: until then it says nothing (section 8.6).
    pub(crate) vouched: bool,
    /// Newcomers that proved the key to it.
    pub(crate) callers: Members,
    /// The commit that is out.
    pub(crate) out: Option<Commit>,
    attempts: u8,
    /// Whom it was asked to put out, until the group has lost them and the invitation is another.
    pub(crate) kicks: Members,
    /// The generation whose key it opens to.
    pub(crate) door: u8,
    /// Whom it has told the server to name.
    told: Option<Member>,
    /// Words of its own without their place, and how often it heard another's.
    pub(crate) unsettled: bool,
    pub(crate) heard: u8,
}

/// An entry on its way to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Delivery {
    pub(crate) entry: Entry,
    /// It is the one before, once more: its `seq` says so.
    pub(crate) repeated: bool,
    /// A welcome of this page's follows at once, over a connection that stands.
    pub(crate) welcome: bool,
}

/// What a page sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Frame {
    Commit(Commit),
    HandOver(Member),
    Post(Epoch),
    Leave,
}

/// What every page is made by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Law {
    pub(crate) moderation: Moderation,
    pub(crate) flaw: Option<Flaw>,
}

impl Page {
    pub(crate) fn inside(&self) -> Option<&Inside> {
        match self {
            Self::Inside(inside) => Some(inside),
            Self::Unborn | Self::AtDoor | Self::Outside => None,
        }
    }

    pub(crate) fn inside_mut(&mut self) -> Option<&mut Inside> {
        match self {
            Self::Inside(inside) => Some(inside),
            Self::Unborn | Self::AtDoor | Self::Outside => None,
        }
    }
}

impl Inside {
    pub(crate) fn enter(me: Member, view: View, epoch: Epoch, vouched: bool) -> Self {
        Self {
            me,
            connected: true,
            inbox: Vec::new(),
            catching_up: 0,
            view,
            epoch,
            vouched,
            callers: Members::default(),
            out: None,
            attempts: 0,
            kicks: Members::default(),
            door: epoch.generation,
            told: None,
            unsettled: false,
            heard: 0,
        }
    }

    /// Whether it may say anything (`Room::is_ready`).
    pub(crate) fn is_ready(&self) -> bool {
        self.connected && self.vouched && self.catching_up == 0
    }

    /// Who is host, as this page goes by it: the group says so, and the server is obeyed in nothing.
    pub(crate) fn host(&self, law: Law) -> Member {
        let is_named = self.view.host == self.me;
        if law.flaw == Some(Flaw::ServerNamesHost) && is_named { self.me } else { self.epoch.host }
    }

    pub(crate) fn keeps_door(&self) -> bool {
        self.is_ready() && self.view.committer == self.me
    }

    /// The connection is down: what was proved at the door begins anew (`forget_knocks`), a welcome on
    /// its way is lost, and the server is told once more.
    pub(crate) fn lose_connection(&mut self) {
        (self.connected, self.callers, self.told) = (false, Members::default(), None);
        for delivery in &mut self.inbox {
            delivery.welcome = false;
        }
    }

    /// The seat is taken again: everything in the inbox was missed.
    pub(crate) fn resume(&mut self, law: Law) -> Vec<Frame> {
        self.connected = true;
        self.catching_up = u8::try_from(self.inbox.len()).unwrap();
        if self.catching_up == 0 { self.catch_up(law) } else { Vec::new() }
    }

    /// Everything missed is in: a commit that did not come back never arrived, and nor did words
    /// (`caught_up`, `take_up_interrupted_changes`).
    fn catch_up(&mut self, law: Law) -> Vec<Frame> {
        self.out = None;
        let words = self.unsettled.then_some(Frame::Post(self.epoch));
        words.into_iter().chain(self.attend(law)).collect()
    }

    /// The next entry, and what the page sends upon it. Who came in by it is named.
    pub(crate) fn read(&mut self, law: Law) -> (Vec<Frame>, Members) {
        let Delivery { entry, repeated, welcome } = self.inbox.remove(0);
        // Section 8.7: `seq` rises by one, or the entry is none.
        let is_next = !repeated || law.flaw == Some(Flaw::TakesRepeats);
        let (mut frames, mut came_in) = (Vec::new(), Members::default());
        if is_next {
            match entry {
                Entry::Post { from, of } => self.hear(from, of),
                Entry::Commit(commit) => {
                    (frames, came_in) = self.hear_commit(&commit, welcome, law)
                }
                Entry::Gone(_) | Entry::Back(_) | Entry::Left(_) => self.view.follow(&entry),
                Entry::Host(_) | Entry::Committer(_) => {
                    self.view.follow(&entry);
                    // Whoever keeps the door next has been told of every knock.
                    if self.view.committer != self.me {
                        self.callers = Members::default();
                    }
                }
            }
        }
        match self.catching_up {
            0 => frames.extend(self.attend(law)),
            left => {
                self.catching_up = left - 1;
                if left == 1 {
                    frames = self.catch_up(law);
                }
            }
        }
        (frames, came_in)
    }

    /// A post opens in the epoch it was sealed in, and is void otherwise (section 8.4).
    fn hear(&mut self, from: Member, of: Epoch) {
        if of != self.epoch {
            return;
        }
        if from == self.me {
            self.unsettled = false;
        } else {
            self.heard += 1;
            self.vouched = true;
        }
    }

    fn hear_commit(&mut self, commit: &Commit, welcome: bool, law: Law) -> (Vec<Frame>, Members) {
        let is_mine = commit.author == self.me;
        // In one's own name only the commit that is out counts: another is a forgery (`take_own`).
        let is_known = !is_mine || self.out.as_ref() == Some(commit);
        let is_taken =
            is_known && commit.of == self.epoch && is_lawful(commit, &self.view, law.moderation);
        if is_mine && is_known {
            self.out = None;
        }
        self.view.follow(&Entry::Commit(*commit));
        if is_taken {
            self.vouched |= !is_mine;
            return (self.begin_epoch(commit.next(), law), commit.adds);
        }
        // A commit of ours that came too late is made again when it is due; whom it would have let in
        // is still known (`voided`). Whoever is let in again takes the further welcome.
        if welcome && !self.vouched {
            self.begin_epoch(commit.next(), law);
        }
        (Vec::new(), Members::default())
    }

    /// Words that have not come back are sealed once more (section 8.4).
    fn begin_epoch(&mut self, next: Epoch, law: Law) -> Vec<Frame> {
        let is_renewed = next.generation > self.epoch.generation;
        self.callers = self.callers.without(next.tree);
        self.epoch = next;
        if law.flaw != Some(Flaw::OldKeyOpens) {
            self.door = next.generation;
        }
        if is_renewed {
            // Who is out of the group does not know the new link (`forget_kicked`); whoever proved the
            // old key is forgotten (section 8.5).
            self.kicks = Members::of(self.kicks.iter().filter(|it| next.tree.has(*it)));
            if law.flaw != Some(Flaw::RemembersCallers) {
                self.callers = Members::default();
            }
        }
        let is_said_again = self.unsettled && self.is_ready();
        is_said_again.then_some(Frame::Post(next)).into_iter().collect()
    }

    /// What is due, and is sent at once: kicks that came too late, the host set right, newcomers let
    /// in, keys taken from those that left (`attend`, `reconcile`). One commit at a time is out.
    pub(crate) fn attend(&mut self, law: Law) -> Vec<Frame> {
        if !self.is_ready() {
            return Vec::new();
        }
        if !law.moderation.allows(self.epoch.host, self.me) {
            self.kicks = Members::default();
        }
        let is_named = self.view.host == self.me;
        let rightful = self.rightful_host(law).filter(|host| is_named && *host != self.me);
        let word = rightful.filter(|_| self.told != rightful).map(Frame::HandOver);
        self.told = rightful;
        let mut commit = None;
        if self.out.is_none() {
            commit = self.due_kick().or_else(|| self.due_succession(law));
            commit = commit.or_else(|| self.due_door());
            self.out = commit;
        }
        word.into_iter().chain(commit.map(Frame::Commit)).collect()
    }

    /// Whom the server should name: the members' host, or, where that one is not there, the senior of
    /// those who are.
    fn rightful_host(&self, law: Law) -> Option<Member> {
        let host = self.host(law);
        if self.view.live.has(host) {
            return Some(host);
        }
        let live = self.epoch.tree.iter().filter(|it| self.view.live.has(*it));
        Members::of(live).senior().filter(|_| law.flaw != Some(Flaw::NobodyHandsOn))
    }

    /// A commit that changes nothing yet.
    pub(crate) fn draft(&mut self) -> Commit {
        self.attempts += 1;
        Commit {
            of: self.epoch,
            author: self.me,
            attempt: self.attempts,
            adds: Members::default(),
            removes: Members::default(),
            host: None,
            renews: false,
        }
    }

    /// Whoever was to be put out is; and where another took the keys, the link is renewed
    /// (`still_due`).
    fn due_kick(&mut self) -> Option<Commit> {
        let target = self.kicks.senior()?;
        let removes = Members::of([target].into_iter().filter(|it| self.epoch.tree.has(*it)));
        Some(Commit { removes, renews: true, ..self.draft() })
    }

    /// `take_over`.
    fn due_succession(&mut self, law: Law) -> Option<Commit> {
        let may = may_follow(&self.epoch, self.me, self.me, &self.view);
        let is_host = self.host(law) == self.me || law.flaw == Some(Flaw::NobodyFollows);
        (may && !is_host).then(|| Commit { host: Some(self.me), ..self.draft() })
    }

    /// `admit`, `clear`. Whoever was overtaken by a later number is sent back.
    fn due_door(&mut self) -> Option<Commit> {
        let highest = self.epoch.tree.junior();
        self.callers = Members::of(self.callers.iter().filter(|it| Some(*it) > highest));
        let removes = self.epoch.tree.without(self.view.seated());
        let is_due =
            self.view.committer == self.me && (!self.callers.is_empty() || !removes.is_empty());
        is_due.then(|| Commit { adds: self.callers, removes, ..self.draft() })
    }

    /// The server took the commit that is out for none.
    pub(crate) fn refused(&mut self, commit: &Commit, law: Law) -> Vec<Frame> {
        if self.out.as_ref() != Some(commit) {
            return Vec::new();
        }
        self.out = None;
        // It has gone away, or may not be put out (`commit_refused`).
        self.callers = self.callers.without(commit.adds);
        if commit.renews {
            self.kicks = Members::default();
        }
        // Nothing is made again before its time: until it has read why.
        if self.inbox.is_empty() { self.attend(law) } else { Vec::new() }
    }
}
