//! Client cores with real sockets and a real clock: what a page's shell does, without a page.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use sanctuary_client::ended::Ending;
use sanctuary_client::markup::plain;
use sanctuary_client::room::{self, Body};
use sanctuary_client::{Effect, Epoch, Model, Msg, Screen, Timer, Timestamp, home, update};
use sanctuary_crypto::Stretched;
use sanctuary_protocol::encode;
use tungstenite::client::IntoClientRequest as _;
use tungstenite::{Error, Message, WebSocket};

/// An emulated server answers within seconds, and a commit a second is all a room takes.
const PATIENCE: Duration = Duration::from_secs(90);

/// How long one socket is listened to before the next one's turn.
const LISTEN: Duration = Duration::from_millis(5);

/// How a stay ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Left,
    Kicked,
    ByOperator,
    Otherwise,
}

/// Everybody.
pub(crate) struct People {
    server: SocketAddr,
    people: Vec<Person>,
    started: Instant,
}

struct Person {
    model: Model,
    socket: Option<(Epoch, WebSocket<TcpStream>)>,
    timers: Vec<(Instant, Epoch, Timer)>,
}

impl People {
    pub(crate) fn at(server: SocketAddr) -> Self {
        Self { server, people: Vec::new(), started: Instant::now() }
    }

    pub(crate) fn starts_a_room(&mut self, alias: &str) -> usize {
        self.comes_in(alias, "")
    }

    /// Opens the page at a link, and waits to be in the room.
    pub(crate) fn comes_in(&mut self, alias: &str, link: &str) -> usize {
        let model = Model::open(&format!("http://{}", self.server), link);
        self.people.push(Person { model, socket: None, timers: Vec::new() });
        let person = self.people.len() - 1;
        self.tell(person, Msg::Home(home::Msg::TypedAlias(alias.to_owned())));
        self.tell(person, Msg::Home(home::Msg::Submitted));
        self.until("somebody comes in", |people| {
            matches!(people.people[person].model.screen, Screen::Room(_))
        });
        person
    }

    pub(crate) fn link(&self, person: usize) -> String {
        self.room(person).unwrap().invitation.link.fragment().to_string()
    }

    pub(crate) fn says(&mut self, person: usize, draft: &str) {
        let typed = room::Msg::TypedDraft { text: draft.to_owned(), caret: draft.len() };
        self.tell(person, Msg::Room(typed));
        self.tell(person, Msg::Room(room::Msg::SubmittedDraft));
    }

    /// How many people that page shows in the room.
    pub(crate) fn sees(&self, person: usize) -> usize {
        self.room(person).map_or(0, |room| room.roster().len())
    }

    /// Whether that page shows those words, and has their place in the order.
    pub(crate) fn reads(&self, person: usize, words: &str) -> bool {
        let Some(room) = self.room(person) else { return false };
        room.timeline.lines().any(|line| match &line.body {
            Body::Said { words: said, .. } => plain(&said.markup) == words,
            _ => false,
        })
    }

    pub(crate) fn ended(&self, person: usize) -> Option<Ended> {
        match &self.people[person].model.screen {
            Screen::Ended(ended) => Some(match ended.why {
                Ending::Left => Ended::Left,
                Ending::KickedBy(_) => Ended::Kicked,
                Ending::PurgedByOperator(_) => Ended::ByOperator,
                _ => Ended::Otherwise,
            }),
            Screen::Home(_) | Screen::Joining(_) | Screen::Room(_) => None,
        }
    }

    fn room(&self, person: usize) -> Option<&room::Room> {
        match &self.people[person].model.screen {
            Screen::Room(room) => Some(room),
            Screen::Home(_) | Screen::Joining(_) | Screen::Ended(_) => None,
        }
    }

    /// Everybody goes on until it holds.
    pub(crate) fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !holds(self) {
            assert!(begun.elapsed() < PATIENCE, "never: {what}");
            for person in 0..self.people.len() {
                self.fire(person);
                self.listen(person);
            }
        }
    }

    fn fire(&mut self, person: usize) {
        let now = Instant::now();
        let timers = std::mem::take(&mut self.people[person].timers);
        let (due, waiting): (Vec<_>, Vec<_>) = timers.into_iter().partition(|(at, ..)| *at <= now);
        self.people[person].timers = waiting;
        for (_, epoch, timer) in due {
            self.tell(person, Msg::TimerFired { epoch, timer });
        }
    }

    fn listen(&mut self, person: usize) {
        let Some((epoch, socket)) = &mut self.people[person].socket else { return };
        let epoch = *epoch;
        match socket.read() {
            Ok(Message::Binary(bytes)) => {
                self.tell(person, Msg::SocketReceived { epoch, bytes: bytes.to_vec() });
            }
            Ok(_) => {}
            Err(Error::Io(error))
                if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => {
                self.people[person].socket = None;
                self.tell(person, Msg::SocketClosed { epoch });
            }
        }
    }

    fn tell(&mut self, person: usize, msg: Msg) {
        let wall = Timestamp(self.started.elapsed().as_millis() as u64);
        for effect in update(&mut self.people[person].model, msg, wall) {
            self.perform(person, effect);
        }
        if let Some(room) = self.room(person) {
            assert_eq!(room.tampering(), [], "an honest server is accused");
        }
    }

    fn perform(&mut self, person: usize, effect: Effect) {
        match effect {
            Effect::Derive { epoch, link } => {
                let stretched = Stretched::derive(&link.room, &link.secret);
                self.tell(person, Msg::Derived { epoch, stretched });
            }
            Effect::Connect { epoch, room } => {
                self.people[person].socket = Some((epoch, self.connect(&room.to_string())));
                self.tell(person, Msg::SocketOpened { epoch });
            }
            Effect::Send(frame) => {
                if let Some((_, socket)) = &mut self.people[person].socket {
                    // A server that has hung up says so to the reader.
                    let _ = socket.send(Message::Binary(encode(&frame).into()));
                }
            }
            Effect::Disconnect => {
                if let Some((_, mut socket)) = self.people[person].socket.take() {
                    let _ = socket.close(None);
                    let _ = socket.flush();
                }
            }
            Effect::StartTimer { epoch, timer, millis } => {
                let at = Instant::now() + Duration::from_millis(millis.into());
                self.people[person].timers.push((at, epoch, timer));
            }
            // The rest is the page's own.
            _ => {}
        }
    }

    fn connect(&self, room: &str) -> WebSocket<TcpStream> {
        let address = self.server;
        let mut request = format!("ws://{address}/room/{room}").into_client_request().unwrap();
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", "sanctuary.v1".parse().unwrap());
        headers.insert("origin", format!("http://{address}").parse().unwrap());
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let (socket, _) = tungstenite::client(request, stream).unwrap();
        socket.get_ref().set_read_timeout(Some(LISTEN)).unwrap();
        socket
    }
}
