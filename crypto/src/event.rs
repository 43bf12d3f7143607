//! What a session says: the events it makes of entries, and why it refuses to seal.

use std::fmt;

use sanctuary_protocol::MemberId;
use sanctuary_protocol::limits::ADMITS_MAX;
use zeroize::Zeroizing;

use crate::Alias;

/// What an entry meant, once opened.
#[derive(Clone, PartialEq, Eq)]
pub enum Event {
    /// A member said something to everybody.
    Said {
        /// Who.
        from: MemberId,
        /// What.
        plaintext: Zeroizing<Vec<u8>>,
    },
    /// A member whispered to another, and this session is one of the two.
    Whispered {
        /// Who.
        from: MemberId,
        /// To whom.
        to: MemberId,
        /// What.
        plaintext: Zeroizing<Vec<u8>>,
    },
    /// A whisper that is not for this session.
    WhisperPassed {
        /// Who whispered.
        from: MemberId,
    },
    /// A member let somebody in.
    Joined {
        /// Who came in.
        member: MemberId,
        /// Under which name.
        alias: Alias,
        /// Who opened the door.
        by: MemberId,
    },
    /// A member put somebody out, and sealed its word for it.
    Kicked {
        /// Who was put out; it may be this session's own member.
        member: MemberId,
        /// Under which name.
        alias: Alias,
        /// Who did it.
        by: MemberId,
    },
    /// The server put somebody out: there is no member's sealed word for it.
    Removed {
        /// Who was put out; it may be this session's own member.
        member: MemberId,
        /// Under which name.
        alias: Alias,
    },
    /// Somebody gave their seat up, the server says.
    Left {
        /// Who.
        member: MemberId,
        /// Under which name.
        alias: Alias,
    },
    /// Somebody's seat waited long enough, the server says.
    Expired {
        /// Who.
        member: MemberId,
        /// Under which name.
        alias: Alias,
    },
    /// A post or commit that is not what it claims: garbage, forged, by somebody who is not in the
    /// roster, or a commit whose sealed word does not cover what the server did. Nothing changed by
    /// it, but for the [`Removed`](Self::Removed) that may follow.
    Unreadable {
        /// Whose it claims to be.
        from: MemberId,
    },
}

/// Names the event and its members; never what was said.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Said { from, plaintext: _ } => write!(f, "Said({}, …)", from.0),
            Self::Whispered { from, to, plaintext: _ } => {
                write!(f, "Whispered({} to {}, …)", from.0, to.0)
            }
            Self::WhisperPassed { from } => write!(f, "WhisperPassed({})", from.0),
            Self::Joined { member, alias: _, by } => {
                write!(f, "Joined({}, …, by {})", member.0, by.0)
            }
            Self::Kicked { member, alias: _, by } => {
                write!(f, "Kicked({}, …, by {})", member.0, by.0)
            }
            Self::Removed { member, alias: _ } => write!(f, "Removed({}, …)", member.0),
            Self::Left { member, alias: _ } => write!(f, "Left({}, …)", member.0),
            Self::Expired { member, alias: _ } => write!(f, "Expired({}, …)", member.0),
            Self::Unreadable { from } => write!(f, "Unreadable({})", from.0),
        }
    }
}

/// Why no newcomer is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdmitError {
    /// No newcomer was named.
    #[error("there is nobody to let in")]
    Nobody,
    /// More were named than one commit admits.
    #[error("at most {ADMITS_MAX} newcomers are let in at once")]
    TooMany,
    /// This newcomer's knock was never heard, was refused, or is forgotten.
    #[error("there is no knock to answer")]
    NotKnocking(MemberId),
    /// Somebody came in since under a name that looks like this newcomer's.
    #[error("the newcomer's alias has been taken meanwhile")]
    AliasTaken(MemberId),
    /// The roster is larger than a welcome carries: 900 members with the longest names, 10,000 with
    /// short ones.
    #[error("the room is too full to tell a newcomer who is in it")]
    RosterTooLarge,
}

/// Why nobody is put out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KickError {
    /// Nobody in the roster has that number.
    #[error("there is no such member")]
    NoSuchMember,
    /// One leaves; one does not kick oneself.
    #[error("to go yourself, leave")]
    Yourself,
}

/// Why nothing was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The text is longer than [`PLAINTEXT_BYTES_MAX`](crate::PLAINTEXT_BYTES_MAX).
    #[error("{actual} bytes are over the limit of {limit}")]
    TooLong {
        /// In bytes.
        limit: usize,
        /// In bytes.
        actual: usize,
    },
    /// Nobody in the roster has that number.
    #[error("there is no such member")]
    NoSuchMember,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_prints_neither_words_nor_names() {
        let shown = format!(
            "{:?} {:?}",
            Event::Said { from: MemberId(1), plaintext: Zeroizing::new(b"hi".to_vec()) },
            Event::Left { member: MemberId(2), alias: Alias::new("Ada").unwrap() },
        );
        assert_eq!(shown, "Said(1, …) Left(2, …)");
    }
}
