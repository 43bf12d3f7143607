//! Guessing at the secret: what a stranger at the door, and what a server that plays one end of it,
//! gets for its trouble. One run tests one guess, and nothing that was recorded tests any.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its test")]

mod common;

use common::{ADA, BOB, CY, ROOM, Table, alias, key};
use sanctuary_crypto::{
    AdmitError, DoorKnock, DoorStep, Knocked, Newcomer, Session, Stretched, TurnedAway,
};
use sanctuary_protocol::{DoorBlob, MemberId};

fn guess(byte: u8) -> Stretched {
    Stretched::from_bytes([byte; 32])
}

fn offer(table: &mut Table, newcomer: MemberId) -> DoorBlob {
    match table.at(ADA).hear_knock(newcomer) {
        DoorKnock::Offer(offer) => offer,
        DoorKnock::NotNow => panic!("no offer"),
    }
}

fn newcomer(secret: &Stretched) -> Newcomer {
    Newcomer::knock(ROOM, secret, alias("Eve")).0
}

fn answer(secret: &Stretched, me: MemberId, offer: &DoorBlob) -> DoorBlob {
    match newcomer(secret).hear_door(ADA, me, offer) {
        DoorStep::Reply(answer) => answer,
        step => panic!("{step:?}"),
    }
}

fn is_wrong_key(knocked: &Knocked) -> bool {
    matches!(knocked, Knocked::Refused { why: TurnedAway::WrongKey, .. })
}

#[test]
fn each_guess_costs_a_run_and_the_right_one_still_opens() {
    let mut table = Table::of(2);
    for guessed in 10..30 {
        let offer = offer(&mut table, CY);
        let first = answer(&guess(guessed), CY, &offer);
        let second = answer(&key(), CY, &offer);
        assert!(is_wrong_key(&table.at(ADA).hear_door(CY, &first)));
        // The offer is spent: even who knows the secret has to knock again.
        assert_eq!(table.at(ADA).hear_door(CY, &second), Knocked::Ignored);
        assert_eq!(table.at(ADA).admit(&[CY]), Err(AdmitError::NotKnocking(CY)));
    }
    let offer = offer(&mut table, CY);
    let answer = answer(&key(), CY, &offer);
    assert_eq!(table.at(ADA).hear_door(CY, &answer), Knocked::Admissible { alias: alias("Eve") },);
    table.at(ADA).forget_knock(CY);
    table.assert_one_room();
}

#[test]
fn a_knock_said_again_is_one_run_and_not_two() {
    let mut table = Table::of(2);
    let first = offer(&mut table, CY);
    let _second = offer(&mut table, CY);
    let answer = answer(&key(), CY, &first);
    assert!(is_wrong_key(&table.at(ADA).hear_door(CY, &answer)), "the first offer is no more");
}

#[test]
fn an_offer_is_answered_under_any_guess_and_tells_none_of_them_from_another() {
    let mut table = Table::of(2);
    let recorded = offer(&mut table, CY);
    let sizes: Vec<usize> = [key(), guess(10), guess(11)]
        .map(|secret| answer(&secret, CY, &recorded).as_slice().len())
        .into();
    assert_eq!(sizes, [sizes[0]; 3]);
    // Two offers to one newcomer under one secret share nothing but their kind and their size.
    let another = offer(&mut table, CY);
    let (one, two) = (recorded.as_slice(), another.as_slice());
    assert_eq!((one.len(), one[0]), (two.len(), two[0]));
    let same = one[1..].iter().zip(&two[1..]).filter(|(one, two)| one == two).count();
    assert!(same < 8, "{same} of 32 bytes");
}

