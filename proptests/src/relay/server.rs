//! The server: a real room core, and in front of it the relay. Honest, it tells all members the
//! room's order as it is. It may also tell all of them something else alike (then its order is longer
//! than the room's), or one of them (then that one's [`Story`] is its own).
//!
//! It opens nothing, and knows no page. `hearing` takes in what pages send,
//! `telling` goes on with the stories, `opening` begins them.

mod hearing;
mod opening;
mod telling;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use sanctuary_client::Epoch;
use sanctuary_engine::limits::RoomLimits;
use sanctuary_engine::room::{Command, ConnectionId, Effect, Room};
use sanctuary_protocol::{CloseReason, Entry, EntryKind, MemberId, Seq, ServerFrame, View, encode};

use super::alter::{flipped, flipped_blob};
use super::evidence::{Damage, Kind, Told};
use super::plan::Misopening;
use super::story::Story;
use crate::people::Seat;

/// A number no newcomer of a run gets.
pub const GHOST: MemberId = MemberId(9_999);

/// The server and what it has told.
#[derive(Debug)]
pub struct Server {
    room: Option<Room>,
    limits: RoomLimits,
    /// How many rooms there were, this one included.
    rooms: u32,
    /// What is told to all, and where in the room's own order it stands.
    order: Vec<(Entry, Option<Seq>)>,
    view: Option<View>,
    stories: BTreeMap<MemberId, Story>,
    lanes: BTreeMap<ConnectionId, Lane>,
    connections: u64,
    armed: BTreeSet<(usize, Armed)>,
    tokens: BTreeMap<[u8; 16], Token>,
    /// What the last to ask for its seat again says it has.
    resumed_after: Seq,
    /// Letters to pages, in the order they were sent.
    pub mail: Vec<Letter>,
    /// The lies so far.
    pub told: Vec<Told>,
    /// Counts what the server has done.
    pub clock: u64,
    /// When each member was let in.
    pub admitted: BTreeMap<Seat, u64>,
}

/// A connection, and whose it is.
#[derive(Clone, Copy, Debug)]
pub struct Lane {
    /// The page's place.
    pub page: usize,
    epoch: Epoch,
    seated: Seated,
    /// The number it has inside, or at the door.
    pub member: Option<MemberId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seated {
    No,
    Yes,
    /// Put out, and not told.
    Harboured,
}

/// Whose seat a token takes, and where in the room's own order it was first taken.
#[derive(Clone, Copy, Debug)]
struct Token {
    member: MemberId,
    opened_at: Seq,
}

/// What waits to be done to one page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Armed {
    /// To its opening.
    Misopen(Misopening),
    /// To a word from the door, or its welcome.
    FlipDoor(u8),
    /// To its own word at the door.
    FlipAnswer(u8),
    /// To its post: nothing comes of it.
    SwallowPost,
    /// To its commit: nothing comes of it.
    SwallowCommit,
    /// When it is put out.
    Harbour,
    /// To any frame.
    Mangle(u8),
}

/// What comes to a page.
#[derive(Debug)]
pub struct Letter {
    /// The page's place.
    pub page: usize,
    /// Its socket's.
    pub epoch: Epoch,
    /// What.
    pub news: News,
}

/// What comes over a socket.
#[derive(Debug)]
pub enum News {
    /// It stands.
    Opened,
    /// A message.
    Received(Vec<u8>),
    /// It is no more.
    Closed,
}

impl Server {
    /// A server with no room.
    pub fn new(limits: RoomLimits) -> Self {
        Self {
            room: None,
            limits,
            rooms: 0,
            order: Vec::new(),
            view: None,
            stories: BTreeMap::new(),
            lanes: BTreeMap::new(),
            connections: 0,
            armed: BTreeSet::new(),
            tokens: BTreeMap::new(),
            resumed_after: Seq::default(),
            mail: Vec::new(),
            told: Vec::new(),
            clock: 0,
            admitted: BTreeMap::new(),
        }
    }

    /// A member of the room that stands.
    pub const fn seat(&self, member: MemberId) -> Seat {
        Seat { room: self.rooms, member }
    }

