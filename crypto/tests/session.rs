//! What holds between sessions of one room, with a server between them that does what the tests
//! tell it to. This many lines because the cases share that one small server.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its test")]

use sanctuary_crypto::{
    AdmitError, Alias, DoorStep, Event, KickError, KnockHeard, Newcomer, PLAINTEXT_BYTES_MAX,
    SealError, Session, Stretched, TurnedAway, WelcomeError,
};
use sanctuary_protocol::{
    ClientFrame, CommitBlob, DoorBlob, Entry, EntryKind, Few, Head, KnockBlob, MemberId, Opening,
    Policy, PostBlob, Presence, ResumeToken, RoomId, Seat, Seq, WelcomeBlob,
};

const ROOM: RoomId = RoomId::from_bytes([7; 16]);
const ADA: MemberId = MemberId(1);
const BOB: MemberId = MemberId(2);
const CY: MemberId = MemberId(3);

fn key() -> Stretched {
    Stretched::from_bytes([1; 32])
}

fn alias(text: &str) -> Alias {
    Alias::new(text).unwrap()
}

fn opening(member: MemberId, seats: &[MemberId]) -> Opening {
    let seats = seats.iter().map(|&member| Seat { member, presence: Presence::Live }).collect();
    Opening {
        member,
        token: ResumeToken::from_bytes([0; 16]),
        seq: Seq(0),
        head: Head::START,
        policy: Policy::default(),
        host: ADA,
        committer: ADA,
        seats: Vec::try_into(seats).unwrap(),
    }
}

fn entry(from: MemberId, kind: EntryKind) -> Entry {
    Entry { seq: Seq(1), from, kind }
}

fn post(from: MemberId, ciphertext: PostBlob) -> Entry {
    entry(from, EntryKind::Post { ciphertext })
}

/// A commit as the server sequences it, and its welcome.
fn sequenced(from: MemberId, frame: ClientFrame) -> (Entry, WelcomeBlob) {
    let ClientFrame::Commit { ciphertext, admits, evicts, welcome } = frame else {
        panic!("{frame:?} is no commit");
    };
    (entry(from, EntryKind::Commit { ciphertext, admits, evicts }), welcome)
}

fn ada() -> Session {
    Session::create(ROOM, &key(), alias("Ada"), &opening(ADA, &[ADA]))
}

/// Lets `newcomer` into the room that `host` and `others` are in.
fn join(host: &mut Session, others: &mut [&mut Session], member: MemberId, name: &str) -> Session {
    let (newcomer, knock) = Newcomer::knock(ROOM, &key(), alias(name));
    assert!(matches!(host.hear_knock(member, &knock), KnockHeard::Admissible { .. }));
    let (entry, welcome) = sequenced(host.me(), host.admit(&[member]).unwrap());
    host.receive(&entry);
    for other in others {
        other.receive(&entry);
    }
    let seats: Vec<MemberId> = host.roster().keys().copied().collect();
    newcomer.welcome(&opening(member, &seats), &welcome).unwrap()
}

fn ada_and_bob() -> (Session, Session) {
    let mut ada = ada();
    let bob = join(&mut ada, &mut [], BOB, "Bob");
    (ada, bob)
}

fn ada_bob_and_cy() -> (Session, Session, Session) {
    let (mut ada, mut bob) = ada_and_bob();
    let cy = join(&mut ada, &mut [&mut bob], CY, "Cy");
    (ada, bob, cy)
}

fn said(from: MemberId, text: &str) -> Event {
    Event::Said { from, plaintext: text.as_bytes().to_vec().into() }
}

fn still_talk(one: &mut Session, other: &mut Session) {
    let entry = post(one.me(), one.post(b"still here?").unwrap());
    assert_eq!(other.receive(&entry), [said(one.me(), "still here?")]);
    let entry = post(other.me(), other.post(b"yes").unwrap());
    assert_eq!(one.receive(&entry), [said(other.me(), "yes")]);
}

