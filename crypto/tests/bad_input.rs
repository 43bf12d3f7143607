//! Whatever arrives that nobody honest sent: it is refused by name, and the session is unharmed. The
//! member whose name is misused sits elsewhere, so that everybody at the table judges by what came.
//! What a member that holds the keys can do is tried in `src/session/unlawful.rs`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its test")]

mod common;

use common::{ADA, BOB, CY, DI, ROOM, Table, alias, key, said};
use sanctuary_crypto::{
    Bearing, Change, DoorKnock, DoorStep, Event, Fault, Knocked, Newcomer, Tampering, TurnedAway,
    Unreadable, WelcomeError,
};
use sanctuary_protocol::{
    ClientFrame, CommitBlob, DoorBlob, EntryKind, Few, MemberId, Moderation, Policy, PostBlob,
    WelcomeBlob,
};

const GARBAGE: Unreadable = Unreadable::Garbage;

fn unreadable(from: MemberId, why: Unreadable) -> Event {
    Event::Unreadable { from, why }
}

/// The bytes with one bit changed, and cut short, at every `step`th place; and some that never were.
fn touched(whole: &[u8], step: usize) -> Vec<Vec<u8>> {
    let mut all = vec![vec![], vec![0], vec![0xff; 64], [whole, &[0]].concat()];
    for at in (0..whole.len()).step_by(step) {
        let mut flipped = whole.to_vec();
        flipped[at] ^= 1 << (at % 8);
        all.push(flipped);
        all.push(whole[..at].to_vec());
    }
    all
}

/// Nothing of a touched blob is taken: not a word, not a change, and nobody but its author is named.
#[track_caller]
fn assert_harmless(events: &[Event], from: MemberId) {
    let known = [unreadable(from, GARBAGE), unreadable(from, Unreadable::Future)];
    // Of an epoch that ended, it says nothing.
    assert!(events.iter().all(|event| known.contains(event)), "{events:?}");
}

#[test]
fn a_touched_post_says_nothing_and_costs_the_genuine_one_nothing() {
    let mut table = Table::of(3);
    let mut cy = table.sessions.remove(&CY).unwrap();
    cy.post(b"genuine").unwrap();
    let genuine = cy.outgoing().posts.remove(0);
    for bytes in touched(genuine.as_slice(), 3) {
        let entry = table.post(CY, PostBlob::try_from(bytes).unwrap());
        for member in [ADA, BOB] {
            assert_harmless(&table.show_to(member, &entry), CY);
        }
    }
    let entry = table.post(CY, genuine);
    for member in [ADA, BOB] {
        let events = table.show_to(member, &entry);
        assert!(events.contains(&said(CY, "genuine")), "{events:?}");
        assert_eq!(table.at(member).bearing(), Bearing::True, "something opened");
    }
    table.assert_one_room();
}

#[test]
fn a_touched_commit_changes_nothing_and_costs_the_genuine_one_nothing() {
    let mut table = Table::of(3);
    let everyone = Policy { moderation: Moderation::Everyone, ..Policy::default() };
    let frame = table.at(ADA).change_policy(everyone).unwrap();
    table.commit(ADA, frame);
    let mut cy = table.sessions.remove(&CY).unwrap();
    let ClientFrame::Commit { ciphertext, .. } = cy.renew().unwrap() else { panic!("no commit") };
    let commit =
        |ciphertext| EntryKind::Commit { ciphertext, admits: Few::none(), evicts: Few::none() };
    let epoch = table.at(ADA).epoch();
    for bytes in touched(ciphertext.as_slice(), 7) {
        let entry = table.sequence(CY, commit(CommitBlob::try_from(bytes).unwrap()));
        for member in [ADA, BOB] {
            assert_harmless(&table.show_to(member, &entry), CY);
            assert_eq!(table.at(member).epoch(), epoch);
        }
    }
    // In another's name it is nobody's.
    let theirs = table.sequence(DI, commit(ciphertext.clone()));
    assert_eq!(table.show_to(BOB, &theirs), [unreadable(DI, GARBAGE)]);
    table.show_to(ADA, &theirs);
    table.forget_events();
    let genuine = table.sequence(CY, commit(ciphertext));
    table.show(&genuine);
    for member in [ADA, BOB] {
        let renewed = matches!(table.events(member)[..], [Event::Renewed { by: CY, .. }]);
        assert!(renewed);
        assert_eq!(table.at(member).epoch(), epoch + 1);
    }
    table.assert_one_room();
}