    /// The order all are told.
    pub fn order(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.order.iter().map(|(entry, _)| entry)
    }

    /// The connection a page talks over.
    pub fn lane(&self, page: usize) -> Option<(ConnectionId, Lane)> {
        let mut lanes = self.lanes.iter().rev();
        lanes.find(|(_, lane)| lane.page == page).map(|(id, lane)| (*id, *lane))
    }

    /// Who is at the door.
    pub fn at_the_door(&self) -> Option<MemberId> {
        let newcomers = self.lanes.values().filter(|lane| lane.seated == Seated::No);
        newcomers.filter_map(|lane| lane.member).min()
    }

    /// The room as all are told it.
    pub const fn view(&self) -> Option<&View> {
        self.view.as_ref()
    }

    /// The story of a page's member.
    pub fn story_of(&mut self, page: usize) -> Option<(MemberId, &mut Story)> {
        let (_, Lane { member, .. }) = self.lane(page)?;
        let member = member?;
        self.stories.get_mut(&member).map(|story| (member, story))
    }

    /// When something is due.
    pub fn deadline(&self) -> Option<Instant> {
        self.room.as_ref().and_then(Room::deadline)
    }

    /// Lies to a page when there is occasion to.
    pub fn arm(&mut self, page: usize, armed: Armed) {
        self.armed.insert((page, armed));
    }

    /// From here on there are no more lies; what was told stays told.
    pub fn come_clean(&mut self) {
        self.armed.clear();
        let members: Vec<MemberId> = self.stories.keys().copied().collect();
        for member in members {
            let late = self.stories.get_mut(&member).map(Story::disarm).unwrap_or_default();
            self.send_entries(member, late);
        }
        // Whoever was put out and never told is told by what an honest server does with a
        // connection it knows nothing of.
        let harboured = |lane: &&Lane| lane.seated == Seated::Harboured;
        let ended: Vec<ConnectionId> =
            self.lanes.iter().filter(|(_, lane)| harboured(lane)).map(|(id, _)| *id).collect();
        for connection in ended {
            self.deliver(connection, &ServerFrame::Closed { reason: CloseReason::Kicked });
            self.close_lane(connection);
        }
    }

    /// A page opens a socket.
    pub fn connect(&mut self, page: usize, epoch: Epoch) -> ConnectionId {
        self.connections += 1;
        let connection = ConnectionId(self.connections);
        self.lanes.insert(connection, Lane { page, epoch, seated: Seated::No, member: None });
        self.mail.push(Letter { page, epoch, news: News::Opened });
        connection
    }

    /// A socket is no more.
    pub fn vanish(&mut self, connection: ConnectionId, now: Instant) {
        if let Some(lane) = self.lanes.remove(&connection) {
            if let (Seated::Harboured, Some(member)) = (lane.seated, lane.member) {
                self.stories.remove(&member);
            }
            self.command(Command::Vanish { connection }, now);
        }
    }

    /// Something is due.
    pub fn elapse(&mut self, now: Instant) {
        self.command(Command::Elapse, now);
    }

    fn disarm<T>(&mut self, page: usize, take: impl Fn(Armed) -> Option<T>) -> Option<T> {
        let armed = self.armed.iter().filter(|(of, _)| *of == page);
        let (found, taken) =
            armed.filter_map(|(_, armed)| take(*armed).map(|it| (*armed, it))).next()?;
        self.armed.remove(&(page, found));
        Some(taken)
    }

    /// Notes a lie about whoever it is told to.
    pub fn lie(&mut self, kind: Kind, damage: Damage, victim: Option<MemberId>) {
        let victim = victim.map(|member| self.seat(member));
        self.told.push(Told { kind, damage, victim, subject: None, connection: None });
    }

