//! Which steps there are at each moment, and what must hold at all of them: the room as stateright
//! walks through it. Faults and wishes are bounded by a budget; whatever answers them is not. No step
//! can be taken for ever, so every walk ends, and where it ends is looked at too.

use stateright::{Model, Property};

use super::group::Moderation;
use super::members::{MEMBERS_MAX, Member, Members};
use super::page::{Inside, Law, Page};
use super::room::Room;
use super::{Budget, Flaw};

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    /// The server hears what a member sent.
    Deliver(Member),
    DeliverLate,
    /// A page reads what the server sent.
    Read(Member),
    /// The entry that it reads next comes twice.
    Repeat(Member),
    Break(Member),
    Vanish(Member),
    Resume(Member),
    Expire(Member),
    /// The host was gone for 30 seconds.
    NameHost,
    /// Nobody answered a knock for 5.
    Rotate(Member),
    /// By a key of that generation.
    Knock(u8),
    Prove(Member),
    Kick {
        by: Member,
        target: Member,
    },
    Leave(Member),
    Say(Member),
    Vouch(Member),
}

/// A room, its people, and by what it may differ from what is built.
#[derive(Clone, Debug)]
pub(crate) struct Story {
    pub(crate) members: Members,
    pub(crate) moderation: Moderation,
    pub(crate) budget: Budget,
    pub(crate) flaw: Option<Flaw>,
    /// What some walk must come by, or the story proves nothing of it.
    pub(crate) reaches: &'static [&'static str],
}

impl Story {
    fn law(&self) -> Law {
        Law { moderation: self.moderation, flaw: self.flaw }
    }

    fn steps_of(&self, room: &Room, page: &Inside, steps: &mut Vec<Step>) {
        let (me, budget, view) = (page.me, &room.budget, &room.view);
        if !page.connected {
            if view.live.has(me) {
                steps.push(Step::Vanish(me));
            }
            if view.gone.has(me) {
                steps.push(Step::Expire(me));
            }
            return steps.push(Step::Resume(me));
        }
        if !page.inbox.is_empty() {
            steps.push(Step::Read(me));
            if budget.repeats > 0 && !page.inbox.iter().any(|it| it.repeated) {
                steps.push(Step::Repeat(me));
            }
        }
        if budget.breaks > 0 {
            steps.push(Step::Break(me));
        }
        if budget.leaves > 0 {
            steps.push(Step::Leave(me));
        }
        if !page.vouched {
            let holds_the_same = |it: &Inside| it.is_ready() && it.epoch == page.epoch;
            if room.inside().any(holds_the_same) {
                steps.push(Step::Vouch(me));
            } else if page.inbox.is_empty() && budget.leaves == 0 {
                // Section 8.6: 15 seconds without anybody's word.
                steps.push(Step::Leave(me));
            }
        }
        if budget.words > 0 && page.is_ready() && !page.unsettled {
            steps.push(Step::Say(me));
        }
        let may_kick = page.is_ready() && self.moderation.allows(page.epoch.host, me);
        if budget.kicks > 0 && may_kick && page.out.is_none() && room.commits_in_flight() < 2 {
            let others = page.view.seated().without(Members::of([me]));
            let inside = others.iter().filter(|it| page.epoch.tree.has(*it));
            steps.extend(inside.map(|target| Step::Kick { by: me, target }));
        }
    }

    fn steps_at_the_door(&self, room: &Room, steps: &mut Vec<Step>) {
        let view = &room.view;
        let keeper = room.page(view.committer).inside().filter(|page| page.keeps_door());
        for newcomer in room.knocks.iter() {
            match (room.page(newcomer), keeper) {
                (Page::AtDoor, Some(keeper)) if !keeper.callers.has(newcomer) => {
                    steps.push(Step::Prove(newcomer));
                }
                (Page::AtDoor, _) => {}
                (Page::Unborn | Page::Inside(_) | Page::Outside, _) => {
                    steps.push(Step::Vanish(newcomer));
                }
            }
            if room.budget.breaks > 0 && matches!(room.page(newcomer), Page::AtDoor) {
                steps.push(Step::Break(newcomer));
            }
        }
        if !room.knocks.is_empty() {
            let others = view.live.without(Members::of([view.committer]));
            // Who cannot answer is passed by; who does not, as often as the budget has it.
            let is_stuck = room.page(view.committer).inside().is_none_or(|it| !it.vouched);
            let may_keep = |it: &Member| {
                room.budget.rotations > 0
                    || is_stuck && room.page(*it).inside().is_some_and(Inside::is_ready)
            };
            steps.extend(others.iter().filter(may_keep).map(Step::Rotate));
        }
        if usize::from(room.given_out) < MEMBERS_MAX && room.budget.knocks > 0 {
            let newest = room.newest_generation();
            steps.extend((0..=newest).map(Step::Knock));
        }
    }

    /// At rest: nobody can do anything any more.
    fn is_at_rest(&self, room: &Room) -> bool {
        let mut steps = Vec::new();
        self.actions(room, &mut steps);
        steps.is_empty()
    }
}

impl Model for Story {
    type State = Room;
    type Action = Step;

    fn init_states(&self) -> Vec<Room> {
        vec![Room::of(self.members, self.budget)]
    }

