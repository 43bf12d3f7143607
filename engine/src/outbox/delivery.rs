//! The emptying end of an outbox, for whatever carries a client's line: frame by frame into memory, or
//! as many as a socket takes. Must not know what else is done to the queue meanwhile.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use sanctuary_protocol::{CloseReason, Redacted};
use tokio::io::AsyncWrite;
use tokio::sync::watch;
use tokio::time::Instant;

use super::Shared;
use super::queue::{End, Full, Outlet, Weight};
use crate::encoded::Encoded;

/// What the carrier of a line is handed.
#[derive(Clone, derive_more::Debug, PartialEq, Eq)]
pub enum Delivered {
    /// An encoded server frame.
    Frame(#[debug("{Redacted}")] Bytes),
    /// Nothing follows: say why, and close.
    Closed(CloseReason),
}

/// What a carrier has to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// Something waits to be written.
    Frames,
    /// Nothing waits, and nothing follows: say why, and close.
    Closed(CloseReason),
    /// The time is over to finish what was begun, and nothing can follow half a frame.
    Lost,
}

/// What a carrier waits for.
enum Next {
    Due(Due),
    /// Its client has neither a seat nor a knock, and only so much time to get one.
    Outside {
        until: Instant,
    },
}

/// The emptying end.
#[derive(Debug)]
pub struct Delivery {
    shared: Arc<Shared>,
    stopping: watch::Receiver<bool>,
}

/// What a carrier itself has to say between the frames: pings, pongs, the answer to a close.
#[derive(Debug)]
pub(crate) struct Aside {
    shared: Arc<Shared>,
}

impl Delivery {
    pub(super) fn of(shared: Arc<Shared>, stopping: watch::Receiver<bool>) -> Self {
        Self { shared, stopping }
    }

    /// The next thing to hand to the client. After [`Delivered::Closed`] it is that for ever.
    /// Cancel-safe: nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Delivered {
        loop {
            self.due().await;
            if let Some(delivered) = self.try_next() {
                return delivered;
            }
        }
    }

    /// The next thing, if there is one already.
    pub fn try_next(&mut self) -> Option<Delivered> {
        self.shared.queue().take()
    }

    /// Waits until there is something to do.
    pub(crate) async fn due(&mut self) -> Due {
        loop {
            let until = match poll_fn(|context| self.poll_due(context)).await {
                Next::Due(due) => return due,
                Next::Outside { until } => until,
            };
            // Boxed: only who is outside waits so, and every connection would have the room for it.
            Box::pin(self.wait_outside(until)).await;
        }
    }

    fn poll_due(&self, context: &Context<'_>) -> Poll<Next> {
        // Before looking, so that nothing comes in between.
        self.shared.carrier.register(context.waker());
        let mut queue = self.shared.queue();
        match (queue.due(), queue.idle_until) {
            (Some(due), _) => Poll::Ready(Next::Due(due)),
            (None, Some(until)) => Poll::Ready(Next::Outside { until }),
            (None, None) => Poll::Pending,
        }
    }

    /// Until something is due, the client is told to wait otherwise, or its time is over.
    async fn wait_outside(&mut self, until: Instant) {
        let Self { shared, stopping } = self;
        let changed = poll_fn(|context| {
            shared.carrier.register(context.waker());
            let mut queue = shared.queue();
            let is_same = queue.due().is_none() && queue.idle_until == Some(until);
            if is_same { Poll::Pending } else { Poll::Ready(()) }
        });
        tokio::select! {
            // What was said first goes out, whatever else has come meanwhile.
            biased;
            () = changed => {}
            () = tokio::time::sleep_until(until) => shared.expire(),
            () = begun(stopping) => shared.hang_up(CloseReason::ShuttingDown),
        }
    }

    /// From here on, rooms write to `outlet` by themselves while nothing waits.
    pub(crate) fn write_through(&self, outlet: Arc<dyn Outlet>) {
        self.shared.queue().outlet = Some(outlet);
    }

    /// How the carrier speaks between the frames.
    pub(crate) fn aside(&self) -> Aside {
        Aside { shared: self.shared.clone() }
    }

    /// Nothing more is queued, nor written by anybody else. What waits is given up, but for a frame that
    /// was begun.
    pub(crate) fn abandon(&self) {
        let mut queue = self.shared.queue();
        queue.clear();
        queue.end = End::Abandoned;
        queue.outlet = None;
    }

    /// Whether anything waits to be written.
    pub(crate) fn is_waiting(&self) -> bool {
        self.shared.queue().waiting_bytes() > 0
    }

    /// Writes some of what waits; ready as well when nothing does. Holds the queue meanwhile, so that
    /// a room's turn cannot come between; it waits for nothing while it does.
    pub(crate) fn poll_write<S: AsyncWrite + Unpin>(
        &self,
        socket: &mut S,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        let mut queue = self.shared.queue();
        let (parts, count) = queue.parts();
        if count == 0 {
            return Poll::Ready(Ok(()));
        }
        let parts = parts.get(..count).unwrap_or_default();
        let written = ready!(Pin::new(socket).poll_write_vectored(context, parts))?;
        if written == 0 {
            return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
        }
        queue.advance(written);
        Poll::Ready(Ok(()))
    }
}

/// Until the server begins to stop.
async fn begun(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

impl Drop for Delivery {
    fn drop(&mut self) {
        self.shared.queue().begun = 0;
        self.abandon();
    }
}

impl Aside {
    /// Queues whole messages of the WebSocket, in order with the frames, and bounded as they are.
    pub(crate) fn say(&self, message: Encoded) {
        if let Err(Full) = self.shared.push(message, Weight::Counted) {
            self.shared.hang_up(CloseReason::TooSlow);
        }
    }
}
