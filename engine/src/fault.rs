//! Failures on demand, to prove what each part's failure costs. Behind the feature `faults`, which
//! the tests alone turn on.

/// Which part shall fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The root of the tree.
    Root,
    /// The lobby.
    Lobby,
    /// The oldest room.
    Room,
    /// The member that has been in the oldest room for longest.
    Member,
    /// The gateway.
    Gateway,
    /// The operator's console.
    Console,
}

/// In which order a process fails that is signalled to.
pub(crate) const ON_SIGNAL: [Fault; 5] =
    [Fault::Room, Fault::Lobby, Fault::Gateway, Fault::Console, Fault::Member];

#[expect(clippy::panic, reason = "it is what this is for")]
pub(crate) fn fail() -> ! {
    panic!("on demand");
}
