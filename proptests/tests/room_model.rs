//! The room core against its reference model: whatever happens to it, in whatever
//! order, what the room wants done is what the model foretold, and every connection could have
//! followed it. The limits are small, so that every bound is met.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use sanctuary_engine::limits::RoomLimits;
use sanctuary_proptests::room::model::Model;
use sanctuary_proptests::room::shell::Shell;
use sanctuary_proptests::room::step::{Step, next_step};
use sanctuary_protocol::{EntryKind, MemberId};

struct Reference;

impl ReferenceStateMachine for Reference {
    type State = Model;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Model> {
        let seconds = |choices: Vec<u64>| select(choices).prop_map(Duration::from_secs);
        (
            2_usize..8,
            1_usize..4,
            seconds(vec![0, 20, 20, 20]),
            seconds(vec![0, 5, 5, 40]),
            seconds(vec![3, 12, 12, 600]),
            prop_oneof![8 => Just(5_usize), 2 => 0_usize..4, 4 => Just(256)],
            prop_oneof![1 => Just(0_usize), 4 => 500_usize..3_000, 6 => Just(1024 * 1024)],
        )
            .prop_map(|(members, knocks, seat_wait, host_wait, unanswered_wait, commits, bytes)| {
                Model::new(RoomLimits {
                    door_words_max: 2,
                    resume_burst: 3,
                    resume_refill: Duration::from_secs(1),
                    members_max: members,
                    knocks_max: knocks,
                    seat_wait,
                    host_wait,
                    knock_wait: Duration::from_secs(5),
                    unanswered_wait,
                    commit_interval: Duration::from_secs(1),
                    ring_commits_max: commits,
                    ring_bytes_max: bytes,
                })
            })
            .boxed()
    }

    fn transitions(model: &Model) -> BoxedStrategy<Step> {
        next_step(model)
    }

    fn preconditions(model: &Model, step: &Step) -> bool {
        model.allows(step)
    }

    fn apply(mut model: Model, step: &Step) -> Model {
        model.apply(step);
        model
    }
}

struct RoomMatchesModel;

impl StateMachineTest for RoomMatchesModel {
    type SystemUnderTest = Shell;
    type Reference = Reference;

    fn init_test(model: &Model) -> Shell {
        Shell::new(model)
    }

    fn apply(mut shell: Shell, model: &Model, step: Step) -> Shell {
        shell.apply(model, &step);
        shell
    }

    fn check_invariants(shell: &Shell, model: &Model) {
        shell.check(model);
    }
}

prop_state_machine! {
    #![proptest_config(sanctuary_proptests::config_of_cases("room_model", 1_024))]

    #[test]
    fn a_room_does_what_its_model_foretells(sequential 1..90 => RoomMatchesModel);
}

/// A property that never meets a rule proves nothing of it.
#[test]
fn the_steps_meet_every_entry_and_every_refusal_of_a_room() {
    let mut runner = TestRunner::deterministic();
    let mut met: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..256 {
        let strategy = Reference::sequential_strategy(1..90);
        let (mut model, steps, _) = strategy.new_tree(&mut runner).unwrap().current();
        for step in steps {
            let before = model.clone();
            model = Reference::apply(model, &step);
            let named = kinds_of_commit(&before, &model);
            named.for_each(|it| *met.entry(it.to_owned()).or_default() += 1);
            let refused = model.refusal.iter().map(|why| format!("{why:?}"));
            let read = model.replay.iter().flatten().map(|entry| format!("read {:?}", entry.kind));
            refused.chain(read).for_each(|it| *met.entry(first_word(&it)).or_default() += 1);
        }
        let said = model.log.iter().map(|entry| first_word(&format!("{:?}", entry.kind)));
        said.for_each(|it| *met.entry(it).or_default() += 1);
    }
    let missed: BTreeSet<&str> = [
        "Post",
        "Commit",
        "Gone",
        "Back",
        "Left",
        "Expired",
        "Host",
        "Committer",
        "Policy",
        "NotLive",
        "AlreadyLive",
        "RoomFull",
        "Locked",
        "TooManyKnocks",
        "NotHost",
        "NotCommitter",
        "NotSeated",
        "AlreadySeated",
        "NoSuchMember",
        "NoSuchSeat",
        "TooSoon",
        "Empty",
        "names nobody",
        "admits a newcomer",
        "admits who is in",
        "admits both",
        "evicts a member",
        "evicts who is out",
        "evicts both",
        "admits and evicts",
        "welcomes again",
        "read Post",
        "read Shed",
        "read Commit",
    ]
    .into_iter()
    .filter(|it| met.get(*it).is_none_or(|times| *times < 3))
    .collect();
    assert_eq!(missed, BTreeSet::new(), "met: {met:?}");
}

/// What the commits of one step named, by who had a seat before it.
fn kinds_of_commit(before: &Model, after: &Model) -> impl Iterator<Item = &'static str> {
    let had_seat = |it: &MemberId| before.seats.iter().any(|seat| seat.number == it.0);
    let mut kinds = Vec::new();
    for entry in &after.log[before.log.len()..] {
        let EntryKind::Commit { ciphertext: _, admits, evicts } = &entry.kind else { continue };
        let (members, newcomers) = admits.iter().partition::<Vec<&MemberId>, _>(|it| had_seat(it));
        let (inside, outside) = evicts.iter().partition::<Vec<&MemberId>, _>(|it| had_seat(it));
        let has = |named: &[&MemberId]| !named.is_empty();
        kinds.extend([
            (!has(&members) && !has(&newcomers) && !has(&inside) && !has(&outside))
                .then_some("names nobody"),
            has(&newcomers).then_some("admits a newcomer"),
            has(&members).then_some("admits who is in"),
            (has(&members) && has(&newcomers)).then_some("admits both"),
            has(&inside).then_some("evicts a member"),
            has(&outside).then_some("evicts who is out"),
            (has(&inside) && has(&outside)).then_some("evicts both"),
            (has(&newcomers) && (has(&inside) || has(&outside))).then_some("admits and evicts"),
            (after.welcomed.len() > newcomers.len()).then_some("welcomes again"),
        ]);
    }
    kinds.into_iter().flatten()
}

fn first_word(shown: &str) -> String {
    shown.split(['(', '{']).next().unwrap_or_default().trim().to_owned()
}
