//! Opening a seat: a story begins, or goes on where its member left it, and the opening says what the
//! story says; or something false.

use std::collections::BTreeSet;

use sanctuary_engine::room::ConnectionId;
use sanctuary_protocol::{
    DoorPolicy, Entry, EntryKind, Few, MemberId, Moderation, Opening, Presence, Seat as Place, Seq,
    ServerFrame, View,
};

use super::{Armed, GHOST, Server, Token};
use crate::relay::evidence::{Damage, Kind};
use crate::relay::plan::Misopening;
use crate::relay::story::Story;

impl Server {
    /// A seat is taken, or taken again: the opening says how far the story has come, and the story
    /// follows.
    pub(super) fn open(&mut self, to: ConnectionId, opening: Opening, shed: &BTreeSet<Seq>) {
        let member = opening.member;
        let Some(page) = self.lanes.get(&to).map(|lane| lane.page) else { return };
        if self.view.is_none() {
            self.view = Some(View::from(&opening));
        }
        let misopening = self.disarm(page, |armed| match armed {
            Armed::Misopen(what) => Some(what),
            _ => None,
        });
        let is_first = !self.stories.contains_key(&member);
        let mut view = match (self.stories.get_mut(&member), &self.view) {
            (Some(story), _) => {
                let order = &self.order;
                story.shed(|cursor| {
                    let origin = cursor.checked_sub(1).and_then(|at| order.get(at)?.1);
                    origin.is_some_and(|seq| shed.contains(&seq))
                });
                story.view()
            }
            (None, Some(view)) => view.clone(),
            (None, None) => return,
        };
        if let Some(what) = misopening
            && misopen(&mut view, member, what)
        {
            let kind = if is_first { Kind::MisopenFirst } else { Kind::MisopenAgain };
            self.lie(kind, Damage::Loses, Some(member));
        }
        if is_first {
            self.stories.insert(member, Story::begin(view.clone(), self.order.len()));
            self.admitted.insert(self.seat(member), self.clock);
            let token = Token { member, opened_at: opening.seq };
            self.tokens.insert(*opening.token.as_bytes(), token);
        }
        if let Some(lane) = self.lanes.get_mut(&to) {
            lane.member = Some(member);
        }
        self.deliver(to, &ServerFrame::Opened(reopened(&opening, &view)));
        if !is_first {
            let story = self.stories.get(&member);
            let missed = story.map(|story| story.after(self.resumed_after));
            self.send_entries(member, missed.unwrap_or_default());
        }
    }
}

/// An opening that says what `view` says.
fn reopened(opening: &Opening, view: &View) -> Opening {
    let seats = view.seats.iter();
    let seats: Vec<Place> =
        seats.map(|(member, presence)| Place { member: *member, presence: *presence }).collect();
    Opening {
        member: opening.member,
        token: opening.token.clone(),
        seq: view.seq,
        head: view.head,
        policy: view.policy,
        host: view.host,
        committer: view.committer,
        seats: Few::try_from(seats).unwrap_or(Few::none()),
    }
}

/// Makes a view false; says whether there was anything to do.
fn misopen(view: &mut View, member: MemberId, what: Misopening) -> bool {
    let before = view.clone();
    let other = view.seats.keys().copied().find(|other| *other != member);
    match what {
        Misopening::SeatMissing => {
            other.map(|other| view.seats.remove(&other));
        }
        Misopening::SeatAdded => {
            view.seats.insert(GHOST, Presence::Live);
        }
        Misopening::Presence => {
            other.map(|other| view.seats.insert(other, Presence::Gone));
        }
        Misopening::Host => view.host = member,
        Misopening::Committer => view.committer = member,
        Misopening::Policy => {
            view.policy.moderation = match view.policy.moderation {
                Moderation::Host => Moderation::Everyone,
                Moderation::Everyone => Moderation::Host,
            };
            view.policy.door = DoorPolicy::Open;
        }
        Misopening::Head => {
            view.head =
                view.head.after(&Entry { seq: view.seq, from: member, kind: EntryKind::Committer });
        }
        Misopening::Seq => view.seq = view.seq.next(),
    }
    *view != before
}
