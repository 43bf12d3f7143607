//! What must hold of what was typed and shown, whatever lies between the pages. Each invariant is a
//! function that says what it found wrong. Where a page proves nothing, as one that sends garbage,
//! its stays are left out by whoever asks.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::ledger::{Audience, Ledger, Line, Seat, Stay, Suspicion};

/// Which invariant does not hold, and what shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Its name.
    pub invariant: &'static str,
    /// What shows it.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.invariant, self.what)
    }
}

/// Whether it holds.
pub type Judged = Result<(), Violation>;

/// How far the server can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// It has told no lie.
    Honest,
    /// It has.
    Lying,
}

/// It holds, or this is what shows that it does not.
///
/// # Errors
/// When it does not.
pub fn check(invariant: &'static str, holds: bool, what: impl FnOnce() -> String) -> Judged {
    if holds { Ok(()) } else { Err(Violation { invariant, what: what() }) }
}

/// How a stay is spoken of.
pub fn name(stay: &Stay) -> String {
    format!("page {} as member {}", stay.page, stay.seat.member.0)
}

/// Every line shown was typed by whom it is shown of, for whom it is shown to.
///
/// # Errors
/// The first that was not.
pub fn nothing_is_shown_that_nobody_said(ledger: &Ledger) -> Judged {
    for (reader, stay) in ledger.stays.iter().enumerate() {
        for reading in &stay.shown {
            let line = reading.line.and_then(|line| ledger.lines.get(line));
            let is_so = line.is_some_and(|line| {
                let author = ledger.stays[line.author].seat;
                let is_addressed = match line.audience {
                    Audience::All => true,
                    Audience::One(to) => reader == line.author || to == stay.seat.member,
                };
                author == Seat { room: stay.seat.room, member: reading.from }
                    && line.audience == reading.audience
                    && is_addressed
            });
            check("nothing_is_shown_that_nobody_said", is_so, || {
                format!("{} read {reading:?} of {line:?}", name(stay))
            })?;
        }
    }
    Ok(())
}

/// No line is shown twice to one member, unless it is shown that the server plays tricks: one that
/// keeps an author's own words from it makes it say them again.
///
/// # Errors
/// The first that is.
pub fn nothing_is_shown_twice(ledger: &Ledger, counts: impl Fn(&Stay) -> bool) -> Judged {
    for stay in ledger.stays.iter().filter(|stay| counts(stay)) {
        let mut seen = BTreeSet::new();
        for reading in &stay.shown {
            let is_new = seen.insert(reading.line) || reading.suspicion == Suspicion::Shown;
            check("nothing_is_shown_twice", is_new, || {
                format!("{} read {reading:?} twice", name(stay))
            })?;
        }
    }
    Ok(())
}

/// One sender's lines are shown in the order it typed them, with none left out between, unless what
/// is missing is told: as missed, or as the server's trick. What a server swallowed its author finds
/// out, and says again; whoever came in meanwhile knows of nothing else.
///
/// # Errors
/// The first that is out of its order.
pub fn a_senders_lines_stand_in_their_order(
    ledger: &Ledger,
    server: Server,
    counts: impl Fn(&Stay) -> bool,
) -> Judged {
    for (reader, stay) in ledger.stays.iter().enumerate() {
        if !counts(stay) {
            continue;
        }
        for (author, readings) in ledger.by_author(reader) {
            if !counts(&ledger.stays[author]) {
                continue;
            }
            let is_author_told = !ledger.stays[author].tampering.is_empty();
            let mut expected = 0;
            for (line, reading) in readings {
                let is_told = is_author_told || reading.suspicion == Suspicion::Shown;
                let is_later = line >= expected || is_told;
                let mut between = expected..line;
                let skipped = between.find(|skipped| {
                    ledger.lines[*skipped].author == author && ledger.is_for(*skipped, reader)
                });
                // With a liar in between, what is left out is found out in time, and not at once.
                let is_whole = skipped.is_none() || reading.missed > 0 || server == Server::Lying;
                check("a_senders_lines_stand_in_their_order", is_later && is_whole, || {
                    format!("{} read {line} when {expected} was due ({skipped:?})", name(stay))
                })?;
                expected = expected.max(line + 1);
            }
        }
    }
    Ok(())
}

/// Two members of a room were shown what both were shown in one and the same order.
///
/// # Errors
/// Two that were not.
pub fn all_read_in_one_order(ledger: &Ledger, counts: impl Fn(&Stay) -> bool) -> Judged {
    let stays: Vec<&Stay> = ledger.stays.iter().filter(|stay| counts(stay)).collect();
    for (at, one) in stays.iter().enumerate() {
        let places: BTreeMap<usize, usize> =
            one.shown.iter().enumerate().filter_map(|(at, it)| Some((it.line?, at))).collect();
        for other in stays[at + 1..].iter().filter(|other| other.seat.room == one.seat.room) {
            let common = other.shown.iter().filter_map(|it| places.get(&it.line?));
            let common: Vec<&usize> = common.collect();
            check("all_read_in_one_order", common.is_sorted(), || {
                format!("{} and {} read in two orders", name(one), name(other))
            })?;
        }
    }
    Ok(())
}

