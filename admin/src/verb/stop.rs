//! `stop`: tell everybody, and stop the server.

use sanctuary_protocol::admin::{AdminReply, AdminRequest};

use super::{Argument, Verb};
use crate::command::Command;
use crate::perform::{Desk, Failure, living_rooms};
use crate::show::rooms_and_members;

pub(super) const VERB: Verb = Verb {
    word: "stop",
    also: &[],
    argument: Argument::None,
    flags: &[],
    summary: "tell everybody, and stop the server",
    details: "Its rooms end with it. It takes seven seconds at most, and the server's exit code\n\
              is 0, so that a service manager does not start it again.",
    read: |_| Ok(Command::Stop),
};

pub(super) fn perform(desk: &mut Desk<'_>) -> Result<(), Failure> {
    let rooms = living_rooms(desk.server)?;
    desk.agree(&format!("Stop the server, and end {}? [y/N] ", rooms_and_members(&rooms)))?;
    desk.answer(&AdminRequest::Stop, |reply| match reply {
        AdminReply::Stopping => Some("the server stops\n".to_owned()),
        _ => None,
    })
}
