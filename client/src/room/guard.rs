//! How fast the door may be tried. Whoever is offered the door tests one guess at the secret, so
//! guesses that failed cost everybody at the door time: the more of them, the fewer at once, and
//! after a handful one a minute. It never shuts by itself: whoever could fail often enough would
//! shut it for all.
//!
//! A state machine and nothing else: it knows neither session nor connection, and is told the time.

use std::collections::VecDeque;

use sanctuary_protocol::{MemberId, SortedMap, SortedSet};

use crate::Timestamp;

/// Failures until the door is slow; below it, as many guesses may be open at once as are left.
const FAILURES_MAX: u32 = 5;
/// How long a newcomer has to answer an offer: a slow phone's time, many times over.
const RUN_MILLIS: u64 = 30_000;
/// How long a slow door rests after a failure.
const REST_MILLIS: u64 = 60_000;
/// Newcomers that wait their turn: twice what a server keeps waiting by default.
const WAITING_MAX: usize = 64;

/// What is known of guesses at the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoorTrouble {
    /// How many failed since the door was cleared.
    pub failures: u32,
    /// What that means for whoever knocks.
    pub pace: Pace,
}

/// How fast the door may be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// A few at once, without a wait.
    Quick,
    /// One a minute.
    Slow,
}

/// Guesses at the secret that failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Guesses {
    failures: u32,
    last_failure: Option<Timestamp>,
}

/// The door's guard.
#[derive(Debug, Default)]
pub(super) struct Guard {
    failures: u32,
    last_failure: Option<Timestamp>,
    /// Offers that were made and not answered, and when.
    runs: SortedMap<MemberId, Timestamp>,
    /// Knocks that were made no offer yet, oldest first.
    waiting: VecDeque<MemberId>,
    /// Knocks from before another kept the door: these may have gone with nobody to say so, and
    /// that they do not answer is no guess.
    remembered: SortedSet<MemberId>,
}

impl Guard {
    /// What was known before holds on.
    pub(super) fn knowing(guesses: Guesses) -> Self {
        let Guesses { failures, last_failure } = guesses;
        Self { failures, last_failure, ..Self::default() }
    }

    pub(super) const fn guesses(&self) -> Guesses {
        Guesses { failures: self.failures, last_failure: self.last_failure }
    }

    pub(super) fn trouble(&self) -> Option<DoorTrouble> {
        let trouble = DoorTrouble { failures: self.failures, pace: self.pace() };
        (self.failures > 0).then_some(trouble)
    }

    fn pace(&self) -> Pace {
        if self.failures < FAILURES_MAX { Pace::Quick } else { Pace::Slow }
    }

    /// Somebody knocks, perhaps again: what was begun with it begins anew.
    pub(super) fn knock(&mut self, newcomer: MemberId) {
        self.forget(newcomer);
        if self.waiting.len() >= WAITING_MAX {
            self.waiting.pop_front();
        }
        self.waiting.push_back(newcomer);
    }

    /// Nothing has happened after `now`: a clock that was set back must not make anybody wait for it.
    fn set_back(&mut self, now: Timestamp) {
        self.last_failure = self.last_failure.map(|at| at.min(now));
        for begun in self.runs.values_mut() {
            *begun = now.min(*begun);
        }
    }

    /// Whoever may be made an offer at once; the run is open from here on.
    pub(super) fn begin(&mut self, now: Timestamp) -> Option<MemberId> {
        self.set_back(now);
        let is_free = match self.pace() {
            Pace::Quick => self.runs.len() < (FAILURES_MAX - self.failures) as usize,
            Pace::Slow => self.runs.is_empty() && self.rest_over(now),
        };
        let newcomer = if is_free { self.waiting.pop_front()? } else { return None };
        self.runs.insert(newcomer, now);
        Some(newcomer)
    }

    fn rest_over(&self, now: Timestamp) -> bool {
        self.rest_until().is_none_or(|until| until <= now)
    }

    fn rest_until(&self) -> Option<Timestamp> {
        self.last_failure.map(|at| after(at, REST_MILLIS))
    }

    /// Nobody can be made an offer at the moment: this one waits on, before the others.
    pub(super) fn put_back(&mut self, newcomer: MemberId) {
        self.runs.remove(&newcomer);
        self.waiting.push_front(newcomer);
    }

    /// What was offered does not count any more: all begin anew.
    pub(super) fn put_all_back(&mut self) {
        for (newcomer, _) in std::mem::take(&mut self.runs).into_iter().rev() {
            self.waiting.push_front(newcomer);
        }
    }

