//! What all messages hold together that are not whole yet: bounded, and counted with what rooms hold. Must
//! not know whose they are.

use std::sync::Arc;

use crate::Tree;
use crate::actor::lobby;
use crate::ledger::{Account, Charge};

/// Messages that are not whole may hold this part of all retained bytes together, so that they
/// cannot crowd out what rooms keep.
const UNFINISHED_PART: usize = 4;

/// Their account.
#[derive(Debug)]
pub(crate) struct Unfinished {
    tree: Tree,
    account: Arc<Account>,
    bytes_max: usize,
}

impl Unfinished {
    pub(crate) fn new(tree: &Tree) -> Self {
        let bytes_max = tree.limits().retained_bytes_max / UNFINISHED_PART;
        Self { tree: tree.clone(), account: tree.ledger().account(), bytes_max }
    }

    /// Of a message that holds nothing so far.
    pub(super) fn charge(&self) -> Charge {
        self.account.charge(0)
    }

    /// Whether there is no memory for the rest of a large message. Where rooms hold too much, they are
    /// asked first, and given the time: what they hold is for those who do not read, and whoever sends
    /// is none of them.
    pub(super) fn is_full(&self) -> bool {
        let ledger = self.tree.ledger();
        if ledger.wants_relief() {
            self.tree.tell_lobby(lobby::Message::Relieve);
        }
        self.account.held() > self.bytes_max || ledger.excess() > self.bytes_max
    }
}
