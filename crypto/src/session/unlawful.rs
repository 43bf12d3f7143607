//! A member that keeps no rule: what it seals, commits and shows at the door, and what the others
//! make of it. It holds the room's keys, so nothing here fails for want of a key.

mod door;

use sanctuary_protocol::{
    ClientFrame, CommitBlob, Digest, DoorPolicy, EntryKind, Few, MemberId, Moderation, Policy,
    PostBlob, WelcomeBlob,
};

use super::Session;
use super::change::Out;
use super::say::{Body, padded};
use crate::credential::Credential;
use crate::group::{Applicant, Plan};
use crate::padding::{Buckets, pad};
use crate::table::{ADA, BOB, CY, DI, Table, alias};
use crate::transcript::Claim;
use crate::{Change, Charter, Event, Fault, Tampering, Unreadable};

const EVE: MemberId = MemberId(9);
const FAY: MemberId = MemberId(10);

/// A key package of somebody who never knocked.
fn key_package(member: MemberId, name: &str) -> Vec<u8> {
    let credential = Credential { member, alias: alias(name) };
    Applicant::new(credential).unwrap().key_package().to_vec()
}

/// What a commit does, and what the server is told that it does.
#[derive(Default)]
struct Deed {
    plan: Plan,
    admits: Vec<MemberId>,
    evicts: Vec<MemberId>,
}

impl Deed {
    fn adding(newcomers: &[(MemberId, &str)]) -> Self {
        let adds = newcomers.iter().map(|(member, name)| key_package(*member, name)).collect();
        let admits = newcomers.iter().map(|(member, _)| *member).collect();
        Self { plan: Plan { adds, ..Plan::default() }, admits, evicts: vec![] }
    }

    fn removing(members: &[MemberId]) -> Self {
        let plan = Plan { removes: members.to_vec(), ..Plan::default() };
        Self { plan, admits: vec![], evicts: members.to_vec() }
    }

    fn setting(charter: Charter) -> Self {
        Self::default().and(charter)
    }

    fn and(mut self, charter: Charter) -> Self {
        self.plan.charter = Some(charter);
        self
    }
}

impl Session {
    /// A commit that no rule was asked about.
    fn misdeed(&mut self, deed: &Deed) -> ClientFrame {
        let draft = self.group.draft(&deed.plan).unwrap();
        let ciphertext = self.wrap_commit(&draft.commit).unwrap();
        self.out.push_back(Out {
            digest: Digest::of(ciphertext.as_slice()),
            posted: self.unsettled.sent(),
            epoch: self.epoch(),
            secrets: draft.secrets,
            admits: deed.admits.clone(),
            evicts: deed.evicts.clone(),
            change: Change::Clear,
        });
        ClientFrame::Commit {
            ciphertext,
            admits: Few::try_from(deed.admits.clone()).unwrap(),
            evicts: Few::try_from(deed.evicts.clone()).unwrap(),
            welcome: WelcomeBlob::try_from(vec![]).unwrap(),
        }
    }

    /// A post whose application data no rule was asked about.
    fn misword(&mut self, content: &[u8]) -> PostBlob {
        PostBlob::try_from(self.group.seal(content).unwrap()).unwrap()
    }
}

fn unlawful(from: MemberId, fault: Fault) -> Event {
    Event::Unreadable { from, why: Unreadable::Unlawful(fault) }
}

/// `author` does it; it counts for nothing, everybody else says why, and the room goes on.
#[track_caller]
fn refused(table: &mut Table, author: MemberId, expected: Fault, deed: &Deed) {
    let (epoch, charter) = (table.at(author).epoch(), *table.at(author).charter());
    let frame = table.at(author).misdeed(deed);
    table.forget_events();
    table.commit(author, frame);
    let members: Vec<MemberId> = table.sessions.keys().copied().collect();
    for member in members {
        let first = table.events(member).into_iter().next();
        let expected =
            if member == author { Event::Void(Change::Clear) } else { unlawful(author, expected) };
        assert_eq!(first, Some(expected), "to {member:?}");
        assert_eq!((table.at(member).epoch(), *table.at(member).charter()), (epoch, charter));
    }
    table.assert_one_room();
}