#[test]
fn whoever_holds_the_key_comes_in_and_is_known_to_all_by_name() {
    let mut ada = ada();
    let (mut newcomer, knock) = Newcomer::knock(ROOM, &key(), alias("Bob"));
    let KnockHeard::Admissible { alias: heard, reply } = ada.hear_knock(BOB, &knock) else {
        panic!("Bob holds the key");
    };
    assert_eq!(heard, alias("Bob"));
    assert_eq!(newcomer.hear_door(ADA, BOB, &reply), DoorStep::Heard);

    let (entry, welcome) = sequenced(ADA, ada.admit(&[BOB]).unwrap());
    assert_eq!(ada.roster().len(), 1, "nobody is in before the commit is sequenced");
    let joined = Event::Joined { member: BOB, alias: alias("Bob"), by: ADA };
    assert_eq!(ada.receive(&entry), [joined]);
    let mut bob = newcomer.welcome(&opening(BOB, &[ADA, BOB]), &welcome).unwrap();

    assert_eq!(bob.me(), BOB);
    assert_eq!(ada.roster(), bob.roster());
    assert_eq!(bob.roster()[&ADA], alias("Ada"));
    still_talk(&mut ada, &mut bob);
}

#[test]
fn one_commit_lets_a_batch_in_with_one_welcome() {
    let mut ada = ada();
    let (bob, bobs_knock) = Newcomer::knock(ROOM, &key(), alias("Bob"));
    let (cy, cys_knock) = Newcomer::knock(ROOM, &key(), alias("Cy"));
    ada.hear_knock(BOB, &bobs_knock);
    ada.hear_knock(CY, &cys_knock);
    let (entry, welcome) = sequenced(ADA, ada.admit(&[CY, BOB, BOB]).unwrap());
    assert_eq!(ada.receive(&entry).len(), 2);
    let mut bob = bob.welcome(&opening(BOB, &[ADA, BOB, CY]), &welcome).unwrap();
    let mut cy = cy.welcome(&opening(CY, &[ADA, BOB, CY]), &welcome).unwrap();
    assert_eq!(bob.roster(), cy.roster());
    still_talk(&mut bob, &mut cy);
}

#[test]
fn an_author_gets_its_own_words_back() {
    let (mut ada, _) = ada_and_bob();
    let entry = post(ADA, ada.post(b"hello").unwrap());
    assert_eq!(ada.receive(&entry), [said(ADA, "hello")]);
}

#[test]
fn a_wrong_key_does_not_open_the_room_and_the_newcomer_learns_that_alone() {
    let mut ada = ada();
    let (mut newcomer, knock) =
        Newcomer::knock(ROOM, &Stretched::from_bytes([2; 32]), alias("Eve"));
    let KnockHeard::Refused { why: TurnedAway::WrongKey, reply } = ada.hear_knock(BOB, &knock)
    else {
        panic!("Eve holds another key");
    };
    assert_eq!(reply.len(), 1);
    let told = newcomer.hear_door(ADA, BOB, &reply);
    assert_eq!(told, DoorStep::TurnedAway(TurnedAway::WrongKey));
    assert_eq!(ada.admit(&[BOB]), Err(AdmitError::NotKnocking(BOB)));
}

#[test]
fn a_name_that_looks_like_one_inside_or_before_at_the_door_is_taken() {
    let (mut ada, _) = ada_and_bob();
    let (_, cys_knock) = Newcomer::knock(ROOM, &key(), alias("Cy"));
    ada.hear_knock(CY, &cys_knock);
    for taken in ["ADA", "Аda", "B0b", "c y"] {
        let (mut newcomer, knock) = Newcomer::knock(ROOM, &key(), alias(taken));
        let KnockHeard::Refused { why: TurnedAway::AliasTaken, reply } =
            ada.hear_knock(MemberId(9), &knock)
        else {
            panic!("{taken} is taken");
        };
        let told = newcomer.hear_door(ADA, MemberId(9), &reply);
        assert_eq!(told, DoorStep::TurnedAway(TurnedAway::AliasTaken));
    }
    ada.forget_knock(CY);
    let (_, knock) = Newcomer::knock(ROOM, &key(), alias("Cy"));
    assert!(matches!(ada.hear_knock(MemberId(9), &knock), KnockHeard::Admissible { .. }));
}

