//! The pages, the clock, and whatever is under way between them and the server. Whatever a page's
//! shell would do with an effect is done here.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use sanctuary_client::{Effect, Epoch, Model, Msg, Timestamp, update};
use sanctuary_engine::{Ended, StartError};
use sanctuary_protocol::{
    ClientFrame, ClientFrameKind, CloseReason, RoomId, ServerFrame, decode, encode,
};
use tokio::time::Instant;

use super::page::{Page, Road, Watch, Way};
use super::plan::{Bounds, Loss, Part};
use super::record::{self, Record};
use super::server::{End, Server};
use super::socket::{News, Socket};
use super::tally::{Fault, Kind, Tally};
use crate::people::{Course, Ledger, People, quick_stretch};

/// How long whatever is under way takes: the server is done with all it has before it is over.
const HOP: Duration = Duration::from_millis(1);

/// Hops in which nothing moves, after which nothing will: whoever waits for a restart asks again
/// after two.
const HOPS_STILL: u32 = 4;

/// Hops of one settling: far more than any plan needs, so that a loop is found.
const HOPS_MAX: u32 = 20_000;

/// The pages' clock at the beginning: later than anything is set back by.
const DAWN_MILLIS: u64 = 1_000_000_000;

/// Pages around a server.
#[derive(Debug)]
pub(super) struct World {
    pub(super) pages: Vec<Page>,
    pub(super) server: Server,
    pub(super) ledger: Ledger,
    pub(super) tally: Tally,
    pub(super) record: Record,
    /// Every link that was shared, the newest last.
    pub(super) links: Vec<String>,
    /// Which of all rooms lives under each id, or did last.
    pub(super) rooms: BTreeMap<RoomId, u32>,
    pub(super) rooms_started: u32,
    /// Sockets that pages have let go of, until they are closed.
    closing: Vec<Socket>,
    /// How often anything has happened.
    pub(super) moment: u64,
    started: Instant,
    /// Whether something was sent for ever.
    pub(super) is_restless: bool,
    /// How servers ended by themselves.
    pub(super) ended: Vec<Ended>,
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
        self.links.last().cloned().unwrap_or_default()
    }

    fn ledger(&mut self) -> &mut Ledger {
        &mut self.ledger
    }

    fn tell(&mut self, page: usize, msg: Msg) {
        self.moment += 1;
        let clock = i64::try_from(self.elapsed().as_millis()).unwrap_or(i64::MAX);
        let wall =
            Timestamp(DAWN_MILLIS.saturating_add_signed(clock + self.pages[page].clock * 1000));
        let effects = update(&mut self.pages[page].model, msg, wall);
        self.observe(page);
        for effect in effects {
            self.perform(page, effect);
        }
    }

    fn reopen(&mut self, page: usize, fragment: &str) {
        self.disconnect(page);
        if let Some(stay) = self.pages[page].stay {
            self.ledger.stays[stay].course = Course::Over;
        }
        let Page { watch, road, clock, .. } = self.pages[page];
        self.pages[page] = Page { watch, road, clock, ..Page::open(fragment) };
    }
}

impl World {
    /// Nobody yet.
    pub(super) async fn new(people: u8, bounds: Bounds) -> Result<Self, StartError> {
        Ok(Self {
            pages: (0..people).map(|_| Page::open("")).collect(),
            server: Server::start(bounds).await?,
            ledger: Ledger::default(),
            tally: Tally::default(),
            record: Record::default(),
            links: Vec::new(),
            rooms: BTreeMap::new(),
            rooms_started: 0,
            closing: Vec::new(),
            moment: 0,
            started: Instant::now(),
            is_restless: false,
            ended: Vec::new(),
        })
    }

