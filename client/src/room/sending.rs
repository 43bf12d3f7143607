//! One's own picture on its way out, piece by piece and slowly, so that what people say never waits
//! behind it for long. A state machine: what it sends is sealed and sent like anything else.

use std::collections::VecDeque;

use sanctuary_crypto::Ticket;
use zeroize::Zeroizing;

use super::LineId;
use super::coming::{Announced, Piece};
use crate::picture::{PIECE_BYTES, pieces_of};
use crate::{Epoch, Picture, PictureId, Words};

/// Between two pieces: 16 KiB each, a picture takes no more than 32 KiB of a second.
pub(super) const PACE_MILLIS: u32 = 520;

/// Pieces that are out at once: what is said meanwhile waits behind these at most.
const OUT_MAX: usize = 2;

/// Times the connection may go down under a picture, with no piece of it arriving in between: over
/// a network that carries no piece in time it would go down for ever.
const SETBACKS_MAX: u32 = 3;

/// Times that a picture's beginning is put off for another's, [`PACE_MILLIS`] each: two whole pictures'
/// time, after which nobody is waited for who sends one forever.
const WAITS_MAX: u32 = 32;

/// One's own picture on its way.
#[derive(Debug)]
pub(super) struct Sending {
    pub(super) picture: PictureId,
    pub(super) line: LineId,
    pub(super) words: Words,
    /// What it was announced with.
    pub(super) announcement: Ticket,
    pub(super) timer: Epoch,
    pub(super) state: SendingState,
    number: u32,
    content: Picture,
    /// Pieces given out.
    given: usize,
    /// Pieces in the room's order.
    settled: usize,
    out: VecDeque<Ticket>,
    setbacks: u32,
    /// Times its beginning was put off for another's.
    waits: u32,
}

/// Whether it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SendingState {
    Underway,
    /// The network does not carry it; it waits for its author's word.
    Failed,
}

/// Whether a picture may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It may.
    Own,
    /// Another's comes, piece after piece: two at once would be twice as much for a slow network.
    Others,
}

/// The parts a picture begins with.
pub(super) struct Beginning {
    pub(super) picture: PictureId,
    pub(super) number: u32,
    pub(super) content: Picture,
    pub(super) line: LineId,
    pub(super) words: Words,
    pub(super) announcement: Ticket,
    pub(super) timer: Epoch,
}

impl Sending {
    pub(super) fn begin(beginning: Beginning) -> Self {
        let Beginning { picture, number, content, line, words, announcement, timer } = beginning;
        Self {
            picture,
            line,
            words,
            announcement,
            timer,
            state: SendingState::Underway,
            number,
            content,
            given: 0,
            settled: 0,
            out: VecDeque::new(),
            setbacks: 0,
            waits: 0,
        }
    }

    pub(super) fn announced(number: u32, content: &Picture) -> Announced {
        // At most 256,000.
        let length = content.bytes().len() as u32;
        Announced { number, length, size: content.size() }
    }

    pub(super) const fn number(&self) -> u32 {
        self.number
    }

    fn pieces(&self) -> usize {
        pieces_of(self.content.bytes().len())
    }

    /// Whether pieces are left to be given out.
    pub(super) fn has_more(&self) -> bool {
        self.state == SendingState::Underway && self.given < self.pieces()
    }

    /// The next piece, if it may go out now.
    pub(super) fn next(&mut self, turn: Turn) -> Option<Piece> {
        let waits = self.given == 0 && turn == Turn::Others && self.waits < WAITS_MAX;
        self.waits += u32::from(waits);
        if waits || !self.has_more() || self.out.len() >= OUT_MAX {
            return None;
        }
        let place = u8::try_from(self.given).ok()?;
        let rest = self.content.bytes().get(self.given * PIECE_BYTES..).unwrap_or_default();
        let mut bytes = rest.get(..PIECE_BYTES).unwrap_or(rest).to_vec();
        bytes.resize(PIECE_BYTES, 0);
        Some(Piece { number: self.number, place, bytes: Zeroizing::new(bytes) })
    }

    /// That piece goes out under this ticket.
    pub(super) fn gave(&mut self, ticket: Ticket) {
        self.given += 1;
        self.out.push_back(ticket);
    }

    /// Something has its place in the room's order: how much of the picture is there, in hundredths,
    /// if it was a piece of it.
    pub(super) fn settle(&mut self, ticket: Ticket) -> Option<u8> {
        let at = self.out.iter().position(|own| *own == ticket)?;
        self.out.remove(at);
        self.settled += 1;
        self.setbacks = 0;
        // Both are at most sixteen.
        Some((100 * self.settled / self.pieces()) as u8)
    }

    /// The connection went down.
    pub(super) fn set_back(&mut self) {
        self.setbacks += u32::from(!self.out.is_empty());
    }

    pub(super) const fn is_hopeless(&self) -> bool {
        self.setbacks >= SETBACKS_MAX
    }

    /// Gives up. What is out is to be taken back as far as it can be.
    pub(super) fn fail(&mut self) -> VecDeque<Ticket> {
        self.state = SendingState::Failed;
        std::mem::take(&mut self.out)
    }

    /// What is left of it, to begin again with.
    pub(super) fn into_content(self) -> Picture {
        self.content
    }
}
