//! What is open while a message is read: elements and links from tags, which are closed at the
//! latest by the end, and Markdown's delimiters, which turn back into text when nothing closes them.

use super::Marker;
use crate::markup::{DEPTH_MAX, Href, MarkupError, Node, Tag};

/// Where a text stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    depth: usize,
    inside_link: bool,
}

impl Place {
    pub(super) const OUTERMOST: Self = Self { depth: 0, inside_link: false };

    pub(super) fn deeper(self) -> Result<Self, MarkupError> {
        if self.depth >= DEPTH_MAX {
            return Err(MarkupError::TooDeep);
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

pub(super) struct Stack {
    place: Place,
    root: Vec<Node>,
    open: Vec<Frame>,
}

struct Frame {
    kind: Kind,
    children: Vec<Node>,
}

#[derive(Clone)]
enum Kind {
    Element(Tag, Origin),
    Link(Href),
    Marker(Marker),
}

#[derive(Clone, Copy, PartialEq)]
enum Origin {
    Typed,
    /// Opened once more after a crossing tag closed it: `<b><i>x</b>y</i>`.
    Reopened,
}

impl Stack {
    pub(super) const fn new(place: Place) -> Self {
        Self { place, root: Vec::new(), open: Vec::new() }
    }

    /// Where the next text will stand. Delimiters do not count: they may yet turn out to be text.
    pub(super) fn place(&self) -> Place {
        let mut place = self.place;
        for frame in &self.open {
            match frame.kind {
                Kind::Element(..) => place.depth += 1,
                Kind::Link(_) => place = Place { depth: place.depth + 1, inside_link: true },
                Kind::Marker(_) => {}
            }
        }
        place
    }

    fn siblings(&mut self) -> &mut Vec<Node> {
        match self.open.last_mut() {
            Some(frame) => &mut frame.children,
            None => &mut self.root,
        }
    }

    pub(super) fn push(&mut self, node: Node) {
        self.siblings().push(node);
    }

    pub(super) fn push_text(&mut self, text: &str) {
        match self.siblings().last_mut() {
            Some(Node::Text(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.push(Node::Text(text.to_owned())),
        }
    }

    /// A whole link. Says whether it may stand here.
    pub(super) fn push_link(&mut self, href: Href, shown: String) -> bool {
        if self.place().inside_link {
            return false;
        }
        self.push(Node::Link { href, children: vec![Node::Text(shown)] });
        true
    }

    pub(super) fn open(&mut self, tag: Tag) -> Result<(), MarkupError> {
        if self.enclosing_tag().is_some_and(|enclosing| enclosing.ends_before(tag)) {
            self.give_up_markers();
            self.close_innermost();
        }
        self.open_kind(Kind::Element(tag, Origin::Typed))
    }

    /// Says whether a link may be opened here.
    pub(super) fn open_link(&mut self, href: Href) -> Result<bool, MarkupError> {
        if self.place().inside_link {
            return Ok(false);
        }
        self.open_kind(Kind::Link(href)).map(|()| true)
    }

    fn open_kind(&mut self, kind: Kind) -> Result<(), MarkupError> {
        self.place().deeper()?;
        self.open.push(Frame { kind, children: Vec::new() });
        Ok(())
    }

    /// Closes the innermost such element. Says whether there was one.
    pub(super) fn close(&mut self, tag: Tag) -> bool {
        self.close_where(|kind| matches!(kind, Kind::Element(open, _) if *open == tag))
    }

    /// Says whether there was a link to close.
    pub(super) fn close_link(&mut self) -> bool {
        self.close_where(|kind| matches!(kind, Kind::Link(_)))
    }

    /// Formatting that the closed piece crosses goes on after it, as it does in HTML.
    fn close_where(&mut self, wanted: impl Fn(&Kind) -> bool) -> bool {
        let Some(index) = self.open.iter().rposition(|frame| wanted(&frame.kind)) else {
            return false;
        };
        let crossed: Vec<Tag> = self.open[index + 1..]
            .iter()
            .filter_map(|frame| match frame.kind {
                Kind::Element(tag, _) if !tag.is_block() && !tag.is_container() => Some(tag),
                Kind::Element(..) | Kind::Link(_) | Kind::Marker(_) => None,
            })
            .collect();
        while self.open.len() > index {
            self.close_innermost();
        }
        for tag in crossed {
            let kind = Kind::Element(tag, Origin::Reopened);
            self.open.push(Frame { kind, children: Vec::new() });
        }
        true
    }

    /// Delimiters open since the last tag: only these can be closed without crossing one.
    fn markers(&self) -> impl Iterator<Item = Marker> {
        self.open.iter().rev().map_while(|frame| match frame.kind {
            Kind::Marker(marker) => Some(marker),
            Kind::Element(..) | Kind::Link(_) => None,
        })
    }

    pub(super) fn innermost_marker(&self, wanted: impl Fn(Marker) -> bool) -> Option<Marker> {
        self.markers().find(|marker| wanted(*marker))
    }

    pub(super) fn open_marker(&mut self, marker: Marker) {
        self.open.push(Frame { kind: Kind::Marker(marker), children: Vec::new() });
    }

    /// Closes a delimiter that is open; those inside it stay text.
    pub(super) fn close_marker(&mut self, marker: Marker) {
        while self.markers().next().is_some_and(|innermost| innermost != marker) {
            self.close_innermost();
        }
        if let Some(frame) = self.open.pop() {
            self.push(Node::Element { tag: marker.tag(), children: frame.children });
        }
    }

    /// Turns the delimiters that are open since the last tag back into text.
    pub(super) fn give_up_markers(&mut self) {
        while self.markers().next().is_some() {
            self.close_innermost();
        }
    }

    fn close_innermost(&mut self) {
        let Some(Frame { kind, children }) = self.open.pop() else { return };
        match kind {
            Kind::Marker(marker) => {
                self.push_text(marker.text());
                for node in children {
                    match node {
                        Node::Text(text) => self.push_text(&text),
                        node @ (Node::Element { .. } | Node::Link { .. }) => self.push(node),
                    }
                }
            }
            Kind::Element(_, Origin::Reopened) if children.is_empty() => {}
            Kind::Element(tag, _) => self.push(Node::Element { tag, children }),
            // A link nobody could see could not be followed either.
            Kind::Link(href) if children.is_empty() => {
                let shown = href.as_str().to_owned();
                self.push(Node::Link { href, children: vec![Node::Text(shown)] });
            }
            Kind::Link(href) => self.push(Node::Link { href, children }),
        }
    }

    fn enclosing_tag(&self) -> Option<Tag> {
        self.open.iter().rev().find_map(|frame| match &frame.kind {
            Kind::Element(tag, _) => Some(Some(*tag)),
            Kind::Link(_) => Some(None),
            Kind::Marker(_) => None,
        })?
    }

    /// Whether the next text begins a line anyway: after a block, or between a list's items.
    pub(super) fn stands_on_its_own_line(&self) -> bool {
        let siblings = self.open.last().map_or(&self.root, |frame| &frame.children);
        match siblings.last() {
            Some(Node::Element { tag, .. }) if tag.is_block() => true,
            Some(_) => self.enclosing_tag().is_some_and(Tag::is_container),
            None => self.enclosing_tag().is_some_and(|tag| tag.is_container() || tag.is_block()),
        }
    }

    pub(super) fn finish(mut self) -> Vec<Node> {
        while !self.open.is_empty() {
            self.close_innermost();
        }
        self.root
    }
}
