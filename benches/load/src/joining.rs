//! How everybody gets into their rooms: first all connect, then all join. With ours the first member
//! of a room creates it, the others knock and are let in by its commits, sixteen at a time; there is
//! no cipher, since the server judges no ciphertext. With the others to be connected is to be in, so
//! that the first half alone is the same work for all.

use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use sanctuary_protocol::limits::ADMITS_MAX;
use sanctuary_protocol::{
    ClientFrame, CommitBlob, Few, KnockBlob, MemberId, Policy, RoomId, ServerFrame, WelcomeBlob,
    decode, encode,
};

use crate::crowd::{Call, Crowd, Listener, ReceiveBuffer};
use crate::ledger::Layout;
use crate::message::Dialect;

/// Newcomers under way at once, in either half: several commits' worth, and far fewer than a server's
/// backlog.
const UNDER_WAY_MAX: usize = 64;

/// How long a crowd may take to come in. Our server must let it stand that long without a seat.
pub(crate) const JOIN_WAIT: Duration = Duration::from_secs(240);

/// How long to look for news before the next newcomers are sent.
const TURN: Duration = Duration::from_millis(20);

/// Variants of `ServerFrame` (docs/PROTOCOL.md §4) that are told by their number alone: the others
/// need decoding, and an opening of the largest room is long.
const OPENED: u8 = 0;
const WELCOME: u8 = 4;
const ENTRY: u8 = 5;

/// Where a room stands.
#[derive(Debug, Default)]
struct Door {
    is_open: bool,
    /// Came before the room was created.
    early: Vec<usize>,
    /// Knocked, and not yet admitted.
    waiting: Vec<MemberId>,
    admitted: usize,
}

/// Takes note of who is in, and of what is to be said.
struct Joining {
    dialect: Dialect,
    layout: Layout,
    doors: Vec<Door>,
    connected: usize,
    seated: usize,
    orders: Vec<(usize, ClientFrame)>,
    failure: Option<anyhow::Error>,
}

/// How long a crowd took to come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gathered {
    /// Until everybody's WebSocket stood: TCP and upgrade.
    pub(crate) connected: Duration,
    /// Until everybody was in its room, the time before included.
    pub(crate) joined: Duration,
}

/// Brings everybody in, and says how long it took.
///
/// # Errors
/// When a server refuses somebody, hangs up, or takes too long.
pub(crate) fn gather(
    crowd: &mut Crowd,
    layout: Layout,
    buffer_of: impl Fn(usize) -> ReceiveBuffer,
) -> Result<Gathered> {
    let begun = Instant::now();
    let mut joining = Joining::new(crowd.dialect(), layout);
    for newcomer in 0..layout.receivers() {
        while newcomer - joining.connected >= UNDER_WAY_MAX {
            joining.turn(crowd, begun)?;
        }
        let room = room_id(newcomer / layout.members);
        let path = format!("/room/{room}");
        crowd.connect(&Call { buffer: buffer_of(newcomer), ..Call::to(&path) })?;
    }
    while joining.connected < layout.receivers() {
        joining.turn(crowd, begun)?;
    }
    let connected = begun.elapsed();
    for newcomer in 0..layout.receivers() {
        while newcomer.saturating_sub(joining.seated) >= UNDER_WAY_MAX {
            joining.turn(crowd, begun)?;
        }
        joining.enter(newcomer)?;
    }
    while joining.seated < layout.receivers() {
        joining.turn(crowd, begun)?;
    }
    Ok(Gathered { connected, joined: begun.elapsed() })
}

fn room_id(room: usize) -> RoomId {
    RoomId::from_bytes((room as u128 + 1).to_be_bytes())
}

impl Joining {
    fn new(dialect: Dialect, layout: Layout) -> Self {
        let doors = (0..layout.rooms).map(|_| Door::default()).collect();
        let orders = Vec::new();
        Self { dialect, layout, doors, connected: 0, seated: 0, orders, failure: None }
    }

    /// Says what is to be said, and looks for news.
    fn turn(&mut self, crowd: &mut Crowd, begun: Instant) -> Result<()> {
        for (at, frame) in self.orders.drain(..) {
            crowd.send(at, &encode(&frame))?;
        }
        crowd.turn(TURN, self)?;
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        let (connected, seated) = (self.connected, self.seated);
        let all = self.layout.receivers();
        let in_time = begun.elapsed() < JOIN_WAIT;
        ensure!(in_time, "of {all}, {connected} connected and {seated} joined in time");
        Ok(())
    }

    /// Somebody who is connected goes into its room.
    fn enter(&mut self, connection: usize) -> Result<()> {
        let is_host = connection == self.host_of(connection);
        let door = &mut self.doors[connection / self.layout.members];
        match self.dialect {
            // To be connected was to be in.
            Dialect::Plain => {}
            Dialect::Sanctuary if is_host => {
                let create = ClientFrame::Create { policy: Policy::default() };
                self.orders.push((connection, create));
            }
            Dialect::Sanctuary if door.is_open => self.knock(connection)?,
            Dialect::Sanctuary => door.early.push(connection),
        }
        Ok(())
    }

    fn host_of(&self, connection: usize) -> usize {
        connection - connection % self.layout.members
    }

