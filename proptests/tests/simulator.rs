//! The simulator itself: a plan is replayed to the letter, and what it once found is not found again.
//! `cargo xtask simulate` runs it for as long as one likes.

#![allow(clippy::panic, clippy::print_stdout, reason = "its helpers fail tests, and say of what")]

use sanctuary_engine::fault::Taker;
use sanctuary_proptests::people::Deed;
use sanctuary_proptests::simulator::plan::{Act, Bounds, Loss, Network, Part, Plan, Step};
use sanctuary_proptests::simulator::{Report, run};

fn held(people: u8, bounds: Bounds, steps: &[Step]) -> Report {
    let plan = Plan { people, inside: people, bounds, steps: steps.to_vec() };
    let (outcome, record) = run(&plan);
    let (_, again) = run(&plan);
    // Shown where the test fails.
    record.lines().for_each(|line| println!("{line}"));
    assert_eq!(record.difference(&again), None);
    outcome.unwrap_or_else(|failed| panic!("{failed}"))
}

#[test]
fn everybody_is_heard_whatever_breaks_and_comes_back() {
    let say = |who| Step::Do(Deed::Say(who, 3));
    let report = held(
        4,
        Bounds::Ample,
        &[
            say(0),
            Step::Network(1, Network::Cut(Loss::Both)),
            say(2),
            Step::Network(3, Network::Deafen),
            Step::Fail(Part::Member),
            Step::Fail(Part::Lobby),
            say(1),
            say(3),
            Step::Wait(30),
        ],
    );
    assert_eq!((report.rooms, report.stays), (1, 4));
    // Each says one more in the end, and reads its own.
    assert_eq!((report.lines, report.shown), (16, 64));
}

#[test]
fn a_room_that_fails_takes_no_other_with_it() {
    let report = held(
        4,
        Bounds::Ample,
        &[
            Step::Do(Deed::Leave(3)),
            Step::Settle,
            Step::Start(3),
            Step::Settle,
            Step::Fail(Part::Room),
            Step::FailAt(Taker::Room, 3),
            Step::Do(Deed::Say(3, 5)),
        ],
    );
    assert_eq!(report.rooms, 2);
}

#[test]
fn a_server_is_stopped_killed_or_gives_up_and_all_of_it_is_gone() {
    for end in [
        Step::Kill,
        Step::SpendLobby,
        Step::Operate(Act::Stop),
        Step::Operate(Act::Panic),
        Step::Operate(Act::Drain(Some(3))),
    ] {
        held(3, Bounds::Tight, &[Step::Do(Deed::Say(0, 2)), end, Step::Wait(30), Step::Gather]);
    }
}

#[test]
fn few_people_reach_every_bound_of_a_tight_server() {
    let steps = [
        Step::Do(Deed::Join(2)),
        Step::Wait(3),
        Step::Do(Deed::Join(3)),
        Step::Wait(3),
        Step::Do(Deed::Join(4)),
        Step::Settle,
        Step::Network(1, Network::Hold),
        Step::Do(Deed::Say(0, 8)),
        Step::Wait(3),
        Step::Do(Deed::Say(0, 8)),
        Step::Wait(40),
    ];
    let report = held(6, Bounds::Tight, &steps);
    let missing: Vec<String> =
        report.tally.missing(u64::MAX).map(|kind| format!("{kind:?}")).collect();
    for bound in ["Refused(RoomFull)", "HungUp(TooSlow)"] {
        assert!(!missing.iter().any(|it| it == bound), "{bound} was never reached");
    }
}

/// A page on its way in waited for ever for a server that it could not reach any more.
#[test]
fn whoever_is_on_the_way_in_gives_up_on_a_socket_that_leads_nowhere() {
    let steps = [
        Step::SpendLobby,
        Step::Do(Deed::Say(0, 1)),
        Step::OpenOld(4, 0),
        Step::Network(4, Network::Deafen),
    ];
    held(5, Bounds::Ample, &steps);
}
