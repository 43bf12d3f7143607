//! `panic`: end every room and stop the server at once.

use sanctuary_protocol::admin::{AdminReply, AdminRequest};

use super::{Argument, Verb};
use crate::command::Command;
use crate::perform::{Desk, Failure};
use crate::show::count;

pub(super) const VERB: Verb = Verb {
    word: "panic",
    also: &[],
    argument: Argument::None,
    flags: &[],
    summary: "end every room and stop the server at once",
    details: "Nothing is waited for: every room is ended and what it held is wiped, then the\n\
              process ends with exit code 0. It still asks first, unless the tool was started\n\
              with --yes.",
    read: |_| Ok(Command::Panic),
};

pub(super) fn perform(desk: &mut Desk<'_>) -> Result<(), Failure> {
    desk.agree("End every room and stop the server, now? [y/N] ")?;
    desk.answer(&AdminRequest::Panic, |reply| match reply {
        AdminReply::Purged { rooms } => {
            Some(format!("{} ended; the server stops\n", count(u64::from(*rooms), "room")))
        }
        AdminReply::Stopping => Some("the server stops\n".to_owned()),
        _ => None,
    })
}
