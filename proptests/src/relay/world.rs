//! Pages around a server, one clock, moved by hand. Whatever a page's shell would do with an effect
//! is done here; whatever is sent waits until it is carried.

use std::time::{Duration, Instant};

use sanctuary_client::room::{Body, Happening};
use sanctuary_client::{Effect, Epoch, Model, Msg, Timer, Timestamp, update};
use sanctuary_engine::limits::RoomLimits;
use sanctuary_engine::room::ConnectionId;

use super::page::{Conduct, Leads, Outward, Page, Road, Socket, Watch};
use super::plan::{Loss, Ring};
use super::server::{Letter, News, Server};
use crate::people::{Course, Ledger, People, quick_stretch};

/// Times everybody may send and get a frame in one settling: far more than any plan needs, so that a
/// loop is found.
const ROUNDS_MAX: usize = 4_000;

/// Bytes a small ring keeps: a handful of posts.
const SMALL_RING_BYTES: usize = 3_000;

/// Pages around a server.
#[derive(Debug)]
pub struct World {
    /// The pages, by their places.
    pub pages: Vec<Page>,
    /// The server.
    pub server: Server,
    /// What was typed and shown.
    pub ledger: Ledger,
    started: Instant,
    pub(super) now: Instant,
    /// The link somebody shared last.
    pub(super) link: String,
    /// Whether something was sent for ever.
    pub(super) is_restless: bool,
}

impl People for World {
    fn pages(&self) -> usize {
        self.pages.len()
    }

    fn model(&self, page: usize) -> &Model {
        &self.pages[page].model
    }

    fn stay(&self, page: usize) -> Option<usize> {
        self.pages[page].stay
    }

    fn link(&self) -> String {
        self.link.clone()
    }

    fn ledger(&mut self) -> &mut Ledger {
        &mut self.ledger
    }

    fn tell(&mut self, page: usize, msg: Msg) {
        let wall = Timestamp((self.now - self.started).as_millis() as u64);
        let effects = update(&mut self.pages[page].model, msg, wall);
        self.observe(page);
        for effect in effects {
            self.perform(page, effect);
        }
    }

    fn reopen(&mut self, page: usize, fragment: &str) {
        self.disconnect(page);
        while self.carry_out(page) {}
        if let Some(stay) = self.pages[page].stay {
            self.ledger.stays[stay].course = Course::Over;
        }
        let Page { watch, road, conduct, .. } = self.pages[page];
        self.pages[page] = Page { watch, road, conduct, ..Page::open(fragment) };
    }
}

impl World {
    /// Nobody yet.
    pub fn new(people: u8, ring: Ring) -> Self {
        let limits = match ring {
            Ring::Large => RoomLimits::default(),
            Ring::Small => RoomLimits { ring_bytes_max: SMALL_RING_BYTES, ..RoomLimits::default() },
        };
        let now = Instant::now();
        Self {
            pages: (0..people).map(|_| Page::open("")).collect(),
            server: Server::new(limits),
            ledger: Ledger::default(),
            started: now,
            now,
            link: String::new(),
            is_restless: false,
        }
    }

    fn perform(&mut self, page: usize, effect: Effect) {
        match effect {
            Effect::Derive { epoch, link } => {
                let stretched = quick_stretch(&link);
                self.tell(page, Msg::Derived { epoch, stretched });
            }
            Effect::Connect { epoch, room: _ } => self.connect(page, epoch),
            Effect::Send(frame) => {
                let Page { socket, outbox, .. } = &mut self.pages[page];
                if let Some(Socket { connection, leads: Leads::Somewhere, .. }) = socket {
                    outbox.push_back(Outward::Frame(*connection, frame));
                }
            }
            Effect::Disconnect => self.disconnect(page),
            Effect::StartTimer { epoch, timer, millis } => {
                let at = self.now + Duration::from_millis(millis.into());
                self.pages[page].timers.push((at, epoch, timer));
            }
            Effect::Copy { .. }
            | Effect::Focus(_)
            | Effect::Share { .. }
            | Effect::AskToNotify
            | Effect::Notify
            | Effect::CloseNotification
            | Effect::ShowLine(_)
            | Effect::HoldPicture { .. }
            | Effect::ReleasePicture(_)
            | Effect::OpenLink(_)
            | Effect::EraseAddress
            | Effect::ShowUnread(_)
            | Effect::Wipe
            | Effect::LeavePage => {}
        }
    }

    pub(super) fn is_honest(&self, page: usize) -> bool {
        self.pages[page].conduct == Conduct::Honest
    }

    fn connect(&mut self, page: usize, epoch: Epoch) {
        self.disconnect(page);
        let connection = self.server.connect(page, epoch);
        self.pages[page].socket = Some(Socket { connection, epoch, leads: Leads::Somewhere });
        self.sort_mail();
    }

    fn disconnect(&mut self, page: usize) {
        let Page { socket, outbox, .. } = &mut self.pages[page];
        if let Some(Socket { connection, .. }) = socket.take() {
            outbox.push_back(Outward::End(connection));
        }
    }

