//! What a connection takes in: every byte it reads has its rate, and what is kept of a message that is
//! not whole yet is counted, bounded and due. Only whole messages leave here: control frames, empty
//! fragments and half a message would otherwise cost nothing. Must not know what a message means.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf as _, Bytes};
use sanctuary_protocol::Redacted;
use sanctuary_protocol::limits::CLIENT_FRAME_BYTES_MAX;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

use super::messages::{Message, Messages, Violation};
use super::unfinished::Unfinished;
use crate::ledger::Charge;
use crate::limits::Limits;
use crate::rates::{Rate, TokenBucket};

/// How many times a line's bytes its socket may read: a line counts messages, and a small one is
/// twice its size with the WebSocket's header (RFC 6455 §5.2).
const RAW_MULTIPLE: u32 = 2;

/// How long a message may take from its first byte to its last: the largest, over a slow telephone.
const READ_WAIT: Duration = Duration::from_secs(30);

/// Bytes of an unfinished message that are nobody's concern when memory runs out: a line of chat.
const UNFINISHED_BYTES_SPARED: usize = 512;

/// Bytes read at once: a burst of chat. A longer message is read in as many pieces; whatever of it
/// waits while the engine is busy is counted.
const READ_BYTES_MAX: usize = 4 * 1024;

thread_local! {
    /// Where every connection of this thread reads into: while nothing comes, none has a buffer.
    static READ: RefCell<[u8; READ_BYTES_MAX]> = const { RefCell::new([0; READ_BYTES_MAX]) };
}

/// Why nothing more is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Stop {
    /// More bytes than its rate allows.
    #[error("the socket is over its rate")]
    TooFast,
    /// A message was not whole in time.
    #[error("a message was not whole in time")]
    TooLong,
    /// Memory ran out while a message was not whole.
    #[error("there is no memory for the rest of a message")]
    NoMemory,
    /// This is no WebSocket, or a message is too large.
    #[error("{0}")]
    Violation(#[from] Violation),
    /// The other end closed the socket, or it failed.
    #[error("the socket has ended")]
    Ended,
}

/// A socket, and the messages that come over it.
#[derive(derive_more::Debug)]
pub(super) struct Intake<S> {
    #[debug("{Redacted}")]
    socket: S,
    messages: Messages,
    /// Read, and not looked at: what came at once with a message that was not the last of it.
    #[debug("{Redacted}")]
    unread: Bytes,
    /// Bytes that it takes until all of it was looked at.
    unread_held: usize,
    bytes: TokenBucket,
    unfinished: Arc<Unfinished>,
    charge: Charge,
    due: Option<Pin<Box<Sleep>>>,
    stop: Option<Stop>,
}

impl<S> Intake<S> {
    pub(super) fn new(socket: S, unfinished: Arc<Unfinished>, limits: &Limits) -> Self {
        let rate = Rate::per_second(
            limits.bytes_per_second.saturating_mul(RAW_MULTIPLE),
            limits.bytes_burst.saturating_mul(RAW_MULTIPLE),
        );
        Self {
            socket,
            messages: Messages::new(CLIENT_FRAME_BYTES_MAX),
            unread: Bytes::new(),
            unread_held: 0,
            bytes: TokenBucket::new(rate, Instant::now().into_std()),
            charge: unfinished.charge(),
            unfinished,
            due: None,
            stop: None,
        }
    }

    /// This was read before, with the request.
    pub(super) fn read_before(&mut self, bytes: &[u8]) {
        match self.count(bytes.len()) {
            Ok(()) => self.keep_unread(bytes),
            Err(stop) => self.stop = Some(stop),
        }
        self.settle();
    }

    /// The socket itself, to write to.
    pub(super) const fn socket(&mut self) -> &mut S {
        &mut self.socket
    }

    /// The socket alone: nothing more is taken in.
    pub(super) fn into_socket(self) -> S {
        self.socket
    }

    fn count(&mut self, bytes: usize) -> Result<(), Stop> {
        self.bytes.take(bytes, Instant::now().into_std()).map_err(|_spent| Stop::TooFast)
    }

    /// The next message in `input`, the rest of which waits.
    fn look(&mut self, mut input: &[u8]) -> Result<Option<Message>, Stop> {
        let message = self.messages.read(&mut input)?;
        self.keep_unread(input);
        Ok(message)
    }

    /// A copy: what it is a part of would be held as long.
    fn keep_unread(&mut self, bytes: &[u8]) {
        self.unread = Bytes::copy_from_slice(bytes);
        self.unread_held = bytes.len();
    }

    fn look_at_unread(&mut self) -> Result<Option<Message>, Stop> {
        let mut input = &*self.unread;
        let message = self.messages.read(&mut input)?;
        let left = input.len();
        self.unread.advance(self.unread.len() - left);
        if left == 0 {
            self.forget_unread();
        }
        Ok(message)
    }

    fn forget_unread(&mut self) {
        self.unread = Bytes::new();
        self.unread_held = 0;
    }

