//! A server that does not keep its word: each thing it may do is found out by the alarm that names
//! it, and by no other. That none is raised where nothing was done is in `honest`.
//!
//! Members who were told two stories find out at the next word one of them hears of the other.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its test")]

mod common;

use common::alarms::{alarms, check, entry, posted};
use common::{ADA, BOB, CY, DI, Table, said};
use sanctuary_crypto::{Change, Event, Tampering, Unreadable};
use sanctuary_protocol::{
    ClientFrame, CommitBlob, Digest, Entry, EntryKind, Few, MemberId, PostBlob, Presence, Seat,
};

/// `witness` says something that `member` hears in its own next place.
fn heartbeat(table: &mut Table, witness: MemberId, member: MemberId) -> Vec<Tampering> {
    table.at(witness).heartbeat();
    let ciphertext = table.outgoing(witness).remove(0);
    let seq = table.sessions[&member].view().seq.next();
    let entry = Entry { seq, from: witness, kind: EntryKind::Post { ciphertext } };
    alarms(&table.show_to(member, &entry))
}

const FORKED_BY_ADA: Tampering = Tampering::Forked { witness: ADA };
const GAP_OF_ADA: Tampering = Tampering::Gap { from: ADA };

#[test]
fn an_entry_left_out_or_said_again_is_an_order_broken() {
    let mut table = Table::of(2);
    let first = entry(&mut table, ADA, "one");
    let second = entry(&mut table, ADA, "two");
    let third = entry(&mut table, ADA, "three");
    check(&mut table, BOB, &first, &[]);
    check(&mut table, BOB, &first, &[Tampering::Order]);
    // The second is left out, and with it a post of Ada's.
    check(&mut table, BOB, &third, &[Tampering::Order, GAP_OF_ADA]);
    check(&mut table, BOB, &second, &[Tampering::Order]);
}

#[test]
fn entries_in_another_order_are_a_room_that_others_do_not_see() {
    let mut table = Table::of(3);
    let first = entry(&mut table, ADA, "one");
    let second = entry(&mut table, CY, "two");
    for member in [ADA, CY] {
        check(&mut table, member, &first, &[]);
        check(&mut table, member, &second, &[]);
    }
    let (one, two) = (first.seq, second.seq);
    check(&mut table, BOB, &Entry { seq: one, ..second }, &[]);
    check(&mut table, BOB, &Entry { seq: two, ..first }, &[]);
    assert_eq!(heartbeat(&mut table, ADA, BOB), [FORKED_BY_ADA]);
}

#[test]
fn one_member_s_posts_in_another_order_are_a_gap() {
    let mut table = Table::of(2);
    let first = entry(&mut table, ADA, "one");
    let second = entry(&mut table, ADA, "two");
    let (one, two) = (first.seq, second.seq);
    check(&mut table, BOB, &Entry { seq: one, ..second }, &[GAP_OF_ADA]);
    // The key of the one that was passed over is gone.
    let events = table.show_to(BOB, &Entry { seq: two, ..first });
    assert_eq!(events, [Event::Unreadable { from: ADA, why: Unreadable::Garbage }]);
}

#[test]
fn a_post_that_everybody_is_denied_is_a_gap_to_them_and_dropped_to_its_author() {
    let mut table = Table::of(3);
    let _lost = posted(&mut table, ADA, "lost");
    let next = entry(&mut table, ADA, "next");
    for member in [BOB, CY] {
        check(&mut table, member, &next, &[GAP_OF_ADA]);
    }
    check(&mut table, ADA, &next, &[Tampering::Dropped]);
    // She says it again, and then the room is whole.
    table.pump(ADA);
    assert_eq!(table.heard(BOB), ["lost"]);
    table.assert_one_room();
}

#[test]
fn a_post_that_one_member_is_denied_is_a_gap_and_a_fork_to_that_one_alone() {
    let mut table = Table::of(3);
    let denied = entry(&mut table, ADA, "denied");
    check(&mut table, ADA, &denied, &[]);
    check(&mut table, CY, &denied, &[]);
    assert_eq!(heartbeat(&mut table, CY, BOB), [Tampering::Forked { witness: CY }]);
    assert_eq!(heartbeat(&mut table, ADA, BOB), [GAP_OF_ADA, FORKED_BY_ADA]);
}

#[test]
fn a_commit_that_never_arrives_while_what_followed_does_is_dropped() {
    let mut table = Table::of(3);
    let lost = table.at(ADA).renew().unwrap();
    let next = table.at(ADA).kick(CY).unwrap();
    assert!(matches!(lost, ClientFrame::Commit { .. }));
    let entry = table.take(ADA, next).entry;
    check(&mut table, ADA, &entry, &[Tampering::Dropped]);
    check(&mut table, BOB, &entry, &[]);
}

