//! What was typed, and what was shown: every line has a number, so that whoever is shown one can be
//! asked whose it was and for whom. Knows pages, and nothing of what lies between them.

use std::collections::{BTreeMap, BTreeSet};

use sanctuary_client::markup::plain;
use sanctuary_client::room::{Body, Line as Shown, Person};
use sanctuary_crypto::Tampering;
use sanctuary_protocol::MemberId;

/// How every line begins; its number follows.
const LINE: &str = "line ";

/// Everything typed and shown.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Everything typed and taken by a page.
    pub lines: Vec<Line>,
    /// Every stay of every page in a room.
    pub stays: Vec<Stay>,
}

/// A member of one of the rooms that there were, one after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seat {
    /// Which room.
    pub room: u32,
    /// Its member.
    pub member: MemberId,
}

/// Something somebody typed.
#[derive(Clone, Debug)]
pub struct Line {
    /// The author's stay.
    pub author: usize,
    /// For whom it is.
    pub audience: Audience,
    /// Who held the keys by the author's page when it was typed.
    pub readers: BTreeSet<MemberId>,
    /// Who did earlier in the author's stay, and did no more.
    pub departed: BTreeSet<MemberId>,
    /// What the server had done when it had its place on the author's page.
    pub settled: Option<u64>,
}

/// For whom a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody.
    All,
    /// This member.
    One(MemberId),
}

/// One page's time in a room, from coming in to going out.
#[derive(Clone, Debug)]
pub struct Stay {
    /// The page's place.
    pub page: usize,
    /// Its seat.
    pub seat: Seat,
    /// What the server had done when it was let in.
    pub admitted: u64,
    /// The lines it was shown, in that order; its own among them.
    pub shown: Vec<Reading>,
    /// How it was shown the server to be dishonest.
    pub tampering: Vec<Tampering>,
    /// Messages it was told it missed.
    pub missed: u32,
    /// Whether it is over.
    pub course: Course,
    /// Everybody whom it has seen hold the keys.
    pub known: BTreeSet<MemberId>,
}

/// A line as it was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its number; none if it is none of the ledger's.
    pub line: Option<usize>,
    /// In whose name.
    pub from: MemberId,
    /// For whom.
    pub audience: Audience,
    /// How many lines the reader had been told it missed.
    pub missed: u32,
    /// Whether the reader had been shown that the server is dishonest.
    pub suspicion: Suspicion,
}

/// Whether a page shows the server to be dishonest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suspicion {
    /// It does not.
    None,
    /// It does.
    Shown,
}

/// Whether a stay is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// It is not.
    Inside,
    /// The page shows another screen, or came in again.
    Over,
}

impl Ledger {
    /// The text of the next line.
    pub fn next_text(&self) -> String {
        format!("{LINE}{}", self.lines.len())
    }

    /// A page came in.
    pub fn enter(&mut self, page: usize, seat: Seat, admitted: u64) -> usize {
        self.stays.push(Stay {
            page,
            seat,
            admitted,
            shown: Vec::new(),
            tampering: Vec::new(),
            missed: 0,
            course: Course::Inside,
            known: BTreeSet::new(),
        });
        self.stays.len() - 1
    }

    /// A page took a line.
    pub fn say(&mut self, author: usize, audience: Audience, readers: BTreeSet<MemberId>) {
        let known = &mut self.stays[author].known;
        known.extend(readers.iter().copied());
        let departed = known.difference(&readers).copied().collect();
        self.lines.push(Line { author, audience, readers, departed, settled: None });
    }

    /// A page shows a line.
    pub fn show(&mut self, stay: usize, shown: &Shown, clock: u64) {
        let (from, audience, markup) = match &shown.body {
            Body::Said { from, words } => (from, Audience::All, &words.markup),
            Body::Whispered { from, to, words } => (from, Audience::One(to.member), &words.markup),
            Body::Pictured { .. }
            | Body::WhisperPassed { .. }
            | Body::Happened(_)
            | Body::Notice { .. } => return,
        };
        let Person { member, alias: _, tag: _, whose: _ } = from;
        let text = plain(markup);
        let number = text.strip_prefix(LINE).and_then(|number| number.parse().ok());
        let line = number.filter(|number| *number < self.lines.len());
        let here = &mut self.stays[stay];
        let suspicion = if here.tampering.is_empty() { Suspicion::None } else { Suspicion::Shown };
        let missed = here.missed;
        here.shown.push(Reading { line, from: *member, audience, missed, suspicion });
        if let Some(line) = line
            && self.lines[line].author == stay
        {
            self.lines[line].settled.get_or_insert(clock);
        }
    }

    /// Everybody shown as dishonest what the server did, in any stay.
    pub fn suspicious(&self) -> impl Iterator<Item = &Stay> {
        self.stays.iter().filter(|stay| !stay.tampering.is_empty())
    }

    /// The stay of a seat: the last, where there are several.
    pub fn stay_of(&self, seat: Seat) -> Option<usize> {
        self.stays.iter().rposition(|stay| stay.seat == seat)
    }

    /// The lines of each author that a stay was shown, as it was shown them.
    pub fn by_author(&self, stay: usize) -> BTreeMap<usize, Vec<(usize, &Reading)>> {
        let mut by_author: BTreeMap<usize, Vec<(usize, &Reading)>> = BTreeMap::new();
        for reading in &self.stays[stay].shown {
            if let Some(line) = reading.line {
                let author = self.lines[line].author;
                by_author.entry(author).or_default().push((line, reading));
            }
        }
        by_author
    }

    /// Whether a line is for a stay: its author saw this member inside when it typed it.
    pub fn is_for(&self, line: usize, stay: usize) -> bool {
        let Line { author, audience, readers, .. } = &self.lines[line];
        let seat = self.stays[stay].seat;
        let same_room = self.stays[*author].seat.room == seat.room;
        let addressed = match audience {
            Audience::All => true,
            Audience::One(to) => *to == seat.member,
        };
        same_room && addressed && *author != stay && readers.contains(&seat.member)
    }
}