#[test]
fn a_declined_newcomer_is_told_under_the_key_and_not_let_in() {
    let mut ada = ada();
    let (mut newcomer, knock) = Newcomer::knock(ROOM, &key(), alias("Bob"));
    ada.hear_knock(BOB, &knock);
    let reply = ada.decline(BOB);
    let told = newcomer.hear_door(ADA, BOB, &reply);
    assert_eq!(told, DoorStep::TurnedAway(TurnedAway::Declined));
    assert_eq!(ada.admit(&[BOB]), Err(AdmitError::NotKnocking(BOB)));
}

#[test]
fn an_answer_to_one_knock_answers_no_other() {
    let mut ada = ada();
    let (_, knock) = Newcomer::knock(ROOM, &key(), alias("Bob"));
    ada.hear_knock(BOB, &knock);
    let declined = ada.decline(BOB);
    let (mut other, knock) = Newcomer::knock(ROOM, &key(), alias("Bob"));
    assert_eq!(other.hear_door(ADA, BOB, &declined), DoorStep::Ignored);
    let KnockHeard::Admissible { reply, .. } = ada.hear_knock(BOB, &knock) else {
        panic!("Bob holds the key");
    };
    assert_eq!(other.hear_door(CY, BOB, &reply), DoorStep::Ignored, "another doorkeeper");
    assert_eq!(other.hear_door(ADA, CY, &reply), DoorStep::Ignored, "another newcomer");
    assert_eq!(other.hear_door(ADA, BOB, &reply), DoorStep::Heard);
}

#[test]
fn every_sealed_answer_at_the_door_has_one_size() {
    let mut ada = ada();
    let mut sizes = Vec::new();
    for name in ["Bob", "A name of thirty-two characters!", "Ada"] {
        let (_, knock) = Newcomer::knock(ROOM, &key(), alias(name));
        let (KnockHeard::Admissible { reply, .. } | KnockHeard::Refused { reply, .. }) =
            ada.hear_knock(BOB, &knock);
        sizes.push((knock.len(), reply.len(), ada.decline(BOB).len()));
    }
    assert_eq!(sizes, [(284, 92, 92); 3]);
}

#[test]
fn only_a_few_remembered_knocks_are_admitted_at_once_and_only_by_free_names() {
    let mut ada = ada();
    assert_eq!(ada.admit(&[]), Err(AdmitError::Nobody));
    assert_eq!(ada.admit(&[BOB]), Err(AdmitError::NotKnocking(BOB)));
    let many: Vec<MemberId> = (10..27).map(MemberId).collect();
    for (position, member) in many.iter().enumerate() {
        let name = format!("Guest {}", char::from(b'A' + position as u8));
        let (_, knock) = Newcomer::knock(ROOM, &key(), alias(&name));
        assert!(matches!(ada.hear_knock(*member, &knock), KnockHeard::Admissible { .. }));
    }
    assert_eq!(ada.admit(&many), Err(AdmitError::TooMany));
    assert!(ada.admit(&many[..16]).is_ok());
}

#[test]
fn a_newcomer_whose_name_was_taken_meanwhile_is_not_admitted() {
    let (mut ada, mut bob) = ada_and_bob();
    let knock = || Newcomer::knock(ROOM, &key(), alias("Cy")).1;
    ada.hear_knock(CY, &knock());
    bob.hear_knock(MemberId(4), &knock());
    let (first, _) = sequenced(ADA, ada.admit(&[CY]).unwrap());
    let (second, _) = sequenced(BOB, bob.admit(&[MemberId(4)]).unwrap());
    bob.receive(&first);
    assert_eq!(bob.admit(&[MemberId(4)]), Err(AdmitError::AliasTaken(MemberId(4))));
    // Had the commit been sent already, it would count for nobody.
    assert_eq!(bob.receive(&second), [Event::Unreadable { from: BOB }]);
    assert_eq!(bob.roster().len(), 3);
}

#[test]
fn a_commit_that_the_server_refused_can_be_made_again() {
    let mut ada = ada();
    let (newcomer, knock) = Newcomer::knock(ROOM, &key(), alias("Bob"));
    ada.hear_knock(BOB, &knock);
    ada.admit(&[BOB]).unwrap();
    let (entry, welcome) = sequenced(ADA, ada.admit(&[BOB]).unwrap());
    assert_eq!(ada.receive(&entry).len(), 1);
    assert!(newcomer.welcome(&opening(BOB, &[ADA, BOB]), &welcome).is_ok());
    assert_eq!(ada.receive(&entry), [], "and said twice it lets nobody in twice");
}

