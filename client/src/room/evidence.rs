//! What shows that the server is not honest. It is said once of each kind, and stands until one
//! leaves; everything else goes on working.

use std::mem::discriminant;

use sanctuary_crypto::Tampering;
use sanctuary_protocol::MemberId;

use super::{Happening, Person, Room};
use crate::update::Context;

/// How the server was found out, and by whose word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What it did.
    pub what: Tampering,
    /// The member whose messages show it, where it is not this page's own finding.
    pub witness: Option<Person>,
}

/// Everything found out: the first of each kind.
#[derive(Debug, Default)]
pub(crate) struct Suspicion {
    tampering: Vec<Tampering>,
    evidence: Vec<Evidence>,
}

impl Room {
    /// How the server was found out: the first of each kind. Empty with an honest server.
    pub fn tampering(&self) -> &[Tampering] {
        &self.suspicion.tampering
    }

    /// The same, with the names of those whose messages show it.
    pub fn evidence(&self) -> &[Evidence] {
        &self.suspicion.evidence
    }

    pub(super) fn accuse(&mut self, what: Tampering, context: &mut Context<'_>) {
        let known = &self.suspicion.tampering;
        if known.iter().any(|known| discriminant(known) == discriminant(&what)) {
            return;
        }
        let witness = witness(what).map(|member| self.person(member));
        let evidence = Evidence { what, witness };
        self.suspicion.tampering.push(what);
        self.suspicion.evidence.push(evidence.clone());
        self.timeline.happened(context.now, Happening::Tampered(evidence));
    }
}

const fn witness(what: Tampering) -> Option<MemberId> {
    match what {
        Tampering::Relabelled { from } | Tampering::Gap { from } => Some(from),
        Tampering::Forked { witness } => Some(witness),
        Tampering::Order
        | Tampering::Forged
        | Tampering::Dropped
        | Tampering::Absence
        | Tampering::Reopened => None,
    }
}