#[test]
fn an_epoch_that_ended_is_silence_and_one_that_has_not_begun_is_told() {
    let mut table = Table::of(3);
    let everyone = Policy { moderation: Moderation::Everyone, ..Policy::default() };
    let frame = table.at(ADA).change_policy(everyone).unwrap();
    table.commit(ADA, frame);
    // Cy goes ahead alone: it takes its own commit, and the room has not heard of it.
    let mut cy = table.sessions.remove(&CY).unwrap();
    cy.post(b"of the epoch that ends").unwrap();
    let stale_post = cy.outgoing().posts.remove(0);
    let mut renew = |table: &mut Table| {
        let ClientFrame::Commit { ciphertext, .. } = cy.renew().unwrap() else { panic!() };
        let kind = EntryKind::Commit { ciphertext, admits: Few::none(), evicts: Few::none() };
        let entry = sanctuary_protocol::Entry { seq: cy.view().seq.next(), from: CY, kind };
        assert!(cy.receive(&entry).contains(&Event::Committed(Change::Renew)));
        cy.post(b"of the epoch that begins").unwrap();
        let post = cy.outgoing().posts.remove(0);
        let _ = table;
        (entry.kind, post)
    };
    let (first, _) = renew(&mut table);
    let (second, future_post) = renew(&mut table);
    let future = unreadable(CY, Unreadable::Future);
    for kind in [second.clone(), EntryKind::Post { ciphertext: future_post }] {
        let entry = table.sequence(CY, kind);
        for member in [ADA, BOB] {
            assert_eq!(table.show_to(member, &entry), std::slice::from_ref(&future));
            assert_eq!(table.at(member).bearing(), Bearing::True, "it is one member's word");
        }
    }
    let entry = table.sequence(CY, first.clone());
    table.show(&entry);
    for kind in [first, EntryKind::Post { ciphertext: stale_post }] {
        let entry = table.sequence(CY, kind);
        for member in [ADA, BOB] {
            assert_eq!(table.show_to(member, &entry), []);
        }
    }
    for member in [ADA, BOB] {
        assert_eq!(table.at(member).take_bearing(), Bearing::True, "an epoch began since");
    }
    table.assert_one_room();
}

#[test]
fn an_announcement_that_the_server_changed_voids_the_commit_for_everybody() {
    let check = |admits: &[MemberId], evicts: &[MemberId]| {
        let mut table = Table::of(3);
        let (member, _) = table.knock("Di");
        assert_eq!(member, DI);
        let frame = table.at(ADA).admit(&[DI]).unwrap();
        let ClientFrame::Commit { ciphertext, .. } = frame else { panic!("no commit") };
        let admits = Few::try_from(admits.to_vec()).unwrap();
        let evicts = Few::try_from(evicts.to_vec()).unwrap();
        let entry = table.sequence(ADA, EntryKind::Commit { ciphertext, admits, evicts });
        let epoch = table.at(ADA).epoch();
        table.show(&entry);
        let forged = Event::Tampering(Tampering::Forged);
        assert_eq!(table.events(ADA)[..2], [forged, Event::Void(Change::Admit(vec![DI]))]);
        let why = Unreadable::Unlawful(Fault::Announcement);
        assert_eq!(table.events(BOB).first(), Some(&unreadable(ADA, why)));
        for member in [ADA, BOB, CY] {
            assert_eq!(table.at(member).epoch(), epoch);
        }
        table.assert_one_room();
    };
    check(&[], &[]);
    check(&[MemberId(9)], &[]);
    check(&[DI, MemberId(9)], &[]);
    check(&[DI], &[CY]);
    check(&[DI], &[MemberId(9)]);
}

#[test]
fn a_seat_taken_by_the_server_is_no_kick() {
    let mut table = Table::of(3);
    let ciphertext = CommitBlob::try_from(vec![7; 600]).unwrap();
    let evicts = Few::try_from(vec![BOB]).unwrap();
    let entry = table.sequence(DI, EntryKind::Commit { ciphertext, admits: Few::none(), evicts });
    table.show(&entry);
    let removed = Event::Removed { member: BOB, alias: alias("Bob"), by: DI };
    for member in [ADA, CY] {
        let future = unreadable(DI, Unreadable::Future);
        assert_eq!(table.events(member), [future, removed.clone()]);
        assert!(table.at(member).members().contains_key(&BOB), "it holds the keys still");
    }
    table.assert_one_room();
}

