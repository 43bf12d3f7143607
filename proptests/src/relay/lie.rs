//! The server's lies, made: each is armed, or told at once, and noted for the table of who must find
//! it out.

use sanctuary_protocol::{DoorPolicy, EntryKind, MemberId, Moderation, Policy, ServerFrame};

use super::alter::{noise, noise_commit, of_the_future};
use super::evidence::{Damage, Kind, Told};
use super::plan::{Forgery, Lie, Pretence, Whom};
use super::server::{Armed, GHOST};
use super::story::Twist;
use super::world::World;
use crate::people::People as _;

/// What a forged knock is numbered: above every newcomer's of a run.
const FORGED_KNOCK: MemberId = MemberId(5_000);

/// The kinds of a lie told to one and of the same told to all.
struct Kinds {
    one: Kind,
    all: Kind,
}

impl World {
    /// The server lies, or is set to.
    pub(super) fn lie(&mut self, lie: Lie, foreign: &[EntryKind]) {
        match lie {
            Lie::Drop(who, craft) => self.twist(who, Twist::Drop(craft)),
            Lie::Duplicate(who, craft) => self.twist(who, Twist::Duplicate(craft)),
            Lie::Swap(who, craft) => self.twist(who, Twist::Swap(craft)),
            Lie::Flip(who, byte) => self.twist(who, Twist::Flip(byte)),
            Lie::FlipBefore(who, byte) => self.twist(who, Twist::FlipBefore(byte)),
            Lie::Shed(who) => self.twist(who, Twist::Shed),
            Lie::Relabel(who, name) => {
                if let Some(name) = self.member(self.place(name)) {
                    self.twist(who, Twist::Relabel(name));
                }
            }
            Lie::Replay(whom, back) => self.replay(whom, back),
            Lie::Splice(whom, from, which) => self.splice(whom, from, which, foreign),
            Lie::Forge(whom, from, what) => self.forge(whom, from, what),
            Lie::Pretend(whom, who, what) => self.pretend(whom, who, what),
            Lie::Misopen(who, what) => self.arm(who, Armed::Misopen(what)),
            Lie::FlipDoor(who, byte) => self.arm(who, Armed::FlipDoor(byte)),
            Lie::FlipAnswer(who, byte) => self.arm(who, Armed::FlipAnswer(byte)),
            Lie::SwallowPost(who) => self.arm(who, Armed::SwallowPost),
            Lie::SwallowCommit(who) => self.arm(who, Armed::SwallowCommit),
            Lie::Harbour(who) => self.arm(who, Armed::Harbour),
            Lie::Mangle(who, byte) => self.arm(who, Armed::Mangle(byte)),
            Lie::ForgeKnock(who) => {
                let keeper = self.place(who);
                if let Some((_, lane)) = self.server.lane(keeper) {
                    self.server.lie(Kind::ForgeKnock, Damage::Adds, lane.member);
                    let blob = noise(self.server.clock);
                    self.server.say(keeper, &ServerFrame::Knocking { member: FORGED_KNOCK, blob });
                }
            }
        }
        self.sort_mail();
    }

    fn twist(&mut self, who: u8, twist: Twist) {
        let page = self.place(who);
        if let Some((_, story)) = self.server.story_of(page) {
            story.arm(twist);
        }
    }

    fn arm(&mut self, who: u8, armed: Armed) {
        self.server.arm(self.place(who), armed);
    }

    /// Something sealed that was told before, or would be if anything had been.
    fn replay(&mut self, whom: Whom, back: u8) {
        let sealed = self.server.order().rev().filter(|entry| is_sealed(&entry.kind));
        let found = sealed.take(usize::from(back) + 1).last().cloned();
        let Some(entry) = found else { return };
        let kinds = Kinds { one: Kind::ReplayOne, all: Kind::ReplayAll };
        self.interpose(whom, entry.from, entry.kind, kinds);
    }

