//! Everything at once: every byte that passed the server, every secret that the room ever had, and
//! what those held who went. People come and go, one of them while it keeps the door; the link is
//! renewed by a kick; and of what was sealed after somebody went, by those who knew it, nothing opens.

use std::collections::BTreeSet;

use sanctuary_protocol::{DoorBlob, Entry, EntryKind, MemberId, Policy, Seq, WelcomeBlob};

use super::{Yield, opens_nothing, talk, try_open};
use crate::door::{self, Answered, DoorKeys, Doorway, Heard, Offer, hear_doorkeeper};
use crate::newcomer::Welcome;
use crate::seal::decode;
use crate::session::Session;
use crate::session::door::Caller;
use crate::stretched::DoorSecret;
use crate::table::{ADA, BOB, CY, DI, ROOM, Record, Table, alias, key};
use crate::{Knocked, Newcomer, Stretched, TurnedAway};

const EVE: MemberId = MemberId(5);
const FAY: MemberId = MemberId(6);

/// A blob of the door, by its place in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Answer(usize),
    Verdict(usize),
    Welcome(usize),
}

/// A moment in the record.
#[derive(Clone, Copy)]
struct Moment {
    entries: usize,
    answers: usize,
    verdicts: usize,
    welcomes: usize,
}

impl Moment {
    fn of(record: &Record) -> Self {
        let Record { entries, welcomes, knocks: _, offers: _, answers, verdicts } = record;
        let (entries, answers) = (entries.len(), answers.len());
        Self { entries, answers, verdicts: verdicts.len(), welcomes: welcomes.len() }
    }

    const fn is_before(self, piece: Piece) -> bool {
        match piece {
            Piece::Answer(at) => self.answers <= at,
            Piece::Verdict(at) => self.verdicts <= at,
            Piece::Welcome(at) => self.welcomes <= at,
        }
    }
}

fn links() -> [Stretched; 2] {
    [key(), renewed()]
}

/// What the kick's invitation becomes.
fn renewed() -> Stretched {
    Stretched::from_bytes([9; 32])
}

/// The keys that a state has for what passes at doors.
fn held(state: &Session) -> Vec<DoorKeys> {
    let known = state.callers.values().filter_map(|caller| match &**caller {
        Caller::Known(known) => Some(known.keys.clone()),
        Caller::Offered(_) => None,
    });
    let admission = state.admission.iter().flat_map(|newcomer| newcomer.runs().to_vec());
    known.chain(admission).collect()
}

/// The keys of whoever answers the recorded offers, knowing both secrets.
fn played(record: &Record) -> Vec<DoorKeys> {
    let secrets = links().map(|link| link.door(ROOM));
    let mut keys = Vec::new();
    for (newcomer, doorkeeper, offer) in &record.offers {
        let Heard::Offered(share) = hear_doorkeeper(None, offer) else { panic!("no offer") };
        let doorway = Doorway { room: ROOM, doorkeeper: *doorkeeper, newcomer: *newcomer };
        keys.extend(secrets.iter().map(|it| door::answer(doorway, it, share, b"").unwrap().0));
    }
    keys
}

/// Whoever knows the secret plays the doorkeeper, after the fact.
fn plays_doorkeeper(secret: &DoorSecret, ends: (MemberId, MemberId), answer: &DoorBlob) -> bool {
    let (newcomer, doorkeeper) = ends;
    let (offer, _) = Offer::new(Doorway { room: ROOM, doorkeeper, newcomer }, secret);
    matches!(offer.hear(answer), Answered::Shown { .. })
}

fn opens_welcome(keys: &[DoorKeys], state: &Session, blob: &WelcomeBlob) -> bool {
    let Welcome { keys: wrapped, sealed } = decode(blob.as_slice()).unwrap();
    let opens = |keys: &DoorKeys| {
        wrapped
            .iter()
            .any(|(_, key)| keys.open_welcome_key(key.as_slice(), sealed.as_slice()).is_some())
    };
    let comes_in = |newcomer: &Newcomer| newcomer.open(state.me, blob).is_ok();
    keys.iter().any(opens) || state.admission.as_ref().is_some_and(comes_in)
}

