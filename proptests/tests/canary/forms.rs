//! Words that stand nowhere else in the world, and the forms in which they could be written down.

use std::net::{Ipv4Addr, SocketAddr};

use memchr::memmem::Finder;

/// Something to look for: what it is, and its bytes.
pub(crate) struct Needle {
    pub(crate) what: String,
    finder: Finder<'static>,
}

impl Needle {
    pub(crate) fn new(what: &str, bytes: &[u8]) -> Self {
        Self { what: what.to_owned(), finder: Finder::new(bytes).into_owned() }
    }

    pub(crate) fn is_in(&self, bytes: &[u8]) -> bool {
        self.place_in(bytes).is_some()
    }

    /// How many bytes in.
    pub(crate) fn place_in(&self, bytes: &[u8]) -> Option<usize> {
        self.finder.find(bytes)
    }
}

/// Every form of a text.
pub(crate) fn of_text(text: &str) -> Vec<Needle> {
    let mut needles = of_bytes(text, text.as_bytes());
    needles.push(Needle::new(&format!("{text} in UTF-8"), text.as_bytes()));
    let units: Vec<u16> = text.encode_utf16().collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    needles.push(Needle::new(&format!("{text} in UTF-16LE"), &little));
    needles.push(Needle::new(&format!("{text} in UTF-16BE"), &big));
    needles
}

/// How bytes are written as text: in hexadecimal, in base 64, and as Rust prints a list of them.
pub(crate) fn of_bytes(what: &str, bytes: &[u8]) -> Vec<Needle> {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let list = format!("{bytes:?}");
    let mut needles = vec![
        Needle::new(&format!("{what} in hexadecimal"), hex.as_bytes()),
        Needle::new(&format!("{what} in HEXADECIMAL"), hex.to_uppercase().as_bytes()),
        Needle::new(&format!("{what} as a list"), list.trim_matches(['[', ']']).as_bytes()),
    ];
    // Wherever in a longer text it begins, one of three alignments shows.
    for skipped in 0..3 {
        let whole = &bytes[skipped..];
        let whole = &whole[..whole.len() / 3 * 3];
        needles.push(Needle::new(&format!("{what} in base 64"), base64(whole).as_bytes()));
    }
    needles
}

/// How an address is written, and how a program has it in memory.
pub(crate) fn of_place(place: SocketAddr) -> Vec<Needle> {
    let SocketAddr::V4(v4) = place else { panic!("the people here have IPv4 addresses") };
    let (address, port) = (v4.ip().octets(), v4.port());
    let name = address_name(*v4.ip());
    vec![
        Needle::new(&format!("{name}, written"), v4.ip().to_string().as_bytes()),
        // `sockaddr_in` of ip(7).
        Needle::new(
            &format!("{name}, as the system has it"),
            &[&port.to_be_bytes()[..], &address[..]].concat(),
        ),
        // `SocketAddrV4` of Rust, and its canonical IPv6 address.
        Needle::new(
            &format!("{name}, as Rust has it"),
            &[&address[..], &port.to_le_bytes()[..]].concat(),
        ),
        Needle::new(
            &format!("{name}, mapped into IPv6"),
            &[&[0, 0, 0xff, 0xff][..], &address[..]].concat(),
        ),
    ]
}

fn address_name(address: Ipv4Addr) -> String {
    format!("the address {address}")
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks_exact(3) {
        let bits = u32::from(chunk[0]) << 16 | u32::from(chunk[1]) << 8 | u32::from(chunk[2]);
        for shift in [18, 12, 6, 0] {
            text.push(char::from(DIGITS[(bits >> shift) as usize & 63]));
        }
    }
    text
}

#[test]
fn base_64_is_that_of_the_rfc() {
    assert_eq!(base64(b"foobar"), "Zm9vYmFy");
}

#[test]
fn a_text_is_found_in_every_form() {
    let needles = of_text("canary");
    for haystack in [
        &b"a canary sings"[..],
        b"c\0a\0n\0a\0r\0y\0",
        b"\0c\0a\0n\0a\0r\0y",
        b"63616e617279",
        b"63616E617279",
        b"[99, 97, 110, 97, 114, 121]",
        b"YSBjYW5hcnkgc2luZ3M=",
    ] {
        let is_found = needles.iter().any(|needle| needle.is_in(haystack));
        assert!(is_found, "{}", String::from_utf8_lossy(haystack));
    }
    assert!(!needles.iter().any(|needle| needle.is_in(b"can a ryan canar")));
}
