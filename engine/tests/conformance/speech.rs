//! Our protocol's frames in a wanted size, and what the room makes of them: a member's own words come
//! back as an entry, to the byte. Must not know WebSockets.

use sanctuary_protocol::limits::COMMIT_BYTES_MAX;
use sanctuary_protocol::{
    ClientFrame, ClientFrameKind, Entry, EntryKind, Few, MemberId, Refusal, Seq, ServerFrame,
    WelcomeBlob, encode,
};

use super::wire::Said;

/// Words of a room's only member, in a frame of `bytes`, and the entry they come back as.
pub(crate) fn words(bytes: usize) -> (Vec<u8>, Said) {
    let fits = |body: &usize| encode(&frame(*body)).len() == bytes;
    // What is around a body takes between two bytes and ten.
    let body = (bytes.saturating_sub(10)..bytes).find(fits).unwrap();
    let kind = match frame(body) {
        ClientFrame::Post { ciphertext } => EntryKind::Post { ciphertext },
        ClientFrame::Commit { ciphertext, admits, evicts, .. } => {
            EntryKind::Commit { ciphertext, admits, evicts }
        }
        other => panic!("no words: {other:?}"),
    };
    let entry = Entry { seq: Seq(1), from: MemberId(1), kind };
    (encode(&frame(body)), Said::Binary(encode(&ServerFrame::Entry(entry))))
}

/// A post; a commit of the group's settings where a post is too small for it, and with a welcome for
/// nobody where that is.
fn frame(body: usize) -> ClientFrame {
    // Every byte another than the one before, so that a wrong mask shows.
    let mut bytes: Vec<u8> = (0..body).map(|at| (at % 251) as u8).collect();
    if let Ok(ciphertext) = bytes.clone().try_into() {
        return ClientFrame::Post { ciphertext };
    }
    let welcome = bytes.split_off(body.min(COMMIT_BYTES_MAX));
    ClientFrame::Commit {
        ciphertext: bytes.try_into().unwrap(),
        admits: Few::none(),
        evicts: Few::none(),
        welcome: WelcomeBlob::try_from(welcome).unwrap(),
    }
}

/// A stranger's word, and the refusal that shows that it was heard.
pub(crate) fn unheard_of() -> (Vec<u8>, Said) {
    let refused = ServerFrame::Refused { what: ClientFrameKind::Close, why: Refusal::NotSeated };
    (encode(&ClientFrame::Close), Said::Binary(encode(&refused)))
}