#[test]
fn a_post_replayed_is_forged_to_its_author_and_garbage_to_the_rest() {
    let mut table = Table::of(3);
    let ciphertext = posted(&mut table, ADA, "once");
    let once = table.post(ADA, ciphertext.clone());
    table.show(&once);
    let again = table.post(ADA, ciphertext.clone());
    check(&mut table, ADA, &again, &[Tampering::Forged]);
    for member in [BOB, CY] {
        let garbage = Event::Unreadable { from: ADA, why: Unreadable::Garbage };
        assert_eq!(table.show_to(member, &again), [garbage]);
    }
    // And in another's name it is nobody's.
    let theirs = table.post(BOB, ciphertext);
    check(&mut table, BOB, &theirs, &[Tampering::Forged]);
    check(&mut table, CY, &theirs, &[]);
    check(&mut table, ADA, &theirs, &[]);
    table.assert_one_room();
}

#[test]
fn a_post_in_another_s_name_is_relabelled_and_still_its_author_s() {
    let mut table = Table::of(3);
    let ciphertext = posted(&mut table, ADA, "mine");
    let stolen = table.post(CY, ciphertext.clone());
    check(&mut table, BOB, &stolen, &[Tampering::Relabelled { from: CY }]);
    check(&mut table, CY, &stolen, &[Tampering::Forged]);
    check(&mut table, ADA, &stolen, &[]);
    let genuine = table.post(ADA, ciphertext);
    for member in [BOB, CY] {
        assert_eq!(table.show_to(member, &genuine), [said(ADA, "mine")]);
    }
    check(&mut table, ADA, &genuine, &[]);
    table.assert_one_room();
}

#[test]
fn what_a_member_never_sent_is_forged_in_its_name() {
    let mut table = Table::of(2);
    let post = PostBlob::try_from(vec![7; 300]).unwrap();
    let post = table.post(BOB, post);
    let commit = |ciphertext: CommitBlob| EntryKind::Commit {
        ciphertext,
        admits: Few::none(),
        evicts: Few::none(),
    };
    let made_up = table.sequence(BOB, commit(CommitBlob::try_from(vec![7; 600]).unwrap()));
    for forged in [post, made_up] {
        check(&mut table, BOB, &forged, &[Tampering::Forged]);
        check(&mut table, ADA, &forged, &[]);
    }
    // A commit of Ada's, as it never was: somebody is added to those that it evicts.
    let frame = table.at(ADA).renew().unwrap();
    let ClientFrame::Commit { ciphertext, .. } = frame else { panic!("no commit") };
    let evicts = Few::try_from(vec![BOB]).unwrap();
    let kind = EntryKind::Commit { ciphertext, admits: Few::none(), evicts };
    let changed = table.sequence(ADA, kind);
    let events = table.show_to(ADA, &changed);
    assert_eq!(alarms(&events), [Tampering::Forged]);
    assert!(events.contains(&Event::Void(Change::Renew)));
    check(&mut table, BOB, &changed, &[]);
    assert_eq!(table.at(ADA).epoch(), table.at(BOB).epoch());
}

#[test]
fn a_member_that_is_told_it_left_is_told_so_by_nobody_but_the_server() {
    for kind in [EntryKind::Left, EntryKind::Expired] {
        let mut table = Table::of(2);
        let entry = table.sequence(BOB, kind);
        check(&mut table, BOB, &entry, &[Tampering::Absence]);
        check(&mut table, ADA, &entry, &[]);
    }
}

#[test]
fn a_post_is_shed_for_those_who_come_back_and_for_nobody_else() {
    let mut table = Table::of(3);
    let mut entry = {
        let ciphertext = posted(&mut table, ADA, "withheld");
        table.post(ADA, ciphertext)
    };
    check(&mut table, CY, &entry, &[]);
    entry.kind = EntryKind::Shed { digest: entry.kind.digest() };
    for member in [ADA, BOB] {
        check(&mut table, member, &entry, &[Tampering::Order]);
    }
    // What Ada never sent is forged besides, shed or not.
    let forged = table.sequence(ADA, EntryKind::Shed { digest: Digest::of(b"never sent") });
    check(&mut table, ADA, &forged, &[Tampering::Order, Tampering::Forged]);
}

#[test]
fn two_rooms_told_to_two_members_are_found_out_by_the_next_word() {
    let policy = EntryKind::Policy(sanctuary_protocol::Policy {
        moderation: sanctuary_protocol::Moderation::Everyone,
        door: sanctuary_protocol::DoorPolicy::Ask,
    });
    // What Ada is told, and what Bob is told in its place.
    for (adas, bobs) in [
        ((CY, EntryKind::Gone), (CY, EntryKind::Left)),
        ((CY, EntryKind::Gone), (ADA, EntryKind::Gone)),
        ((ADA, EntryKind::Host { to: BOB }), (ADA, EntryKind::Host { to: CY })),
        ((BOB, EntryKind::Committer), (CY, EntryKind::Committer)),
        ((ADA, policy), (BOB, EntryKind::Committer)),
        ((CY, EntryKind::Expired), (CY, EntryKind::Left)),
    ] {
        let mut table = Table::of(3);
        let seq = table.view.seq.next();
        check(&mut table, ADA, &Entry { seq, from: adas.0, kind: adas.1 }, &[]);
        check(&mut table, BOB, &Entry { seq, from: bobs.0, kind: bobs.1 }, &[]);
        assert_eq!(heartbeat(&mut table, ADA, BOB), [FORKED_BY_ADA]);
    }
}

