//! Frames to bytes and back: postcard, one frame a message, nothing after it. A frame over its
//! bound is refused before anything is allocated for it.

use postcard::ser_flavors::Size;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::limits::{CLIENT_FRAME_BYTES_MAX, SERVER_FRAME_BYTES_MAX};
use crate::{ClientFrame, ServerFrame};

/// What travels as one message.
pub trait Frame: Serialize + DeserializeOwned {
    /// The largest message of this kind, in bytes.
    const BYTES_MAX: usize;
}

impl Frame for ClientFrame {
    const BYTES_MAX: usize = CLIENT_FRAME_BYTES_MAX;
}

impl Frame for ServerFrame {
    const BYTES_MAX: usize = SERVER_FRAME_BYTES_MAX;
}

/// Why a message is no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// It is longer than any frame of its direction.
    #[error("{actual} bytes, and a frame has at most {limit}")]
    TooLong {
        /// In bytes.
        limit: usize,
        /// In bytes.
        actual: usize,
    },
    /// It breaks off, names no known frame, or breaks a field's bound.
    #[error("not a frame of this protocol")]
    Malformed,
    /// A whole frame, and bytes after it.
    #[error("{bytes} bytes follow the frame")]
    Trailing {
        /// How many.
        bytes: usize,
    },
}

/// The bytes of a frame, or of a part of one.
pub fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    #[expect(
        clippy::expect_used,
        reason = "no wire type has a fallible Serialize or an unknown length"
    )]
    postcard::to_allocvec(value).expect("wire types always encode")
}

/// The same, behind so many bytes of zero, in memory of just that size.
pub fn encode_after<T: Serialize>(zeros: usize, value: &T) -> Vec<u8> {
    #[expect(
        clippy::expect_used,
        reason = "no wire type has a fallible Serialize or an unknown length"
    )]
    postcard::serialize_with_flavor(value, Size::default())
        .and_then(|size| {
            let mut bytes = Vec::with_capacity(zeros + size);
            bytes.resize(zeros, 0);
            postcard::to_extend(value, bytes)
        })
        .expect("wire types always encode")
}

/// The frame in `bytes`.
///
/// # Errors
/// When `bytes` is not exactly one frame within every bound.
pub fn decode<F: Frame>(bytes: &[u8]) -> Result<F, DecodeError> {
    if bytes.len() > F::BYTES_MAX {
        return Err(DecodeError::TooLong { limit: F::BYTES_MAX, actual: bytes.len() });
    }
    match postcard::take_from_bytes(bytes) {
        Ok((frame, [])) => Ok(frame),
        Ok((_, rest)) => Err(DecodeError::Trailing { bytes: rest.len() }),
        Err(_) => Err(DecodeError::Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_behind_zeros_is_the_same_and_takes_just_its_size() {
        let frame = ClientFrame::Post { ciphertext: vec![7; 300].try_into().unwrap() };
        let bytes = encode_after(14, &frame);
        assert_eq!(bytes, [&[0; 14][..], &encode(&frame)].concat());
        assert_eq!(bytes.capacity(), bytes.len());
    }

    #[test]
    fn a_message_may_be_as_long_as_its_bound_and_no_longer() {
        let limit = ClientFrame::BYTES_MAX;
        let read = |length| decode::<ClientFrame>(&vec![0xff; length]);
        assert_eq!(read(limit), Err(DecodeError::Malformed));
        assert_eq!(read(limit + 1), Err(DecodeError::TooLong { limit, actual: limit + 1 }));
    }
}
