//! Telling: each entry to everybody who has a story, in that story; and, told to one or to all, what
//! is no part of the room's order.

use sanctuary_protocol::{Entry, EntryKind, MemberId, Seq, ServerFrame};

use super::{Armed, Seated, Server};
use crate::relay::evidence::{Damage, Kind};
use crate::relay::story::Twisted;

impl Server {
    /// The room's order goes on.
    pub(super) fn sequence(&mut self, entry: &Entry) {
        let ended: Vec<MemberId> = match &entry.kind {
            EntryKind::Left | EntryKind::Expired => vec![entry.from],
            EntryKind::Commit { evicts, .. } => evicts.iter().copied().collect(),
            EntryKind::Post { .. }
            | EntryKind::Shed { .. }
            | EntryKind::Gone
            | EntryKind::Back
            | EntryKind::Host { .. }
            | EntryKind::Committer
            | EntryKind::Policy(_) => vec![],
        };
        let harboured = match &entry.kind {
            EntryKind::Commit { .. } => self.harbour(&ended),
            _ => vec![],
        };
        self.tell_all(entry.from, &entry.kind, Some(entry.seq), &harboured);
        for member in ended.iter().filter(|member| !harboured.contains(member)) {
            self.stories.remove(member);
        }
    }

    /// Whoever of these is to be harboured, from here on is.
    fn harbour(&mut self, evicted: &[MemberId]) -> Vec<MemberId> {
        let mut harboured = Vec::new();
        for member in evicted {
            let lane = self
                .lanes
                .values_mut()
                .find(|lane| lane.seated == Seated::Yes && lane.member == Some(*member));
            let Some(lane) = lane else { continue };
            if self.armed.remove(&(lane.page, Armed::Harbour)) {
                lane.seated = Seated::Harboured;
                harboured.push(*member);
            }
        }
        for member in &harboured {
            self.lie(Kind::Harbour, Damage::Loses, Some(*member));
        }
        harboured
    }

    /// Tells everybody, each in its own story. `hidden` are not told.
    pub fn tell_all(
        &mut self,
        from: MemberId,
        kind: &EntryKind,
        origin: Option<Seq>,
        hidden: &[MemberId],
    ) {
        let Some(view) = &mut self.view else { return };
        let entry = Entry { seq: view.seq.next(), from, kind: kind.clone() };
        view.after(&entry);
        self.order.push((entry, origin));
        let members: Vec<MemberId> = self.stories.keys().copied().collect();
        for member in members {
            let Some(story) = self.stories.get_mut(&member) else { continue };
            if hidden.contains(&member) {
                story.hide();
                continue;
            }
            let (entries, twisted) = story.extend(from, kind);
            if let Some(Twisted { kind, damage }) = twisted {
                self.lie(kind, damage, Some(member));
            }
            self.send_entries(member, entries);
        }
    }

    /// Tells one something that is no part of the order.
    pub fn tell_one(&mut self, member: MemberId, from: MemberId, kind: EntryKind) {
        if let Some(story) = self.stories.get_mut(&member) {
            let entry = story.insert(from, kind);
            self.send_entries(member, vec![entry]);
        }
    }

    pub(super) fn send_entries(&mut self, member: MemberId, entries: Vec<Entry>) {
        let mut lanes = self.lanes.iter();
        let lane = lanes.find(|(_, lane)| lane.seated != Seated::No && lane.member == Some(member));
        let Some(connection) = lane.map(|(connection, _)| *connection) else { return };
        for entry in entries {
            self.deliver(connection, &ServerFrame::Entry(entry));
        }
    }
}
