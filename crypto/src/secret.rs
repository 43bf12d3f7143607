//! What two people share to meet: the name of a room, and the secret that opens it. Generated ones
//! come from the system's randomness; chosen ones are as strong as whoever chose them.

use std::fmt;

use sanctuary_protocol::RoomId;
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::label::{label, length_prefixed};
use crate::normal::{Unfit, nfkc};
use crate::random;
use crate::words::{self, WORDS, word};

/// Characters of a chosen room name: a line of text.
pub const ROOM_NAME_CHARS_MAX: usize = 64;

/// Characters of a chosen password: a long sentence.
pub const SECRET_CHARS_MAX: usize = 128;

/// Random bytes behind a generated room name: two rooms in a trillion do not meet by chance.
const ROOM_NAME_BYTES: usize = 10;

/// Random bytes behind a generated secret: beyond all guessing, stretched or not.
pub(crate) const SECRET_BYTES: usize = 16;

/// Words of a secret that is read aloud: six of 7,776 are 77 bits.
const SECRET_WORDS: usize = 6;

/// Words of a room's name that is to be read aloud.
const ROOM_NAME_WORDS: usize = 3;

/// Thirty-two letters and digits, none of which is mistaken for another: no `l`, `o`, `0`, `1`.
pub(crate) const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// The name of a room, in NFKC, without white space around it. It says where a room is, and opens
/// nothing.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct RoomName(String);

/// Why a text is no room name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRoomName {
    /// There is nothing but white space.
    #[error("a room's name needs at least one character")]
    Empty,
    /// It is longer than [`ROOM_NAME_CHARS_MAX`].
    #[error("a room's name has at most {ROOM_NAME_CHARS_MAX} characters")]
    TooLong,
    /// It holds a control character.
    #[error("a room's name holds no control characters")]
    Control,
}

impl RoomName {
    /// A name that nobody guesses: 16 letters and digits from 80 random bits.
    pub fn generate() -> Self {
        let mut bytes = [0; ROOM_NAME_BYTES];
        random::fill(&mut bytes);
        Self(base32(&bytes))
    }

    /// Three words of the EFF's long list, with hyphens between, to be read aloud: of 38 bits, which
    /// nobody tries at a server's door. They protect nothing but that somebody is there.
    pub fn generate_words() -> Self {
        let mut phrase = String::new();
        write_words(ROOM_NAME_WORDS, &mut phrase);
        Self(phrase)
    }

    /// A name as somebody typed it: three words of the list that were read to them, in whatever way
    /// they wrote them down; or any other.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn heard(text: &str) -> Result<Self, InvalidRoomName> {
        Self::new(words::heard(text, ROOM_NAME_WORDS).as_deref().map_or(text, String::as_str))
    }

    /// A name somebody chose. Whoever guesses it learns whether the room is live.
    ///
    /// # Errors
    /// When there are no or too many characters, or one is a control character.
    pub fn new(text: &str) -> Result<Self, InvalidRoomName> {
        let normal = nfkc(text.trim(), ROOM_NAME_CHARS_MAX).map_err(|unfit| match unfit {
            Unfit::Empty => InvalidRoomName::Empty,
            Unfit::TooLong => InvalidRoomName::TooLong,
            Unfit::Control => InvalidRoomName::Control,
        })?;
        // Some marks become a space and more in NFKC, so it is trimmed on both sides of it.
        match normal.trim() {
            "" => Err(InvalidRoomName::Empty),
            name => Ok(Self(name.to_owned())),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The room as the server knows it: the first 16 bytes of `SHA-256("room", name)`. It holds
    /// nothing of the secret, so it helps nobody to guess that.
    pub fn id(&self) -> RoomId {
        let hash = Sha256::digest(length_prefixed(&[label!("room"), self.0.as_bytes()]));
        let mut id = [0; 16];
        id.copy_from_slice(&hash[..16]);
        RoomId::from_bytes(id)
    }
}

impl fmt::Display for RoomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RoomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(_name) = self;
        f.write_str("RoomName(…)")
    }
}

