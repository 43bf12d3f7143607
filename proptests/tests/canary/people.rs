//! Real client cores over real loopback sockets, each from an address of its own: what a browser's shell
//! would do with an effect is done here.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use sanctuary_client::{Effect, Epoch, Model, Msg, Screen, Timer, Timestamp, home, room, update};
use sanctuary_crypto::Stretched;
use sanctuary_protocol::{
    ClientFrame, EntryKind, Opening, ROOM_PATH, RoomId, SUBPROTOCOL, ServerFrame, decode, encode,
};
use socket2::{Domain, Socket, Type};
use tungstenite::client::IntoClientRequest as _;
use tungstenite::{Error, Message, WebSocket};

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long to look at one socket before the next.
const GLANCE: Duration = Duration::from_millis(2);

/// What somebody learned that the server should keep no trace of.
#[derive(Default)]
pub(crate) struct Learned {
    /// Sealed posts, as they came.
    pub(crate) sealed: Vec<Vec<u8>>,
    /// What opens a seat again.
    pub(crate) tokens: Vec<[u8; 16]>,
    /// Which rooms.
    pub(crate) rooms: Vec<RoomId>,
    /// From where.
    pub(crate) places: Vec<SocketAddr>,
}

/// Somebody with a page.
pub(crate) struct Person {
    model: Model,
    server: SocketAddr,
    address: Ipv4Addr,
    /// What the browser says of itself.
    header: String,
    socket: Option<(Epoch, WebSocket<TcpStream>)>,
    timers: Vec<(Instant, Epoch, Timer)>,
    begun: Instant,
    pub(crate) learned: Learned,
}

impl Person {
    /// Opens the page from an address.
    pub(crate) fn open(
        server: SocketAddr,
        address: Ipv4Addr,
        header: &str,
        fragment: &str,
    ) -> Self {
        Self {
            model: Model::open("https://sanctuary.example", fragment),
            server,
            address,
            header: header.to_owned(),
            socket: None,
            timers: Vec::new(),
            begun: Instant::now(),
            learned: Learned::default(),
        }
    }

    /// Fills in the form and goes in.
    pub(crate) fn enter(&mut self, form: Vec<home::Msg>) {
        form.into_iter().for_each(|msg| self.tell(Msg::Home(msg)));
        self.tell(Msg::Home(home::Msg::Submitted));
    }

    /// Types a draft and sends it.
    pub(crate) fn say(&mut self, draft: &str) {
        let typed = room::Msg::TypedDraft { text: draft.to_owned(), caret: draft.len() };
        self.tell(Msg::Room(typed));
        self.tell(Msg::Room(room::Msg::SubmittedDraft));
    }

    /// Yes, to the question asked.
    pub(crate) fn confirm(&mut self) {
        self.tell(Msg::Room(room::Msg::ConfirmedDialog));
    }

    /// The invitation, as it stands behind the `#`.
    pub(crate) fn link(&self) -> String {
        self.room().invitation.link.fragment().to_string()
    }

    /// The network between is gone, and only this side knows.
    pub(crate) fn lose_connection(&mut self) {
        if let Some((epoch, socket)) = self.socket.take() {
            drop(socket);
            self.tell(Msg::SocketClosed { epoch });
        }
    }

    /// Whether this text stands in the timeline.
    pub(crate) fn reads(&self, text: &str) -> bool {
        let Screen::Room(room) = &self.model.screen else { return false };
        room.timeline.lines().any(|line| {
            line.words().is_some_and(|(_, words)| {
                sanctuary_client::markup::plain(&words.markup).contains(text)
            })
        })
    }

    pub(crate) fn is_in(&self) -> bool {
        matches!(self.model.screen, Screen::Room(_)) && self.socket.is_some()
    }

    pub(crate) fn is_out(&self) -> bool {
        matches!(self.model.screen, Screen::Ended(_))
    }

    /// How often it came back to its seat.
    pub(crate) fn returns(&self) -> usize {
        let lines = self.room().timeline.lines();
        lines
            .filter(|line| matches!(line.body, room::Body::Happened(room::Happening::Resumed)))
            .count()
    }

    pub(crate) fn screen(&self) -> &Screen {
        &self.model.screen
    }

    pub(crate) fn room(&self) -> &room::Room {
        match &self.model.screen {
            Screen::Room(room) => room,
            other @ (Screen::Home(_) | Screen::Joining(_) | Screen::Ended(_)) => {
                panic!("not in a room: {other:?}")
            }
        }
    }

