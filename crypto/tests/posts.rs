//! What holds of what is said between sessions of one room when the server is honest.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its test")]

mod common;

use common::{ADA, BOB, CY, DI, Table, said};
use sanctuary_crypto::{Bearing, Event, PLAINTEXT_BYTES_MAX, SealError};
use sanctuary_protocol::{ClientFrame, Entry, EntryKind, Few, Moderation, Policy, PostBlob};

#[test]
fn nothing_is_sent_before_a_member_has_vouched_for_the_group() {
    let mut table = Table::start();
    let (member, newcomer) = table.knock("Bob");
    let commit = table.at(ADA).admit(&[member]).unwrap();
    let welcome = table.commit(ADA, commit);
    table.seat(member, newcomer, &welcome).unwrap();
    table.at(BOB).post(b"too early").unwrap();
    assert_eq!(table.outgoing(BOB), []);
    table.forget_events();
    table.vouch(ADA);
    assert_eq!(table.events(BOB), [Event::Vouched]);
    table.pump(BOB);
    assert_eq!(table.heard(ADA), ["too early"]);
}

#[test]
fn posts_that_a_commit_overtook_are_sealed_anew_in_their_order_and_arrive_once() {
    let mut table = Table::of(3);
    for text in ["one", "two"] {
        table.at(BOB).post(text.as_bytes()).unwrap();
    }
    let overtaken = table.outgoing(BOB);
    assert_eq!(overtaken.len(), 2);
    let commit = table.at(ADA).renew().unwrap();
    table.commit(ADA, commit);
    // The page sends what it has to send before what was overtaken has come back.
    table.at(BOB).post(b"three").unwrap();
    let anew = table.outgoing(BOB);
    assert_eq!(anew.len(), 3);
    table.forget_events();
    for ciphertext in overtaken.into_iter().chain(anew) {
        let entry = table.post(BOB, ciphertext);
        table.show(&entry);
    }
    for listener in [ADA, CY] {
        assert_eq!(table.heard(listener), ["one", "two", "three"]);
    }
    assert_eq!(table.events(BOB).len(), 3, "each is settled, and nothing else happened");
    table.assert_one_room();
}

#[test]
fn a_whisper_is_read_by_its_target_and_by_nobody_else() {
    let mut table = Table::of(3);
    table.at(BOB).whisper(CY, b"psst").unwrap();
    table.pump(BOB);
    assert_eq!(table.events(ADA), [Event::WhisperPassed { from: BOB }]);
    let whispered = Event::Whispered { from: BOB, plaintext: b"psst".to_vec().into() };
    assert_eq!(table.events(CY), [whispered]);
    assert!(matches!(table.events(BOB).as_slice(), [Event::Settled(_)]));
    assert_eq!(table.at(BOB).whisper(BOB, b"me"), Err(SealError::NoSuchMember));
    assert_eq!(table.at(BOB).whisper(DI, b"?"), Err(SealError::NoSuchMember));
}

#[test]
fn a_whisper_whose_target_goes_before_it_is_sent_is_handed_back() {
    let mut table = Table::of(3);
    let ticket = table.at(BOB).whisper(CY, b"psst").unwrap();
    let commit = table.at(ADA).kick(CY).unwrap();
    table.commit(ADA, commit);
    assert_eq!(table.at(BOB).outgoing().undeliverable, [ticket]);
    assert_eq!(table.at(BOB).unsettled_len(), 0);
}

#[test]
fn chat_whisper_and_heartbeat_come_in_the_same_sizes() {
    let mut table = Table::of(3);
    let mut sizes = std::collections::BTreeSet::new();
    let mut measure = |table: &mut Table| {
        let posts = table.outgoing(BOB);
        assert_eq!(posts.len(), 1);
        for post in posts {
            sizes.insert(post.as_slice().len());
            let entry = table.post(BOB, post);
            table.show(&entry);
        }
    };
    for bytes in [0, 1, 100] {
        table.at(BOB).post(&vec![7; bytes]).unwrap();
        measure(&mut table);
        table.at(BOB).whisper(CY, &vec![7; bytes]).unwrap();
        measure(&mut table);
    }
    table.at(BOB).heartbeat();
    measure(&mut table);
    assert_eq!(sizes.len(), 1, "{sizes:?}");
}

