//! Who is host, who keeps the door, and whom a knock goes round to.

use sanctuary_protocol::{EntryKind, MemberId};

use super::{KnockModel, Model, SeatModel};

impl Model {
    /// Who must be named: a host, a keeper.
    pub(super) fn name(&mut self) {
        let stays_away = |seat: &SeatModel| {
            seat.connection.is_none() && seat.gone_at + self.limits.host_wait <= self.now
        };
        let hostless = self.seat(self.host).is_none_or(stays_away);
        let senior = self.seats.iter().find(|seat| seat.connection.is_some());
        if let Some(senior) = senior.map(|seat| seat.number)
            && hostless
        {
            self.make_host(senior, senior);
        }
        if !self.is_live(self.keeper) {
            let host = self.is_live(self.host).then_some(self.host);
            if let Some(next) = host.or_else(|| self.present().first().copied()) {
                self.make_keeper(next);
            }
        }
    }

    pub(super) fn wake(&mut self, member: u32, connection: u64) {
        if self.rests() && !self.woken.contains(&member) {
            self.woken.push(member);
            if member != self.keeper {
                self.make_keeper(member);
            }
            self.hand_to(Some((member, connection)));
        }
    }

    pub(super) fn attend(&mut self) {
        self.hand_to(self.keeper_connection().map(|connection| (self.keeper, connection)));
        if self.knocks.iter().all(|knock| knock.awaited_since.is_none()) {
            self.ask_afresh();
        }
    }

    pub(super) fn hand_to(&mut self, keeper: Option<(u32, u64)>) {
        if self.attended != keeper {
            self.attended = keeper;
            self.asked.extend(keeper.map(|(member, _)| member));
            for knock in &mut self.knocks {
                if knock.awaited_since.is_none() {
                    knock.unanswered_since = self.now;
                }
                knock.awaited_since = Some(self.now);
            }
        }
    }

    pub(super) fn ask_afresh(&mut self) {
        self.asked = self.attended.iter().map(|(member, _)| *member).collect();
        self.woken.clear();
        for knock in &mut self.knocks {
            knock.awaited_since = knock.awaited_since.map(|_| self.now);
        }
    }

    /// Nobody waits for ever for an answer nobody gives.
    pub(super) fn expire_knocks(&mut self) {
        let (now, wait) = (self.now, self.limits.unanswered_wait);
        let lasts = |knock: &KnockModel| {
            knock.awaited_since.is_none() || now < knock.unanswered_since + wait
        };
        let (lasting, over) = std::mem::take(&mut self.knocks).into_iter().partition(lasts);
        self.knocks = lasting;
        let over: Vec<KnockModel> = over;
        self.hung_up.extend(over.iter().map(|knock| knock.connection));
    }

    pub(super) fn rests(&self) -> bool {
        self.knocks.iter().any(|knock| knock.awaited_since.is_some())
            && self.next_to_ask().is_none()
    }

    pub(super) fn next_to_ask(&self) -> Option<u32> {
        self.present().into_iter().find(|member| !self.asked.contains(member))
    }

    /// Live members, the longest present first.
    pub(super) fn present(&self) -> Vec<u32> {
        let mut live: Vec<&SeatModel> =
            self.seats.iter().filter(|seat| seat.connection.is_some()).collect();
        live.sort_by_key(|seat| (seat.since, seat.number));
        live.into_iter().map(|seat| seat.number).collect()
    }

    pub(super) fn make_host(&mut self, from: u32, to: u32) {
        (self.host, self.keeper) = (to, to);
        self.sequence(from, EntryKind::Host { to: MemberId(to) });
    }

    pub(super) fn make_keeper(&mut self, member: u32) {
        self.keeper = member;
        self.sequence(member, EntryKind::Committer);
    }
}