    /// A newcomer answered, was let in, or went. Whether it had been made an offer, and had not
    /// answered.
    pub(super) fn forget(&mut self, newcomer: MemberId) -> Option<Unanswered> {
        self.waiting.retain(|waiting| *waiting != newcomer);
        let is_remembered = self.remembered.remove(&newcomer);
        self.runs.remove(&newcomer).filter(|_| !is_remembered).map(|_| Unanswered)
    }

    /// No knock that was told counts any more. What is known of failures stays.
    pub(super) fn forget_all(&mut self) {
        self.waiting.clear();
        self.runs.clear();
        self.remembered.clear();
    }

    /// Another keeps the door. When it is this member's again, it may not be told of them again.
    /// Returns all of them: what was begun with them is to be forgotten.
    pub(super) fn remember(&mut self, others: Vec<MemberId>) -> impl Iterator<Item = MemberId> {
        self.put_all_back();
        for newcomer in others {
            self.knock(newcomer);
        }
        self.remembered = self.waiting.iter().copied().collect();
        self.waiting.iter().copied()
    }

    /// Newcomers that let their time to answer pass, and whether that was a guess.
    pub(super) fn take_overdue(&mut self, now: Timestamp) -> Vec<(MemberId, Option<Unanswered>)> {
        self.set_back(now);
        let is_over = |begun: &Timestamp| after(*begun, RUN_MILLIS) <= now;
        let overdue = self.runs.iter().filter(|(_, begun)| is_over(begun));
        let overdue: Vec<MemberId> = overdue.map(|(newcomer, _)| *newcomer).collect();
        overdue.into_iter().map(|newcomer| (newcomer, self.forget(newcomer))).collect()
    }

    /// A guess failed at this member's door. How many have.
    pub(super) fn fail(&mut self, now: Timestamp) -> u32 {
        self.failures = self.failures.saturating_add(1);
        self.last_failure = Some(now);
        self.failures
    }

    /// A guess failed at another member's door, by that one's word. It makes no rest longer that has
    /// begun: whoever could say it often would keep the door shut.
    pub(super) fn hear_failure(&mut self, now: Timestamp) -> u32 {
        self.set_back(now);
        if self.pace() == Pace::Slow && !self.rest_over(now) {
            self.failures = self.failures.saturating_add(1);
            return self.failures;
        }
        self.fail(now)
    }

    /// Whether this failure is the one that slowed the door.
    pub(super) const fn slows(failures: u32) -> bool {
        failures == FAILURES_MAX
    }

    /// The failures are forgotten.
    pub(super) fn clear(&mut self) {
        (self.failures, self.last_failure) = (0, None);
    }

    /// When there is next something to do: an answer is overdue, or the rest is over.
    pub(super) fn due(&self) -> Option<Timestamp> {
        let overdue = self.runs.values().map(|begun| after(*begun, RUN_MILLIS)).min();
        let is_resting =
            self.pace() == Pace::Slow && self.runs.is_empty() && !self.waiting.is_empty();
        let rested = self.rest_until().filter(|_| is_resting);
        overdue.into_iter().chain(rested).min()
    }
}

/// An offer was made, and whoever it was made to has gone without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unanswered;

