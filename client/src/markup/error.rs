//! Why a message is no markup, in words for the person who typed it or for the line that stands in
//! a broken message's place.

use super::{DEPTH_MAX, InvalidHref, NODES_MAX, Tag};

/// Why something is no [`Markup`](super::Markup).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarkupError {
    /// Elements nest deeper than [`DEPTH_MAX`].
    #[error("This nests formatting more than {DEPTH_MAX} deep. Take some of it out.")]
    TooDeep,
    /// More nodes than [`NODES_MAX`].
    #[error(
        "This has more than {NODES_MAX} pieces of formatting and line breaks. \
         Send it in parts, or put a long listing between two lines of ```."
    )]
    TooMany,
    /// More text than [`TEXT_BYTES_MAX`](super::TEXT_BYTES_MAX).
    #[error("This is too long for one message. Send it in parts.")]
    TooLong,
    /// An element that holds nothing by its nature holds something.
    #[error("`{}` cannot hold anything.", .0.name())]
    NotEmpty(Tag),
    /// A link inside a link.
    #[error("A link cannot hold another link.")]
    LinkInLink,
    /// A link that leads somewhere a link may not lead.
    #[error("A link is broken: {0}.")]
    Address(#[from] InvalidHref),
    /// The bytes are no tree.
    #[error("This message is damaged.")]
    Malformed,
}
