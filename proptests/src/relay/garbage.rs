//! Members that are up to no good: frames over a member's own connection that no client sends.

use sanctuary_protocol::{
    ClientFrame, DoorPolicy, EntryKind, Few, MemberId, Moderation, Policy, PostBlob, WelcomeBlob,
};

use super::alter::{noise, noise_commit_blob, of_the_future};
use super::page::{Conduct, Leads, Outward};
use super::plan::Garbage;
use super::world::World;
use crate::people::People as _;

impl World {
    /// Sends garbage over a page's connection. From then on the page proves nothing.
    pub(super) fn send_garbage(&mut self, page: usize, garbage: Garbage) {
        if self.pages[page].room().is_none() {
            return;
        }
        let Some(frame) = self.garbage(garbage) else { return };
        let Some(socket) = self.pages[page].socket else { return };
        if socket.leads == Leads::Somewhere {
            self.pages[page].conduct = Conduct::Rogue;
            self.pages[page].outbox.push_back(Outward::Frame(socket.connection, frame));
        }
    }

    fn garbage(&self, garbage: Garbage) -> Option<ClientFrame> {
        let seed = self.server.clock;
        Some(match garbage {
            Garbage::Noise => ClientFrame::Post { ciphertext: noise(seed) },
            Garbage::Stolen(back) => ClientFrame::Post { ciphertext: self.post(back)? },
            Garbage::Future => ClientFrame::Post { ciphertext: of_the_future(&self.post(0)?) },
            Garbage::Commit => commit(seed, None, None),
            Garbage::Evicting(who) => commit(seed, None, Some(self.member(self.place(who))?)),
            Garbage::Admitting => commit(seed, Some(self.server.at_the_door()?), None),
            Garbage::Door => {
                ClientFrame::Door { member: self.server.at_the_door()?, blob: noise(seed) }
            }
            Garbage::Lock => ClientFrame::Lock(Policy {
                moderation: Moderation::Everyone,
                door: DoorPolicy::Open,
            }),
            Garbage::HandOver(who) => ClientFrame::HandOver { to: self.member(self.place(who))? },
        })
    }

    /// A post of the order, counted back.
    pub(super) fn post(&self, back: u8) -> Option<PostBlob> {
        let posts = self.server.order().rev().filter_map(|entry| match &entry.kind {
            EntryKind::Post { ciphertext } => Some(ciphertext.clone()),
            _ => None,
        });
        posts.take(usize::from(back) + 1).last()
    }
}

fn commit(seed: u64, admit: Option<MemberId>, evict: Option<MemberId>) -> ClientFrame {
    let few = |member: Option<MemberId>| Vec::from_iter(member);
    let welcome: WelcomeBlob = noise(seed);
    ClientFrame::Commit {
        ciphertext: noise_commit_blob(seed),
        admits: Few::try_from(few(admit)).unwrap_or(Few::none()),
        evicts: Few::try_from(few(evict)).unwrap_or(Few::none()),
        welcome,
    }
}
