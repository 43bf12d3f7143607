//! A whole session of real clients: a room with a chosen name, talk, a whisper, a lost connection, a
//! kick, failures of the server's parts, and the operator's every word.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use sanctuary_client::home;
use zeroize::Zeroizing;

use crate::forms::{self, Needle};
use crate::people::{Learned, Person, until};
use crate::server::Server;

pub(crate) const ROOM_NAME: &str = "quillwort fen 4c1d";
pub(crate) const SECRET: &str = "zibeline-ocarina-77";
pub(crate) const TEXT: &str = "the ptarmigan lands at noon";
pub(crate) const WHISPER: &str = "bring the vermilion ledger";
pub(crate) const HEADER: &str = "wimberry-browser-9e2a";
const ALIASES: [&str; 5] =
    ["Dulcamara Ada", "Fumitory Ben", "Tormentil Cy", "Hellebore Dot", "Samphire Eve"];

/// From where each of them comes: nobody else's corner of the loopback network.
fn address(person: u8) -> Ipv4Addr {
    Ipv4Addr::new(127, 83, 149, 200 + person)
}

/// Two rooms: one that a failure ends, and one that goes on.
pub(crate) struct Session {
    pub(crate) ada: Person,
    pub(crate) ben: Person,
    pub(crate) cy: Person,
    dot: Person,
    eve: Person,
    /// All that the operator's tool said.
    pub(crate) operated: Vec<u8>,
}

impl Session {
    /// Everything up to where three people sit in the room, and talk.
    pub(crate) fn live(server: &Server) -> Self {
        let mut eve = person(server, 4, "");
        start(&mut eve, 4, "ephemeral fen 0b7e");
        until("eve has a room", &mut [&mut eve], |people| people[0].is_in());
        let mut ada = person(server, 0, "");
        start(&mut ada, 0, ROOM_NAME);
        until("ada has a room", &mut [&mut ada, &mut eve], |people| people[0].is_in());
        let link = ada.link();
        let mut ben = join(server, 1, &link, &mut [&mut ada, &mut eve]);
        let mut cy = join(server, 2, &link, &mut [&mut ada, &mut ben, &mut eve]);
        let dot = join(server, 3, &link, &mut [&mut ada, &mut ben, &mut cy, &mut eve]);
        let operated = Vec::new();
        let mut session = Self { ada, ben, cy, dot, eve, operated };
        session.talk();
        session
    }

    fn talk(&mut self) {
        let Self { ada, ben, cy, dot, eve, .. } = self;
        let mut people = [ada, ben, cy, dot, eve];
        people[0].say(TEXT);
        until("everybody reads it", &mut people, |people| {
            people[..4].iter().all(|person| person.reads(TEXT))
        });
        people[0].say(&format!("/purr \"{}\" {WHISPER}", ALIASES[1]));
        until("ben reads the whisper", &mut people, |people| people[1].reads(WHISPER));
        assert!(!people[2].reads(WHISPER));

        people[1].lose_connection();
        people[0].say("said while ben was away");
        until("ben is back, and reads it", &mut people, |people| {
            people[1].is_in() && people[1].reads("said while ben was away")
        });

        people[0].say(&format!("/kick \"{}\"", ALIASES[3]));
        people[0].confirm();
        until("dot is out", &mut people, |people| people[3].is_out());
    }

    /// Each part of the server fails in turn. Eve's room, the oldest, goes with the first failure;
    /// ada's connection with the last, and she comes back to her seat.
    pub(crate) fn fail(&mut self, server: &Server) {
        let Self { ada, ben, cy, eve, .. } = self;
        let mut people = [ada, ben, cy, eve];
        for panics in 1..=3 {
            server.signal("USR2");
            until("a part fails", &mut people, |_| server.failures() == panics);
        }
        until("eve's room is gone", &mut people, |people| !people[3].is_in());
        // The console's failure is no panic.
        server.signal("USR2");
        until("the console is restarted", &mut people, |_| server.restarts() == Some(3));
        let returns = people[0].returns();
        server.signal("USR2");
        until("ada's connection fails, and she is back", &mut people, |people| {
            server.failures() == 4 && people[0].returns() > returns
        });
        people[2].say("after all that");
        until("they talk as before", &mut people, |people| {
            people[..3].iter().all(|person| person.is_in() && person.reads("after all that"))
        });
    }

    /// The operator says everything there is to say but one word.
    pub(crate) fn operate(&mut self, server: &Server) {
        let commands: [&[&str]; 17] = [
            &["version"],
            &["stats"],
            &["stats", "--json"],
            &["actors"],
            &["limits"],
            &["audit"],
            &["audit", "--json"],
            &["admit", "on"],
            &["notice", "Back at noon."],
            &["status"],
            &["status", "--json"],
            &["rooms"],
            &["rooms", "--json"],
            &["room", "r2"],
            &["room", "r2", "--json"],
            &["help"],
            &["help", "purge"],
        ];
        let said = commands.iter().flat_map(|words| server.operate(words));
        self.operated.extend(said);
    }

