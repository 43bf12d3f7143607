//! Properties of the cipher: nothing that was touched opens, nothing opens elsewhere, lengths hide
//! in their buckets, and no bytes whatever harm a session.
//! This many lines because the properties share one room and its blobs.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its property")]

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use sanctuary_crypto::{
    Alias, DoorStep, Event, KnockHeard, Link, Newcomer, PLAINTEXT_BYTES_MAX, RoomName, Secret,
    Session, Stretched, TurnedAway, WelcomeError, strength,
};
use sanctuary_proptests::frames;
use sanctuary_protocol::{
    Blob, ClientFrame, Entry, EntryKind, Few, Head, MemberId, Opening, Policy, PostBlob, Presence,
    ResumeToken, RoomId, Seat, Seq, WelcomeBlob,
};

const ROOM: RoomId = RoomId::from_bytes([7; 16]);
const ADA: MemberId = MemberId(1);
const BOB: MemberId = MemberId(2);
const CY: MemberId = MemberId(3);

/// The sealed sizes of a post, and nothing between them.
const POST_SIZES: [usize; 7] = [284, 540, 1052, 2076, 4124, 8220, 16_412];

fn key() -> Stretched {
    Stretched::from_bytes([1; 32])
}

fn opening(member: MemberId, seats: impl IntoIterator<Item = MemberId>) -> Opening {
    let seats = seats.into_iter().map(|member| Seat { member, presence: Presence::Live });
    Opening {
        member,
        token: ResumeToken::from_bytes([0; 16]),
        seq: Seq(0),
        head: Head::START,
        policy: Policy::default(),
        host: ADA,
        committer: ADA,
        seats: seats.collect::<Vec<_>>().try_into().unwrap(),
    }
}

fn entry(from: MemberId, kind: EntryKind) -> Entry {
    Entry { seq: Seq(1), from, kind }
}

fn post(from: MemberId, ciphertext: PostBlob) -> Entry {
    entry(from, EntryKind::Post { ciphertext })
}

fn sequenced(from: MemberId, frame: ClientFrame) -> (Entry, WelcomeBlob) {
    let ClientFrame::Commit { ciphertext, admits, evicts, welcome } = frame else {
        panic!("{frame:?} is no commit");
    };
    (entry(from, EntryKind::Commit { ciphertext, admits, evicts }), welcome)
}

/// A room of some members, the first of whom keeps the door. Every entry reaches all.
struct Room {
    members: Vec<Session>,
}

impl Room {
    fn of(names: &[&str]) -> Self {
        Self::under(ROOM, &key(), names)
    }

    fn under(room: RoomId, key: &Stretched, names: &[&str]) -> Self {
        let alias = |name: &str| Alias::new(name).unwrap();
        let first = Session::create(room, key, alias(names[0]), &opening(ADA, [ADA]));
        let mut this = Self { members: vec![first] };
        for (number, name) in (2..).zip(&names[1..]) {
            this.join(room, key, MemberId(number), alias(name));
        }
        this
    }

    fn join(&mut self, room: RoomId, key: &Stretched, member: MemberId, alias: Alias) {
        let (newcomer, knock) = Newcomer::knock(room, key, alias);
        let doorkeeper = &mut self.members[0];
        let heard = doorkeeper.hear_knock(member, &knock);
        assert!(matches!(heard, KnockHeard::Admissible { .. }), "{heard:?}");
        let (entry, welcome) = sequenced(ADA, doorkeeper.admit(&[member]).unwrap());
        self.receive(&entry);
        let opening = opening(member, self.members[0].roster().keys().copied());
        self.members.push(newcomer.welcome(&opening, &welcome).unwrap());
    }

    /// What each member makes of an entry, in the members' order.
    fn receive(&mut self, entry: &Entry) -> Vec<Vec<Event>> {
        self.members.iter_mut().map(|member| member.receive(entry)).collect()
    }

    /// Everybody still hears everybody, and all agree on who is there.
    fn is_sound(&mut self) -> Result<(), TestCaseError> {
        for speaker in 0..self.members.len() {
            let from = self.members[speaker].me();
            let entry = post(from, self.members[speaker].post(b"still here").unwrap());
            let said = Event::Said { from, plaintext: b"still here".to_vec().into() };
            for heard in self.receive(&entry) {
                prop_assert_eq!(&heard[..], std::slice::from_ref(&said));
            }
        }
        for member in &self.members {
            prop_assert_eq!(member.roster(), self.members[0].roster());
        }
        Ok(())
    }
}

