//! Who does what when: everybody has a clock of its own, drawn from the seed, and does the next thing
//! when it strikes, so that people come and go at a steady rate for as long as it lasts. Must not know
//! what is measured meanwhile.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::RangeInclusive;

use anyhow::Result;
use sanctuary_protocol::ClientFrame;

use crate::dice::Dice;
use crate::town::{Errand, Standing, Town};

const MILLISECOND: u64 = 1_000_000;

/// Milliseconds between two things that one person does.
const PAUSE: RangeInclusive<u64> = 1_000..=5_000;

/// Milliseconds that somebody is cut off, or out before it comes in again.
const ABSENCE: RangeInclusive<u64> = 500..=8_000;

/// Milliseconds before somebody looks again whether a room that is being started is there.
const GLANCE: RangeInclusive<u64> = 200..=600;

/// Milliseconds that a room lasts.
const LIFE: RangeInclusive<u64> = 60_000..=180_000;

/// Milliseconds that somebody waits at a door which nobody opens.
const PATIENCE: u64 = 15_000;

/// Bytes of a line of chat, sealed and padded, and of what is said at most.
const CHAT_BYTES: usize = 256;
const SPEECH_BYTES: RangeInclusive<u64> = 256..=16 * 1024;

/// What somebody who is inside may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    /// Say a line.
    Chat,
    /// Say more, as a picture's pieces do.
    Speak,
    /// Be cut off, and come back.
    Stumble,
    Leave,
    /// Be gone without a word: the seat waits in vain.
    Vanish,
    /// Put somebody out, where that is one's to do; else chat.
    Kick,
}

/// Of a hundred things, how many are these. All others are chat.
const SHARES: [(u64, Act); 5] =
    [(4, Act::Speak), (5, Act::Stumble), (4, Act::Leave), (1, Act::Vanish), (1, Act::Kick)];

/// Whose clock strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    Person(usize),
    Room(usize),
}

/// The clocks.
pub(super) struct Churn {
    dice: Dice,
    clocks: BinaryHeap<Reverse<(u64, Whose)>>,
    /// By person: until when it waits at a door.
    patience: Vec<u64>,
    /// Rooms that ended while a seat in them may still have waited, by when that was.
    pub(super) abandoned: Vec<u64>,
}

impl Churn {
    /// Everybody comes in within the first so many milliseconds.
    pub(super) fn new(mut dice: Dice, town: &Town, within: u64) -> Self {
        let mut clocks = BinaryHeap::new();
        let mut strike = |whose, range: RangeInclusive<u64>| {
            let at = town.now() + dice.within(range) * MILLISECOND;
            clocks.push(Reverse((at, whose)));
        };
        (0..town.people.len()).for_each(|person| strike(Whose::Person(person), 0..=within));
        // Even at the beginning rooms are of all ages.
        let life = within..=*LIFE.end();
        (0..town.rooms.len()).for_each(|room| strike(Whose::Room(room), life.clone()));
        let patience = vec![0; town.people.len()];
        Self { dice, clocks, patience, abandoned: Vec::new() }
    }

    /// When the next clock strikes.
    pub(super) fn due(&self) -> u64 {
        self.clocks.peek().map_or(u64::MAX, |Reverse((at, _))| *at)
    }

    /// Does what is due.
    pub(super) fn strike(&mut self, town: &mut Town) -> Result<()> {
        while self.due() <= town.now() {
            let Some(Reverse((_, whose))) = self.clocks.pop() else { break };
            let next = match whose {
                Whose::Person(person) => self.act(town, person)?,
                Whose::Room(room) => {
                    self.disperse(town, room)?;
                    LIFE
                }
            };
            let at = town.now() + self.dice.within(next) * MILLISECOND;
            self.clocks.push(Reverse((at, whose)));
        }
        Ok(())
    }

