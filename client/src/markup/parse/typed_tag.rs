//! One HTML tag as it was typed, and what it means in a message. A tag that means nothing here is
//! text. Attributes are read only to find where the tag ends and where a link leads.

use super::entity;
use crate::markup::href::strip_prefix_ignoring_case;
use crate::markup::{Href, Tag};

/// A tag, from its `<` to its `>`.
pub(super) struct TypedTag<'t> {
    pub(super) bytes: usize,
    side: Side,
    name: &'t str,
    attributes: Vec<(&'t str, &'t str)>,
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Opening,
    Closing,
    /// `<b/>`.
    Both,
}

/// What a tag does to a message.
pub(super) enum Meaning {
    Open(Tag),
    Void(Tag),
    Close(Tag),
    /// Nothing but entities is read up to its closing tag.
    Raw(Tag),
    OpenLink(Href),
    CloseLink,
    /// A picture is offered, never fetched.
    Picture {
        href: Href,
        name: String,
    },
    /// None of this: it is shown.
    Literal,
}

impl<'t> TypedTag<'t> {
    pub(super) fn read(text: &'t str) -> Option<Self> {
        let (mut side, mut rest) = (Side::Opening, text.strip_prefix('<')?);
        if let Some(inside) = rest.strip_prefix('/') {
            (side, rest) = (Side::Closing, inside);
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let (name, mut rest) = split(rest, |c| !(c.is_ascii_alphanumeric() || c == '-'));
        if !rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '/' | '>')) {
            return None;
        }
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start();
            if let Some(end) = rest.strip_prefix("/>") {
                let side = if side == Side::Opening { Side::Both } else { side };
                return Some(Self { bytes: text.len() - end.len(), side, name, attributes });
            }
            if let Some(end) = rest.strip_prefix('>') {
                return Some(Self { bytes: text.len() - end.len(), side, name, attributes });
            }
            if let Some(end) = rest.strip_prefix('/') {
                rest = end;
                continue;
            }
            let (attribute, after) = attribute(rest)?;
            attributes.push(attribute);
            rest = after;
        }
    }

    pub(super) fn meaning(&self) -> Meaning {
        let is = |name: &str| self.name.eq_ignore_ascii_case(name);
        if is("a") {
            return match (self.side, self.address("href")) {
                (Side::Opening, Some(href)) => Meaning::OpenLink(href),
                (Side::Closing, _) => Meaning::CloseLink,
                (Side::Opening | Side::Both, _) => Meaning::Literal,
            };
        }
        if is("img") {
            return match (self.side, self.address("src")) {
                (Side::Opening | Side::Both, Some(href)) => {
                    let name = self.attribute("alt").filter(|name| !name.trim().is_empty());
                    let name = name.unwrap_or_else(|| href.as_str().to_owned());
                    Meaning::Picture { href, name }
                }
                (Side::Opening | Side::Closing | Side::Both, _) => Meaning::Literal,
            };
        }
        let Some(tag) = Tag::from_name(self.name) else { return Meaning::Literal };
        match self.side {
            Side::Opening | Side::Both if tag.is_void() => Meaning::Void(tag),
            Side::Opening if matches!(tag, Tag::Code | Tag::Pre) => Meaning::Raw(tag),
            Side::Opening => Meaning::Open(tag),
            Side::Closing => Meaning::Close(tag),
            Side::Both => Meaning::Literal,
        }
    }

    pub(super) const fn name(&self) -> &'t str {
        self.name
    }

    pub(super) const fn opens(&self) -> bool {
        matches!(self.side, Side::Opening | Side::Both)
    }

    /// Whether its own style takes back what it stands for: some programs wrap all they copy so.
    pub(super) fn is_undone(&self) -> bool {
        self.attribute("style").is_some_and(|style| style.contains("normal"))
    }

    /// Whether it stands on a line of its own.
    pub(super) fn is_block(&self) -> bool {
        Tag::from_name(self.name).is_some_and(|tag| tag.is_block() || tag.is_container())
    }

    fn attribute(&self, name: &str) -> Option<String> {
        let found = self.attributes.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| entity::decoded(value))
    }

    fn address(&self, name: &str) -> Option<Href> {
        Href::parse(self.attribute(name)?.trim()).ok()
    }
}

fn split(text: &str, ends: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(ends).unwrap_or(text.len()))
}

type Attribute<'t> = (&'t str, &'t str);

/// An attribute and what follows it. A `<` inside a tag, unless quoted, means that it was none.
fn attribute(text: &str) -> Option<(Attribute<'_>, &str)> {
    let (name, after) =
        split(text, |c| c.is_whitespace() || matches!(c, '=' | '/' | '>' | '<' | '"' | '\''));
    if name.is_empty() {
        return None;
    }
    let Some(value) = after.trim_start().strip_prefix('=') else {
        return Some(((name, ""), after));
    };
    let value = value.trim_start();
    for quote in ['"', '\''] {
        if let Some(quoted) = value.strip_prefix(quote) {
            let (value, after) = quoted.split_once(quote)?;
            return Some(((name, value), after));
        }
    }
    let (value, after) = split(value, |c| c.is_whitespace() || matches!(c, '>' | '<'));
    Some(((name, value), after))
}

/// The bytes of the comment a text begins with.
pub(super) fn comment(text: &str) -> Option<usize> {
    let inside = text.strip_prefix("<!--")?;
    inside.find("-->").map(|end| "<!--".len() + end + "-->".len())
}

/// What stands before the closing tag, and the bytes up to its end; everything, when none closes.
pub(super) fn until_closing(text: &str, tag: Tag) -> (&str, usize) {
    for (at, _) in text.match_indices("</") {
        let Some(after) = strip_prefix_ignoring_case(&text[at + 2..], tag.name()) else { continue };
        if let Some(end) = after.trim_start().strip_prefix('>') {
            return (&text[..at], text.len() - end.len());
        }
    }
    (text, text.len())
}

/// What the one element holds that is all of `text`.
pub(super) fn only_child(text: &str, tag: Tag) -> Option<&str> {
    let opening = TypedTag::read(text)?;
    if opening.side != Side::Opening || Tag::from_name(opening.name) != Some(tag) {
        return None;
    }
    let inside = &text[opening.bytes..];
    let (content, bytes) = until_closing(inside, tag);
    inside[bytes..].trim().is_empty().then_some(content)
}
