//! People who come, talk, are cut off, return and go, in many rooms at once: what a page does, without
//! the cipher, which no server can check. Each holds the server to its order: whatever comes has the
//! next place in its room, over however many connections. When somebody does something is the business
//! of whoever holds the town.

mod answers;
mod person;

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, Result};
use sanctuary_protocol::limits::{ADMITS_MAX, EVICTS_MAX};
use sanctuary_protocol::{
    ClientFrame, CommitBlob, Few, KnockBlob, MemberId, Policy, PostBlob, RoomId, Seq, ServerFrame,
    WelcomeBlob, decode, encode,
};

use crate::crowd::{Call, Crowd, Listener};
use crate::handshake::Unopened;
pub(crate) use person::{Errand, Person, Seat, Standing};

/// The least time between two commits of a room, and a little: the server's is a second.
const COMMIT_WAIT: u64 = 1_050_000_000;

/// A place for a room.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    pub(crate) id: RoomId,
    /// Somebody has started it, and nobody has heard of its end.
    pub(crate) is_live: bool,
    pub(crate) host: MemberId,
    commit_at: u64,
}

/// What has happened so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Count {
    pub(crate) connects: u64,
    pub(crate) opened: u64,
    pub(crate) joined: u64,
    pub(crate) resumed: u64,
    pub(crate) said: u64,
    pub(crate) heard: u64,
    /// Posts among them.
    pub(crate) posts: u64,
    /// Entries that had not the next place.
    pub(crate) gaps: u64,
    /// Connections of seated members that ended unasked, and with no reason given.
    pub(crate) lost: u64,
    /// What the server answered in place of a WebSocket, by its first line.
    pub(crate) turned_away: BTreeMap<String, u64>,
    pub(crate) refused: BTreeMap<String, u64>,
    pub(crate) closed: BTreeMap<String, u64>,
}

/// All of them.
pub(crate) struct Town {
    pub(crate) crowd: Crowd,
    pub(crate) people: Vec<Person>,
    pub(crate) rooms: Vec<Room>,
    pub(crate) count: Count,
    /// Who holds which connection.
    holders: BTreeMap<usize, usize>,
    news: Vec<(usize, News)>,
}

/// What a connection brought.
enum News {
    Opened,
    Frame(Vec<u8>),
    TurnedAway(Unopened),
    Ended,
}

/// Kept until the crowd has been looked at.
#[derive(Default)]
struct Heard {
    news: Vec<(usize, News)>,
}

impl Listener for Heard {
    fn opened(&mut self, connection: usize) {
        self.news.push((connection, News::Opened));
    }

    fn heard(&mut self, connection: usize, message: &[u8], _now: u64) {
        self.news.push((connection, News::Frame(message.to_vec())));
    }

    fn turned_away(&mut self, connection: usize, why: Unopened) -> Result<(), Unopened> {
        self.news.push((connection, News::TurnedAway(why)));
        Ok(())
    }

    fn ended(&mut self, connection: usize) {
        self.news.push((connection, News::Ended));
    }
}

impl Town {
    /// So many rooms of so many people each, none of whom is anywhere yet.
    pub(crate) fn new(crowd: Crowd, rooms: Vec<RoomId>, members: usize) -> Self {
        let people = rooms
            .iter()
            .enumerate()
            .flat_map(|(room, id)| std::iter::repeat_n(Person::of(room, *id), members));
        Self {
            crowd,
            people: people.collect(),
            rooms: rooms.iter().map(|id| Room::named(*id)).collect(),
            count: Count::default(),
            holders: BTreeMap::new(),
            news: Vec::new(),
        }
    }

    pub(crate) fn now(&self) -> u64 {
        self.crowd.now()
    }

    /// Another room takes the place of one.
    pub(crate) fn replace(&mut self, room: usize, id: RoomId) {
        self.rooms[room] = Room::named(id);
    }

    /// Those who have a seat and a connection.
    pub(crate) fn seated(&self) -> usize {
        let is_seated = |person: &&Person| matches!(person.standing, Standing::Seated { .. });
        self.people.iter().filter(is_seated).count()
    }

    /// Those who are on the way.
    pub(crate) fn coming(&self) -> usize {
        let is_coming = |person: &&Person| matches!(person.standing, Standing::Coming { .. });
        self.people.iter().filter(is_coming).count()
    }

