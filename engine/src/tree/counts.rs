//! The tree in numbers, as the operator may know it.

use std::time::Duration;

use sanctuary_protocol::SUBPROTOCOL;
use sanctuary_protocol::admin::{
    ActorKind, ActorSummary, RoomHandle, RoomSummary, ServerLimits, ServerStats, ServerStatus,
    ServerVersion,
};

use super::{Tree, Unavailable, census, narrow};
use crate::actor::lobby;
use crate::footprint;
use crate::ledger::Gauge;
use crate::limits::{Limits, RoomLimits};
use crate::room::Census;
use crate::tally::Work;

impl Tree {
    /// Which server this is.
    pub fn version(&self) -> ServerVersion {
        ServerVersion {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            protocol: SUBPROTOCOL.to_owned(),
        }
    }

    /// The server as a whole.
    ///
    /// # Errors
    /// When a part of the tree does not answer in time.
    pub async fn status(&self) -> Result<ServerStatus, Unavailable> {
        let censuses = self.censuses().await?;
        let (members_live, members_gone) = members(&censuses);
        let Limits { rooms_max, connections_max, retained_bytes_max, .. } = self.shared.limits;
        Ok(ServerStatus {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            uptime_seconds: self.shared.started.elapsed().as_secs(),
            rooms: narrow(censuses.len()),
            rooms_max: narrow(rooms_max),
            members_live,
            members_gone,
            connections: narrow(self.ledger().connections()),
            connections_max: narrow(connections_max),
            retained_bytes: self.ledger().retained() as u64,
            retained_bytes_max: retained_bytes_max as u64,
            restarts: self.ledger().restarts(),
            admitting: self.is_admitting(),
            draining: self.is_draining(),
        })
    }

    /// What the server has done since it started, and what it takes.
    pub fn stats(&self) -> ServerStats {
        let tally = self.ledger().tally();
        let (frames_received, bytes_received) = tally.received();
        let kinds = [
            ActorKind::Lobby,
            ActorKind::Gateway,
            ActorKind::Console,
            ActorKind::Room,
            ActorKind::Member,
        ];
        ServerStats {
            uptime_seconds: self.shared.started.elapsed().as_secs(),
            rooms: narrow(self.ledger().now(Gauge::Rooms)),
            connections: narrow(self.ledger().connections()),
            retained_bytes: self.ledger().retained() as u64,
            resident_bytes: footprint::resident_bytes(),
            open_files: footprint::open_files().total(),
            processor_milliseconds: footprint::processor_milliseconds(),
            rooms_opened: tally.rooms_opened(),
            connections_opened: tally.connections_opened(),
            connections_turned_away: tally.connections_turned_away(),
            frames_received,
            bytes_received,
            hung_up: tally.hung_up(),
            failures: kinds.map(|kind| tally.failures(kind)).iter().sum(),
        }
    }

    /// Every living room, oldest first.
    ///
    /// # Errors
    /// When a part of the tree does not answer in time.
    pub async fn rooms(&self) -> Result<Vec<RoomSummary>, Unavailable> {
        let mut rooms: Vec<_> = self.censuses().await?.into_iter().map(summary).collect();
        rooms.sort_by_key(|room| room.room);
        Ok(rooms)
    }

    /// One living room, if there is one of that handle.
    ///
    /// # Errors
    /// When a part of the tree does not answer in time.
    pub async fn room(&self, handle: RoomHandle) -> Result<Option<RoomSummary>, Unavailable> {
        let Some(living) = self.find(handle).await? else { return Ok(None) };
        Ok(census(&living).await.map(|census| summary((living, census))))
    }

    /// The actors, from the root down.
    ///
    /// # Errors
    /// When a part of the tree does not answer in time.
    pub async fn actors(&self) -> Result<Vec<ActorSummary>, Unavailable> {
        let censuses = self.censuses().await?;
        let (members, _) = members(&censuses);
        let tally = self.ledger().tally();
        let sockets = narrow(self.ledger().now(Gauge::Sockets));
        let has = |part: bool| u32::from(part);
        let rows = [
            (ActorKind::Sanctuary, 1, 0),
            (ActorKind::Lobby, 1, narrow(tally.in_flight(Work::Arrival))),
            (ActorKind::Room, narrow(censuses.len()), narrow(tally.in_flight(Work::Frame))),
            (ActorKind::Member, members, 0),
            (
                ActorKind::Gateway,
                has(self.shared.address_tags.get().is_some()),
                sockets.saturating_sub(members),
            ),
            (ActorKind::Console, 1, narrow(tally.in_flight(Work::Session))),
        ];
        Ok(rows
            .map(|(actor, standing, in_flight)| ActorSummary {
                actor,
                standing,
                failures: tally.failures(actor),
                in_flight,
            })
            .to_vec())
    }

    /// Every bound, by the name it is set by.
    pub fn server_limits(&self) -> ServerLimits {
        let Limits { room, .. } = self.shared.limits;
        let limits = &self.shared.limits;
        let RoomLimits { members_max, knocks_max, ring_bytes_max, .. } = room;
        ServerLimits {
            members_max: members_max as u64,
            knocks_max: knocks_max as u64,
            rooms_max: limits.rooms_max as u64,
            connections_max: limits.connections_max as u64,
            retained_max_bytes: limits.retained_bytes_max as u64,
            outbox_frames: limits.outbox_frames_max as u64,
            outbox_bytes: limits.outbox_bytes_max as u64,
            ring_bytes: ring_bytes_max as u64,
            seat_wait_seconds: room.seat_wait.as_secs(),
            host_wait_seconds: room.host_wait.as_secs(),
            knock_wait_seconds: room.knock_wait.as_secs(),
            commit_wait_milliseconds: milliseconds(room.commit_interval),
            idle_wait_seconds: limits.idle_wait.as_secs(),
            write_wait_seconds: limits.write_wait.as_secs(),
            header_wait_seconds: limits.header_wait.as_secs(),
            ping_interval_seconds: limits.ping_interval.as_secs(),
            frames_per_second: limits.frames_per_second.into(),
            frames_burst: limits.frames_burst.into(),
            bytes_per_second: limits.bytes_per_second.into(),
            bytes_burst: limits.bytes_burst.into(),
            address_burst: limits.address_burst.into(),
            address_refill_milliseconds: milliseconds(limits.address_refill),
            address_connections_max: limits.address_connections_max as u64,
        }
    }
}

fn members(censuses: &[(lobby::Living, Census)]) -> (u32, u32) {
    let sum = |count: fn(&Census) -> usize| {
        narrow(censuses.iter().map(|(_, census)| count(census)).sum())
    };
    (sum(|census| census.members_live), sum(|census| census.members_gone))
}

fn milliseconds(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)
}

fn summary((living, census): (lobby::Living, Census)) -> RoomSummary {
    RoomSummary {
        room: living.handle,
        members_live: narrow(census.members_live),
        members_gone: narrow(census.members_gone),
        knocks: narrow(census.knocks),
        age_seconds: census.age.as_secs(),
        quiet_seconds: census.quiet.as_secs(),
        entries: census.entries,
        retained_bytes: living.account.held() as u64,
    }
}
