//! Everything the server holds, by kind. Whoever adds a kind of thing to the server adds it here.

use sanctuary_protocol::admin::{Audit, Datum, Held};

use super::{Tree, Unavailable};
use crate::footprint;

impl Tree {
    /// What the server holds at this moment.
    ///
    /// # Errors
    /// When a part of the tree does not answer in time.
    pub async fn audit(&self) -> Result<Audit, Unavailable> {
        let censuses = self.censuses().await?;
        let rooms = censuses.len();
        let sum = |count: fn(&crate::room::Census) -> usize| -> usize {
            censuses.iter().map(|(_, census)| count(census)).sum()
        };
        let tags = self.shared.address_tags.get().map_or(0, |tags| (tags.0)());
        let held = [
            (Datum::RoomId, rooms, None),
            (Datum::TokenKey, rooms, None),
            (Datum::Seat, sum(|it| it.members_live + it.members_gone), None),
            (Datum::Knock, sum(|it| it.knocks), None),
            (Datum::SealedFrames, sum(|it| it.entries_retained), Some(self.ledger().retained())),
            (Datum::Connection, self.ledger().connections(), None),
            (Datum::AddressTag, tags, None),
        ];
        Ok(Audit {
            held: held
                .map(|(datum, count, bytes)| Held {
                    datum,
                    count: count as u64,
                    bytes: bytes.map(|bytes| bytes as u64),
                })
                .to_vec(),
            memory: footprint::memory(),
            files: footprint::open_files().kinds(),
        })
    }
}
