//! How an operator names a room.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A room's throwaway name, `r7`: a count of rooms since the server started, which says nothing of
/// the room's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoomHandle(pub u32);

impl fmt::Display for RoomHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "r{}", self.0)
    }
}

impl From<RoomHandle> for String {
    fn from(handle: RoomHandle) -> Self {
        handle.to_string()
    }
}

/// A handle is `r` and a number, and this was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a room goes by `r` and a number, such as r7; `rooms` lists them")]
pub struct InvalidRoomHandle;

impl FromStr for RoomHandle {
    type Err = InvalidRoomHandle;

    fn from_str(text: &str) -> Result<Self, InvalidRoomHandle> {
        let digits = text.strip_prefix('r').ok_or(InvalidRoomHandle)?;
        if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(InvalidRoomHandle);
        }
        digits.parse().map(Self).map_err(|_| InvalidRoomHandle)
    }
}

impl TryFrom<String> for RoomHandle {
    type Error = InvalidRoomHandle;

    fn try_from(text: String) -> Result<Self, InvalidRoomHandle> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_r_and_a_number() {
        assert_eq!("r7".parse(), Ok(RoomHandle(7)));
        for text in ["", "r", "7", "R7", "r+7", "r-7", "r7 ", "r99999999999"] {
            assert_eq!(text.parse::<RoomHandle>(), Err(InvalidRoomHandle), "{text:?}");
        }
    }
}
