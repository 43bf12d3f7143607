//! Carries one client's line over a WebSocket: one task that reads, writes and pings. Must not know
//! what a frame means: it hands bytes in, and bytes out.

use std::future::poll_fn;
use std::io;
use std::time::Duration;

use sanctuary_protocol::{CloseReason, ServerFrame};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use tungstenite::protocol::CloseFrame;
use tungstenite::protocol::frame::Frame;
use tungstenite::protocol::frame::coding::CloseCode;

use super::intake::{Intake, Stop};
use super::messages::Message;
use super::peer::Upgraded;
use crate::encoded::Encoded;
use crate::limits::Limits;
use crate::line::Line;
use crate::outbox::{Aside, Delivery, Due};
use crate::rates::{Rate, TokenBucket};

/// Pings that may go unanswered; the next one ends the connection.
const UNANSWERED_MAX: u32 = 2;

/// How long a client may take to return our close, and then to end its side too. Until then what it
/// still sends is read and thrown away: a socket closed over unread bytes is reset, and the reason, or
/// the answer to its own close, would be lost.
const CLOSE_WAIT: Duration = Duration::from_secs(2);

/// Bytes thrown away unread of a socket that has ended on our side: what a client may have under way.
/// Whoever sends more may miss the reason.
const CLOSE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// The socket is of no more use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lost {
    /// It broke, or has ended.
    Gone,
    /// Its client took too long to take what was written.
    TooSlow,
}

/// Whether anything may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    Open,
    Closed,
}

/// What a turn of the loop is about.
enum Event {
    Due(Due),
    Received(Result<Message, Stop>),
    PingDue,
}

/// Carries a line until either end is done with it, and counts for as long.
pub(crate) fn carry<S: AsyncRead + AsyncWrite + Unpin>(
    intake: Intake<S>,
    line: Line,
    delivery: Delivery,
    counted: Upgraded,
    limits: &Limits,
) -> impl Future<Output = ()> + use<S> {
    let write_wait = limits.write_wait;
    let controls = Rate::per_second(limits.frames_per_second, limits.frames_burst);
    let controls = TokenBucket::new(controls, Instant::now().into_std());
    let aside = delivery.aside();
    let mut carrier =
        Carrier { intake, line, delivery, aside, write_wait, unanswered: 0, controls };
    let first_ping = Instant::now() + limits.ping_interval;
    let mut pings = interval_at(first_ping, limits.ping_interval);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut reading = After::Open;
    // A block, and not an async function, which would keep room for its arguments beside the carrier.
    async move {
        loop {
            let event = tokio::select! {
                // Reading first: it is bounded by rates, and what waits to be written may never end,
                // however slowly a client reads.
                biased;
                received = carrier.intake.next(), if reading == After::Open => {
                    Event::Received(received)
                }
                due = carrier.delivery.due() => Event::Due(due),
                _ = pings.tick() => Event::PingDue,
            };
            let after = match event {
                Event::Due(Due::Frames) => carrier.write().await.map(|()| After::Open),
                Event::Due(Due::Closed(reason)) => carrier.say_closed(reason).await,
                Event::Due(Due::Lost) => Err(Lost::Gone),
                Event::Received(received) => carrier.read(received).await.map(|after| {
                    reading = after;
                    After::Open
                }),
                Event::PingDue => carrier.ping(),
            };
            match after {
                Ok(After::Open) => {}
                Ok(After::Closed) => {
                    carrier.await_answer().await;
                    break;
                }
                Err(Lost::Gone) => break,
                Err(Lost::TooSlow) => {
                    // Counted so, where nothing else was the reason before. It cannot be told.
                    carrier.line.hang_up(CloseReason::TooSlow);
                    break;
                }
            }
        }
        // The room hears at once; what is left is between the two sockets.
        end(carrier.into_socket()).await;
        drop(counted);
    }
}

