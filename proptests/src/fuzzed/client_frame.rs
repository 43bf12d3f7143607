//! The bytes of one message from a client, as the server reads them: a frame within every bound, or
//! none.

use sanctuary_protocol::limits::{
    ADMITS_MAX, COMMIT_BYTES_MAX, DOOR_BYTES_MAX, EVICTS_MAX, POST_BYTES_MAX, WELCOME_BYTES_MAX,
};
use sanctuary_protocol::{ClientFrame, decode};

use super::frame::frame;
use super::{Held, hold};

/// Arbitrary bytes are a frame or an error; see the module `frame` for what else.
///
/// # Errors
/// Says what does not hold.
pub fn client_frame(bytes: &[u8]) -> Held {
    frame(bytes, decode::<ClientFrame>)?.as_ref().map_or(Ok(()), within_bounds)
}

/// The bounds, counted anew: the types' own word is not taken for it.
fn within_bounds(frame: &ClientFrame) -> Held {
    let blob = |bytes: usize, most: usize| hold(bytes <= most, "a blob is within its bound");
    match frame {
        ClientFrame::Knock { blob: knock } => blob(knock.as_slice().len(), DOOR_BYTES_MAX),
        ClientFrame::Door { member: _, blob: word } => blob(word.as_slice().len(), DOOR_BYTES_MAX),
        ClientFrame::Post { ciphertext } => blob(ciphertext.as_slice().len(), POST_BYTES_MAX),
        ClientFrame::Commit { ciphertext, admits, evicts, welcome } => {
            blob(ciphertext.as_slice().len(), COMMIT_BYTES_MAX)?;
            blob(welcome.as_slice().len(), WELCOME_BYTES_MAX)?;
            hold(admits.as_slice().len() <= ADMITS_MAX, "a commit admits no more than it may")?;
            hold(evicts.as_slice().len() <= EVICTS_MAX, "a commit evicts no more than it may")
        }
        ClientFrame::Create { .. }
        | ClientFrame::Resume { .. }
        | ClientFrame::Lock(_)
        | ClientFrame::HandOver { .. }
        | ClientFrame::Close
        | ClientFrame::Leave => Ok(()),
    }
}