    fn hear(&mut self, connection: usize, message: &[u8]) -> Result<()> {
        let room = connection / self.layout.members;
        let is_host = connection == self.host_of(connection);
        match message.first() {
            Some(&OPENED) if is_host => {
                self.seated += 1;
                self.doors[room].is_open = true;
                let early = std::mem::take(&mut self.doors[room].early);
                early.into_iter().try_for_each(|at| self.knock(at))
            }
            // The welcome follows.
            Some(&OPENED | &ENTRY) => Ok(()),
            Some(&WELCOME) => {
                self.seated += 1;
                Ok(())
            }
            Some(_) | None => match decode::<ServerFrame>(message)? {
                ServerFrame::Knocked { member } => self.admit(room, member),
                ServerFrame::Knocking { .. } => Ok(()),
                refused @ (ServerFrame::Opened(_)
                | ServerFrame::Door { .. }
                | ServerFrame::Welcome { .. }
                | ServerFrame::Entry(_)
                | ServerFrame::Refused { .. }
                | ServerFrame::Notice { .. }
                | ServerFrame::Closed { .. }
                | ServerFrame::Withdrawn { .. }) => bail!("the server said {refused:?}"),
            },
        }
    }

    fn knock(&mut self, connection: usize) -> Result<()> {
        let blob = KnockBlob::try_from(vec![1])?;
        self.orders.push((connection, ClientFrame::Knock { blob }));
        Ok(())
    }

    /// A commit is made as soon as it can let in as many as one may, or all that are to come.
    fn admit(&mut self, room: usize, member: MemberId) -> Result<()> {
        let door = &mut self.doors[room];
        door.waiting.push(member);
        let to_come = self.layout.members - 1 - door.admitted;
        if door.waiting.len() < to_come.min(ADMITS_MAX) {
            return Ok(());
        }
        door.admitted += door.waiting.len();
        let commit = ClientFrame::Commit {
            ciphertext: CommitBlob::try_from(vec![1])?,
            admits: Few::try_from(std::mem::take(&mut door.waiting))?,
            evicts: Few::none(),
            welcome: WelcomeBlob::try_from(vec![1])?,
        };
        self.orders.push((room * self.layout.members, commit));
        Ok(())
    }

    fn note(&mut self, connection: usize, outcome: Result<()>) {
        if let (Err(error), None) = (outcome, &self.failure) {
            self.failure = Some(error.context(format!("connection {connection} did not come in")));
        }
    }
}

impl Listener for Joining {
    fn opened(&mut self, _connection: usize) {
        self.connected += 1;
        match self.dialect {
            Dialect::Plain => self.seated += 1,
            Dialect::Sanctuary => {}
        }
    }

    fn heard(&mut self, connection: usize, message: &[u8], _now: u64) {
        if self.dialect == Dialect::Sanctuary {
            let outcome = self.hear(connection, message);
            self.note(connection, outcome);
        }
    }

    fn ended(&mut self, connection: usize) {
        self.note(connection, Err(anyhow::anyhow!("the server hung up")));
    }
}

#[cfg(test)]
mod tests {
    use sanctuary_protocol::{ClientFrameKind, CloseReason, Refusal};

    use super::*;

    const LAYOUT: Layout = Layout { rooms: 1, members: 20, senders: 1 };

    fn kinds(joining: &mut Joining) -> Vec<(usize, ClientFrameKind)> {
        joining.orders.drain(..).map(|(at, frame)| (at, frame.kind())).collect()
    }

    #[test]
    fn a_room_is_created_before_it_is_knocked_at_and_lets_sixteen_in_at_once() {
        let mut joining = Joining::new(Dialect::Sanctuary, LAYOUT);
        (0..LAYOUT.members).for_each(|at| joining.opened(at));
        assert_eq!((joining.connected, joining.seated), (LAYOUT.members, 0));
        assert!(kinds(&mut joining).is_empty());
        (0..3).for_each(|at| joining.enter(at).unwrap());
        assert_eq!(kinds(&mut joining), [(0, ClientFrameKind::Create)]);
        joining.heard(0, &[OPENED], 0);
        (3..LAYOUT.members).for_each(|at| joining.enter(at).unwrap());
        let knocks: Vec<_> = (1..20).map(|at| (at, ClientFrameKind::Knock)).collect();
        assert_eq!(kinds(&mut joining), knocks);
        for at in 1..20_usize {
            let member = MemberId(at as u32 + 1);
            joining.heard(at, &encode(&ServerFrame::Knocked { member }), 0);
            let commits = kinds(&mut joining);
            let expected = [(0, ClientFrameKind::Commit)];
            assert_eq!(commits == expected, at == 16 || at == 19, "after knock {at}");
            assert!(commits == expected || commits.is_empty());
        }
        (1..20).for_each(|at| joining.heard(at, &[WELCOME], 0));
        assert_eq!(joining.seated, LAYOUT.members);
        assert!(joining.failure.is_none());
    }

    #[test]
    fn whoever_is_not_let_in_is_told_of() {
        let check = |frame: ServerFrame| {
            let mut joining = Joining::new(Dialect::Sanctuary, LAYOUT);
            joining.heard(1, &encode(&frame), 0);
            assert!(joining.failure.is_some(), "{frame:?}");
        };
        check(ServerFrame::Refused { what: ClientFrameKind::Knock, why: Refusal::RoomFull });
        check(ServerFrame::Closed { reason: CloseReason::Idle });
        let mut joining = Joining::new(Dialect::Plain, LAYOUT);
        joining.opened(0);
        joining.ended(0);
        assert!(joining.failure.is_some());
    }

    #[test]
    fn to_be_connected_is_to_be_in_where_there_is_no_door() {
        let mut joining = Joining::new(Dialect::Plain, LAYOUT);
        joining.opened(0);
        assert_eq!((joining.connected, joining.seated), (1, 1));
        joining.enter(0).unwrap();
        assert!(kinds(&mut joining).is_empty());
    }
}
