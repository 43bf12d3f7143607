//! A stage for real client cores around a real room core: no socket, no browser, one clock, moved by
//! hand. Whatever the shells would do with an effect is done here, in the order it would be done.
//! This many lines because it is one machine: pages, sockets, server and clock move together.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use sanctuary_client::{
    Effect, Epoch, Model, Msg, Screen, Timer, Timestamp, home, room as client_room, update,
};
use sanctuary_engine::limits::RoomLimits;
use sanctuary_engine::room::{Command, ConnectionId, Effect as RoomEffect, Room};
use sanctuary_protocol::{ClientFrame, ClientFrameKind, CloseReason, Refusal, ServerFrame, encode};

use crate::people::quick_stretch;

/// Messages one settling may take: far more than any story here needs, so that a loop is found.
const STEPS_MAX: usize = 100_000;

/// Client cores, by the order they came, around one room.
#[derive(Debug)]
pub struct Stage {
    clients: Vec<Client>,
    room: Option<Room>,
    limits: RoomLimits,
    seated: BTreeMap<ConnectionId, Receiver>,
    late: VecDeque<Late>,
    connections: u64,
    honesty: Honesty,
    started: Instant,
    now: Instant,
}

/// Whether the stage's server does what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Honesty {
    /// It does, so no page may ever say that it does not.
    Honest,
    Hostile,
}

/// One client core and what its shell would hold.
#[derive(Debug)]
pub struct Client {
    /// The page.
    pub model: Model,
    socket: Option<Socket>,
    timers: Vec<(Instant, Epoch, Timer)>,
    inbox: VecDeque<Inbound>,
    page: PageState,
    /// What becomes of what goes out over a socket that is opened from here on.
    network: Outward,
    /// Bytes of the longest frame that the client's network carries.
    carries: usize,
    /// What the core asked for that the stage only keeps.
    pub asked: Vec<Effect>,
}

#[derive(Clone, Copy, Debug)]
struct Socket {
    connection: ConnectionId,
    epoch: Epoch,
    outward: Outward,
}

/// Whether what a client sends arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outward {
    Arrives,
    Lost,
    /// It is on its way, and the socket's end behind it.
    Late,
}

/// What is on its way to the server over a connection.
#[derive(Debug)]
enum Late {
    Frame(ConnectionId, ClientFrame),
    End(ConnectionId),
}

impl Late {
    const fn connection(&self) -> ConnectionId {
        match self {
            Self::Frame(connection, _) | Self::End(connection) => *connection,
        }
    }
}

#[derive(Debug)]
enum Inbound {
    Opened(Epoch),
    Received(Epoch, Vec<u8>),
    Closed(Epoch),
}