    fn actions(&self, room: &Room, steps: &mut Vec<Step>) {
        if room.is_over() {
            return;
        }
        let numbers = 1..=room.given_out;
        steps.extend(numbers.clone().filter(|it| !room.wire(*it).is_empty()).map(Step::Deliver));
        if !room.late().is_empty() {
            steps.push(Step::DeliverLate);
        }
        for page in room.inside() {
            self.steps_of(room, page, steps);
        }
        for seat in room.view.seated().iter().filter(|it| room.page(*it).inside().is_none()) {
            // Its page has gone for good. What it sent last is heard, or lost with the connection.
            let is_live = room.view.live.has(seat);
            steps.push(if is_live { Step::Vanish(seat) } else { Step::Expire(seat) });
        }
        if room.view.gone.has(room.view.host) && !room.view.live.is_empty() {
            steps.push(Step::NameHost);
        }
        self.steps_at_the_door(room, steps);
    }

    fn next_state(&self, before: &Room, step: Step) -> Option<Room> {
        let (mut room, law) = (before.clone(), self.law());
        match step {
            Step::Deliver(from) => room.deliver(from, law),
            Step::DeliverLate => room.deliver_late(law),
            Step::Read(member) => room.read(member, law),
            Step::Repeat(member) => {
                room.budget.repeats -= 1;
                room.repeat(member);
            }
            Step::Break(member) => {
                room.budget.breaks -= 1;
                room.break_off(member);
            }
            Step::Vanish(member) => room.vanish(member),
            Step::Resume(member) => room.resume(member, law),
            Step::Expire(member) => room.expire(member),
            Step::NameHost => room.name_host(),
            Step::Rotate(next) => {
                room.budget.rotations = room.budget.rotations.saturating_sub(1);
                room.rotate(next);
            }
            Step::Knock(key) => {
                room.budget.knocks -= 1;
                room.knock(key);
            }
            Step::Prove(newcomer) => room.prove(before.view.committer, newcomer, law),
            Step::Kick { by, target } => {
                room.budget.kicks -= 1;
                room.kick(by, target, law);
            }
            Step::Leave(member) => {
                room.budget.leaves = room.budget.leaves.saturating_sub(1);
                room.leave(member);
            }
            Step::Say(member) => {
                room.budget.words -= 1;
                room.say(member);
            }
            Step::Vouch(member) => room.vouch(member, law),
        }
        Some(room)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![
            Property::always(ONE_EPOCH, |_, room: &Room| {
                let settled: Vec<&Inside> = room.inside().filter(|it| it.vouched).collect();
                settled.iter().all(|one| {
                    let same = |it: &&Inside| it.epoch.number == one.epoch.number;
                    settled.iter().copied().filter(same).all(|it| it.epoch == one.epoch)
                })
            }),
            Property::always(NO_OLD_KEY, |_, room: &Room| !room.seen.old_key),
            Property::always(ONE_HOST, |story: &Self, room: &Room| {
                let law = story.law();
                let is_up_to_date = |it: &&Inside| it.is_ready() && it.inbox.is_empty();
                let is_host = |it: &&Inside| it.host(law) == it.me;
                let by_members = room.inside().filter(is_up_to_date).filter(is_host).count();
                let seated = room.view.seated().has(room.view.host);
                by_members <= 1 && (room.view.live.is_empty() || seated)
            }),
            Property::always(ONCE, |_, room: &Room| room.inside().all(|it| it.heard <= 1)),
            Property::always(WHOLE, |story: &Self, room: &Room| {
                !story.is_at_rest(room) || room.is_over() || is_whole(room)
            }),
        ];
        properties.extend(self.reaches.iter().map(|name| match *name {
            KICK => Property::sometimes(KICK, |_, room: &Room| room.seen.kick),
            SUCCESSION => Property::sometimes(SUCCESSION, |_, room: &Room| room.seen.succession),
            VOID => Property::sometimes(VOID, |_, room: &Room| room.seen.void),
            GIVEN_BACK => Property::sometimes(GIVEN_BACK, |_, room: &Room| room.seen.handed_back),
            other => panic!("nothing is known of {other}"),
        }));
        properties
    }
}

/// Two members that both hold an epoch of one number hold the same one.
pub(crate) const ONE_EPOCH: &str = "no two epochs of one number";
/// Whoever is let in proved the key that counts in the epoch that lets it in.
pub(crate) const NO_OLD_KEY: &str = "nobody comes in by an old key";
/// No two pages that have read everything take themselves for host, and the server has one, seated.
pub(crate) const ONE_HOST: &str = "one host";
/// What is said is heard once at most.
pub(crate) const ONCE: &str = "words are heard once at most";
/// Every walk ends in a room that is whole, or in none.
pub(crate) const WHOLE: &str = "a room at rest is whole";

/// What stories reach.
pub(crate) const KICK: &str = "the group takes a kick";
pub(crate) const SUCCESSION: &str = "a host is followed";
pub(crate) const VOID: &str = "a commit comes too late";
pub(crate) const GIVEN_BACK: &str = "the host's place is given back";

/// Whoever has a seat is connected, up to date and in the one epoch, which holds exactly them; the
/// members' host is the server's; nobody waits at the door, and nothing that was asked for is undone.
fn is_whole(room: &Room) -> bool {
    let seated = room.view.seated();
    let holds = |page: &Inside| {
        page.is_ready()
            && page.inbox.is_empty()
            && page.epoch.tree == seated
            && page.epoch.host == room.view.host
            && page.kicks.is_empty()
            && page.out.is_none()
            && !page.unsettled
    };
    let pages: Vec<&Inside> = room.inside().filter(|it| seated.has(it.me)).collect();
    pages.len() == seated.iter().count()
        && pages.iter().all(|page| holds(page))
        && pages.iter().all(|page| pages.first().is_some_and(|it| it.epoch == page.epoch))
        && room.knocks.is_empty()
}
