//! The ways in: a listening socket each, which accepts for ever and hands on whoever comes. Must not
//! know what becomes of them.

use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::net::{TcpListener, UnixListener};
use tokio::time::Instant;

use super::Gate;
use super::accept::{Routes, receive, receive_local, redirect, routes};
use super::listen::Listener;
use crate::remark::{Remark, Remarks};

/// How long to leave a listener alone that cannot accept, which means that descriptors are short.
const ACCEPT_RECOVERY: Duration = Duration::from_millis(200);

/// How long nothing more is said of that.
const SHORTAGE_SILENCE: Duration = Duration::from_secs(600);

/// No file is left for this process, or for the machine (errno(3)).
const NO_FILE_LEFT: [i32; 2] = [24, 23];

/// One way in.
#[derive(Debug)]
pub(super) enum WayIn {
    Chat(TcpListener),
    Redirect(TcpListener),
    Unix(UnixListener),
}

impl WayIn {
    pub(super) fn open(listener: Listener) -> io::Result<Self> {
        Ok(match listener {
            Listener::Chat(socket) => Self::Chat(TcpListener::from_std(socket)?),
            Listener::Redirect(socket) => Self::Redirect(TcpListener::from_std(socket)?),
            Listener::Unix(socket) => {
                socket.set_nonblocking(true)?;
                Self::Unix(UnixListener::from_std(socket)?)
            }
        })
    }

    /// Accepts for ever.
    pub(super) async fn accept(&self, gate: &Arc<Gate>) {
        let routes = routes(gate);
        let mut shortage = Shortage::default();
        loop {
            let accepted = poll_fn(|context| self.poll_accept(context, gate, &routes));
            if let Err(error) = accepted.await {
                shortage.tell(error, &gate.rules.remarks);
                tokio::time::sleep(ACCEPT_RECOVERY).await;
            }
        }
    }

    /// An address stays on the stack, which is wiped: the future around this lives as long as the
    /// server, and would hold the last one.
    fn poll_accept<R: Routes>(
        &self,
        context: &mut Context<'_>,
        gate: &Arc<Gate>,
        routes: &R,
    ) -> Poll<io::Result<()>> {
        let accepted = match self {
            Self::Chat(listener) => {
                ready!(listener.poll_accept(context)).map(|(stream, address)| {
                    // Without it a small frame waits for the last one's acknowledgement.
                    let _ = stream.set_nodelay(true);
                    receive(stream, address, gate, routes);
                })
            }
            Self::Redirect(listener) => {
                ready!(listener.poll_accept(context)).map(|(stream, address)| {
                    redirect(stream, address, gate);
                })
            }
            Self::Unix(listener) => ready!(listener.poll_accept(context)).map(|(stream, _)| {
                receive_local(stream, gate, routes);
            }),
        };
        Poll::Ready(accepted)
    }
}

/// Says that files are short, and not again for a while.
#[derive(Debug, Default)]
struct Shortage {
    said: Option<Instant>,
}

impl Shortage {
    fn tell(&mut self, error: io::Error, remarks: &Remarks) {
        let is_short = error.raw_os_error().is_some_and(|error| NO_FILE_LEFT.contains(&error));
        let is_new = self.said.is_none_or(|said| said.elapsed() > SHORTAGE_SILENCE);
        if is_short && is_new {
            self.said = Some(Instant::now());
            remarks.make(Remark::NoFileLeft(error));
        }
    }
}
