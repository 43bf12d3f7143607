//! What a session says: the events it makes of entries, and why it refuses to do something.

use std::fmt;

use sanctuary_protocol::limits::ADMITS_MAX;
use sanctuary_protocol::{MemberId, Policy};
use zeroize::Zeroizing;

use crate::{Alias, Charter, Fading, Fault, Secret, Tampering};

/// Names something this member said, until it is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// What a commit of this member's is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Lets these in.
    Admit(Vec<MemberId>),
    /// Puts this one out, and renews the invitation.
    Kick(MemberId),
    /// Takes the keys from those that have no seat any more.
    Clear,
    /// Renews the invitation: the old one opens nothing any more.
    Renew,
    /// Changes the rules.
    Policy(Policy),
    /// How long messages stay.
    Fading(Fading),
    /// Names another host.
    HandOver(MemberId),
    /// Follows a host that is not there.
    TakeOver,
}

/// What an entry meant.
#[derive(Clone, PartialEq, Eq)]
pub enum Event {
    /// Something this member said has its place in the order.
    Settled(Ticket),
    /// A member said something to everybody.
    Said {
        /// Who.
        from: MemberId,
        /// What.
        plaintext: Zeroizing<Vec<u8>>,
    },
    /// A member whispered to this one.
    Whispered {
        /// Who.
        from: MemberId,
        /// What.
        plaintext: Zeroizing<Vec<u8>>,
    },
    /// A whisper that is not for this session; for whom, only its two ends know.
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
    /// The server took somebody's seat: no member's sealed word stands behind it. A commit that came
    /// too late can be why, and then the member that it names had asked for it.
    Removed {
        /// Whose; it may be this session's own member's.
        member: MemberId,
        /// Under which name.
        alias: Alias,
        /// Who asked for it, by the server's word.
        by: MemberId,
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
    /// A member changed who is host, or the rules.
    Chartered {
        /// Who.
        by: MemberId,
        /// What held until then.
        before: Charter,
    },
    /// The invitation was renewed: this secret opens the door, and the one before does not. Until
    /// [`Session::renew_door`](crate::Session::renew_door) this member opens to nobody.
    Renewed {
        /// The next invitation's.
        secret: Secret,
        /// Whose doing it is.
        by: MemberId,
    },
    /// A commit of this member's has been taken by the room.
    Committed(Change),
    /// A commit of this member's came too late: another was first. It changed nothing.
    Void(Change),
    /// Another member's word proved that this session and the room are one group.
    Vouched,
    /// A post or commit that is not what it claims: garbage, forged, by somebody who is not inside,
    /// or a commit the room's rules refuse. Nothing changed by it.
    Unreadable {
        /// Whose it claims to be.
        from: MemberId,
        /// What is wrong with it.
        why: Unreadable,
    },
    /// The server is not honest.
    Tampering(Tampering),
}

/// What is wrong with a post or a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Unreadable {
    /// It does not open, or nothing readable is inside.
    #[error("it does not open")]
    Garbage,
    /// It claims an epoch that has not begun.
    #[error("it is of an epoch that has not begun")]
    Future,
    /// The room's rules refuse it.
    #[error(transparent)]
    Unlawful(#[from] Fault),
}

/// Names the event and its members; never what was said.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settled(ticket) => write!(f, "Settled({})", ticket.0),
            Self::Said { from, plaintext: _ } => write!(f, "Said({}, …)", from.0),
            Self::Whispered { from, plaintext: _ } => write!(f, "Whispered({}, …)", from.0),
            Self::WhisperPassed { from } => write!(f, "WhisperPassed({})", from.0),
            Self::Joined { member, alias: _, by } => {
                write!(f, "Joined({}, …, by {})", member.0, by.0)
            }
            Self::Kicked { member, alias: _, by } => {
                write!(f, "Kicked({}, …, by {})", member.0, by.0)
            }
            Self::Removed { member, alias: _, by } => {
                write!(f, "Removed({}, …, by {})", member.0, by.0)
            }
            Self::Left { member, alias: _ } => write!(f, "Left({}, …)", member.0),
            Self::Expired { member, alias: _ } => write!(f, "Expired({}, …)", member.0),
            Self::Chartered { by, before: _ } => write!(f, "Chartered(by {})", by.0),
            Self::Renewed { secret: _, by } => write!(f, "Renewed(…, by {})", by.0),
            Self::Committed(change) => write!(f, "Committed({change:?})"),
            Self::Void(change) => write!(f, "Void({change:?})"),
            Self::Vouched => f.write_str("Vouched"),
            Self::Unreadable { from, why } => write!(f, "Unreadable({}, {why:?})", from.0),
            Self::Tampering(what) => write!(f, "Tampering({what:?})"),
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
    /// This newcomer never proved that it knows the secret, was refused, or is forgotten.
    #[error("there is no knock to answer")]
    NotKnocking(MemberId),
    /// Somebody came in since under a name that looks like this newcomer's.
    #[error("the newcomer's alias has been taken meanwhile")]
    AliasTaken(MemberId),
    /// This newcomer's number is not above every member's, so no member would take it: tell it to
    /// knock again.
    #[error("the newcomer came before somebody who is inside")]
    Number(MemberId),
    /// The group is larger than a commit and its welcome carry.
    #[error("the room is too full to tell a newcomer who is in it")]
    TooLarge,
}

/// Why a change was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// Nobody in the room has that number.
    #[error("there is no such member")]
    NoSuchMember,
    /// One leaves; one does not kick oneself, nor hand over to oneself.
    #[error("to go yourself, leave")]
    Yourself,
    /// The room's rules do not allow this member to do it.
    #[error("that is not yours to do")]
    NotAllowed,
    /// It is so already.
    #[error("that is so already")]
    Already,
    /// The group is larger than a commit carries.
    #[error("the room is too large for that")]
    TooLarge,
}

/// Why nothing is said.
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
    /// Nobody in the room has that number.
    #[error("there is no such member")]
    NoSuchMember,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_prints_neither_words_nor_names() {
        let shown = format!(
            "{:?} {:?} {:?}",
            Event::Said { from: MemberId(1), plaintext: Zeroizing::new(b"hi".to_vec()) },
            Event::Left { member: MemberId(2), alias: Alias::new("Ada").unwrap() },
            Event::Renewed { secret: Secret::new("hush").unwrap(), by: MemberId(1) },
        );
        assert_eq!(shown, "Said(1, …) Left(2, …) Renewed(…, by 1)");
    }
}