    /// A page's socket breaks, and both sides learn of it.
    pub(super) fn cut(&mut self, page: usize, loss: Loss) {
        let Some(Socket { connection, epoch, .. }) = self.pages[page].socket.take() else { return };
        match loss {
            Loss::Nothing => while self.carry_out(page) {},
            Loss::Down => {
                while self.carry_out(page) {}
                self.pages[page].inbox.clear();
            }
            Loss::Both => {
                let is_other =
                    |out: &Outward| !matches!(out, Outward::Frame(of, _) if *of == connection);
                self.pages[page].outbox.retain(is_other);
                self.pages[page].inbox.clear();
            }
        }
        self.vanish(connection);
        self.pages[page].inbox.push_back(Letter { page, epoch, news: News::Closed });
    }

    /// From here on, until its socket is another, nothing a page sends arrives.
    pub(super) fn deafen(&mut self, page: usize) {
        if let Some(socket) = &mut self.pages[page].socket {
            socket.leads = Leads::Nowhere;
        }
    }

    fn vanish(&mut self, connection: ConnectionId) {
        self.server.vanish(connection, self.now);
        self.sort_mail();
    }

    pub(super) fn sort_mail(&mut self) {
        for letter in std::mem::take(&mut self.server.mail) {
            self.pages[letter.page].inbox.push_back(letter);
        }
    }

    /// One frame of a page's arrives at the server.
    pub(super) fn carry_out(&mut self, page: usize) -> bool {
        match self.pages[page].outbox.pop_front() {
            Some(Outward::Frame(connection, frame)) => {
                self.server.hear(connection, frame, self.now);
                self.sort_mail();
                true
            }
            Some(Outward::End(connection)) => {
                self.vanish(connection);
                true
            }
            None => false,
        }
    }

    /// One letter arrives at a page, if it is awake.
    pub(super) fn carry_in(&mut self, page: usize) -> bool {
        if self.pages[page].watch == Watch::Asleep {
            return false;
        }
        let Some(Letter { epoch, news, .. }) = self.pages[page].inbox.pop_front() else {
            return false;
        };
        let is_current = self.pages[page].socket.is_some_and(|socket| socket.epoch == epoch);
        let msg = match news {
            News::Opened => Msg::SocketOpened { epoch },
            News::Received(bytes) => Msg::SocketReceived { epoch, bytes },
            News::Closed => {
                if is_current {
                    self.pages[page].socket = None;
                }
                Msg::SocketClosed { epoch }
            }
        };
        self.tell(page, msg);
        true
    }

    /// Lets everything that is on its way and not held arrive, without time passing.
    pub fn settle(&mut self) {
        for _ in 0..ROUNDS_MAX {
            let mut moved = false;
            for page in 0..self.pages.len() {
                if self.pages[page].road == Road::Clear {
                    moved |= self.carry_out(page);
                    moved |= self.carry_in(page);
                }
            }
            if !moved {
                return;
            }
        }
        self.is_restless = true;
    }

    /// Lets time pass, with every timer and deadline at its moment.
    pub fn wait(&mut self, by: Duration) {
        let end = self.now + by;
        self.settle();
        while let Some(at) = self.next_moment().filter(|at| *at <= end) {
            self.now = at.max(self.now);
            self.fire();
            self.settle();
            if self.is_restless {
                return;
            }
        }
        self.now = end;
    }

    fn next_moment(&self) -> Option<Instant> {
        let timers = self.pages.iter().filter_map(Page::next_timer);
        timers.chain(self.server.deadline()).min()
    }

    fn fire(&mut self) {
        if self.server.deadline().is_some_and(|at| at <= self.now) {
            self.server.elapse(self.now);
            self.sort_mail();
        }
        for page in 0..self.pages.len() {
            if self.pages[page].watch == Watch::Asleep {
                continue;
            }
            let timers = std::mem::take(&mut self.pages[page].timers);
            let (due, waiting): (Vec<_>, Vec<_>) =
                timers.into_iter().partition(|(at, ..)| *at <= self.now);
            self.pages[page].timers = waiting;
            let due: Vec<(Instant, Epoch, Timer)> = due;
            for (_, epoch, timer) in due {
                self.tell(page, Msg::TimerFired { epoch, timer });
            }
        }
    }

    /// Enters in the ledger what a page shows.
    fn observe(&mut self, page: usize) {
        let Self { pages, server, ledger, link, .. } = self;
        let here = &mut pages[page];
        let sanctuary_client::Screen::Room(room) = &here.model.screen else {
            if let Some(stay) = here.stay.take() {
                ledger.stays[stay].course = Course::Over;
            }
            return;
        };
        let stay = *here.stay.get_or_insert_with(|| {
            here.lines_read = 0;
            let seat = server.seat(room.me());
            let admitted = server.admitted.get(&seat).copied().unwrap_or_default();
            ledger.enter(page, seat, admitted)
        });
        ledger.stays[stay].tampering = room.tampering().to_vec();
        let missed = room.timeline.lines().filter_map(|line| match &line.body {
            Body::Happened(Happening::Missed { messages }) => Some(*messages),
            _ => None,
        });
        ledger.stays[stay].missed = missed.sum();
        let lines = room.timeline.lines().len();
        for line in room.timeline.lines().skip(here.lines_read) {
            ledger.show(stay, line, server.clock);
        }
        here.lines_read = lines;
        ledger.stays[stay].known.extend(room.session().members().keys().copied());
        *link = room.invitation.link.fragment().to_string();
    }
}
