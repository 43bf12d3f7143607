//! Wipes what the page's work leaves on its stack. The allocator wipes what is given back to it; nobody
//! wipes what a function's frame held: a hash's block, a key. Must not know what that was.

use std::hint::black_box;

/// Bytes below the page's loop that its work may have used, and that are wiped in a few microseconds.
const WIPED_BYTES: usize = 64 * 1024;

/// Wipes the stack below. For a page that has nothing to do.
#[inline(never)]
pub(crate) fn wipe() {
    let mut below = [0_u8; WIPED_BYTES];
    // The compiler must not find that nobody reads it.
    black_box(&mut below);
}