    /// The operator ends the room.
    pub(crate) fn purge(&mut self, server: &Server) {
        self.operated.extend(server.operate(&["purge", "r2", "--yes"]));
        let Self { ada, ben, cy, .. } = self;
        until("everybody is out", &mut [ada, ben, cy], |people| {
            people.iter().all(|person| person.is_out())
        });
    }

    /// One of them after the other leaves.
    pub(crate) fn leave(&mut self) {
        let Self { ada, ben, cy, .. } = self;
        let mut people = [ada, ben, cy];
        for leaving in 0..3 {
            people[leaving].say("/exit farewell");
            until("it is out", &mut people, |people| people[leaving].is_out());
        }
    }

    /// The host ends the room for everybody.
    pub(crate) fn stop(&mut self) {
        let Self { ada, ben, cy, .. } = self;
        ada.say("/stop");
        ada.confirm();
        until("everybody is out", &mut [ada, ben, cy], |people| {
            people.iter().all(|person| person.is_out())
        });
    }

    /// All that must stand nowhere.
    pub(crate) fn canaries(&self) -> Vec<Needle> {
        let texts = [ROOM_NAME, SECRET, TEXT, WHISPER, HEADER].into_iter().chain(ALIASES);
        let mut needles: Vec<Needle> = texts.flat_map(forms::of_text).collect();
        let Self { ada, ben, cy, dot, eve, operated: _ } = self;
        for (what, bytes) in learned(&[ada, ben, cy, dot, eve]) {
            needles.push(Needle::new(what, &bytes));
            needles.extend(forms::of_bytes(what, &bytes));
        }
        let everybody = [ada, ben, cy, dot, eve].into_iter();
        let places = everybody.flat_map(|person| person.learned.places.iter().copied());
        needles.extend(places.flat_map(forms::of_place));
        needles
    }

    /// What memory must not hold when the room has ended: nothing of those who were in it.
    pub(crate) fn traces(&self) -> Vec<Needle> {
        let Self { ada, ben, cy, dot, eve: _, operated: _ } = self;
        let mut needles = vec![Needle::new("what a browser says of itself", HEADER.as_bytes())];
        for (what, bytes) in learned(&[ada, ben, cy, dot]) {
            needles.push(Needle::new(what, &bytes));
            if what == ROOM {
                needles.extend(forms::of_bytes(what, &bytes).into_iter().take(1));
            }
        }
        let everybody = [ada, ben, cy, dot].into_iter();
        let places = everybody.flat_map(|person| person.learned.places.iter().copied());
        needles.extend(places.flat_map(forms::of_place));
        needles
    }
}

const ROOM: &str = "a room's id";

/// What these people learned, each thing once.
fn learned(people: &[&Person]) -> BTreeSet<(&'static str, Vec<u8>)> {
    let mut all = BTreeSet::new();
    for Learned { sealed, tokens, rooms, places: _ } in people.iter().map(|it| &it.learned) {
        all.extend(sealed.iter().map(|it| ("a sealed post", middle(it).to_vec())));
        all.extend(tokens.iter().map(|it| ("a token", it.to_vec())));
        all.extend(rooms.iter().map(|it| (ROOM, it.as_bytes().to_vec())));
    }
    all
}

/// Sixty-four bytes that no other post has.
pub(crate) fn middle(ciphertext: &[u8]) -> &[u8] {
    let from = ciphertext.len() / 2;
    &ciphertext[from..from + 64]
}

fn person(server: &Server, number: u8, link: &str) -> Person {
    Person::open(server.address, address(number), HEADER, link)
}

fn start(person: &mut Person, number: usize, room: &str) {
    person.enter(vec![
        home::Msg::TypedAlias(ALIASES[number].to_owned()),
        home::Msg::ChoseKey(home::KeyChoice::Chosen),
        home::Msg::TypedRoomName(room.to_owned()),
        home::Msg::TypedSecret(Zeroizing::new(SECRET.to_owned())),
    ]);
}

/// Comes in, while the others go on living.
fn join(server: &Server, number: u8, link: &str, others: &mut [&mut Person]) -> Person {
    let mut newcomer = person(server, number, link);
    newcomer.enter(vec![home::Msg::TypedAlias(ALIASES[usize::from(number)].to_owned())]);
    let mut people: Vec<&mut Person> = vec![&mut newcomer];
    people.extend(others.iter_mut().map(|it| &mut **it));
    until("the newcomer is in", &mut people, |people| people[0].is_in());
    newcomer
}
