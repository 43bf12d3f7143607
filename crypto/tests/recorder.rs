//! Whoever kept every byte that passed the server, and learns the invitation's secret later, or has
//! it from the start: it opens nothing of it. What a member's state adds to that is tried in
//! `src/session/recorder.rs`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its test")]

mod common;

use common::{ADA, BOB, CY, ROOM, Record, Table, alias, key};
use sanctuary_crypto::{DoorKnock, DoorStep, Event, Knocked, Newcomer, Session, TurnedAway};
use sanctuary_protocol::{DoorPolicy, EntryKind, MemberId, Policy};

/// A whole conversation: knocks, words, whispers, a welcome said again, a departure, a kick.
fn conversation() -> Table {
    let mut table = Table::start();
    for name in ["Bob", "Cy", "Di"] {
        table.say(ADA, "words");
        table.join(name);
        table.say(BOB, "words");
        table.at(BOB).whisper(ADA, b"whispered").unwrap();
        table.pump(BOB);
    }
    let (eve, newcomer) = table.knock("Eve");
    let first = table.at(ADA).admit(&[eve]).unwrap();
    let asks = Policy { door: DoorPolicy::Ask, ..Policy::default() };
    let change = table.at(ADA).change_policy(asks).unwrap();
    table.commit(ADA, change);
    let overtaken = table.commit(ADA, first);
    table.seat(eve, newcomer, &overtaken).unwrap();
    let again = table.at(ADA).admit(&[eve]).unwrap();
    let welcome = table.commit(ADA, again);
    table.at(eve).welcome_again(&welcome);
    table.vouch(ADA);
    assert!(table.at(eve).is_vouched());
    table.sessions.remove(&eve);
    table.happen(BOB, EntryKind::Left);
    table.sessions.remove(&BOB);
    let clear = table.at(ADA).clear().unwrap();
    table.commit(ADA, clear);
    table.say(CY, "words");
    let kick = table.at(ADA).kick(CY).unwrap();
    table.commit(ADA, kick);
    table.sessions.remove(&CY);
    table.say(ADA, "words");
    table
}

fn is_opened(event: &Event) -> bool {
    match event {
        Event::Said { .. }
        | Event::Whispered { .. }
        | Event::WhisperPassed { .. }
        | Event::Joined { .. }
        | Event::Kicked { .. }
        | Event::Chartered { .. }
        | Event::Renewed { .. }
        | Event::Committed(_)
        | Event::Void(_)
        | Event::Vouched
        | Event::Settled(_) => true,
        Event::Removed { .. }
        | Event::Left { .. }
        | Event::Expired { .. }
        | Event::Unreadable { .. }
        | Event::Tampering(_) => false,
    }
}

#[test]
fn whoever_knows_the_secret_plays_a_member_and_hears_nothing_of_the_record() {
    let table = conversation();
    // In the room of that name, under that secret, as whom the record says, and as nobody of them.
    for me in [ADA, BOB, MemberId(40)] {
        let mut opening = Table::start().opening(ADA);
        opening.member = me;
        let mut eve =
            Session::create(ROOM, &key(), alias("Eve"), opening.policy, &opening).unwrap();
        for entry in &table.record.entries {
            let events = eve.receive(entry);
            assert!(!events.iter().any(is_opened), "{:?}: {events:?}", entry.seq);
        }
    }
}

#[test]
fn whoever_knows_the_secret_plays_a_newcomer_and_opens_no_recorded_welcome() {
    let table = conversation();
    let Record { welcomes, offers, verdicts, .. } = &table.record;
    assert!(welcomes.len() == 5 && offers.len() == 4 && verdicts.len() == 4);
    let opening = |member| {
        let mut opening = Table::start().opening(ADA);
        opening.member = member;
        opening
    };
    for (member, keeper, offer) in offers {
        for welcome in welcomes {
            let (mut eve, _) = Newcomer::knock(ROOM, &key(), alias("Eve"));
            let step = eve.hear_door(*keeper, *member, offer);
            assert!(matches!(step, DoorStep::Reply(_)), "an offer says nothing of its secret");
            for (_, _, verdict) in verdicts.iter().filter(|it| (it.0, it.1) == (*member, *keeper)) {
                assert_eq!(eve.hear_door(*keeper, *member, verdict), DoorStep::Ignored);
            }
            assert!(eve.welcome(&opening(*member), welcome).is_err());
        }
    }
}

#[test]
fn whoever_knows_the_secret_plays_the_doorkeeper_and_reads_no_recorded_answer() {
    let table = conversation();
    for (member, _, answer) in &table.record.answers {
        let mut opening = Table::start().opening(ADA);
        opening.member = ADA;
        let mut eve =
            Session::create(ROOM, &key(), alias("Eve"), opening.policy, &opening).unwrap();
        assert!(matches!(eve.hear_knock(*member), DoorKnock::Offer(_)));
        let knocked = eve.hear_door(*member, answer);
        let wrong = matches!(knocked, Knocked::Refused { why: TurnedAway::WrongKey, .. });
        assert!(wrong, "{knocked:?}");
    }
}

#[test]
fn a_newcomer_is_shown_everything_from_before_it_came_and_opens_nothing() {
    let mut table = Table::of(3);
    table.say(BOB, "before");
    table.at(BOB).whisper(CY, b"before").unwrap();
    table.pump(BOB);
    let before = table.record.entries.len();
    let di = table.join("Di");
    let mut events = Vec::new();
    for entry in &table.record.entries[..before] {
        // As if it were next: a server gives what number it likes.
        let seq = table.sessions[&di].view().seq.next();
        let entry = sanctuary_protocol::Entry { seq, ..entry.clone() };
        events.extend(table.sessions.get_mut(&di).unwrap().receive(&entry));
    }
    assert!(!events.iter().any(is_opened), "{events:?}");
}

#[test]
fn what_passes_a_server_holds_no_word_and_no_name() {
    let mut table = Table::start();
    let words = b"a sentence that would be found";
    table.at(ADA).post(words).unwrap();
    table.join("Bartholomew");
    table.pump(ADA);
    table.at(ADA).whisper(BOB, words).unwrap();
    table.pump(ADA);
    let Record { entries, welcomes, knocks, offers, answers, verdicts } = &table.record;
    let mut passed: Vec<Vec<u8>> = entries.iter().map(sanctuary_protocol::encode).collect();
    passed.extend(welcomes.iter().map(|blob| blob.as_slice().to_vec()));
    passed.extend(knocks.iter().map(|blob| blob.as_slice().to_vec()));
    passed.extend(
        offers.iter().chain(answers).chain(verdicts).map(|(_, _, blob)| blob.as_slice().to_vec()),
    );
    for needle in [&words[..], b"Bartholomew", b"Ada"] {
        let found = passed.iter().any(|it| it.windows(needle.len()).any(|part| part == needle));
        assert!(!found, "{needle:?}");
    }
}
