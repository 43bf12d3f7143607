//! `version`: show the versions of server and tool.

use sanctuary_protocol::admin::{AdminReply, AdminRequest};

use super::{Argument, Verb};
use crate::command::Command;
use crate::perform::{Desk, Failure};
use crate::show::{list, printable};

pub(super) const VERB: Verb = Verb {
    word: "version",
    also: &[],
    argument: Argument::None,
    flags: &[],
    summary: "show the versions of server and tool",
    details: "The protocol is the one that pages speak with the server.",
    read: |_| Ok(Command::Version),
};

pub(super) fn perform(desk: &mut Desk<'_>) -> Result<(), Failure> {
    desk.answer(&AdminRequest::Version, |reply| match reply {
        AdminReply::Version(version) => Some(list(&[
            ("server", printable(&version.version)),
            ("tool", env!("CARGO_PKG_VERSION").to_owned()),
            ("protocol", printable(&version.protocol)),
        ])),
        _ => None,
    })
}
