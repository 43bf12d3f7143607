//! Properties of the cipher: nothing that was touched opens, nothing opens elsewhere, lengths hide
//! in their buckets, and no bytes whatever harm a session, or cost a genuine message anything.
//! This many lines because the properties share one room and its blobs.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its property")]

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use sanctuary_crypto::{
    Alias, DoorKnock, DoorStep, Event, Knocked, Link, Newcomer, PLAINTEXT_BYTES_MAX, RoomName,
    Secret, Session, Stretched, TurnedAway, WelcomeError, strength,
};
use sanctuary_proptests::frames;
use sanctuary_protocol::{
    Blob, ClientFrame, Entry, EntryKind, Few, MemberId, Opening, PostBlob, Presence, ResumeToken,
    RoomId, Seat, Seq, View, WelcomeBlob,
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

fn opening(member: MemberId, view: &View) -> Opening {
    let seats = view.seats.iter();
    let seats = seats.map(|(member, presence)| Seat { member: *member, presence: *presence });
    Opening {
        member,
        token: ResumeToken::from_bytes([0; 16]),
        seq: view.seq,
        head: view.head,
        policy: view.policy,
        host: view.host,
        committer: view.committer,
        seats: seats.collect::<Vec<_>>().try_into().unwrap(),
    }
}

/// A room of some members, the first of whom keeps the door. Every entry reaches all.
struct Room {
    view: View,
    members: Vec<Session>,
}

impl Room {
    fn of(names: &[&str]) -> Self {
        Self::under(ROOM, &key(), names)
    }

    fn under(room: RoomId, key: &Stretched, names: &[&str]) -> Self {
        let view = View {
            host: ADA,
            committer: ADA,
            policy: sanctuary_protocol::Policy::default(),
            seats: [(ADA, Presence::Live)].into(),
            seq: Seq(0),
            head: sanctuary_protocol::Head::START,
        };
        let policy = sanctuary_protocol::Policy::default();
        let opening = opening(ADA, &view);
        let first = Session::create(room, key, alias(names[0]), policy, &opening).unwrap();
        let mut this = Self { view, members: vec![first] };
        for (number, name) in (2..).zip(&names[1..]) {
            this.join(room, key, MemberId(number), name);
        }
        this
    }

    /// A newcomer that has proven itself and waits.
    fn knock(&mut self, room: RoomId, key: &Stretched, me: MemberId, name: &str) -> Newcomer {
        let (mut newcomer, _) = Newcomer::knock(room, key, alias(name));
        let DoorKnock::Offer(offer) = self.members[0].hear_knock(me) else { panic!("no offer") };
        let DoorStep::Reply(answer) = newcomer.hear_door(ADA, me, &offer) else {
            panic!("no answer")
        };
        let knocked = self.members[0].hear_door(me, &answer);
        assert!(matches!(knocked, Knocked::Admissible { .. }), "{knocked:?}");
        newcomer
    }

    fn join(&mut self, room: RoomId, key: &Stretched, member: MemberId, name: &str) {
        let newcomer = self.knock(room, key, member, name);
        let frame = self.members[0].admit(&[member]).unwrap();
        let (entry, welcome) = self.commit(ADA, frame);
        self.receive(&entry);
        self.members.push(newcomer.welcome(&opening(member, &self.view), &welcome).unwrap());
        self.members[0].heartbeat();
        for ciphertext in self.members[0].outgoing().posts {
            self.post(ADA, ciphertext);
        }
    }

    fn entry(&mut self, from: MemberId, kind: EntryKind) -> Entry {
        let entry = Entry { seq: self.view.seq.next(), from, kind };
        self.view.after(&entry);
        entry
    }

    fn commit(&mut self, from: MemberId, frame: ClientFrame) -> (Entry, WelcomeBlob) {
        let ClientFrame::Commit { ciphertext, admits, evicts, welcome } = frame else {
            panic!("{frame:?} is no commit");
        };
        (self.entry(from, EntryKind::Commit { ciphertext, admits, evicts }), welcome)
    }

    fn post(&mut self, from: MemberId, ciphertext: PostBlob) -> Vec<Vec<Event>> {
        let entry = self.entry(from, EntryKind::Post { ciphertext });
        self.receive(&entry)
    }

    /// What each member makes of an entry, in the members' order.
    fn receive(&mut self, entry: &Entry) -> Vec<Vec<Event>> {
        self.members.iter_mut().map(|member| member.receive(entry)).collect()
    }

    /// Everybody still hears everybody, and all agree on who is there.
    fn is_sound(&mut self) -> Result<(), TestCaseError> {
        for speaker in 0..self.members.len() {
            let from = self.members[speaker].me();
            let sealed = said(&mut self.members[speaker], b"still here");
            let heard = self.post(from, sealed);
            for (listener, events) in heard.iter().enumerate() {
                let heard = [Event::Said { from, plaintext: b"still here".to_vec().into() }];
                let settled = matches!(events[..], [Event::Settled(_)]);
                let expected = if listener == speaker { settled } else { events[..] == heard };
                prop_assert!(expected, "{:?}", events);
            }
        }
        for member in &self.members {
            prop_assert_eq!(member.roster(), self.members[0].roster());
        }
        Ok(())
    }
}

/// What a member says, sealed.
fn said(member: &mut Session, text: &[u8]) -> PostBlob {
    member.post(text).unwrap();
    member.outgoing().posts.pop().unwrap()
}

fn whispered(member: &mut Session, to: MemberId, text: &[u8]) -> PostBlob {
    member.whisper(to, text).unwrap();
    member.outgoing().posts.pop().unwrap()
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
    /// `None` when the blob would leave its bound, and so never reach a session.
    fn with<const MAX: usize>(&self, blob: &Blob<MAX>) -> Option<Blob<MAX>> {
        let mut bytes = blob.as_slice().to_vec();
        match self {
            Self::Flip { at, by } => {
                let at = at.index(bytes.len());
                bytes[at] ^= by;
            }
            Self::Cut { at } => bytes.truncate(at.index(bytes.len())),
            Self::Extend { by } => bytes.extend(by),
        }
        Blob::try_from(bytes).ok()
    }
}

/// A bucket's sealed size may change a little with the epoch's number, and with nothing that is
/// said: so much the group's framing adds at most.
const FRAMING_BYTES: std::ops::Range<usize> = 100..250;

proptest! {
    #![proptest_config(sanctuary_proptests::config("crypto"))]

    #[test]
    fn a_room_runs_from_its_creation_to_a_kick(
        names in names(),
        text in words(),
        secret in words(),
    ) {
        let mut room = Room::of(&names.each_ref().map(String::as_str));
        let sealed = said(&mut room.members[1], &text);
        let heard = Event::Said { from: BOB, plaintext: text.into() };
        let all = room.post(BOB, sealed);
        prop_assert_eq!((&all[0], &all[2]), (&vec![heard.clone()], &vec![heard]));

        let sealed = whispered(&mut room.members[2], ADA, &secret);
        let heard = Event::Whispered { from: CY, plaintext: secret.into() };
        let all = room.post(CY, sealed);
        let passed = Event::WhisperPassed { from: CY };
        prop_assert_eq!((&all[0], &all[1]), (&vec![heard], &vec![passed]));

        let late = said(&mut room.members[1], b"wait");
        let kick = room.members[0].kick(BOB).unwrap();
        let (kick, _) = room.commit(ADA, kick);
        let kicked = Event::Kicked { member: BOB, alias: alias(&names[1]), by: ADA };
        for events in room.receive(&kick) {
            prop_assert!(events.contains(&kicked));
        }
        room.members.remove(1);
        for events in room.post(BOB, late) {
            prop_assert_eq!(&events[..], &[], "of an epoch that ended");
        }
        room.is_sound()?;
    }

    #[test]
    fn what_was_touched_says_nothing_and_costs_the_genuine_nothing(
        text in vec(any::<u8>(), 0..300),
        tamperings in vec(tampering(), 1..6),
    ) {
        let mut room = Room::of(&["Ada", "Bob", "Cy"]);
        let mut ada = room.members.remove(0);
        let sealed = said(&mut ada, &text);
        for touched in tamperings.iter().filter_map(|tampering| tampering.with(&sealed)) {
            for events in room.post(ADA, touched) {
                let harmless = |event: &Event| matches!(event, Event::Unreadable { from: ADA, .. });
                prop_assert!(events.iter().all(harmless), "{:?}", events);
            }
        }
        let heard = Event::Said { from: ADA, plaintext: text.into() };
        for events in room.post(ADA, sealed) {
            prop_assert!(events.contains(&heard), "{:?}", events);
        }
        room.is_sound()?;
    }

    #[test]
    fn a_commit_that_was_touched_changes_nothing(tampering in tampering()) {
        let mut room = Room::of(&["Ada", "Bob", "Cy"]);
        let ClientFrame::Commit { ciphertext, .. } = room.members[0].renew().unwrap() else {
            panic!("a renewal is a commit");
        };
        room.members.remove(0);
        let Some(touched) = tampering.with(&ciphertext) else { return Ok(()) };
        let commit = |ciphertext| {
            EntryKind::Commit { ciphertext, admits: Few::none(), evicts: Few::none() }
        };
        let epoch = room.members[0].epoch();
        let touched = room.entry(ADA, commit(touched));
        for events in room.receive(&touched) {
            let harmless = |event: &Event| matches!(event, Event::Unreadable { from: ADA, .. });
            prop_assert!(events.iter().all(harmless), "{:?}", events);
        }
        prop_assert_eq!(room.members[0].epoch(), epoch);
        let genuine = room.entry(ADA, commit(ciphertext));
        room.receive(&genuine);
        prop_assert_eq!(room.members[0].epoch(), epoch + 1);
        room.is_sound()?;
    }

    #[test]
    fn nothing_at_the_door_opens_once_it_was_touched(tampering in tampering()) {
        let mut room = Room::of(&["Ada"]);
        let (mut newcomer, _) = Newcomer::knock(ROOM, &key(), alias("Bob"));
        let DoorKnock::Offer(offer) = room.members[0].hear_knock(BOB) else { panic!() };
        let DoorStep::Reply(answer) = newcomer.hear_door(ADA, BOB, &offer) else { panic!() };
        if let Some(touched) = tampering.with(&answer) {
            let heard = room.members[0].hear_door(BOB, &touched);
            let wrong_key = matches!(heard, Knocked::Refused { why: TurnedAway::WrongKey, .. });
            prop_assert!(wrong_key, "{:?}", heard);
        }
        let newcomer = room.knock(ROOM, &key(), BOB, "Bob");
        let frame = room.members[0].admit(&[BOB]).unwrap();
        let (_, welcome) = room.commit(ADA, frame);
        let Some(touched) = tampering.with(&welcome) else { return Ok(()) };
        let came_in = newcomer.welcome(&opening(BOB, &room.view), &touched);
        let shut = [Some(WelcomeError::Unreadable), Some(WelcomeError::NotForMe)];
        prop_assert!(shut.contains(&came_in.err()));
    }

    #[test]
    fn nothing_opens_under_another_key_in_another_room_or_from_another_mouth(
        text in vec(any::<u8>(), 0..300),
        other_key in any::<[u8; 32]>(),
        other_room in any::<[u8; 16]>(),
    ) {
        prop_assume!(other_key != [1; 32] && RoomId::from_bytes(other_room) != ROOM);
        let names = ["Ada", "Bob", "Cy"];
        let mut room = Room::of(&names);
        let sealed = said(&mut room.members[0], &text);
        let elsewhere = [
            Room::under(ROOM, &Stretched::from_bytes(other_key), &names),
            Room::under(RoomId::from_bytes(other_room), &key(), &names),
        ];
        let opens = |event: &Event| matches!(event, Event::Said { .. });
        for mut other in elsewhere {
            for events in other.post(ADA, sealed.clone()) {
                prop_assert!(!events.iter().any(opens), "{:?}", events);
            }
        }
        for other in [BOB, CY, MemberId(4), MemberId(u32::MAX)] {
            for events in room.post(other, sealed.clone()) {
                prop_assert!(!events.iter().any(opens), "{:?}", events);
            }
        }
        let heard = Event::Said { from: ADA, plaintext: text.into() };
        prop_assert_eq!(&room.post(ADA, sealed)[1], &vec![heard]);
        room.is_sound()?;
    }

    #[test]
    fn a_post_s_size_says_its_bucket_and_no_more(one in words(), other in words()) {
        let mut room = Room::of(&["Ada", "Bob"]);
        let speaker = &mut room.members[0];
        let aloud = said(speaker, &one).as_slice().len();
        let quietly = whispered(speaker, BOB, &one).as_slice().len();
        // What is sealed is a claim, a header, the text and its mark, in a power of two.
        let bucket = |text: &[u8], header: usize| {
            (48 + header + text.len() + 1).next_power_of_two().max(256)
        };
        let header = |text: &[u8]| if text.len() < 128 { 2 } else { 3 };
        let least = bucket(&one, header(&one));
        prop_assert!(FRAMING_BYTES.contains(&(aloud - least)), "{} in {}", aloud, least);
        let least_whispered = bucket(&one, 52);
        let framing = quietly - least_whispered;
        prop_assert!(FRAMING_BYTES.contains(&framing), "{} in {}", quietly, least_whispered);
        if bucket(&other, header(&other)) == least {
            prop_assert_eq!(aloud, said(speaker, &other).as_slice().len());
        }
    }

    #[test]
    fn every_word_of_the_door_has_one_size_whoever_knocks(text in ".{1,32}") {
        let Ok(alias) = Alias::new(&text) else { return Ok(()) };
        let mut ada = Room::of(&["Ada"]).members.remove(0);
        let (mut newcomer, knock) = Newcomer::knock(ROOM, &key(), alias);
        let DoorKnock::Offer(offer) = ada.hear_knock(BOB) else { panic!("no offer") };
        let DoorStep::Reply(answer) = newcomer.hear_door(ADA, BOB, &offer) else { panic!() };
        let sizes = [knock.as_slice().len(), offer.as_slice().len(), answer.as_slice().len()];
        prop_assert_eq!(sizes, [1, 33, 1119]);
    }

    #[test]
    fn whatever_the_server_sends_a_session_stays_usable(
        entries in vec(frames::entry(), 0..12),
        knocks in vec((frames::member(), frames::blob()), 0..4),
        members in vec(frames::member(), 0..20),
    ) {
        let mut room = Room::of(&["Ada", "Bob", "Cy"]);
        let mut bob = room.members.remove(1);
        let genuine = said(&mut bob, b"genuine");
        let mut ada = room.members.remove(0);
        for entry in entries {
            // As it came, and as if it were the next.
            let next = Entry { seq: ada.view().seq.next(), ..entry.clone() };
            for event in [ada.receive(&entry), ada.receive(&next)].into_iter().flatten() {
                let honest = matches!(event, Event::Unreadable { .. } | Event::Removed { .. }
                    | Event::Left { .. } | Event::Expired { .. } | Event::Tampering(_));
                prop_assert!(honest, "{:?}", event);
            }
        }
        for (newcomer, blob) in &knocks {
            prop_assert_eq!(ada.hear_door(*newcomer, blob), Knocked::Ignored);
            if let DoorKnock::Offer(_) = ada.hear_knock(*newcomer) {
                let heard = ada.hear_door(*newcomer, blob);
                let wrong_key = matches!(heard, Knocked::Refused { why: TurnedAway::WrongKey, .. });
                prop_assert!(wrong_key);
            }
        }
        prop_assert!(ada.admit(&members).is_err());
        for member in members {
            if ada.kick(member).is_ok() {
                ada.commit_refused();
            }
            ada.decline(member);
            ada.forget_knock(member);
        }
        let entry = |ada: &Session, from, ciphertext| {
            Entry { seq: ada.view().seq.next(), from, kind: EntryKind::Post { ciphertext } }
        };
        let next = entry(&ada, BOB, genuine);
        let heard = Event::Said { from: BOB, plaintext: b"genuine".to_vec().into() };
        prop_assert!(ada.receive(&next).contains(&heard));
        let sealed = said(&mut ada, b"still here");
        let next = entry(&ada, ADA, sealed);
        prop_assert!(matches!(ada.receive(&next)[..], [Event::Settled(_)]));
    }

    #[test]
    fn whatever_the_server_sends_a_newcomer_waits_on(
        words in vec((frames::member(), frames::member(), frames::blob()), 0..8),
        openings in vec((frames::opening(), frames::blob()), 0..4),
    ) {
        let mut room = Room::of(&["Ada"]);
        let (mut newcomer, _) = Newcomer::knock(ROOM, &key(), alias("Bob"));
        for (doorkeeper, me, blob) in &words {
            let step = newcomer.hear_door(*doorkeeper, *me, blob);
            let is_answered = matches!(step, DoorStep::Reply(_));
            prop_assert!(step == DoorStep::Ignored || is_answered, "{:?}", step);
        }
        for (opening, blob) in &openings {
            let newcomer = room.knock(ROOM, &key(), BOB, "Bob");
            room.members[0].forget_knock(BOB);
            prop_assert!(newcomer.welcome(opening, blob).is_err());
        }
        room.join(ROOM, &key(), BOB, "Bob");
        room.is_sound()?;
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
