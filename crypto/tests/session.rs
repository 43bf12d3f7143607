//! What holds between the sessions of one room when the server is honest.

mod common;

use common::{ADA, BOB, CY, DI, Table, alias, key, said};
use sanctuary_crypto::{AdmitError, Change, ChangeError, Event, Knocked, Stretched, TurnedAway};
use sanctuary_protocol::{DoorPolicy, EntryKind, MemberId, Moderation, Policy, Presence, Seq};

#[test]
fn whoever_knows_the_secret_comes_in_and_is_known_to_all_by_name() {
    let mut table = Table::start();
    table.join("Bob");
    let joined = Event::Joined { member: BOB, alias: alias("Bob"), by: ADA };
    assert!(table.events(ADA).contains(&joined));
    table.join("Cy");
    for member in [ADA, BOB, CY] {
        let names: Vec<&str> =
            table.at(member).roster().values().map(|alias| alias.as_str()).collect();
        assert_eq!(names, ["Ada", "Bob", "Cy"]);
    }
    table.assert_one_room();
}

#[test]
fn sixteen_come_in_by_one_commit_and_one_welcome() {
    let mut table = Table::of(2);
    let arriving: Vec<_> = (0..16).map(|number| table.knock(&format!("Guest {number}"))).collect();
    let numbers: Vec<MemberId> = arriving.iter().map(|(member, _)| *member).collect();
    let commit = table.at(ADA).admit(&numbers).unwrap();
    let welcome = table.commit(ADA, commit);
    for (member, newcomer) in arriving {
        table.seat(member, newcomer, &welcome).unwrap();
    }
    table.vouch(ADA);
    table.assert_one_room();
}

#[test]
fn a_wrong_secret_is_turned_away_and_leaves_nothing_behind() {
    let mut table = Table::of(2);
    let (member, _, knocked) = table.knock_with(&Stretched::from_bytes([2; 32]), "Eve");
    assert!(matches!(knocked, Knocked::Refused { why: TurnedAway::WrongKey, .. }));
    assert_eq!(table.at(ADA).admit(&[member]), Err(AdmitError::NotKnocking(member)));
    table.assert_one_room();
}

#[test]
fn a_name_that_looks_like_another_s_is_turned_away() {
    let mut table = Table::of(2);
    let (_, _, knocked) = table.knock_with(&key(), "b0b");
    let taken = matches!(knocked, Knocked::Refused { why: TurnedAway::AliasTaken, .. });
    assert!(taken || matches!(knocked, Knocked::Admissible { .. }));
    let (_, _, knocked) = table.knock_with(&key(), "BOB");
    assert!(matches!(knocked, Knocked::Refused { why: TurnedAway::AliasTaken, .. }));
}

#[test]
fn a_kicked_member_reads_nothing_that_follows_and_the_old_invitation_opens_nothing() {
    let mut table = Table::of(3);
    let commit = table.at(ADA).kick(BOB).unwrap();
    table.commit(ADA, commit);
    let kicked = Event::Kicked { member: BOB, alias: alias("Bob"), by: ADA };
    assert_eq!(table.events(BOB), std::slice::from_ref(&kicked));

    let renewed: Vec<Vec<Event>> = [ADA, CY].map(|member| table.events(member)).into();
    let secret = |events: &[Event]| {
        events.iter().find_map(|event| match event {
            Event::Renewed { secret, by: ADA } => Some(secret.clone()),
            _ => None,
        })
    };
    assert!(renewed.iter().all(|events| events.contains(&kicked)));
    let [Some(adas), Some(cys)] = [secret(&renewed[0]), secret(&renewed[1])] else {
        panic!("{renewed:?}");
    };
    assert_eq!(adas, cys);

    let mut bob = table.sessions.remove(&BOB).unwrap();
    table.at(ADA).post(b"he is gone").unwrap();
    for ciphertext in table.outgoing(ADA) {
        let entry = table.post(ADA, ciphertext);
        let heard = bob.receive(&entry);
        assert!(!heard.contains(&said(ADA, "he is gone")), "{heard:?}");
        table.show(&entry);
    }
    assert_eq!(table.heard(CY), ["he is gone"]);

    let renewed = Stretched::from_bytes([9; 32]);
    table.at(ADA).renew_door(&renewed);
    table.at(CY).renew_door(&renewed);
    let (_, _, knocked) = table.knock_with(&key(), "Bob");
    assert!(matches!(knocked, Knocked::Refused { why: TurnedAway::WrongKey, .. }));
    let (_, _, knocked) = table.knock_with(&renewed, "Bob");
    assert!(matches!(knocked, Knocked::Admissible { .. }));
}