#[test]
fn a_touched_word_of_the_door_opens_nothing() {
    let mut table = Table::of(2);
    let me = MemberId(9);
    let knock = |table: &mut Table| {
        let (mut eve, _) = Newcomer::knock(ROOM, &key(), alias("Eve"));
        let DoorKnock::Offer(offer) = table.at(ADA).hear_knock(me) else { panic!("no offer") };
        let DoorStep::Reply(answer) = eve.hear_door(ADA, me, &offer) else { panic!("no answer") };
        (eve, offer, answer)
    };
    let (_, offer, answer) = knock(&mut table);
    for bytes in touched(offer.as_slice(), 1) {
        let (mut eve, _) = Newcomer::knock(ROOM, &key(), alias("Eve"));
        let step = eve.hear_door(ADA, me, &DoorBlob::try_from(bytes).unwrap());
        // Another point of the curve is another offer, whose answer the doorkeeper refuses.
        if let DoorStep::Reply(answer) = step {
            let knocked = table.at(ADA).hear_door(me, &answer);
            assert!(!matches!(knocked, Knocked::Admissible { .. }), "{knocked:?}");
            table.at(ADA).hear_knock(me);
        } else {
            assert_eq!(step, DoorStep::Ignored);
        }
    }
    for bytes in touched(answer.as_slice(), 31) {
        let (_, _, answer) = knock(&mut table);
        let touched = if bytes.len() < answer.as_slice().len() { bytes } else { continue };
        let knocked = table.at(ADA).hear_door(me, &DoorBlob::try_from(touched).unwrap());
        let wrong = matches!(knocked, Knocked::Refused { why: TurnedAway::WrongKey, .. });
        assert!(wrong, "{knocked:?}");
    }
    let (mut eve, _, answer) = knock(&mut table);
    assert!(matches!(table.at(ADA).hear_door(me, &answer), Knocked::Admissible { .. }));
    let heard = table.at(ADA).tell_heard(me).unwrap();
    for bytes in touched(heard.as_slice(), 1) {
        // One byte, 0, is the word that stands in clear: a server can always say it.
        if bytes == [0] {
            continue;
        }
        let touched = DoorBlob::try_from(bytes).unwrap();
        assert_eq!(eve.hear_door(ADA, me, &touched), DoorStep::Ignored);
    }
    assert_eq!(eve.hear_door(ADA, me, &heard), DoorStep::Heard);
    table.at(ADA).forget_knock(me);
    table.assert_one_room();
}

#[test]
fn a_welcome_said_again_and_touched_leaves_a_newcomer_where_it_is() {
    let mut table = Table::of(2);
    let (member, newcomer) = table.knock("Cy");
    let frame = table.at(ADA).admit(&[member]).unwrap();
    let welcome = table.commit(ADA, frame);
    table.seat(member, newcomer, &welcome).unwrap();
    let safety = table.at(CY).safety();
    for bytes in touched(welcome.as_slice(), 37) {
        if let Ok(touched) = WelcomeBlob::try_from(bytes) {
            table.at(CY).welcome_again(&touched);
            assert_eq!(table.at(CY).safety(), safety);
        }
    }
    table.vouch(ADA);
    // Once a member has vouched, no welcome leads anywhere else.
    table.at(CY).welcome_again(&welcome);
    table.assert_one_room();
}

#[test]
fn a_welcome_is_for_whom_it_names() {
    let mut table = Table::of(2);
    let (cy, newcomer) = table.knock("Cy");
    let (_, another) = table.knock("Di");
    let frame = table.at(ADA).admit(&[cy]).unwrap();
    let welcome = table.commit(ADA, frame);
    let check = |newcomer: Newcomer, member, expected| {
        let came_in = newcomer.welcome(&table.opening(member), &welcome);
        assert_eq!(came_in.err(), Some(expected));
    };
    check(another, DI, WelcomeError::NotForMe);
    let (stranger, _) = Newcomer::knock(ROOM, &key(), alias("Cy"));
    check(stranger, cy, WelcomeError::Unreadable);
    check(newcomer, DI, WelcomeError::NotForMe);
}

#[test]
fn a_name_is_free_again_however_many_have_left() {
    let mut table = Table::of(2);
    let arriving: Vec<_> = (0..16).map(|number| table.knock(&format!("Guest {number}"))).collect();
    let numbers: Vec<MemberId> = arriving.into_iter().map(|(member, _)| member).collect();
    let frame = table.at(ADA).admit(&numbers).unwrap();
    table.commit(ADA, frame);
    let last = table.join("Zoe");
    for member in numbers.into_iter().chain([last]) {
        table.happen(member, EntryKind::Left);
        table.sessions.remove(&member);
    }
    let again = table.join("Zoe");
    assert!(table.at(BOB).roster().contains_key(&again));
    table.assert_one_room();
}
