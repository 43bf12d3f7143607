//! What follows from what a connection says, or from its end: every refusal, and every change.

use std::collections::BTreeSet;

use sanctuary_protocol::{DoorPolicy, EntryKind, Moderation, Refusal};

use super::{KnockModel, Model, Phase, few, sealed_commit, sealed_post};
use crate::room::step::Said;

impl Model {
    pub(super) fn hear(&mut self, from: u64, said: &Said) -> Result<(), Refusal> {
        let member = self.seats.iter().find(|seat| seat.connection == Some(from));
        let newcomer = self.knocks.iter().find(|knock| knock.connection == from);
        match (member.map(|seat| seat.number), newcomer.map(|knock| knock.number), said) {
            (Some(member), _, said) => self.hear_member(member, from, said),
            (None, newcomer, Said::Leave) => {
                self.knocks.retain(|knock| Some(knock.number) != newcomer);
                self.hung_up.insert(from);
                Ok(())
            }
            (None, _, Said::Create(policy)) if self.phase == Phase::Empty => {
                self.phase = Phase::Live;
                self.policy = *policy;
                (self.host, self.keeper, self.last_number) = (1, 1, 1);
                self.give_seat(1, from);
                Ok(())
            }
            (None, _, Said::Create(_)) => Err(Refusal::AlreadyLive),
            (None, Some(_), Said::Knock | Said::Resume(..)) => Err(Refusal::AlreadySeated),
            (None, Some(newcomer), Said::Door(to)) => self.hear_newcomer(newcomer, from, *to),
            (None, None, Said::Knock) => self.knock(from),
            (None, None, Said::Resume(member, last_seq)) => self.resume(from, *member, *last_seq),
            (None, None, Said::Door(_)) => Err(Refusal::NotSeated),
            (
                None,
                _,
                Said::Post(_)
                | Said::Commit(..)
                | Said::BlankCommit(..)
                | Said::Lock(_)
                | Said::HandOver(_)
                | Said::Close,
            ) => Err(Refusal::NotSeated),
        }
    }

    pub(super) fn hear_member(
        &mut self,
        member: u32,
        from: u64,
        said: &Said,
    ) -> Result<(), Refusal> {
        if !matches!(said, Said::Leave | Said::Close) {
            self.wake(member, from);
        }
        let moderates = self.policy.moderation == Moderation::Everyone || member == self.host;
        match said {
            Said::Create(_) => Err(Refusal::AlreadyLive),
            Said::Knock | Said::Resume(..) => Err(Refusal::AlreadySeated),
            Said::Door(to) => {
                let knock = self.knocks.iter_mut().find(|knock| knock.number == *to);
                let knock = knock.ok_or(Refusal::NoSuchMember)?;
                if member != self.keeper {
                    return Err(Refusal::NotCommitter);
                }
                knock.awaited_since = None;
                Ok(())
            }
            Said::Post(0) | Said::BlankCommit(..) => Err(Refusal::Empty),
            Said::Post(bytes) => {
                self.sequence(member, EntryKind::Post { ciphertext: sealed_post(*bytes) });
                Ok(())
            }
            Said::Commit(admits, evicts) => self.commit(member, admits, evicts),
            Said::Lock(_) if member != self.host => Err(Refusal::NotHost),
            Said::Lock(policy) => {
                self.policy = *policy;
                self.sequence(member, EntryKind::Policy(*policy));
                Ok(())
            }
            Said::HandOver(_) if member != self.host => Err(Refusal::NotHost),
            Said::HandOver(to) if *to == member || !self.is_live(*to) => Err(Refusal::NoSuchMember),
            Said::HandOver(to) => {
                self.make_host(member, *to);
                Ok(())
            }
            Said::Close if !moderates => Err(Refusal::NotHost),
            Said::Close => {
                self.hang_up_everybody();
                self.phase = Phase::Over;
                Ok(())
            }
            Said::Leave => {
                self.hung_up.insert(from);
                self.end_seat(member, EntryKind::Left);
                Ok(())
            }
        }
    }

    pub(super) fn knock(&mut self, from: u64) -> Result<(), Refusal> {
        if self.phase == Phase::Empty {
            return Err(Refusal::NotLive);
        }
        if self.policy.door == DoorPolicy::Locked {
            return Err(Refusal::Locked);
        }
        let places = self.limits.members_max - self.seats.len();
        if self.knocks.len() >= places.min(self.limits.knocks_max) {
            let answered = self.knocks.iter().position(|knock| knock.awaited_since.is_none());
            match answered.filter(|_| places > 0) {
                Some(oldest) => {
                    self.hung_up.insert(self.knocks.remove(oldest).connection);
                }
                None if self.knocks.len() >= places => return Err(Refusal::RoomFull),
                None => return Err(Refusal::TooManyKnocks),
            }
        }
        if self.rests() {
            self.ask_afresh();
        }
        self.last_number += 1;
        let number = self.last_number;
        let (awaited_since, unanswered_since) = (Some(self.now), self.now);
        self.knocks.push(KnockModel {
            number,
            connection: from,
            awaited_since,
            unanswered_since,
            words: 0,
        });
        Ok(())
    }