#[test]
fn what_is_said_may_be_as_long_as_the_bound_and_no_longer() {
    let mut table = Table::of(2);
    let (limit, actual) = (PLAINTEXT_BYTES_MAX, PLAINTEXT_BYTES_MAX + 1);
    let too_long = Err(SealError::TooLong { limit, actual });
    assert_eq!(table.at(ADA).post(&vec![7; actual]), too_long);
    assert_eq!(table.at(ADA).whisper(BOB, &vec![7; actual]), too_long);
    table.at(ADA).post(&vec![7; limit]).unwrap();
    table.at(ADA).whisper(BOB, &vec![8; limit]).unwrap();
    table.pump(ADA);
    let heard = table.events(BOB);
    assert_eq!(heard[0], Event::Said { from: ADA, plaintext: vec![7; limit].into() });
    assert_eq!(heard[1], Event::Whispered { from: ADA, plaintext: vec![8; limit].into() });
}

#[test]
fn garbage_before_a_genuine_post_costs_it_nothing() {
    let mut table = Table::of(2);
    table.at(ADA).post(b"genuine").unwrap();
    let genuine = table.outgoing(ADA).remove(0);
    let mut forged = genuine.as_slice().to_vec();
    *forged.last_mut().unwrap() ^= 1;
    let entry = table.post(ADA, PostBlob::try_from(forged).unwrap());
    assert!(matches!(table.show_to(BOB, &entry).as_slice(), [Event::Unreadable { .. }]));
    let entry = table.post(ADA, genuine);
    assert_eq!(table.show_to(BOB, &entry), [said(ADA, "genuine")]);
}

#[test]
fn after_a_lost_connection_what_never_arrived_is_said_again_and_what_did_is_not() {
    let mut table = Table::of(2);
    for text in ["arrived", "lost", "later"] {
        table.at(BOB).post(text.as_bytes()).unwrap();
    }
    let sent = table.outgoing(BOB);
    let entry = table.post(BOB, sent[0].clone());
    table.show_to(ADA, &entry);
    let gone = table.sequence(BOB, EntryKind::Gone);
    let back = table.sequence(BOB, EntryKind::Back);
    for entry in [&gone, &back] {
        table.show_to(ADA, entry);
    }
    table.at(BOB).resumed();
    for entry in [&entry, &gone, &back] {
        table.show_to(BOB, entry);
    }
    let opening = table.opening(BOB);
    assert_eq!(table.at(BOB).caught_up(&opening), (vec![], vec![]));
    table.forget_events();
    table.pump(BOB);
    assert_eq!(table.heard(ADA), ["lost", "later"]);
    table.assert_one_room();
}

#[test]
fn posts_the_server_could_not_keep_are_no_gap() {
    let mut table = Table::of(3);
    let mut missed = Vec::new();
    for text in ["one", "two"] {
        table.at(ADA).post(text.as_bytes()).unwrap();
        let ciphertext = table.outgoing(ADA).remove(0);
        let entry = table.post(ADA, ciphertext);
        for member in [ADA, CY] {
            table.show_to(member, &entry);
        }
        missed.push(entry);
    }
    table.at(BOB).resumed();
    for mut entry in missed {
        entry.kind = EntryKind::Shed { digest: entry.kind.digest() };
        assert_eq!(table.show_to(BOB, &entry), []);
    }
    let opening = table.opening(BOB);
    assert_eq!(table.at(BOB).caught_up(&opening), (vec![], vec![]));
    table.forget_events();
    table.say(ADA, "three");
    assert_eq!(table.events(BOB), [said(ADA, "three")]);
    table.assert_one_room();
}

/// Three, of whom Ada and Cy have taken a commit that Bob was never shown.
fn bob_left_behind() -> Table {
    let mut table = Table::of(3);
    let commit = table.at(ADA).renew().unwrap();
    let entry = table.take(ADA, commit).entry;
    for member in [ADA, CY] {
        table.show_to(member, &entry);
    }
    let other = Entry { kind: EntryKind::Committer, ..entry };
    table.show_to(BOB, &other);
    table.forget_events();
    table
}

#[test]
fn whoever_can_read_nobody_any_more_doubts_and_is_lost_when_it_is_so_again() {
    let mut table = bob_left_behind();
    table.say(CY, "after it");
    assert_eq!(table.at(BOB).bearing(), Bearing::True, "Cy's word may be garbage");
    table.say(ADA, "after it");
    assert_eq!(table.at(BOB).take_bearing(), Bearing::Doubtful);
    assert_eq!(table.at(BOB).take_bearing(), Bearing::Doubtful, "nothing has come since");
    table.say(CY, "and again");
    assert_eq!(table.at(BOB).take_bearing(), Bearing::Lost);
    assert_eq!(table.at(ADA).take_bearing(), Bearing::True);
}