/// What of the doors' blobs opens with every secret, and this state.
fn pieces(record: &Record, state: &Session) -> BTreeSet<Piece> {
    let secrets = links().map(|link| link.door(ROOM));
    let mut keys = held(state);
    keys.extend(played(record));
    let reads = |blob: &DoorBlob| keys.iter().any(|keys| keys.opens(blob));
    let mut opened = BTreeSet::new();
    for (at, (newcomer, keeper, answer)) in record.answers.iter().enumerate() {
        let plays = |secret| plays_doorkeeper(secret, (*newcomer, *keeper), answer);
        if reads(answer) || secrets.iter().any(plays) {
            opened.insert(Piece::Answer(at));
        }
    }
    let verdicts = record.verdicts.iter().enumerate();
    let read = verdicts.filter(|(_, (_, _, verdict))| reads(verdict));
    opened.extend(read.map(|(at, _)| Piece::Verdict(at)));
    let welcomes = record.welcomes.iter().enumerate();
    let read = welcomes.filter(|(_, welcome)| opens_welcome(&keys, state, welcome));
    opened.extend(read.map(|(at, _)| Piece::Welcome(at)));
    opened
}

/// What a state makes of entries, one after the other, going along wherever it can.
fn walk(state: &mut Session, entries: &[Entry]) -> Vec<(Seq, Yield)> {
    let mut yields = Vec::new();
    for entry in entries {
        if matches!(entry.kind, EntryKind::Post { .. } | EntryKind::Commit { .. }) {
            yields.push((entry.seq, try_open(state, entry)));
        }
        state.receive(entry);
    }
    yields
}

/// Nothing that was recorded before this moment opens, of any kind.
#[track_caller]
fn opens_nothing_before(came: Moment, record: &Record, state: &Session) {
    let mut opened = pieces(record, state);
    opened.retain(|piece| !came.is_before(*piece));
    assert_eq!(opened, [].into());
    opens_nothing(state, &record.entries[..came.entries]);
}

/// Nothing that was recorded since opens, of any kind, however far the state goes along.
#[track_caller]
fn opens_nothing_since(went: Moment, record: &Record, state: &mut Session) {
    let mut opened = pieces(record, state);
    opened.retain(|piece| went.is_before(*piece));
    assert_eq!(opened, [].into());
    opens_nothing(state, &record.entries[went.entries..]);
    let after = walk(state, &record.entries[went.entries..]);
    assert!(after.len() > 20, "there is something to open");
    assert!(after.iter().all(|(_, it)| *it == Yield::Nothing), "{after:?}");
}

/// Somebody proves itself with the link of the day, and is let in. Until the two that spoke at the
/// door forget it, their states open what was said there, and nothing else.
fn come_in(table: &mut Table, link: &Stretched, name: &str) -> (MemberId, Moment) {
    let came = Moment::of(&table.record);
    let (member, newcomer, knocked) = table.knock_with(link, name);
    assert_eq!(knocked, Knocked::Admissible { alias: alias(name) });
    let keeper = table.view.committer;
    let frame = table.at(keeper).admit(&[member]).unwrap();
    let committed = table.take(keeper, frame);
    let mine =
        [Piece::Answer(came.answers), Piece::Verdict(came.verdicts), Piece::Welcome(came.welcomes)];
    assert_eq!(pieces(&table.record, &table.sessions[&keeper]), mine.into());
    table.show(&committed.entry);
    assert_eq!(
        pieces(&table.record, &table.sessions[&keeper]),
        [].into(),
        "the doorkeeper forgets"
    );
    table.seat(member, newcomer, &committed.welcome).unwrap();
    assert_eq!(pieces(&table.record, &table.sessions[&member]), mine.into());
    table.vouch(keeper);
    assert_eq!(pieces(&table.record, &table.sessions[&member]), [].into(), "the newcomer forgets");
    talk(table);
    (member, came)
}

/// A newcomer whose commit comes too late, and which is welcomed again.
fn come_in_by_a_further_welcome(table: &mut Table, name: &str) -> MemberId {
    let (member, newcomer) = table.knock(name);
    let first = table.at(ADA).admit(&[member]).unwrap();
    let everyone = sanctuary_protocol::Moderation::Everyone;
    let policy = Policy { moderation: everyone, ..Policy::default() };
    let change = table.at(ADA).change_policy(policy).unwrap();
    table.commit(ADA, change);
    let overtaken = table.commit(ADA, first);
    table.seat(member, newcomer, &overtaken).unwrap();
    let again = table.at(ADA).admit(&[member]).unwrap();
    let welcome = table.commit(ADA, again);
    table.at(member).welcome_again(&welcome);
    table.vouch(ADA);
    assert!(table.at(member).is_vouched());
    talk(table);
    member
}