    /// Whether everybody has a seat, and has heard as much as all others of its room.
    pub(crate) fn is_level(&self) -> bool {
        let mut heard: BTreeMap<RoomId, Seq> = BTreeMap::new();
        self.people.iter().all(|person| match &person.standing {
            Standing::Seated { seat, .. } => {
                *heard.entry(person.at).or_insert(seat.seq) == seat.seq
            }
            Standing::Out | Standing::Coming { .. } | Standing::Away { .. } => false,
        })
    }

    /// Whether somebody is about to start that room.
    pub(crate) fn is_starting(&self, room: usize) -> bool {
        self.people.iter().any(|person| {
            let creates = |errand: &Errand| matches!(errand, Errand::Create);
            person.room == room
                && matches!(&person.standing, Standing::Coming { errand, .. } if creates(errand))
        })
    }

    /// Somebody who is out starts its room, or knocks at it.
    ///
    /// # Errors
    /// When nobody is there at all.
    pub(crate) fn enter(&mut self, person: usize, errand: Errand) -> Result<()> {
        let somebody = &mut self.people[person];
        somebody.at = self.rooms[somebody.room].id;
        somebody.refused = None;
        self.call(person, errand)
    }

    /// Somebody who is away tries to take its seat again. Where nobody answers at all, that was one
    /// more try.
    pub(crate) fn come_back(&mut self, person: usize) {
        let standing = std::mem::replace(&mut self.people[person].standing, Standing::Out);
        match standing {
            Standing::Away { seat, tries, .. } => {
                let errand = Errand::Resume { seat: seat.clone(), tries };
                if self.call(person, errand).is_err() {
                    let since = self.crowd.now();
                    self.people[person].standing = Standing::Away { seat, since, tries: tries + 1 };
                }
            }
            elsewhere => self.people[person].standing = elsewhere,
        }
    }

    fn call(&mut self, person: usize, errand: Errand) -> Result<()> {
        let Person { at, forwarded, .. } = self.people[person];
        let path = format!("/room/{at}");
        let connection = self.crowd.connect(&Call { forwarded, ..Call::to(&path) })?;
        self.holders.insert(connection, person);
        self.count.connects += 1;
        self.people[person].standing =
            Standing::Coming { connection, errand, since: self.crowd.now() };
        Ok(())
    }

