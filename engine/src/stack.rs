//! Wipes what a thread leaves on its stack. The allocator wipes what is given back to it; nobody wipes
//! what a function's frame held: an id, an address, a piece of a frame. Must not know what that was.

use std::hint::black_box;

/// Bytes below the place where a thread goes to sleep that its work may have used: deeper than any of
/// it goes, and two microseconds to wipe.
const WIPED_BYTES: usize = 64 * 1024;

/// Wipes the stack below. For a thread that has nothing to do.
#[inline(never)]
pub(crate) fn wipe() {
    let mut below = [0_u8; WIPED_BYTES];
    // The compiler must not find that nobody reads it.
    black_box(&mut below);
}
