//! The law of a room as a table: what a commit does, and what is made of it.

use sanctuary_protocol::{DoorPolicy, Moderation, Policy};

use super::*;
use crate::Fading;
use crate::testing::opening;

const ADA: MemberId = MemberId(1);
const BOB: MemberId = MemberId(2);
const CY: MemberId = MemberId(3);
/// Inside the group, without a seat.
const DI: MemberId = MemberId(4);
const EVE: MemberId = MemberId(5);
const FAY: MemberId = MemberId(6);

fn alias(text: &str) -> Alias {
    Alias::new(text).unwrap()
}

/// Ada's room, and a commit of hers in it that does nothing yet.
struct Scene {
    charter: Charter,
    members: SortedMap<MemberId, Alias>,
    view: View,
    changes: Changes,
    /// What the server was told, where that is something else than what the commit does.
    from: Option<MemberId>,
    admits: Option<Vec<MemberId>>,
    evicts: Option<Vec<MemberId>>,
}

impl Scene {
    fn new() -> Self {
        let names = [(ADA, "Ada"), (BOB, "Bob"), (CY, "Cy"), (DI, "Di")];
        Self {
            charter: Charter {
                host: ADA,
                policy: Policy::default(),
                generation: 3,
                fading: Fading::Never,
            },
            members: names.map(|(member, name)| (member, alias(name))).into(),
            view: View::from(&opening(1, &[1, 2, 3])),
            changes: Changes { author: ADA, adds: vec![], removes: vec![], charter: None },
            from: None,
            admits: None,
            evicts: None,
        }
    }

    fn by(&mut self, author: MemberId) -> &mut Self {
        self.changes.author = author;
        self
    }

    fn adds(&mut self, member: MemberId, name: &str) -> &mut Self {
        self.changes.adds.push((member, alias(name)));
        self
    }

    fn removes(&mut self, member: MemberId) -> &mut Self {
        self.changes.removes.push(member);
        self
    }

    fn sets(&mut self, change: impl FnOnce(&mut Charter)) -> &mut Self {
        let mut charter = self.changes.charter.unwrap_or(self.charter);
        change(&mut charter);
        self.changes.charter = Some(charter);
        self
    }

    fn renews(&mut self) -> &mut Self {
        self.sets(|charter| charter.generation += 1)
    }

    fn rules(&mut self, moderation: Moderation, door: DoorPolicy) -> &mut Self {
        self.charter.policy = Policy { moderation, door };
        self
    }

    fn keeps_door(&mut self, member: MemberId) -> &mut Self {
        self.view.committer = member;
        self
    }

    fn seat(&mut self, member: MemberId, presence: Presence) -> &mut Self {
        self.view.seats.insert(member, presence);
        self
    }

    fn judged(&self) -> Result<(), Fault> {
        let adds: Vec<MemberId> = self.changes.adds.iter().map(|(member, _)| *member).collect();
        let announced = Announced {
            from: self.from.unwrap_or(self.changes.author),
            admits: self.admits.as_ref().unwrap_or(&adds),
            evicts: self.evicts.as_ref().unwrap_or(&self.changes.removes),
        };
        let before = Before { charter: &self.charter, members: &self.members, view: &self.view };
        judge(before, announced, &self.changes)
    }
}

#[track_caller]
fn check(expected: Result<(), Fault>, set: impl FnOnce(&mut Scene) -> &mut Scene) {
    let mut scene = Scene::new();
    set(&mut scene);
    assert_eq!(scene.judged(), expected);
}

#[test]
fn a_commit_changes_something_and_what_the_server_was_told_in_its_author_s_name() {
    check(Err(Fault::Nothing), |scene| scene);
    check(Err(Fault::Nothing), |scene| scene.sets(|_| ()));
    check(Ok(()), Scene::renews);
    check(Err(Fault::Relabelled), |scene| {
        scene.from = Some(BOB);
        scene.renews()
    });
    let told = |admits: Option<&[MemberId]>, evicts: Option<&[MemberId]>| {
        let mut scene = Scene::new();
        scene.adds(EVE, "Eve").adds(FAY, "Fay").removes(DI);
        scene.admits = admits.map(<[_]>::to_vec);
        scene.evicts = evicts.map(<[_]>::to_vec);
        scene.judged()
    };
    assert_eq!(told(None, None), Ok(()));
    assert_eq!(told(Some(&[FAY, EVE]), None), Ok(()), "the order says nothing");
    for admits in [&[][..], &[EVE], &[EVE, FAY, CY]] {
        assert_eq!(told(Some(admits), None), Err(Fault::Announcement), "{admits:?}");
    }
    for evicts in [&[][..], &[BOB], &[BOB, DI]] {
        assert_eq!(told(None, Some(evicts)), Err(Fault::Announcement), "{evicts:?}");
    }
}

