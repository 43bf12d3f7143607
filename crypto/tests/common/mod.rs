//! A table at which sessions of one room sit, and an order between them that does what a test tells
//! it to. No server, no client: entries are handed on as the server would sequence them.

#![allow(dead_code, unreachable_pub, reason = "every test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its test")]

pub mod alarms;

use std::collections::BTreeMap;

use sanctuary_crypto::{
    Alias, DoorKnock, DoorStep, Event, Knocked, Newcomer, Session, Stretched, WelcomeError,
};
use sanctuary_protocol::{
    ClientFrame, DoorBlob, Entry, EntryKind, Few, KnockBlob, MemberId, Opening, PostBlob, Presence,
    ResumeToken, RoomId, Seat, View, WelcomeBlob,
};

pub const ROOM: RoomId = RoomId::from_bytes([7; 16]);
pub const ADA: MemberId = MemberId(1);
pub const BOB: MemberId = MemberId(2);
pub const CY: MemberId = MemberId(3);
pub const DI: MemberId = MemberId(4);

pub fn key() -> Stretched {
    Stretched::from_bytes([1; 32])
}

pub fn alias(text: &str) -> Alias {
    Alias::new(text).unwrap()
}

/// The room's order, and who sits at it.
pub struct Table {
    pub view: View,
    pub sessions: BTreeMap<MemberId, Session>,
    /// Whatever passed the server.
    pub record: Record,
    events: BTreeMap<MemberId, Vec<Event>>,
    last: u32,
}

/// What a server could have kept.
#[derive(Default)]
pub struct Record {
    pub entries: Vec<Entry>,
    /// The first ones and those said again.
    pub welcomes: Vec<WelcomeBlob>,
    pub knocks: Vec<KnockBlob>,
    /// Each with its two ends, the newcomer first.
    pub offers: Vec<(MemberId, MemberId, DoorBlob)>,
    pub answers: Vec<(MemberId, MemberId, DoorBlob)>,
    pub verdicts: Vec<(MemberId, MemberId, DoorBlob)>,
}

/// A commit as the server takes it.
pub struct Committed {
    pub entry: Entry,
    pub welcome: WelcomeBlob,
}

impl Table {
    /// Ada's room.
    pub fn start() -> Self {
        let view = View::from(&first_opening());
        let (policy, opening) = (sanctuary_protocol::Policy::default(), first_opening());
        let ada = Session::create(ROOM, &key(), alias("Ada"), policy, &opening).unwrap();
        let sessions = BTreeMap::from([(ADA, ada)]);
        Self { view, sessions, record: Record::default(), events: BTreeMap::new(), last: 1 }
    }

    /// Ada's room, and Bob in it; then Cy, then Di.
    pub fn of(members: usize) -> Self {
        let mut table = Self::start();
        for name in ["Bob", "Cy", "Di"].iter().take(members - 1) {
            table.join(name);
        }
        table.forget_events();
        table
    }

    pub fn at(&mut self, member: MemberId) -> &mut Session {
        self.sessions.get_mut(&member).unwrap()
    }

    pub fn opening(&self, member: MemberId) -> Opening {
        let seat = |(member, presence): (&MemberId, &Presence)| Seat {
            member: *member,
            presence: *presence,
        };
        Opening {
            member,
            token: ResumeToken::from_bytes([0; 16]),
            seq: self.view.seq,
            head: self.view.head,
            policy: self.view.policy,
            host: self.view.host,
            committer: self.view.committer,
            seats: Few::try_from(self.view.seats.iter().map(seat).collect::<Vec<_>>()).unwrap(),
        }
    }

    /// Gives it the next place.
    pub fn sequence(&mut self, from: MemberId, kind: EntryKind) -> Entry {
        let entry = Entry { seq: self.view.seq.next(), from, kind };
        self.view.after(&entry);
        self.record.entries.push(entry.clone());
        entry
    }

    /// Shows an entry to everybody at the table.
    pub fn show(&mut self, entry: &Entry) {
        for (member, session) in &mut self.sessions {
            let events = session.receive(entry);
            self.events.entry(*member).or_default().extend(events);
        }
    }

    pub fn show_to(&mut self, member: MemberId, entry: &Entry) -> Vec<Event> {
        self.at(member).receive(entry)
    }

    /// Something the server says by itself, to everybody.
    pub fn happen(&mut self, from: MemberId, kind: EntryKind) {
        let entry = self.sequence(from, kind);
        self.show(&entry);
    }

    /// What a member has to send.
    pub fn outgoing(&mut self, member: MemberId) -> Vec<PostBlob> {
        self.at(member).outgoing().posts
    }

    pub fn post(&mut self, from: MemberId, ciphertext: PostBlob) -> Entry {
        self.sequence(from, EntryKind::Post { ciphertext })
    }

    /// Sends whatever a member has to send.
    pub fn pump(&mut self, member: MemberId) {
        for ciphertext in self.outgoing(member) {
            let entry = self.post(member, ciphertext);
            self.show(&entry);
        }
    }

    pub fn say(&mut self, from: MemberId, text: &str) {
        self.at(from).post(text.as_bytes()).unwrap();
        self.pump(from);
    }