    pub(super) fn rooms_started(&self) -> u64 {
        self.rooms_started.into()
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    pub(super) fn note(&mut self, what: std::fmt::Arguments<'_>) {
        let at = self.elapsed();
        self.record.note(at, what);
    }

    fn perform(&mut self, page: usize, effect: Effect) {
        match effect {
            Effect::Derive { epoch, link } => {
                let stretched = quick_stretch(&link);
                self.tell(page, Msg::Derived { epoch, stretched });
            }
            Effect::Connect { epoch, room } => self.connect(page, epoch, room),
            Effect::Send(frame) => self.send(page, &frame),
            Effect::Disconnect => self.disconnect(page),
            Effect::StartTimer { epoch, timer, millis } => {
                let at = Instant::now() + Duration::from_millis(millis.into());
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

    fn connect(&mut self, page: usize, epoch: Epoch, room: RoomId) {
        self.disconnect(page);
        let wire = (!self.server.is_stopping()).then(|| self.server.connect());
        self.note(format_args!("{page} connects"));
        let here = &mut self.pages[page];
        here.room = Some(room);
        here.socket = Some((epoch, Socket::open(room, wire)));
    }

    fn send(&mut self, page: usize, frame: &ClientFrame) {
        self.note(format_args!("{page} sends {}", record::sent(frame)));
        let moment = self.moment;
        let here = &mut self.pages[page];
        match frame.kind() {
            ClientFrameKind::Create => (here.way, here.asked_at) = (Way::Started, moment),
            ClientFrameKind::Knock => (here.way, here.asked_at) = (Way::LetIn, moment),
            ClientFrameKind::Resume => here.way = Way::Resuming,
            _ => {}
        }
        if let Some((_, socket)) = &mut here.socket {
            socket.send(encode(frame));
        }
    }

    /// The page lets go of its socket, which closes by itself.
    fn disconnect(&mut self, page: usize) {
        if let Some((_, mut socket)) = self.pages[page].socket.take() {
            socket.close();
            self.closing.push(socket);
        }
    }

    /// A page's socket breaks, and both sides learn of it.
    pub(super) fn cut(&mut self, page: usize, loss: Loss) {
        let here = &mut self.pages[page];
        let Some((epoch, mut socket)) = here.socket.take() else { return };
        socket.break_off(loss);
        while let Some(news) = socket.news() {
            here.inbox.push_back((epoch, news));
        }
    }

    /// Everything that is carried breaks with everything that is on its way.
    pub(super) fn cut_all(&mut self) {
        for page in 0..self.pages.len() {
            self.cut(page, Loss::Both);
        }
        self.closing.clear();
    }

    /// Lets everything that is on its way and not held arrive. Time passes only as it takes.
    pub(super) async fn settle(&mut self) -> Result<(), StartError> {
        let mut still = 0;
        for _ in 0..HOPS_MAX {
            still = if self.hop().await? { 0 } else { still + 1 };
            if still == HOPS_STILL {
                return Ok(());
            }
        }
        self.is_restless = true;
        Ok(())
    }

    /// Lets time pass, with every timer and deadline at its moment.
    pub(super) async fn wait(&mut self, by: Duration) -> Result<(), StartError> {
        let end = Instant::now() + by;
        loop {
            self.settle().await?;
            if Instant::now() >= end || self.is_restless {
                return Ok(());
            }
            let timers = self.pages.iter().filter_map(Page::next_timer);
            let next = timers.min().unwrap_or(end).min(end);
            let Self { pages, closing, server, .. } = self;
            let arrival = poll_fn(|context| {
                let held = pages.iter_mut().filter(|page| page.road == Road::Clear);
                let sockets = held.filter_map(|page| page.socket.as_mut().map(|(_, it)| it));
                let mut any = Poll::Pending;
                for socket in sockets.chain(closing.iter_mut()) {
                    if socket.poll_carry(context).is_ready() {
                        any = Poll::Ready(());
                    }
                }
                any
            });
            tokio::select! {
                biased;
                () = arrival => {}
                () = server.stirs() => {}
                () = tokio::time::sleep_until(next) => {}
            }
        }
    }

    /// The server does all it has to do; then whatever is on its way arrives, one message at each
    /// page. Says whether anything moved.
    pub(super) async fn hop(&mut self) -> Result<bool, StartError> {
        tokio::time::sleep(HOP).await;
        let mut moved = self.look_after_server().await?;
        for page in 0..self.pages.len() {
            moved |= self.carry(page);
            moved |= self.take_in(page);
            moved |= self.fire(page);
        }
        for socket in &mut self.closing {
            while socket.carry() {
                moved = true;
            }
            while socket.news().is_some() {}
        }
        self.closing.retain(|socket| !socket.is_over());
        Ok(moved)
    }

    /// A server that has ended is started again.
    async fn look_after_server(&mut self) -> Result<bool, StartError> {
        let Some(end) = self.server.end() else { return Ok(false) };
        self.note(format_args!("the server has ended: {end:?}"));
        if let End::ByItself(ended) = end {
            self.ended.push(ended);
            self.tally.fault(Fault::RestartsSpent);
        }
        self.count_burned();
        self.count_hang_ups();
        self.server.start_again().await?;
        Ok(true)
    }

    /// A part is about to fail, if there is one.
    pub(super) fn count_failure(&mut self, part: Part) {
        if part == Part::Lobby || self.server.has_rooms() {
            self.tally.fault(Fault::Panic(part));
        }
    }

    /// Whatever was to fail at a message, and has since.
    pub(super) fn count_burned(&mut self) {
        for part in self.server.burned() {
            self.tally.fault(Fault::PanicAtMessage(part));
        }
    }

    /// Whoever reads too slowly does not hear of it; the server that is about to go knows.
    pub(super) fn count_hang_ups(&mut self) {
        for _ in 0..self.server.too_slow() {
            self.tally.count(Kind::HungUp(CloseReason::TooSlow));
        }
    }

    fn carry(&mut self, page: usize) -> bool {
        let here = &mut self.pages[page];
        if here.road == Road::Held {
            return false;
        }
        let Some((epoch, socket)) = &mut here.socket else { return false };
        let mut moved = false;
        while socket.carry() {
            moved = true;
        }
        while let Some(news) = socket.news() {
            here.inbox.push_back((*epoch, news));
            moved = true;
        }
        moved
    }

    fn take_in(&mut self, page: usize) -> bool {
        let here = &mut self.pages[page];
        if here.watch == Watch::Asleep {
            return false;
        }
        let Some((epoch, news)) = here.inbox.pop_front() else { return false };
        match news {
            News::Opened => self.tell(page, Msg::SocketOpened { epoch }),
            News::Received(bytes) => {
                self.hear(page, &bytes);
                self.tell(page, Msg::SocketReceived { epoch, bytes });
            }
            News::Closed => {
                here.socket.take_if(|(current, _)| *current == epoch);
                self.tell(page, Msg::SocketClosed { epoch });
            }
        }
        true
    }

    fn hear(&mut self, page: usize, bytes: &[u8]) {
        let Ok(frame) = decode::<ServerFrame>(bytes) else { return };
        self.note(format_args!("{page} hears {}", record::told(&frame)));
        let here = &mut self.pages[page];
        match frame {
            ServerFrame::Opened(_) if here.way == Way::Resuming => self.tally.count(Kind::Resumed),
            ServerFrame::Refused { why, .. } => self.tally.count(Kind::Refused(why)),
            ServerFrame::Closed { reason: CloseReason::TooSlow } => {}
            ServerFrame::Closed { reason } => self.tally.count(Kind::HungUp(reason)),
            _ => {}
        }
    }

    fn fire(&mut self, page: usize) -> bool {
        let due = self.pages[page].due(Instant::now());
        let any = !due.is_empty();
        for (epoch, timer) in due {
            self.tell(page, Msg::TimerFired { epoch, timer });
        }
        any
    }
}