#[test]
fn a_recorded_answer_opens_no_other_offer() {
    let mut table = Table::of(2);
    let first = offer(&mut table, CY);
    let recorded = answer(&key(), CY, &first);
    // The same doorkeeper, another of its offers; another doorkeeper who knows the same secret.
    offer(&mut table, CY);
    assert!(is_wrong_key(&table.at(ADA).hear_door(CY, &recorded)));
    offer(&mut table, BOB);
    assert!(is_wrong_key(&table.at(ADA).hear_door(BOB, &recorded)));
    let elsewhere = Table::start();
    let mut other: Session = elsewhere.sessions.into_values().next().unwrap();
    assert!(matches!(other.hear_knock(CY), DoorKnock::Offer(_)));
    assert!(is_wrong_key(&other.hear_door(CY, &recorded)));
    // And the run it was made for takes it once.
    let first = offer(&mut table, CY);
    let fresh = answer(&key(), CY, &first);
    assert!(matches!(table.at(ADA).hear_door(CY, &fresh), Knocked::Admissible { .. }));
    assert_eq!(table.at(ADA).hear_door(CY, &fresh), Knocked::Ignored);
}

#[test]
fn a_server_that_plays_the_doorkeeper_gets_a_proof_an_offer_and_three_in_all() {
    let mut eve = Table::start();
    let mut waits = newcomer(&key());
    let mut answers = Vec::new();
    // It knows no secret, and makes its offers under guesses.
    for (doorkeeper, guessed) in [(ADA, 10), (ADA, 11), (BOB, 12), (CY, 13), (ADA, 14)] {
        let mut false_keeper = guessing_doorkeeper(doorkeeper, guessed);
        let me = MemberId(9);
        let DoorKnock::Offer(offer) = false_keeper.hear_knock(me) else { panic!("no offer") };
        match waits.hear_door(doorkeeper, me, &offer) {
            DoorStep::Reply(answer) => {
                assert!(is_wrong_key(&false_keeper.hear_door(me, &answer)));
                answers.push(answer);
            }
            step => assert_eq!(step, DoorStep::Spent),
        }
    }
    assert_eq!(answers.len(), 3);
    // No proof of one offer is one of another, under the true secret either.
    for answer in &answers {
        let me = MemberId(9);
        offer(&mut eve, me);
        assert!(is_wrong_key(&eve.at(ADA).hear_door(me, answer)));
    }
    // The true doorkeeper comes too late: the press of a button has spent its tries.
    let genuine = offer(&mut eve, MemberId(9));
    assert_eq!(waits.hear_door(ADA, MemberId(9), &genuine), DoorStep::Spent);
}

/// A session of one's own, under a guess, in the name of `me`.
fn guessing_doorkeeper(me: MemberId, guessed: u8) -> Session {
    let mut opening = Table::start().opening(ADA);
    opening.member = me;
    Session::create(ROOM, &guess(guessed), alias("Mal"), opening.policy, &opening).unwrap()
}

#[test]
fn only_a_proof_turns_a_newcomer_away_or_lets_it_wait() {
    let mut table = Table::of(2);
    let me = MemberId(9);
    let (_, _, knocked) = table.knock_with(&guess(2), "Mal");
    let Knocked::Refused { reply: wrong_key, .. } = knocked else { panic!("{knocked:?}") };
    let mut waits = newcomer(&key());
    // Before it has proven anything, nothing it is told ends its wait.
    assert_eq!(waits.hear_door(ADA, me, &wrong_key), DoorStep::Ignored);
    let offer = offer(&mut table, me);
    let DoorStep::Reply(answer) = waits.hear_door(ADA, me, &offer) else { panic!("no answer") };
    assert!(matches!(table.at(ADA).hear_door(me, &answer), Knocked::Admissible { .. }));
    let heard = table.at(ADA).tell_heard(me).unwrap();
    let asked = table.at(ADA).tell_asked(me).unwrap();
    assert_eq!(heard.as_slice().len(), asked.as_slice().len());
    assert_eq!(waits.hear_door(BOB, me, &heard), DoorStep::Ignored, "in another's name");
    assert_eq!(waits.hear_door(ADA, me, &asked), DoorStep::Asked);
    assert_eq!(waits.hear_door(ADA, me, &heard), DoorStep::Heard);
    let declined = table.at(ADA).decline(me).unwrap();
    assert_eq!(declined.as_slice().len(), heard.as_slice().len());
    let away = DoorStep::TurnedAway(TurnedAway::Declined);
    assert_eq!(waits.hear_door(ADA, me, &declined), away);
}