    fn hear_newcomer(&mut self, newcomer: u32, from: u64, to: u32) -> Result<(), Refusal> {
        if to != self.keeper || !self.is_live(to) {
            return Err(Refusal::NoSuchMember);
        }
        let place = self.knocks.iter().position(|knock| knock.number == newcomer);
        let place = place.ok_or(Refusal::NotSeated)?;
        self.knocks[place].words += 1;
        if self.knocks[place].words > self.limits.door_words_max {
            self.knocks.remove(place);
            self.hung_up.insert(from);
        }
        Ok(())
    }

    pub(super) fn commit(
        &mut self,
        by: u32,
        admits: &[u32],
        evicts: &[u32],
    ) -> Result<(), Refusal> {
        let admits: BTreeSet<u32> = admits.iter().copied().collect();
        let evicts: BTreeSet<u32> = evicts.iter().copied().collect();
        self.may_commit(by, &admits, &evicts)?;
        let kicks = evicts.iter().any(|out| self.is_live(*out));
        let early = self.last_commit.is_some_and(|at| self.now < at + self.limits.commit_interval);
        if !kicks && early {
            return Err(Refusal::TooSoon);
        }
        if !kicks {
            self.last_commit = Some(self.now);
        }
        let (named_in, named_out) = (few(&admits), few(&evicts));
        let ciphertext = sealed_commit();
        self.sequence(by, EntryKind::Commit { ciphertext, admits: named_in, evicts: named_out });
        for out in evicts {
            self.hung_up.extend(self.seat(out).and_then(|seat| seat.connection));
            self.seats.retain(|seat| seat.number != out);
            self.forget(out);
        }
        let again = self.seats.iter().filter(|seat| admits.contains(&seat.number));
        self.welcomed = again.filter_map(|seat| seat.connection).collect();
        self.name();
        for number in admits {
            if let Some(place) = self.knocks.iter().position(|knock| knock.number == number) {
                let knock = self.knocks.remove(place);
                self.give_seat(number, knock.connection);
                self.welcomed.push(knock.connection);
            }
        }
        Ok(())
    }

    fn may_commit(
        &self,
        by: u32,
        admits: &BTreeSet<u32>,
        evicts: &BTreeSet<u32>,
    ) -> Result<(), Refusal> {
        let keeps = by == self.keeper;
        let moderates = self.policy.moderation == Moderation::Everyone || by == self.host;
        let at_door = |number: u32| self.knocks.iter().any(|knock| knock.number == number);
        if !admits.is_empty() && !keeps {
            return Err(Refusal::NotCommitter);
        }
        if admits.is_empty() && evicts.is_empty() && !keeps && !moderates {
            return Err(Refusal::NotHost);
        }
        if !admits.iter().all(|it| at_door(*it) || self.seat(*it).is_some()) {
            return Err(Refusal::NoSuchMember);
        }
        for out in evicts {
            if *out == by || *out == 0 || *out > self.last_number || at_door(*out) {
                return Err(Refusal::NoSuchMember);
            }
            if !moderates && (!keeps || self.seat(*out).is_some()) {
                return Err(Refusal::NotHost);
            }
        }
        let stay = self.seats.iter().filter(|seat| !evicts.contains(&seat.number)).count();
        let come = admits.iter().filter(|it| at_door(**it)).count();
        if stay + come > self.limits.members_max {
            return Err(Refusal::RoomFull);
        }
        Ok(())
    }

    pub(super) fn vanish(&mut self, connection: u64) {
        self.knocks.retain(|knock| knock.connection != connection);
        let Some(place) = self.seats.iter().position(|it| it.connection == Some(connection)) else {
            return;
        };
        let number = self.seats[place].number;
        if self.limits.seat_wait.is_zero() {
            return self.end_seat(number, EntryKind::Expired);
        }
        self.sequence(number, EntryKind::Gone);
        let (since, gone_at) = (self.seq(), self.now);
        let seat = &mut self.seats[place];
        (seat.connection, seat.since, seat.gone_at) = (None, since, gone_at);
        self.forget(number);
    }

    pub(super) fn resume(&mut self, from: u64, member: u32, last_seq: u64) -> Result<(), Refusal> {
        let place = self.seats.iter().position(|seat| seat.number == member);
        let place = place.ok_or(Refusal::NoSuchSeat)?;
        if self.seats[place].connection > Some(from) {
            self.hung_up.insert(from);
            return Ok(());
        }
        let refill = self.limits.resume_refill;
        let full_at = self.seats[place].resumes_full_at.max(self.now) + refill;
        if full_at > self.now + refill * self.limits.resume_burst {
            return Err(Refusal::TooSoon);
        }
        self.seats[place].resumes_full_at = full_at;
        let older = self.seats[place].connection;
        self.hung_up.extend(older);
        let oldest_kept = self.dropped as u64 + 1;
        if last_seq > self.seq()
            || last_seq < self.seats[place].opened_at
            || last_seq + 1 < oldest_kept
        {
            self.end_seat(member, EntryKind::Expired);
            return Err(Refusal::NoSuchSeat);
        }
        self.seats[place].connection = Some(from);
        if older.is_none() {
            self.sequence(member, EntryKind::Back);
            self.seats[place].since = self.seq();
            if member == self.host && member != self.keeper {
                self.make_keeper(member);
            }
        }
        self.name();
        self.replay = Some((last_seq + 1..=self.seq()).map(|seq| self.as_kept(seq)).collect());
        Ok(())
    }
}