    fn splice(&mut self, whom: Whom, from: u8, which: u8, foreign: &[EntryKind]) {
        let Some(from) = self.member(self.place(from)) else { return };
        let Some(kind) = foreign.get(usize::from(which) % foreign.len().max(1)) else { return };
        let kinds = Kinds { one: Kind::SpliceOne, all: Kind::SpliceAll };
        self.interpose(whom, from, kind.clone(), kinds);
    }

    fn forge(&mut self, whom: Whom, from: u8, what: Forgery) {
        let page = self.place(from);
        let Some(from) = self.member(page) else { return };
        let seed = self.server.clock;
        let kind = match what {
            Forgery::Noise => EntryKind::Post { ciphertext: noise(seed) },
            Forgery::Future => {
                let Some(post) = self.post(0) else { return };
                EntryKind::Post { ciphertext: of_the_future(&post) }
            }
            Forgery::Commit => noise_commit(seed, &[], &[]),
            Forgery::Evicting => {
                let next = self.member((page + 1) % self.pages.len()).unwrap_or(GHOST);
                noise_commit(seed, &[], &[next])
            }
        };
        self.interpose(whom, from, kind, Kinds { one: Kind::ForgeOne, all: Kind::ForgeAll });
    }

    fn pretend(&mut self, whom: Whom, who: u8, what: Pretence) {
        let Some(about) = self.member(self.place(who)) else { return };
        let (kind, all) = match what {
            Pretence::Gone => (EntryKind::Gone, Kind::AbsenceAll),
            Pretence::Left => (EntryKind::Left, Kind::AbsenceAll),
            Pretence::Expired => (EntryKind::Expired, Kind::AbsenceAll),
            Pretence::Back => (EntryKind::Back, Kind::PretendAll),
            Pretence::Host => (EntryKind::Host { to: about }, Kind::PretendAll),
            Pretence::Committer => (EntryKind::Committer, Kind::PretendAll),
            Pretence::Policy => {
                let policy = Policy { moderation: Moderation::Everyone, door: DoorPolicy::Locked };
                (EntryKind::Policy(policy), Kind::PretendAll)
            }
        };
        self.interpose(whom, about, kind, Kinds { one: Kind::PretendOne, all });
    }

    /// Tells one or all what is no part of the room's order.
    fn interpose(&mut self, whom: Whom, from: MemberId, kind: EntryKind, kinds: Kinds) {
        let damage = match &kind {
            EntryKind::Post { .. } => Damage::Adds,
            EntryKind::Commit { admits, evicts, .. } if admits.is_empty() && evicts.is_empty() => {
                Damage::Adds
            }
            EntryKind::Commit { .. }
            | EntryKind::Shed { .. }
            | EntryKind::Gone
            | EntryKind::Back
            | EntryKind::Left
            | EntryKind::Expired
            | EntryKind::Host { .. }
            | EntryKind::Committer
            | EntryKind::Policy(_) => Damage::Loses,
        };
        match whom {
            Whom::One(who) => {
                let page = self.place(who);
                let Some((member, _)) = self.server.story_of(page) else { return };
                self.server.lie(kinds.one, damage, Some(member));
                self.server.tell_one(member, from, kind);
            }
            Whom::All => {
                if self.server.view().is_none() {
                    return;
                }
                let mut lanes = (0..self.pages.len()).filter_map(|page| self.server.lane(page));
                let lane = lanes.find(|(_, lane)| lane.member == Some(from));
                self.server.told.push(Told {
                    kind: kinds.all,
                    damage,
                    victim: None,
                    subject: Some(self.server.seat(from)),
                    connection: lane.map(|(connection, _)| connection.0),
                });
                self.server.tell_all(from, &kind, None, &[]);
            }
        }
    }
}

fn is_sealed(kind: &EntryKind) -> bool {
    matches!(kind, EntryKind::Post { .. } | EntryKind::Commit { .. })
}

/// What there is to tell of another room: everything sealed that its order holds.
pub(super) fn sealed_of(world: &World) -> Vec<EntryKind> {
    let order = world.server.order().map(|entry| entry.kind.clone());
    order.filter(is_sealed).collect()
}
