//! What must hold of pages and server together, beside what [`judgement`](crate::people::judgement)
//! says of what was read. Each is a function that says what it found wrong.

use std::collections::BTreeSet;
use std::time::Duration;

use sanctuary_client::Screen;
use sanctuary_client::joining::Step as JoiningStep;
use sanctuary_crypto::Bearing;
use sanctuary_engine::limits::Limits;
use sanctuary_engine::{Ended, Part as Permanent};
use sanctuary_protocol::admin::{ActorKind, AdminRefusal, AdminReply, AdminRequest};
use tokio::runtime::Handle;

use super::plan::Part;
use super::run::{settle, wait};
use super::server::Failed;
use super::socket::Leads;
use super::world::World;
use crate::people::judgement::{
    self, Judged, a_senders_lines_stand_in_their_order, all_read_in_one_order, check,
    every_line_is_read, name, nobody_reads_past_its_time, nothing_is_shown_that_nobody_said,
    nothing_is_shown_twice,
};
use crate::people::{Audience, People as _, Stay};

/// How long a page takes to find its socket dead, and to come back by another.
const NOTICING: Duration = Duration::from_secs(13);

/// How long the last word of a connection may take: a close that nobody answers, and a silent socket
/// that is pinged.
const FADING: Duration = Duration::from_secs(3 * 20 + 10 + 5);

/// After every step.
pub(super) fn always(world: &World) -> Judged {
    check("everything_comes_to_rest", !world.is_restless, || "frames go round".to_owned())?;
    let (ledger, all) = (&world.ledger, |_: &Stay| true);
    nothing_is_shown_that_nobody_said(ledger)?;
    nothing_is_shown_twice(ledger, all)?;
    a_senders_lines_stand_in_their_order(ledger, judgement::Server::Honest, all)?;
    all_read_in_one_order(ledger, all)?;
    nobody_reads_past_its_time(ledger)?;
    the_server_is_accused_of_nothing(world)?;
    a_server_ends_for_a_reason(world)
}

/// Whatever breaks, nobody calls it the server's trick.
fn the_server_is_accused_of_nothing(world: &World) -> Judged {
    for stay in &world.ledger.stays {
        check("the_server_is_accused_of_nothing", stay.tampering.is_empty(), || {
            format!("{} was shown {:?}", name(stay), stay.tampering)
        })?;
    }
    Ok(())
}

/// A server ends by itself only when a part has failed more often than it is stood up again.
fn a_server_ends_for_a_reason(world: &World) -> Judged {
    for ended in &world.ended {
        let is_so = *ended == Ended::GaveUp(Permanent::Lobby);
        check("a_server_ends_for_a_reason", is_so, || ended.to_string())?;
    }
    Ok(())
}

/// By what it tells its operator: no more rooms, members, newcomers, connections and bytes than the
/// bounds say, and no part has failed that was not made to.
pub(super) async fn the_server_keeps_its_bounds(world: &mut World) -> Judged {
    let limits = world.server.limits();
    let Failed { rooms: rooms_failed, members: members_failed, lobbies, .. } = world.server.failed;
    let Ok(AdminReply::Status(status)) = world.server.ask(&AdminRequest::Status).await else {
        return Ok(());
    };
    let Ok(rooms) = world.server.rooms().await else { return Ok(()) };
    let Ok(AdminReply::Actors { actors }) = world.server.ask(&AdminRequest::Actors).await else {
        return Ok(());
    };
    let Limits { room, rooms_max, connections_max, retained_bytes_max, .. } = limits;
    let within = |what, count: usize, most: usize| {
        check("the_server_keeps_its_bounds", count <= most, || format!("{what}: {count} > {most}"))
    };
    within("rooms", rooms.len(), rooms_max)?;
    within("connections", status.connections as usize, connections_max)?;
    within("retained bytes", status.retained_bytes as usize, retained_bytes_max)?;
    for summary in &rooms {
        let members = summary.members_live + summary.members_gone;
        within("members", members as usize, room.members_max)?;
        within("knocks", summary.knocks as usize, room.knocks_max)?;
    }
    for actor in &actors {
        let made_to = match actor.actor {
            ActorKind::Room => u64::from(rooms_failed),
            ActorKind::Member => u64::from(members_failed),
            ActorKind::Lobby => u64::from(lobbies),
            _ => 0,
        };
        check("nothing_fails_by_itself", actor.failures <= made_to, || format!("{actor:?}"))?;
    }
    Ok(())
}

/// A part fails while all is quiet. A room's failure costs that room, a member's its connection, the
/// lobby's nothing; and whoever was in a room that lives is in it still.
pub(super) async fn a_failure_costs_what_it_may(world: &mut World, part: Part) -> Judged {
    let servers_ended = world.ended.len();
    let was_to_fail = world.server.is_failing_later();
    let Ok(before) = world.server.handles().await else { return Ok(()) };
    let stays =
        |world: &World| -> Vec<_> { (0..world.pages()).map(|page| world.stay(page)).collect() };
    let stays_before = stays(world);
    world.server.fail(part);
    settle(world).await?;
    let after = world.server.handles().await;
    // Failures of the lobby add up, and the server that stands may be another by now. Or something
    // fails that was to fail at a message, which may have been one of these.
    if world.ended.len() > servers_ended || was_to_fail {
        return Ok(());
    }
    let Ok(after) = after else {
        return check("a_failure_costs_what_it_may", false, || "nobody answers".to_owned());
    };
    let lost: Vec<_> = before.difference(&after).collect();
    let may_lose = match part {
        Part::Room => 1,
        Part::Member | Part::Lobby => 0,
    };
    check("a_failure_costs_what_it_may", lost.len() <= may_lose, || {
        format!("{part:?} cost {lost:?} of {before:?}")
    })?;
    let those = stays_before.iter().zip(stays(world));
    let over = those.filter_map(|(before, after)| before.filter(|_| *before != after));
    let rooms_left: BTreeSet<u32> = over.map(|it| world.ledger.stays[it].seat.room).collect();
    check("a_failure_costs_what_it_may", rooms_left.len() <= may_lose, || {
        format!("{part:?} put people out of {rooms_left:?}")
    })
}