#[test]
fn a_welcome_is_for_the_newcomers_of_its_commit_alone() {
    let mut ada = ada();
    let (newcomer, knock) = Newcomer::knock(ROOM, &key(), alias("Bob"));
    ada.hear_knock(BOB, &knock);
    let (_, welcome) = sequenced(ADA, ada.admit(&[BOB]).unwrap());
    let seats = opening(BOB, &[ADA, BOB]);

    let error = |newcomer: &Newcomer, opening: &Opening| newcomer.welcome(opening, &welcome).err();
    assert_eq!(error(&newcomer, &seats), None);
    let (later, _) = Newcomer::knock(ROOM, &key(), alias("Bob"));
    assert_eq!(error(&later, &seats), Some(WelcomeError::NotForMe));
    assert_eq!(error(&newcomer, &opening(CY, &[ADA, CY])), Some(WelcomeError::NotForMe));
    let by_another = Opening { committer: CY, ..seats.clone() };
    assert_eq!(error(&newcomer, &by_another), Some(WelcomeError::Unreadable));
    let (elsewhere, _) = Newcomer::knock(RoomId::from_bytes([8; 16]), &key(), alias("Bob"));
    assert_eq!(error(&elsewhere, &seats), Some(WelcomeError::Unreadable));
    let (keyless, _) = Newcomer::knock(ROOM, &Stretched::from_bytes([2; 32]), alias("Bob"));
    assert_eq!(error(&keyless, &seats), Some(WelcomeError::Unreadable));
}

#[test]
fn who_left_while_the_welcome_was_on_its_way_is_not_in_the_roster() {
    let (mut ada, _) = ada_and_bob();
    let (newcomer, knock) = Newcomer::knock(ROOM, &key(), alias("Cy"));
    ada.hear_knock(CY, &knock);
    let (_, welcome) = sequenced(ADA, ada.admit(&[CY]).unwrap());
    let cy = newcomer.welcome(&opening(CY, &[ADA, CY]), &welcome).unwrap();
    assert_eq!(cy.roster().keys().copied().collect::<Vec<_>>(), [ADA, CY]);
}

#[test]
fn a_whisper_is_heard_by_its_two_ends_and_seen_by_the_others() {
    let (mut ada, mut bob, mut cy) = ada_bob_and_cy();
    let entry = post(ADA, ada.whisper(BOB, b"psst").unwrap());
    let heard = Event::Whispered { from: ADA, to: BOB, plaintext: b"psst".to_vec().into() };
    for end in [&mut ada, &mut bob] {
        assert_eq!(end.receive(&entry), std::slice::from_ref(&heard));
    }
    assert_eq!(cy.receive(&entry), [Event::WhisperPassed { from: ADA }]);
    assert_eq!(ada.whisper(MemberId(9), b"psst"), Err(SealError::NoSuchMember));
    assert_eq!(ada.whisper(BOB, b"psst").unwrap().len(), ada.post(b"psst").unwrap().len());
}

#[test]
fn the_longest_message_fits_and_one_byte_more_does_not() {
    let (mut ada, mut bob) = ada_and_bob();
    let longest = vec![b'a'; PLAINTEXT_BYTES_MAX];
    let entry = post(ADA, ada.whisper(BOB, &longest).unwrap());
    assert!(matches!(&bob.receive(&entry)[..], [Event::Whispered { plaintext, .. }]
        if plaintext[..] == longest));
    let entry = post(ADA, ada.post(&longest).unwrap());
    assert!(matches!(&bob.receive(&entry)[..], [Event::Said { plaintext, .. }]
        if plaintext[..] == longest));
    let actual = PLAINTEXT_BYTES_MAX + 1;
    let too_long = SealError::TooLong { limit: PLAINTEXT_BYTES_MAX, actual };
    assert_eq!(ada.post(&vec![b'a'; actual]), Err(too_long));
    assert_eq!(ada.whisper(BOB, &vec![b'a'; actual]), Err(too_long));
}

