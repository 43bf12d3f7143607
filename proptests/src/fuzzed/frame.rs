//! What holds of any frame's bytes, whichever way they travel. Must not know what a frame means.

use std::fmt::Debug;

use sanctuary_protocol::{DecodeError, Frame, encode, encode_after};

use super::{Held, Violation, hold};

/// The frame in these bytes, if `decode` makes one of them, once all has been looked at that holds of
/// every frame.
pub(super) fn frame<F: Frame + PartialEq + Debug>(
    bytes: &[u8],
    decode: impl Fn(&[u8]) -> Result<F, DecodeError>,
) -> Result<Option<F>, Violation> {
    let frame = match decode(bytes) {
        Ok(frame) => frame,
        Err(why) => return refused::<F>(bytes, why).map(|()| None),
    };
    hold(bytes.len() <= F::BYTES_MAX, "a frame is within its bound")?;
    let encoded = encode(&frame);
    // A number may be written in more bytes than it needs.
    hold(encoded.len() <= bytes.len(), "nothing grows by being read")?;
    hold(decode(&encoded).as_ref() == Ok(&frame), "a frame is what it encodes to")?;
    hold(encode_after(3, &frame) == [&[0; 3], &*encoded].concat(), "both ways to encode agree")?;
    let longer = decode(&[bytes, &[0]].concat());
    hold(longer.is_err(), "nothing follows a frame")?;
    let shorter = bytes.split_last().map(|(_, before)| decode(before));
    hold(shorter.is_some_and(|it| it.is_err()), "a frame's beginning is none")?;
    Ok(Some(frame))
}

fn refused<F: Frame>(bytes: &[u8], why: DecodeError) -> Held {
    let (limit, actual) = (F::BYTES_MAX, bytes.len());
    match why {
        DecodeError::TooLong { .. } => hold(
            actual > limit && why == DecodeError::TooLong { limit, actual },
            "what is called too long is",
        ),
        DecodeError::Malformed => hold(actual <= limit, "what is too long is called so"),
        DecodeError::Trailing { bytes: rest } => {
            hold(0 < rest && rest < actual, "what follows a frame is a part of what came")
        }
    }
}

#[cfg(test)]
mod tests {
    use sanctuary_protocol::{ClientFrame, decode};

    use super::*;

    fn judged(decode: impl Fn(&[u8]) -> Result<ClientFrame, DecodeError>) -> Result<(), String> {
        let leave = encode(&ClientFrame::Leave);
        frame(&leave, decode).map(|_| ()).map_err(|violation| violation.to_string())
    }

    #[test]
    fn a_decoder_that_is_wrong_is_found_out() {
        assert_eq!(judged(decode), Ok(()));
        let check = |what: &str, decode: fn(&[u8]) -> Result<ClientFrame, DecodeError>| {
            let said = judged(decode).unwrap_err();
            assert!(said.ends_with(what), "{said}");
        };
        check("nothing follows a frame", |bytes| decode(&bytes[..bytes.len().min(1)]));
        check("a frame is what it encodes to", |bytes| match bytes {
            [9] => Ok(ClientFrame::Close),
            _ => Err(DecodeError::Malformed),
        });
        check("what is called too long is", |bytes| {
            Err(DecodeError::TooLong { limit: 0, actual: bytes.len() })
        });
        check("a part of what came", |bytes| Err(DecodeError::Trailing { bytes: bytes.len() }));
    }
}
