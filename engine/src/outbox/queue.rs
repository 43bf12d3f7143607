//! The queue inside an outbox: what waits, how much of it counts, and how it ends. Must not know who
//! fills or empties it.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::sync::Arc;

use sanctuary_protocol::{CloseReason, Redacted};
use tokio::time::Instant;

use super::{Delivered, Due};
use crate::encoded::Encoded;
use crate::ledger::{Account, Charge};

/// How much may wait for one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OutboxBounds {
    pub(crate) frames_max: usize,
    pub(crate) bytes_max: usize,
}

/// Frames written by one call: enough that a call's own cost no longer shows.
const PARTS_MAX: usize = 64;

/// Whether a frame counts against the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// As everything does.
    Counted,
    /// Part of what a seat begins with, which comes all at once and is bounded by the ring; or a frame
    /// of which some is written already, and which must be written to its end.
    Uncounted,
}

/// The client does not read what is sent to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the outbox is full")]
pub(crate) struct Full;

/// Where a client's bytes can be written without waiting.
pub(crate) trait Outlet: Send + Sync {
    /// Writes as much as is taken at once; [`io::ErrorKind::WouldBlock`] when that is nothing.
    fn try_write(&self, bytes: &[u8]) -> io::Result<usize>;
}

#[derive(derive_more::Debug)]
pub(super) struct Queue {
    waiting: VecDeque<Waiting>,
    /// Bytes of the first that are written already. It has to be written to its end, whatever
    /// happens, or nothing that follows could be read.
    pub(super) begun: usize,
    /// Of those that wait, how many frames and bytes count against the bounds.
    frames: usize,
    bytes: usize,
    pub(super) account: Arc<Account>,
    /// Until when a client without a seat or a knock may stay silent.
    pub(super) idle_until: Option<Instant>,
    pub(super) end: End,
    #[debug("{Redacted}")]
    pub(super) outlet: Option<Arc<dyn Outlet>>,
}

#[derive(Debug)]
struct Waiting {
    frame: Encoded,
    weight: Weight,
    _charge: Charge,
}

/// Whether anything may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Open,
    HungUp {
        reason: CloseReason,
        drain_until: Instant,
    },
    /// Nobody will read any more.
    Abandoned,
}

impl Queue {
    pub(super) fn new(account: Arc<Account>) -> Self {
        Self {
            waiting: VecDeque::new(),
            begun: 0,
            frames: 0,
            bytes: 0,
            account,
            idle_until: None,
            end: End::Open,
            outlet: None,
        }
    }

    /// Bytes that wait.
    pub(super) fn waiting_bytes(&self) -> usize {
        self.waiting.iter().map(|waiting| waiting.frame.len()).sum()
    }

    /// The first of what waits, as far as one call writes it.
    pub(super) fn parts(&self) -> ([IoSlice<'_>; PARTS_MAX], usize) {
        let mut parts = [IoSlice::new(&[]); PARTS_MAX];
        let (mut count, mut skip) = (0, self.begun);
        for (part, waiting) in parts.iter_mut().zip(&self.waiting) {
            *part = IoSlice::new(waiting.frame.wire().get(skip..).unwrap_or_default());
            (count, skip) = (count + 1, 0);
        }
        (parts, count)
    }

    pub(super) fn add(
        &mut self,
        frame: Encoded,
        weight: Weight,
        bounds: OutboxBounds,
    ) -> Result<(), Full> {
        match weight {
            Weight::Counted => {
                let bytes = self.bytes + frame.len();
                if self.frames >= bounds.frames_max || bytes > bounds.bytes_max {
                    return Err(Full);
                }
                self.frames += 1;
                self.bytes = bytes;
            }
            Weight::Uncounted => {}
        }
        let charge = self.account.charge(frame.len());
        self.waiting.push_back(Waiting { frame, weight, _charge: charge });
        Ok(())
    }

    /// How many bytes were taken. That a socket is broken is for its carrier to find.
    pub(super) fn write_at_once(&self, bytes: &[u8]) -> usize {
        match &self.outlet {
            Some(outlet) if self.waiting.is_empty() && !bytes.is_empty() => {
                outlet.try_write(bytes).unwrap_or(0)
            }
            Some(_) | None => 0,
        }
    }

    pub(super) fn due(&mut self) -> Option<Due> {
        let reason = match self.end {
            End::Open | End::Abandoned => None,
            End::HungUp { reason, drain_until } => {
                if drain_until <= Instant::now() {
                    self.clear();
                    if !self.waiting.is_empty() {
                        return Some(Due::Lost);
                    }
                }
                Some(reason)
            }
        };
        if self.waiting.is_empty() { reason.map(Due::Closed) } else { Some(Due::Frames) }
    }

    pub(super) fn take(&mut self) -> Option<Delivered> {
        match self.due()? {
            Due::Frames => {
                let first = self.pop();
                first.map(|frame| Delivered::Frame(frame.payload()))
            }
            Due::Closed(reason) => Some(Delivered::Closed(reason)),
            // Only of a socket is a frame ever begun.
            Due::Lost => None,
        }
    }

    fn pop(&mut self) -> Option<Encoded> {
        let Waiting { frame, weight, _charge } = self.waiting.pop_front()?;
        if weight == Weight::Counted {
            self.frames -= 1;
            self.bytes -= frame.len();
        }
        if self.waiting.is_empty() {
            // Most of the time nothing waits for most members, and ten thousand of them add up.
            self.waiting = VecDeque::new();
        }
        Some(frame)
    }

    /// So many bytes more are written.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.begun += bytes;
        while let Some(first) = self.waiting.front().map(|waiting| waiting.frame.len())
            && first <= self.begun
        {
            self.begun -= first;
            self.pop();
        }
    }

    /// Gives up what waits, but for a frame that was begun.
    pub(super) fn clear(&mut self) {
        let kept = usize::from(self.begun > 0);
        while self.waiting.len() > kept {
            if let Some(Waiting { frame, weight: Weight::Counted, .. }) = self.waiting.pop_back() {
                self.frames -= 1;
                self.bytes -= frame.len();
            }
        }
        self.waiting.shrink_to_fit();
    }
}
