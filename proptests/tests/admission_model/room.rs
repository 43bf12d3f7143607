//! The whole: the server's room core (`engine/src/room`), the pages, and the frames between them. Each
//! method is one step that the world may take. Must not know which steps a checker tries.

use super::group::{Commit, Entry, Epoch, View};
use super::members::{MEMBERS_MAX, Member, Members};
use super::page::{Delivery, Frame, Inside, Law, Page};
use super::{Budget, Flaw};

/// Everything that there is at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Room {
    /// The server's own account: what everybody is told, in one order.
    pub(crate) view: View,
    pub(crate) knocks: Members,
    pub(crate) given_out: Member,
    pages: [Page; MEMBERS_MAX],
    /// By number, the generation whose key its newcomer knocked with.
    keys: [u8; MEMBERS_MAX],
    /// On the way to the server, over the connection that stands or the last that did.
    wires: [Vec<Frame>; MEMBERS_MAX],
    /// Of connections that another has taken the place of. The server hears none of it.
    late: Vec<(Member, Frame)>,
    pub(crate) budget: Budget,
    pub(crate) seen: Seen,
}

/// What has happened on the way here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Seen {
    /// A page let somebody in who proved another generation's key.
    pub(crate) old_key: bool,
    /// A kick was taken by the group.
    pub(crate) kick: bool,
    /// Somebody followed a host.
    pub(crate) succession: bool,
    /// A commit came too late.
    pub(crate) void: bool,
    /// The members handed the host's place back to the one they have.
    pub(crate) handed_back: bool,
}

fn place(member: Member) -> usize {
    usize::from(member) - 1
}

impl Room {
    /// Of these members, all inside and in one epoch.
    pub(crate) fn of(members: Members, budget: Budget) -> Self {
        let view = View { live: members, gone: Members::default(), host: 1, committer: 1 };
        let page = |at: usize| {
            let member = Member::try_from(at + 1).unwrap();
            match members.has(member) {
                true => Page::Inside(Inside::enter(member, view, Epoch::first(members), true)),
                false => Page::Unborn,
            }
        };
        Self {
            view,
            knocks: Members::default(),
            given_out: members.junior().unwrap(),
            pages: std::array::from_fn(page),
            keys: [0; MEMBERS_MAX],
            wires: std::array::from_fn(|_| Vec::new()),
            late: Vec::new(),
            budget,
            seen: Seen::default(),
        }
    }

    pub(crate) fn page(&self, member: Member) -> &Page {
        &self.pages[place(member)]
    }

    pub(crate) fn inside(&self) -> impl Iterator<Item = &Inside> {
        self.pages.iter().filter_map(Page::inside)
    }

    fn inside_mut(&mut self, member: Member) -> Option<&mut Inside> {
        self.pages[place(member)].inside_mut()
    }

    pub(crate) fn wire(&self, member: Member) -> &[Frame] {
        &self.wires[place(member)]
    }

    pub(crate) fn late(&self) -> &[(Member, Frame)] {
        &self.late
    }

    pub(crate) fn commits_in_flight(&self) -> usize {
        let frames = self.wires.iter().flatten();
        frames.filter(|frame| matches!(frame, Frame::Commit(_))).count()
    }

    pub(crate) fn newest_generation(&self) -> u8 {
        self.inside().map(|page| page.epoch.generation).max().unwrap_or_default()
    }

    /// The room is over with its last seat (section 5).
    pub(crate) fn is_over(&self) -> bool {
        self.view.seated().is_empty()
    }

    // What the server does.

    /// The next of what a member sent is heard.
    pub(crate) fn deliver(&mut self, from: Member, law: Law) {
        let frame = self.wires[place(from)].remove(0);
        self.hear(from, frame, law);
    }

    /// What an older connection sent: only a server that does not close it hears that.
    pub(crate) fn deliver_late(&mut self, law: Law) {
        let (from, frame) = self.late.remove(0);
        self.hear(from, frame, law);
    }

    fn hear(&mut self, from: Member, frame: Frame, law: Law) {
        // From whoever has no seat: `NotSeated`.
        if !self.view.live.has(from) {
            return;
        }
        match frame {
            Frame::Commit(commit) => self.hear_commit(from, &commit, law),
            Frame::Post(of) => self.sequence(Entry::Post { from, of }),
            // Section 3, `HandOver`: the host's alone, to another that is connected.
            Frame::HandOver(to)
                if from == self.view.host && to != from && self.view.live.has(to) =>
            {
                self.seen.handed_back = true;
                self.sequence(Entry::Host(to));
            }
            Frame::HandOver(_) => {}
            Frame::Leave => {
                self.end_seat(from);
                self.sequence(Entry::Left(from));
                self.name_roles();
            }
        }
    }

