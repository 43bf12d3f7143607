//! Real client cores around a real room core, with a relay between them that is honest, careless or
//! hostile: what must hold, holds after every step. With `SANCTUARY_SIMULATE_CASES` set, the long
//! run at the end does so many of each kind of plan.

use std::env;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use sanctuary_proptests::config_of_cases;
use sanctuary_proptests::people::Deed;
use sanctuary_proptests::relay::evidence::WITNESSES;
use sanctuary_proptests::relay::plan::{
    Company, Craft, Lie, Plan, Ring, Step, honest_plan, hostile_plan,
};
use sanctuary_proptests::relay::{Report, run};
use sanctuary_protocol::Moderation;

/// Cases of each kind: some ten seconds each.
const CASES: u32 = 96;

/// Steps of a plan, at most.
const STEPS_MAX: usize = 60;

/// How many cases of each kind the long run does.
const LONG_RUN: &str = "SANCTUARY_SIMULATE_CASES";

fn check(plan: &Plan) -> Result<(), TestCaseError> {
    run(plan).map(|_| ()).map_err(|failed| TestCaseError::fail(failed.to_string()))
}

proptest! {
    #![proptest_config(config_of_cases("hostile", CASES))]

    #[test]
    fn with_an_honest_server_all_that_is_said_is_read_and_nobody_is_accused(
        plan in honest_plan(Company::Honest, STEPS_MAX),
    ) {
        check(&plan)?;
    }

    #[test]
    fn no_members_garbage_stops_the_others_or_accuses_the_server(
        plan in honest_plan(Company::Mixed, STEPS_MAX),
    ) {
        check(&plan)?;
    }

    #[test]
    fn a_hostile_server_is_found_out_and_learns_and_forges_nothing(
        plan in hostile_plan(STEPS_MAX),
    ) {
        check(&plan)?;
    }
}

/// The second is denied what the host commits, and the rest is numbered anew for it.
fn denied(people: u8, then: &[Step]) -> Plan {
    let lie = Step::Lie(Lie::Drop(1, Craft::Sly));
    let mut steps = vec![lie, Step::Do(Deed::Moderation(0, Moderation::Everyone)), Step::Settle];
    steps.extend_from_slice(then);
    Plan { people, ring: Ring::Large, steps }
}

#[test]
fn a_member_lost_over_a_lie_comes_in_again_and_it_is_shown() {
    for people in [2, 3, 5] {
        let report = run(&denied(people, &[])).unwrap();
        assert!(report.stays > u64::from(people), "it came in again: {report:?}");
        assert!(report.suspicious > 0, "{people} people: {report:?}");
    }
}

/// Everybody may commit; a commit is kept from the second, who then makes its own: two groups in one
/// epoch's number, which see each other's words and open none.
#[test]
fn a_member_that_was_denied_a_commit_and_makes_its_own_does_not_stay_in_a_room_of_its_own() {
    for people in [2, 3, 5] {
        let steps = vec![
            Step::Do(Deed::Moderation(0, Moderation::Everyone)),
            Step::Wait(3),
            Step::Settle,
            Step::Lie(Lie::Drop(1, Craft::Sly)),
            Step::Do(Deed::Renew(0)),
            Step::Settle,
            Step::Wait(2),
            Step::Do(Deed::Renew(1)),
            Step::Settle,
        ];
        run(&Plan { people, ring: Ring::Large, steps }).unwrap();
    }
}

#[test]
#[ignore = "takes as long as it is told to; see the file's head"]
fn in_a_long_run_every_kind_of_lie_is_told_and_every_invariant_holds() {
    let cases: u32 = env::var(LONG_RUN).ok().and_then(|cases| cases.parse().ok()).unwrap_or(100);
    let mut runner = TestRunner::new(Config::default());
    let plans = [
        ("honest", honest_plan(Company::Honest, STEPS_MAX)),
        ("garbage", honest_plan(Company::Mixed, STEPS_MAX)),
        ("hostile", hostile_plan(STEPS_MAX)),
    ];
    let mut all = Report::default();
    for (name, strategy) in plans.into_iter().rev() {
        let mut report = Report::default();
        for _ in 0..cases {
            let plan = strategy.new_tree(&mut runner).unwrap().current();
            report.add(&run(&plan).unwrap_or_else(|failed| panic!("{failed}\n{plan:?}")));
        }
        println!("{name}: {cases} plans, {report:#?}");
        all.add(&report);
    }
    for (kind, _) in WITNESSES {
        assert!(all.lies.contains_key(&kind), "{kind:?} was never told");
    }
}
