//! A server that is killed under people, and started again: their pages come back by themselves, and say
//! what is true, that nobody is in that room. Real client cores over real sockets, the real binary.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed test says so")]
#![allow(dead_code, reason = "people and server are the canary's, which does more with them")]

#[path = "canary/people.rs"]
mod people;
#[path = "canary/server.rs"]
mod server;

use std::net::Ipv4Addr;
use std::process;

use sanctuary_client::joining::{self, Step};
use sanctuary_client::{Msg, Screen, home};

use people::{Person, until};
use server::Server;

/// Where it stands, and stands again: a port that the system gives to nobody who asks for any.
fn place() -> String {
    format!("127.83.149.1:{}", 10_000 + process::id() % 20_000)
}

/// From where each of them comes: nobody else's corner of the loopback network.
fn person(server: &Server, number: u8, fragment: &str) -> Person {
    let address = Ipv4Addr::new(127, 83, 150, 200 + number);
    Person::open(server.address, address, "browser", fragment)
}

fn enter(person: &mut Person, alias: &str) {
    person.enter(vec![home::Msg::TypedAlias(alias.to_owned())]);
}

fn is_told_that_nobody_is_there(person: &Person) -> bool {
    matches!(person.screen(), Screen::Joining(joining) if joining.step == Step::NobodyThere)
}

#[test]
fn under_a_killed_server_pages_come_back_and_say_that_nobody_is_in_the_room() {
    let server = Server::start_by(&["--bind", &place()], tempfile::tempdir().unwrap(), None);
    let mut ada = person(&server, 0, "");
    enter(&mut ada, "Ada");
    until("ada has a room", &mut [&mut ada], |people| people[0].is_in());
    let link = ada.link();
    let mut ben = person(&server, 1, &link);
    enter(&mut ben, "Ben");
    until("ben is in", &mut [&mut ada, &mut ben], |people| people[1].is_in());
    ada.say("hello");
    until("ben reads it", &mut [&mut ada, &mut ben], |people| people[1].reads("hello"));

    server.signal("KILL");
    let (ended, folder) = server.end();
    assert_eq!(ended.status.code(), None, "it ended by the signal");
    let mut both = [&mut ada, &mut ben];
    until("both have lost it", &mut both, |people| people.iter().all(|person| !person.is_in()));
    for person in &both {
        // They wait for their seats, and nobody is told that the room is over: nobody knows.
        assert!(!person.room().connection.is_live(), "{:?}", person.screen());
    }
    both[1].say("said into the dark");

    let server = Server::start_by(&["--bind", &place()], folder, None);
    until("both are told", &mut both, |people| {
        people.iter().all(|person| is_told_that_nobody_is_there(person))
    });
    assert!(both.iter().all(|person| !person.reads("hello")), "what was said there is no more");
    let rooms = String::from_utf8(server.operate(&["rooms", "--json"])).unwrap();
    assert!(!rooms.contains("members_live"), "nobody started it by coming back: {rooms}");

    both[0].tell(Msg::Joining(joining::Msg::PressedStart));
    until("ada starts it again", &mut both, |people| people[0].is_in());
    both[1].tell(Msg::Joining(joining::Msg::PressedTryAgain));
    until("ben comes in by the same link", &mut both, |people| people[1].is_in());
    let draft = &both[1].room().composer.draft;
    assert_eq!(draft, "said into the dark", "what nobody heard is kept for its author");
    both[1].say("here again");
    until("ada reads it", &mut both, |people| people[0].reads("here again"));
    assert!(!both[0].reads("said into the dark"));
}