/// In the end, whoever is in one room has one group's keys, and knows the same host.
pub(super) fn everybody_agrees(world: &World) -> Judged {
    let sure: Vec<_> = (0..world.pages())
        .filter_map(|page| {
            let room = world.room(page)?;
            let stay = &world.ledger.stays[world.stay(page)?];
            let session = room.session();
            let has_seat = session.view().seats.contains_key(&session.me());
            let is_sure = session.is_vouched() && session.bearing() == Bearing::True;
            (has_seat && is_sure).then_some((stay, room))
        })
        .collect();
    for (at, (one, its)) in sure.iter().enumerate() {
        for (other, others) in &sure[at + 1..] {
            if one.seat.room != other.seat.room {
                continue;
            }
            let is_one_group = its.safety() == others.safety();
            check("there_is_one_group", is_one_group, || {
                format!("{} and {}", name(one), name(other))
            })?;
            let hosts = (its.session().view().host, others.session().view().host);
            check("there_is_one_host", hosts.0 == hosts.1, || {
                format!("{} and {}: {hosts:?}", name(one), name(other))
            })?;
        }
    }
    Ok(())
}

/// In the end, whoever is in a room has a connection and is heard by all of its group; nobody is on
/// its way for ever.
pub(super) async fn nobody_is_stuck(world: &mut World) -> Judged {
    for page in 0..world.pages() {
        let is_on_its_way = match &world.model(page).screen {
            Screen::Joining(joining) => match joining.step {
                JoiningStep::Deriving | JoiningStep::Connecting => true,
                // A door may take as long as it likes, but must have been knocked at.
                JoiningStep::AtDoor
                | JoiningStep::Waiting
                | JoiningStep::Asked
                | JoiningStep::Entering => {
                    let socket = world.pages[page].socket.as_ref();
                    socket.is_none_or(|(_, socket)| socket.leads == Leads::Nowhere)
                }
                JoiningStep::NobodyThere | JoiningStep::Failed(_) => false,
            },
            Screen::Home(_) | Screen::Room(_) | Screen::Ended(_) => false,
        };
        check("nobody_is_stuck", !is_on_its_way, || format!("page {page} is on its way"))?;
        let Some(room) = world.room(page) else { continue };
        let is_live = room.connection.is_live();
        check("nobody_is_stuck", is_live, || format!("page {page}: {:?}", room.connection))?;
    }
    for page in 0..world.pages() {
        world.say(page);
    }
    wait(world, NOTICING).await?;
    let pages = 0..world.pages();
    let inside = || pages.clone().filter_map(|page| Some(&world.ledger.stays[world.stay(page)?]));
    every_line_is_read(&world.ledger, || inside().collect(), |_| true)?;
    for (number, line) in world.ledger.lines.iter().enumerate() {
        let author = &world.ledger.stays[line.author];
        // A whisper to somebody who has gone is given back.
        let is_inside =
            line.audience == Audience::All && inside().any(|stay| stay.seat == author.seat);
        check("nobody_is_stuck", !is_inside || line.settled.is_some(), || {
            format!("line {number} of {} never went out", name(author))
        })?;
    }
    Ok(())
}

/// When all have left: no room, no connection, no byte, and no task but those of a server that has
/// nobody; and none at all once it has stopped.
pub(super) async fn nothing_is_left(world: &mut World) -> Judged {
    for page in 0..world.pages() {
        world.press(page, sanctuary_client::room::Msg::PressedLeave);
    }
    settle(world).await?;
    for page in 0..world.pages() {
        world.close_page(page);
        world.reopen(page, "");
    }
    wait(world, FADING).await?;
    // Seats that were lost wait for as long as seats do.
    wait(world, world.server.limits().room.seat_wait + FADING).await?;
    let mut status = world.server.ask(&AdminRequest::Status).await;
    if status == Ok(AdminReply::Refused { why: AdminRefusal::Unavailable }) {
        // The lobby was to fail at just this message, and stands again.
        status = world.server.ask(&AdminRequest::Status).await;
    }
    let Ok(AdminReply::Status(status)) = status else {
        return check("nothing_is_left", false, || format!("no status: {status:?}"));
    };
    let left = (status.rooms, status.connections, status.retained_bytes);
    check("nothing_is_left", left == (0, 0, 0), || {
        format!("(rooms, connections, bytes): {left:?}")
    })?;
    world.server.shut_down().await;
    tokio::time::sleep(FADING).await;
    let tasks = Handle::current().metrics().num_alive_tasks();
    check("no_task_outlives_its_server", tasks == 0, || format!("{tasks} tasks"))
}
