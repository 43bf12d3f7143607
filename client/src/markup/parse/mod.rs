//! What a person typed, as markup: HTML's formatting tags, Markdown's inline shorthand, quotes,
//! fenced code and bare addresses. What is none of these is text, exactly as it was typed; nothing is
//! dropped and nothing is cut short. Linear in the input but for bounded look-ahead.

mod address;
mod block;
mod entity;
mod marker;
mod pasted;
mod stack;
mod typed_tag;

use super::{Markup, MarkupError, Node, TYPED_BYTES_MAX, Tag};
use marker::Marker;
pub use pasted::pasted;
use stack::{Place, Stack};
use typed_tag::{Meaning, TypedTag};

/// Reads what was typed.
///
/// # Errors
/// When it is too long, nests too deep or has too many pieces; the message says what to do.
pub fn parse(typed: &str) -> Result<Markup, MarkupError> {
    if typed.len() > TYPED_BYTES_MAX {
        return Err(MarkupError::TooLong);
    }
    let typed = typed.replace("\r\n", "\n");
    Markup::check(Parser::nodes(&typed, Place::OUTERMOST)?)
}

struct Parser<'t> {
    text: &'t str,
    /// A byte position, always between characters.
    at: usize,
    stack: Stack,
}

impl<'t> Parser<'t> {
    /// Reads a text that stands in `place`. It calls itself for a quote, which is one place deeper,
    /// so that the depth's limit bounds the recursion too.
    fn nodes(text: &'t str, place: Place) -> Result<Vec<Node>, MarkupError> {
        let mut parser = Self { text, at: 0, stack: Stack::new(place) };
        while let Some(next) = parser.rest().chars().next() {
            parser.step(next)?;
        }
        Ok(parser.stack.finish())
    }

