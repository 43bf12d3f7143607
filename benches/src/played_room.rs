//! A room in which two members are played, the host and one guest, and the others are only there:
//! enough to measure what any of them does, at any size. Knows no clock; who measures brings it.
//!
//! It is grown by commits that let sixteen in. A commit can be made and taken back, so that the next
//! finds the room as it was; and one that is followed names in its entry somebody that it does not
//! put out, so that it is opened and judged in full, refused last of all, and can be followed again.

#![allow(clippy::expect_used, clippy::panic, reason = "a bench may stop at its own mistake")]

use sanctuary_crypto::{
    Alias, DoorKnock, DoorStep, Event, Fault, Newcomer, Session, Stretched, Unreadable,
};
use sanctuary_protocol::limits::ADMITS_MAX;
use sanctuary_protocol::{
    ClientFrame, Entry, EntryKind, Few, Head, MemberId, Opening, Policy, PostBlob, Presence,
    ResumeToken, RoomId, Seat, Seq, View, WelcomeBlob,
};

/// The member that makes commits.
const HOST: MemberId = MemberId(1);

/// The member that follows them.
const GUEST: MemberId = MemberId(2);

const ROOM: RoomId = RoomId::from_bytes([2; 16]);

/// Nobody has this number, so nobody is put out by it.
const NOBODY: MemberId = MemberId(u32::MAX);

fn key() -> Stretched {
    Stretched::from_bytes([3; 32])
}

/// A room of one.
///
/// # Panics
/// When there can be none.
pub fn create() -> Session {
    let alias = Alias::new("Ann").expect("a name");
    Session::create(ROOM, &key(), alias, Policy::default(), &opening(HOST, &empty()))
        .expect("a room")
}

fn empty() -> View {
    View {
        host: HOST,
        committer: HOST,
        policy: Policy::default(),
        seats: [(HOST, Presence::Live)].into(),
        seq: Seq(0),
        head: Head::START,
    }
}

fn opening(member: MemberId, view: &View) -> Opening {
    let seats = view.seats.iter();
    let seats: Vec<Seat> =
        seats.map(|(member, presence)| Seat { member: *member, presence: *presence }).collect();
    Opening {
        member,
        token: ResumeToken::from_bytes([1; 16]),
        seq: view.seq,
        head: view.head,
        policy: view.policy,
        host: view.host,
        committer: view.committer,
        seats: Few::try_from(seats).expect("a room's seats"),
    }
}

/// A room, its host and its guest. Its methods panic where an honest room refuses something.
pub struct PlayedRoom {
    view: View,
    host: Session,
    guest: Session,
    last: u32,
}

#[expect(clippy::missing_panics_doc, reason = "said once, of the type")]
impl PlayedRoom {
    /// A room of at least two.
    pub fn of(members: u32) -> Self {
        let (mut view, mut host) = (empty(), create());
        let newcomer = knock(&mut host, GUEST).expect("it answered");
        let frame = host.admit(&[GUEST]).expect("it knocked");
        let (entry, welcome) = taken(&mut view, frame);
        host.receive(&entry);
        let guest = newcomer.welcome(&opening(GUEST, &view), &welcome).expect("a welcome");
        let mut room = Self { view, host, guest, last: GUEST.0 };
        room.vouch();
        while room.last < members {
            let arriving = (members - room.last).min(ADMITS_MAX as u32);
            let numbers: Vec<MemberId> = (0..arriving).map(|_| room.knock().0).collect();
            room.admit(&numbers);
        }
        room
    }

    /// Somebody proves to the host that it knows the secret, and waits.
    pub fn knock(&mut self) -> (MemberId, Newcomer) {
        self.last += 1;
        let member = MemberId(self.last);
        (member, knock(&mut self.host, member).expect("it answered"))
    }

    /// The host hears somebody out: `timed` is given each half of it, to be done once. Then they
    /// are forgotten.
    pub fn hear_out(&mut self, mut timed: impl FnMut(&mut dyn FnMut())) {
        let member = MemberId(self.last + 1);
        let (mut newcomer, _) = Newcomer::knock(ROOM, &key(), name(member));
        let mut offered = None;
        timed(&mut || offered = Some(self.host.hear_knock(member)));
        let Some(DoorKnock::Offer(offer)) = offered else { panic!("no offer") };
        let DoorStep::Reply(answer) = newcomer.hear_door(HOST, member, &offer) else {
            panic!("no answer");
        };
        timed(&mut || {
            self.host.hear_door(member, &answer);
        });
        self.host.forget_knock(member);
    }

    /// Lets in those that knocked: the host makes the commit, and both take it in.
    pub fn admit(&mut self, numbers: &[MemberId]) {
        let entry = self.admit_at_host(numbers);
        self.guest.receive(&entry);
    }

