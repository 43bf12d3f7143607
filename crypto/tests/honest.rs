//! What looks like tampering and is none: sleep, loss, posts that were overtaken, commits that came too
//! late, comings and goings. None of it raises an alarm.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its test")]

mod common;

use common::alarms::{alarms, check, entry, posted};
use common::{ADA, BOB, CY, DI, Table, alias, key};
use sanctuary_crypto::{Change, Event, Stretched};
use sanctuary_protocol::{EntryKind, MemberId};

/// An honest room's life, of everything that can look like tampering.
#[test]
fn an_honest_room_raises_no_alarm_whatever_the_network_does() {
    let mut table = Table::start();
    let mut heard: Vec<Event> = Vec::new();
    let mut hear = |table: &mut Table| {
        let members: Vec<MemberId> = table.sessions.keys().copied().collect();
        heard.extend(members.into_iter().flat_map(|member| table.events(member)));
    };
    for name in ["Bob", "Cy", "Di"] {
        table.say(ADA, "before");
        table.join(name);
        table.say(ADA, "after");
    }
    hear(&mut table);

    // Cy sleeps; the posts meanwhile are shed for it, but for the last; its own was on its way.
    let on_its_way = posted(&mut table, CY, "on its way");
    let _never_arrived = posted(&mut table, CY, "never arrived");
    let mut missed = vec![table.post(CY, on_its_way)];
    missed.push(table.sequence(CY, EntryKind::Gone));
    for from in [ADA, BOB, ADA] {
        missed.push(entry(&mut table, from, "while Cy sleeps"));
    }
    missed.push(table.sequence(CY, EntryKind::Back));
    for entry in &missed {
        for member in [ADA, BOB, DI] {
            let events = table.show_to(member, entry);
            assert_eq!(alarms(&events), [], "{events:?}");
        }
    }
    table.at(CY).resumed();
    for (place, entry) in missed.iter().enumerate() {
        let mut entry = entry.clone();
        if matches!(entry.kind, EntryKind::Post { .. }) && place != 4 {
            entry.kind = EntryKind::Shed { digest: entry.kind.digest() };
        }
        check(&mut table, CY, &entry, &[]);
    }
    let opening = table.opening(CY);
    assert_eq!(table.at(CY).caught_up(&opening), (vec![], vec![]));
    table.pump(CY);
    hear(&mut table);

    // Posts that a commit overtook, a commit that another overtook, one who is overtaken while shed.
    let overtaken = [posted(&mut table, BOB, "overtaken"), posted(&mut table, BOB, "as well")];
    let void = table.at(ADA).renew().unwrap();
    let first = table.at(ADA).renew().unwrap();
    drop(table.at(ADA).commit_refused());
    drop(void);
    table.commit(ADA, first);
    for ciphertext in overtaken {
        let entry = table.post(BOB, ciphertext);
        table.show(&entry);
    }
    table.pump(BOB);
    hear(&mut table);

    // Somebody leaves, is cleared away, comes again; the host goes, and comes back to another.
    for member in [ADA, BOB, CY, DI] {
        table.at(member).renew_door(&key());
    }
    table.happen(DI, EntryKind::Left);
    table.sessions.remove(&DI);
    table.join("Di");
    table.happen(ADA, EntryKind::Gone);
    table.happen(BOB, EntryKind::Host { to: BOB });
    let late = table.at(ADA).renew().unwrap();
    let takes_over = table.at(BOB).take_over().unwrap();
    table.commit(BOB, takes_over);
    table.happen(ADA, EntryKind::Back);
    table.commit(ADA, late);
    let kick = table.at(BOB).kick(CY).unwrap();
    table.commit(BOB, kick);
    table.sessions.remove(&CY);
    hear(&mut table);

    assert_eq!(alarms(&heard), []);
    assert!(heard.contains(&Event::Void(Change::Renew)), "a commit came too late");
    assert!(heard.contains(&Event::Left { member: DI, alias: alias("Di") }));
    table.at(ADA).renew_door(&Stretched::from_bytes([4; 32]));
    table.assert_one_room();
}

#[test]
fn a_commit_whose_answer_was_lost_with_the_connection_accuses_nobody() {
    let mut table = Table::of(2);
    let _refused = table.at(ADA).renew().unwrap();
    let post = posted(&mut table, ADA, "after it");
    table.at(ADA).resumed();
    let entry = table.post(ADA, post);
    check(&mut table, ADA, &entry, &[]);
    check(&mut table, BOB, &entry, &[]);
    let opening = table.opening(ADA);
    assert_eq!(table.at(ADA).caught_up(&opening), (vec![Change::Renew], vec![]));
}