    /// What is held counts, and whoever has begun a message has so much time to end it.
    fn settle(&mut self) {
        self.charge.set(self.messages.held() + self.unread_held);
        if !self.messages.is_begun() {
            self.due = None;
        }
    }

    /// More has come of a message that is not whole.
    fn keep_within_memory(&mut self) -> Result<(), Stop> {
        self.settle();
        let is_large = self.messages.held() > UNFINISHED_BYTES_SPARED;
        if is_large && self.unfinished.is_full() { Err(Stop::NoMemory) } else { Ok(()) }
    }

    fn is_overdue(&mut self, context: &mut Context<'_>) -> bool {
        self.due.as_mut().is_some_and(|due| due.as_mut().poll(context).is_ready())
    }

    /// Only where nothing more comes is it certain that a message is not whole.
    fn wait_for_rest(&mut self, context: &mut Context<'_>) {
        if self.messages.is_begun() && self.due.is_none() {
            let mut due = Box::pin(sleep(READ_WAIT));
            let _ = due.as_mut().poll(context);
            self.due = Some(due);
        }
    }
}

impl<S: AsyncRead + Unpin> Intake<S> {
    /// The next message. Cancel-safe: nothing is lost when the future is dropped.
    ///
    /// # Errors
    /// When nothing can follow; then for ever the same.
    pub(super) async fn next(&mut self) -> Result<Message, Stop> {
        poll_fn(|context| self.poll_next(context)).await
    }

    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Result<Message, Stop>> {
        if let Some(stop) = self.stop {
            return Poll::Ready(Err(stop));
        }
        let next = ready!(self.poll_message(context));
        match &next {
            // A control frame may stand in the middle of a message, which it does not end.
            Ok(Message::Binary(_)) => self.due = None,
            Ok(Message::Ping(_) | Message::Pong | Message::Close(_)) => {}
            Err(stop) => {
                self.stop = Some(*stop);
                // Nothing comes of it any more.
                self.messages = Messages::new(0);
                self.forget_unread();
            }
        }
        self.settle();
        Poll::Ready(next)
    }

    fn poll_message(&mut self, context: &mut Context<'_>) -> Poll<Result<Message, Stop>> {
        if !self.unread.is_empty() {
            if let Some(next) = self.look_at_unread().transpose() {
                return Poll::Ready(next);
            }
            self.keep_within_memory()?;
        }
        loop {
            let read = READ.with_borrow_mut(|into| self.poll_read(into, context));
            if read.is_pending() {
                // Only here is it certain that what is due has not come long ago.
                if self.is_overdue(context) {
                    return Poll::Ready(Err(Stop::TooLong));
                }
                self.wait_for_rest(context);
            }
            if let Some(message) = ready!(read)? {
                return Poll::Ready(Ok(message));
            }
            self.keep_within_memory()?;
        }
    }

