//! Character references: the six names people know, and numbers.

/// The longest reference: `&#x10FFFF;`.
const BYTES_MAX: usize = 10;

/// The character a text begins with the reference of, and the bytes of the reference.
pub(super) fn read(text: &str) -> Option<(char, usize)> {
    let inside = text.strip_prefix('&')?;
    let end = inside.bytes().take(BYTES_MAX - 1).position(|byte| byte == b';')?;
    let c = match &inside[..end] {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        name => number(name.strip_prefix('#')?)?,
    };
    Some((c, end + 2))
}

fn number(digits: &str) -> Option<char> {
    let (digits, radix) = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (digits, 10),
    };
    // The parser of numbers takes a sign; a reference has none.
    if !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let value = u32::from_str_radix(digits, radix).ok()?;
    char::from_u32(value).filter(|c| *c != '\0')
}

/// A text with each reference replaced by its character, once.
pub(super) fn decoded(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        let (c, bytes) = read(&rest[at..]).unwrap_or(('&', 1));
        decoded.push(c);
        rest = &rest[at + bytes..];
    }
    decoded.push_str(rest);
    decoded
}
