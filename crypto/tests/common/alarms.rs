//! Which alarms an entry raises at a member's.

use sanctuary_crypto::{Event, Tampering};
use sanctuary_protocol::{Entry, MemberId, PostBlob};

use super::Table;

pub fn alarms(events: &[Event]) -> Vec<Tampering> {
    let alarm = |event: &Event| match event {
        Event::Tampering(what) => Some(*what),
        _ => None,
    };
    events.iter().filter_map(alarm).collect()
}

/// A post of this member's, on its way.
pub fn posted(table: &mut Table, from: MemberId, text: &str) -> PostBlob {
    table.at(from).post(text.as_bytes()).unwrap();
    table.outgoing(from).remove(0)
}

/// Sequenced honestly, and shown to nobody yet.
pub fn entry(table: &mut Table, from: MemberId, text: &str) -> Entry {
    let ciphertext = posted(table, from, text);
    table.post(from, ciphertext)
}

/// The alarms at `member` when it is shown this next, whatever the others are shown.
#[track_caller]
pub fn check(table: &mut Table, member: MemberId, entry: &Entry, expected: &[Tampering]) {
    let events = table.show_to(member, entry);
    assert_eq!(alarms(&events), expected, "{events:?}");
}
