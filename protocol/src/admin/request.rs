//! What an operator may ask.

use serde::{Deserialize, Serialize};

use super::RoomHandle;
use crate::Text;
use crate::limits::NOTICE_BYTES_MAX;

/// A request, one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "snake_case", deny_unknown_fields)]
pub enum AdminRequest {
    /// How is the server?
    Status,
    /// Which server is it?
    Version,
    /// What has it done since it started?
    Stats,
    /// Which rooms live?
    Rooms,
    /// One room.
    Room {
        /// Which.
        room: RoomHandle,
    },
    /// End one room for everybody in it.
    Purge {
        /// Which.
        room: RoomHandle,
        /// What everybody in it is told before, in clear.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Text<NOTICE_BYTES_MAX>>,
    },
    /// End every room in which nothing was said or done for that long.
    PurgeIdle {
        /// At least.
        older_seconds: u64,
    },
    /// End every room.
    PurgeAll {
        /// What everybody is told before, in clear.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Text<NOTICE_BYTES_MAX>>,
    },
    /// Which parts stand, and what they are at?
    Actors,
    /// Which bounds hold?
    Limits,
    /// Let people in, or let nobody in; who is in stays in.
    Admit {
        /// Which of the two. Letting people in ends a drain.
        admitting: bool,
    },
    /// Tell everybody in every room something, in clear.
    Notice {
        /// What.
        text: Text<NOTICE_BYTES_MAX>,
    },
    /// Let nobody in, tell everybody, and stop when the last room has ended, or the time is up.
    Drain {
        /// How long at most; without it, as long as a room lives.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        in_seconds: Option<u64>,
    },
    /// Say farewell and stop.
    Stop,
    /// End every room and stop at once.
    Panic,
    /// What does the server hold, in memory and open files?
    Audit,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_one_readable_line() {
        let check = |request: AdminRequest, expected: &str| {
            let line = serde_json::to_string(&request).unwrap();
            assert_eq!(line, expected);
            assert_eq!(serde_json::from_str::<AdminRequest>(&line).unwrap(), request);
        };
        let purge = AdminRequest::Purge { room: RoomHandle(7), reason: None };
        check(purge, r#"{"request":"purge","room":"r7"}"#);
        let reason = Some(Text::try_from("spam".to_owned()).unwrap());
        let purge = AdminRequest::Purge { room: RoomHandle(7), reason };
        check(purge, r#"{"request":"purge","room":"r7","reason":"spam"}"#);
        check(AdminRequest::Drain { in_seconds: None }, r#"{"request":"drain"}"#);
        let admit = AdminRequest::Admit { admitting: false };
        check(admit, r#"{"request":"admit","admitting":false}"#);
    }

    #[test]
    fn a_reason_longer_than_a_notice_is_no_request() {
        let reason = "x".repeat(NOTICE_BYTES_MAX + 1);
        let line = format!(r#"{{"request":"purge_all","reason":"{reason}"}}"#);
        assert!(serde_json::from_str::<AdminRequest>(&line).is_err());
    }
}
