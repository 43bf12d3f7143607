//! What a message is made of: a small checked tree of formatting, never HTML text. The sender parses
//! what was typed ([`parse`]), the tree travels as bytes ([`Markup::encode`]), the receiver checks
//! it again ([`Markup::decode`]) and builds elements from it. Knows nothing of rooms, of commands,
//! or of the page that shows it.

mod error;
mod href;
mod tag;
mod tree;

mod parse;
mod wire;

mod visible;

pub use error::MarkupError;
pub use href::{Href, InvalidHref};
pub use parse::{parse, pasted};
pub use tag::Tag;
pub use tree::{Markup, Node, plain, plain_piece};
pub use visible::{Run, code_point, is_hidden, runs};

/// How deep elements and links may nest: the deepest sensible message is a list in a quote in a
/// list, and a tree this flat can be walked by recursion without a thought.
pub const DEPTH_MAX: usize = 8;

/// Nodes in one message, texts and line breaks included: each becomes an element of every reader's
/// page.
pub const NODES_MAX: usize = 512;

/// Bytes of text and addresses in one message: with every node's framing it still fits the largest
/// padding bucket of a post, 16 KiB.
pub const TEXT_BYTES_MAX: usize = 12 * 1024;

/// Bytes of one address: what browsers and servers agree to carry.
pub const HREF_BYTES_MAX: usize = 2 * 1024;

/// Bytes a person may type into one message: text at its limit, and as much again in formatting.
/// It bounds the parser's work.
pub const TYPED_BYTES_MAX: usize = 2 * TEXT_BYTES_MAX;

/// Bytes of an encoded tree: the text, five bytes of framing a node (kind, tag or two bytes of
/// length, close), and the count.
pub const ENCODED_BYTES_MAX: usize = TEXT_BYTES_MAX + 5 * NODES_MAX + 3;