#[test]
fn two_posts_told_to_two_members_are_found_out_by_the_next_word() {
    let mut table = Table::of(4);
    let (one, other) = (posted(&mut table, CY, "one"), posted(&mut table, DI, "other"));
    let seq = table.view.seq.next();
    let kind = |ciphertext| EntryKind::Post { ciphertext };
    check(&mut table, ADA, &Entry { seq, from: CY, kind: kind(one) }, &[]);
    check(&mut table, BOB, &Entry { seq, from: DI, kind: kind(other) }, &[]);
    assert_eq!(heartbeat(&mut table, ADA, BOB), [FORKED_BY_ADA]);
    assert_eq!(heartbeat(&mut table, BOB, ADA), [Tampering::Forked { witness: BOB }]);
}

#[test]
fn a_newcomer_that_is_told_another_room_finds_out_by_the_first_word() {
    type Change = fn(&mut sanctuary_protocol::Opening);
    let changes: [Change; 6] = [
        |opening| opening.host = BOB,
        |opening| opening.committer = BOB,
        |opening| opening.policy.moderation = sanctuary_protocol::Moderation::Everyone,
        |opening| opening.head = sanctuary_protocol::Head::START,
        |opening| {
            let seats: Vec<Seat> = opening.seats.iter().take(2).copied().collect();
            opening.seats = Few::try_from(seats).unwrap();
        },
        |opening| {
            let gone = |seat: &Seat| Seat { presence: Presence::Gone, ..*seat };
            let seats: Vec<Seat> = opening.seats.iter().map(gone).collect();
            opening.seats = Few::try_from(seats).unwrap();
        },
    ];
    for change in changes {
        let mut table = Table::of(2);
        let (member, newcomer) = table.knock("Cy");
        let frame = table.at(ADA).admit(&[member]).unwrap();
        let welcome = table.commit(ADA, frame);
        let mut opening = table.opening(member);
        change(&mut opening);
        let cy = newcomer.welcome(&opening, &welcome).unwrap();
        table.sessions.insert(member, cy);
        assert_eq!(heartbeat(&mut table, ADA, member), [FORKED_BY_ADA]);
        // And Ada learns of it by the newcomer's first.
        let witness = Tampering::Forked { witness: member };
        let seq = table.sessions[&ADA].view().seq.next();
        table.at(ADA).receive(&Entry { seq, from: ADA, kind: EntryKind::Committer });
        assert_eq!(heartbeat(&mut table, member, ADA), [witness]);
    }
}

#[test]
fn a_seat_that_is_taken_again_in_another_room_is_reopened() {
    let mut table = Table::of(3);
    table.happen(BOB, EntryKind::Gone);
    table.happen(BOB, EntryKind::Back);
    table.at(BOB).resumed();
    let opening = table.opening(BOB);
    let reopened = vec![Event::Tampering(Tampering::Reopened)];
    let mut other = opening.clone();
    other.head = sanctuary_protocol::Head::START;
    assert_eq!(table.at(BOB).caught_up(&other), (vec![], reopened.clone()));
    let mut other = opening.clone();
    other.host = CY;
    assert_eq!(table.at(BOB).caught_up(&other), (vec![], reopened.clone()));
    let mut other = opening.clone();
    other.seq = other.seq.next();
    assert_eq!(table.at(BOB).caught_up(&other), (vec![], reopened));
    assert_eq!(table.at(BOB).caught_up(&opening), (vec![], vec![]));
    table.assert_one_room();
}

#[test]
fn a_commit_that_is_swallowed_is_missed_with_the_next_word_and_can_be_made_again() {
    let mut table = Table::of(3);
    table.at(ADA).post(b"before").unwrap();
    let before = table.outgoing(ADA).remove(0);
    let _swallowed = table.at(ADA).kick(BOB).unwrap();
    // What was sent before it says nothing about it.
    let entry = table.post(ADA, before);
    check(&mut table, ADA, &entry, &[]);
    check(&mut table, BOB, &entry, &[]);
    check(&mut table, CY, &entry, &[]);
    let after = posted(&mut table, ADA, "after");
    let entry = table.post(ADA, after);
    let events = table.show_to(ADA, &entry);
    assert_eq!(alarms(&events), [Tampering::Dropped]);
    assert!(events.contains(&Event::Void(Change::Kick(BOB))));
    for member in [BOB, CY] {
        check(&mut table, member, &entry, &[]);
    }
    let again = table.at(ADA).kick(BOB).unwrap();
    table.commit(ADA, again);
    table.sessions.remove(&BOB);
    table.assert_one_room();
}
