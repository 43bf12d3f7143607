//! The tree itself: built only through a check, so that whoever holds a [`Markup`] may walk it by
//! recursion and turn each node into an element without looking twice.

use sanctuary_protocol::Redacted;

use super::{DEPTH_MAX, Href, MarkupError, NODES_MAX, TEXT_BYTES_MAX, Tag};

/// A message within every limit: at most [`DEPTH_MAX`] deep, [`NODES_MAX`] nodes and
/// [`TEXT_BYTES_MAX`] of text; void elements are empty, and no link holds a link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markup(Vec<Node>);

/// A piece of a message.
#[derive(Clone, derive_more::Debug, PartialEq, Eq)]
pub enum Node {
    /// What somebody wrote, to be shown through [`runs`](super::runs).
    Text(#[debug("{Redacted}")] String),
    /// A formatted piece.
    Element {
        /// How.
        tag: Tag,
        /// What.
        children: Vec<Node>,
    },
    /// A piece that leads elsewhere, once the reader agrees.
    Link {
        /// Where to.
        href: Href,
        /// What is shown.
        children: Vec<Node>,
    },
}

impl Markup {
    /// The only way to a tree that did not come from [`parse`](super::parse) or the wire.
    ///
    /// # Errors
    /// When a limit or a rule of the tree is broken.
    pub fn check(nodes: Vec<Node>) -> Result<Self, MarkupError> {
        let mut tally = Tally { nodes: 0, text_bytes: 0 };
        tally.add(&nodes, Place { depth: 0, inside_link: false })?;
        Ok(Self(nodes))
    }

    /// Words without any formatting, every character as it is.
    ///
    /// # Errors
    /// When they are too long.
    pub fn text(words: &str) -> Result<Self, MarkupError> {
        Self::check(vec![Node::Text(words.to_owned())])
    }

    /// Its pieces, in order.
    pub fn nodes(&self) -> &[Node] {
        &self.0
    }

    /// Whether there is nothing in it to see.
    pub fn is_blank(&self) -> bool {
        plain(self).chars().all(char::is_whitespace)
    }
}

struct Tally {
    nodes: usize,
    text_bytes: usize,
}

#[derive(Clone, Copy)]
struct Place {
    depth: usize,
    inside_link: bool,
}

impl Place {
    fn deeper(self) -> Result<Self, MarkupError> {
        let depth = self.depth + 1;
        if depth > DEPTH_MAX { Err(MarkupError::TooDeep) } else { Ok(Self { depth, ..self }) }
    }
}

impl Tally {
    fn add(&mut self, nodes: &[Node], place: Place) -> Result<(), MarkupError> {
        for node in nodes {
            self.nodes += 1;
            match node {
                Node::Text(text) => self.text_bytes += text.len(),
                Node::Element { tag, children } => {
                    if tag.is_void() && !children.is_empty() {
                        return Err(MarkupError::NotEmpty(*tag));
                    }
                    self.add(children, place.deeper()?)?;
                }
                Node::Link { href, children } => {
                    if place.inside_link {
                        return Err(MarkupError::LinkInLink);
                    }
                    self.text_bytes += href.as_str().len();
                    self.add(children, Place { inside_link: true, ..place.deeper()? })?;
                }
            }
            if self.nodes > NODES_MAX {
                return Err(MarkupError::TooMany);
            }
            if self.text_bytes > TEXT_BYTES_MAX {
                return Err(MarkupError::TooLong);
            }
        }
        Ok(())
    }
}

/// A message as words alone: blocks and breaks are new lines, formatting is gone, a link is what it
/// shows.
pub fn plain(markup: &Markup) -> String {
    plain_piece(markup.nodes())
}

/// A piece of a message as words alone.
pub fn plain_piece(nodes: &[Node]) -> String {
    let mut words = String::new();
    write_plain(nodes, &mut words);
    words
}

fn write_plain(nodes: &[Node], words: &mut String) {
    for node in nodes {
        match node {
            Node::Text(text) => words.push_str(text),
            Node::Element { tag: Tag::Br, .. } => words.push('\n'),
            Node::Element { tag: Tag::Wbr, .. } => {}
            Node::Element { tag: Tag::Hr, .. } => {
                begin_line(words);
                words.push_str("———\n");
            }
            Node::Element { tag, children } if tag.is_block() => {
                begin_line(words);
                write_plain(children, words);
                begin_line(words);
            }
            Node::Element { children, .. } | Node::Link { children, .. } => {
                write_plain(children, words);
            }
        }
    }
}

fn begin_line(words: &mut String) {
    if !words.is_empty() && !words.ends_with('\n') {
        words.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::parse;

    fn nested(depth: usize) -> Vec<Node> {
        (0..depth).fold(vec![Node::Text("x".to_owned())], |children, _| {
            vec![Node::Element { tag: Tag::B, children }]
        })
    }

    #[test]
    fn a_tree_is_refused_only_past_its_limits() {
        let check = |nodes, expected| assert_eq!(Markup::check(nodes).map(drop), expected);
        let texts = |count| vec![Node::Text("x".to_owned()); count];
        check(nested(DEPTH_MAX), Ok(()));
        check(nested(DEPTH_MAX + 1), Err(MarkupError::TooDeep));
        check(texts(NODES_MAX), Ok(()));
        check(texts(NODES_MAX + 1), Err(MarkupError::TooMany));
        check(vec![Node::Text("x".repeat(TEXT_BYTES_MAX))], Ok(()));
        check(vec![Node::Text("x".repeat(TEXT_BYTES_MAX + 1))], Err(MarkupError::TooLong));
    }

    #[test]
    fn a_break_holds_nothing_and_a_link_no_link() {
        let text = || vec![Node::Text("x".to_owned())];
        let filled = vec![Node::Element { tag: Tag::Br, children: text() }];
        assert_eq!(Markup::check(filled), Err(MarkupError::NotEmpty(Tag::Br)));

        let href = Href::parse("https://a.org").unwrap();
        let inner = Node::Link { href: href.clone(), children: text() };
        let between = Node::Element { tag: Tag::B, children: vec![inner] };
        let outer = Node::Link { href, children: vec![between] };
        assert_eq!(Markup::check(vec![outer]), Err(MarkupError::LinkInLink));
    }

    #[test]
    fn plain_words_keep_the_lines_and_lose_the_formatting() {
        for (typed, expected) in [
            ("a **b** `c`", "a b c"),
            ("a\nb", "a\nb"),
            ("a\n> b\nc", "a\nb\nc"),
            ("<ul><li>a</li><li>b</li></ul>", "a\nb\n"),
            ("<a href=https://a.org>here</a>", "here"),
            ("a<hr>b", "a\n———\nb"),
        ] {
            assert_eq!(plain(&parse(typed).unwrap()), expected, "{typed:?}");
        }
    }

    #[test]
    fn formatting_around_nothing_is_blank() {
        for (typed, blank) in
            [("", true), (" \n", true), ("<b> </b><br>", true), ("<hr>", false), ("x", false)]
        {
            assert_eq!(parse(typed).unwrap().is_blank(), blank, "{typed:?}");
        }
    }
}
