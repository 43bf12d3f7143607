//! A line between a browser and the server that can be slow, or held, or cut, and stands again; and
//! that can lie, as a hostile server would: it leaves out one thing that somebody said, or says
//! something else than the server.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sanctuary_protocol::{Entry, EntryKind, ServerFrame, decode, encode};
use tokio::io::AsyncReadExt as _;
use tokio::net::tcp::OwnedReadHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::frames::{Downstream, Piece};
use crate::house::page_at;
use crate::lane::{Lane, Pace};

/// How the line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// Everything passes.
    Up,
    /// Everything passes, later and slower.
    Slow(Pace),
    /// Nothing passes; it is kept until the line is up.
    Held,
    /// Nothing passes, and both ends believe in their sockets. What is under way is tried again by each
    /// connection's own timer, as TCP does, which doubles it for as long as nobody answers (RFC 6298
    /// §5.5): after the line is up, and no later than as long again as it was silent.
    Silent,
    /// What stood is cut, and what is tried is refused.
    Cut,
    /// As [`Self::Cut`], and the server is not told: its ends stand, and nobody is at the other. So it
    /// is when a phone goes from one network to another.
    Torn,
}

impl Line {
    /// Whether anything passes.
    pub(crate) const fn passes(self) -> bool {
        matches!(self, Self::Up | Self::Slow(_))
    }

    /// Whether connections stand.
    const fn stands(self) -> bool {
        !matches!(self, Self::Cut | Self::Torn)
    }

    /// How slow it is, where it is.
    pub(crate) const fn pace(self) -> Option<Pace> {
        match self {
            Self::Slow(pace) => Some(pace),
            Self::Up | Self::Held | Self::Silent | Self::Cut | Self::Torn => None,
        }
    }
}

/// What a line has carried.
#[derive(Debug, Default)]
struct Carried {
    /// WebSockets that the server has opened.
    sockets: AtomicU64,
    /// Bytes from the browser.
    up: AtomicU64,
    /// Bytes to the browser.
    down: AtomicU64,
}

/// Whether the line tells the browser what the server says.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Candour {
    Honest,
    /// The next post is left out, whoever said it.
    LeavesOutNextPost,
    /// This is said in the place of whatever is said next.
    SaysInstead(ServerFrame),
}

/// The line.
pub(crate) struct Proxy {
    address: SocketAddr,
    line: Arc<watch::Sender<Line>>,
    candour: Arc<watch::Sender<Candour>>,
    carried: Arc<Carried>,
    listener: Option<TcpListener>,
    accepting: Option<JoinHandle<()>>,
}

impl Proxy {
    /// A line to nowhere yet, so that the server can be told of its origin.
    pub(crate) async fn bind() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let line = Arc::new(watch::Sender::new(Line::Up));
        let candour = Arc::new(watch::Sender::new(Candour::Honest));
        let carried = Arc::default();
        Self { address, line, candour, carried, listener: Some(listener), accepting: None }
    }

    /// The page, for a browser at its end.
    pub(crate) fn page(&self) -> String {
        page_at(self.address)
    }

    /// Leads to the server from here on.
    pub(crate) fn lead_to(&mut self, server: SocketAddr) {
        let listener = self.listener.take().unwrap();
        let (line, candour) = (self.line.clone(), self.candour.clone());
        let carried = self.carried.clone();
        self.accepting = Some(tokio::spawn(async move {
            for number in 0.. {
                let Ok((browser, _)) = listener.accept().await else { return };
                let line = line.subscribe();
                if line.borrow().stands() {
                    let (candour, carried) = (candour.clone(), carried.clone());
                    let connection = Connection { number, line, candour, carried };
                    tokio::spawn(connection.carry(browser, server));
                }
            }
        }));
    }

    /// Cuts the line, or mends it.
    pub(crate) fn set(&self, line: Line) {
        self.line.send_replace(line);
    }

    /// WebSockets it has opened, and bytes from the browser and to it.
    pub(crate) fn carried(&self) -> [u64; 3] {
        let Carried { sockets, up, down } = &*self.carried;
        [sockets, up, down].map(|count| count.load(Ordering::Relaxed))
    }

    /// Leaves out the next post that the server passes on.
    pub(crate) fn leave_out_next_post(&self) {
        self.candour.send_replace(Candour::LeavesOutNextPost);
    }

    /// Says this in the place of whatever the server says next.
    pub(crate) fn say_instead(&self, frame: ServerFrame) {
        self.candour.send_replace(Candour::SaysInstead(frame));
    }

    /// Waits until it has been left out.
    pub(crate) async fn has_left_it_out(&self) {
        let mut candour = self.candour.subscribe();
        candour.wait_for(|candour| *candour == Candour::Honest).await.unwrap();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(accepting) = &self.accepting {
            accepting.abort();
        }
    }
}

