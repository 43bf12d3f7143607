//! What a WebSocket reads, metered beneath it: every byte has its rate, and what is kept of a message
//! that is not whole yet is counted, bounded and due. Above, only whole messages are seen: control
//! frames, empty fragments and half a message would cost nothing. What the WebSocket writes by itself
//! goes into the outbox, behind the frames that wait there. Must not know a frame's form.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

use crate::encoded::Encoded;
use crate::ledger::{Account, Charge, Ledger};
use crate::limits::Limits;
use crate::outbox::Aside;
use crate::rates::{Rate, TokenBucket};

/// How many times a line's bytes its socket may read: a line counts messages, and a small one is
/// twice its size with the WebSocket's header (RFC 6455 §5.2).
const RAW_MULTIPLE: u32 = 2;

/// How long a message may take from its first byte to its last: the largest, over a slow telephone.
const READ_WAIT: Duration = Duration::from_secs(30);

/// Messages that are not whole may hold this part of all retained bytes together, so that they
/// cannot crowd out what rooms keep.
const UNFINISHED_PART: usize = 4;

/// Bytes of an unfinished message that are nobody's concern when memory runs out: one read.
const UNFINISHED_BYTES_SPARED: usize = super::upgrade::READ_BUFFER_BYTES;

/// A control frame's header as a client sends it: two bytes and a mask (RFC 6455 §5.2).
const CONTROL_HEADER_BYTES: usize = 6;

/// Why nothing more is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Overrun {
    /// More bytes than its rate allows.
    #[error("the socket is over its rate")]
    TooFast,
    /// A message was not whole in time.
    #[error("a message was not whole in time")]
    TooLong,
    /// Memory ran out while a message was not whole.
    #[error("there is no memory for the rest of a message")]
    NoMemory,
}

/// What all messages hold that are not whole yet.
#[derive(Debug)]
pub(crate) struct Unfinished {
    ledger: Arc<Ledger>,
    account: Arc<Account>,
    bytes_max: usize,
}

impl Unfinished {
    pub(crate) fn new(ledger: &Arc<Ledger>, limits: &Limits) -> Self {
        let bytes_max = limits.retained_bytes_max / UNFINISHED_PART;
        Self { ledger: ledger.clone(), account: ledger.account(), bytes_max }
    }

    fn is_full(&self) -> bool {
        self.account.held() > self.bytes_max || self.ledger.excess() > 0
    }
}

/// A socket whose reading is metered.
#[derive(Debug)]
pub(crate) struct Metered<S> {
    socket: S,
    aside: Aside,
    bytes: TokenBucket,
    unfinished: Arc<Unfinished>,
    /// Read since the last whole message. What one read brought of the next is not counted.
    pending: usize,
    charge: Charge,
    due: Option<Pin<Box<Sleep>>>,
    overrun: Option<Overrun>,
}

impl<S> Metered<S> {
    pub(crate) fn new(
        socket: S,
        aside: Aside,
        unfinished: Arc<Unfinished>,
        limits: &Limits,
    ) -> Self {
        let rate = Rate::per_second(
            limits.bytes_per_second.saturating_mul(RAW_MULTIPLE),
            limits.bytes_burst.saturating_mul(RAW_MULTIPLE),
        );
        let charge = unfinished.account.charge(0);
        let bytes = TokenBucket::new(rate, Instant::now().into_std());
        Self { socket, aside, bytes, unfinished, pending: 0, charge, due: None, overrun: None }
    }

    /// So much was read before, with the request.
    ///
    /// # Errors
    /// As reading it would have had.
    pub(crate) fn read_before(&mut self, bytes: usize) -> Result<(), Overrun> {
        self.count(bytes)
    }

    /// A message is whole.
    pub(crate) fn completed(&mut self) {
        self.settle(self.pending);
    }

    /// A control frame is whole; it may stand in the middle of a message, which it does not end.
    pub(crate) fn completed_control(&mut self, payload_bytes: usize) {
        self.settle(payload_bytes.saturating_add(CONTROL_HEADER_BYTES));
    }

    /// Why reading ended, if it was this that ended it.
    pub(crate) fn overrun(&self) -> Option<Overrun> {
        self.overrun
    }

    /// The socket itself: to write to, and for what is thrown away.
    pub(crate) fn unmetered(&mut self) -> &mut S {
        &mut self.socket
    }

    fn settle(&mut self, bytes: usize) {
        self.pending = self.pending.saturating_sub(bytes);
        self.charge.set(self.pending);
        if self.pending == 0 {
            self.due = None;
        }
    }

    fn count(&mut self, bytes: usize) -> Result<(), Overrun> {
        self.bytes.take(bytes, Instant::now().into_std()).map_err(|_spent| Overrun::TooFast)?;
        self.pending += bytes;
        self.charge.set(self.pending);
        if self.pending > UNFINISHED_BYTES_SPARED && self.unfinished.is_full() {
            return Err(Overrun::NoMemory);
        }
        Ok(())
    }

