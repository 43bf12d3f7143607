//! What decoding allocates, counted: never for a claim, only for what really arrived. In a binary of
//! its own, and in one test, so that no other test allocates meanwhile.

use std::alloc::System;

use sanctuary_protocol::limits::MEMBERS_MAX;
use sanctuary_protocol::{ClientFrame, DecodeError, Frame, ServerFrame, decode};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Bytes a decoded frame may take for each byte that arrived. A seat is two bytes on the wire and
/// eight in memory, and a list that grows has at most twice the room it needs.
const GROWTH_MAX: usize = 8;

/// Bytes that the smallest list takes at once: four seats.
const LIST_BYTES_MIN: usize = 64;

/// What `act` gives, and the bytes it allocates: the least of three times, since the harness has a
/// thread of its own, which may allocate meanwhile.
fn allocated_by<T>(act: impl Fn() -> T) -> (T, usize) {
    let measured = || {
        let region = Region::new(ALLOCATOR);
        let done = act();
        (done, region.change().bytes_allocated)
    };
    let (done, allocated) = measured();
    (done, allocated.min(measured().1).min(measured().1))
}

/// What decoding `bytes` allocated, which is in proportion to them.
fn allocated_within_bounds<F: Frame>(bytes: &[u8]) -> usize {
    let (decoded, allocated) = allocated_by(|| decode::<F>(bytes));
    let bound = GROWTH_MAX * bytes.len() + 3 * LIST_BYTES_MIN;
    assert!(allocated <= bound, "{allocated} for {} bytes", bytes.len());
    drop(decoded);
    allocated
}

/// Bytes without a pattern, the same in every run (Marsaglia's xorshift64).
fn noise(seed: &mut u64, bytes: usize) -> Vec<u8> {
    let mut byte = || {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        *seed as u8
    };
    (0..bytes).map(|_| byte()).collect()
}

/// The largest length a varint can claim: `u64::MAX`.
const HUGE_CLAIM: [u8; 10] = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];

#[test]
fn decoding_allocates_for_what_arrived_and_never_for_what_is_claimed() {
    // Too long a message costs nothing at all.
    let too_long = vec![4; ClientFrame::BYTES_MAX + 1];
    let (refused, allocated) = allocated_by(|| decode::<ClientFrame>(&too_long));
    assert!(matches!(refused, Err(DecodeError::TooLong { .. })));
    assert_eq!(allocated, 0);

    // A claim of more than arrived, or of more than may, costs nothing either, wherever it stands.
    let claims: [&[u8]; 4] = [&HUGE_CLAIM, &[0xff, 0xff, 0xff, 0xff, 0x0f], &[0x81, 0x08], &[0x7f]];
    for kind in 0..12 {
        for zeros in 0..64 {
            for claim in claims {
                let bytes = [&[kind][..], &vec![0; zeros], claim].concat();
                allocated_within_bounds::<ClientFrame>(&bytes);
                allocated_within_bounds::<ServerFrame>(&bytes);
            }
        }
    }

    // Openings with as many seats as there may be, and with one more: a seat is two bytes.
    let opening = |seats: usize| {
        let length =
            [(seats & 0x7f | 0x80) as u8, (seats >> 7 & 0x7f | 0x80) as u8, (seats >> 14) as u8];
        [&[0; 1 + 1 + 16 + 1 + 32 + 2 + 2][..], &length, &vec![0; 2 * seats]].concat()
    };
    for seats in [0, 1, 100, MEMBERS_MAX] {
        assert!(decode::<ServerFrame>(&opening(seats)).is_ok());
        assert!(allocated_within_bounds::<ServerFrame>(&opening(seats)) >= 8 * seats);
    }
    assert_eq!(allocated_within_bounds::<ServerFrame>(&opening(MEMBERS_MAX + 1)), 0);

    // Noise, of every kind and many lengths.
    let mut seed = 0x5eed;
    for round in 0..20_000 {
        let mut bytes = noise(&mut seed, round % 700);
        if let Some(kind) = bytes.first_mut() {
            *kind %= 12;
        }
        allocated_within_bounds::<ClientFrame>(&bytes);
        allocated_within_bounds::<ServerFrame>(&bytes);
    }
}
