//! An in-memory connection: a line without a socket, in frames. For tests, simulations and benches.

use std::sync::Arc;

use bytes::Bytes;
use sanctuary_protocol::{ClientFrame, RoomId, ServerFrame, decode, encode};

use crate::ledger::{Counted, Gauge};
use crate::line::{HungUp, Line};
use crate::outbox::{Delivered, Delivery};
use crate::tree::Tree;

/// A client of the engine, in memory. Dropping it is the connection's end.
#[derive(Debug)]
pub struct Connection {
    line: Line,
    delivery: Delivery,
    ended: bool,
    _counted: Counted,
}

impl Connection {
    pub(crate) fn open(tree: &Tree, room: RoomId) -> Self {
        let (line, delivery) = Line::open(tree, Arc::new(room));
        Self { line, delivery, ended: false, _counted: tree.ledger().count(Gauge::Memory) }
    }

    /// Sends a frame; waits while too many are still in the engine.
    ///
    /// # Errors
    /// When the connection is closed; [`Connection::recv`] says why.
    pub async fn send(&mut self, frame: ClientFrame) -> Result<(), HungUp> {
        self.send_bytes(encode(&frame).into()).await
    }

    /// Sends whatever bytes.
    ///
    /// # Errors
    /// As [`Connection::send`].
    pub async fn send_bytes(&mut self, message: Bytes) -> Result<(), HungUp> {
        self.line.receive(message).await
    }

    /// The next frame; nothing after the `Closed` that is the last. Cancel-safe.
    pub async fn recv(&mut self) -> Option<ServerFrame> {
        if self.ended {
            return None;
        }
        match self.delivery.next().await {
            Delivered::Frame(frame) => decode(&frame).ok(),
            Delivered::Closed(reason) => {
                self.ended = true;
                Some(ServerFrame::Closed { reason })
            }
        }
    }
}
