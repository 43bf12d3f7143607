//! What ours commit, and OpenMLS follows: it is in every epoch that they are in, hears and is heard in
//! each, and draws from it what they draw.

use sanctuary_protocol::{ClientFrame, DoorPolicy, EntryKind, MemberId, Moderation, Policy};

use super::{Stranger, assert_they_talk, table_with_a_stranger};
use crate::secret::SECRET_BYTES;
use crate::table::{ADA, BOB, CY, DI, Table};
use crate::{Event, Secret};

/// Ada's commit, taken and followed; what it is to the others.
fn take(table: &mut Table, cy: &mut Stranger, frame: ClientFrame) -> Vec<Event> {
    let entry = table.take(ADA, frame).entry;
    table.forget_events();
    table.show(&entry);
    cy.follow_commit(&entry);
    table.events(ADA)
}

/// The invitation that this commit renewed is, in words, what OpenMLS exports for it.
fn assert_renewed(cy: &mut Stranger, events: &[Event], generation: u32) {
    let exported = cy.export("invite", &generation.to_be_bytes(), SECRET_BYTES);
    let expected = Secret::from_random(&exported.try_into().unwrap());
    let renewed = events.iter().find_map(|event| match event {
        Event::Renewed { secret, by: ADA } => Some(secret.expose().to_owned()),
        _ => None,
    });
    assert_eq!(renewed.as_deref(), Some(expected.expose()));
}

#[test]
fn another_implementation_follows_our_remove() {
    let (mut table, mut cy) = table_with_a_stranger();
    let left = table.sequence(BOB, EntryKind::Left);
    table.sessions.remove(&BOB);
    table.show(&left);
    cy.follow(&left);
    let frame = table.at(ADA).clear().unwrap();
    take(&mut table, &mut cy, frame);
    assert_eq!(cy.inside().group.members().count(), 2);
    assert_they_talk(&mut table, &mut cy);
}

#[test]
fn another_implementation_follows_our_kick() {
    let (mut table, mut cy) = table_with_a_stranger();
    let frame = table.at(ADA).kick(BOB).unwrap();
    let events = take(&mut table, &mut cy, frame);
    table.sessions.remove(&BOB);
    assert_eq!(table.at(ADA).charter().generation, 1);
    assert_renewed(&mut cy, &events, 1);
    assert_eq!(cy.inside().group.members().count(), 2);
    assert_they_talk(&mut table, &mut cy);
}

#[test]
fn another_implementation_follows_whatever_changes_our_charter() {
    let (mut table, mut cy) = table_with_a_stranger();
    for generation in 1..=2 {
        let frame = table.at(ADA).renew().unwrap();
        let events = take(&mut table, &mut cy, frame);
        assert_renewed(&mut cy, &events, generation);
        assert_they_talk(&mut table, &mut cy);
    }
    let policy = Policy { moderation: Moderation::Everyone, door: DoorPolicy::Ask };
    let frame = table.at(ADA).change_policy(policy).unwrap();
    take(&mut table, &mut cy, frame);
    assert_they_talk(&mut table, &mut cy);
    let frame = table.at(ADA).hand_over(BOB).unwrap();
    take(&mut table, &mut cy, frame);
    assert_they_talk(&mut table, &mut cy);
    assert_eq!((table.at(BOB).charter().host, table.at(BOB).charter().policy), (BOB, policy));
}

#[test]
fn another_implementation_follows_us_letting_in_one_of_ours() {
    let (mut table, mut cy) = table_with_a_stranger();
    let before = table.record.entries.len();
    assert_eq!(table.join("Di"), DI);
    cy.catch_up(&table.record.entries[before..]);
    let indices = cy.inside().group.members().count();
    assert_eq!((indices, table.at(DI).members().len()), (4, 4));
    assert_they_talk(&mut table, &mut cy);
    // Who came by us is put out by us.
    let frame = table.at(ADA).kick(DI).unwrap();
    take(&mut table, &mut cy, frame);
    table.sessions.remove(&DI);
    assert_they_talk(&mut table, &mut cy);
    let members: Vec<MemberId> = table.at(ADA).members().keys().copied().collect();
    assert_eq!(members, [ADA, BOB, CY]);
}
