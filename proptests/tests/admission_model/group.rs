//! The group as members hold it (docs/PROTOCOL.md, sections 7 and 8.5): epochs, the commits that begin
//! them, the server's view, and which commits the members take. MLS itself is taken at its word: a
//! commit opens for whoever holds the very epoch that it ends. Must not know connections.

use super::members::{Member, Members};

/// An epoch. Two with one number are the same epoch only when they are equal: each names the commit
/// that began it, by its author and that one's count of commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Epoch {
    pub(crate) number: u8,
    begun_by: (Member, u8),
    /// The charter: who is host, and the count of invitations.
    pub(crate) host: Member,
    pub(crate) generation: u8,
    /// Who holds its keys.
    pub(crate) tree: Members,
}

/// What a commit says, sealed in the epoch it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Commit {
    pub(crate) of: Epoch,
    pub(crate) author: Member,
    /// Of its author's, which one.
    pub(crate) attempt: u8,
    pub(crate) adds: Members,
    pub(crate) removes: Members,
    /// Another host.
    pub(crate) host: Option<Member>,
    /// Renews the invitation.
    pub(crate) renews: bool,
}

/// What the order so far says of who sits where (section 7's view).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct View {
    pub(crate) live: Members,
    pub(crate) gone: Members,
    pub(crate) host: Member,
    pub(crate) committer: Member,
}

/// An entry of the room's order (section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Entry {
    Post {
        from: Member,
        of: Epoch,
    },
    Commit(Commit),
    Gone(Member),
    Back(Member),
    /// Or `Expired`: the seat is no more.
    Left(Member),
    Host(Member),
    Committer(Member),
}

/// Who may put others out (`Policy.moderation`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Moderation {
    Host,
    Everyone,
}

impl Moderation {
    /// Who may moderate where `host` is host.
    pub(crate) fn allows(self, host: Member, member: Member) -> bool {
        self == Self::Everyone || host == member
    }
}

impl Epoch {
    /// The first, of these members, with member 1 as host.
    pub(crate) fn first(tree: Members) -> Self {
        Self { number: 0, begun_by: (1, 0), host: 1, generation: 0, tree }
    }
}

impl Commit {
    /// The epoch it begins: for its author, for whoever takes it, and in its welcome.
    pub(crate) fn next(&self) -> Epoch {
        Epoch {
            number: self.of.number + 1,
            begun_by: (self.author, self.attempt),
            host: self.host.unwrap_or(self.of.host),
            generation: self.of.generation + u8::from(self.renews),
            tree: self.of.tree.without(self.removes).with(self.adds),
        }
    }
}

impl View {
    pub(crate) fn seated(&self) -> Members {
        self.live.with(self.gone)
    }

    /// Section 7: what each kind of entry changes.
    pub(crate) fn follow(&mut self, entry: &Entry) {
        match *entry {
            Entry::Post { .. } => {}
            Entry::Commit(commit) => {
                self.seat(commit.adds);
                self.unseat(commit.removes);
            }
            Entry::Gone(member) if self.live.has(member) => {
                self.unseat(Members::of([member]));
                self.gone = self.gone.with(Members::of([member]));
            }
            Entry::Back(member) if self.gone.has(member) => {
                self.unseat(Members::of([member]));
                self.seat(Members::of([member]));
            }
            Entry::Gone(_) | Entry::Back(_) => {}
            Entry::Left(member) => self.unseat(Members::of([member])),
            Entry::Host(member) => (self.host, self.committer) = (member, member),
            Entry::Committer(member) => self.committer = member,
        }
    }

    pub(crate) fn seat(&mut self, members: Members) {
        self.live = self.live.with(members.without(self.gone));
    }

    pub(crate) fn unseat(&mut self, members: Members) {
        self.live = self.live.without(members);
        self.gone = self.gone.without(members);
    }
}

/// Whether members take a commit that opens for them (section 8.5, rules 2 to 6; the door is `Open`,
/// and what the entry announces is what the commit says).
pub(crate) fn is_lawful(commit: &Commit, view: &View, moderation: Moderation) -> bool {
    let Commit { of: before, author, adds, removes, host, renews, .. } = *commit;
    let moderates = moderation.allows(before.host, author);
    let keeps_door = author == view.committer;
    let changes = !adds.is_empty() || !removes.is_empty() || host.is_some() || renews;
    // Rule 4: the doorkeeper adds, and each number is above every number in the tree.
    let above = adds.senior() > before.tree.junior();
    let adds_well = adds.is_empty() || keeps_door && above;
    // Rule 5: never oneself; a moderator anybody, the doorkeeper whoever has no seat.
    let clears = keeps_door && removes.iter().all(|it| !view.seated().has(it));
    let removes_well = removes.is_empty() || !removes.has(author) && (clears || moderates);
    // Rule 6: the invitation is renewed by who may moderate, without adds.
    let renews_well = !renews || moderates && adds.is_empty();
    let host_follows = host.is_none_or(|next| may_follow(&before, author, next, view));
    changes && adds_well && removes_well && renews_well && host_follows
}

/// Rule 6: the member that the server names, where the host is not connected, if it is the senior of
/// those in the tree who are.
pub(crate) fn may_follow(before: &Epoch, author: Member, next: Member, view: &View) -> bool {
    let live = Members::of(before.tree.iter().filter(|it| view.live.has(*it)));
    author == next
        && view.host == next
        && !view.live.has(before.host)
        && live.senior() == Some(next)
}