#[test]
fn a_door_is_shut_while_its_invitation_is_being_renewed() {
    let mut table = Table::of(2);
    let commit = table.at(ADA).renew().unwrap();
    table.commit(ADA, commit);
    assert_eq!(table.at(ADA).hear_knock(CY), sanctuary_crypto::DoorKnock::NotNow);
    table.assert_one_room();
}

#[test]
fn a_kick_forgets_even_those_whose_admission_was_on_its_way() {
    let mut table = Table::of(3);
    let everyone = Policy { moderation: Moderation::Everyone, door: DoorPolicy::Open };
    let commit = table.at(ADA).change_policy(everyone).unwrap();
    table.commit(ADA, commit);
    let (member, newcomer) = table.knock("Di");
    let admission = table.at(ADA).admit(&[member]).unwrap();
    let kick = table.at(BOB).kick(CY).unwrap();
    table.commit(BOB, kick);
    table.sessions.remove(&CY);
    table.forget_events();
    let phantom = table.commit(ADA, admission);
    assert!(table.events(ADA).contains(&Event::Void(Change::Admit(vec![DI]))));
    assert_eq!(table.events(BOB), []);
    table.seat(member, newcomer, &phantom).unwrap();

    // The newcomer knows no better, and says nothing; what the others say is no news to it.
    table.say(BOB, "who is there?");
    assert_eq!(table.events(DI), []);
    // It proved a secret that opens nothing any more, and is let in by nobody.
    table.at(ADA).renew_door(&Stretched::from_bytes([9; 32]));
    assert!(matches!(table.at(ADA).admit(&[member]), Err(AdmitError::NotKnocking(_))));
}

#[test]
fn an_admission_made_again_reaches_those_who_hold_the_void_welcome() {
    let mut table = Table::of(3);
    let (member, newcomer) = table.knock("Di");
    let admission = table.at(ADA).admit(&[member]).unwrap();
    let other = table.at(ADA).change_policy(asking()).unwrap();
    // Both are Ada's; the second overtakes nothing, but the first ends the epoch of the second.
    let phantom = table.commit(ADA, admission);
    table.commit(ADA, other);
    assert!(table.events(ADA).contains(&Event::Void(Change::Policy(asking()))));
    table.seat(member, newcomer, &phantom).unwrap();
    table.vouch(ADA);
    table.assert_one_room();
}

#[test]
fn a_newcomer_of_a_void_commit_comes_in_by_the_next_welcome() {
    let mut table = Table::of(2);
    let (member, newcomer) = table.knock("Cy");
    let first = table.at(ADA).admit(&[member]).unwrap();
    let again = {
        // Bob takes over the door's settings meanwhile: any other commit does.
        table.happen(ADA, EntryKind::Host { to: BOB });
        table.happen(ADA, EntryKind::Gone);
        let takes_over = table.at(BOB).take_over().unwrap();
        table.commit(BOB, takes_over);
        table.happen(ADA, EntryKind::Back);
        let phantom = table.commit(ADA, first);
        table.seat(member, newcomer, &phantom).unwrap();
        table.happen(BOB, EntryKind::Host { to: ADA });
        table.at(ADA).admit(&[member]).unwrap()
    };
    let welcome = table.commit(ADA, again);
    table.at(CY).welcome_again(&welcome);
    table.vouch(ADA);
    table.assert_one_room();
}

fn asking() -> Policy {
    Policy { moderation: Moderation::Host, door: DoorPolicy::Ask }
}

#[test]
fn whoever_left_loses_its_keys_by_a_commit_of_the_doorkeeper() {
    let mut table = Table::of(3);
    table.happen(BOB, EntryKind::Left);
    assert!(table.events(ADA).contains(&Event::Left { member: BOB, alias: alias("Bob") }));
    assert_eq!(table.at(ADA).roster().len(), 2);
    assert_eq!(table.at(ADA).members().len(), 3);
    assert_eq!(table.at(CY).clear(), None, "it is the doorkeeper's to do");
    let commit = table.at(ADA).clear().unwrap();
    table.sessions.remove(&BOB);
    table.commit(ADA, commit);
    assert_eq!(table.at(CY).members().len(), 2);
    assert_eq!(table.events(CY).last(), Some(&Event::Left { member: BOB, alias: alias("Bob") }));
    table.assert_one_room();
}