    /// Somebody does something. Says how long until its next.
    fn act(&mut self, town: &mut Town, person: usize) -> Result<RangeInclusive<u64>> {
        match town.people[person].standing {
            Standing::Out => self.come(town, person),
            Standing::Coming { .. } => {
                if town.now() > self.patience[person] {
                    town.vanish(person)?;
                }
                Ok(PAUSE)
            }
            Standing::Away { .. } => {
                self.wait_patiently(town, person);
                town.come_back(person);
                Ok(PAUSE)
            }
            Standing::Seated { .. } => self.do_something(town, person),
        }
    }

    fn come(&mut self, town: &mut Town, person: usize) -> Result<RangeInclusive<u64>> {
        let room = town.people[person].room;
        let errand = match town.rooms[room].is_live {
            true => Errand::Knock,
            false if town.is_starting(room) => return Ok(GLANCE),
            false => {
                town.replace(room, self.dice.room_id());
                Errand::Create
            }
        };
        self.wait_patiently(town, person);
        town.enter(person, errand)?;
        Ok(PAUSE)
    }

    fn wait_patiently(&mut self, town: &Town, person: usize) {
        self.patience[person] = town.now() + PATIENCE * MILLISECOND;
    }

    fn do_something(&mut self, town: &mut Town, person: usize) -> Result<RangeInclusive<u64>> {
        match self.draw() {
            Act::Chat => town.say(person, CHAT_BYTES)?,
            Act::Speak => town.say(person, self.dice.within(SPEECH_BYTES) as usize)?,
            Act::Kick => self.kick_somebody(town, person)?,
            Act::Stumble => {
                town.cut(person)?;
                return Ok(ABSENCE);
            }
            Act::Leave => {
                town.send(person, &ClientFrame::Leave)?;
                return Ok(ABSENCE);
            }
            Act::Vanish => {
                self.abandon(town);
                town.vanish(person)?;
                return Ok(ABSENCE);
            }
        }
        Ok(PAUSE)
    }

    fn draw(&mut self) -> Act {
        let mut drawn = self.dice.within(0..=99);
        for (share, act) in SHARES {
            match drawn.checked_sub(share) {
                Some(rest) => drawn = rest,
                None => return act,
            }
        }
        Act::Chat
    }

    /// A host puts the next member of its room out.
    fn kick_somebody(&self, town: &mut Town, person: usize) -> Result<()> {
        let room = town.people[person].room;
        let is_host = |standing: &Standing| {
            matches!(standing, Standing::Seated { seat, .. }
            if seat.member == town.rooms[room].host)
        };
        if !is_host(&town.people[person].standing) {
            return town.say(person, CHAT_BYTES);
        }
        let others = town.people.iter().filter(|other| other.room == room);
        let member = others.map(|other| &other.standing).find_map(|standing| match standing {
            Standing::Seated { seat, .. } if !is_host(standing) => Some(seat.member),
            Standing::Seated { .. }
            | Standing::Out
            | Standing::Coming { .. }
            | Standing::Away { .. } => None,
        });
        member.map_or(Ok(()), |member| town.kick(person, member))
    }

    /// A room is over: its host ends it, or everybody leaves, and whoever is cut off stays away.
    fn disperse(&mut self, town: &mut Town, room: usize) -> Result<()> {
        self.abandon(town);
        let is_ended = self.dice.within(0..=1) == 0;
        let host = town.rooms[room].host;
        for person in 0..town.people.len() {
            if town.people[person].room != room {
                continue;
            }
            match &town.people[person].standing {
                Standing::Seated { seat, .. } if is_ended && seat.member == host => {
                    town.send(person, &ClientFrame::Close)?;
                }
                Standing::Seated { .. } if is_ended => {}
                Standing::Seated { .. } => town.send(person, &ClientFrame::Leave)?,
                Standing::Away { .. } | Standing::Coming { .. } => town.vanish(person)?,
                Standing::Out => {}
            }
        }
        if !is_ended {
            town.rooms[room].is_live = false;
        }
        Ok(())
    }

    /// A seat was left that nobody comes back to, and a room perhaps with it.
    fn abandon(&mut self, town: &Town) {
        self.abandoned.push(town.now());
    }
}
