//! What a person types or pastes into a message, and what arrives as one: within its limits and of
//! allowed pieces alone, or refused.

use sanctuary_client::markup::{
    DEPTH_MAX, ENCODED_BYTES_MAX, HREF_BYTES_MAX, Href, Markup, NODES_MAX, Node, Run,
    TEXT_BYTES_MAX, TYPED_BYTES_MAX, Tag, is_hidden, parse, pasted, plain, runs,
};

use super::{Held, hold};

/// The same bytes as what is typed, as HTML from a clipboard, and as a message's own bytes.
///
/// # Errors
/// Says what does not hold.
pub fn markup(bytes: &[u8]) -> Held {
    if let Ok(markup) = Markup::decode(bytes) {
        lawful(&markup)?;
        // A number may be written in more bytes than it needs.
        hold(markup.encode().len() <= bytes.len(), "nothing grows by being read")?;
    }
    let text = String::from_utf8_lossy(bytes);
    if let Ok(markup) = parse(&text) {
        lawful(&markup)?;
    }
    if let Some(typed) = pasted(&text) {
        hold(typed.len() <= TYPED_BYTES_MAX, "what is pasted could be typed")?;
        if let Ok(markup) = parse(&typed) {
            lawful(&markup)?;
        }
    }
    let shown: String = runs(&text).iter().map(shown).collect();
    hold(shown == text, "showing a text loses nothing")
}

fn shown(run: &Run<'_>) -> String {
    match run {
        Run::Plain(text) => (*text).to_owned(),
        Run::Control(control) => control.to_string(),
    }
}

fn lawful(markup: &Markup) -> Held {
    judge(markup.nodes())?;
    let encoded = markup.encode();
    hold(encoded.len() <= ENCODED_BYTES_MAX, "a message's bytes are within their bound")?;
    hold(Markup::decode(&encoded).as_ref() == Ok(markup), "a message is what it encodes to")?;
    let lines = "\n———\n".len() * NODES_MAX;
    hold(plain(markup).len() <= TEXT_BYTES_MAX + lines, "its words are within their bound")
}

/// An independent count of what the limits are about, and a look at every piece.
fn judge(nodes: &[Node]) -> Held {
    let mut total = Total::default();
    total.add(nodes, Place::default())?;
    hold(total.nodes <= NODES_MAX, "a message has no more pieces than it may")?;
    hold(total.text_bytes <= TEXT_BYTES_MAX, "a message has no more text than it may")
}

#[derive(Default)]
struct Total {
    nodes: usize,
    text_bytes: usize,
}

#[derive(Clone, Copy, Default)]
struct Place {
    depth: usize,
    links: usize,
}

impl Total {
    fn add(&mut self, nodes: &[Node], place: Place) -> Held {
        hold(place.depth <= DEPTH_MAX, "a message nests no deeper than it may")?;
        for node in nodes {
            self.nodes += 1;
            match node {
                Node::Text(text) => self.text_bytes += text.len(),
                Node::Element { tag, children } => {
                    hold(ALLOWED.contains(&tag.name()), "an element is on the list")?;
                    hold(!tag.is_void() || children.is_empty(), "a void element is empty")?;
                    self.add(children, Place { depth: place.depth + 1, ..place })?;
                }
                Node::Link { href, children } => {
                    hold(place.links == 0, "no link holds a link")?;
                    leads_where_it_says(href)?;
                    self.text_bytes += href.as_str().len();
                    self.add(children, Place { depth: place.depth + 1, links: 1 })?;
                }
            }
        }
        Ok(())
    }
}

fn leads_where_it_says(href: &Href) -> Held {
    let address = href.as_str();
    hold(address.len() <= HREF_BYTES_MAX, "an address is within its bound")?;
    hold(Href::parse(address).as_ref() == Ok(href), "an address is read once and for all")?;
    let out_of_place =
        |it: char| it.is_whitespace() || it.is_control() || is_hidden(it) || "\"<>\\`".contains(it);
    hold(!address.contains(out_of_place), "an address holds nothing out of place")?;
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("mailto:"));
    let leads = rest.is_some_and(|rest| !href.host().is_empty() && rest.starts_with(href.host()));
    hold(leads, "a link leads to a page or a mailbox, and says to which")
}

/// The elements a message may use, written down once more: what is added to the parser's list is added
/// here by somebody who has thought about it.
const ALLOWED: [&str; Tag::ALL.len()] = [
    "b",
    "strong",
    "i",
    "em",
    "u",
    "s",
    "del",
    "ins",
    "mark",
    "small",
    "sub",
    "sup",
    "code",
    "kbd",
    "samp",
    "var",
    "pre",
    "q",
    "cite",
    "abbr",
    "dfn",
    "blockquote",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "hr",
    "br",
    "wbr",
    "p",
    "bdi",
    "ruby",
    "rb",
    "rt",
    "rp",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(depth: usize) -> Vec<Node> {
        let inside = |children, _| vec![Node::Element { tag: Tag::B, children }];
        (0..depth).fold(vec![Node::Text("x".to_owned())], inside)
    }

    #[test]
    fn a_tree_that_breaks_a_rule_is_found_out() {
        let check = |nodes: Vec<Node>, holds: bool| assert_eq!(judge(&nodes).is_ok(), holds);
        check(nested(DEPTH_MAX), true);
        check(nested(DEPTH_MAX + 1), false);
        check(vec![Node::Text(String::new()); NODES_MAX], true);
        check(vec![Node::Text(String::new()); NODES_MAX + 1], false);
        check(vec![Node::Text("x".repeat(TEXT_BYTES_MAX + 1))], false);
        check(vec![Node::Element { tag: Tag::Br, children: nested(0) }], false);
        let link =
            |children| vec![Node::Link { href: Href::parse("https://a.org").unwrap(), children }];
        check(link(nested(1)), true);
        check(link(link(vec![])), false);
    }
}