#[test]
fn who_left_may_come_back_under_the_same_name() {
    let mut table = Table::of(3);
    table.happen(BOB, EntryKind::Expired);
    table.sessions.remove(&BOB);
    assert_eq!(table.join("Bob"), DI);
    assert_eq!(table.at(CY).members().len(), 3, "the commit that lets Bob in clears Bob away");
    table.assert_one_room();
}

#[test]
fn a_host_hands_over_and_only_a_host_may() {
    let mut table = Table::of(3);
    assert_eq!(table.at(BOB).hand_over(CY), Err(ChangeError::NotAllowed));
    assert_eq!(table.at(BOB).change_policy(asking()), Err(ChangeError::NotAllowed));
    assert_eq!(table.at(BOB).kick(CY), Err(ChangeError::NotAllowed));
    assert_eq!(table.at(ADA).hand_over(ADA), Err(ChangeError::Yourself));
    assert_eq!(table.at(ADA).hand_over(DI), Err(ChangeError::NoSuchMember));
    let commit = table.at(ADA).hand_over(CY).unwrap();
    table.commit(ADA, commit);
    for member in [ADA, BOB, CY] {
        assert_eq!(table.at(member).charter().host, CY);
    }
    assert!(matches!(table.events(BOB).last(), Some(Event::Chartered { by: ADA, .. })));
    assert_eq!(table.at(ADA).kick(BOB), Err(ChangeError::NotAllowed));
    table.assert_one_room();
}

#[test]
fn the_senior_of_those_who_are_there_follows_a_host_that_is_not() {
    let mut table = Table::of(3);
    assert_eq!(table.at(BOB).take_over(), None);
    table.happen(ADA, EntryKind::Gone);
    table.happen(BOB, EntryKind::Host { to: BOB });
    assert_eq!(table.at(CY).take_over(), None);
    let commit = table.at(BOB).take_over().unwrap();
    table.commit(BOB, commit);
    assert_eq!(table.at(CY).charter().host, BOB);
    table.happen(ADA, EntryKind::Back);
    assert_eq!(table.at(ADA).charter().host, BOB);
    table.assert_one_room();
}

#[test]
fn the_words_cover_whoever_can_read_and_change_with_every_epoch() {
    let mut table = Table::of(2);
    let before = table.at(ADA).safety();
    assert_eq!(before, table.at(BOB).safety());
    assert_eq!(before.members.len(), 2);
    table.join("Cy");
    let after = table.at(ADA).safety();
    assert_ne!(before.words, after.words);
    assert_eq!(after, table.at(CY).safety());
}

#[test]
fn a_key_s_tag_is_the_same_for_everybody_and_another_with_another_key() {
    let mut table = Table::of(2);
    let tag = |table: &mut Table, at, of| table.at(at).key_tag(of).unwrap();
    let (adas, bobs) = (tag(&mut table, ADA, ADA), tag(&mut table, ADA, BOB));
    assert_ne!(adas, bobs);
    table.join("Cy");
    for at in [ADA, BOB, CY] {
        assert_eq!((tag(&mut table, at, ADA), tag(&mut table, at, BOB)), (adas, bobs));
    }
    assert_eq!(tag(&mut table, ADA, CY), tag(&mut table, CY, CY));
    assert_eq!(table.at(ADA).key_tag(MemberId(99)), None);
}

#[test]
fn a_session_prints_neither_names_nor_keys() {
    let mut table = Table::of(2);
    let shown = format!("{:?}", table.at(ADA));
    assert!(!shown.contains("Bob") && shown.starts_with("Session { me: MemberId(1)"), "{shown}");
}

#[test]
fn presence_is_the_server_s_word_and_changes_no_key() {
    let mut table = Table::of(2);
    let epoch = table.at(ADA).epoch();
    table.happen(BOB, EntryKind::Gone);
    assert_eq!(table.at(ADA).view().seats.get(&BOB), Some(&Presence::Gone));
    let expected: Seq = table.view.seq;
    assert_eq!(table.at(ADA).view().seq, expected);
    assert_eq!(table.at(ADA).epoch(), epoch);
}
