//! Why a message is no markup, in words for the person who typed it or for the line that stands in
//! a broken message's place.

use sanctuary_words::{Sentence, phrase};

use super::{DEPTH_MAX, HREF_BYTES_MAX, InvalidHref, NODES_MAX, Tag};

/// Why something is no [`Markup`](super::Markup).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.sentence())]
pub enum MarkupError {
    /// Elements nest deeper than [`DEPTH_MAX`].
    TooDeep,
    /// More nodes than [`NODES_MAX`].
    TooMany,
    /// More text than [`TEXT_BYTES_MAX`](super::TEXT_BYTES_MAX).
    TooLong,
    /// An element that holds nothing by its nature holds something.
    NotEmpty(Tag),
    /// A link inside a link.
    LinkInLink,
    /// A link that leads somewhere a link may not lead.
    Address(#[from] InvalidHref),
    /// The bytes are no tree.
    Malformed,
}

impl MarkupError {
    /// What is said of it.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::TooDeep => Sentence::with(
                phrase!("This nests formatting more than {0} deep. Take some of it out."),
                [DEPTH_MAX.to_string()],
            ),
            Self::TooMany => Sentence::with(
                phrase!(
                    "This has more than {0} pieces of formatting and line breaks. \
                     Send it in parts, or put a long listing between two lines of ```."
                ),
                [NODES_MAX.to_string()],
            ),
            Self::TooLong => phrase!("This is too long for one message. Send it in parts.").into(),
            Self::NotEmpty(tag) => {
                Sentence::with(phrase!("`{0}` cannot hold anything."), [tag.name().to_owned()])
            }
            Self::LinkInLink => phrase!("A link cannot hold another link.").into(),
            Self::Address(why) => address(*why),
            Self::Malformed => phrase!("This message is damaged.").into(),
        }
    }
}

fn address(why: InvalidHref) -> Sentence {
    let phrase = match why {
        InvalidHref::TooLong => {
            let phrase = phrase!("A link is broken: the address is longer than {0} bytes.");
            return Sentence::with(phrase, [HREF_BYTES_MAX.to_string()]);
        }
        InvalidHref::Scheme => {
            phrase!("A link is broken: only https:// and mailto: addresses can be links.")
        }
        InvalidHref::UserInfo => phrase!(
            "A link is broken: an address with a user name or a password in it cannot be a link."
        ),
        InvalidHref::Host => phrase!("A link is broken: the address has no proper host."),
        InvalidHref::Mailbox => phrase!(
            "A link is broken: a mailto: address is one plain mailbox, without header fields."
        ),
        InvalidHref::Character => {
            phrase!("A link is broken: the address has a character that does not belong in one.")
        }
    };
    phrase.into()
}
