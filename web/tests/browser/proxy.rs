//! A line between a browser and the server that can be held, or cut, and stands again.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

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

/// The line.
pub(crate) struct Proxy {
    address: SocketAddr,
    line: Arc<watch::Sender<Line>>,
    listener: Option<TcpListener>,
    accepting: Option<JoinHandle<()>>,
}

impl Proxy {
    /// A line to nowhere yet, so that the server can be told of its origin.
    pub(crate) async fn bind() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let line = Arc::new(watch::Sender::new(Line::Up));
        Self { address, line, listener: Some(listener), accepting: None }
    }

    /// Where a browser finds it.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Leads to the server from here on.
    pub(crate) fn lead_to(&mut self, server: SocketAddr) {
        let listener = self.listener.take().unwrap();
        let line = self.line.clone();
        self.accepting = Some(tokio::spawn(async move {
            while let Ok((browser, _)) = listener.accept().await {
                let line = line.subscribe();
                if *line.borrow() != Line::Cut {
                    tokio::spawn(carry(browser, server, line));
                }
            }
        }));
    }

    /// Cuts the line, or mends it.
    pub(crate) fn set(&self, line: Line) {
        self.line.send_replace(line);
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
async fn carry(browser: TcpStream, server: SocketAddr, mut line: watch::Receiver<Line>) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    let (mut from_browser, mut to_browser) = browser.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    tokio::select! {
        _ = pass(&mut from_browser, &mut to_server, line.clone()) => {}
        _ = pass(&mut from_server, &mut to_browser, line.clone()) => {}
        _ = line.wait_for(|line| *line == Line::Cut) => {}
    }
}

/// Passes on what comes, in one direction, while the line is not held.
async fn pass(
    from: &mut OwnedReadHalf,
    to: &mut OwnedWriteHalf,
    mut line: watch::Receiver<Line>,
) -> io::Result<()> {
    let mut bytes = vec![0; CHUNK_BYTES];
    loop {
        let count = from.read(&mut bytes).await?;
        // An error is a proxy that is gone: what has come may pass.
        drop(line.wait_for(|line| *line != Line::Held).await);
        if count == 0 {
            return Ok(());
        }
        to.write_all(&bytes[..count]).await?;
    }
}
