//! Which lie whom must be found out by: the table that the simulator holds the members to. Knows no
//! lie's making.

use std::collections::BTreeMap;

use crate::people::Seat;

/// Something the server did that it should not have, as the table tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An entry left out, and its number with it.
    DropCrude,
    /// An entry left out, and the rest numbered anew.
    DropSly,
    /// An entry told twice under one number.
    DuplicateCrude,
    /// An entry told twice under two numbers.
    DuplicateSly,
    /// Two entries told the other way round, each with its number.
    SwapCrude,
    /// Two entries told the other way round, and numbered anew.
    SwapSly,
    /// A post or commit changed.
    Flip,
    /// A changed copy of a post told before it.
    FlipBefore,
    /// A post told in another's name.
    Relabel,
    /// A post said not to have been kept.
    Shed,
    /// Something old told again, to one.
    ReplayOne,
    /// Something old told again, to all.
    ReplayAll,
    /// Something of another room, to one.
    SpliceOne,
    /// Something of another room, to all.
    SpliceAll,
    /// Something made up in a member's name, to one.
    ForgeOne,
    /// Something made up in a member's name, to all.
    ForgeAll,
    /// The server's own word, false, to one.
    PretendOne,
    /// To all, that somebody is gone or out.
    AbsenceAll,
    /// To all, any other false word of the server's own.
    PretendAll,
    /// A newcomer's opening.
    MisopenFirst,
    /// The opening of a seat taken again.
    MisopenAgain,
    /// A word to a newcomer, or its welcome, changed.
    FlipDoor,
    /// A newcomer's word changed.
    FlipAnswer,
    /// A knock that nobody made.
    ForgeKnock,
    /// A post that never got its place.
    SwallowPost,
    /// A commit that never got its place.
    SwallowCommit,
    /// Somebody put out and never told, and told everything else.
    Harbour,
    /// A frame with a changed byte.
    Mangle,
}

/// By whom a lie must be found out, within a heartbeat's interval of everything arriving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Witness {
    /// By whom it was told to.
    Victim,
    /// By anybody: two who were told different things, and talk.
    Somebody,
    /// By whom it is about.
    Subject,
    /// It need not be: it keeps something back, as a bad network does, or is the server's own
    /// word, and changes nothing that anybody believes of another member.
    Nobody,
}

/// Every kind of lie, and by whom it must be found out. In each case it is enough that the victim
/// (or the subject) has lost the room over it: its page says so, or came in again through the door.
pub const WITNESSES: [(Kind, Witness); 28] = [
    (Kind::DropCrude, Witness::Victim),
    (Kind::DropSly, Witness::Somebody),
    // Told again under its number, an entry changes nothing that is shown.
    (Kind::DuplicateCrude, Witness::Nobody),
    (Kind::DuplicateSly, Witness::Somebody),
    (Kind::SwapCrude, Witness::Victim),
    (Kind::SwapSly, Witness::Somebody),
    (Kind::Flip, Witness::Somebody),
    (Kind::FlipBefore, Witness::Somebody),
    (Kind::Relabel, Witness::Somebody),
    // Shown as a message that was missed; its digest is in the order all the same.
    (Kind::Shed, Witness::Nobody),
    (Kind::ReplayOne, Witness::Somebody),
    (Kind::ReplayAll, Witness::Subject),
    (Kind::SpliceOne, Witness::Somebody),
    (Kind::SpliceAll, Witness::Subject),
    (Kind::ForgeOne, Witness::Somebody),
    (Kind::ForgeAll, Witness::Subject),
    (Kind::PretendOne, Witness::Somebody),
    (Kind::AbsenceAll, Witness::Subject),
    // Members believe each other, and not the server, of host and rules.
    (Kind::PretendAll, Witness::Nobody),
    (Kind::MisopenFirst, Witness::Somebody),
    (Kind::MisopenAgain, Witness::Victim),
    (Kind::FlipDoor, Witness::Nobody),
    (Kind::FlipAnswer, Witness::Nobody),
    (Kind::ForgeKnock, Witness::Nobody),
    (Kind::SwallowPost, Witness::Nobody),
    (Kind::SwallowCommit, Witness::Victim),
    // Whoever is put out can open nothing: what it is told, it cannot be told for long.
    (Kind::Harbour, Witness::Nobody),
    (Kind::Mangle, Witness::Nobody),
];

/// What a lie does to the story it is told in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// It only adds what no member can open: every genuine word must still be heard.
    Adds,
    /// Genuine words may be lost over it.
    Loses,
}

/// A lie that was told.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// What it was.
    pub kind: Kind,
    /// What it did.
    pub damage: Damage,
    /// To whom, when not to all.
    pub victim: Option<Seat>,
    /// About whom.
    pub subject: Option<Seat>,
    /// The subject's connection then: a subject that was away meanwhile need not know better.
    pub connection: Option<u64>,
}

/// By whom a lie of that kind must be found out.
pub fn witness_of(kind: Kind) -> Witness {
    let found = WITNESSES.iter().find(|(of, _)| *of == kind);
    found.map_or(Witness::Nobody, |(_, witness)| *witness)
}

/// How often each kind of lie was told.
pub type Tally = BTreeMap<Kind, u64>;
