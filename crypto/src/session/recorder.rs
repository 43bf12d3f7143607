//! What a server that kept everything can do with a member's state. Whoever goes is taken to hand
//! over all it held when it went; its session is asked past every check of order, for a server can
//! leave those out.

use sanctuary_protocol::{Entry, EntryKind, MemberId};

use super::Session;
use crate::group::Next;
use crate::table::{ADA, BOB, CY, DI, Table};

mod hoard;

/// What a state makes of what was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Yield {
    Words,
    /// A commit that leads into the next epoch.
    Epoch,
    /// What is sealed around a commit, which leads nowhere: who is put out by it sees no more.
    Wrapping,
    Nothing,
}

/// Tries everything the state has a key for.
fn try_open(session: &Session, entry: &Entry) -> Yield {
    match &entry.kind {
        EntryKind::Post { ciphertext } => {
            let mut group = session.group.clone();
            match group.open(entry.from, ciphertext.as_slice()) {
                Ok(_) => Yield::Words,
                Err(_) => Yield::Nothing,
            }
        }
        EntryKind::Commit { ciphertext, .. } => {
            let unwrapped = session.unwrap_commit(entry.from, ciphertext.as_slice());
            let commit = unwrapped.and_then(|unwrapped| unwrapped.commit);
            match commit.map(|commit| session.group.follow(&commit)) {
                Some(Ok((Next::Within { .. }, _))) => Yield::Epoch,
                Some(Ok((Next::Without, _)) | Err(_)) => Yield::Wrapping,
                None => Yield::Nothing,
            }
        }
        EntryKind::Shed { .. }
        | EntryKind::Gone
        | EntryKind::Back
        | EntryKind::Left
        | EntryKind::Expired
        | EntryKind::Host { .. }
        | EntryKind::Committer
        | EntryKind::Policy(_) => Yield::Nothing,
    }
}

fn yields(session: &Session, entries: &[Entry], expected: &dyn Fn(&Entry) -> Yield) {
    for entry in entries {
        assert_eq!(try_open(session, entry), expected(entry), "{:?}", entry.seq);
    }
}

fn opens_nothing(session: &Session, entries: &[Entry]) {
    yields(session, entries, &|_| Yield::Nothing);
}

/// Everybody says something, and everybody whispers to everybody.
fn talk(table: &mut Table) {
    let members: Vec<MemberId> = table.sessions.keys().copied().collect();
    for from in &members {
        table.say(*from, "words");
        for to in members.iter().filter(|to| *to != from) {
            table.at(*from).whisper(*to, b"whispered").unwrap();
        }
        table.at(*from).heartbeat();
        table.pump(*from);
    }
}

/// Ada talks to herself; Bob and Cy come, and they talk.
fn conversation() -> Table {
    let mut table = Table::start();
    talk(&mut table);
    for name in ["Bob", "Cy"] {
        table.join(name);
        talk(&mut table);
    }
    table
}

#[test]
fn a_member_s_state_opens_nothing_that_it_has_read_and_nothing_from_before_it_came() {
    let mut table = conversation();
    table.join("Di");
    talk(&mut table);
    for member in [ADA, BOB, CY, DI] {
        opens_nothing(&table.sessions[&member], &table.record.entries);
    }
    // The tries themselves are sound: a state opens what it has not read.
    table.at(BOB).post(b"unread").unwrap();
    let unread = table.outgoing(BOB).remove(0);
    let entry = table.post(BOB, unread);
    yields(table.at(CY), &[entry], &|_| Yield::Words);
    let frame = table.at(ADA).renew().unwrap();
    let entry = table.take(ADA, frame).entry;
    yields(table.at(CY), &[entry], &|_| Yield::Epoch);
}

#[test]
fn the_state_of_one_who_left_opens_nothing_once_its_keys_were_taken() {
    let mut table = conversation();
    table.happen(BOB, EntryKind::Left);
    let bob = table.sessions.remove(&BOB).unwrap();
    opens_nothing(&bob, &table.record.entries);
    let left = table.record.entries.len();

    // Until somebody's commit takes them, Bob has the keys of the epoch that he left.
    talk(&mut table);
    let meanwhile = table.record.entries.len();
    yields(&bob, &table.record.entries[left..], &|_| Yield::Words);

    let frame = table.at(ADA).clear().unwrap();
    table.commit(ADA, frame);
    let cleared = table.record.entries.len();
    yields(&bob, &table.record.entries[meanwhile..cleared], &|_| Yield::Wrapping);
    talk(&mut table);
    table.join("Di");
    talk(&mut table);
    opens_nothing(&bob, &table.record.entries[cleared..]);
    opens_nothing(&bob, &table.record.entries[..left]);
    assert!(bob.admission.is_none(), "what opens a welcome is wiped at the first word");
}

#[test]
fn the_state_of_one_who_was_kicked_opens_nothing_whose_author_had_seen_the_kick() {
    let mut table = conversation();
    // Cy says something while the kick is on its way.
    table.at(CY).post(b"not yet known").unwrap();
    let overtaken = table.outgoing(CY).remove(0);
    let before = table.record.entries.len();
    let frame = table.at(ADA).kick(BOB).unwrap();
    let kick = table.take(ADA, frame).entry;
    // Bob's state is what he had before he was told.
    let bob = table.sessions.remove(&BOB).unwrap();
    table.show(&kick);
    yields(&bob, &[kick], &|_| Yield::Wrapping);
    let entry = table.post(CY, overtaken);
    table.show(&entry);
    yields(&bob, &[entry], &|_| Yield::Words);
    let kicked = table.record.entries.len();
    opens_nothing(&bob, &table.record.entries[..before]);

    // Cy says it again, for those who are there.
    table.forget_events();
    table.pump(CY);
    assert_eq!(table.heard(ADA), ["not yet known"]);
    talk(&mut table);
    opens_nothing(&bob, &table.record.entries[kicked..]);

    // Once told, he has no more than before.
    let mut bob = bob;
    for entry in &table.record.entries {
        bob.receive(entry);
    }
    opens_nothing(&bob, &table.record.entries[kicked..]);
}

#[test]
fn whoever_comes_back_after_a_kick_reads_nothing_of_the_time_between() {
    let mut table = conversation();
    let frame = table.at(ADA).kick(BOB).unwrap();
    table.commit(ADA, frame);
    table.sessions.remove(&BOB);
    talk(&mut table);
    for member in [ADA, CY] {
        table.at(member).renew_door(&crate::table::key());
    }
    let bob = table.join("Bob");
    opens_nothing(&table.sessions[&bob], &table.record.entries);
    table.assert_one_room();
}
