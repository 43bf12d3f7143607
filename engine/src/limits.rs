//! Every bound an operator may change, with its default and why that number. The bounds of the wire
//! itself are in `sanctuary_protocol::limits`.

use std::time::Duration;

/// The bounds of one room. The pure core reads these and nothing else of the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomLimits {
    /// Seats a room may hold. 64 is a full conversation; every join costs every member work.
    pub members_max: usize,
    /// Newcomers that may wait at one door: twice what one commit admits.
    pub knocks_max: usize,
    /// How long the seat of a dropped connection waits: a phone put away to paste a link. Zero
    /// turns seats off.
    pub seat_wait: Duration,
    /// How long the host may be gone before another member succeeds it.
    pub host_wait: Duration,
    /// How long a doorkeeper has to answer a knock before the next one is asked.
    pub knock_wait: Duration,
    /// How long a knock may stay unanswered by anybody before its newcomer is hung up on: as long
    /// as a seat waits, so that a room where all are away may still come back to it.
    pub unanswered_wait: Duration,
    /// Words a newcomer may send through the door before it is let in: three doorkeepers' worth.
    /// They reach a member's outbox, and the newcomer need not hold the key.
    pub door_words_max: u32,
    /// Times one seat may be taken again at once; one more every `resume_refill`. Each time begins
    /// with full rates, so without this the rates would bound nobody.
    pub resume_burst: u32,
    /// How long until a seat may be taken again once more.
    pub resume_refill: Duration,
    /// The least time between two commits; kicks are excepted.
    pub commit_interval: Duration,
    /// Commits kept for seats that wait; past this the oldest such seat ends.
    pub ring_commits_max: usize,
    /// Bytes of entries kept for seats that wait; past this the oldest posts are shed.
    pub ring_bytes_max: usize,
}

impl Default for RoomLimits {
    fn default() -> Self {
        Self {
            members_max: 64,
            knocks_max: 32,
            seat_wait: Duration::from_secs(600),
            host_wait: Duration::from_secs(30),
            knock_wait: Duration::from_secs(5),
            unanswered_wait: Duration::from_secs(600),
            door_words_max: 8,
            resume_burst: 4,
            resume_refill: Duration::from_secs(10),
            commit_interval: Duration::from_secs(1),
            ring_commits_max: 256,
            ring_bytes_max: 1024 * 1024,
        }
    }
}

/// The bounds of the whole process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of each room.
    pub room: RoomLimits,
    /// Living rooms: at the default a table of a few hundred kilobytes.
    pub rooms_max: usize,
    /// Open connections, members or not. Stay under the descriptor limit.
    pub connections_max: usize,
    /// All sealed frames held in memory, rings and outboxes together. Messages that are not whole yet are
    /// counted with them, and may take the total a quarter past this until rooms have given way.
    pub retained_bytes_max: usize,
    /// Frames queued for one member before it is hung up on as too slow.
    pub outbox_frames_max: usize,
    /// Bytes queued for one member before it is hung up on as too slow.
    pub outbox_bytes_max: usize,
    /// Frames of one connection inside the engine at once; past this its socket is not read.
    pub in_flight_max: usize,
    /// Frames a connection may send a second, averaged over the burst.
    pub frames_per_second: u32,
    /// Frames a connection may send at once.
    pub frames_burst: u32,
    /// Bytes a connection may send a second, averaged over the burst.
    pub bytes_per_second: u32,
    /// Bytes a connection may send at once: at least the largest frame.
    pub bytes_burst: u32,
    /// How long a connection may stand without a seat or a knock.
    pub idle_wait: Duration,
    /// How long one write to a socket may take.
    pub write_wait: Duration,
    /// How long a client may take to send its request's head.
    pub header_wait: Duration,
    /// How often a silent socket is pinged; two unanswered pings end it.
    pub ping_interval: Duration,
    /// New connections an address may open at once; one more every `address_refill`.
    pub address_burst: u32,
    /// How long until an address may open one more.
    pub address_refill: Duration,
    /// Connections an address may have open: a large office behind one address, and a fortieth of
    /// all.
    pub address_connections_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            room: RoomLimits::default(),
            rooms_max: 2_000,
            connections_max: 10_000,
            retained_bytes_max: 64 * 1024 * 1024,
            outbox_frames_max: 256,
            outbox_bytes_max: 1024 * 1024,
            in_flight_max: 8,
            frames_per_second: 40,
            frames_burst: 120,
            bytes_per_second: 64 * 1024,
            bytes_burst: 512 * 1024,
            idle_wait: Duration::from_secs(30),
            write_wait: Duration::from_secs(10),
            header_wait: Duration::from_secs(5),
            ping_interval: Duration::from_secs(20),
            address_burst: 60,
            address_refill: Duration::from_millis(500),
            address_connections_max: 256,
        }
    }
}
