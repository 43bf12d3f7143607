//! Where a link may lead: a page over https, or a mailbox. Read more strictly than a browser would,
//! so that the place the reader is asked about is the place the browser opens.

use std::net::{Ipv4Addr, Ipv6Addr};

use sanctuary_protocol::Redacted;

use super::{HREF_BYTES_MAX, is_hidden};

const HTTPS: &str = "https://";
const MAILTO: &str = "mailto:";

/// An address that is safe to offer: `https:` or `mailto:`, with its scheme and host in lower case.
#[derive(Clone, derive_more::Debug, PartialEq, Eq)]
pub struct Href(#[debug("{Redacted}")] String);

/// Why an address is not offered as a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHref {
    /// More than [`HREF_BYTES_MAX`] bytes.
    #[error("the address is longer than {HREF_BYTES_MAX} bytes")]
    TooLong,
    /// Neither `https://` nor `mailto:`.
    #[error("only https:// and mailto: addresses can be links")]
    Scheme,
    /// A name or password before the host, which makes one host look like another.
    #[error("an address with a user name or a password in it cannot be a link")]
    UserInfo,
    /// Not a host: a name in ASCII (an international one in its `xn--` form), or an IP address.
    #[error("the address has no proper host")]
    Host,
    /// Not one plain mailbox.
    #[error("a mailto: address is one plain mailbox, without header fields")]
    Mailbox,
    /// White space, a control, an invisible character, a quote, a bracket or a backslash.
    #[error("the address has a character that does not belong in one")]
    Character,
}

impl Href {
    /// Reads an address.
    ///
    /// # Errors
    /// When it is not one this page would open.
    pub fn parse(text: &str) -> Result<Self, InvalidHref> {
        if text.len() > HREF_BYTES_MAX {
            return Err(InvalidHref::TooLong);
        }
        if text.chars().any(is_out_of_place) {
            return Err(InvalidHref::Character);
        }
        if let Some(rest) = strip_prefix_ignoring_case(text, HTTPS) {
            let (authority, path) = split_authority(rest);
            check_authority(authority)?;
            return Ok(Self(format!("{HTTPS}{}{path}", authority.to_ascii_lowercase())));
        }
        if let Some(mailbox) = strip_prefix_ignoring_case(text, MAILTO) {
            check_mailbox(mailbox)?;
            return Ok(Self(format!("{MAILTO}{mailbox}")));
        }
        Err(InvalidHref::Scheme)
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where it leads, for the question asked before it is opened: a page's host (with its port, if
    /// it names one), or the mailbox.
    pub fn host(&self) -> &str {
        match self.0.strip_prefix(HTTPS) {
            Some(rest) => split_authority(rest).0,
            None => self.0.strip_prefix(MAILTO).unwrap_or(&self.0),
        }
    }
}

/// What follows `prefix`, if `text` begins with it in either case.
pub(super) fn strip_prefix_ignoring_case<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

/// A backslash is a slash to browsers, and a tab or a line feed is nothing to them: neither may
/// change what host they see.
fn is_out_of_place(c: char) -> bool {
    c.is_control() || c.is_whitespace() || is_hidden(c) || matches!(c, '\\' | '"' | '<' | '>' | '`')
}

fn split_authority(rest: &str) -> (&str, &str) {
    rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()))
}

fn check_authority(authority: &str) -> Result<(), InvalidHref> {
    if authority.contains('@') {
        return Err(InvalidHref::UserInfo);
    }
    // A bracketed IPv6 address is the only host with colons of its own.
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']').ok_or(InvalidHref::Host)?;
            address.parse::<Ipv6Addr>().map_err(|_| InvalidHref::Host)?;
            (None, port.strip_prefix(':').or(port.is_empty().then_some("0")))
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (Some(host), Some(port)),
            None => (Some(authority), Some("0")),
        },
    };
    let digits = port.filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    digits.and_then(|port| port.parse::<u16>().ok()).ok_or(InvalidHref::Host)?;
    host.map_or(Ok(()), check_host)
}

