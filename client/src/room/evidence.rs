//! What shows that the server is not honest. It is said once of each kind, and stands until one
//! leaves; everything else goes on working.

use std::mem::discriminant;

use sanctuary_crypto::Tampering;
use sanctuary_protocol::MemberId;
use sanctuary_words::{Phrase, phrase};

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

impl Evidence {
    /// What is said of it; the witness goes into it where there is one.
    pub fn phrase(&self) -> Phrase {
        match (self.what, &self.witness) {
            (Tampering::Forked { .. }, Some(_)) => {
                phrase!("The page of {0} saw another room than yours.")
            }
            (Tampering::Relabelled { .. }, Some(_)) => {
                phrase!("It passed a message on in the name of {0}.")
            }
            (Tampering::Gap { .. }, Some(_)) => phrase!("It left out or repeated messages of {0}."),
            (Tampering::Order, _) => {
                phrase!("It left something out of the room\u{2019}s order, or repeated something.")
            }
            (Tampering::Forged, _) => {
                phrase!("It sent something in your name that you did not send.")
            }
            (Tampering::Dropped, _) => phrase!("It dropped something that you sent."),
            (Tampering::Absence, _) => phrase!("It told the room that you were gone."),
            (Tampering::Relabelled { .. }, None) => {
                phrase!("It passed a message on in another\u{2019}s name.")
            }
            (Tampering::Gap { .. }, None) => {
                phrase!("It left out or repeated a member\u{2019}s messages.")
            }
            (Tampering::Forked { .. }, None) => {
                phrase!("It showed different members different rooms.")
            }
            (Tampering::Reopened, _) => {
                phrase!("It changed its account of what happened while you were away.")
            }
        }
    }
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
