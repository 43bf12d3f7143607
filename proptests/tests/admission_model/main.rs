//! Letting in, putting out, following a host and coming back, as a small model that is walked
//! through exhaustively: every order in which a server hears, pages read, connections break and
//! people act. A handful of members and faults, no cipher and no clock; what a step models is said
//! beside it. And the same with one rule left out at a time, to see that the model would miss it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed test says so")]

mod group;
mod members;
mod model;
mod page;
mod room;

use stateright::{Checker, Model};

use group::Moderation;
use members::{Member, Members};
use model::{
    GIVEN_BACK, KICK, NO_OLD_KEY, ONCE, ONE_EPOCH, ONE_HOST, SUCCESSION, Story, VOID, WHOLE,
};

/// What may happen by itself, and how often.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Budget {
    breaks: u8,
    kicks: u8,
    knocks: u8,
    leaves: u8,
    rotations: u8,
    repeats: u8,
    words: u8,
}

/// A rule left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    /// A kick does not renew the key that the door opens to.
    OldKeyOpens,
    /// Whoever proved the key before a kick is let in after it.
    RemembersCallers,
    /// Whom the server names takes itself for host, whatever the group says.
    ServerNamesHost,
    /// Nobody takes the place of a host that has gone.
    NobodyFollows,
    /// Whom the server names keeps the place, though another would have to follow.
    NobodyHandsOn,
    /// The server still hears a connection that another has taken the place of.
    HearsSuperseded,
    /// An entry that comes twice is taken twice.
    TakesRepeats,
}

/// Members 1 up to that one, inside and in one epoch, where anybody may put others out.
fn story(members: Member, budget: Budget) -> Story {
    let members = Members::of(1..=members);
    Story { members, moderation: Moderation::Everyone, budget, flaw: None, reaches: &[] }
}

/// Every walk there is keeps every promise, and some come by what the story is about.
fn check(story: Story, reaches: &'static [&'static str]) {
    let checker = Story { reaches, ..story }.checker().spawn_bfs().join();
    checker.assert_properties();
}

/// Without that rule, some walk breaks that promise.
fn check_misses(flaw: Flaw, promise: &'static str, story: Story) {
    let flawed = Story { flaw: Some(flaw), ..story };
    let checker = flawed.checker().spawn_bfs().join();
    let broken = checker.discovery(promise);
    assert!(broken.is_some(), "{flaw:?} does not break: {promise}");
}

/// 12,669 and 490 states. Two may be put out at once, each by another, and one has a connection that breaks.
#[test]
fn a_kick_is_made_whatever_breaks_and_whoever_crosses_it() {
    let budget = Budget { breaks: 1, kicks: 1, ..Budget::default() };
    check(story(3, budget), &[KICK, SUCCESSION, VOID]);
    let budget = Budget { kicks: 2, ..Budget::default() };
    check(story(3, budget), &[KICK, VOID]);
}

/// 18,498 states, and 1,322 where the host alone may put others out.
#[test]
fn a_kicked_member_finds_no_way_back_by_its_old_key() {
    let budget = Budget { kicks: 1, knocks: 1, ..Budget::default() };
    check(story(3, budget), &[KICK, VOID, SUCCESSION]);
    check(Story { moderation: Moderation::Host, ..story(3, budget) }, &[KICK]);
}

/// 27,897 states. The newcomer's connection may be the one that breaks.
#[test]
fn a_newcomer_comes_in_or_not_and_the_room_is_whole_either_way() {
    let budget = Budget { breaks: 1, knocks: 1, ..Budget::default() };
    check(story(2, budget), &[SUCCESSION]);
}

/// 36,175 states of three members, and 4,710 of two with two broken connections.
#[test]
fn there_is_one_host_whoever_goes_and_comes_back() {
    let budget = Budget { breaks: 1, leaves: 1, ..Budget::default() };
    check(story(3, budget), &[SUCCESSION, GIVEN_BACK]);
    let budget = Budget { breaks: 2, ..Budget::default() };
    check(story(2, budget), &[SUCCESSION, GIVEN_BACK]);
}

/// 8,521 and 6,270 states.
#[test]
fn what_is_said_is_heard_once_at_most_whatever_comes_twice() {
    let budget = Budget { breaks: 1, repeats: 1, words: 1, ..Budget::default() };
    check(story(2, budget), &[]);
    let budget = Budget { breaks: 1, kicks: 1, words: 1, ..Budget::default() };
    check(story(2, budget), &[KICK]);
}

#[test]
fn the_model_misses_each_rule_that_is_left_out() {
    let none = Budget::default();
    let kicked = story(2, Budget { kicks: 1, knocks: 1, ..none });
    let one_kick = story(3, Budget { kicks: 1, knocks: 1, ..none });
    check_misses(Flaw::OldKeyOpens, NO_OLD_KEY, kicked);
    check_misses(Flaw::RemembersCallers, NO_OLD_KEY, one_kick);
    let broken = story(2, Budget { breaks: 1, ..none });
    check_misses(Flaw::ServerNamesHost, ONE_HOST, broken.clone());
    check_misses(Flaw::NobodyFollows, WHOLE, broken);
    let going = story(3, Budget { breaks: 1, leaves: 1, ..none });
    check_misses(Flaw::NobodyHandsOn, WHOLE, going);
    let kick_again = story(3, Budget { breaks: 1, kicks: 1, ..none });
    check_misses(Flaw::HearsSuperseded, ONE_EPOCH, kick_again);
    let words = story(2, Budget { breaks: 1, repeats: 1, words: 1, ..none });
    check_misses(Flaw::HearsSuperseded, ONCE, words.clone());
    check_misses(Flaw::TakesRepeats, ONCE, words);
}