    fn step(&mut self, next: char) -> Result<(), MarkupError> {
        if matches!(self.before(), None | Some('\n')) && self.block()? {
            return Ok(());
        }
        match next {
            '\n' => self.line_break(),
            '`' => self.code(),
            '<' => self.tag()?,
            '&' => self.entity(),
            '*' | '_' | '~' => self.markers(next),
            '\\' => self.backslash(),
            _ => self.word(next),
        }
        Ok(())
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn before(&self) -> Option<char> {
        self.text[..self.at].chars().next_back()
    }

    /// Takes the next `bytes` of the input as they are.
    fn literally(&mut self, bytes: usize) {
        let taken = &self.rest()[..bytes];
        self.stack.push_text(taken);
        self.at += bytes;
    }

    /// A quote or fenced code, which only begin at the start of a line.
    fn block(&mut self) -> Result<bool, MarkupError> {
        if let Some(quote) = block::quote(self.rest()) {
            self.stack.give_up_markers();
            let children = Parser::nodes(&quote.inner, self.stack.place().deeper()?)?;
            self.stack.push(Node::Element { tag: Tag::Blockquote, children });
            self.at += quote.bytes;
            return Ok(true);
        }
        if let Some(fence) = block::fence(self.rest()) {
            self.stack.give_up_markers();
            self.stack.push(listing(fence.body.to_owned()));
            self.at += fence.bytes;
            return Ok(true);
        }
        Ok(false)
    }

    /// Blocks stand on lines of their own, so a line break beside one is layout, not content.
    fn line_break(&mut self) {
        self.at += 1;
        if !self.stack.stands_on_its_own_line() && !block::begins(self.rest()) {
            self.stack.push(Node::Element { tag: Tag::Br, children: Vec::new() });
        }
    }

    /// `` `code` ``, or with three backticks and more ```` ```a listing``` ````.
    fn code(&mut self) {
        let ticks = run_length(self.rest(), '`');
        let inside = &self.rest()[ticks..];
        let Some(length) = closing_ticks(inside, ticks) else {
            return self.literally(ticks);
        };
        let content = without_padding(&inside[..length]);
        if ticks >= 3 {
            self.stack.push(listing(content.to_owned()));
        } else {
            self.stack.push(Node::Element { tag: Tag::Code, children: lines(content) });
        }
        self.at += ticks + length + ticks;
    }

    fn tag(&mut self) -> Result<(), MarkupError> {
        if let Some(bytes) = typed_tag::comment(self.rest()) {
            self.literally(bytes);
            return Ok(());
        }
        let Some(typed) = TypedTag::read(self.rest()) else {
            self.literally(1);
            return Ok(());
        };
        let done = match typed.meaning() {
            Meaning::Literal => false,
            Meaning::Void(tag) => {
                self.stack.push(Node::Element { tag, children: Vec::new() });
                true
            }
            Meaning::Open(tag) => {
                self.stack.open(tag)?;
                true
            }
            Meaning::Close(tag) => self.stack.close(tag),
            Meaning::Raw(tag) => return self.raw(tag, typed.bytes),
            Meaning::OpenLink(href) => self.stack.open_link(href)?,
            Meaning::CloseLink => self.stack.close_link(),
            Meaning::Picture { href, name } => self.stack.push_link(href, name),
        };
        if done {
            self.at += typed.bytes;
        } else {
            self.literally(typed.bytes);
        }
        Ok(())
    }

    /// `<code>` and `<pre>`: only entities are read inside, up to the closing tag or the end.
    fn raw(&mut self, tag: Tag, opening_bytes: usize) -> Result<(), MarkupError> {
        self.at += opening_bytes;
        let (content, bytes) = typed_tag::until_closing(self.rest(), tag);
        self.at += bytes;
        let node = if tag == Tag::Pre {
            let content = content.strip_prefix('\n').unwrap_or(content);
            match typed_tag::only_child(content, Tag::Code) {
                Some(code) => listing(entity::decoded(code)),
                None => Node::Element { tag, children: vec![Node::Text(entity::decoded(content))] },
            }
        } else {
            Node::Element { tag, children: lines(&entity::decoded(content)) }
        };
        self.stack.push(node);
        Ok(())
    }

    fn entity(&mut self) {
        match entity::read(self.rest()) {
            Some((c, bytes)) => {
                self.stack.push_text(c.encode_utf8(&mut [0; 4]));
                self.at += bytes;
            }
            None => self.literally(1),
        }
    }

    /// A run of one of Markdown's delimiters: closes what it can, opens what it can, and is text
    /// for the rest.
    fn markers(&mut self, c: char) {
        let length = run_length(self.rest(), c);
        let before = self.before();
        let after = self.rest()[length..].chars().next();
        let mut left = length;
        if Marker::is_run(c, length) {
            while let Some(marker) = self.stack.innermost_marker(|marker| {
                marker.delimiter() == c
                    && marker.text().len() <= left
                    && marker.may_close(before, after)
            }) {
                self.stack.close_marker(marker);
                left -= marker.text().len();
            }
            for marker in Marker::ALL {
                if marker.delimiter() == c
                    && marker.text().len() <= left
                    && marker.may_open(before, after)
                    && self.stack.innermost_marker(|open| open == marker).is_none()
                {
                    self.stack.open_marker(marker);
                    left -= marker.text().len();
                }
            }
        }
        self.at += length - left;
        self.literally(left);
    }

    /// A backslash keeps what follows from meaning anything, and is itself shown: it stands in paths
    /// and in faces more often than before Markdown.
    fn backslash(&mut self) {
        let disarmed = match self.rest()[1..].chars().next() {
            Some(c @ ('*' | '_' | '~' | '`')) => run_length(&self.rest()[1..], c),
            Some('<' | '&') => 1,
            Some(_) | None => 0,
        };
        self.literally(1 + disarmed);
    }

    /// A word, or the bare address that begins with it; or a single other character.
    fn word(&mut self, next: char) {
        let word = self.rest().find(|c: char| !c.is_alphanumeric()).unwrap_or(self.rest().len());
        let begins = next.is_alphanumeric() && !self.before().is_some_and(char::is_alphanumeric);
        if begins && let Some(bare) = address::read(self.rest()) {
            let shown = self.rest()[..bare.bytes].to_owned();
            if bare.href.is_some_and(|href| self.stack.push_link(href, shown)) {
                self.at += bare.bytes;
            } else {
                self.literally(bare.bytes);
            }
            return;
        }
        self.literally(word.max(next.len_utf8()));
    }
}

fn run_length(text: &str, c: char) -> usize {
    text.len() - text.trim_start_matches(c).len()
}

/// Where the run of exactly that many backticks begins that closes the code.
fn closing_ticks(inside: &str, ticks: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = inside[at..].find('`') {
        at += found;
        let length = run_length(&inside[at..], '`');
        if length == ticks {
            return Some(at);
        }
        at += length;
    }
    None
}

/// Code that begins or ends with a backtick is typed with a space beside it (CommonMark 6.1).
fn without_padding(content: &str) -> &str {
    content
        .strip_prefix(' ')
        .and_then(|content| content.strip_suffix(' '))
        .filter(|content| !content.trim().is_empty())
        .unwrap_or(content)
}

/// Text whose line breaks are breaks.
fn lines(text: &str) -> Vec<Node> {
    let mut nodes = Vec::new();
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            nodes.push(Node::Element { tag: Tag::Br, children: Vec::new() });
        }
        if !line.is_empty() {
            nodes.push(Node::Text(line.to_owned()));
        }
    }
    nodes
}

fn listing(text: String) -> Node {
    let code = Node::Element { tag: Tag::Code, children: vec![Node::Text(text)] };
    Node::Element { tag: Tag::Pre, children: vec![code] }
}

#[cfg(test)]
mod tests;