    /// Section 3, `Commit`: everything is checked before anything changes.
    fn hear_commit(&mut self, from: Member, commit: &Commit, law: Law) {
        let moderates = law.moderation.allows(self.view.host, from);
        let keeps_door = from == self.view.committer;
        let seated = self.view.seated();
        let adds_well = commit.adds.is_empty()
            || keeps_door && commit.adds.iter().all(|it| seated.has(it) || self.knocks.has(it));
        let clears = keeps_door && commit.removes.iter().all(|it| !seated.has(it));
        let removes_well = commit.removes.is_empty() || moderates || clears;
        let is_plain = commit.adds.is_empty() && commit.removes.is_empty();
        if !adds_well || !removes_well || is_plain && !moderates && !keeps_door {
            let frames = self.inside_mut(from).map(|page| page.refused(commit, law));
            return self.send(from, frames.unwrap_or_default());
        }
        let again = Members::of(commit.adds.iter().filter(|it| self.view.live.has(*it)));
        self.pass_on(Entry::Commit(*commit), again);
        for evicted in commit.removes.iter().filter(|it| seated.has(*it)) {
            self.end_seat(evicted);
        }
        self.name_roles();
        let newcomers = Members::of(commit.adds.iter().filter(|it| self.knocks.has(*it)));
        self.knocks = self.knocks.without(newcomers);
        self.view.seat(newcomers);
        for newcomer in newcomers.iter() {
            // The welcome leads into the epoch that the commit would begin, come what may.
            let page = &mut self.pages[place(newcomer)];
            if *page == Page::AtDoor {
                let inside = Inside::enter(newcomer, self.view, commit.next(), false);
                *page = Page::Inside(inside);
            }
        }
    }

    fn sequence(&mut self, entry: Entry) {
        if !matches!(entry, Entry::Commit(_)) {
            self.view.follow(&entry);
        }
        self.pass_on(entry, Members::default());
    }

    /// To every seat: the ring keeps it for whoever is gone.
    fn pass_on(&mut self, entry: Entry, welcomed: Members) {
        for page in self.pages.iter_mut().filter_map(Page::inside_mut) {
            let welcome = welcomed.has(page.me) && page.connected;
            page.inbox.push(Delivery { entry, repeated: false, welcome });
        }
    }

    /// The seat is no more, and its page learns nothing further.
    fn end_seat(&mut self, member: Member) {
        self.view.unseat(Members::of([member]));
        self.pages[place(member)] = Page::Outside;
        self.wires[place(member)].clear();
    }

    /// Section 5, the host and the doorkeeper (`name_host`, `name_committer`).
    fn name_roles(&mut self) {
        if !self.view.seated().has(self.view.host) {
            self.name_host();
        }
        if !self.view.live.has(self.view.committer) {
            let host = Some(self.view.host).filter(|host| self.view.live.has(*host));
            if let Some(next) = host.or(self.view.live.senior()) {
                self.sequence(Entry::Committer(next));
            }
        }
    }

    /// The host has no seat, or was gone for long enough: the senior of those who are there follows.
    pub(crate) fn name_host(&mut self) {
        if let Some(senior) = self.view.live.senior() {
            self.seen.succession = true;
            self.sequence(Entry::Host(senior));
        }
    }

    /// A knock went unanswered: the next keeps the door.
    pub(crate) fn rotate(&mut self, next: Member) {
        self.sequence(Entry::Committer(next));
    }

    /// The server notices that a connection has ended.
    pub(crate) fn vanish(&mut self, member: Member) {
        self.wires[place(member)].clear();
        self.withdraw(member);
        if self.view.live.has(member) {
            self.sequence(Entry::Gone(member));
            self.name_roles();
        }
    }

    /// A knock ends before it led anywhere, and the doorkeeper is told.
    fn withdraw(&mut self, newcomer: Member) {
        self.knocks = self.knocks.without(Members::of([newcomer]));
        if let Some(keeper) = self.inside_mut(self.view.committer) {
            keeper.callers = keeper.callers.without(Members::of([newcomer]));
        }
    }