fn charter(table: &mut Table, change: impl FnOnce(&mut Charter)) -> Charter {
    let mut charter = *table.at(ADA).charter();
    change(&mut charter);
    charter
}

fn set_policy(table: &mut Table, moderation: Moderation, door: DoorPolicy) {
    let frame = table.at(ADA).change_policy(Policy { moderation, door }).unwrap();
    table.commit(ADA, frame);
}

#[test]
fn nobody_is_added_but_by_who_keeps_the_door() {
    let mut table = Table::of(3);
    refused(&mut table, BOB, Fault::NotDoorkeeper, &Deed::adding(&[(EVE, "Eve")]));
    // One who says nothing of it to the server would hold keys without a seat.
    let silent = Deed { admits: vec![], ..Deed::adding(&[(EVE, "Eve")]) };
    refused(&mut table, ADA, Fault::Announcement, &silent);
}

#[test]
fn nobody_is_added_past_a_door_that_asks_or_is_locked_but_by_a_moderator() {
    for door in [DoorPolicy::Ask, DoorPolicy::Locked] {
        let mut table = Table::of(3);
        set_policy(&mut table, Moderation::Host, door);
        table.happen(BOB, EntryKind::Committer);
        refused(&mut table, BOB, Fault::NotDoorkeeper, &Deed::adding(&[(EVE, "Eve")]));
    }
}

#[test]
fn nobody_is_added_under_a_number_that_does_not_rise_or_another_s_name() {
    let mut table = Table::of(3);
    // The number 4 was a guesser's: it is free, and below what Di's would be.
    table.knock_with(&crate::Stretched::from_bytes([2; 32]), "Mal");
    table.join("Di");
    refused(&mut table, ADA, Fault::Number, &Deed::adding(&[(MemberId(4), "Mal")]));
    refused(&mut table, ADA, Fault::Alias, &Deed::adding(&[(EVE, "BOB")]));
    refused(&mut table, ADA, Fault::Alias, &Deed::adding(&[(EVE, "Eve"), (FAY, "EVE")]));
    // Under a member's own number, or twice under one, the library makes no commit.
    for taken in [&[(BOB, "Eve")][..], &[(EVE, "Eve"), (EVE, "Fay")]] {
        assert!(table.at(ADA).group.draft(&Deed::adding(taken).plan).is_err());
    }
}

#[test]
fn nobody_kicks_but_a_moderator_and_nobody_comes_in_as_the_invitation_is_renewed() {
    let mut table = Table::of(4);
    let renewed = charter(&mut table, |charter| charter.generation += 1);
    refused(&mut table, BOB, Fault::NotModerator, &Deed::removing(&[CY]).and(renewed));
    let mut with_a_guest = Deed::removing(&[CY]).and(renewed);
    let Deed { plan, admits, evicts: _ } = Deed::adding(&[(EVE, "Eve")]);
    (with_a_guest.plan.adds, with_a_guest.admits) = (plan.adds, admits);
    refused(&mut Table::of(4), ADA, Fault::Generation, &with_a_guest);
}

#[test]
fn nobody_clears_away_but_who_keeps_the_door_or_moderates() {
    let mut table = Table::of(4);
    table.happen(DI, EntryKind::Left);
    table.sessions.remove(&DI);
    refused(&mut table, BOB, Fault::NotModerator, &Deed::removing(&[DI]));
}

#[test]
fn nobody_puts_themselves_out() {
    let mut table = Table::of(2);
    assert!(table.at(BOB).group.draft(&Deed::removing(&[BOB]).plan).is_err());
    assert_eq!(table.at(ADA).kick(ADA), Err(crate::ChangeError::Yourself));
    table.assert_one_room();
}

#[test]
fn nobody_changes_the_charter_but_who_may() {
    let mut table = Table::of(3);
    let host = |host| charter(&mut Table::of(1), |charter| charter.host = host);
    let asks = charter(&mut table, |charter| charter.policy.door = DoorPolicy::Ask);
    refused(&mut table, BOB, Fault::Policy, &Deed::setting(asks));
    refused(&mut table, BOB, Fault::Host, &Deed::setting(host(BOB)));
    refused(&mut table, ADA, Fault::Host, &Deed::setting(host(EVE)));
    set_policy(&mut table, Moderation::Everyone, DoorPolicy::Open);
    let locked = charter(&mut table, |charter| charter.policy.door = DoorPolicy::Locked);
    refused(&mut table, BOB, Fault::Policy, &Deed::setting(locked));
}