/// ASCII alone: letters of another script can pass for Latin ones, and a percent sign would be
/// decoded by the browser after the reader has agreed.
fn check_host(host: &str) -> Result<(), InvalidHref> {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    if host.len() > 253 || !host.split('.').all(is_label) {
        return Err(InvalidHref::Host);
    }
    // A browser reads a host that ends in a number (decimal, octal or hexadecimal) as an IPv4
    // address; only the plain spelling says which.
    let last = host.rsplit('.').next().unwrap_or(host).as_bytes();
    let numeric = last.iter().all(u8::is_ascii_digit)
        || matches!(last, [b'0', b'x' | b'X', digits @ ..] if digits.iter().all(u8::is_ascii_hexdigit));
    if numeric && host.parse::<Ipv4Addr>().is_err() {
        return Err(InvalidHref::Host);
    }
    Ok(())
}

/// One mailbox and no header fields: `?bcc=` and `?body=` would write the reader's mail for them,
/// and a percent sign could hide a second mailbox.
fn check_mailbox(mailbox: &str) -> Result<(), InvalidHref> {
    let (local, domain) = mailbox.split_once('@').ok_or(InvalidHref::Mailbox)?;
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'_');
    if local.is_empty() || local.len() > 64 || !local.bytes().all(plain) || !domain.contains('.') {
        return Err(InvalidHref::Mailbox);
    }
    check_host(domain).map_err(|_| InvalidHref::Mailbox)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_or_a_mailbox_may_be_linked_and_says_where_it_leads() {
        for (text, whole, host) in [
            ("https://example.org", "https://example.org", "example.org"),
            ("HTTPS://Example.ORG/A?b#c", "https://example.org/A?b#c", "example.org"),
            ("https://a.b:8443/x", "https://a.b:8443/x", "a.b:8443"),
            ("https://[::1]:80/", "https://[::1]:80/", "[::1]:80"),
            ("https://192.0.2.1/", "https://192.0.2.1/", "192.0.2.1"),
            ("https://a.org?@b.org", "https://a.org?@b.org", "a.org"),
            (
                "https://de.example.org/Österreich",
                "https://de.example.org/Österreich",
                "de.example.org",
            ),
            ("mailto:ann+x@example.org", "mailto:ann+x@example.org", "ann+x@example.org"),
        ] {
            let href = Href::parse(text).unwrap();
            assert_eq!((href.as_str(), href.host()), (whole, host));
            assert_eq!(Href::parse(whole), Ok(href), "parsing is done once and for all");
        }
    }

    #[test]
    fn whatever_could_mislead_is_no_link() {
        let check = |text: &str, why| assert_eq!(Href::parse(text), Err(why), "{text:?}");
        for text in
            ["", "x", "http://a.org", "javascript:alert(1)", "data:text/html,x", "https:a.org"]
        {
            check(text, InvalidHref::Scheme);
        }
        for text in ["//a.org", "/x", "ftp://a.org", "blob:https://a.org", "vbscript:x", "é"] {
            check(text, InvalidHref::Scheme);
        }
        for text in ["https://a.org@b.org", "https://a:b@c.org/", "https://@a.org"] {
            check(text, InvalidHref::UserInfo);
        }
        for text in
            ["https://", "https:///a", "https://a..b", "https://.", "https://a.", "https://a%2e"]
        {
            check(text, InvalidHref::Host);
        }
        for text in
            ["https://аpple.com", "https://1", "https://0x7f.1", "https://127.1", "https://a.010"]
        {
            check(text, InvalidHref::Host);
        }
        for text in
            ["https://a:b", "https://a:99999", "https://a:1:2", "https://[::1", "https://[x]"]
        {
            check(text, InvalidHref::Host);
        }
        for text in ["https://a:", "https://a:+1", "https://[::1]x"] {
            check(text, InvalidHref::Host);
        }
        for text in
            ["java\nscript:x", " https://a", "https://a\t", "https://a\\@b", "https://a/\u{202e}"]
        {
            check(text, InvalidHref::Character);
        }
        for text in
            ["https://a/\u{200b}", "https://a/\"", "https://a/<", "https://a/\0", "\u{1}https://a"]
        {
            check(text, InvalidHref::Character);
        }
        for text in
            ["mailto:", "mailto:a", "mailto:a@b", "mailto:a@b.c?bcc=d@e.f", "mailto:a@b.c,d@e.f"]
        {
            check(text, InvalidHref::Mailbox);
        }
        check("mailto:a%0a@b.c", InvalidHref::Mailbox);
        check(&format!("https://a/{}", "x".repeat(HREF_BYTES_MAX)), InvalidHref::TooLong);
    }
}