    /// The network between somebody and the server breaks. Whoever had a seat may come back to it.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn cut(&mut self, person: usize) -> Result<()> {
        let now = self.crowd.now();
        let somebody = &mut self.people[person];
        somebody.forget_door();
        let (connection, next) = match std::mem::replace(&mut somebody.standing, Standing::Out) {
            Standing::Seated { connection, seat } => {
                (connection, Standing::Away { seat, since: now, tries: 0 })
            }
            Standing::Coming { connection, errand: Errand::Resume { seat, tries }, .. } => {
                (connection, Standing::Away { seat, since: now, tries: tries + 1 })
            }
            Standing::Coming { connection, errand: Errand::Create | Errand::Knock, .. } => {
                (connection, Standing::Out)
            }
            elsewhere @ (Standing::Out | Standing::Away { .. }) => {
                somebody.standing = elsewhere;
                return Ok(());
            }
        };
        somebody.standing = next;
        self.holders.remove(&connection);
        self.crowd.cut(connection)
    }

    /// Somebody goes without a word, and does not come back.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn vanish(&mut self, person: usize) -> Result<()> {
        self.cut(person)?;
        self.people[person].standing = Standing::Out;
        Ok(())
    }

    /// Somebody who has a seat says something of that many bytes.
    ///
    /// # Errors
    /// When that is more than a post may have.
    pub(crate) fn say(&mut self, person: usize, bytes: usize) -> Result<()> {
        let ciphertext = PostBlob::try_from(vec![0x5a; bytes.max(1)])?;
        self.count.said += 1;
        self.send(person, &ClientFrame::Post { ciphertext })
    }

    /// Somebody who has a seat sends a frame.
    ///
    /// # Errors
    /// When the server reads nothing.
    pub(crate) fn send(&mut self, person: usize, frame: &ClientFrame) -> Result<()> {
        match self.people[person].standing {
            Standing::Seated { connection, .. } => self.crowd.send(connection, &encode(frame)),
            Standing::Out | Standing::Coming { .. } | Standing::Away { .. } => Ok(()),
        }
    }

    /// A host puts somebody out.
    ///
    /// # Errors
    /// When the server reads nothing.
    pub(crate) fn kick(&mut self, host: usize, member: MemberId) -> Result<()> {
        self.send(host, &commit(Few::none(), Few::try_from(vec![member])?)?)
    }

    /// Whoever keeps a door opens it, as often as it may.
    ///
    /// # Errors
    /// When the server reads nothing.
    pub(crate) fn keep_doors(&mut self) -> Result<()> {
        let now = self.crowd.now();
        for person in 0..self.people.len() {
            let Person { room, at, knocks, admitting, admits_max, .. } = &mut self.people[person];
            let room = &mut self.rooms[*room];
            if knocks.is_empty()
                || !admitting.is_empty()
                || (room.id == *at && now < room.commit_at)
            {
                continue;
            }
            room.commit_at = now + COMMIT_WAIT;
            *admitting = knocks.drain(..knocks.len().min(*admits_max)).collect();
            *admits_max = ADMITS_MAX;
            let frame = commit(Few::try_from(admitting.clone())?, Few::none())?;
            self.send(person, &frame)?;
        }
        Ok(())
    }

    /// Looks for news for at most so long, and takes it in.
    ///
    /// # Errors
    /// When the server speaks no protocol.
    pub(crate) fn turn(&mut self, wait: Duration) -> Result<()> {
        let mut heard = Heard { news: std::mem::take(&mut self.news) };
        self.crowd.turn(wait, &mut heard)?;
        for (connection, news) in heard.news.drain(..) {
            // Whoever cut it off does not hear what came over it.
            let Some(person) = self.holders.get(&connection).copied() else { continue };
            match news {
                News::Opened => self.ask(person, connection)?,
                News::Frame(message) => {
                    let frame = decode::<ServerFrame>(&message).context("no frame of ours")?;
                    self.hear(person, connection, frame)?;
                }
                News::TurnedAway(why) => {
                    *self.count.turned_away.entry(why.first_line).or_default() += 1;
                    self.end(person, connection);
                }
                News::Ended => {
                    if matches!(self.people[person].standing, Standing::Seated { .. }) {
                        self.count.lost += 1;
                    }
                    self.end(person, connection);
                }
            }
        }
        self.news = heard.news;
        Ok(())
    }

    /// The WebSocket stands: what it was opened for.
    fn ask(&mut self, person: usize, connection: usize) -> Result<()> {
        let Standing::Coming { errand, .. } = &self.people[person].standing else { return Ok(()) };
        let frame = match errand {
            Errand::Create => ClientFrame::Create { policy: Policy::default() },
            Errand::Knock => ClientFrame::Knock { blob: KnockBlob::try_from(vec![1])? },
            Errand::Resume { seat, .. } => {
                ClientFrame::Resume { token: seat.token.clone(), last_seq: seat.seq }
            }
        };
        self.crowd.send(connection, &encode(&frame))
    }

    /// A connection is no more, whoever ended it.
    fn end(&mut self, person: usize, connection: usize) {
        self.holders.remove(&connection);
        let since = self.crowd.now();
        let somebody = &mut self.people[person];
        somebody.forget_door();
        somebody.standing = match std::mem::replace(&mut somebody.standing, Standing::Out) {
            Standing::Seated { seat, .. } => Standing::Away { seat, since, tries: 0 },
            Standing::Coming { errand: Errand::Resume { seat, tries }, .. } => {
                Standing::Away { seat, since, tries: tries + 1 }
            }
            Standing::Coming { errand: Errand::Create | Errand::Knock, .. } => Standing::Out,
            elsewhere @ (Standing::Out | Standing::Away { .. }) => elsewhere,
        };
    }
}

impl Room {
    fn named(id: RoomId) -> Self {
        Self { id, is_live: false, host: MemberId(0), commit_at: 0 }
    }
}

fn commit(
    admits: Few<MemberId, ADMITS_MAX>,
    evicts: Few<MemberId, EVICTS_MAX>,
) -> Result<ClientFrame> {
    Ok(ClientFrame::Commit {
        ciphertext: CommitBlob::try_from(vec![1])?,
        admits,
        evicts,
        welcome: WelcomeBlob::try_from(vec![1])?,
    })
}