fn after(at: Timestamp, millis: u64) -> Timestamp {
    Timestamp(at.0.saturating_add(millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(100_000_000);

    fn guard(failures: u32, knocks: u32) -> Guard {
        let mut guard = Guard::default();
        (0..failures).for_each(|_| {
            guard.fail(NOW);
        });
        (1..=knocks).for_each(|number| guard.knock(MemberId(number)));
        guard
    }

    fn begun(guard: &mut Guard, now: Timestamp) -> Vec<u32> {
        std::iter::from_fn(|| guard.begin(now)).map(|newcomer| newcomer.0).collect()
    }

    #[test]
    fn as_many_are_tried_at_once_as_guesses_are_left() {
        let check = |failures, expected: &[u32]| {
            assert_eq!(begun(&mut guard(failures, 9), NOW), expected, "{failures}");
        };
        check(0, &[1, 2, 3, 4, 5]);
        check(3, &[1, 2]);
        check(4, &[1]);
        check(5, &[]);
        check(99, &[]);
    }

    #[test]
    fn an_answer_makes_room_for_the_next() {
        let mut guard = guard(4, 3);
        assert_eq!(begun(&mut guard, NOW), [1]);
        assert_eq!(guard.forget(MemberId(1)), Some(Unanswered));
        assert_eq!(begun(&mut guard, NOW), [2]);
    }

    #[test]
    fn a_slow_door_opens_once_a_minute_and_never_shuts() {
        let mut guard = guard(5, 3);
        assert_eq!(guard.due(), Some(after(NOW, REST_MILLIS)));
        assert_eq!(begun(&mut guard, after(NOW, REST_MILLIS - 1)), [0; 0]);
        for turn in 1..=3 {
            let now = after(NOW, REST_MILLIS * turn);
            assert_eq!(begun(&mut guard, now), [turn as u32]);
            guard.forget(MemberId(turn as u32));
            guard.fail(now);
        }
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_nobody_waiting_for_it() {
        let hours = 3 * 3_600_000;
        let mut guard = guard(5, 2);
        let earlier = Timestamp(NOW.0.saturating_sub(hours));
        assert_eq!(begun(&mut guard, earlier), [0; 0]);
        assert_eq!(begun(&mut guard, after(earlier, REST_MILLIS)), [1]);
        let earlier = Timestamp(earlier.0.saturating_sub(hours));
        assert_eq!(guard.take_overdue(earlier), []);
        assert_eq!(guard.take_overdue(after(earlier, RUN_MILLIS)).len(), 1);
    }

    #[test]
    fn failures_told_without_end_keep_no_slow_door_shut() {
        let mut guard = guard(5, 3);
        for second in 1..60 {
            guard.hear_failure(after(NOW, second * 1_000));
        }
        assert_eq!(begun(&mut guard, after(NOW, REST_MILLIS - 1)), [0; 0]);
        assert_eq!(begun(&mut guard, after(NOW, REST_MILLIS)), [1]);
        assert_eq!(guard.failures, 64);
        guard.forget(MemberId(1));
        guard.hear_failure(after(NOW, REST_MILLIS));
        assert_eq!(begun(&mut guard, after(NOW, REST_MILLIS * 2 - 1)), [0; 0]);
        assert_eq!(begun(&mut guard, after(NOW, REST_MILLIS * 2)), [2]);
    }

    #[test]
    fn whoever_does_not_answer_in_time_is_overdue_once() {
        let mut guard = guard(0, 2);
        assert_eq!(guard.due(), None);
        begun(&mut guard, NOW);
        assert_eq!(guard.due(), Some(after(NOW, RUN_MILLIS)));
        assert_eq!(guard.take_overdue(after(NOW, RUN_MILLIS - 1)), []);
        let overdue = [MemberId(1), MemberId(2)].map(|newcomer| (newcomer, Some(Unanswered)));
        assert_eq!(guard.take_overdue(after(NOW, RUN_MILLIS)), overdue);
        assert_eq!(guard.take_overdue(after(NOW, RUN_MILLIS)), []);
    }

    #[test]
    fn knocks_from_before_another_kept_the_door_are_tried_again_and_are_no_guesses() {
        let mut guard = guard(0, 3);
        guard.begin(NOW);
        assert_eq!(guard.remember(vec![MemberId(9)]).count(), 4);
        assert_eq!(begun(&mut guard, NOW), [1, 2, 3, 9]);
        assert_eq!(guard.forget(MemberId(2)), None);
        guard.knock(MemberId(3));
        guard.begin(NOW);
        let overdue = guard.take_overdue(after(NOW, RUN_MILLIS));
        let counted = [(1, None), (3, Some(Unanswered)), (9, None)];
        assert_eq!(overdue, counted.map(|(newcomer, guess)| (MemberId(newcomer), guess)));
    }

    #[test]
    fn a_success_costs_nothing_and_a_clearing_forgets() {
        let mut guard = guard(5, 2);
        let pace = |guard: &Guard| guard.trouble().map(|trouble| trouble.pace);
        assert_eq!(pace(&guard), Some(Pace::Slow));
        guard.clear();
        assert_eq!(pace(&guard), None);
        assert_eq!(begun(&mut guard, NOW), [1, 2]);
        guard.forget(MemberId(1));
        assert_eq!(guard.trouble(), None);
    }

    #[test]
    fn whoever_comes_in_again_knows_the_guesses_from_before() {
        let mut again = Guard::knowing(guard(5, 0).guesses());
        again.knock(MemberId(9));
        assert_eq!(begun(&mut again, after(NOW, REST_MILLIS - 1)), [0; 0]);
        assert_eq!(begun(&mut again, after(NOW, REST_MILLIS)), [9]);
    }

    #[test]
    fn a_knock_said_again_begins_anew_and_no_more_wait_than_may() {
        let mut guard = guard(0, 2);
        begun(&mut guard, NOW);
        guard.knock(MemberId(1));
        assert_eq!(begun(&mut guard, NOW), [1]);
        guard.put_all_back();
        assert_eq!(begun(&mut guard, NOW), [1, 2]);
        (0..200).for_each(|number| guard.knock(MemberId(number)));
        assert_eq!(guard.waiting.len(), WAITING_MAX);
    }
}
