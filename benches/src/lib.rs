//! What the benches share: a room's worth of members and frames of a given size, and a
//! room of sessions, and what a step allocates. The benches themselves are in `benches/`; each prints ratios to be read side by
//! side in one run. `page/` measures the same sessions in a browser.

mod played_room;

#[cfg(not(target_family = "wasm"))]
mod allocations;

use sanctuary_protocol::{ClientFrame, Entry, EntryKind, MemberId, PostBlob, Seq, ServerFrame};

#[cfg(not(target_family = "wasm"))]
pub use allocations::{Allocations, COUNTING, Spent};
pub use played_room::{PlayedRoom, create};

/// The sealed sizes of the path, in bytes: a line of chat, a paragraph, the largest post.
pub const POST_BYTES: [usize; 3] = [256, 4 * 1024, 16 * 1024];

/// A post of that many bytes.
///
/// # Panics
/// When a post cannot have that many.
#[expect(clippy::expect_used, reason = "a bench's own mistake")]
pub fn post_blob(bytes: usize) -> PostBlob {
    PostBlob::try_from(vec![0x5a; bytes]).expect("a size within the protocol")
}

/// The client's frame for it.
pub fn post(bytes: usize) -> ClientFrame {
    ClientFrame::Post { ciphertext: post_blob(bytes) }
}

/// The entry that the room makes of it.
pub fn entry(bytes: usize) -> ServerFrame {
    let kind = EntryKind::Post { ciphertext: post_blob(bytes) };
    ServerFrame::Entry(Entry { seq: Seq(1_000), from: MemberId(7), kind })
}
