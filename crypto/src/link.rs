//! The invitation: a room's name and its secret in the fragment of an address, which no browser
//! sends to a server. Knows no host: an invitation holds wherever the room is reached.

use zeroize::Zeroizing;

use crate::{InvalidRoomName, InvalidSecret, RoomName, Secret};

/// Bytes of text that may be read as an invitation: an address, and every character of name and
/// secret percent-encoded, with room to spare.
const LINK_BYTES_MAX: usize = 8 * 1024;

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Which room.
    pub room: RoomName,
    /// What opens it.
    pub secret: Secret,
}

/// Why a text is no invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLink {
    /// It is not a name and a secret with one dot between them.
    #[error("an invitation ends in the room's name and its password, with one dot between them")]
    Shape,
    /// A percent sign is not followed by two digits, or the bytes are no UTF-8.
    #[error("a part of this invitation was lost on the way")]
    Garbled,
    /// Its first part is no room name.
    #[error(transparent)]
    Room(#[from] InvalidRoomName),
    /// Its second part is no secret.
    #[error(transparent)]
    Secret(#[from] InvalidSecret),
}

impl Link {
    /// A room and a secret that nobody guesses.
    pub fn generate() -> Self {
        Self { room: RoomName::generate(), secret: Secret::generate() }
    }

    /// A room and a secret that nobody guesses, in words to be read aloud.
    pub fn generate_words() -> Self {
        Self { room: RoomName::generate_words(), secret: Secret::generate_words() }
    }

    /// Reads a whole address, or its fragment with or without the `#`.
    ///
    /// # Errors
    /// When it is not a room's name and a secret with one dot between them.
    pub fn parse(text: &str) -> Result<Self, InvalidLink> {
        if text.len() > LINK_BYTES_MAX {
            return Err(InvalidLink::Shape);
        }
        let fragment = match text.trim().split_once('#') {
            Some((_address, fragment)) => fragment,
            // An address without a fragment also has a dot in it, and is no invitation.
            None if text.contains("://") => return Err(InvalidLink::Shape),
            None => text.trim(),
        };
        let (room, secret) = fragment.split_once('.').ok_or(InvalidLink::Shape)?;
        if room.is_empty() || secret.is_empty() || secret.contains('.') {
            return Err(InvalidLink::Shape);
        }
        Ok(Self {
            room: RoomName::new(&percent_decoded(room)?)?,
            secret: Secret::new(&percent_decoded(secret)?)?,
        })
    }

    /// What stands after the `#`: `name.secret`, a dot inside either written `%2E`.
    pub fn fragment(&self) -> Zeroizing<String> {
        let (room, secret) = (self.room.as_str(), self.secret.expose());
        let mut fragment =
            Zeroizing::new(String::with_capacity(3 * (room.len() + secret.len()) + 1));
        percent_encode(room, &mut fragment);
        fragment.push('.');
        percent_encode(secret, &mut fragment);
        fragment
    }
}

/// Writes everything but RFC 3986's unreserved characters as percent-encoded UTF-8; the dot too,
/// which is unreserved, and separates here.
fn percent_encode(text: &str, onto: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'~' => {
                onto.push(char::from(byte));
            }
            _ => {
                onto.push('%');
                onto.push(hex_digit(byte >> 4));
                onto.push(hex_digit(byte & 15));
            }
        }
    }
}

fn hex_digit(bits: u8) -> char {
    char::from(b"0123456789ABCDEF"[usize::from(bits)])
}

/// Characters that did not need to be encoded stand for themselves, whatever they are.
fn percent_decoded(part: &str) -> Result<Zeroizing<String>, InvalidLink> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(part.len()));
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => hex_value(rest.next())? << 4 | hex_value(rest.next())?,
            _ => byte,
        });
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(_) => Err(InvalidLink::Garbled),
    }
}

fn hex_value(digit: Option<u8>) -> Result<u8, InvalidLink> {
    match digit {
        Some(digit @ b'0'..=b'9') => Ok(digit - b'0'),
        Some(digit @ b'a'..=b'f') => Ok(digit - b'a' + 10),
        Some(digit @ b'A'..=b'F') => Ok(digit - b'A' + 10),
        Some(_) | None => Err(InvalidLink::Garbled),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(room: &str, secret: &str) -> Link {
        Link { room: RoomName::new(room).unwrap(), secret: Secret::new(secret).unwrap() }
    }

    #[test]
    fn an_invitation_reads_back_from_its_fragment_and_from_a_whole_address() {
        for link in [
            Link::generate(),
            Link { room: RoomName::generate(), secret: Secret::generate_words() },
            link("cats", "meow"),
            link("tea at five", "50 % #1. no? / \"yes\" & more+"),
            link("a.b.c", "..."),
            link("猫の部屋", "пароль 🐈"),
        ] {
            let fragment = link.fragment();
            assert!(fragment.is_ascii() && fragment.matches('.').count() == 1, "{}", *fragment);
            for text in [
                fragment.to_string(),
                format!("#{}", *fragment),
                format!("https://example.org/#{}", *fragment),
                format!(" http://[::1]:6969/?x.y#{}\n", *fragment),
            ] {
                assert_eq!(Link::parse(&text), Ok(link.clone()), "{text}");
            }
        }
    }

    #[test]
    fn a_generated_fragment_needs_no_encoding() {
        let fragment = Link::generate().fragment();
        assert_eq!(fragment.len(), 16 + 1 + 26);
        assert!(!fragment.contains('%'));
    }

    #[test]
    fn characters_that_a_messenger_decoded_stand_for_themselves() {
        assert_eq!(Link::parse("#tea at five.möchte gern"), Ok(link("tea at five", "möchte gern")));
    }

    #[test]
    fn what_is_no_invitation_is_refused_for_what_it_lacks() {
        let check = |text: &str, expected| assert_eq!(Link::parse(text), Err(expected), "{text}");
        for text in [
            "",
            "#",
            "cats",
            ".",
            "cats.",
            ".meow",
            "a.b.c",
            "#a#b",
            "https://example.org/",
            "https://example.org/#",
            "https://example.org/#cats",
        ] {
            check(text, InvalidLink::Shape);
        }
        for text in ["cats.%", "cats.%4", "cats.%zz", "cats.%FF", "%c3.meow", "cats.%é"] {
            check(text, InvalidLink::Garbled);
        }
        check("%20.meow", InvalidLink::Room(InvalidRoomName::Empty));
        check("cats.%00", InvalidLink::Secret(InvalidSecret::Control));
        check(&format!("cats.{}", "a".repeat(129)), InvalidLink::Secret(InvalidSecret::TooLong));
        check(&format!("cats.{}", "a".repeat(LINK_BYTES_MAX)), InvalidLink::Shape);
    }

    #[test]
    fn an_invitation_prints_nothing_of_itself() {
        let shown = format!("{:?}", link("cats", "meow"));
        assert!(!shown.contains("cats") && !shown.contains("meow"), "{shown}");
    }
}
