//! The tree as bytes: a flat list of what a walk over it meets, so that hostile bytes cannot make
//! the reader recurse. What arrives is checked like anything a person could have built.

use std::borrow::Cow;

use sanctuary_protocol::Few;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{DEPTH_MAX, ENCODED_BYTES_MAX, Href, Markup, MarkupError, NODES_MAX, Node, Tag};

/// A node is opened and closed at most once.
const EVENTS_MAX: usize = 2 * NODES_MAX;

#[derive(Serialize, Deserialize)]
enum Event<'t> {
    Text(Cow<'t, str>),
    Open(Tag),
    Link(Cow<'t, str>),
    Close,
}

impl Markup {
    /// Its bytes: at most [`ENCODED_BYTES_MAX`].
    pub fn encode(&self) -> Vec<u8> {
        // Writing into a growing vector fails only when a value refuses to be serialised; none of
        // these do. Nothing at all would be refused by the receiver.
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// A tree from bytes that anybody may have written.
    ///
    /// # Errors
    /// When they are no tree, or one past its limits.
    pub fn decode(bytes: &[u8]) -> Result<Self, MarkupError> {
        if bytes.len() > ENCODED_BYTES_MAX {
            return Err(MarkupError::TooLong);
        }
        let (events, rest) = postcard::take_from_bytes::<Few<Event<'_>, EVENTS_MAX>>(bytes)
            .map_err(|_| MarkupError::Malformed)?;
        if !rest.is_empty() {
            return Err(MarkupError::Malformed);
        }
        assemble(&events)
    }
}

impl Serialize for Markup {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut events = Vec::new();
        flatten(self.nodes(), &mut events);
        events.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Markup {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let events = Few::<Event<'_>, EVENTS_MAX>::deserialize(deserializer)?;
        assemble(&events).map_err(D::Error::custom)
    }
}

fn flatten<'t>(nodes: &'t [Node], events: &mut Vec<Event<'t>>) {
    for node in nodes {
        let children = match node {
            Node::Text(text) => {
                events.push(Event::Text(Cow::Borrowed(text)));
                continue;
            }
            Node::Element { tag, children } => {
                events.push(Event::Open(*tag));
                children
            }
            Node::Link { href, children } => {
                events.push(Event::Link(Cow::Borrowed(href.as_str())));
                children
            }
        };
        flatten(children, events);
        events.push(Event::Close);
    }
}

enum Opened {
    Element(Tag),
    Link(Href),
}

fn assemble(events: &Few<Event<'_>, EVENTS_MAX>) -> Result<Markup, MarkupError> {
    let mut nodes = Vec::new();
    // What is open, each with the siblings that came before it.
    let mut open: Vec<(Opened, Vec<Node>)> = Vec::new();
    for event in events.iter() {
        let opened = match event {
            Event::Text(text) => {
                nodes.push(Node::Text(text.clone().into_owned()));
                continue;
            }
            Event::Close => {
                let (opened, before) = open.pop().ok_or(MarkupError::Malformed)?;
                let children = std::mem::replace(&mut nodes, before);
                nodes.push(match opened {
                    Opened::Element(tag) => Node::Element { tag, children },
                    Opened::Link(href) => Node::Link { href, children },
                });
                continue;
            }
            Event::Open(tag) => Opened::Element(*tag),
            Event::Link(address) => Opened::Link(Href::parse(address)?),
        };
        if open.len() >= DEPTH_MAX {
            return Err(MarkupError::TooDeep);
        }
        open.push((opened, std::mem::take(&mut nodes)));
    }
    if open.is_empty() { Markup::check(nodes) } else { Err(MarkupError::Malformed) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::{TEXT_BYTES_MAX, parse};

    fn bytes_of(events: Vec<Event<'_>>) -> Vec<u8> {
        postcard::to_allocvec(&events).unwrap()
    }

    #[test]
    fn a_message_reads_back_from_its_bytes() {
        for typed in
            ["", "hello", "**a** <a href='https://a.org/b'>c</a>\n> d", "<ruby>x<rt>y</ruby>"]
        {
            let markup = parse(typed).unwrap();
            assert_eq!(Markup::decode(&markup.encode()), Ok(markup), "{typed:?}");
        }
    }

    #[test]
    fn the_bytes_are_a_walk_over_the_tree() {
        let bytes = parse("a<b>c</b>").unwrap().encode();
        assert_eq!(bytes, [4, 0, 1, b'a', 1, 0, 0, 1, b'c', 3]);
    }

    #[test]
    fn the_largest_message_fits_its_bound() {
        let mut nodes: Vec<Node> =
            (1..NODES_MAX).map(|_| Node::Element { tag: Tag::B, children: vec![] }).collect();
        nodes.push(Node::Text("x".repeat(TEXT_BYTES_MAX)));
        let largest = Markup::check(nodes).unwrap();
        assert!(largest.encode().len() <= ENCODED_BYTES_MAX);
        assert_eq!(Markup::decode(&largest.encode()), Ok(largest));

        let text = || Node::Text("x".repeat(TEXT_BYTES_MAX / NODES_MAX));
        let many = Markup::check((0..NODES_MAX).map(|_| text()).collect()).unwrap();
        assert!(many.encode().len() <= ENCODED_BYTES_MAX);
    }

    #[test]
    fn a_hostile_tree_is_refused_whatever_its_shape() {
        let check = |events, why| assert_eq!(Markup::decode(&bytes_of(events)), Err(why));
        let link = |address| Event::Link(Cow::Borrowed(address));
        check(vec![Event::Close], MarkupError::Malformed);
        check(vec![Event::Open(Tag::B)], MarkupError::Malformed);
        check((0..9).map(|_| Event::Open(Tag::B)).collect(), MarkupError::TooDeep);
        check((0..900).map(|_| Event::Open(Tag::B)).collect(), MarkupError::TooDeep);
        check((0..513).map(|_| Event::Text("".into())).collect(), MarkupError::TooMany);
        check((0..9000).map(|_| Event::Close).collect(), MarkupError::Malformed);
        check(
            vec![link("javascript:alert(1)"), Event::Close],
            MarkupError::Address(crate::markup::InvalidHref::Scheme),
        );
        check(
            vec![Event::Open(Tag::Hr), Event::Text("x".into()), Event::Close],
            MarkupError::NotEmpty(Tag::Hr),
        );
        let two = ["https://a.org", "https://b.org"].map(link);
        let nested = two.into_iter().chain([Event::Close, Event::Close]).collect();
        check(nested, MarkupError::LinkInLink);
    }

    #[test]
    fn damaged_bytes_are_refused() {
        let check = |bytes: &[u8], why| assert_eq!(Markup::decode(bytes), Err(why));
        check(&[], MarkupError::Malformed);
        check(&[1, 0, 9, b'a'], MarkupError::Malformed);
        check(&[1, 0, 1, 0xff], MarkupError::Malformed);
        check(&[1, 1, 43], MarkupError::Malformed);
        check(&[1, 0, 1, b'a', 0], MarkupError::Malformed);
        check(&[0xff, 0xff, 0xff, 0xff, 0x0f], MarkupError::Malformed);
        check(&vec![0; ENCODED_BYTES_MAX + 1], MarkupError::TooLong);
    }
}