/// Whether a page takes in what comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageState {
    /// It does.
    Awake,
    /// It is frozen: its socket stands, and what comes waits.
    Asleep,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Receiver {
    client: usize,
    epoch: Epoch,
    seated: Seated,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seated {
    No,
    Yes,
}

impl Default for Stage {
    fn default() -> Self {
        Self::new(RoomLimits::default())
    }
}

impl Stage {
    /// An empty stage.
    pub fn new(limits: RoomLimits) -> Self {
        let now = Instant::now();
        Self {
            clients: Vec::new(),
            room: None,
            limits,
            seated: BTreeMap::new(),
            late: VecDeque::new(),
            connections: 0,
            honesty: Honesty::Honest,
            started: now,
            now,
        }
    }

    /// A page opens at `fragment`. Returns its place on the stage.
    pub fn open_page(&mut self, fragment: &str) -> usize {
        self.clients.push(Client {
            model: Model::open("https://sanctuary.example", fragment),
            socket: None,
            timers: Vec::new(),
            inbox: VecDeque::new(),
            page: PageState::Awake,
            network: Outward::Arrives,
            carries: usize::MAX,
            asked: Vec::new(),
        });
        self.clients.len() - 1
    }

    /// Somebody starts a room. Returns the client and the link's fragment.
    pub fn start_room(&mut self, alias: &str) -> (usize, String) {
        let client = self.open_page("");
        self.submit_home(client, alias);
        self.settle();
        let fragment = self.room(client).invitation.link.fragment().to_string();
        (client, fragment)
    }

    /// Somebody opens the link and goes in, as far as it goes at once.
    pub fn join(&mut self, alias: &str, fragment: &str) -> usize {
        let client = self.set_out(alias, fragment);
        self.settle();
        client
    }

    /// Somebody opens the link and sets out, without settling.
    pub fn set_out(&mut self, alias: &str, fragment: &str) -> usize {
        let client = self.open_page(fragment);
        self.submit_home(client, alias);
        client
    }

    fn submit_home(&mut self, client: usize, alias: &str) {
        self.tell(client, Msg::Home(home::Msg::TypedAlias(alias.to_owned())));
        self.tell(client, Msg::Home(home::Msg::Submitted));
    }

    /// Types a draft and sends it, without settling.
    pub fn type_and_send(&mut self, client: usize, draft: &str) {
        let typed = client_room::Msg::TypedDraft { text: draft.to_owned(), caret: draft.len() };
        self.tell(client, Msg::Room(typed));
        self.tell(client, Msg::Room(client_room::Msg::SubmittedDraft));
    }

    /// Types a draft, sends it, and lets everything arrive.
    pub fn say(&mut self, client: usize, draft: &str) {
        self.type_and_send(client, draft);
        self.settle();
    }

    /// The client's page.
    pub fn client(&self, client: usize) -> &Client {
        &self.clients[client]
    }

    /// What the client's screen is, which must be a room.
    ///
    /// # Panics
    /// When it is not.
    #[expect(clippy::panic, reason = "a test's own mistake")]
    pub fn room(&self, client: usize) -> &client_room::Room {
        match &self.clients[client].model.screen {
            Screen::Room(room) => room,
            other @ (Screen::Home(_) | Screen::Joining(_) | Screen::Ended(_)) => {
                panic!("client {client} is not in a room but at {other:?}")
            }
        }
    }

    /// Whether anything of the room is left on the server.
    pub fn room_lives(&self) -> bool {
        self.room.is_some()
    }

    /// Puts a page to sleep or wakes it.
    pub fn set_page(&mut self, client: usize, page: PageState) {
        self.clients[client].page = page;
    }

    /// The client's socket breaks, and both sides learn of it.
    pub fn cut(&mut self, client: usize) {
        let Some(socket) = self.clients[client].socket.take() else { return };
        self.clients[client].inbox.push_back(Inbound::Closed(socket.epoch));
        self.part_from(socket);
    }

    /// The server learns that a socket has ended, behind everything that was sent over it.
    fn part_from(&mut self, Socket { connection, outward, .. }: Socket) {
        if outward == Outward::Late {
            self.late.push_back(Late::End(connection));
        } else if self.seated.remove(&connection).is_some() {
            self.command(Command::Vanish { connection });
        }
    }

    /// The client's socket breaks with everything that is on its way to it.
    pub fn cut_losing_all(&mut self, client: usize) {
        if self.clients[client].socket.is_some() {
            self.clients[client].inbox.clear();
            self.cut(client);
        }
    }

    /// From here on, until its socket breaks, nothing the client sends arrives.
    pub fn cut_before_sending(&mut self, client: usize) {
        if let Some(socket) = &mut self.clients[client].socket {
            socket.outward = Outward::Lost;
        }
    }

    /// The client's socket leads nowhere any more, and neither end learns of it: what is on its way is
    /// lost, and whatever follows.
    pub fn deafen(&mut self, client: usize) {
        self.clients[client].inbox.clear();
        if let Some(socket) = &mut self.clients[client].socket {
            socket.outward = Outward::Lost;
            self.seated.remove(&socket.connection);
        }
    }

    /// From here on what the client sends is on its way, over this socket and the next, until
    /// [`Self::carry_again`]; and what it sent over sockets it has given up, until [`Self::arrive`].
    pub fn delay_sending(&mut self, client: usize) {
        self.clients[client].network = Outward::Late;
        if let Some(socket) = &mut self.clients[client].socket {
            socket.outward = Outward::Late;
        }
    }

    /// The client's network is well again: what went over the socket that stands arrives, and all
    /// that follows.
    pub fn carry_again(&mut self, client: usize) {
        self.clients[client].network = Outward::Arrives;
        let Some(socket) = &mut self.clients[client].socket else { return };
        socket.outward = Outward::Arrives;
        let stands = socket.connection;
        self.arrive_where(|late| late.connection() == stands);
    }

    /// Everything that is still on its way arrives.
    pub fn arrive(&mut self) {
        self.arrive_where(|_| true);
    }

    fn arrive_where(&mut self, is_due: impl Fn(&Late) -> bool) {
        let late = std::mem::take(&mut self.late);
        let (due, late): (VecDeque<Late>, _) = late.into_iter().partition(is_due);
        self.late = late;
        for late in due {
            match late {
                Late::Frame(connection, frame) => self.receive(connection, frame),
                Late::End(connection) => {
                    if self.seated.remove(&connection).is_some() {
                        self.command(Command::Vanish { connection });
                    }
                }
            }
        }
    }

    /// The client's network carries no frame longer than that: it is on its way until the socket
    /// is given up.
    pub fn carry_at_most(&mut self, client: usize, bytes: usize) {
        self.clients[client].carries = bytes;
    }

    /// The server loses what it would have told this client next.
    pub fn lose_next(&mut self, client: usize) {
        self.honesty = Honesty::Hostile;
        self.clients[client].inbox.pop_front();
    }

    /// Something happens to a page.
    ///
    /// # Panics
    /// When the page accuses an honest server.
    pub fn tell(&mut self, client: usize, msg: Msg) {
        let wall = Timestamp((self.now - self.started).as_millis() as u64);
        let effects = update(&mut self.clients[client].model, msg, wall);
        if let (Screen::Room(room), Honesty::Honest) =
            (&self.clients[client].model.screen, self.honesty)
        {
            assert_eq!(room.tampering(), [], "client {client} accuses an honest server");
        }
        for effect in effects {
            self.perform(client, effect);
        }
    }

    fn perform(&mut self, client: usize, effect: Effect) {
        match effect {
            Effect::Derive { epoch, link } => {
                let stretched = quick_stretch(&link);
                self.tell(client, Msg::Derived { epoch, stretched });
            }
            Effect::Connect { epoch, room: _ } => self.connect(client, epoch),
            Effect::Send(frame) => self.send(client, frame),
            Effect::Disconnect => self.disconnect(client),
            Effect::StartTimer { epoch, timer, millis } => {
                let at = self.now + Duration::from_millis(millis.into());
                self.clients[client].timers.push((at, epoch, timer));
            }
            Effect::HoldPicture { picture, content } => {
                let url = format!("blob:{}", picture.0);
                self.clients[client].asked.push(Effect::HoldPicture { picture, content });
                self.tell(client, Msg::HeldPicture { picture, url });
            }
            other @ (Effect::Copy { .. }
            | Effect::Focus(_)
            | Effect::Share { .. }
            | Effect::AskToNotify
            | Effect::Notify
            | Effect::CloseNotification
            | Effect::ShowLine(_)
            | Effect::ReleasePicture(_)
            | Effect::OpenLink(_)
            | Effect::EraseAddress
            | Effect::ShowUnread(_)
            | Effect::Wipe
            | Effect::LeavePage) => self.clients[client].asked.push(other),
        }
    }

    fn connect(&mut self, client: usize, epoch: Epoch) {
        self.disconnect(client);
        self.connections += 1;
        let connection = ConnectionId(self.connections);
        let outward = self.clients[client].network;
        self.clients[client].socket = Some(Socket { connection, epoch, outward });
        self.seated.insert(connection, Receiver { client, epoch, seated: Seated::No });
        self.clients[client].inbox.push_back(Inbound::Opened(epoch));
    }

    fn disconnect(&mut self, client: usize) {
        if let Some(socket) = self.clients[client].socket.take() {
            self.part_from(socket);
        }
    }

    fn send(&mut self, client: usize, frame: ClientFrame) {
        let Some(Socket { connection, outward, .. }) = self.clients[client].socket else { return };
        if encode(&frame).len() > self.clients[client].carries {
            return;
        }
        match outward {
            Outward::Arrives => self.receive(connection, frame),
            Outward::Lost => {}
            Outward::Late => self.late.push_back(Late::Frame(connection, frame)),
        }
    }

    /// The server takes in a frame. One that was hung up on is heard no more.
    fn receive(&mut self, connection: ConnectionId, frame: ClientFrame) {
        if !self.seated.contains_key(&connection) {
            return;
        }
        match (&mut self.room, frame.kind()) {
            (Some(_), _) => self.command(Command::Receive { from: connection, frame }),
            (empty @ None, ClientFrameKind::Create) => {
                *empty = Some(Room::new(self.limits, [7; 32], self.now));
                self.command(Command::Receive { from: connection, frame });
            }
            (None, what) => {
                let why = match what {
                    ClientFrameKind::Knock => Refusal::NotLive,
                    ClientFrameKind::Resume => Refusal::NoSuchSeat,
                    _ => Refusal::NotSeated,
                };
                self.deliver(connection, &ServerFrame::Refused { what, why });
            }
        }
    }

    /// Tells the room something and does what it wants done.
    pub fn command(&mut self, command: Command) {
        let Some(room) = &mut self.room else { return };
        for effect in room.handle(command, self.now) {
            match effect {
                RoomEffect::Send { to, frame } => self.deliver(to, &frame),
                RoomEffect::Seat { connection } => {
                    if let Some(receiver) = self.seated.get_mut(&connection) {
                        receiver.seated = Seated::Yes;
                    }
                }
                RoomEffect::Broadcast(frame) => {
                    let receivers = self.seated.iter();
                    let seated = receivers.filter(|(_, receiver)| receiver.seated == Seated::Yes);
                    let seated: Vec<ConnectionId> = seated.map(|(id, _)| *id).collect();
                    seated.into_iter().for_each(|id| self.deliver(id, &frame));
                }
                RoomEffect::HangUp { connection, reason } => self.hang_up(connection, reason),
                RoomEffect::End => self.room = None,
            }
        }
    }

    fn deliver(&mut self, to: ConnectionId, frame: &ServerFrame) {
        if let Some(Receiver { client, epoch, .. }) = self.seated.get(&to) {
            let received = Inbound::Received(*epoch, encode(frame));
            self.clients[*client].inbox.push_back(received);
        }
    }

    fn hang_up(&mut self, connection: ConnectionId, reason: CloseReason) {
        self.deliver(connection, &ServerFrame::Closed { reason });
        if let Some(Receiver { client, epoch, .. }) = self.seated.remove(&connection) {
            self.clients[client].inbox.push_back(Inbound::Closed(epoch));
            self.command(Command::Vanish { connection });
        }
    }

    /// Takes in one waiting message of one client, if it has one and is awake.
    pub fn step(&mut self, client: usize) -> bool {
        let Client { page: PageState::Awake, inbox, .. } = &mut self.clients[client] else {
            return false;
        };
        let Some(inbound) = inbox.pop_front() else { return false };
        let msg = match inbound {
            Inbound::Opened(epoch) => Msg::SocketOpened { epoch },
            Inbound::Received(epoch, bytes) => Msg::SocketReceived { epoch, bytes },
            Inbound::Closed(epoch) => Msg::SocketClosed { epoch },
        };
        self.tell(client, msg);
        true
    }

    /// Lets everything that is on its way arrive, without time passing.
    ///
    /// # Panics
    /// When it never ends.
    pub fn settle(&mut self) {
        for _ in 0..STEPS_MAX {
            let moved = (0..self.clients.len()).any(|client| self.step(client));
            if !moved {
                return;
            }
        }
        assert!(self.clients.is_empty(), "the stage does not come to rest");
    }

    /// Lets time pass, with every timer and deadline at its moment.
    ///
    /// # Panics
    /// When timers start each other without end.
    pub fn advance(&mut self, by: Duration) {
        let end = self.now + by;
        self.settle();
        for _ in 0..STEPS_MAX {
            let Some(at) = self.next_moment().filter(|at| *at <= end) else { break };
            self.now = at.max(self.now);
            self.fire();
            self.settle();
        }
        let rest = self.next_moment().filter(|at| *at <= end);
        assert_eq!(rest, None, "timers start each other without end");
        self.now = end;
    }

    fn next_moment(&self) -> Option<Instant> {
        let awake = self.clients.iter().filter(|client| client.page == PageState::Awake);
        let timers = awake.flat_map(|client| client.timers.iter().map(|(at, ..)| *at));
        timers.chain(self.room.as_ref().and_then(Room::deadline)).min()
    }

    fn fire(&mut self) {
        if self.room.as_ref().and_then(Room::deadline).is_some_and(|at| at <= self.now) {
            self.command(Command::Elapse);
        }
        for client in 0..self.clients.len() {
            if self.clients[client].page == PageState::Asleep {
                continue;
            }
            let timers = std::mem::take(&mut self.clients[client].timers);
            let (due, waiting) = timers.into_iter().partition(|(at, ..)| *at <= self.now);
            self.clients[client].timers = waiting;
            let due: Vec<(Instant, Epoch, Timer)> = due;
            for (_, epoch, timer) in due {
                self.tell(client, Msg::TimerFired { epoch, timer });
            }
        }
    }
}
