//! `purge`: end one room, all, or those that are idle.

use std::time::Duration;

use sanctuary_protocol::admin::{AdminReply, AdminRequest, RoomHandle, RoomSummary};

use super::{Argument, Flag, Value, Verb};
use crate::command::{Command, ParseError};
use crate::perform::{Desk, Failure, living_rooms};
use crate::show::{count, duration, members_of, rooms_and_members};
use crate::words::{Notice, Words};

pub(super) const VERB: Verb = Verb {
    word: "purge",
    also: &[],
    argument: Argument::Target,
    flags: &[Flag {
        name: OLDER,
        value: Value::Span,
        summary: "with `idle`: only rooms in which nothing was said or done for that long",
    }],
    summary: "end one room, all, or those that are idle",
    details: "Its members are told that the operator ended it, and the reason before that, which is\n\
              not encrypted. Nothing of the room is kept. Whoever still has the link may start it\n\
              again. It asks first, unless the tool was started with --yes.\n\
              \n\
              purge r7 It was used for spam.   one room, and why\n\
              purge idle --older 1h            rooms in which nothing happened for an hour\n\
              purge all                        every room",
    read,
};

const OLDER: &str = "--older";

/// The word for every room.
pub const ALL: &str = "all";

/// The word for the rooms in which nothing happens.
pub const IDLE: &str = "idle";

/// Which rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// One.
    Room(RoomHandle),
    /// Each.
    All,
    /// Those in which nothing happened for that long.
    Idle {
        /// At least.
        older: Duration,
    },
}

fn read(words: &mut Words<'_>) -> Result<Command, ParseError> {
    let older = words.span(OLDER)?;
    let target = match words.word()? {
        ALL => Target::All,
        IDLE => Target::Idle { older: older.ok_or(ParseError::HowLongIdle)? },
        word => Target::Room(word.parse().map_err(|_| words.wrong(word))?),
    };
    // Somebody who means two rooms must not tell one of them the other's handle.
    if let Some(second) = words.peek().filter(|word| is_target(word)) {
        return Err(words.too_many(second));
    }
    let reason = words.text()?;
    match target {
        Target::Idle { .. } if reason.is_some() => Err(ParseError::IdleWithReason),
        Target::Room(_) | Target::All if older.is_some() => Err(ParseError::OlderWithoutIdle),
        Target::Room(_) | Target::All | Target::Idle { .. } => {
            Ok(Command::Purge { target, reason })
        }
    }
}

fn is_target(word: &str) -> bool {
    word == ALL || word == IDLE || word.parse::<RoomHandle>().is_ok()
}

pub(super) fn perform(
    desk: &mut Desk<'_>,
    target: Target,
    reason: Option<Notice>,
) -> Result<(), Failure> {
    if let Some(question) = question(desk, target)? {
        desk.agree(&question)?;
    }
    let request = match target {
        Target::Room(room) => AdminRequest::Purge { room, reason },
        Target::All => AdminRequest::PurgeAll { reason },
        Target::Idle { older } => AdminRequest::PurgeIdle { older_seconds: older.as_secs() },
    };
    desk.answer(&request, |reply| match reply {
        AdminReply::Purged { rooms } => Some(format!("{} ended\n", count((*rooms).into(), "room"))),
        _ => None,
    })
}

/// What is asked before anything is lost; nothing, where nothing would be.
fn question(desk: &mut Desk<'_>, target: Target) -> Result<Option<String>, Failure> {
    match target {
        Target::Room(room) => {
            let summary = desk.ask(&AdminRequest::Room { room }, |reply| match reply {
                AdminReply::Room(summary) => Some(summary),
                _ => None,
            })?;
            Ok(Some(room_question(&summary)))
        }
        Target::All => Ok(rooms_question("all", &living_rooms(desk.server)?)),
        Target::Idle { older } => {
            let mut rooms = living_rooms(desk.server)?;
            rooms.retain(|room| room.quiet_seconds >= older.as_secs());
            Ok(rooms_question("what is idle", &rooms))
        }
    }
}

fn room_question(room: &RoomSummary) -> String {
    let members = count(members_of(room), "member");
    let age = duration(room.age_seconds);
    format!("End {} ({members}, {age} old) for everybody in it? [y/N] ", room.room)
}

fn rooms_question(which: &str, rooms: &[RoomSummary]) -> Option<String> {
    let what = rooms_and_members(rooms);
    (!rooms.is_empty()).then(|| format!("End {which}: {what}? [y/N] "))
}

#[cfg(test)]
mod tests {
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
            retained_bytes: 12_288,
        }
    }

    #[test]
    fn a_question_says_what_would_be_lost() {
        assert_eq!(
            room_question(&summary(7, 3)),
            "End r7 (3 members, 2h old) for everybody in it? [y/N] "
        );
        let all = |rooms: &[RoomSummary]| rooms_question("all", rooms);
        assert_eq!(
            all(&[summary(1, 3), summary(2, 1)]).unwrap(),
            "End all: 2 rooms with 4 members? [y/N] "
        );
        assert_eq!(all(&[summary(1, 1)]).unwrap(), "End all: 1 room with 1 member? [y/N] ");
        assert_eq!(all(&[]), None);
    }
}
