//! What a page shows, entered in the ledger: its stay, its lines, and whom it sees. Which room it is in,
//! of all that there were under one id, shows by who started it.

use sanctuary_client::Screen;
use sanctuary_client::room::{Body, Happening};

use super::page::Way;
use super::world::World;
use crate::people::{Course, Seat};

impl World {
    /// Enters in the ledger what a page shows.
    pub(super) fn observe(&mut self, page: usize) {
        let moment = self.moment;
        let Self { pages, ledger, links, rooms, rooms_started, .. } = self;
        let here = &mut pages[page];
        let Screen::Room(room) = &here.model.screen else {
            if let Some(stay) = here.stay.take() {
                ledger.stays[stay].course = Course::Over;
            }
            return;
        };
        let stay = *here.stay.get_or_insert_with(|| {
            here.lines_read = 0;
            let id = room.invitation.link.room.id();
            if here.way == Way::Started {
                *rooms_started += 1;
                rooms.insert(id, *rooms_started);
            }
            let number = rooms.get(&id).copied().unwrap_or_default();
            ledger.enter(page, Seat { room: number, member: room.me() }, here.asked_at)
        });
        ledger.stays[stay].tampering = room.tampering().to_vec();
        let missed = room.timeline.lines().filter_map(|line| match &line.body {
            Body::Happened(Happening::Missed { messages }) => Some(*messages),
            _ => None,
        });
        ledger.stays[stay].missed = missed.sum();
        let lines = room.timeline.lines().len();
        for line in room.timeline.lines().skip(here.lines_read) {
            ledger.show(stay, line, moment);
        }
        here.lines_read = lines;
        ledger.stays[stay].known.extend(room.session().members().keys().copied());
        let link = room.invitation.link.fragment().to_string();
        if links.last() != Some(&link) {
            links.retain(|it| *it != link);
            links.push(link);
        }
    }
}