#[test]
fn the_invitation_s_count_neither_jumps_nor_falls() {
    let mut table = Table::of(3);
    let renewal = table.at(ADA).renew().unwrap();
    table.commit(ADA, renewal);
    for generation in [0, 3, u32::MAX] {
        let jumped = charter(&mut table, |charter| charter.generation = generation);
        refused(&mut table, ADA, Fault::Generation, &Deed::setting(jumped));
    }
    let next = charter(&mut table, |charter| charter.generation += 1);
    refused(&mut table, BOB, Fault::NotModerator, &Deed::setting(next));
    refused(&mut table, ADA, Fault::Generation, &Deed::adding(&[(EVE, "Eve")]).and(next));
}

#[test]
fn a_commit_that_changes_nothing_counts_for_nothing() {
    let mut table = Table::of(3);
    refused(&mut table, BOB, Fault::Nothing, &Deed::default());
    let same = charter(&mut table, |_| ());
    refused(&mut table, ADA, Fault::Nothing, &Deed::setting(same));
}

#[test]
fn of_two_who_claim_to_be_host_the_one_whom_the_room_names_is() {
    let mut table = Table::of(3);
    table.happen(ADA, EntryKind::Gone);
    table.happen(BOB, EntryKind::Host { to: BOB });
    let cys = charter(&mut table, |charter| charter.host = CY);
    refused(&mut table, CY, Fault::Host, &Deed::setting(cys));
    let too_late = table.at(CY).misdeed(&Deed::setting(cys));
    let bobs = table.at(BOB).take_over().unwrap();
    table.commit(BOB, bobs);
    table.forget_events();
    table.commit(CY, too_late);
    assert_eq!(table.events(BOB), [], "of an epoch that ended");
    for member in [ADA, BOB, CY] {
        assert_eq!(table.at(member).charter().host, BOB);
    }
}

#[test]
fn a_commit_in_another_s_wrapping_accuses_whoever_wrapped_it_and_not_the_server() {
    let mut table = Table::of(3);
    // Ada's commit comes to nothing: she does not keep the door any more when it has its place.
    table.happen(BOB, EntryKind::Committer);
    let deed = Deed::adding(&[(EVE, "Eve")]);
    let draft = table.at(ADA).group.draft(&deed.plan).unwrap();
    let stolen = draft.commit.to_vec();
    let ciphertext = table.at(BOB).wrap_commit(&stolen).unwrap();
    let (admits, evicts) = (Few::try_from(vec![EVE]).unwrap(), Few::none());
    let kind = EntryKind::Commit { ciphertext, admits, evicts };
    table.forget_events();
    let entry = table.sequence(BOB, kind);
    assert_eq!(table.show_to(CY, &entry), [unlawful(BOB, Fault::Relabelled)]);
}

#[test]
fn sealed_garbage_is_its_author_s_and_nobody_else_s() {
    let mut table = Table::of(3);
    let claim = |table: &mut Table| table.at(BOB).transcript.claim(1);
    let mut unpadded = padded(&claim(&mut table), &Body::Said(b"hello")).unwrap().to_vec();
    *unpadded.last_mut().unwrap() = 1;
    let mut no_body = vec![0; 256];
    pad(&mut no_body, crate::transcript::CLAIM_BYTES);
    let mut no_such_body = vec![0; 256];
    no_such_body[crate::transcript::CLAIM_BYTES] = 7;
    pad(&mut no_such_body, crate::transcript::CLAIM_BYTES + 1);
    let mut no_claim = vec![0; 256];
    pad(&mut no_claim, 5);
    for content in [&[][..], &[0; 256], &unpadded, &no_body, &no_such_body, &no_claim] {
        let garbage = table.at(BOB).misword(content);
        let entry = table.post(BOB, garbage);
        for member in [ADA, CY] {
            let expected = Event::Unreadable { from: BOB, why: Unreadable::Garbage };
            assert_eq!(table.show_to(member, &entry), [expected]);
        }
        // Bob knows nothing of what he sent past his session.
        table.show_to(BOB, &entry);
    }
    table.assert_one_room();
}

