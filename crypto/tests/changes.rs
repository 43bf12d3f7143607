//! What a member may change, when it may, and what it is told when it may not.

mod common;

use common::{ADA, BOB, CY, DI, Table};
use sanctuary_crypto::{AdmitError, Change, ChangeError, Fading};
use sanctuary_protocol::{EntryKind, MemberId, Policy};

#[test]
fn the_host_says_how_long_messages_stay_and_nobody_else_does() {
    let mut table = Table::of(2);
    assert_eq!(table.at(BOB).change_fading(Fading::Hour), Err(ChangeError::NotAllowed));
    let frame = table.at(ADA).change_fading(Fading::Hour).unwrap();
    table.commit(ADA, frame);
    for member in [ADA, BOB] {
        assert_eq!(table.at(member).charter().fading, Fading::Hour);
    }
    table.assert_one_room();
}

#[test]
fn what_is_so_already_is_not_changed() {
    let mut table = Table::of(2);
    assert_eq!(table.at(ADA).change_policy(Policy::default()), Err(ChangeError::Already));
    assert_eq!(table.at(ADA).change_fading(Fading::Never), Err(ChangeError::Already));
    assert_eq!(table.at(ADA).clear(), None, "nobody has left");
    assert_eq!(table.at(ADA).take_over(), None, "she is host");
}

#[test]
fn whoever_keeps_the_door_clears_away_and_so_does_a_moderator() {
    for author in [ADA, BOB] {
        let mut table = Table::of(4);
        table.happen(BOB, EntryKind::Committer);
        table.happen(DI, EntryKind::Left);
        table.sessions.remove(&DI);
        assert_eq!(table.at(CY).clear(), None, "it is neither");
        let frame = table.at(author).clear().unwrap();
        table.commit(author, frame);
        assert!(!table.at(CY).members().contains_key(&DI));
        table.assert_one_room();
    }
}

#[test]
fn nobody_follows_a_host_but_whom_the_server_names_and_the_members_would() {
    let mut table = Table::of(3);
    table.happen(ADA, EntryKind::Gone);
    assert_eq!(table.at(BOB).rightful_host(), Some(BOB));
    assert_eq!(table.at(BOB).take_over(), None, "the server has not named him");
    table.happen(CY, EntryKind::Host { to: CY });
    assert_eq!(table.at(CY).take_over(), None, "Bob is her senior");
    table.happen(BOB, EntryKind::Host { to: BOB });
    assert!(table.at(BOB).take_over().is_some());
    table.happen(ADA, EntryKind::Back);
    assert_eq!(table.at(BOB).take_over(), None, "the host is there");
}

#[test]
fn one_commit_admits_nobody_but_whom_it_names_and_not_more_than_sixteen() {
    let mut table = Table::of(2);
    let numbers: Vec<MemberId> = (10..27).map(MemberId).collect();
    assert_eq!(table.at(ADA).admit(&[]), Err(AdmitError::Nobody));
    assert_eq!(table.at(ADA).admit(&numbers), Err(AdmitError::TooMany));
    assert_eq!(table.at(ADA).admit(&numbers[1..]), Err(AdmitError::NotKnocking(MemberId(11))));
}

#[test]
fn a_change_is_out_until_the_room_has_taken_it_or_refused_it() {
    let mut table = Table::of(2);
    let is_renewing = |table: &mut Table| table.at(ADA).is_changing(|it| *it == Change::Renew);
    assert!(!is_renewing(&mut table));
    let frame = table.at(ADA).renew().unwrap();
    assert!(is_renewing(&mut table));
    assert!(!table.at(ADA).is_changing(Change::is_admission));
    table.commit(ADA, frame);
    assert!(!is_renewing(&mut table));
    table.at(ADA).renew().unwrap();
    assert_eq!(table.at(ADA).commit_refused(), Some(Change::Renew));
    assert_eq!(table.at(ADA).commit_refused(), None);
    assert!(!is_renewing(&mut table));
}

#[test]
fn an_admission_is_the_one_change_that_lets_in() {
    assert!(Change::Admit(vec![BOB]).is_admission());
    assert!(!Change::Kick(BOB).is_admission() && !Change::Clear.is_admission());
}

#[test]
fn sixteen_changes_are_out_at_once_and_whoever_waits_at_the_door_keeps_its_place() {
    let mut table = Table::of(2);
    let (member, _newcomer) = table.knock("Cy");
    for _ in 0..16 {
        table.at(ADA).renew().unwrap();
    }
    assert_eq!(table.at(ADA).renew(), Err(ChangeError::TooLarge));
    assert_eq!(table.at(ADA).admit(&[member]), Err(AdmitError::TooLarge));
    table.at(ADA).commit_refused();
    assert!(table.at(ADA).admit(&[member]).is_ok());
}
