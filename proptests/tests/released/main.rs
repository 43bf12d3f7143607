//! A released server as people meet it: three real client cores, over real sockets, in one room of a
//! server that was built for another machine. It runs when it is told what to start:
//! `SANCTUARY_UNDER_TEST` and `SANCTUARY_ADMIN_UNDER_TEST` are commands, split at spaces, such as
//! `qemu-arm -cpu arm1176 target/dist/…/sanctuary`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test says so")]

mod people;
mod server;

use people::{Ended, People};
use server::{Server, admin};

#[test]
#[ignore = "needs a server that was built for release: cargo xtask dist --prove"]
fn three_people_meet_talk_and_part_on_a_released_server_and_its_operator_sees_no_more_than_that() {
    let server = Server::start();
    let mut people = People::at(server.address());

    let ann = people.starts_a_room("Ann");
    let link = people.link(ann);
    let ben = people.comes_in("Ben", &link);
    let eve = people.comes_in("Eve", &link);
    people.until("all three see each other", |people| {
        [ann, ben, eve].iter().all(|person| people.sees(*person) == 3)
    });

    for (person, words) in [(ann, "hello all"), (ben, "hello Ann"), (eve, "hello both")] {
        people.says(person, words);
        people.until("everybody reads it", |people| {
            [ann, ben, eve].iter().all(|reader| people.reads(*reader, words))
        });
    }

    assert_eq!(admin(&server, &["rooms", "--json"]).matches("\"members_live\":3").count(), 1);
    let zoe = people.starts_a_room("Zoe");
    assert_eq!(admin(&server, &["rooms", "--json"]).matches("\"members_live\":").count(), 2);

    people.says(ann, "/kick Eve");
    people.until("Eve is out", |people| people.ended(eve) == Some(Ended::Kicked));
    people.says(ben, "between us");
    people.until("Ann reads it", |people| people.reads(ann, "between us"));
    assert!(!people.reads(eve, "between us"));

    people.says(ben, "/exit");
    people.until("Ben has left", |people| people.ended(ben) == Some(Ended::Left));
    people.until("Ann is alone", |people| people.sees(ann) == 1);
    people.says(ann, "/exit");
    people.until("Ann has left", |people| people.ended(ann) == Some(Ended::Left));
    server.until("the room is gone", |server| {
        admin(server, &["rooms", "--json"]).matches("\"members_live\":").count() == 1
    });

    let purged = admin(&server, &["purge", "all", "--yes", "--json"]);
    assert!(purged.contains("\"rooms\":1"), "{purged}");
    people.until("the operator has ended the other room", |people| {
        people.ended(zoe) == Some(Ended::ByOperator)
    });
    let left = admin(&server, &["rooms", "--json"]);
    assert_eq!(left.matches("\"members_live\":").count(), 0, "{left}");
    server.stop();
}