#[test]
fn who_keeps_the_door_lets_in_where_the_rules_let_it() {
    check(Ok(()), |scene| scene.adds(EVE, "Eve"));
    check(Err(Fault::NotDoorkeeper), |scene| scene.by(BOB).adds(EVE, "Eve"));
    check(Err(Fault::NotDoorkeeper), |scene| scene.keeps_door(BOB).adds(EVE, "Eve"));
    let by_the_doorkeeper_bob = |moderation, door, expected| {
        check(expected, |scene| {
            scene.rules(moderation, door).keeps_door(BOB).by(BOB).adds(EVE, "Eve")
        });
    };
    by_the_doorkeeper_bob(Moderation::Host, DoorPolicy::Open, Ok(()));
    by_the_doorkeeper_bob(Moderation::Host, DoorPolicy::Ask, Err(Fault::NotDoorkeeper));
    by_the_doorkeeper_bob(Moderation::Host, DoorPolicy::Locked, Err(Fault::NotDoorkeeper));
    by_the_doorkeeper_bob(Moderation::Everyone, DoorPolicy::Ask, Ok(()));
    by_the_doorkeeper_bob(Moderation::Everyone, DoorPolicy::Locked, Ok(()));
}

#[test]
fn a_newcomer_s_number_and_name_are_its_own() {
    check(Ok(()), |scene| scene.adds(FAY, "Fay").adds(EVE, "Eve"));
    check(Err(Fault::Number), |scene| scene.adds(DI, "Eve"));
    check(Err(Fault::Number), |scene| scene.adds(MemberId(0), "Eve"));
    check(Err(Fault::Number), |scene| scene.adds(EVE, "Eve").adds(EVE, "Fay"));
    check(Err(Fault::Alias), |scene| scene.adds(EVE, "BOB"));
    check(Err(Fault::Alias), |scene| scene.adds(EVE, "Eve").adds(FAY, "EVE"));
    // Somebody inside keeps a name, seated or not, until a commit takes it away.
    check(Err(Fault::Alias), |scene| scene.adds(EVE, "Di"));
    check(Ok(()), |scene| scene.adds(EVE, "Di").removes(DI));
}

#[test]
fn to_put_out_somebody_who_has_a_seat_is_a_kick() {
    check(Ok(()), |scene| scene.removes(BOB).renews());
    // Without a renewed invitation too: the host may believe that Bob has left.
    check(Ok(()), |scene| scene.removes(BOB));
    check(Err(Fault::Generation), |scene| scene.removes(BOB).renews().adds(EVE, "Eve"));
    check(Ok(()), |scene| {
        scene.removes(BOB).sets(|charter| charter.policy.door = DoorPolicy::Locked)
    });
    check(Err(Fault::Generation), |scene| {
        scene.removes(BOB).sets(|charter| charter.generation = 2)
    });
    check(Err(Fault::Generation), |scene| {
        scene.removes(BOB).sets(|charter| charter.generation = 9)
    });
    check(Err(Fault::NotModerator), |scene| scene.by(BOB).removes(CY).renews());
    check(Err(Fault::NotModerator), |scene| scene.keeps_door(BOB).by(BOB).removes(CY).renews());
    check(Ok(()), |scene| {
        scene.rules(Moderation::Everyone, DoorPolicy::Open).by(BOB).removes(ADA).renews()
    });
    check(Err(Fault::Oneself), |scene| scene.removes(ADA).renews());
    check(Err(Fault::Oneself), |scene| scene.seat(DI, Presence::Live).removes(ADA).removes(DI));
    // A seat that waits is a seat.
    check(Err(Fault::NotModerator), |scene| {
        scene.seat(DI, Presence::Gone).keeps_door(BOB).by(BOB).removes(DI)
    });
}

