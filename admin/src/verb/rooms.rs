//! `rooms`: list the rooms.

use std::cmp::Reverse;

use sanctuary_protocol::admin::{AdminReply, AdminRequest, RoomSummary};

use super::{Argument, Flag, Value, Verb};
use crate::command::{Command, ParseError};
use crate::perform::{Desk, Failure};
use crate::show::{bytes, duration, members_of, table};
use crate::words::Words;

pub(super) const VERB: Verb = Verb {
    word: "rooms",
    also: &[],
    argument: Argument::None,
    flags: &[Flag {
        name: SORT,
        value: Value::OneOf(&["age", "members", "bytes"]),
        summary: "oldest, fullest or largest first",
    }],
    summary: "list the rooms",
    details: "members   connected at this moment\n\
              gone      connection lost, seat still waiting for them\n\
              knocks    newcomers waiting to be let in\n\
              age       since the room was created\n\
              quiet     since anything was last said or done in it\n\
              entries   everything sequenced in it so far\n\
              held      sealed bytes kept for members who are gone or slow\n\
              \n\
              r7 is a throwaway handle: it says nothing of the room's link, and a\n\
              restarted server counts from r1 again.",
    read,
};

const SORT: &str = "--sort";

/// In which order rooms are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Oldest first.
    #[default]
    Age,
    /// Fullest first.
    Members,
    /// Whichever holds most first.
    Bytes,
}

fn read(words: &mut Words<'_>) -> Result<Command, ParseError> {
    let sort = match words.flag(SORT) {
        None | Some("age") => Sort::Age,
        Some("members") => Sort::Members,
        Some("bytes") => Sort::Bytes,
        Some(other) => return Err(words.wrong_value(SORT, other)),
    };
    Ok(Command::Rooms { sort })
}

pub(super) fn perform(desk: &mut Desk<'_>, sort: Sort) -> Result<(), Failure> {
    let sorted = |mut reply: AdminReply| {
        if let AdminReply::Rooms { rooms } = &mut reply {
            sort.arrange(rooms);
        }
        reply
    };
    desk.answer_made(&AdminRequest::Rooms, sorted, |reply| match reply {
        AdminReply::Rooms { rooms } => Some(words(rooms)),
        _ => None,
    })
}

impl Sort {
    /// The server lists them by age; those that are alike stay so.
    fn arrange(self, rooms: &mut [RoomSummary]) {
        match self {
            Self::Age => {}
            Self::Members => rooms.sort_by_key(|room| Reverse(members_of(room))),
            Self::Bytes => rooms.sort_by_key(|room| Reverse(room.retained_bytes)),
        }
    }
}

fn words(rooms: &[RoomSummary]) -> String {
    if rooms.is_empty() {
        return "no room lives\n".to_owned();
    }
    let head = ["room", "members", "gone", "knocks", "age", "quiet", "entries", "held"];
    let mut lines = vec![head.map(str::to_owned)];
    lines.extend(rooms.iter().map(|room| {
        [
            room.room.to_string(),
            room.members_live.to_string(),
            room.members_gone.to_string(),
            room.knocks.to_string(),
            duration(room.age_seconds),
            duration(room.quiet_seconds),
            room.entries.to_string(),
            bytes(room.retained_bytes),
        ]
    }));
    table(&lines)
}

#[cfg(test)]
mod tests {
    use sanctuary_protocol::admin::RoomHandle;

    use super::*;

    fn summary(room: u32, members_live: u32) -> RoomSummary {
        RoomSummary {
            room: RoomHandle(room),
            members_live,
            members_gone: 0,
            knocks: 0,
            age_seconds: 7_200,
            quiet_seconds: 190,
            entries: 1_204,
            retained_bytes: u64::from(13 - room) * 1_024,
        }
    }

    #[test]
    fn rooms_stand_in_columns() {
        let expected = "\
room  members  gone  knocks  age  quiet  entries    held
r1          3     0       0   2h     3m     1204  12 KiB
r12        10     0       0   2h     3m     1204   1 KiB
";
        assert_eq!(words(&[summary(1, 3), summary(12, 10)]), expected);
        assert_eq!(words(&[]), "no room lives\n");
    }

    #[test]
    fn rooms_come_in_the_order_that_was_asked_for() {
        let check = |sort: Sort, expected: [u32; 3]| {
            let mut rooms = [summary(1, 3), summary(2, 10), summary(3, 3)];
            sort.arrange(&mut rooms);
            assert_eq!(rooms.map(|room| room.room.0), expected, "{sort:?}");
        };
        check(Sort::Age, [1, 2, 3]);
        check(Sort::Members, [2, 1, 3]);
        check(Sort::Bytes, [1, 2, 3]);
    }
}