    /// A member's grace has run out.
    pub(crate) fn expire(&mut self, member: Member) {
        self.end_seat(member);
        self.sequence(Entry::Left(member));
        self.name_roles();
    }

    /// A seat is taken again. What its older connection still had on the way is heard no more.
    pub(crate) fn resume(&mut self, member: Member, law: Law) {
        let older = std::mem::take(&mut self.wires[place(member)]);
        if law.flaw == Some(Flaw::HearsSuperseded) {
            self.late.extend(older.into_iter().map(|frame| (member, frame)));
        }
        if self.view.gone.has(member) {
            self.sequence(Entry::Back(member));
            if member == self.view.host && member != self.view.committer {
                self.sequence(Entry::Committer(member));
            }
            self.name_roles();
        }
        let frames = self.inside_mut(member).map(|page| page.resume(law));
        self.send(member, frames.unwrap_or_default());
    }

    // What people and pages do.

    /// Somebody knocks, with the key of that generation.
    pub(crate) fn knock(&mut self, key: u8) {
        self.given_out += 1;
        self.knocks = self.knocks.with(Members::of([self.given_out]));
        self.keys[place(self.given_out)] = key;
        self.pages[place(self.given_out)] = Page::AtDoor;
    }

    /// The doorkeeper and a newcomer run SPAKE2 (section 8.2): it shows that both hold one key, or the
    /// newcomer is turned away.
    pub(crate) fn prove(&mut self, keeper: Member, newcomer: Member, law: Law) {
        let key = self.keys[place(newcomer)];
        let Some(page) = self.inside_mut(keeper) else { return };
        let highest = page.epoch.tree.junior();
        if page.door == key && Some(newcomer) > highest {
            page.callers = page.callers.with(Members::of([newcomer]));
            let frames = page.attend(law);
            self.send(keeper, frames);
        } else {
            self.pages[place(newcomer)] = Page::Outside;
            self.withdraw(newcomer);
        }
    }

    /// A page reads the next entry, and does what is due.
    pub(crate) fn read(&mut self, member: Member, law: Law) {
        let Some(page) = self.inside_mut(member) else { return };
        let before = page.epoch;
        let commit = page.inbox.first().map(|delivery| delivery.entry);
        let (frames, came_in) = page.read(law);
        if let Some(Entry::Commit(commit)) = commit {
            let is_taken = page.epoch == commit.next();
            self.seen.kick |= is_taken && commit.renews;
            self.seen.void |= !is_taken;
        }
        let has_old_key = |it: Member| self.keys[place(it)] != before.generation;
        self.seen.old_key |= came_in.iter().any(has_old_key);
        self.send(member, frames);
    }

    /// The entry just ahead comes twice.
    pub(crate) fn repeat(&mut self, member: Member) {
        if let Some(page) = self.inside_mut(member) {
            let first = page.inbox[0];
            page.inbox.insert(1, Delivery { repeated: true, welcome: false, ..first });
            page.catching_up += u8::from(page.catching_up > 0);
        }
    }

    /// A connection breaks. The server may hear what was on its way, or not, and notices later.
    pub(crate) fn break_off(&mut self, member: Member) {
        match &mut self.pages[place(member)] {
            Page::Inside(page) => page.lose_connection(),
            page @ (Page::AtDoor | Page::Unborn | Page::Outside) => *page = Page::Outside,
        }
    }

    /// Somebody is to be put out.
    pub(crate) fn kick(&mut self, member: Member, target: Member, law: Law) {
        if let Some(page) = self.inside_mut(member) {
            page.kicks = page.kicks.with(Members::of([target]));
            let frames = page.attend(law);
            self.send(member, frames);
        }
    }

    pub(crate) fn leave(&mut self, member: Member) {
        self.send(member, vec![Frame::Leave]);
        self.pages[place(member)] = Page::Outside;
    }

    pub(crate) fn say(&mut self, member: Member) {
        if let Some(page) = self.inside_mut(member) {
            page.unsettled = true;
            let words = Frame::Post(page.epoch);
            self.send(member, vec![words]);
        }
    }

    /// A heartbeat of somebody who holds the same epoch opens.
    pub(crate) fn vouch(&mut self, member: Member, law: Law) {
        if let Some(page) = self.inside_mut(member) {
            page.vouched = true;
            let frames = page.attend(law);
            self.send(member, frames);
        }
    }

    fn send(&mut self, from: Member, frames: Vec<Frame>) {
        self.wires[place(from)].extend(frames);
    }
}
