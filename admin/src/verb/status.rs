//! `status`: show how the server is doing.

use sanctuary_protocol::admin::{AdminReply, AdminRequest, ServerStatus};

use super::{Argument, Verb};
use crate::command::Command;
use crate::perform::{Desk, Failure};
use crate::show::{bytes, connected_and_gone, duration, list, printable};

pub(super) const VERB: Verb = Verb {
    word: "status",
    also: &[],
    argument: Argument::None,
    flags: &[],
    summary: "show how the server is doing",
    details: "Each count stands beside the most the server will hold. A restart is a part of\n\
              the server that failed and was started again.",
    read: |_| Ok(Command::Status),
};

pub(super) fn perform(desk: &mut Desk<'_>) -> Result<(), Failure> {
    desk.answer(&AdminRequest::Status, |reply| match reply {
        AdminReply::Status(status) => Some(words(status)),
        _ => None,
    })
}

fn words(status: &ServerStatus) -> String {
    let doing = match (status.draining, status.admitting) {
        (true, _) => "nobody in; it stops when the last room has ended, or its time is up",
        (false, false) => "nobody in; `admit on` ends that",
        (false, true) => "people in",
    };
    list(&[
        ("version", printable(&status.version)),
        ("up", duration(status.uptime_seconds)),
        ("lets", doing.to_owned()),
        ("rooms", format!("{} of {}", status.rooms, status.rooms_max)),
        ("members", connected_and_gone(status.members_live, status.members_gone)),
        ("connections", format!("{} of {}", status.connections, status.connections_max)),
        (
            "held",
            format!("{} of {}", bytes(status.retained_bytes), bytes(status.retained_bytes_max)),
        ),
        ("restarts", status.restarts.to_string()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_words_cannot_command_the_terminal() {
        let text = words(&ServerStatus {
            version: "1\u{1b}[2J\n".to_owned(),
            uptime_seconds: 1,
            rooms: 2,
            rooms_max: 2_000,
            members_live: 3,
            members_gone: 1,
            connections: 4,
            connections_max: 10_000,
            retained_bytes: 0,
            retained_bytes_max: 64 * 1_048_576,
            restarts: 0,
            admitting: true,
            draining: false,
        });
        let expected = "\
version      1?[2J?
up           1s
lets         people in
rooms        2 of 2000
members      3 connected, 1 gone
connections  4 of 10000
held         0 B of 64 MiB
restarts     0
";
        assert_eq!(text, expected);
    }
}