/// Somebody gives up its seat, and Ada's commit takes the keys from it: its state, and when.
fn leave(table: &mut Table, member: MemberId) -> (Session, Moment) {
    let mut state = table.sessions.remove(&member).unwrap();
    table.happen(member, EntryKind::Left);
    let frame = table.at(ADA).clear().unwrap();
    let entry = table.take(ADA, frame).entry;
    assert_eq!(try_open(&state, &entry), Yield::Wrapping, "what puts it out leads nowhere");
    state.receive(&entry);
    table.show(&entry);
    (state, Moment::of(&table.record))
}

#[test]
fn every_byte_and_every_secret_and_what_those_held_who_went_opens_nothing_sealed_since() {
    let mut table = Table::start();
    talk(&mut table);
    let (bob, bob_came) = come_in(&mut table, &key(), "Bob");
    let (cy, cy_came) = come_in(&mut table, &key(), "Cy");
    let (di, di_came) = come_in(&mut table, &key(), "Di");
    assert_eq!([bob, cy, di], [BOB, CY, DI]);
    assert_eq!(come_in_by_a_further_welcome(&mut table, "Eve"), EVE);

    // Bob keeps the door and lets somebody in; he goes while Gus, whom he knows, and Hal, who has
    // not answered him, are outside.
    table.happen(BOB, EntryKind::Committer);
    assert_eq!(come_in(&mut table, &key(), "Fay").0, FAY);
    let (gus, mut gus_outside) = table.knock("Gus");
    let hal = table.number();
    let (mut hal_outside, _) = Newcomer::knock(ROOM, &key(), alias("Hal"));
    table.at(BOB).hear_knock(hal);
    assert_eq!(pieces(&table.record, &table.sessions[&BOB]).len(), 2, "an answer and a verdict");
    let (mut bob, bob_went) = leave(&mut table, BOB);

    // From here on Eve sleeps: she is inside, and has what those have who are about to go.
    let mut eve = table.sessions.remove(&EVE).unwrap();
    talk(&mut table);

    // They go through the door that Ada keeps.
    table.happen(ADA, EntryKind::Committer);
    let ways = [(gus, &mut gus_outside), (hal, &mut hal_outside)];
    for (member, newcomer) in ways {
        assert!(matches!(table.run(member, newcomer), Knocked::Admissible { .. }));
    }
    let (_, _, to_ada) = table.record.answers.last().unwrap().clone();
    let frame = table.at(ADA).admit(&[gus, hal]).unwrap();
    let welcome = table.commit(ADA, frame);
    table.seat(gus, gus_outside, &welcome).unwrap();
    table.seat(hal, hal_outside, &welcome).unwrap();
    table.vouch(ADA);
    talk(&mut table);

    let (mut cy, cy_went) = leave(&mut table, CY);
    talk(&mut table);
    let frame = table.at(ADA).kick(DI).unwrap();
    let mut di = table.sessions.remove(&DI).unwrap();
    table.commit(ADA, frame);
    let di_went = Moment::of(&table.record);
    for session in table.sessions.values_mut() {
        session.renew_door(&renewed());
    }
    talk(&mut table);

    // The old link opens no door; the new one does.
    let (_, _, guess) = table.knock_with(&key(), "Mal");
    assert!(matches!(guess, Knocked::Refused { why: TurnedAway::WrongKey, .. }));
    let (ivy, ivy_came) = come_in(&mut table, &renewed(), "Ivy");
    table.assert_one_room();
    let Table { record, mut sessions, .. } = table;

    assert!(record.knocks.iter().all(|knock| knock.as_slice() == [1]), "a knock says nothing");
    for (state, came) in [(&bob, bob_came), (&cy, cy_came), (&di, di_came)] {
        opens_nothing_before(came, &record, state);
    }
    opens_nothing_before(ivy_came, &record, &sessions.remove(&ivy).unwrap());
    let to_bob = bob.hear_door(hal, &to_ada);
    assert!(matches!(to_bob, Knocked::Refused { why: TurnedAway::WrongKey, .. }));
    opens_nothing_since(bob_went, &record, &mut bob);
    opens_nothing_since(cy_went, &record, &mut cy);
    opens_nothing_since(di_went, &record, &mut di);

    // The tries are sound: who is inside opens every post and commit of all this time.
    let slept_through = walk(&mut eve, &record.entries[bob_went.entries..]);
    assert!(slept_through.iter().all(|(_, it)| *it != Yield::Nothing), "{slept_through:?}");
}
