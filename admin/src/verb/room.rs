//! `room`: show one room.

use sanctuary_protocol::admin::{AdminReply, AdminRequest, RoomHandle, RoomSummary};

use super::{Argument, Verb};
use crate::command::Command;
use crate::perform::{Desk, Failure};
use crate::show::{bytes, connected_and_gone, duration, list};

pub(super) const VERB: Verb = Verb {
    word: "room",
    also: &[],
    argument: Argument::Room,
    flags: &[],
    summary: "show one room",
    details: "What the server knows of it, which is counts and times.",
    read: |words| words.room().map(Command::Room),
};

pub(super) fn perform(desk: &mut Desk<'_>, room: RoomHandle) -> Result<(), Failure> {
    desk.answer(&AdminRequest::Room { room }, |reply| match reply {
        AdminReply::Room(room) => Some(words(room)),
        _ => None,
    })
}

fn words(room: &RoomSummary) -> String {
    list(&[
        ("room", room.room.to_string()),
        ("members", connected_and_gone(room.members_live, room.members_gone)),
        ("knocks", room.knocks.to_string()),
        ("age", duration(room.age_seconds)),
        ("quiet", duration(room.quiet_seconds)),
        ("entries", room.entries.to_string()),
        ("held", bytes(room.retained_bytes)),
    ])
}
