//! What an ACME order is made with. Plain values, each parsed once.

use sanctuary_protocol::Redacted;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Characters of a host's name, and of a label of it (RFC 1035 §2.3.4).
const NAME_CHARACTERS_MAX: usize = 253;
const LABEL_CHARACTERS_MAX: usize = 63;

/// A certificate that an authority gives of itself, again and again.
#[derive(Clone, derive_more::Debug, PartialEq, Eq)]
pub struct Acme {
    /// Whom it is for: at least one.
    pub domains: Vec<Domain>,
    /// Where the authority takes orders: an https URL.
    #[debug("{Redacted}")]
    pub directory: String,
    /// Whom the authority writes to.
    pub contacts: Vec<Contact>,
    /// Where the account's key and the certificate are kept.
    pub folder: PathBuf,
    /// Certificates that the directory itself is believed by; those that browsers believe, if absent.
    pub authority: Option<PathBuf>,
}

/// A host's name, lower-case.
#[derive(Clone, derive_more::Debug, PartialEq, Eq)]
pub struct Domain(#[debug("{Redacted}")] String);

/// No authority certifies that in this way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a domain is a name such as chat.example, without a scheme, a port or a star")]
pub struct InvalidDomain;

impl Domain {
    /// As it is asked for.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Domain {
    type Err = InvalidDomain;

    fn from_str(text: &str) -> Result<Self, InvalidDomain> {
        let is_label = |label: &str| {
            let letters = label.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
            let edges = label.starts_with('-') || label.ends_with('-');
            (1..=LABEL_CHARACTERS_MAX).contains(&label.len()) && letters && !edges
        };
        // The last label of a name is no number: that would be an address.
        let last = text.rsplit('.').next().unwrap_or_default();
        let is_address = last.bytes().all(|it| it.is_ascii_digit());
        let fits = text.len() <= NAME_CHARACTERS_MAX && text.split('.').all(is_label);
        if fits && !is_address { Ok(Self(text.to_ascii_lowercase())) } else { Err(InvalidDomain) }
    }
}

/// Somebody's address, as a URL. Not shown by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Contact(String);

/// Nobody can be written to there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a contact is a mail address, such as operator@chat.example")]
pub struct InvalidContact;

impl Contact {
    /// As an authority takes it (RFC 8555 §7.3).
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(_) = self;
        f.write_str("Contact")
    }
}

impl FromStr for Contact {
    type Err = InvalidContact;

    fn from_str(text: &str) -> Result<Self, InvalidContact> {
        let address = text.strip_prefix("mailto:").unwrap_or(text);
        let is_plain = |it: char| it.is_ascii_graphic() && !",?<>".contains(it);
        match address.split_once('@') {
            Some((name, host))
                if !name.is_empty()
                    && host.parse::<Domain>().is_ok()
                    && address.chars().all(is_plain) =>
            {
                Ok(Self(format!("mailto:{address}")))
            }
            Some(_) | None => Err(InvalidContact),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_a_hosts_name() {
        for (text, expected) in [
            ("chat.example", "chat.example"),
            ("Chat.Example", "chat.example"),
            ("localhost", "localhost"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ] {
            assert_eq!(text.parse::<Domain>().unwrap().as_str(), expected);
        }
        let long = format!("{}.example", "a".repeat(64));
        for text in
            ["", ".", "a.", "*.example", "https://a", "a:443", "192.0.2.1", "::1", "-a", "ä", &long]
        {
            assert_eq!(text.parse::<Domain>(), Err(InvalidDomain), "{text:?}");
        }
    }

    #[test]
    fn a_contact_is_a_mail_address_and_is_not_shown() {
        for text in ["me@chat.example", "mailto:me@chat.example"] {
            let contact: Contact = text.parse().unwrap();
            assert_eq!(contact.as_str(), "mailto:me@chat.example");
            assert_eq!(format!("{contact:?}"), "Contact");
        }
        for text in ["", "me", "@chat.example", "me@", "me@a b", "a,b@c", "https://chat.example"] {
            assert_eq!(text.parse::<Contact>(), Err(InvalidContact), "{text:?}");
        }
    }
}