    fn command(&mut self, command: Command, now: Instant) {
        let Some(room) = &mut self.room else { return };
        let effects = room.handle(command, now);
        // What the room does not keep for whoever comes back.
        let shed: BTreeSet<Seq> = (effects.iter())
            .filter_map(|effect| match effect {
                Effect::Send { frame: ServerFrame::Entry(entry), .. } => Some(entry),
                _ => None,
            })
            .filter(|entry| matches!(entry.kind, EntryKind::Shed { .. }))
            .map(|entry| entry.seq)
            .collect();
        for effect in effects {
            match effect {
                Effect::Send { to, frame: ServerFrame::Opened(opening) } => {
                    self.open(to, opening, &shed);
                }
                // Told by the story instead, right after the opening.
                Effect::Send { to: _, frame: ServerFrame::Entry(_) } => {}
                Effect::Send { to, frame } => self.deliver(to, &frame),
                Effect::Seat { connection } => self.sit(connection),
                Effect::Broadcast(ServerFrame::Entry(entry)) => self.sequence(&entry),
                Effect::Broadcast(frame) => {
                    let lanes = self.lanes.iter().filter(|(_, lane)| lane.seated == Seated::Yes);
                    let seated: Vec<ConnectionId> = lanes.map(|(id, _)| *id).collect();
                    seated.into_iter().for_each(|id| self.deliver(id, &frame));
                }
                Effect::HangUp { connection, reason } => self.hang_up(connection, reason, now),
                Effect::End => self.end(),
            }
        }
    }

    fn sit(&mut self, connection: ConnectionId) {
        if let Some(lane) = self.lanes.get_mut(&connection) {
            lane.seated = Seated::Yes;
        }
    }

    fn end(&mut self) {
        self.room = None;
        self.order.clear();
        self.view = None;
        self.stories.clear();
        self.tokens.clear();
    }

    fn hang_up(&mut self, connection: ConnectionId, reason: CloseReason, now: Instant) {
        let is_harboured =
            self.lanes.get(&connection).is_some_and(|lane| lane.seated == Seated::Harboured);
        if !is_harboured {
            self.deliver(connection, &ServerFrame::Closed { reason });
            self.close_lane(connection);
        }
        self.command(Command::Vanish { connection }, now);
    }

    fn close_lane(&mut self, connection: ConnectionId) {
        if let Some(Lane { page, epoch, .. }) = self.lanes.remove(&connection) {
            self.mail.push(Letter { page, epoch, news: News::Closed });
        }
    }

    fn deliver(&mut self, to: ConnectionId, frame: &ServerFrame) {
        let Some(lane) = self.lanes.get_mut(&to) else { return };
        if let ServerFrame::Knocked { member } = frame {
            lane.member = Some(*member);
        }
        let Lane { page, epoch, member, .. } = *lane;
        let mut bytes = encode(frame);
        if matches!(frame, ServerFrame::Door { .. } | ServerFrame::Welcome { .. }) {
            let byte = self.disarm(page, |armed| match armed {
                Armed::FlipDoor(byte) => Some(byte),
                _ => None,
            });
            if let Some(byte) = byte {
                self.lie(Kind::FlipDoor, Damage::Loses, member);
                bytes = flipped_door(frame, byte);
            }
        }
        let byte = self.disarm(page, |armed| match armed {
            Armed::Mangle(byte) => Some(byte),
            _ => None,
        });
        if let Some(byte) = byte {
            self.lie(Kind::Mangle, Damage::Loses, member);
            bytes = flipped(&bytes, byte);
        }
        self.mail.push(Letter { page, epoch, news: News::Received(bytes) });
    }

    /// Says something to one page, whatever it is.
    pub fn say(&mut self, page: usize, frame: &ServerFrame) {
        if let Some((connection, _)) = self.lane(page) {
            self.deliver(connection, frame);
        }
    }
}

fn flipped_door(frame: &ServerFrame, byte: u8) -> Vec<u8> {
    encode(&match frame {
        ServerFrame::Door { member, blob } => {
            ServerFrame::Door { member: *member, blob: flipped_blob(blob, byte) }
        }
        ServerFrame::Welcome { ciphertext } => {
            ServerFrame::Welcome { ciphertext: flipped_blob(ciphertext, byte) }
        }
        other => other.clone(),
    })
}
