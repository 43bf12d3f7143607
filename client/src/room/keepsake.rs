//! Coming in again by itself: what a member takes along from the stay that has ended to the next.

use sanctuary_crypto::{Alias, Recollection};
use sanctuary_protocol::{MemberId, Redacted, SortedMap};

use super::guard::Guesses;
use super::{Body, Room, Suspicion};
use crate::Screen;
use crate::joining::Joining;
use crate::update::{Context, Next};

/// What a member that comes in again by itself brings along.
#[derive(derive_more::Debug, Default)]
pub(crate) struct Keepsake {
    /// What was being written; it waits in the composer.
    #[debug("{Redacted}")]
    pub(crate) draft: String,
    /// What the server was found out in.
    pub(crate) suspicion: Suspicion,
    /// Offers it took at the door, going in by itself, since a person last pressed to.
    pub(crate) offers_taken: usize,
    /// Whom it was about to put out, and did not.
    pub(crate) not_kicked: Option<Alias>,
    /// Guesses at the secret that it knows of: whoever made them gains no fresh ones by its return.
    pub(crate) guesses: Guesses,
    /// Whose words it does not show.
    pub(crate) muted: SortedMap<MemberId, Alias>,
    /// How far it had followed the room, and what it saw there.
    pub(crate) recollection: Option<Recollection>,
    /// Whether a part of the server had failed: where nobody is in the room, it was lost with that.
    pub(crate) is_in_doubt: bool,
}

impl Room {
    /// Goes in again through the door, under the same name.
    pub(super) fn come_back(&mut self, context: &mut Context<'_>) -> Next {
        self.release_pictures(context);
        let invitation = self.take_invitation();
        let suspicion = std::mem::take(&mut self.suspicion);
        let keepsake = Keepsake {
            draft: self.unsent_draft(),
            suspicion,
            offers_taken: self.offers_taken,
            not_kicked: self.not_kicked(),
            guesses: self.door.guard.guesses(),
            muted: std::mem::take(&mut self.muted),
            recollection: Some(self.session.recollection()),
            is_in_doubt: self.seat.is_in_doubt,
        };
        let joining = Joining::come_back(invitation, keepsake, context);
        Some(Screen::Joining(Box::new(joining)))
    }

    /// What was said and never sequenced goes back to the composer, above the draft. Whispers do
    /// not: the next press of Enter would say them to everybody.
    fn unsent_draft(&mut self) -> String {
        let said = self.unsettled.lines().filter_map(|line| match &line.body {
            Body::Said { words, .. } => Some(words.draft()),
            // What was said to a picture, without it.
            Body::Pictured { words, .. } => Some(words.draft()).filter(|it| !it.is_empty()),
            Body::Whispered { .. }
            | Body::WhisperPassed { .. }
            | Body::Happened(_)
            | Body::Notice { .. } => None,
        });
        let draft = std::mem::take(&mut self.composer.draft);
        let parts: Vec<String> = said.chain((!draft.is_empty()).then_some(draft)).collect();
        parts.join("\n")
    }
}
