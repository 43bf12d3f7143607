//! The supervision tree, one file an actor. An actor file holds its messages, its state and what it
//! does with each, and no rule about chat: those are in `room`. The tree is drawn in `sanctuary`.

pub(crate) mod sanctuary;

pub(crate) mod lobby;

pub(crate) mod room;

mod audience;

pub(crate) mod member;