#[test]
fn a_whisper_that_does_not_open_is_one_that_passed() {
    let mut table = Table::of(3);
    let around = table.at(BOB).around_whisper(BOB, 1);
    let (kem, sealed) = table.at(BOB).group.whisper(CY, &around, b"psst\x80").unwrap();
    let kem: [u8; 32] = kem.try_into().unwrap();
    let mut others = Vec::new();
    for at in 0..kem.len() {
        let mut flipped = kem;
        flipped[at] ^= 1;
        others.push((flipped, sealed.clone()));
    }
    for at in 0..sealed.len() {
        let mut flipped = sealed.clone();
        flipped[at] ^= 1;
        others.push((kem, flipped));
        others.push((kem, sealed[..at].to_vec()));
    }
    others.push(([0; 32], sealed.clone()));
    others.push(([0xff; 32], sealed));
    for (kem, sealed) in others {
        // Its count stands still, so that the whisper would open if it were whole.
        let claim = Claim { counter: 1, ..table.at(BOB).transcript.claim(1) };
        let content = padded(&claim, &Body::Whisper { kem, sealed: &sealed }).unwrap();
        let post = table.at(BOB).misword(&content);
        let entry = table.post(BOB, post);
        for member in [ADA, CY] {
            let events = table.show_to(member, &entry);
            assert!(events.contains(&Event::WhisperPassed { from: BOB }), "{events:?}");
        }
        table.show_to(BOB, &entry);
    }
}

#[test]
fn a_handshake_posted_as_a_message_and_a_message_committed_are_garbage() {
    const COMMITS: Buckets = Buckets::new(512, 128 * 1024);
    let mut table = Table::of(3);
    let garbage = [Event::Unreadable { from: BOB, why: Unreadable::Garbage }];
    let commit = table.at(BOB).group.draft(&Plan::default()).unwrap().commit;
    let as_post = PostBlob::try_from(commit.to_vec()).unwrap();
    let entry = table.post(BOB, as_post);
    assert_eq!(table.show_to(CY, &entry), garbage);

    let message = table.at(BOB).group.seal(b"no commit").unwrap();
    let key_package = key_package(EVE, "Eve");
    let session = table.at(BOB);
    let epoch = session.epoch();
    let around = session.around_whisper(BOB, 1);
    // The last is wrapped for something else than a commit.
    let mut astray = epoch.to_le_bytes().to_vec();
    astray.extend(session.group.wrap().seal(&around, COMMITS, &message).unwrap());
    let wrapped = [&message[..], &key_package, &[], &[0; 64]];
    let mut blobs: Vec<CommitBlob> =
        wrapped.iter().map(|inner| session.wrap_commit(inner).unwrap()).collect();
    blobs.push(CommitBlob::try_from(astray).unwrap());
    for ciphertext in blobs {
        let kind = EntryKind::Commit { ciphertext, admits: Few::none(), evicts: Few::none() };
        let entry = table.sequence(BOB, kind);
        assert_eq!(table.show_to(CY, &entry), garbage);
    }
}

#[test]
fn a_liar_raises_an_alarm_in_its_own_name_only() {
    let mut table = Table::of(3);
    let mut claim = table.at(BOB).transcript.claim(1);
    claim.view = Digest::of(b"another room");
    let content = padded(&claim, &Body::Heartbeat).unwrap();
    let post = table.at(BOB).misword(&content);
    let entry = table.post(BOB, post);
    for member in [ADA, CY] {
        let events = table.show_to(member, &entry);
        assert_eq!(events, [Event::Tampering(Tampering::Forked { witness: BOB })]);
    }
    claim = Claim { counter: 7, ..table.at(BOB).transcript.claim(7) };
    let content = padded(&claim, &Body::Heartbeat).unwrap();
    let post = table.at(BOB).misword(&content);
    let entry = table.post(BOB, post);
    for member in [ADA, CY] {
        let events = table.show_to(member, &entry);
        let gap = Event::Tampering(Tampering::Gap { from: BOB });
        assert!(events.contains(&gap), "{events:?}");
    }
}