struct Carrier<S> {
    intake: Intake<S>,
    line: Line,
    delivery: Delivery,
    aside: Aside,
    write_wait: Duration,
    unanswered: u32,
    /// Pings and pongs have the rate of frames, beside theirs.
    controls: TokenBucket,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Carrier<S> {
    fn into_socket(self) -> S {
        self.intake.into_socket()
    }

    /// Says whether there is anything more to read.
    async fn read(&mut self, received: Result<Message, Stop>) -> Result<After, Lost> {
        self.unanswered = 0;
        match received {
            Ok(Message::Binary(message)) => match self.line.receive(message).await {
                Ok(()) => Ok(After::Open),
                // The delivery says why; nothing the client adds to it counts.
                Err(_hung_up) => Ok(After::Closed),
            },
            Ok(Message::Ping(payload)) => Ok(self.count_control(|aside| {
                aside.say(Encoded::pong(&payload));
            })),
            Ok(Message::Pong) => Ok(self.count_control(|_aside| {})),
            Ok(Message::Close(code)) => {
                self.answer_close(code).await?;
                Err(Lost::Gone)
            }
            Err(stop) => self.stop_reading(stop),
        }
    }

    fn count_control(&mut self, answer: impl FnOnce(&Aside)) -> After {
        match self.controls.take(1, Instant::now().into_std()) {
            Ok(()) => {
                answer(&self.aside);
                After::Open
            }
            Err(_spent) => self.break_off(CloseReason::TooFast),
        }
    }

    /// The socket failed, or was made to.
    fn stop_reading(&mut self, stop: Stop) -> Result<After, Lost> {
        let reason = match stop {
            Stop::TooFast => CloseReason::TooFast,
            Stop::TooLong => CloseReason::TooSlow,
            Stop::Violation(_) => CloseReason::ProtocolError,
            Stop::NoMemory | Stop::Ended => return Err(Lost::Gone),
        };
        Ok(self.break_off(reason))
    }

    fn break_off(&self, reason: CloseReason) -> After {
        self.line.hang_up(reason);
        After::Closed
    }

    /// Writes some of what waits.
    async fn write(&mut self) -> Result<(), Lost> {
        let Self { intake, delivery, write_wait, .. } = self;
        let socket = intake.socket();
        bounded(*write_wait, poll_fn(|context| delivery.poll_write(socket, context))).await?;
        bounded(*write_wait, socket.flush()).await
    }

    /// The last word, behind everything that waited.
    async fn say_closed(&mut self, reason: CloseReason) -> Result<After, Lost> {
        let mut words = Encoded::frame(&ServerFrame::Closed { reason }).wire().to_vec();
        // Writing to memory cannot fail.
        let _ = Frame::close(Some(close_frame(reason))).format(&mut words);
        let socket = self.intake.socket();
        bounded(self.write_wait, socket.write_all(&words)).await?;
        bounded(self.write_wait, socket.flush()).await.map(|()| After::Closed)
    }

    /// The client closes. Nothing may follow our answer (RFC 6455 §5.5.1), and the room may speak at any
    /// moment: first it is kept from it.
    async fn answer_close(&mut self, code: Option<CloseCode>) -> Result<(), Lost> {
        self.delivery.abandon();
        while self.delivery.is_waiting() {
            self.write().await?;
        }
        let mut answer = Vec::new();
        // Writing to memory cannot fail.
        let _ = Frame::close(code.map(|code| CloseFrame { code, reason: "".into() }))
            .format(&mut answer);
        let socket = self.intake.socket();
        bounded(self.write_wait, socket.write_all(&answer)).await?;
        bounded(self.write_wait, socket.flush()).await
    }

    fn ping(&mut self) -> Result<After, Lost> {
        if self.unanswered >= UNANSWERED_MAX {
            self.line.hang_up(CloseReason::Idle);
            return Err(Lost::Gone);
        }
        self.unanswered += 1;
        self.aside.say(Encoded::ping());
        Ok(After::Open)
    }

    /// The client's answer to our close, if it can still be told from what else it sends.
    async fn await_answer(&mut self) {
        let answer = async {
            loop {
                match self.intake.next().await {
                    Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong) => {}
                    Ok(Message::Close(_)) | Err(_) => return,
                }
            }
        };
        let _ = timeout(CLOSE_WAIT, answer).await;
    }
}

/// Says that nothing follows, and waits until the client says so too (RFC 6455 §7.1.1).
async fn end<S: AsyncRead + AsyncWrite + Unpin>(mut socket: S) {
    let ended = async {
        // TLS says that it ends, so that nobody takes the end for a cut.
        let _ = socket.shutdown().await;
        let mut rest = socket.take(CLOSE_BYTES_MAX);
        let _ = tokio::io::copy(&mut rest, &mut tokio::io::sink()).await;
    };
    let _ = timeout(CLOSE_WAIT, ended).await;
}

async fn bounded(wait: Duration, write: impl Future<Output = io::Result<()>>) -> Result<(), Lost> {
    match timeout(wait, write).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_broken)) => Err(Lost::Gone),
        Err(_elapsed) => Err(Lost::TooSlow),
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