    fn is_overdue(&mut self, context: &mut Context<'_>) -> bool {
        self.due.as_mut().is_some_and(|due| due.as_mut().poll(context).is_ready())
    }

    fn fail(&mut self, overrun: Overrun) -> io::Error {
        self.overrun = Some(overrun);
        self.settle(self.pending);
        io::Error::other(overrun)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Metered<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if let Some(overrun) = this.overrun {
            return Poll::Ready(Err(io::Error::other(overrun)));
        }
        if this.is_overdue(context) {
            return Poll::Ready(Err(this.fail(Overrun::TooLong)));
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.socket).poll_read(context, buffer);
        if read.is_pending() && this.pending > 0 && this.due.is_none() {
            // Only here is it certain that what was read is not all of it.
            let mut due = Box::pin(sleep(READ_WAIT));
            let _ = due.as_mut().poll(context);
            this.due = Some(due);
        }
        ready!(read)?;
        match this.count(buffer.filled().len() - before) {
            Ok(()) => Poll::Ready(Ok(())),
            Err(overrun) => Poll::Ready(Err(this.fail(overrun))),
        }
    }
}

/// What the WebSocket writes by itself is whole messages, small ones.
impl<S: Unpin> AsyncWrite for Metered<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.aside.say(Encoded::written(bytes));
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
    use tokio::sync::watch;

    use super::*;
    use crate::outbox::{OutboxBounds, outbox};

    fn metered(limits: &Limits) -> (DuplexStream, Metered<DuplexStream>, Arc<Ledger>) {
        let ledger = Ledger::new(limits.retained_bytes_max);
        let unfinished = Arc::new(Unfinished::new(&ledger, limits));
        let (client, socket) = duplex(1024 * 1024);
        let bounds = OutboxBounds { frames_max: 1, bytes_max: 1 };
        let stopping = watch::Sender::new(false).subscribe();
        let (_, delivery) = outbox(bounds, ledger.account(), stopping);
        (client, Metered::new(socket, delivery.aside(), unfinished, limits), ledger)
    }

    async fn read(metered: &mut Metered<DuplexStream>, bytes: usize) -> io::Result<usize> {
        metered.read_exact(&mut vec![0; bytes]).await
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_read_is_held_until_its_message_is_whole() {
        let (mut client, mut metered, ledger) = metered(&Limits::default());
        client.write_all(&[0; 3_016]).await.unwrap();
        read(&mut metered, 3_016).await.unwrap();
        assert_eq!(ledger.retained(), 3_016);
        metered.completed_control(10);
        assert_eq!(ledger.retained(), 3_000);
        metered.completed();
        assert_eq!(ledger.retained(), 0);
        client.write_all(&[0; 100]).await.unwrap();
        read(&mut metered, 100).await.unwrap();
        assert_eq!(ledger.retained(), 100);
        drop(metered);
        assert_eq!(ledger.retained(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_socket_reads_so_many_bytes_and_no_more() {
        let limits = Limits { bytes_burst: 1_000, bytes_per_second: 1, ..Limits::default() };
        let (mut client, mut metered, _ledger) = metered(&limits);
        client.write_all(&[0; 2_001]).await.unwrap();
        read(&mut metered, 2_000).await.unwrap();
        assert!(read(&mut metered, 1).await.is_err());
        assert_eq!(metered.overrun(), Some(Overrun::TooFast));
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_is_whole_in_time_or_never() {
        let (mut client, mut metered, ledger) = metered(&Limits::default());
        client.write_all(&[0; 6]).await.unwrap();
        read(&mut metered, 6).await.unwrap();
        metered.completed_control(0);
        // Between messages there is no hurry.
        let quiet = tokio::time::timeout(READ_WAIT * 3, read(&mut metered, 1));
        assert!(quiet.await.is_err());
        let begun = Instant::now();
        client.write_all(&[0; 6]).await.unwrap();
        read(&mut metered, 6).await.unwrap();
        assert!(read(&mut metered, 1).await.is_err());
        assert_eq!(metered.overrun(), Some(Overrun::TooLong));
        assert_eq!(begun.elapsed().as_secs(), READ_WAIT.as_secs());
        assert_eq!(ledger.retained(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn unfinished_messages_take_no_more_than_their_part_of_memory() {
        let limits = Limits { retained_bytes_max: 40_000, ..Limits::default() };
        let (mut client, mut metered, ledger) = metered(&limits);
        client.write_all(&[0; 10_001]).await.unwrap();
        read(&mut metered, 10_000).await.unwrap();
        assert!(read(&mut metered, 1).await.is_err());
        assert_eq!(metered.overrun(), Some(Overrun::NoMemory));
        assert_eq!(ledger.retained(), 0);
    }
}
