//! What must hold, whatever happens. Each invariant is a function that says what it found wrong;
//! [`always`] are those judged after every step, the others those once everything has arrived and
//! the server is honest again.

use std::collections::BTreeSet;
use std::time::Duration;

use sanctuary_client::room::Room;
use sanctuary_crypto::Bearing;

use super::evidence::{Damage, Told, Witness, witness_of};
use super::page::Conduct;
use super::world::World;
use crate::people::judgement::{
    Judged, Server, a_senders_lines_stand_in_their_order, all_read_in_one_order, check,
    every_line_is_read, name, nobody_reads_past_its_time, nothing_is_shown_that_nobody_said,
    nothing_is_shown_twice,
};
use crate::people::{Course, People as _, Seat, Stay};

/// How long a page takes to find its socket dead, and to come back by another.
const NOTICING: Duration = Duration::from_secs(13);

/// After every step.
///
/// # Errors
/// The first that does not hold.
pub fn always(world: &World) -> Judged {
    everything_comes_to_rest(world)?;
    let (ledger, counts) = (&world.ledger, |stay: &Stay| !is_rogue(world, stay));
    let server = if world.server.told.is_empty() { Server::Honest } else { Server::Lying };
    nothing_is_shown_that_nobody_said(ledger)?;
    nothing_is_shown_twice(ledger, counts)?;
    a_senders_lines_stand_in_their_order(ledger, server, counts)?;
    nobody_reads_past_its_time(ledger)?;
    if server == Server::Honest {
        all_read_in_one_order(ledger, counts)?;
    }
    if world.pages.iter().all(|page| page.conduct == Conduct::Honest) {
        equal_views_mean_equal_keys(world)?;
    }
    an_honest_server_is_accused_of_nothing(world)
}

/// Whatever is sent is answered for at last: nobody sends for ever.
pub fn everything_comes_to_rest(world: &World) -> Judged {
    let rests = !world.is_restless;
    check("everything_comes_to_rest", rests, || "frames go round and round".to_owned())
}

/// Two members that saw the same room hold the same keys: unless one of them shows that it has been
/// lied to, or doubts that it is still of the group.
///
/// Where a member is up to no good this holds at the end of a run: who keeps the door may lead
/// a newcomer into a group of the two alone, until the others' heartbeats show it.
///
/// # Errors
/// Two that do not.
pub fn equal_views_mean_equal_keys(world: &World) -> Judged {
    let sure: Vec<(&Stay, &Room)> = inside(world)
        .filter(|(stay, room)| {
            let session = room.session();
            // Who has read of its own end holds the keys of before, until its page has closed.
            let has_seat = session.view().seats.contains_key(&session.me());
            let is_sure = session.is_vouched() && session.bearing() == Bearing::True;
            stay.tampering.is_empty() && has_seat && is_sure
        })
        .collect();
    for (at, (one, its)) in sure.iter().enumerate() {
        for (other, others) in &sure[at + 1..] {
            let (its, others) = (its.session(), others.session());
            let is_same_view =
                one.seat.room == other.seat.room && its.view().digest() == others.view().digest();
            let keys = (its.safety(), others.safety());
            check("equal_views_mean_equal_keys", !is_same_view || keys.0 == keys.1, || {
                format!("{} and {}: {keys:?}", name(one), name(other))
            })?;
        }
    }
    Ok(())
}

/// In the end, whoever is in the room and believes to be in the group is: no two sides stay in a room
/// each.
///
/// # Errors
/// Two that are not.
pub fn there_is_one_group(world: &World) -> Judged {
    let sure: Vec<(&Stay, &Room)> = inside(world)
        .filter(|(_, room)| {
            let session = room.session();
            let has_seat = session.view().seats.contains_key(&session.me());
            has_seat && session.is_vouched() && session.bearing() == Bearing::True
        })
        .collect();
    for (one, its) in &sure {
        for (other, others) in &sure {
            let is_one = its.safety() == others.safety() || one.seat.room != other.seat.room;
            check("there_is_one_group", is_one, || format!("{} and {}", name(one), name(other)))?;
        }
    }
    Ok(())
}

/// Nothing is called tampering before the server has lied: not a cut, not sleep, not absence, not
/// coming late or coming back, no kick, no void post, no member's garbage.
pub fn an_honest_server_is_accused_of_nothing(world: &World) -> Judged {
    if !world.server.told.is_empty() {
        return Ok(());
    }
    for stay in honest_stays(world) {
        check("an_honest_server_is_accused_of_nothing", stay.tampering.is_empty(), || {
            format!("{} was shown {:?}", name(stay), stay.tampering)
        })?;
    }
    Ok(())
}

/// When it is asked what has been found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A heartbeat's interval after the server has become honest and everything arrives. A member
    /// that lost the group doubts by then, and has not come in again yet.
    OneInterval,
    /// When that has had its time.
    TheEnd,
}

/// Every lie has been found out by whom the table names, or whom it was told to has lost the room
/// over it.
///
/// # Errors
/// The first lie that was not.
pub fn every_lie_is_found_out(world: &World, moment: Moment) -> Judged {
    // Whoever was lied to may be the one that is alone in the next epoch: the others doubt. And those
    // who would find one lie out may be cut off from each other by another, until they have come in
    // again: of several, the end is judged.
    let several = world.server.told.len() > 1;
    let doubts = inside(world).any(|(_, room)| room.session().bearing() == Bearing::Doubtful);
    for told in &world.server.told {
        let is_late = match moment {
            Moment::OneInterval => !doubts && !several,
            Moment::TheEnd => true,
        };
        let is_found_out = !is_late || is_found_out(world, told);
        check("every_lie_is_found_out", is_found_out, || format!("{moment:?}: {told:?}"))?;
    }
    Ok(())
}

