//! What comes through a room's door: words that anybody may write, and what somebody seals who knows the
//! secret and keeps no rule. The keys of a run are drawn anew each time, as everywhere, so what stands
//! behind a seal is handed in before it is sealed.

use sanctuary_crypto::dishonest::{Doorkeeper, Run};
use sanctuary_crypto::{DoorKnock, DoorStep, Knocked, Newcomer, TurnedAway};
use sanctuary_protocol::{DoorBlob, MemberId, Opening, WelcomeBlob};

use super::steps::Steps;
use super::table::{ADA, ROOM, Table, alias, key};
use super::{Held, Violation, hold};

/// Whoever stands outside: the number that the room's next knock has.
const NEWCOMER: MemberId = MemberId(2);

const RUN: Run = Run { room: ROOM, doorkeeper: ADA, newcomer: NEWCOMER };

/// The first byte says who is handed the rest, and as what.
///
/// # Errors
/// Says what does not hold.
pub fn door_blob(bytes: &[u8]) -> Held {
    let mut steps = Steps::of(bytes);
    let Some(way) = steps.byte() else { return Ok(()) };
    let rest = bytes.get(1..).unwrap_or_default();
    match way % 5 {
        0 => word_to_doorkeeper(rest),
        1 => key_package_to_doorkeeper(rest),
        2 => word_to_newcomer(rest),
        3 => verdict_to_newcomer(rest),
        _ => welcome_to_newcomer(rest),
    }
}

/// Without the secret nobody is let in, and the room goes on.
fn word_to_doorkeeper(bytes: &[u8]) -> Held {
    let Ok(word) = DoorBlob::try_from(bytes.to_vec()) else { return Ok(()) };
    let mut table = Table::start();
    let knocked = table.at(ADA).hear_door(NEWCOMER, &word);
    hold(knocked == Knocked::Ignored, "whoever did not knock is not heard")?;
    hold(offered(&mut table).is_some(), "an open door makes an offer")?;
    let knocked = table.at(ADA).hear_door(NEWCOMER, &word);
    let is_refused = matches!(knocked, Knocked::Refused { why: TurnedAway::WrongKey, .. });
    hold(is_refused, "whoever proves nothing is refused")?;
    let (_, newcomer, knocked) = table.knock_with(&key(), "Bob");
    drop(newcomer);
    hold(matches!(knocked, Knocked::Admissible { .. }), "the door opens to the next")
}

fn offered(table: &mut Table) -> Option<DoorBlob> {
    match table.at(ADA).hear_knock(NEWCOMER) {
        DoorKnock::Offer(offer) => Some(offer),
        DoorKnock::NotNow => None,
    }
}

/// Whoever is found admissible can be admitted.
fn key_package_to_doorkeeper(bytes: &[u8]) -> Held {
    let mut table = Table::start();
    let answer = offered(&mut table).and_then(|offer| RUN.answer(&key(), &offer, bytes));
    // More than a word holds.
    let Some(answer) = answer else { return Ok(()) };
    match table.at(ADA).hear_door(NEWCOMER, &answer) {
        Knocked::Admissible { alias: _ } => {
            let admitted = table.at(ADA).admit(&[NEWCOMER]).is_ok();
            hold(admitted, "whoever is found admissible can be admitted")
        }
        Knocked::Refused { why, reply: _ } => {
            hold(why != TurnedAway::WrongKey, "whoever knows the secret is not told otherwise")
        }
        Knocked::Ignored => Err(Violation("whoever was made an offer is heard".to_owned())),
    }
}

/// A word that nobody sealed is an offer, a clear refusal, or nothing; and an honest doorkeeper is heard
/// after it.
fn word_to_newcomer(bytes: &[u8]) -> Held {
    let Ok(word) = DoorBlob::try_from(bytes.to_vec()) else { return Ok(()) };
    let (mut newcomer, _) = Newcomer::knock(ROOM, &key(), alias("Bob"));
    let before = newcomer.hear_door(ADA, NEWCOMER, &word);
    let is_harmless = matches!(before, DoorStep::Ignored | DoorStep::Reply(_));
    hold(is_harmless, "before a run only an offer is heard")?;
    hold(answers(&mut newcomer), "an honest doorkeeper is answered")?;
    let after = newcomer.hear_door(ADA, NEWCOMER, &word);
    let is_sealed = matches!(after, DoorStep::Heard | DoorStep::Asked | DoorStep::KnockAgain)
        || matches!(after, DoorStep::TurnedAway(TurnedAway::AliasTaken | TurnedAway::Declined));
    hold(!is_sealed, "only who has the run's keys gives a verdict")
}

fn answers(newcomer: &mut Newcomer) -> bool {
    meet(newcomer).is_some()
}

fn meet(newcomer: &mut Newcomer) -> Option<Doorkeeper> {
    Doorkeeper::meet(RUN, &key(), |offer| match newcomer.hear_door(ADA, NEWCOMER, offer) {
        DoorStep::Reply(answer) => Some(answer),
        _ => None,
    })
}

/// Whatever is sealed as a verdict, the newcomer says nothing to it.
fn verdict_to_newcomer(bytes: &[u8]) -> Held {
    let (mut newcomer, _) = Newcomer::knock(ROOM, &key(), alias("Bob"));
    let doorkeeper = met(&mut newcomer)?;
    let Some(word) = doorkeeper.say(bytes) else { return Ok(()) };
    let step = newcomer.hear_door(ADA, NEWCOMER, &word);
    let is_verdict = matches!(
        step,
        DoorStep::Heard | DoorStep::Asked | DoorStep::TurnedAway(_) | DoorStep::KnockAgain
    );
    hold(is_verdict || step == DoorStep::Ignored, "a verdict is a verdict or nothing")
}

/// Whatever is given for a welcome, in clear or behind its seal, leads nowhere but into this room's group
/// under the newcomer's own number.
fn welcome_to_newcomer(bytes: &[u8]) -> Held {
    for is_sealed in [false, true] {
        let (mut newcomer, _) = Newcomer::knock(ROOM, &key(), alias("Bob"));
        let doorkeeper = met(&mut newcomer)?;
        let welcome = match is_sealed {
            false => WelcomeBlob::try_from(bytes.to_vec()).ok(),
            true => doorkeeper.welcome(bytes),
        };
        let opening = Opening { member: NEWCOMER, ..Table::start().opening(ADA) };
        let session = welcome.and_then(|welcome| newcomer.welcome(&opening, &welcome).ok());
        let Some(session) = session else { continue };
        hold(is_sealed, "a welcome that nobody sealed leads nowhere")?;
        hold(session.members().contains_key(&NEWCOMER), "whoever comes in is inside")?;
    }
    Ok(())
}

fn met(newcomer: &mut Newcomer) -> Result<Doorkeeper, Violation> {
    meet(newcomer).ok_or(Violation("an honest doorkeeper is answered".to_owned()))
}
