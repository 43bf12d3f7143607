//! The bytes of one message from a server, as a page reads them: a frame within every bound, or none.

use sanctuary_protocol::limits::{
    ADMITS_MAX, COMMIT_BYTES_MAX, DOOR_BYTES_MAX, EVICTS_MAX, MEMBERS_MAX, NOTICE_BYTES_MAX,
    POST_BYTES_MAX, WELCOME_BYTES_MAX,
};
use sanctuary_protocol::{EntryKind, ServerFrame, decode};

use super::frame::frame;
use super::{Held, hold};

/// Arbitrary bytes are a frame or an error; see the module `frame` for what else.
///
/// # Errors
/// Says what does not hold.
pub fn server_frame(bytes: &[u8]) -> Held {
    frame(bytes, decode::<ServerFrame>)?.as_ref().map_or(Ok(()), within_bounds)
}

/// The bounds, counted anew: the types' own word is not taken for it.
fn within_bounds(frame: &ServerFrame) -> Held {
    let blob = |bytes: usize, most: usize| hold(bytes <= most, "a blob is within its bound");
    match frame {
        ServerFrame::Opened(opening) => {
            hold(opening.seats.as_slice().len() <= MEMBERS_MAX, "a room seats no more than it may")
        }
        ServerFrame::Knocking { member: _, blob: word }
        | ServerFrame::Door { member: _, blob: word } => {
            blob(word.as_slice().len(), DOOR_BYTES_MAX)
        }
        ServerFrame::Welcome { ciphertext } => blob(ciphertext.as_slice().len(), WELCOME_BYTES_MAX),
        ServerFrame::Entry(entry) => entry_within_bounds(&entry.kind),
        ServerFrame::Notice { text } => {
            hold(text.as_str().len() <= NOTICE_BYTES_MAX, "a notice is within its bound")
        }
        ServerFrame::Knocked { .. }
        | ServerFrame::Refused { .. }
        | ServerFrame::Closed { .. }
        | ServerFrame::Withdrawn { .. } => Ok(()),
    }
}

fn entry_within_bounds(kind: &EntryKind) -> Held {
    match kind {
        EntryKind::Post { ciphertext } => {
            hold(ciphertext.as_slice().len() <= POST_BYTES_MAX, "a post is within its bound")
        }
        EntryKind::Commit { ciphertext, admits, evicts } => {
            let bytes = ciphertext.as_slice().len();
            hold(bytes <= COMMIT_BYTES_MAX, "a commit is within its bound")?;
            let (admits, evicts) = (admits.as_slice().len(), evicts.as_slice().len());
            hold(admits <= ADMITS_MAX, "a commit admits no more than it may")?;
            hold(evicts <= EVICTS_MAX, "a commit evicts no more than it may")
        }
        EntryKind::Shed { .. }
        | EntryKind::Gone
        | EntryKind::Back
        | EntryKind::Left
        | EntryKind::Expired
        | EntryKind::Host { .. }
        | EntryKind::Committer
        | EntryKind::Policy(_) => Ok(()),
    }
}