    pub(crate) fn tell(&mut self, msg: Msg) {
        let now = Timestamp(self.begun.elapsed().as_millis() as u64);
        for effect in update(&mut self.model, msg, now) {
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Derive { epoch, link } => {
                let stretched = Stretched::derive(&link.room, &link.secret);
                self.tell(Msg::Derived { epoch, stretched });
            }
            Effect::Connect { epoch, room } => self.connect(epoch, room),
            Effect::Send(frame) => self.send(&frame),
            Effect::Disconnect => {
                if let Some((_, socket)) = self.socket.take() {
                    part(socket);
                }
            }
            Effect::StartTimer { epoch, timer, millis } => {
                let at = Instant::now() + Duration::from_millis(millis.into());
                self.timers.push((at, epoch, timer));
            }
            // What a page does with its screen, its clipboard and its device.
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

    fn connect(&mut self, epoch: Epoch, room: RoomId) {
        self.learned.rooms.push(room);
        match self.try_connect(room) {
            Some(socket) => {
                self.socket = Some((epoch, socket));
                self.tell(Msg::SocketOpened { epoch });
            }
            None => self.tell(Msg::SocketClosed { epoch }),
        }
    }

    fn try_connect(&mut self, room: RoomId) -> Option<WebSocket<TcpStream>> {
        let server = self.server;
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from((self.address, 0)).into()).unwrap();
        socket.connect(&server.into()).ok()?;
        let stream = TcpStream::from(socket);
        self.learned.places.push(stream.local_addr().unwrap());
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let url = format!("ws://{server}{ROOM_PATH}{room}?{}", self.header);
        let mut request = url.into_client_request().unwrap();
        for (name, value) in [
            ("sec-websocket-protocol", SUBPROTOCOL),
            ("user-agent", &self.header),
            ("cookie", &self.header),
        ] {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let (socket, _) = tungstenite::client(request, stream).ok()?;
        socket.get_ref().set_read_timeout(Some(GLANCE)).unwrap();
        Some(socket)
    }

    fn send(&mut self, frame: &ClientFrame) {
        if let Some((_, socket)) = &mut self.socket {
            let _ = socket.send(Message::Binary(encode(frame).into()));
        }
    }

    /// Takes in what came, and what is due.
    fn glance(&mut self) {
        let now = Instant::now();
        let (due, waiting) = self.timers.drain(..).partition(|(at, ..)| *at <= now);
        self.timers = waiting;
        let due: Vec<(Instant, Epoch, Timer)> = due;
        for (_, epoch, timer) in due {
            self.tell(Msg::TimerFired { epoch, timer });
        }
        let Some((epoch, socket)) = &mut self.socket else { return };
        let epoch = *epoch;
        match socket.read() {
            Ok(Message::Binary(bytes)) => {
                self.learn(&bytes);
                self.tell(Msg::SocketReceived { epoch, bytes: bytes.to_vec() });
            }
            Ok(_) => {}
            Err(Error::Io(error))
                if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => {
                self.socket = None;
                self.tell(Msg::SocketClosed { epoch });
            }
        }
    }

    fn learn(&mut self, bytes: &[u8]) {
        match decode(bytes) {
            Ok(ServerFrame::Entry(entry)) => {
                if let EntryKind::Post { ciphertext } = entry.kind {
                    self.learned.sealed.push(ciphertext.as_slice().to_vec());
                }
            }
            Ok(ServerFrame::Opened(Opening { token, .. })) => {
                self.learned.tokens.push(*token.as_bytes());
            }
            _ => {}
        }
    }
}

/// Lets everybody take in what comes until it is so.
pub(crate) fn until(
    what: &str,
    people: &mut [&mut Person],
    is_so: impl Fn(&[&mut Person]) -> bool,
) {
    let begun = Instant::now();
    while !is_so(people) {
        if begun.elapsed() > PATIENCE {
            let screens: Vec<_> = people.iter().map(|person| person.screen()).collect();
            panic!("{what}: {screens:?}");
        }
        people.iter_mut().for_each(|person| person.glance());
    }
}

/// Says farewell and hears the server's, as a browser does: a socket that is dropped with something
/// unread in it resets its connection, and what was sent last is lost with it.
fn part(mut socket: WebSocket<TcpStream>) {
    let _ = socket.close(None);
    let _ = socket.get_ref().set_read_timeout(Some(PATIENCE));
    while socket.read().is_ok() {}
}
