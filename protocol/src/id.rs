//! Who and where: room ids, member ids, positions in a room's order, resume tokens. All opaque: no
//! id says anything of a person.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use zeroize::ZeroizeOnDrop;

/// A room, as the server knows it: the first 16 bytes of a hash of its name. In paths and text it
/// is 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomId([u8; 16]);

impl RoomId {
    /// An id from its 16 bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its 16 bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Reads an id where it stays: no copy of it is made on the way there.
    ///
    /// # Errors
    /// When it is none; what is here then is neither.
    pub fn read(&mut self, text: &str) -> Result<(), InvalidRoomId> {
        let digits: &[u8; 32] = text.as_bytes().try_into().map_err(|_| InvalidRoomId)?;
        for (byte, pair) in self.0.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = hex_digit(pair[0])? << 4 | hex_digit(pair[1])?;
        }
        Ok(())
    }
}

impl fmt::Display for RoomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Hides the id: a chosen room name can be guessed from it, so it stays out of every log line.
impl fmt::Debug for RoomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RoomId(…)")
    }
}

/// A room id is 32 lower-case hexadecimal digits, and this was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a room id is 32 lower-case hexadecimal digits")]
pub struct InvalidRoomId;

impl FromStr for RoomId {
    type Err = InvalidRoomId;

    fn from_str(text: &str) -> Result<Self, InvalidRoomId> {
        let mut id = Self([0; 16]);
        id.read(text)?;
        Ok(id)
    }
}

fn hex_digit(digit: u8) -> Result<u8, InvalidRoomId> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(InvalidRoomId),
    }
}

/// A member of one room: the number of its knock. Rising, never reused within the room, so the
/// smaller of two has been there longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MemberId(pub u32);

impl MemberId {
    /// Who never knocked, and is never a member.
    pub const NOBODY: Self = Self(0);
}

/// A position in a room's one total order. The first entry is 1; 0 is before everything.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Seq(pub u64);

impl Seq {
    /// The position after this one. After the last there is none, and no room comes near it.
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// What lets a dropped connection take its seat again. Drawn by the server, known to it and to the
/// member alone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ZeroizeOnDrop)]
pub struct ResumeToken([u8; 16]);

impl ResumeToken {
    /// A token from 16 random bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its 16 bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Debug for ResumeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(_secret) = self;
        f.write_str("ResumeToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_id_is_written_in_every_digit_and_reads_back() {
        let digits = "0123456789abcdef0123456789abcdef";
        let id = RoomId::from_bytes(u128::from_str_radix(digits, 16).unwrap().to_be_bytes());
        assert_eq!(id.to_string(), digits);
        assert_eq!(digits.parse(), Ok(id));
    }

    #[test]
    fn anything_but_32_lower_case_digits_is_no_room_id() {
        for text in
            ["", "ab", &"AB".repeat(16), &"zz".repeat(16), &"ab".repeat(17), &"é".repeat(16)]
        {
            assert_eq!(text.parse::<RoomId>(), Err(InvalidRoomId), "{text:?}");
        }
    }

    #[test]
    fn ids_and_tokens_print_nothing_of_themselves() {
        let shown = format!("{:?} {:?}", RoomId([7; 16]), ResumeToken([7; 16]));
        assert!(!shown.contains('7'), "{shown}");
    }
}