    /// A commit gets its place; nobody is shown it yet.
    pub fn take(&mut self, from: MemberId, frame: ClientFrame) -> Committed {
        let ClientFrame::Commit { ciphertext, admits, evicts, welcome } = frame else {
            panic!("no commit");
        };
        let entry = self.sequence(from, EntryKind::Commit { ciphertext, admits, evicts });
        if !welcome.as_slice().is_empty() {
            self.record.welcomes.push(welcome.clone());
        }
        Committed { entry, welcome }
    }

    pub fn commit(&mut self, from: MemberId, frame: ClientFrame) -> WelcomeBlob {
        let Committed { entry, welcome } = self.take(from, frame);
        self.show(&entry);
        welcome
    }

    /// The next knock's.
    pub fn number(&mut self) -> MemberId {
        self.last += 1;
        MemberId(self.last)
    }

    /// Somebody knocks with this key, and the doorkeeper hears it out.
    pub fn knock_with(&mut self, key: &Stretched, name: &str) -> (MemberId, Newcomer, Knocked) {
        let member = self.number();
        let (mut newcomer, blob) = Newcomer::knock(ROOM, key, alias(name));
        self.record.knocks.push(blob);
        let knocked = self.run(member, &mut newcomer);
        (member, newcomer, knocked)
    }

    /// The doorkeeper offers, the newcomer answers, the doorkeeper says what it makes of it.
    pub fn run(&mut self, member: MemberId, newcomer: &mut Newcomer) -> Knocked {
        let keeper = self.view.committer;
        let DoorKnock::Offer(offer) = self.at(keeper).hear_knock(member) else {
            panic!("{keeper:?} opens to nobody");
        };
        let DoorStep::Reply(answer) = newcomer.hear_door(keeper, member, &offer) else {
            panic!("{member:?} does not answer");
        };
        self.record.offers.push((member, keeper, offer));
        self.record.answers.push((member, keeper, answer.clone()));
        let knocked = self.at(keeper).hear_door(member, &answer);
        let verdict = match &knocked {
            Knocked::Admissible { .. } => self.at(keeper).tell_heard(member),
            Knocked::Refused { why: _, reply } => Some(reply.clone()),
            Knocked::Ignored => None,
        };
        self.record.verdicts.extend(verdict.map(|verdict| (member, keeper, verdict)));
        knocked
    }

    pub fn knock(&mut self, name: &str) -> (MemberId, Newcomer) {
        let (member, newcomer, knocked) = self.knock_with(&key(), name);
        assert_eq!(knocked, Knocked::Admissible { alias: alias(name) });
        (member, newcomer)
    }

    pub fn seat(
        &mut self,
        member: MemberId,
        newcomer: Newcomer,
        welcome: &WelcomeBlob,
    ) -> Result<(), WelcomeError> {
        let session = newcomer.welcome(&self.opening(member), welcome)?;
        self.sessions.insert(member, session);
        Ok(())
    }

    /// Lets somebody in, and vouches for the room.
    pub fn join(&mut self, name: &str) -> MemberId {
        let (member, newcomer) = self.knock(name);
        let keeper = self.view.committer;
        let commit = self.at(keeper).admit(&[member]).unwrap();
        let welcome = self.commit(keeper, commit);
        self.seat(member, newcomer, &welcome).unwrap();
        self.vouch(keeper);
        member
    }

    pub fn vouch(&mut self, member: MemberId) {
        self.at(member).heartbeat();
        self.pump(member);
    }

    /// What happened to a member since this was asked last.
    pub fn events(&mut self, member: MemberId) -> Vec<Event> {
        self.events.remove(&member).unwrap_or_default()
    }

    pub fn forget_events(&mut self) {
        self.events.clear();
    }

    /// What a member heard said since this was asked last.
    pub fn heard(&mut self, member: MemberId) -> Vec<String> {
        self.events(member).into_iter().filter_map(text).collect()
    }

    /// Everybody at the table hears everybody, and nobody saw the server lie.
    pub fn assert_one_room(&mut self) {
        self.forget_events();
        let members: Vec<MemberId> = self.sessions.keys().copied().collect();
        for speaker in &members {
            self.say(*speaker, "here");
            for listener in members.iter().filter(|listener| *listener != speaker) {
                let expected = [Event::Said { from: *speaker, plaintext: b"here".to_vec().into() }];
                assert_eq!(self.events(*listener), expected, "{speaker:?} to {listener:?}");
            }
            self.forget_events();
        }
        let words: Vec<_> = self.sessions.values().map(|session| session.safety().words).collect();
        assert!(words.windows(2).all(|pair| pair[0] == pair[1]), "{words:?}");
    }
}

fn first_opening() -> Opening {
    let seats = vec![Seat { member: ADA, presence: Presence::Live }];
    Opening {
        member: ADA,
        token: ResumeToken::from_bytes([0; 16]),
        seq: sanctuary_protocol::Seq(0),
        head: sanctuary_protocol::Head::START,
        policy: sanctuary_protocol::Policy::default(),
        host: ADA,
        committer: ADA,
        seats: Few::try_from(seats).unwrap(),
    }
}

pub fn text(event: Event) -> Option<String> {
    match event {
        Event::Said { from: _, plaintext } => Some(String::from_utf8(plaintext.to_vec()).unwrap()),
        _ => None,
    }
}

pub fn said(from: MemberId, text: &str) -> Event {
    Event::Said { from, plaintext: text.as_bytes().to_vec().into() }
}