/// One connection over the line.
struct Connection {
    number: u64,
    line: watch::Receiver<Line>,
    candour: Arc<watch::Sender<Candour>>,
    carried: Arc<Carried>,
}

impl Connection {
    /// Carries it until both ends have closed it or the line is cut.
    async fn carry(self, browser: TcpStream, server: SocketAddr) {
        let Self { number, mut line, candour, carried } = self;
        let Ok(server) = TcpStream::connect(server).await else { return };
        let (mut from_browser, mut to_browser) = browser.into_split();
        let (mut from_server, mut to_server) = server.into_split();
        let mut downstream = Downstream::default();
        let down = |bytes: &[u8]| {
            let mut all = Vec::new();
            for piece in downstream.take_in(bytes) {
                carried.sockets.fetch_add(u64::from(piece.opens_socket()), Ordering::Relaxed);
                all.extend(told(piece, &candour).map(Piece::into_bytes).unwrap_or_default());
            }
            carried.down.fetch_add(all.len() as u64, Ordering::Relaxed);
            all
        };
        let up = |bytes: &[u8]| {
            carried.up.fetch_add(bytes.len() as u64, Ordering::Relaxed);
            bytes.to_vec()
        };
        let lane = |direction| Lane::new(line.clone(), 2 * number + direction);
        let up = lane(0).carry(&mut from_browser, &mut to_server, up);
        let down = lane(1).carry(&mut from_server, &mut to_browser, down);
        let mut ended = line.clone();
        let end = tokio::select! {
            _ = async { tokio::join!(up, down) } => return,
            end = ended.wait_for(|line| !line.stands()) => end.map(|line| *line),
        };
        if matches!(end, Ok(Line::Torn)) {
            drop((from_browser, to_browser));
            // Until the server gives it up, or the line is no more.
            tokio::select! {
                () = speaks_to_nobody(from_server) => {}
                _ = line.wait_for(|_| false) => {}
            }
        }
    }
}

/// What the server still says.
async fn speaks_to_nobody(mut from_server: OwnedReadHalf) {
    let mut bytes = [0; 1024];
    while from_server.read(&mut bytes).await.is_ok_and(|count| count > 0) {}
}

/// What the browser is told; a lie is told once.
fn told(piece: Piece, candour: &watch::Sender<Candour>) -> Option<Piece> {
    let Some(frame) = piece.message().and_then(|message| decode(message).ok()) else {
        return Some(piece);
    };
    let is_post = matches!(frame, ServerFrame::Entry(Entry { kind: EntryKind::Post { .. }, .. }));
    let lie = match &*candour.borrow() {
        Candour::Honest => return Some(piece),
        Candour::LeavesOutNextPost if is_post => None,
        Candour::LeavesOutNextPost => return Some(piece),
        Candour::SaysInstead(frame) => Some(Piece::frame(&encode(frame))),
    };
    candour.send_replace(Candour::Honest);
    lie
}
