//! Carries one client's line over a WebSocket: one task that reads, writes and pings. Must not know
//! what a frame means: it hands bytes in, and bytes out.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use sanctuary_protocol::{CloseReason, ServerFrame, encode};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::limits::Limits;
use crate::line::Line;
use crate::outbox::{Delivered, Delivery};

/// Frames written in a row before the socket is read again.
const BATCH_FRAMES_MAX: usize = 64;

/// Pings that may go unanswered; the next one ends the connection.
const UNANSWERED_MAX: u32 = 2;

/// How long a client may take to return our close. Until then what it still sends is read and thrown
/// away: a socket closed over unread bytes is reset, and the reason would be lost.
const CLOSE_WAIT: Duration = Duration::from_secs(2);

/// The socket is of no more use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Lost;

/// Whether anything may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    Open,
    Closed,
}

/// What a turn of the loop is about.
enum Event {
    Delivered(Delivered),
    Received(Option<Result<Message, Error>>),
    PingDue,
}

/// Carries a line until either end is done with it.
pub(crate) async fn carry<S: AsyncRead + AsyncWrite + Unpin>(
    socket: WebSocketStream<S>,
    line: Line,
    delivery: Delivery,
    limits: &Limits,
) {
    let write_wait = limits.write_wait;
    let mut carrier = Carrier { socket, line, delivery, write_wait, unanswered: 0 };
    let first_ping = Instant::now() + limits.ping_interval;
    let mut pings = interval_at(first_ping, limits.ping_interval);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut reading = After::Open;
    loop {
        let event = tokio::select! {
            delivered = carrier.delivery.next() => Event::Delivered(delivered),
            received = carrier.socket.next(), if reading == After::Open => {
                Event::Received(received)
            }
            _ = pings.tick() => Event::PingDue,
        };
        let after = match event {
            Event::Delivered(delivered) => carrier.write(delivered).await,
            Event::Received(received) => carrier.read(received).await.map(|after| {
                reading = after;
                After::Open
            }),
            Event::PingDue => carrier.ping().await,
        };
        match after {
            Ok(After::Open) => {}
            Ok(After::Closed) => break carrier.linger().await,
            Err(Lost) => break,
        }
    }
}

struct Carrier<S> {
    socket: WebSocketStream<S>,
    line: Line,
    delivery: Delivery,
    write_wait: Duration,
    unanswered: u32,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Carrier<S> {
    /// Says whether there is anything more to read.
    async fn read(&mut self, received: Option<Result<Message, Error>>) -> Result<After, Lost> {
        self.unanswered = 0;
        match received {
            Some(Ok(Message::Binary(message))) => match self.line.receive(message).await {
                Ok(()) => Ok(After::Open),
                // The delivery says why; nothing the client adds to it counts.
                Err(_hung_up) => Ok(After::Closed),
            },
            // The WebSocket has its answer to a ping ready; it leaves with the next write.
            Some(Ok(Message::Ping(_))) => self.flush().await.map(|()| After::Open),
            Some(Ok(Message::Pong(_))) => Ok(After::Open),
            Some(Ok(Message::Text(_) | Message::Frame(_))) => Ok(self.break_off()),
            Some(Ok(Message::Close(_))) => {
                let _ = self.flush().await;
                Err(Lost)
            }
            Some(Err(Error::Capacity(_) | Error::Protocol(_) | Error::Utf8(_))) => {
                Ok(self.break_off())
            }
            Some(Err(_)) | None => Err(Lost),
        }
    }

    fn break_off(&self) -> After {
        self.line.hang_up(CloseReason::ProtocolError);
        After::Closed
    }

    /// Writes what is due and whatever else waits, and flushes once.
    async fn write(&mut self, first: Delivered) -> Result<After, Lost> {
        let mut next = first;
        let mut left = BATCH_FRAMES_MAX;
        loop {
            match next {
                Delivered::Frame(frame) => self.feed(Message::Binary(frame)).await?,
                Delivered::Closed(reason) => {
                    let word = encode(&ServerFrame::Closed { reason });
                    self.feed(Message::Binary(word.into())).await?;
                    self.feed(Message::Close(Some(close_frame(reason)))).await?;
                    return self.flush().await.map(|()| After::Closed);
                }
            }
            left -= 1;
            match if left > 0 { self.delivery.try_next() } else { None } {
                Some(delivered) => next = delivered,
                None => return self.flush().await.map(|()| After::Open),
            }
        }
    }

    async fn ping(&mut self) -> Result<After, Lost> {
        if self.unanswered >= UNANSWERED_MAX {
            return Err(Lost);
        }
        self.unanswered += 1;
        self.feed(Message::Ping(bytes::Bytes::new())).await?;
        self.flush().await.map(|()| After::Open)
    }

    async fn feed(&mut self, message: Message) -> Result<(), Lost> {
        bounded(self.write_wait, self.socket.feed(message)).await
    }

    async fn flush(&mut self) -> Result<(), Lost> {
        bounded(self.write_wait, self.socket.flush()).await
    }

    async fn linger(&mut self) {
        let rest = async { while let Some(Ok(_)) = self.socket.next().await {} };
        let _ = timeout(CLOSE_WAIT, rest).await;
    }
}

async fn bounded(
    wait: Duration,
    write: impl Future<Output = Result<(), Error>>,
) -> Result<(), Lost> {
    match timeout(wait, write).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Lost),
    }
}

/// The same word for programs that look at the WebSocket alone (RFC 6455 §7.4).
fn close_frame(reason: CloseReason) -> CloseFrame {
    let (code, word) = match reason {
        CloseReason::Left => (CloseCode::Normal, "left"),
        CloseReason::Purged => (CloseCode::Normal, "purged"),
        CloseReason::ByOperator => (CloseCode::Normal, "by operator"),
        CloseReason::Superseded => (CloseCode::Normal, "superseded"),
        CloseReason::Idle => (CloseCode::Normal, "idle"),
        CloseReason::ShuttingDown => (CloseCode::Away, "shutting down"),
        CloseReason::ProtocolError => (CloseCode::Protocol, "protocol error"),
        CloseReason::Kicked => (CloseCode::Policy, "kicked"),
        CloseReason::TooSlow => (CloseCode::Policy, "too slow"),
        CloseReason::TooFast => (CloseCode::Policy, "too fast"),
        CloseReason::Faulted => (CloseCode::Error, "faulted"),
    };
    CloseFrame { code, reason: word.into() }
}