    /// Reads once, and looks at what came.
    fn poll_read(
        &mut self,
        into: &mut [u8],
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<Message>, Stop>> {
        let mut buffer = ReadBuf::new(into);
        let read = ready!(Pin::new(&mut self.socket).poll_read(context, &mut buffer));
        let bytes = buffer.filled().len();
        if read.is_err() || bytes == 0 {
            return Poll::Ready(Err(Stop::Ended));
        }
        let message = self.count(bytes).and_then(|()| self.look(buffer.filled()));
        // What is in nobody's memory is in no other connection's either.
        buffer.filled_mut().fill(0);
        Poll::Ready(message)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncWriteExt as _, DuplexStream, duplex};
    use tokio::time::timeout;

    use super::*;
    use crate::Tree;
    use crate::ledger::Ledger;

    const BEGINNING: [u8; 6] = [0x02, 0x80, 0, 0, 0, 0];
    const PING: [u8; 6] = [0x89, 0x80, 0, 0, 0, 0];
    const END: [u8; 6] = [0x80, 0x80, 0, 0, 0, 0];

    fn intake(limits: &Limits) -> (DuplexStream, Intake<DuplexStream>, Arc<Ledger>) {
        let tree = Tree::new(*limits);
        let unfinished = Arc::new(Unfinished::new(&tree));
        let (client, socket) = duplex(1024 * 1024);
        (client, Intake::new(socket, unfinished, limits), tree.ledger().clone())
    }

    /// So many bytes of a binary message of that many.
    fn part(bytes: usize, of: u16) -> Vec<u8> {
        let [high, low] = of.to_be_bytes();
        [vec![0x82, 0xfe, high, low, 0, 0, 0, 0], vec![0; bytes]].concat()
    }

    async fn is_silent(intake: &mut Intake<DuplexStream>, wait: Duration) {
        let next = timeout(wait, intake.next()).await;
        assert!(next.is_err(), "{next:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_read_is_held_until_its_message_is_whole() {
        let (mut client, mut intake, ledger) = intake(&Limits::default());
        client.write_all(&part(9_000, 10_000)).await.unwrap();
        is_silent(&mut intake, READ_WAIT / 2).await;
        let held = ledger.retained();
        assert!((9_000..=10_000).contains(&held), "{held}");
        client.write_all(&[0; 1_000]).await.unwrap();
        let whole = Message::Binary(vec![0; 10_000].into());
        assert_eq!(intake.next().await, Ok(whole));
        assert_eq!(ledger.retained(), 0);
        client.write_all(&part(100, 200)).await.unwrap();
        is_silent(&mut intake, READ_WAIT / 2).await;
        assert_eq!(ledger.retained(), 100);
        drop(intake);
        assert_eq!(ledger.retained(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn what_came_at_once_leaves_one_by_one_and_counts_meanwhile() {
        let (mut client, mut intake, ledger) = intake(&Limits::default());
        intake.read_before(&[PING, PING].concat());
        client.write_all(&[part(300, 300), PING.to_vec()].concat()).await.unwrap();
        assert_eq!(ledger.retained(), 12);
        for held in [12, 0] {
            assert_eq!(intake.next().await, Ok(Message::Ping(Vec::new())));
            assert_eq!(ledger.retained(), held);
        }
        assert_eq!(intake.next().await, Ok(Message::Binary(vec![0; 300].into())));
        assert_eq!(ledger.retained(), 6);
        drop(client);
        assert_eq!(intake.next().await, Ok(Message::Ping(Vec::new())));
        assert_eq!(intake.next().await, Err(Stop::Ended));
        assert_eq!(ledger.retained(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_socket_reads_so_many_bytes_and_no_more() {
        let limits = Limits { bytes_burst: 1_000, bytes_per_second: 1, ..Limits::default() };
        let (mut client, mut intake, ledger) = intake(&limits);
        client.write_all(&part(1_992, 3_000)).await.unwrap();
        is_silent(&mut intake, Duration::from_millis(1)).await;
        client.write_all(&[0]).await.unwrap();
        assert_eq!(intake.next().await, Err(Stop::TooFast));
        assert_eq!((intake.next().await, ledger.retained()), (Err(Stop::TooFast), 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_is_whole_in_time_or_never() {
        for beginning in [&[0x82][..], &BEGINNING, &part(600, 1_000)] {
            let (mut client, mut intake, ledger) = intake(&Limits::default());
            client.write_all(&PING).await.unwrap();
            assert_eq!(intake.next().await, Ok(Message::Ping(Vec::new())));
            // Between messages there is no hurry.
            is_silent(&mut intake, READ_WAIT * 3).await;
            let begun = Instant::now();
            client.write_all(beginning).await.unwrap();
            is_silent(&mut intake, READ_WAIT / 2).await;
            assert_eq!(intake.next().await, Err(Stop::TooLong), "{beginning:x?}");
            assert_eq!(begun.elapsed().as_secs(), READ_WAIT.as_secs());
            assert_eq!(ledger.retained(), 0);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_ping_wins_no_time_for_the_message_around_it_and_an_end_does_for_the_next() {
        let (mut client, mut intake, _ledger) = intake(&Limits::default());
        let begun = Instant::now();
        client.write_all(&BEGINNING).await.unwrap();
        is_silent(&mut intake, READ_WAIT / 2).await;
        client.write_all(&PING).await.unwrap();
        assert_eq!(intake.next().await, Ok(Message::Ping(Vec::new())));
        is_silent(&mut intake, READ_WAIT / 4).await;
        client.write_all(&[END, BEGINNING].concat()).await.unwrap();
        assert_eq!(intake.next().await, Ok(Message::Binary(Bytes::new())));
        assert_eq!(intake.next().await, Err(Stop::TooLong));
        assert_eq!(begun.elapsed(), READ_WAIT / 2 + READ_WAIT / 4 + READ_WAIT);
    }

    #[tokio::test(start_paused = true)]
    async fn unfinished_messages_take_no_more_than_their_part_of_memory() {
        let limits = Limits { retained_bytes_max: 40_000, ..Limits::default() };
        let (mut client, mut intake, ledger) = intake(&limits);
        client.write_all(&part(5_000, 20_000)).await.unwrap();
        is_silent(&mut intake, READ_WAIT / 2).await;
        client.write_all(&[0; 6_000]).await.unwrap();
        assert_eq!(intake.next().await, Err(Stop::NoMemory));
        assert_eq!(ledger.retained(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn rooms_that_hold_too_much_are_asked_before_a_message_is_given_up() {
        let limits = Limits { retained_bytes_max: 40_000, ..Limits::default() };
        let (mut client, mut intake, ledger) = intake(&limits);
        let mut rooms = ledger.account().charge(37_000);
        client.write_all(&part(5_000, 10_000)).await.unwrap();
        is_silent(&mut intake, READ_WAIT / 2).await;
        assert!(ledger.excess() > 0 && !ledger.wants_relief(), "they were asked already");
        client.write_all(&[0; 5_000]).await.unwrap();
        assert_eq!(intake.next().await, Ok(Message::Binary(vec![0; 10_000].into())));
        // They had nothing to give.
        rooms.set(50_000);
        client.write_all(&part(5_000, 10_000)).await.unwrap();
        assert_eq!(intake.next().await, Err(Stop::NoMemory));
    }
}