    /// Lets in those that knocked, and leaves the guest behind.
    pub fn admit_at_host(&mut self, numbers: &[MemberId]) -> Entry {
        let frame = self.host.admit(numbers).expect("they knocked");
        let (entry, _) = taken(&mut self.view, frame);
        self.host.receive(&entry);
        entry
    }

    /// The host says something, so that a newcomer knows the room is the room.
    fn vouch(&mut self) {
        self.host.heartbeat();
        for ciphertext in self.host.outgoing().posts {
            let entry = self.sequence(HOST, EntryKind::Post { ciphertext });
            self.host.receive(&entry);
            self.guest.receive(&entry);
        }
    }

    /// Somebody outside, and what it would come in with, of a commit that is taken back.
    pub fn welcome(&mut self) -> (Newcomer, Opening, WelcomeBlob) {
        let (member, newcomer) = self.knock();
        let ClientFrame::Commit { welcome, .. } = self.draft_admit(&[member]) else {
            panic!("no commit");
        };
        self.host.forget_knock(member);
        (newcomer, opening(member, &self.view), welcome)
    }

    /// A commit that would let these in.
    pub fn draft_admit(&mut self, numbers: &[MemberId]) -> ClientFrame {
        let frame = self.host.admit(numbers).expect("they knocked");
        self.host.commit_refused();
        frame
    }

    /// A commit that would put somebody out.
    pub fn draft_kick(&mut self) -> ClientFrame {
        // The guest itself only in a room of two: to be put out costs less than to follow.
        let last = self.host.members().keys().next_back().copied().unwrap_or(GUEST);
        let frame = self.host.kick(last).expect("the host may");
        self.host.commit_refused();
        frame
    }

    /// An entry of that commit, which the guest can [`follow`](Self::follow). The host never sees
    /// it, so that the two are no longer of one mind: nothing else is measured in this room then.
    pub fn entry_of(&mut self, frame: &ClientFrame) -> Entry {
        let ClientFrame::Commit { ciphertext, admits, welcome: _, evicts: _ } = frame else {
            panic!("no commit");
        };
        let evicts = Few::try_from(vec![NOBODY]).expect("one");
        let (ciphertext, admits) = (ciphertext.clone(), admits.clone());
        self.sequence(HOST, EntryKind::Commit { ciphertext, admits, evicts })
    }

    /// The guest opens a commit and judges it.
    pub fn follow(&mut self, entry: &Entry) {
        let events = self.guest.receive(entry);
        let why = Unreadable::Unlawful(Fault::Announcement);
        assert_eq!(events, [Event::Unreadable { from: HOST, why }], "judged in full");
    }

    /// The host seals what it says.
    pub fn seal(&mut self, text: &[u8]) -> PostBlob {
        self.host.post(text).expect("it fits");
        self.host.outgoing().posts.pop().expect("one was said")
    }

    /// What was sealed gets its place, and is settled.
    pub fn settle(&mut self, ciphertext: PostBlob) -> Entry {
        let entry = self.sequence(HOST, EntryKind::Post { ciphertext });
        self.host.receive(&entry);
        entry
    }

    /// The guest opens what the host said.
    pub fn open(&mut self, entry: &Entry) {
        let events = self.guest.receive(entry);
        assert!(matches!(events[..], [Event::Said { .. }]), "{events:?}");
    }

    fn sequence(&mut self, from: MemberId, kind: EntryKind) -> Entry {
        sequence(&mut self.view, from, kind)
    }
}

fn name(member: MemberId) -> Alias {
    Alias::new(&format!("Guest {}", member.0)).expect("a name")
}

fn knock(host: &mut Session, member: MemberId) -> Option<Newcomer> {
    let (mut newcomer, _) = Newcomer::knock(ROOM, &key(), name(member));
    let DoorKnock::Offer(offer) = host.hear_knock(member) else { return None };
    let DoorStep::Reply(answer) = newcomer.hear_door(HOST, member, &offer) else { return None };
    host.hear_door(member, &answer);
    Some(newcomer)
}

fn sequence(view: &mut View, from: MemberId, kind: EntryKind) -> Entry {
    let entry = Entry { seq: view.seq.next(), from, kind };
    view.after(&entry);
    entry
}

/// A commit of the host's, as the server takes it.
fn taken(view: &mut View, frame: ClientFrame) -> (Entry, WelcomeBlob) {
    let ClientFrame::Commit { ciphertext, admits, evicts, welcome } = frame else {
        panic!("no commit");
    };
    (sequence(view, HOST, EntryKind::Commit { ciphertext, admits, evicts }), welcome)
}