/// What opens a room, in NFKC. It is cloned where the page both shows it and hands it to the worker
/// that stretches it; each copy wipes itself. Comparing two is local to one member, so it need not
/// take constant time.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Secret(String);

/// Why a text is no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSecret {
    /// There is nothing.
    #[error("a password needs at least one character")]
    Empty,
    /// It is longer than [`SECRET_CHARS_MAX`].
    #[error("a password has at most {SECRET_CHARS_MAX} characters")]
    TooLong,
    /// It holds a control character.
    #[error("a password holds no control characters")]
    Control,
}

impl Secret {
    /// 26 letters and digits from 128 random bits.
    pub fn generate() -> Self {
        let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
        random::fill(&mut *bytes);
        Self::from_random(&bytes)
    }

    /// The secret in these 128 random bits, written as a generated one is.
    pub(crate) fn from_random(bytes: &[u8; SECRET_BYTES]) -> Self {
        Self(base32(bytes))
    }

    /// Six words of the EFF's long list, with hyphens between: 77 bits that can be read aloud.
    pub fn generate_words() -> Self {
        let mut phrase = String::with_capacity(SECRET_CHARS_MAX);
        write_words(SECRET_WORDS, &mut phrase);
        Self(phrase)
    }

    /// A password as somebody typed it: six words of the list that were read to them, in whatever
    /// way they wrote them down; or any other.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn heard(text: &str) -> Result<Self, InvalidSecret> {
        Self::new(words::heard(text, SECRET_WORDS).as_deref().map_or(text, String::as_str))
    }

    /// A password somebody chose, white space and all.
    ///
    /// # Errors
    /// When there are no or too many characters, or one is a control character.
    pub fn new(text: &str) -> Result<Self, InvalidSecret> {
        let mut normal = nfkc(text, SECRET_CHARS_MAX).map_err(|unfit| match unfit {
            Unfit::Empty => InvalidSecret::Empty,
            Unfit::TooLong => InvalidSecret::TooLong,
            Unfit::Control => InvalidSecret::Control,
        })?;
        Ok(Self(std::mem::take(&mut *normal)))
    }

    /// The secret itself, to show or to share. Whatever is made of it outlives this value's wiping.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(_secret) = self;
        f.write_str("Secret(…)")
    }
}

/// Five bits a character, most significant first; the last character holds what is left.
fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut pending, mut pending_bits) = (0_u16, 0);
    for &byte in bytes {
        pending = pending << 8 | u16::from(byte);
        pending_bits += 8;
        while pending_bits >= 5 {
            pending_bits -= 5;
            text.push(digit(pending >> pending_bits));
        }
        // Only the bits that were not written: the rest would overflow.
        pending &= (1 << pending_bits) - 1;
    }
    if pending_bits > 0 {
        text.push(digit(pending << (5 - pending_bits)));
    }
    text
}

fn digit(bits: u16) -> char {
    char::from(ALPHABET[usize::from(bits & 31)])
}