#[test]
fn those_without_a_seat_are_cleared_away_by_whoever_keeps_the_door_or_moderates() {
    check(Ok(()), |scene| scene.removes(DI));
    check(Ok(()), |scene| scene.keeps_door(BOB).by(BOB).removes(DI));
    check(Ok(()), |scene| scene.keeps_door(BOB).removes(DI));
    check(Err(Fault::NotModerator), |scene| scene.by(BOB).removes(DI));
    check(Ok(()), |scene| scene.rules(Moderation::Everyone, DoorPolicy::Open).by(CY).removes(DI));
    check(Err(Fault::NotModerator), |scene| scene.keeps_door(CY).by(CY).removes(DI).removes(BOB));
}

#[test]
fn the_host_names_its_successor_and_else_the_senior_of_those_who_are_there() {
    let names = |scene: &mut Scene, host: MemberId| {
        scene.sets(|charter| charter.host = host);
    };
    let check = |expected, set: &dyn Fn(&mut Scene)| {
        let mut scene = Scene::new();
        set(&mut scene);
        assert_eq!(scene.judged(), expected);
    };
    check(Ok(()), &|scene| names(scene, CY));
    // One that has left meanwhile is followed like any host that is not there.
    check(Ok(()), &|scene| names(scene, DI));
    check(Err(Fault::Host), &|scene| names(scene, EVE));
    check(Err(Fault::Host), &|scene| names(scene.by(BOB), BOB));
    check(Err(Fault::Host), &|scene| names(scene.by(BOB), CY));
    let after_ada = |scene: &mut Scene, named: MemberId, author: MemberId, host: MemberId| {
        scene.seat(ADA, Presence::Gone).by(author);
        scene.view.host = named;
        names(scene, host);
    };
    check(Ok(()), &|scene| after_ada(scene, BOB, BOB, BOB));
    // Named by the server, and not the senior; the senior, and not named; one for another.
    check(Err(Fault::Host), &|scene| after_ada(scene, CY, CY, CY));
    check(Err(Fault::Host), &|scene| after_ada(scene, CY, BOB, BOB));
    check(Err(Fault::Host), &|scene| after_ada(scene, BOB, CY, CY));
    check(Err(Fault::Host), &|scene| after_ada(scene, BOB, CY, BOB));
    // The server's word alone makes nobody host while the host is there.
    check(Err(Fault::TooLate), &|scene| {
        scene.view.host = BOB;
        names(scene.by(BOB), BOB);
    });
}

#[test]
fn only_the_host_changes_the_rules_and_only_a_moderator_renews_the_invitation() {
    let ask = |charter: &mut Charter| charter.policy.door = DoorPolicy::Ask;
    check(Ok(()), |scene| scene.sets(ask));
    check(Err(Fault::Policy), |scene| scene.by(BOB).sets(ask));
    check(Err(Fault::Policy), |scene| {
        scene.rules(Moderation::Everyone, DoorPolicy::Open).by(BOB).sets(ask)
    });
    let fade = |charter: &mut Charter| charter.fading = Fading::Hour;
    check(Ok(()), |scene| scene.sets(fade));
    check(Err(Fault::Policy), |scene| {
        scene.rules(Moderation::Everyone, DoorPolicy::Open).by(BOB).sets(fade)
    });
    check(Err(Fault::NotModerator), |scene| scene.by(BOB).renews());
    check(Ok(()), |scene| scene.rules(Moderation::Everyone, DoorPolicy::Open).by(BOB).renews());
    for generation in [0, 2, 5, u32::MAX] {
        check(Err(Fault::Generation), |scene| {
            scene.sets(|charter| charter.generation = generation)
        });
    }
    check(Err(Fault::Generation), |scene| scene.renews().adds(EVE, "Eve"));
    check(Err(Fault::Generation), |scene| {
        scene.charter.generation = u32::MAX;
        scene.sets(|charter| charter.generation = 0)
    });
    // One unlawful change spoils a lawful one beside it.
    check(Err(Fault::Policy), |scene| {
        scene.rules(Moderation::Everyone, DoorPolicy::Open).by(BOB).renews().sets(ask)
    });
}
