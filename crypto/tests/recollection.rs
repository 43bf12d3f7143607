//! Members that come in again, and what they remember of the room: it shows a lie that they were lost
//! over, and where there was none it shows nothing.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its test")]

mod common;

use common::alarms::{alarms, entry};
use common::{ADA, BOB, CY, Table};
use sanctuary_crypto::{Recollection, Tampering};
use sanctuary_protocol::{Entry, EntryKind, MemberId};

/// Bob's number when he has come in again.
const BOB_AGAIN: MemberId = MemberId(4);

/// Bob goes, comes in again, and tells what he remembers. What Ada, Cy and he are shown of the server.
fn told(table: &mut Table, remembered: Recollection) -> [Vec<Tampering>; 3] {
    table.sessions.remove(&BOB);
    table.happen(BOB, EntryKind::Left);
    assert_eq!(table.join("Bob"), BOB_AGAIN);
    table.forget_events();
    table.at(BOB_AGAIN).recall(remembered);
    table.pump(BOB_AGAIN);
    // The doorkeeper's answer, if there is one.
    table.pump(ADA);
    [ADA, CY, BOB_AGAIN].map(|member| alarms(&table.events(member)))
}

/// Something is said that Bob is not told, and what follows is numbered anew for him.
fn lie_to_bob(table: &mut Table) {
    let first = entry(table, ADA, "kept from Bob");
    let second = entry(table, CY, "told to all");
    for entry in [&first, &second] {
        table.show_to(ADA, entry);
        table.show_to(CY, entry);
    }
    table.show_to(BOB, &Entry { seq: first.seq, ..second });
}

#[test]
fn a_lie_that_somebody_was_lost_over_is_shown_when_it_comes_in_again() {
    let mut table = Table::of(3);
    lie_to_bob(&mut table);
    let remembered = table.at(BOB).recollection();
    let by_bob = vec![Tampering::Forked { witness: BOB_AGAIN }];
    let by_ada = vec![Tampering::Forked { witness: ADA }];
    assert_eq!(told(&mut table, remembered), [by_bob.clone(), by_bob, by_ada]);
    // Said again, it is answered no more.
    table.at(BOB_AGAIN).recall(remembered);
    table.pump(BOB_AGAIN);
    assert_eq!(table.outgoing(ADA), []);
}

#[test]
fn whoever_was_told_the_truth_accuses_nobody_by_remembering_it() {
    let mut table = Table::of(3);
    table.say(ADA, "said to all");
    let remembered = table.at(BOB).recollection();
    table.say(CY, "said since");
    assert_eq!(told(&mut table, remembered), [vec![], vec![], vec![]]);
}

#[test]
fn what_is_remembered_of_another_group_is_compared_with_nothing() {
    let mut table = Table::of(3);
    lie_to_bob(&mut table);
    let elsewhere = Table::of(2).at(BOB).recollection();
    assert_eq!(told(&mut table, elsewhere), [vec![], vec![], vec![]]);
}

#[test]
fn a_stay_that_nobody_vouched_for_leaves_what_was_remembered_as_it_was() {
    let mut table = Table::of(2);
    let remembered = table.at(BOB).recollection();
    table.sessions.remove(&BOB);
    table.happen(BOB, EntryKind::Left);
    let (member, newcomer) = table.knock("Bob");
    let frame = table.at(ADA).admit(&[member]).unwrap();
    let welcome = table.commit(ADA, frame);
    table.seat(member, newcomer, &welcome).unwrap();
    table.at(member).recall(remembered);
    assert_eq!(table.at(member).recollection(), remembered);
    table.vouch(ADA);
    assert_ne!(table.at(member).recollection(), remembered);
}

#[test]
fn two_who_remember_different_places_of_one_order_accuse_nobody() {
    let mut table = Table::of(3);
    let bobs = table.at(BOB).recollection();
    table.say(ADA, "said since");
    let cys = table.at(CY).recollection();
    for member in [BOB, CY] {
        table.sessions.remove(&member);
        table.happen(member, EntryKind::Left);
    }
    let back = [("Bob", bobs), ("Cy", cys)].map(|(name, seen)| {
        let member = table.join(name);
        table.at(member).recall(seen);
        member
    });
    table.forget_events();
    for member in back {
        table.pump(member);
    }
    for member in [ADA, back[0], back[1]] {
        assert_eq!(alarms(&table.events(member)), []);
    }
}