#[test]
fn who_is_kicked_is_out_when_the_kick_is_sequenced_and_is_not_heard_after_it() {
    let (mut ada, mut bob, mut cy) = ada_bob_and_cy();
    let (entry, _) = sequenced(ADA, ada.kick(CY).unwrap());
    assert_eq!(ada.roster().len(), 3);
    let kicked = [Event::Kicked { member: CY, alias: alias("Cy"), by: ADA }];
    for session in [&mut ada, &mut bob, &mut cy] {
        assert_eq!(session.receive(&entry), kicked);
        assert_eq!(session.roster().len(), 2);
    }
    let late = post(CY, cy.post(b"I am still here").unwrap());
    assert_eq!(bob.receive(&late), [Event::Unreadable { from: CY }]);
    assert_eq!(ada.kick(CY), Err(KickError::NoSuchMember));
    assert_eq!(ada.kick(ADA), Err(KickError::Yourself));
    still_talk(&mut ada, &mut bob);
}

#[test]
fn whom_the_server_puts_out_without_a_sealed_word_is_shown_as_removed_by_it() {
    let evicts = || Few::try_from(vec![CY]).unwrap();
    let (mut ada, _, mut cy) = ada_bob_and_cy();
    let (real_kick, _) = sequenced(ADA, ada.kick(BOB).unwrap());
    let EntryKind::Commit { ciphertext: of_bob, .. } = real_kick.kind else {
        panic!("a kick is a commit");
    };
    let garbage = CommitBlob::try_from(vec![0; 300]).unwrap();
    for ciphertext in [of_bob, garbage] {
        let (mut ada, mut bob, _) = ada_bob_and_cy();
        let kind = EntryKind::Commit { ciphertext, admits: Few::none(), evicts: evicts() };
        let removed = Event::Removed { member: CY, alias: alias("Cy") };
        assert_eq!(bob.receive(&entry(ADA, kind)), [Event::Unreadable { from: ADA }, removed]);
        assert_eq!(bob.roster().len(), 2);
        still_talk(&mut ada, &mut bob);
    }
    // Not even when the word is sealed, but by somebody else.
    let (cys_kick, _) = sequenced(CY, cy.kick(BOB).unwrap());
    let forged = Entry { from: ADA, ..cys_kick };
    assert!(matches!(ada.receive(&forged)[..], [Event::Unreadable { .. }, Event::Removed { .. }]));
}

#[test]
fn whom_the_server_seats_without_a_sealed_word_is_in_nobody_s_roster() {
    let (mut ada, mut bob) = ada_and_bob();
    let (_, knock) = Newcomer::knock(ROOM, &key(), alias("Cy"));
    ada.hear_knock(CY, &knock);
    let (real, _) = sequenced(ADA, ada.admit(&[CY]).unwrap());
    let EntryKind::Commit { ciphertext, .. } = real.kind else { panic!("an admit is a commit") };
    let more = EntryKind::Commit {
        ciphertext: ciphertext.clone(),
        admits: Few::try_from(vec![CY, MemberId(4)]).unwrap(),
        evicts: Few::none(),
    };
    assert_eq!(bob.receive(&entry(ADA, more)), [Event::Unreadable { from: ADA }]);
    let with_evict = EntryKind::Commit {
        ciphertext: ciphertext.clone(),
        admits: Few::try_from(vec![CY]).unwrap(),
        evicts: Few::try_from(vec![BOB]).unwrap(),
    };
    assert!(matches!(
        bob.receive(&entry(ADA, with_evict))[..],
        [Event::Unreadable { from: ADA }, Event::Removed { member: BOB, .. }]
    ));
    assert!(!bob.roster().contains_key(&CY));
    let nobody = EntryKind::Commit { ciphertext, admits: Few::none(), evicts: Few::none() };
    assert_eq!(ada.receive(&entry(ADA, nobody)), [Event::Unreadable { from: ADA }]);
}

#[test]
fn who_leaves_and_whose_seat_expires_is_named_once() {
    let (_, mut bob, _) = ada_bob_and_cy();
    let left = Event::Left { member: CY, alias: alias("Cy") };
    assert_eq!(bob.receive(&entry(CY, EntryKind::Left)), [left]);
    assert_eq!(bob.receive(&entry(CY, EntryKind::Left)), []);
    let expired = Event::Expired { member: ADA, alias: alias("Ada") };
    assert_eq!(bob.receive(&entry(ADA, EntryKind::Expired)), [expired]);
    assert_eq!(bob.roster().len(), 1);
}

