//! Who waits at a door, how many, and what each is told.

mod common;

use common::{ADA, Table, alias, key};
use sanctuary_crypto::{AdmitError, DoorKnock, DoorStep, Knocked, TurnedAway};
use sanctuary_protocol::MemberId;

fn is_offered(table: &mut Table, newcomer: u32) -> bool {
    matches!(table.at(ADA).hear_knock(MemberId(newcomer)), DoorKnock::Offer(_))
}

#[test]
fn as_many_wait_at_a_door_as_are_remembered_and_each_may_knock_again() {
    let mut table = Table::start();
    for newcomer in 2..66 {
        assert!(is_offered(&mut table, newcomer), "{newcomer}");
    }
    assert!(!is_offered(&mut table, 66));
    assert!(is_offered(&mut table, 2));
    table.at(ADA).forget_knock(MemberId(3));
    assert!(is_offered(&mut table, 66));
}

#[test]
fn two_who_wait_have_names_that_do_not_look_alike() {
    let mut table = Table::of(2);
    let (_, _) = table.knock("Cy");
    let (_, _, knocked) = table.knock_with(&key(), "CY");
    assert!(matches!(knocked, Knocked::Refused { why: TurnedAway::AliasTaken, .. }));
    let (_, _, knocked) = table.knock_with(&key(), "Di");
    assert_eq!(knocked, Knocked::Admissible { alias: alias("Di") });
}

#[test]
fn whoever_was_overtaken_is_told_to_knock_again_and_forgotten() {
    let mut table = Table::of(2);
    let (first, mut waits) = table.knock("Cy");
    table.join("Di");
    assert_eq!(table.at(ADA).admit(&[first]), Err(AdmitError::Number(first)));
    let again = table.at(ADA).tell_again(first).unwrap();
    assert_eq!(waits.hear_door(ADA, first, &again), DoorStep::KnockAgain);
    assert_eq!(table.at(ADA).admit(&[first]), Err(AdmitError::NotKnocking(first)));
    assert_eq!(table.at(ADA).tell_again(first), None);
}