/// Whoever was put out, or left, opens nothing that was said by somebody who knew it; whoever came in
/// opens nothing that was said before.
///
/// # Errors
/// The first that did.
pub fn nobody_reads_past_its_time(ledger: &Ledger) -> Judged {
    for stay in &ledger.stays {
        for line in stay.shown.iter().filter_map(|reading| reading.line) {
            let Line { departed, settled, .. } = &ledger.lines[line];
            let was_out = departed.contains(&stay.seat.member);
            let was_before = settled.is_some_and(|settled| settled < stay.admitted);
            check("nobody_reads_past_its_time", !was_out && !was_before, || {
                format!("{} read line {line} (out {was_out}, before {was_before})", name(stay))
            })?;
        }
    }
    Ok(())
}

/// Once everything has arrived: whoever is inside has read every line that was for it and that has its
/// place, unless it was told that it missed some.
///
/// # Errors
/// The first line that is missing.
pub fn every_line_is_read<'l>(
    ledger: &'l Ledger,
    inside: impl Fn() -> Vec<&'l Stay>,
    counts: impl Fn(&Stay) -> bool,
) -> Judged {
    for (number, line) in ledger.lines.iter().enumerate() {
        let author = &ledger.stays[line.author];
        for stay in inside() {
            let Some(reader) = ledger.stay_of(stay.seat) else { continue };
            let is_due = ledger.is_for(number, reader)
                && line.settled.is_some()
                && stay.missed == 0
                && counts(author)
                && counts(stay);
            let is_read = stay.shown.iter().any(|reading| reading.line == Some(number));
            check("every_line_is_read", !is_due || is_read, || {
                format!("{} never read line {number} of {}", name(stay), name(author))
            })?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sanctuary_protocol::MemberId;

    use super::super::ledger::{Course, Reading};
    use super::*;

    /// Three in a room, the first two from its beginning; each of these says two lines, which all read.
    fn well() -> Ledger {
        let mut ledger = Ledger::default();
        for (page, member) in [1, 2, 3].into_iter().enumerate() {
            ledger.enter(page, Seat { room: 1, member: MemberId(member) }, 0);
        }
        let readers: BTreeSet<MemberId> = [1, 2, 3].map(MemberId).into();
        for (line, author) in [0, 1, 0, 1].into_iter().enumerate() {
            ledger.say(author, Audience::All, readers.clone());
            ledger.lines[line].settled = Some(10);
            for reader in 0..3 {
                let reading = read(&ledger, line);
                ledger.stays[reader].shown.push(reading);
            }
        }
        ledger
    }

    fn read(ledger: &Ledger, line: usize) -> Reading {
        let from = ledger.stays[ledger.lines[line].author].seat.member;
        let suspicion = Suspicion::None;
        Reading { line: Some(line), from, audience: Audience::All, missed: 0, suspicion }
    }

    /// The first invariant that does not hold.
    fn judged(ledger: &Ledger) -> Option<&'static str> {
        let all = |_: &Stay| true;
        let inside = || ledger.stays.iter().filter(|it| it.course == Course::Inside).collect();
        let judged = nothing_is_shown_that_nobody_said(ledger)
            .and_then(|()| nothing_is_shown_twice(ledger, all))
            .and_then(|()| nobody_reads_past_its_time(ledger))
            .and_then(|()| all_read_in_one_order(ledger, all))
            .and_then(|()| a_senders_lines_stand_in_their_order(ledger, Server::Honest, all))
            .and_then(|()| every_line_is_read(ledger, inside, all));
        judged.err().map(|violation| violation.invariant)
    }

    fn check(harm: impl Fn(&mut Ledger), expected: Option<&str>) {
        let mut ledger = well();
        harm(&mut ledger);
        assert_eq!(judged(&ledger), expected);
    }

    #[test]
    fn whatever_goes_wrong_with_a_line_is_found() {
        check(|_| {}, None);
        check(
            |it| it.stays[2].shown[1].from = MemberId(1),
            Some("nothing_is_shown_that_nobody_said"),
        );
        check(|it| it.stays[2].shown[1].line = None, Some("nothing_is_shown_that_nobody_said"));
        check(
            |it| it.lines[1].audience = Audience::One(MemberId(1)),
            Some("nothing_is_shown_that_nobody_said"),
        );
        check(
            |it| {
                let again = it.stays[2].shown[0].clone();
                it.stays[2].shown.push(again);
            },
            Some("nothing_is_shown_twice"),
        );
        check(|it| it.stays[2].admitted = 11, Some("nobody_reads_past_its_time"));
        check(
            |it| {
                it.lines[3].departed.insert(MemberId(3));
            },
            Some("nobody_reads_past_its_time"),
        );
        check(|it| it.stays[2].shown.swap(0, 1), Some("all_read_in_one_order"));
        check(
            |it| it.stays.iter_mut().for_each(|stay| stay.shown.swap(0, 2)),
            Some("a_senders_lines_stand_in_their_order"),
        );
        check(
            |it| it.stays[2].shown.retain(|reading| reading.line != Some(0)),
            Some("a_senders_lines_stand_in_their_order"),
        );
        check(|it| it.stays[2].shown.truncate(3), Some("every_line_is_read"));
    }

    #[test]
    fn what_was_told_to_be_missed_may_be() {
        let harm = |it: &mut Ledger| {
            it.stays[2].missed = 1;
            it.stays[2].shown.remove(0);
            it.stays[2].shown.iter_mut().for_each(|reading| reading.missed = 1);
        };
        check(harm, None);
    }
}