fn names() -> impl Strategy<Value = [String; 3]> {
    ["[ab][a-k é]{0,14}[a-k]", "[mn][a-k猫]{0,15}", "[st][a-k🐈]{0,15}"]
}

fn words() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => vec(any::<u8>(), 0..300),
        2 => vec(any::<u8>(), 0..=PLAINTEXT_BYTES_MAX),
        1 => (any::<u8>(), 0..=PLAINTEXT_BYTES_MAX).prop_map(|(byte, bytes)| vec![byte; bytes]),
    ]
}

/// What a hostile server may do to a blob's bytes.
#[derive(Clone, Debug)]
enum Tampering {
    Flip { at: Index, by: u8 },
    Cut { at: Index },
    Extend { by: Vec<u8> },
}

fn tampering() -> impl Strategy<Value = Tampering> {
    prop_oneof![
        6 => (any::<Index>(), 1_u8..).prop_map(|(at, by)| Tampering::Flip { at, by }),
        1 => any::<Index>().prop_map(|at| Tampering::Cut { at }),
        1 => vec(any::<u8>(), 1..300).prop_map(|by| Tampering::Extend { by }),
    ]
}

impl Tampering {
    fn with<const MAX: usize>(&self, blob: &Blob<MAX>) -> Blob<MAX> {
        let mut bytes = blob.as_slice().to_vec();
        match self {
            Self::Flip { at, by } => {
                let at = at.index(bytes.len());
                bytes[at] ^= by;
            }
            Self::Cut { at } => bytes.truncate(at.index(bytes.len())),
            Self::Extend { by } => bytes.extend(by),
        }
        Blob::try_from(bytes).unwrap()
    }
}

fn rewrap<const MAX: usize>(bytes: &[u8]) -> Blob<MAX> {
    Blob::try_from(bytes.to_vec()).unwrap()
}

