//! What a sealed post says, once opened: the words members have for each other. The server and the
//! wire see none of it.

use sanctuary_protocol::Seq;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::markup::Markup;
use crate::picture::{PICTURE_BYTES_MAX, PIECE_BYTES, PIECES_MAX};
use crate::room::{Announced, Piece};
use crate::{Manner, PictureSize, Words};

/// What a sealed post says. Markup travels encoded, and is checked when it is decoded.
#[derive(Debug, PartialEq)]
pub(crate) enum Payload {
    /// A message, to everybody or, in a whisper, to one.
    Say(Words),
    /// The sender leaves, perhaps with a last word.
    Farewell(Option<Markup>),
    /// The sender is about to end the room for everybody.
    Purge,
    /// Somebody at the door, which the sender keeps, guessed at the secret, or may have.
    DoorFailed,
    /// The sender knows of the failures at the door, and has them forgotten.
    DoorCleared,
    /// A picture follows, in pieces.
    Picture {
        /// Which, and how large.
        announced: Announced,
        /// What its author says to it, which may be nothing.
        words: Words,
    },
    /// A piece of one.
    Piece(Piece),
    /// No more of it follows, and what came is to be forgotten.
    PictureDropped {
        /// Its author's number for it.
        number: u32,
    },
}

/// The payload as it is sealed.
#[derive(Serialize, Deserialize)]
enum Wire<'a> {
    Say {
        manner: Manner,
        reply_to: Option<Seq>,
        markup: Vec<u8>,
    },
    Farewell(Option<Vec<u8>>),
    Purge,
    DoorFailed,
    DoorCleared,
    Picture {
        number: u32,
        length: u32,
        size: PictureSize,
        reply_to: Option<Seq>,
        markup: Vec<u8>,
    },
    Piece {
        number: u32,
        place: u8,
        #[serde(borrow)]
        bytes: &'a [u8],
    },
    PictureDropped {
        number: u32,
    },
}

/// What was sealed is no payload of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a message in a form this page does not know")]
pub(crate) struct UnknownPayload;

impl Payload {
    pub(crate) fn encode(&self) -> Zeroizing<Vec<u8>> {
        let wire = match self {
            Self::Say(Words { manner, reply_to, markup }) => {
                Wire::Say { manner: *manner, reply_to: *reply_to, markup: markup.encode() }
            }
            Self::Farewell(words) => Wire::Farewell(words.as_ref().map(Markup::encode)),
            Self::Purge => Wire::Purge,
            Self::DoorFailed => Wire::DoorFailed,
            Self::DoorCleared => Wire::DoorCleared,
            Self::Picture { announced, words } => Wire::Picture {
                number: announced.number,
                length: announced.length,
                size: announced.size,
                reply_to: words.reply_to,
                markup: words.markup.encode(),
            },
            Self::Piece(Piece { number, place, bytes }) => {
                Wire::Piece { number: *number, place: *place, bytes }
            }
            Self::PictureDropped { number } => Wire::PictureDropped { number: *number },
        };
        Zeroizing::new(sanctuary_protocol::encode(&wire))
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, UnknownPayload> {
        let markup = |bytes: Vec<u8>| Markup::decode(&bytes).map_err(|_| UnknownPayload);
        // Nothing may follow: what one page reads over, another might read.
        let (wire, []) = postcard::take_from_bytes(bytes).map_err(|_| UnknownPayload)? else {
            return Err(UnknownPayload);
        };
        match wire {
            Wire::Say { manner, reply_to, markup: bytes } => {
                Ok(Self::Say(Words { manner, reply_to, markup: markup(bytes)? }))
            }
            Wire::Farewell(words) => Ok(Self::Farewell(words.map(markup).transpose()?)),
            Wire::Purge => Ok(Self::Purge),
            Wire::DoorFailed => Ok(Self::DoorFailed),
            Wire::DoorCleared => Ok(Self::DoorCleared),
            Wire::Picture { number, length, size, reply_to, markup: bytes } => {
                if length as usize > PICTURE_BYTES_MAX || !size.is_fit() {
                    return Err(UnknownPayload);
                }
                let announced = Announced { number, length, size };
                let words = Words { manner: Manner::Plain, reply_to, markup: markup(bytes)? };
                Ok(Self::Picture { announced, words })
            }
            Wire::Piece { number, place, bytes } => {
                if usize::from(place) >= PIECES_MAX || bytes.len() != PIECE_BYTES {
                    return Err(UnknownPayload);
                }
                let bytes = Zeroizing::new(bytes.to_vec());
                Ok(Self::Piece(Piece { number, place, bytes }))
            }
            Wire::PictureDropped { number } => Ok(Self::PictureDropped { number }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_is_read_whole_and_nothing_follows_it() {
        for payload in
            [Payload::Farewell(None), Payload::Purge, Payload::DoorFailed, Payload::DoorCleared]
        {
            let mut bytes = payload.encode().to_vec();
            assert_eq!(Payload::decode(&bytes), Ok(payload));
            bytes.push(0);
            assert_eq!(Payload::decode(&bytes), Err(UnknownPayload));
        }
    }
}