/// So many words of the list, with hyphens between.
fn write_words(count: usize, phrase: &mut String) {
    let mut words = Vec::with_capacity(count);
    while words.len() < count {
        // The list has 7,776 words, which a u16 counts.
        let word = word(random::below(WORDS as u16));
        // Four words have a hyphen of their own, and a word said twice sounds like a mistake:
        // leaving both out costs less than a hundredth of a bit.
        if !word.contains('-') && !words.contains(&word) {
            words.push(word);
        }
    }
    for (position, word) in words.into_iter().enumerate() {
        if position > 0 {
            phrase.push('-');
        }
        phrase.push_str(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::is_listed;

    #[test]
    fn a_generated_name_is_sixteen_unambiguous_characters_and_never_twice_the_same() {
        let (one, other) = (RoomName::generate(), RoomName::generate());
        assert_eq!(one.as_str().len(), 16);
        assert!(one.as_str().bytes().all(|byte| ALPHABET.contains(&byte)));
        assert_ne!(one, other);
        assert_eq!(RoomName::new(one.as_str()), Ok(one));
    }

    #[test]
    fn a_generated_secret_is_twenty_six_characters_and_never_twice_the_same() {
        let (one, other) = (Secret::generate(), Secret::generate());
        assert_eq!(one.expose().len(), 26);
        assert_ne!(one, other);
        assert_eq!(Secret::new(one.expose()), Ok(one));
    }

    #[test]
    fn what_was_read_aloud_opens_the_room_however_it_was_written_down() {
        let (room, secret) = (RoomName::generate_words(), Secret::generate_words());
        let spoken = |text: &str| text.to_uppercase().replace('-', " ");
        assert_eq!(RoomName::heard(&spoken(room.as_str())).unwrap(), room);
        let heard = Secret::heard(&spoken(secret.expose())).unwrap();
        assert_eq!(heard.expose(), secret.expose());
        // Whatever else is a password is left as it is.
        assert_eq!(Secret::heard("My  Own").unwrap().expose(), "My  Own");
        assert_eq!(Secret::heard("Abacus Zoom").unwrap().expose(), "Abacus Zoom");
    }

    #[test]
    fn a_secret_to_read_aloud_is_six_words_of_the_list() {
        let secret = Secret::generate_words();
        let words: Vec<&str> = secret.expose().split('-').collect();
        assert_eq!(words.len(), SECRET_WORDS);
        assert!(words.iter().all(|word| is_listed(word)));
        assert_eq!(Secret::new(secret.expose()), Ok(secret));
    }

    #[test]
    fn base32_writes_every_bit_once() {
        assert_eq!(base32(&[]), "");
        assert_eq!(base32(&[0]), "aa");
        // 00001 00010 00011 00100 00101 00110 00111 01000
        assert_eq!(base32(&[0x08, 0x86, 0x42, 0x98, 0xe8]), "bcdefghi");
        assert_eq!(base32(&[0xff; 5]), "99999999");
        assert_eq!(base32(&[0xff; 16]).len(), 26);
    }

    #[test]
    fn a_room_s_id_is_the_hash_of_its_name_alone() {
        // Computed with Python's hashlib.
        let cats = RoomName::new("cats").unwrap();
        assert_eq!(cats.id().to_string(), "f36ce8e0227bf4933b3c41f6c0524c59");
        assert_ne!(cats.id(), RoomName::new("Cats").unwrap().id());
        assert_eq!(cats.id(), RoomName::new("  ｃａｔｓ ").unwrap().id());
    }

    #[test]
    fn a_chosen_name_has_one_to_sixty_four_visible_characters() {
        let check = |text: &str, expected| assert_eq!(RoomName::new(text).map(|_| ()), expected);
        check("tea at five", Ok(()));
        check(&"é".repeat(64), Ok(()));
        check(&"é".repeat(65), Err(InvalidRoomName::TooLong));
        check("", Err(InvalidRoomName::Empty));
        check(" \t\n", Err(InvalidRoomName::Empty));
        check("a\u{7}b", Err(InvalidRoomName::Control));
        // One character that becomes eighteen.
        check(&"\u{fdfa}".repeat(4), Err(InvalidRoomName::TooLong));
    }

    #[test]
    fn a_chosen_password_keeps_its_white_space_and_has_one_to_128_characters() {
        let check = |text: &str, expected| assert_eq!(Secret::new(text).map(|_| ()), expected);
        assert_eq!(Secret::new(" a b ").unwrap().expose(), " a b ");
        check(&"a".repeat(128), Ok(()));
        check(&"a".repeat(129), Err(InvalidSecret::TooLong));
        check("", Err(InvalidSecret::Empty));
        check("a\nb", Err(InvalidSecret::Control));
    }

    #[test]
    fn two_ways_to_type_one_password_are_one_password() {
        assert_eq!(Secret::new("cafe\u{301}"), Secret::new("café"));
        assert_eq!(Secret::new("ﬁsh"), Secret::new("fish"));
    }

    #[test]
    fn names_and_secrets_print_nothing_of_themselves() {
        let shown =
            format!("{:?} {:?}", RoomName::new("cats").unwrap(), Secret::new("meow").unwrap());
        assert_eq!(shown, "RoomName(…) Secret(…)");
    }
}