proptest! {
    #![proptest_config(sanctuary_proptests::config("crypto"))]

    #[test]
    fn a_room_runs_from_its_creation_to_a_kick(
        names in names(),
        said in words(),
        whispered in words(),
    ) {
        let mut room = Room::of(&names.each_ref().map(String::as_str));
        for (member, name) in room.members[2].roster().values().zip(&names) {
            prop_assert_eq!(member, &Alias::new(name).unwrap());
        }

        let entry = post(BOB, room.members[1].post(&said).unwrap());
        let heard = Event::Said { from: BOB, plaintext: said.into() };
        for events in room.receive(&entry) {
            prop_assert_eq!(&events[..], std::slice::from_ref(&heard));
        }

        let entry = post(CY, room.members[2].whisper(ADA, &whispered).unwrap());
        let heard = Event::Whispered { from: CY, to: ADA, plaintext: whispered.into() };
        let passed = Event::WhisperPassed { from: CY };
        let all = room.receive(&entry);
        prop_assert_eq!(all, [vec![heard.clone()], vec![passed], vec![heard]]);

        let (kick, _) = sequenced(ADA, room.members[0].kick(BOB).unwrap());
        let alias = Alias::new(&names[1]).unwrap();
        let kicked = Event::Kicked { member: BOB, alias, by: ADA };
        for events in room.receive(&kick) {
            prop_assert_eq!(&events[..], std::slice::from_ref(&kicked));
        }
        let mut out = room.members.remove(1);
        let late = post(BOB, out.post(b"wait").unwrap());
        for events in room.receive(&late) {
            prop_assert_eq!(&events[..], &[Event::Unreadable { from: BOB }]);
        }
        room.is_sound()?;
    }

    #[test]
    fn a_post_that_was_touched_does_not_open(said in words(), tampering in tampering()) {
        let mut room = Room::of(&["Ada", "Bob"]);
        let sealed = room.members[0].post(&said).unwrap();
        prop_assume!(tampering_fits(&tampering, sealed.len(), 20 * 1024));
        let events = room.members[1].receive(&post(ADA, tampering.with(&sealed)));
        prop_assert_eq!(events, [Event::Unreadable { from: ADA }]);
        room.is_sound()?;
    }

    #[test]
    fn a_commit_that_was_touched_changes_no_roster(tampering in tampering()) {
        let mut room = Room::of(&["Ada", "Bob"]);
        let (_, knock) = Newcomer::knock(ROOM, &key(), Alias::new("Cy").unwrap());
        room.members[0].hear_knock(CY, &knock);
        let frame = room.members[0].admit(&[CY]).unwrap();
        let ClientFrame::Commit { ciphertext, admits, evicts, .. } = frame else {
            panic!("an admit is a commit");
        };
        let ciphertext = tampering.with(&ciphertext);
        let touched = entry(ADA, EntryKind::Commit { ciphertext, admits, evicts });
        for events in room.receive(&touched) {
            prop_assert_eq!(events, [Event::Unreadable { from: ADA }]);
        }
        prop_assert_eq!(room.members[1].roster().len(), 2);
        room.is_sound()?;
    }

    #[test]
    fn nothing_at_the_door_opens_once_it_was_touched(tampering in tampering()) {
        let mut room = Room::of(&["Ada"]);
        let doorkeeper = &mut room.members[0];
        let (mut newcomer, knock) = Newcomer::knock(ROOM, &key(), Alias::new("Bob").unwrap());

        let heard = doorkeeper.hear_knock(BOB, &tampering.with(&knock));
        let wrong_key =
            matches!(heard, KnockHeard::Refused { why: TurnedAway::WrongKey, .. });
        prop_assert!(wrong_key);

        let KnockHeard::Admissible { reply, .. } = doorkeeper.hear_knock(BOB, &knock) else {
            panic!("an untouched knock opens");
        };
        // One byte, 0, is the unsealed "wrong key", which a server can always say.
        let touched = tampering.with(&reply);
        prop_assume!(touched.as_slice() != [0]);
        prop_assert_eq!(newcomer.hear_door(ADA, BOB, &touched), DoorStep::Ignored);

        let (_, welcome) = sequenced(ADA, doorkeeper.admit(&[BOB]).unwrap());
        let opening = opening(BOB, [ADA, BOB]);
        let touched = newcomer.welcome(&opening, &tampering.with(&welcome));
        prop_assert_eq!(touched.err(), Some(WelcomeError::Unreadable));
        prop_assert!(newcomer.welcome(&opening, &welcome).is_ok());
    }

    #[test]
    fn nothing_opens_under_another_key_in_another_room_or_from_another_mouth(
        said in vec(any::<u8>(), 0..300),
        other_key in any::<[u8; 32]>(),
        other_room in any::<[u8; 16]>(),
    ) {
        prop_assume!(other_key != [1; 32] && RoomId::from_bytes(other_room) != ROOM);
        let names = ["Ada", "Bob", "Cy"];
        let mut room = Room::of(&names);
        let sealed = room.members[0].post(&said).unwrap();
        let (kick, _) = sequenced(ADA, room.members[0].kick(CY).unwrap());

        let unreadable = |from| Event::Unreadable { from };
        let elsewhere = [
            Room::under(ROOM, &Stretched::from_bytes(other_key), &names),
            Room::under(RoomId::from_bytes(other_room), &key(), &names),
        ];
        for mut other in elsewhere {
            for events in other.receive(&post(ADA, sealed.clone())) {
                prop_assert_eq!(events, [unreadable(ADA)]);
            }
            for events in other.receive(&kick) {
                prop_assert_eq!(&events[0], &unreadable(ADA));
            }
        }
        for other in [BOB, CY, MemberId(4), MemberId(u32::MAX)] {
            for events in room.receive(&post(other, sealed.clone())) {
                prop_assert_eq!(events, [unreadable(other)]);
            }
        }
        room.is_sound()?;
    }

    #[test]
    fn no_kind_of_blob_opens_as_another(name in "[d-z]{1,12}") {
        let mut room = Room::of(&["Ada"]);
        let doorkeeper = &mut room.members[0];
        let alias = Alias::new(&name).unwrap();
        let (mut newcomer, knock) = Newcomer::knock(ROOM, &key(), alias);
        let KnockHeard::Admissible { reply, .. } = doorkeeper.hear_knock(BOB, &knock) else {
            panic!("the key opens");
        };
        let said = doorkeeper.post(b"said").unwrap();
        let frame = doorkeeper.admit(&[BOB]).unwrap();
        let ClientFrame::Commit { ciphertext: commit, welcome, admits, .. } = frame else {
            panic!("an admit is a commit");
        };
        let [said, commit, welcome, knock, reply] =
            [said.as_slice(), commit.as_slice(), welcome.as_slice(), knock.as_slice(),
                reply.as_slice()];

        for other in [commit, welcome, knock, reply] {
            let events = doorkeeper.receive(&post(ADA, rewrap(other)));
            prop_assert_eq!(events, [Event::Unreadable { from: ADA }]);
        }
        for other in [said, welcome, knock, reply] {
            let (admits, evicts) = (admits.clone(), Few::none());
            let kind = EntryKind::Commit { ciphertext: rewrap(other), admits, evicts };
            let events = doorkeeper.receive(&entry(ADA, kind));
            prop_assert_eq!(events, [Event::Unreadable { from: ADA }]);
        }
        for other in [said, commit, knock, reply] {
            let came_in = newcomer.welcome(&opening(BOB, [ADA, BOB]), &rewrap(other));
            prop_assert_eq!(came_in.err(), Some(WelcomeError::Unreadable));
        }
        for other in [said, commit, welcome, reply] {
            let heard = doorkeeper.hear_knock(CY, &rewrap(other));
            let wrong_key =
                matches!(heard, KnockHeard::Refused { why: TurnedAway::WrongKey, .. });
            prop_assert!(wrong_key);
        }
        for other in [said, commit, welcome, knock] {
            prop_assert_eq!(newcomer.hear_door(ADA, BOB, &rewrap(other)), DoorStep::Ignored);
        }
    }

    #[test]
    fn a_post_s_size_says_its_bucket_and_no_more(one in words(), other in words()) {
        let mut room = Room::of(&["Ada", "Bob"]);
        let speaker = &mut room.members[0];
        let size = |blob: PostBlob| blob.len();
        let (said, whispered) =
            (size(speaker.post(&one).unwrap()), size(speaker.whisper(BOB, &one).unwrap()));
        prop_assert!(POST_SIZES.contains(&said) && POST_SIZES.contains(&whispered));

        // What is sealed is the text, at most eight bytes of header, and the mark of its end.
        let bucket = |text: &[u8], header: usize| {
            POST_SIZES.iter().copied().find(|size| text.len() + header < size - 28).unwrap()
        };
        prop_assert!((bucket(&one, 2)..=bucket(&one, 8)).contains(&said));
        prop_assert!((bucket(&one, 2)..=bucket(&one, 8)).contains(&whispered));
        if bucket(&one, 2) == bucket(&other, 8) && bucket(&one, 8) == bucket(&other, 2) {
            prop_assert_eq!(said, size(speaker.post(&other).unwrap()));
        }
    }

    #[test]
    fn a_knock_has_one_size_whoever_knocks(text in ".{1,32}") {
        if let Ok(alias) = Alias::new(&text) {
            prop_assert_eq!(Newcomer::knock(ROOM, &key(), alias).1.len(), 284);
        }
    }

    #[test]
    fn whatever_the_server_sends_a_session_stays_usable(
        entries in vec(frames::entry(), 0..12),
        knocks in vec((frames::member(), frames::blob()), 0..4),
        words in vec((frames::member(), frames::blob()), 0..4),
        members in vec(frames::member(), 0..20),
    ) {
        let mut ada = Room::of(&["Ada", "Bob", "Cy"]).members.remove(0);
        for entry in &entries {
            for event in ada.receive(entry) {
                let garbage = matches!(event, Event::Unreadable { .. } | Event::Removed { .. }
                    | Event::Left { .. } | Event::Expired { .. });
                prop_assert!(garbage, "{:?}", event);
            }
        }
        for (newcomer, blob) in &knocks {
            let heard = ada.hear_knock(*newcomer, blob);
            let wrong_key = matches!(heard,
                KnockHeard::Refused { why: TurnedAway::WrongKey, .. });
            prop_assert!(wrong_key);
        }
        for (newcomer, blob) in &words {
            prop_assert_eq!(ada.hear_door(*newcomer, blob), DoorStep::Ignored);
        }
        prop_assert!(ada.admit(&members).is_err());
        for member in members {
            let _ = ada.kick(member);
            ada.decline(member);
            ada.forget_knock(member);
        }
        // A server may have put Ada out, and then nobody hears her; else she talks as before.
        if ada.roster().contains_key(&ADA) {
            let entry = post(ADA, ada.post(b"still here").unwrap());
            let said = Event::Said { from: ADA, plaintext: b"still here".to_vec().into() };
            prop_assert_eq!(ada.receive(&entry), [said]);
        }
    }

    #[test]
    fn whatever_the_server_sends_a_newcomer_waits_on(
        words in vec((frames::member(), frames::member(), frames::blob()), 0..8),
        openings in vec((frames::opening(), frames::blob()), 0..4),
    ) {
        let mut ada = Room::of(&["Ada"]);
        let (mut newcomer, knock) = Newcomer::knock(ROOM, &key(), Alias::new("Bob").unwrap());
        for (doorkeeper, me, blob) in &words {
            let step = newcomer.hear_door(*doorkeeper, *me, blob);
            prop_assert!(step == DoorStep::Ignored || blob.as_slice() == [0]);
        }
        for (opening, blob) in &openings {
            prop_assert!(newcomer.welcome(opening, blob).is_err());
        }
        ada.members[0].hear_knock(BOB, &knock);
        let (commit, welcome) = sequenced(ADA, ada.members[0].admit(&[BOB]).unwrap());
        ada.receive(&commit);
        ada.members.push(newcomer.welcome(&opening(BOB, [ADA, BOB]), &welcome).unwrap());
        ada.is_sound()?;
    }

    #[test]
    fn an_invitation_survives_its_address(room in ".{1,64}", secret in ".{1,128}") {
        let (Ok(room), Ok(secret)) = (RoomName::new(&room), Secret::new(&secret)) else {
            return Ok(());
        };
        let link = Link { room, secret };
        let fragment = link.fragment();
        prop_assert!(fragment.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#'));
        prop_assert_eq!(Link::parse(&fragment), Ok(link.clone()));
        let address = format!("https://example.org/#{}", *fragment);
        prop_assert_eq!(Link::parse(&address), Ok(link));
    }

    #[test]
    fn no_text_harms_whatever_reads_it(text in any::<String>()) {
        if let Ok(link) = Link::parse(&text) {
            prop_assert_eq!(Link::parse(&link.fragment()), Ok(link));
        }
        // What was read once reads as itself ever after.
        if let Ok(room) = RoomName::new(&text) {
            prop_assert_eq!(RoomName::new(room.as_str()), Ok(room));
        }
        if let Ok(secret) = Secret::new(&text) {
            strength(&secret);
            prop_assert_eq!(Secret::new(secret.expose()), Ok(secret));
        }
        if let Ok(alias) = Alias::new(&text) {
            prop_assert!(alias.as_str().chars().count() <= 32);
            prop_assert_eq!(Alias::new(alias.as_str()), Ok(alias));
        }
    }

    #[test]
    fn looking_alike_goes_both_ways(one in ".{1,8}", other in "[aAоОoO0lI1 .]{1,3}") {
        let (Ok(one), Ok(other)) = (Alias::new(&one), Alias::new(&other)) else {
            return Ok(());
        };
        prop_assert!(one.looks_like(&one) && other.looks_like(&other));
        prop_assert_eq!(one.looks_like(&other), other.looks_like(&one));
        let shouted = Alias::new(&one.as_str().to_uppercase());
        prop_assert!(shouted.map_or(true, |shouted| one.looks_like(&shouted)));
    }
}

/// Whether the blob stays within its bound, so that it reaches a session at all.
fn tampering_fits(tampering: &Tampering, bytes: usize, limit: usize) -> bool {
    match tampering {
        Tampering::Extend { by } => bytes + by.len() <= limit,
        Tampering::Flip { .. } | Tampering::Cut { .. } => true,
    }
}