fn is_found_out(world: &World, told: &Told) -> bool {
    let ledger = &world.ledger;
    let stay_of = |seat: Option<Seat>| {
        let stay = seat.and_then(|seat| ledger.stay_of(seat)).map(|stay| &ledger.stays[stay]);
        stay.filter(|stay| !is_rogue(world, stay) && stay.course == Course::Inside)
    };
    let is_shown = |stay: &Stay| !stay.tampering.is_empty();
    match witness_of(told.kind) {
        Witness::Nobody => true,
        Witness::Victim => stay_of(told.victim).is_none_or(is_shown),
        Witness::Subject => stay_of(told.subject).is_none_or(|stay| {
            let connection = world.server.lane(stay.page).map(|(connection, _)| connection.0);
            connection != told.connection || is_shown(stay)
        }),
        Witness::Somebody => stay_of(told.victim).is_none_or(|victim| {
            let room = victim.seat.room;
            let company = inside(world).filter(|(stay, _)| stay.seat.room == room);
            // What was kept from everybody who is left, and its author gone, nobody can miss.
            let views: BTreeSet<_> =
                company.map(|(_, page)| *page.session().view().digest().as_bytes()).collect();
            let mut suspicious = honest_stays(world).filter(|stay| stay.seat.room == room);
            views.len() < 2 || suspicious.any(is_shown)
        }),
    }
}

/// Once everything has arrived: whoever is inside has read every line that was for it, whatever was
/// forged, replayed or garbage beside it; only genuine words kept back may be missing.
///
/// # Errors
/// The first line that is missing.
pub fn every_genuine_line_is_read(world: &World) -> Judged {
    every_line_is_read(
        &world.ledger,
        || inside(world).map(|(stay, _)| stay).collect(),
        |stay| !is_rogue(world, stay) && !is_harmed(world, stay),
    )
}

/// After a minute and a half with an honest server: everybody inside has a connection and is vouched
/// for, and what it says is read by all who see the same room; or the page finds out by saying it
/// that it must come in again, and does.
///
/// # Errors
/// The first that is stuck.
pub fn nobody_is_stuck(world: &mut World) -> Judged {
    for page in 0..world.pages.len() {
        if world.is_honest(page) {
            is_not_stuck(world, page)?;
        }
    }
    Ok(())
}

fn is_not_stuck(world: &mut World, page: usize) -> Judged {
    let Some(room) = world.pages[page].room() else { return Ok(()) };
    let session = room.session();
    let is_ready = room.connection.is_live() && session.is_vouched();
    let is_sure = session.bearing() == Bearing::True;
    let is_alone = world.pages.iter().filter(|page| page.room().is_some()).count() < 2;
    check("nobody_is_stuck", is_ready || is_alone, || {
        format!("page {page} cannot speak: {:?}, {session:?}", room.connection)
    })?;
    // Who doubts hears whoever is in its group, and comes in again when that is nobody.
    if !is_ready || !is_sure {
        return Ok(());
    }
    let view = session.view().digest();
    let sees_the_same = |world: &World, other: usize| {
        let room = world.pages[other].room();
        room.is_some_and(|room| {
            let session = room.session();
            let is_sure = session.is_vouched() && session.bearing() == Bearing::True;
            is_sure && session.view().digest() == view
        })
    };
    let listeners: Vec<(usize, Option<usize>)> = (0..world.pages.len())
        .filter(|other| world.is_honest(*other) && sees_the_same(world, *other))
        .map(|other| (other, world.pages[other].stay))
        .collect();
    let stay = world.pages[page].stay;
    let line = world.ledger.lines.len();
    world.say(page);
    world.wait(NOTICING);
    if world.pages[page].stay != stay {
        return Ok(());
    }
    let deaf = listeners.iter().find(|(listener, stay)| {
        let here = stay.map(|stay| &world.ledger.stays[stay]);
        let has_read = here.is_some_and(|stay| stay.shown.iter().any(|it| it.line == Some(line)));
        world.pages[*listener].stay == *stay && !has_read
    });
    check("nobody_is_stuck", deaf.is_none(), || format!("page {deaf:?} does not hear page {page}"))
}

/// Everybody inside who uses its page as it is.
fn inside(world: &World) -> impl Iterator<Item = (&Stay, &Room)> {
    world.pages.iter().filter(|page| page.conduct == Conduct::Honest).filter_map(|page| {
        let stay = page.stay?;
        Some((&world.ledger.stays[stay], page.room()?))
    })
}

fn honest_stays(world: &World) -> impl Iterator<Item = &Stay> {
    world.ledger.stays.iter().filter(|stay| !is_rogue(world, stay))
}

fn is_rogue(world: &World, stay: &Stay) -> bool {
    world.pages[stay.page].conduct == Conduct::Rogue
}

/// Whether a lie that can lose words was told to it, or to all.
fn is_harmed(world: &World, stay: &Stay) -> bool {
    world.server.told.iter().any(|told| {
        let reaches = told.victim.is_none_or(|victim| victim == stay.seat);
        reaches && told.damage == Damage::Loses
    })
}
