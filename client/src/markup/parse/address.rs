//! Addresses that stand in a text without a tag around them.

use crate::markup::{Href, href};

/// What ends a sentence or a parenthesis around an address rather than the address.
const TRAILING: &[char] = &[
    '.', ',', ';', ':', '!', '?', '\'', '*', '_', '~', '…', '”', '’', '»', '。', '，', '、', '！',
    '？', '；', '：', '）', '」', '』',
];

/// Bytes before a mailbox's `@` (RFC 5321, 4.5.3.1.1).
const LOCAL_BYTES_MAX: usize = 64;

/// An address that stands in a text.
pub(super) struct Bare {
    pub(super) bytes: usize,
    /// Where it leads, if a link may lead there. If not, all of it is text.
    pub(super) href: Option<Href>,
}

/// The address a text begins with.
pub(super) fn read(text: &str) -> Option<Bare> {
    page(text).or_else(|| mailbox(text))
}

fn page(text: &str) -> Option<Bare> {
    href::strip_prefix_ignoring_case(text, "https://")?;
    let ends = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`');
    let address = without_trailing(&text[..text.find(ends).unwrap_or(text.len())]);
    Some(Bare { bytes: address.len(), href: Href::parse(address).ok() })
}

/// A closing bracket belongs to the address if its opening one does.
fn without_trailing(mut address: &str) -> &str {
    let unmatched = |open: char, close: char| {
        address.matches(close).count().saturating_sub(address.matches(open).count())
    };
    let mut brackets =
        [(')', unmatched('(', ')')), (']', unmatched('[', ']')), ('}', unmatched('{', '}'))];
    loop {
        address = address.trim_end_matches(TRAILING);
        let bracket =
            brackets.iter_mut().find(|(close, left)| *left > 0 && address.ends_with(*close));
        let Some((_, left)) = bracket else { return address };
        *left -= 1;
        address = &address[..address.len() - 1];
    }
}

fn mailbox(text: &str) -> Option<Bare> {
    let bare = href::strip_prefix_ignoring_case(text, "mailto:").unwrap_or(text);
    let at = bare.bytes().take(LOCAL_BYTES_MAX + 1).position(|byte| byte == b'@')?;
    let domain = &bare[at + 1..];
    let ends = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    let domain = domain[..domain.find(ends).unwrap_or(domain.len())].trim_end_matches(['.', '-']);
    let mailbox = &bare[..at + 1 + domain.len()];
    let href = Href::parse(&format!("mailto:{mailbox}")).ok()?;
    Some(Bare { bytes: text.len() - bare.len() + mailbox.len(), href: Some(href) })
}
