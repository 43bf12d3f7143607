//! A line between a browser and the server that can be held, or cut, and stands again; and that
//! can lie, as a hostile server would: it leaves out one thing that somebody said, or says something
//! else than the server.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use sanctuary_protocol::{Entry, EntryKind, ServerFrame, decode, encode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::frames::{Downstream, Piece};
use crate::house::page_at;

/// Read at once: a page's largest file in a few turns.
const CHUNK_BYTES: usize = 64 * 1024;

/// How the line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// Everything passes.
    Up,
    /// Nothing passes; it is kept until the line is up.
    Held,
    /// What stood is cut, and what is tried is refused.
    Cut,
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
        Self { address, line, candour, listener: Some(listener), accepting: None }
    }

    /// The page, for a browser at its end.
    pub(crate) fn page(&self) -> String {
        page_at(self.address)
    }

    /// Leads to the server from here on.
    pub(crate) fn lead_to(&mut self, server: SocketAddr) {
        let listener = self.listener.take().unwrap();
        let (line, candour) = (self.line.clone(), self.candour.clone());
        self.accepting = Some(tokio::spawn(async move {
            while let Ok((browser, _)) = listener.accept().await {
                let line = line.subscribe();
                if *line.borrow() != Line::Cut {
                    tokio::spawn(carry(browser, server, line, candour.clone()));
                }
            }
        }));
    }

    /// Cuts the line, or mends it.
    pub(crate) fn set(&self, line: Line) {
        self.line.send_replace(line);
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

/// Carries one connection until an end closes it or the line is cut.
async fn carry(
    browser: TcpStream,
    server: SocketAddr,
    mut line: watch::Receiver<Line>,
    candour: Arc<watch::Sender<Candour>>,
) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    let (mut from_browser, mut to_browser) = browser.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let mut downstream = Downstream::default();
    let censor = |bytes: &[u8]| {
        let said = downstream.take_in(bytes).into_iter();
        said.filter_map(|piece| told(piece, &candour)).flat_map(Piece::into_bytes).collect()
    };
    tokio::select! {
        _ = pass(&mut from_browser, &mut to_server, line.clone(), <[u8]>::to_vec) => {}
        _ = pass(&mut from_server, &mut to_browser, line.clone(), censor) => {}
        _ = line.wait_for(|line| *line == Line::Cut) => {}
    }
}

/// Passes on what comes, in one direction, while the line is not held.
async fn pass(
    from: &mut OwnedReadHalf,
    to: &mut OwnedWriteHalf,
    mut line: watch::Receiver<Line>,
    mut censor: impl FnMut(&[u8]) -> Vec<u8>,
) -> io::Result<()> {
    let mut bytes = vec![0; CHUNK_BYTES];
    loop {
        let count = from.read(&mut bytes).await?;
        // An error is a proxy that is gone: what has come may pass.
        drop(line.wait_for(|line| *line != Line::Held).await);
        if count == 0 {
            return Ok(());
        }
        to.write_all(&censor(&bytes[..count])).await?;
    }
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
