//! Whoever knows the secret and shows what it likes at the door, and whoever keeps the door and
//! welcomes as it likes.

use sanctuary_protocol::{MemberId, RoomId, WelcomeBlob};

use super::{EVE, FAY, key_package};
use crate::credential::Credential;
use crate::door::{self, Doorway, Heard, hear_doorkeeper};
use crate::group::{Group, Plan};
use crate::newcomer::Welcome;
use crate::table::{ADA, BOB, ROOM, Table, alias, key};
use crate::{DoorKnock, Knocked, TurnedAway, WelcomeError};

/// A newcomer numbered `me` answers with a key package of its choice.
fn knock_showing(table: &mut Table, me: MemberId, key_package: &[u8]) -> Knocked {
    let DoorKnock::Offer(offer) = table.at(ADA).hear_knock(me) else { panic!("no offer") };
    let Heard::Offered(share) = hear_doorkeeper(None, &offer) else { panic!("no share") };
    let doorway = Doorway { room: ROOM, doorkeeper: ADA, newcomer: me };
    let (_, answer) = door::answer(doorway, &key().door(ROOM), share, key_package).unwrap();
    table.at(ADA).hear_door(me, &answer)
}

#[test]
fn a_key_package_that_cannot_be_added_is_declined_at_the_door() {
    let mut table = Table::of(2);
    let whole = key_package(EVE, "Eve");
    let admissible = knock_showing(&mut table, EVE, &whole);
    assert_eq!(admissible, Knocked::Admissible { alias: alias("Eve") });
    table.at(ADA).forget_knock(EVE);

    let declined = |table: &mut Table, me, key_package: &[u8]| {
        let knocked = knock_showing(table, me, key_package);
        matches!(knocked, Knocked::Refused { why: TurnedAway::Declined, .. })
    };
    assert!(declined(&mut table, FAY, &whole), "another's number");
    assert!(declined(&mut table, EVE, &key_package(BOB, "Eve")), "a member's number");
    assert!(declined(&mut table, EVE, &[]), "nothing");
    // The message's first two bytes are a version that the key package says again.
    for at in (2..whole.len()).step_by(5) {
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        assert!(declined(&mut table, EVE, &flipped), "flipped at {at}");
        assert!(declined(&mut table, EVE, &whole[..at]), "cut at {at}");
    }
    let mut longer = whole;
    longer.push(0);
    let knocked = knock_showing(&mut table, EVE, &longer);
    assert!(!matches!(knocked, Knocked::Admissible { .. }), "{knocked:?}");
    table.assert_one_room();
}

#[test]
fn a_welcome_that_was_touched_leads_nowhere() {
    let mut table = Table::of(2);
    let (member, newcomer) = table.knock("Cy");
    let (next, another) = table.knock("Di");
    let frame = table.at(ADA).admit(&[member, next]).unwrap();
    let welcome = table.commit(ADA, frame);
    let whole = welcome.as_slice();
    for at in (0..whole.len()).step_by(3) {
        let mut flipped = whole.to_vec();
        flipped[at] ^= 1;
        for touched in [flipped, whole[..at].to_vec()] {
            let touched = WelcomeBlob::try_from(touched).unwrap();
            // Where the other's key stands, a flip does no harm; else it opens to nobody.
            let (one, two) = (newcomer.open(member, &touched), another.open(next, &touched));
            assert!(one.is_err() || two.is_err(), "{at}");
        }
    }
    let wrong = newcomer.open(next, &welcome).err();
    assert_eq!(wrong, Some(WelcomeError::Unreadable), "another's key");
    assert_eq!(newcomer.open(EVE, &welcome).err(), Some(WelcomeError::NotForMe));
    assert_eq!(newcomer.open(member, &welcome).unwrap().epoch(), table.at(ADA).epoch());
}

#[test]
fn a_doorkeeper_that_answers_another_s_knock_leads_it_nowhere() {
    let mut table = Table::of(2);
    let (cy, waits) = table.knock("Cy");
    let (di, _) = table.knock("Di");
    let known = |table: &mut Table, member| table.at(ADA).known(member).unwrap().keys.clone();
    let (cys, dis) = (known(&mut table, cy), known(&mut table, di));
    let adds = vec![table.at(ADA).known(di).unwrap().key_package.to_vec()];
    let draft = table.at(ADA).group.draft(&Plan { adds, ..Plan::default() }).unwrap();
    let inner = draft.welcome.unwrap();
    let check = |keys: &[(MemberId, &door::DoorKeys)], expected| {
        let welcome = Welcome::seal(ROOM, keys, &inner).unwrap();
        assert_eq!(waits.open(cy, &welcome).err(), Some(expected));
    };
    check(&[(di, &dis)], WelcomeError::NotForMe);
    check(&[(cy, &dis)], WelcomeError::Unreadable);
    // Sealed for Cy, and it lets Di in.
    check(&[(cy, &cys)], WelcomeError::Unreadable);
    // Cy's own, into a group that is not this room's.
    let elsewhere = RoomId::from_bytes([8; 16]);
    let charter = *table.at(ADA).charter();
    let ada = Credential { member: ADA, alias: alias("Ada") };
    let mut other = Group::create(elsewhere, ada, charter).unwrap();
    let adds = vec![table.at(ADA).known(cy).unwrap().key_package.to_vec()];
    let inner = other.draft(&Plan { adds, ..Plan::default() }).unwrap().welcome.unwrap();
    let welcome = Welcome::seal(ROOM, &[(cy, &cys)], &inner).unwrap();
    assert_eq!(waits.open(cy, &welcome).err(), Some(WelcomeError::Unreadable));
}