#[test]
fn what_does_not_open_within_an_epoch_of_the_same_number_counts_as_well() {
    let mut table = Table::of(3);
    let everyone = Policy { moderation: Moderation::Everyone, ..Policy::default() };
    let frame = table.at(ADA).change_policy(everyone).unwrap();
    table.commit(ADA, frame);
    // A commit is kept from Bob, who then makes his own, and is in an epoch of the same number alone.
    let commit = table.at(ADA).renew().unwrap();
    let entry = table.take(ADA, commit).entry;
    for member in [ADA, CY] {
        table.show_to(member, &entry);
    }
    let ClientFrame::Commit { ciphertext, .. } = table.at(BOB).renew().unwrap() else { panic!() };
    let kind = EntryKind::Commit { ciphertext, admits: Few::none(), evicts: Few::none() };
    table.show_to(BOB, &Entry { seq: entry.seq, from: BOB, kind });
    assert_eq!(table.at(BOB).epoch(), table.at(ADA).epoch());
    for _ in 0..2 {
        assert_ne!(table.at(BOB).bearing(), Bearing::Lost);
        for from in [BOB, ADA, CY] {
            table.say(from, "to whom?");
        }
        assert_ne!(table.at(BOB).take_bearing(), Bearing::True);
        assert_eq!(table.at(ADA).take_bearing(), Bearing::True);
    }
    assert_eq!(table.at(BOB).bearing(), Bearing::Lost);
}

#[test]
fn whoever_missed_more_than_can_be_passed_over_knows_that_it_is_lost() {
    for (missed, bearing) in [(1_024, Bearing::True), (1_025, Bearing::Lost)] {
        let mut table = Table::of(2);
        table.happen(BOB, EntryKind::Gone);
        table.forget_events();
        let mut meanwhile = Vec::new();
        for _ in 0..missed {
            table.at(ADA).post(b"while Bob is away").unwrap();
            let ciphertext = table.outgoing(ADA).remove(0);
            meanwhile.push(table.post(ADA, ciphertext));
        }
        meanwhile.push(table.sequence(BOB, EntryKind::Back));
        table.at(BOB).resumed();
        for entry in meanwhile {
            table.show_to(ADA, &entry);
            let kind = match entry.kind {
                EntryKind::Post { .. } => EntryKind::Shed { digest: entry.kind.digest() },
                kind => kind,
            };
            assert_eq!(table.show_to(BOB, &Entry { kind, ..entry }), []);
        }
        let opening = table.opening(BOB);
        assert_eq!(table.at(BOB).caught_up(&opening), (vec![], vec![]));
        assert_eq!(table.at(BOB).bearing(), bearing, "{missed}");
        table.say(ADA, "next");
        let heard = if bearing == Bearing::True { vec!["next"] } else { vec![] };
        assert_eq!(table.heard(BOB), heard, "{missed}");
        // Another epoch is another beginning.
        let commit = table.at(ADA).renew().unwrap();
        table.commit(ADA, commit);
        assert_eq!(table.at(BOB).bearing(), Bearing::True);
    }
}

#[test]
fn whoever_says_nothing_for_five_heartbeats_is_not_counted_as_here_until_its_next_word() {
    let mut table = Table::of(2);
    for _ in 0..5 {
        assert!(table.at(ADA).speaks(BOB));
        table.at(ADA).take_bearing();
    }
    assert!(!table.at(ADA).speaks(BOB));
    table.vouch(BOB);
    assert!(table.at(ADA).speaks(BOB));
}

#[test]
fn what_is_said_is_unsettled_until_it_has_its_place_or_is_taken_back() {
    let mut table = Table::of(2);
    let unsettled = |table: &mut Table| {
        let ada = table.at(ADA);
        (ada.unsettled_len(), ada.oldest_unsettled())
    };
    let first = table.at(ADA).post(b"one").unwrap();
    let second = table.at(ADA).post(b"two").unwrap();
    assert_eq!(unsettled(&mut table), (2, Some(first)));
    table.at(ADA).forget(first);
    assert_eq!(unsettled(&mut table), (1, Some(second)));
    table.pump(ADA);
    assert_eq!(unsettled(&mut table), (0, None));
    assert_eq!(table.heard(BOB), ["two"]);
}
