//! A TCP socket with two writers: its own task, which waits for it, and a room's turn, which does not.
//! Both write through the outbox, one at a time. Must not know what is written.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use rustix::net::{RecvFlags, SendFlags, Shutdown, recv, send, shutdown};
use sanctuary_protocol::Redacted;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;

use crate::outbox::Outlet;

/// The task's side.
#[derive(derive_more::Debug)]
pub(super) struct Wire {
    #[debug("{Redacted}")]
    stream: Arc<TcpStream>,
}

impl Wire {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream: Arc::new(stream) }
    }

    /// The rooms' side.
    pub(super) fn outlet(&self) -> Arc<dyn Outlet> {
        self.stream.clone()
    }
}

impl Outlet for TcpStream {
    /// Asks the socket itself, not what the runtime last heard of it: most of the time it takes
    /// everything, and to look that up is one more piece of cold memory.
    fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        Ok(send(self, bytes, SendFlags::DONTWAIT | SendFlags::NOSIGNAL)?)
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            ready!(self.stream.poll_read_ready(context))?;
            let into = buffer.initialize_unfilled();
            let places = into.len();
            let mut taken = None;
            let outcome = self.stream.try_io(Interest::READABLE, || {
                let (_, bytes) = recv(&*self.stream, &mut *into, RecvFlags::DONTWAIT)?;
                taken = Some(bytes);
                // The socket had no more: the runtime is told so, or it would look once more before
                // it waits.
                if 0 < bytes && bytes < places {
                    Err(io::ErrorKind::WouldBlock.into())
                } else {
                    Ok(())
                }
            });
            match (taken, outcome) {
                (Some(bytes), _) => {
                    buffer.advance(bytes);
                    return Poll::Ready(Ok(()));
                }
                (None, Err(error)) if error.kind() == io::ErrorKind::WouldBlock => {}
                (None, outcome) => return Poll::Ready(outcome),
            }
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        loop {
            match self.stream.try_write_vectored(parts) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    ready!(self.stream.poll_write_ready(context))?;
                }
                done => return Poll::Ready(done),
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // The client learns of it now, not when the last room has let go of the socket.
        Poll::Ready(Ok(shutdown(&*self.stream, Shutdown::Write)?))
    }
}