#[test]
fn entries_that_are_the_server_s_word_alone_say_nothing_here() {
    let (mut ada, mut bob) = ada_and_bob();
    for kind in [
        EntryKind::Gone,
        EntryKind::Back,
        EntryKind::Host { to: BOB },
        EntryKind::Committer,
        EntryKind::Policy(Policy::default()),
    ] {
        assert_eq!(ada.receive(&entry(BOB, kind)), []);
    }
    still_talk(&mut ada, &mut bob);
}

#[test]
fn the_server_cannot_put_words_into_another_mouth_or_another_room() {
    let (mut ada, mut bob, _) = ada_bob_and_cy();
    let words = ada.post(b"it was me").unwrap();
    assert_eq!(bob.receive(&post(CY, words.clone())), [Event::Unreadable { from: CY }]);
    let elsewhere = RoomId::from_bytes([8; 16]);
    let mut there = Session::create(elsewhere, &key(), alias("Ada"), &opening(ADA, &[ADA]));
    assert_eq!(there.receive(&post(ADA, words)), [Event::Unreadable { from: ADA }]);
}

#[test]
fn garbage_at_the_door_is_refused_and_forgotten() {
    let mut ada = ada();
    for bytes in [vec![], vec![0], vec![0; 284], vec![0xff; 2048]] {
        let heard = ada.hear_knock(BOB, &KnockBlob::try_from(bytes.clone()).unwrap());
        assert!(matches!(heard, KnockHeard::Refused { why: TurnedAway::WrongKey, .. }));
        let word = DoorBlob::try_from(bytes).unwrap();
        assert_eq!(ada.hear_door(BOB, &word), DoorStep::Ignored);
    }
    assert_eq!(ada.admit(&[BOB]), Err(AdmitError::NotKnocking(BOB)));
}

#[test]
fn the_door_remembers_only_so_many_knocks() {
    let mut ada = ada();
    let mut heard = Vec::new();
    for number in 10..80 {
        // Two letters a name, so that no two look alike.
        let letter = |at: u32| char::from_u32('a' as u32 + at).unwrap();
        let name = format!("{}x{}", letter(number / 10), letter(number % 10 + 10));
        let (_, knock) = Newcomer::knock(ROOM, &key(), alias(&name));
        heard.push(ada.hear_knock(MemberId(number), &knock));
    }
    let (kept, refused) = heard.split_at(64);
    assert!(kept.iter().all(|heard| matches!(heard, KnockHeard::Admissible { .. })));
    assert!(
        refused
            .iter()
            .all(|heard| matches!(heard, KnockHeard::Refused { why: TurnedAway::Declined, .. }))
    );
}

#[test]
fn a_full_room_s_welcome_fits_its_bound() {
    let mut ada = ada();
    let widest = |number: u32| {
        // Thirty-two characters of four bytes each, different in the last ones.
        let tail: String =
            (0..4).map(|at| char::from_u32(0x20000 + (number >> (4 * at) & 15)).unwrap()).collect();
        alias(&format!("{}{tail}", "𠀀".repeat(28)))
    };
    for first in (100..356).step_by(16) {
        let batch: Vec<MemberId> = (first..first + 16).map(MemberId).collect();
        for member in &batch {
            let (_, knock) = Newcomer::knock(ROOM, &key(), widest(member.0));
            assert!(matches!(ada.hear_knock(*member, &knock), KnockHeard::Admissible { .. }));
        }
        let (entry, welcome) = sequenced(ADA, ada.admit(&batch).unwrap());
        assert_eq!(ada.receive(&entry).len(), 16);
        assert!(welcome.len() <= 64 * 1024 + 28, "{}", welcome.len());
    }
    assert_eq!(ada.roster().len(), 257);
}

#[test]
fn a_session_prints_neither_names_nor_keys() {
    let (ada, _) = ada_and_bob();
    let (newcomer, _) = Newcomer::knock(ROOM, &key(), alias("Cy"));
    let shown = format!("{ada:?} {newcomer:?}");
    assert!(!["Ada", "Bob", "Cy", "[1, 1"].iter().any(|secret| shown.contains(secret)), "{shown}");
}
