//! `actors`: show the parts of the server.

use sanctuary_protocol::admin::{ActorKind, ActorSummary, AdminReply, AdminRequest};

use super::{Argument, Verb};
use crate::command::Command;
use crate::perform::{Desk, Failure};
use crate::show::table;

pub(super) const VERB: Verb = Verb {
    word: "actors",
    also: &[],
    argument: Argument::None,
    flags: &[],
    summary: "show the parts of the server",
    details: "A tree: the root, what it restarts, and what lives and dies with its room or its\n\
              connection. A lobby, gateway or console that fails is started again; a room that\n\
              fails is lost to its members, a member comes back to its seat.\n\
              \n\
              standing  how many there are\n\
              failed    how often one has failed since the server started\n\
              at work   people on their way into a room, frames a room has not heard yet,\n\
              \u{20}         connections that are no member's, operators' sessions",
    read: |_| Ok(Command::Actors),
};

pub(super) fn perform(desk: &mut Desk<'_>) -> Result<(), Failure> {
    desk.answer(&AdminRequest::Actors, |reply| match reply {
        AdminReply::Actors { actors } => Some(words(actors)),
        _ => None,
    })
}

fn words(actors: &[ActorSummary]) -> String {
    let head = ["actor", "standing", "failed", "at work"];
    let mut lines = vec![head.map(str::to_owned)];
    lines.extend(actors.iter().map(|summary| {
        let ActorSummary { actor, standing, failures, in_flight } = *summary;
        [name(actor).to_owned(), standing.to_string(), failures.to_string(), in_flight.to_string()]
    }));
    table(&lines)
}

/// With its branch of the tree.
const fn name(actor: ActorKind) -> &'static str {
    match actor {
        ActorKind::Sanctuary => "sanctuary",
        ActorKind::Lobby => "|- lobby",
        ActorKind::Room => "|- rooms",
        ActorKind::Member => "|  `- members",
        ActorKind::Gateway => "|- gateway",
        ActorKind::Console => "`- console",
    }
}
