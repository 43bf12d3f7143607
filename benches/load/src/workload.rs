//! The workloads, as data: how many rooms and members, who says what how often, what is looked at,
//! and with which flags our server must be started so that its bounds let them pass. Must not know
//! how they are performed.

use crate::contender::Contender;
use crate::figure::Figure;
use crate::joining::JOIN_WAIT;
use crate::ledger::Layout;

/// What is done to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Drive {
    /// So many messages a second in all, each at its time whatever the server does.
    Paced { per_second: u32 },
    /// Each sender keeps so many messages under way: one is over when everybody has it.
    FlatOut { outstanding: u32 },
    /// Nobody says anything.
    Quiet,
    /// As paced, and after a while the last so many members of each room stop reading.
    Stalled { per_second: u32, slow: usize },
}

/// One setting of a workload.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    pub(crate) label: &'static str,
    pub(crate) layout: Layout,
    pub(crate) drive: Drive,
    pub(crate) payload_bytes: usize,
    /// The same for ours, whose posts have a bound.
    pub(crate) payload_bytes_ours: usize,
    /// Flags of our server beyond those of every workload.
    pub(crate) flags: &'static [&'static str],
}

/// A table's worth.
#[derive(Clone, Debug)]
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) points: Vec<Point>,
    pub(crate) columns: &'static [Figure],
    /// What the ratios are of.
    pub(crate) key: Figure,
}

/// Names that may be asked for, in the order of the report.
pub(crate) const NAMES: [&str; 8] =
    ["W1", "W2", "W3", "W4", "W5", "W5b", "growth-members", "growth-rooms"];

/// What is done where nothing is asked for.
pub(crate) const BY_DEFAULT: [&str; 6] = ["W1", "W2", "W3", "W4", "W5", "W5b"];

/// A line of chat, sealed and padded.
const CHAT_BYTES: usize = 256;

/// Files a process keeps besides its connections.
const FILES_RESERVED: u64 = 128;

const W4_CONNECTIONS: u64 = 10_000;
const W4_MEMBERS: u64 = 5;

/// Rates that stand in nobody's way: the path is measured, and its bounds in other workloads.
const NO_RATES: &[&str] = &[
    "--frames-per-second=1000000",
    "--frames-burst=1000000",
    "--bytes-per-second=1000000000",
    "--bytes-burst=1000000000",
];

const PACED: &[Figure] = &[
    Figure::CpuPerDelivery,
    Figure::Deliveries,
    Figure::LatencyHalf,
    Figure::LatencyMost,
    Figure::Lost,
    Figure::Doubled,
    Figure::Reordered,
    Figure::Gaps,
    Figure::HungUp,
    Figure::Rss,
    Figure::ServerUse,
    Figure::GeneratorUse,
];

const QUIET: &[Figure] = &[
    Figure::Connections,
    Figure::RssPerConnection,
    Figure::PssPerConnection,
    Figure::ConnectsPerSecond,
    Figure::JoinsPerSecond,
    Figure::IdleUse,
    Figure::RssAlone,
    Figure::Rss,
    Figure::HungUp,
];

const STALLED: &[Figure] = &[
    Figure::RssGrowth,
    Figure::LatencyHalfBefore,
    Figure::LatencyMostBefore,
    Figure::LatencyHalf,
    Figure::LatencyMost,
    Figure::Lost,
    Figure::Doubled,
    Figure::Reordered,
    Figure::Gaps,
    Figure::SlowHungUp,
    Figure::CpuPerDelivery,
    Figure::Deliveries,
    Figure::GeneratorUse,
];

/// The workload of that name; `files_max` is how many files a process may open.
pub(crate) fn named(name: &str, files_max: u64) -> Option<Workload> {
    let workload =
        |name, about, key, columns, points| Workload { name, about, points, columns, key };
    let cpu = Figure::CpuPerDelivery;
    Some(match name.to_lowercase().as_str() {
        "w1" => workload(
            "W1",
            "1 room of 100, each says 10 a second, 256 bytes: 100,000 deliveries a second",
            cpu,
            PACED,
            vec![chat(layout(1, 100, 100), Drive::Paced { per_second: 1_000 })],
        ),
        "w2" => workload(
            "W2",
            "1 room of 1,000, 8 of whom keep 8 messages of 256 bytes each under way until all have \
             them; latency is of a closed loop",
            Figure::Deliveries,
            PACED,
            vec![Point {
                flags: NO_RATES,
                ..chat(layout(1, 1_000, 8), Drive::FlatOut { outstanding: 8 })
            }],
        ),
        "w3" => workload(
            "W3",
            "200 rooms of 5, each room hears 20 a second, 256 bytes: 20,000 deliveries a second",
            cpu,
            PACED,
            vec![chat(layout(200, 5, 5), Drive::Paced { per_second: 4_000 })],
        ),
        "w4" => workload(
            "W4",
            "quiet members in rooms of 5; no ping is due. All connect, and then all join: connects are \
             TCP and upgrade; joins are all of it, with ours create or knock and commit too",
            Figure::RssPerConnection,
            QUIET,
            vec![Point {
                flags: &["--ping-interval=3600"],
                ..chat(layout(quiet_rooms(files_max), 5, 1), Drive::Quiet)
            }],
        ),
        "w5" => workload(
            "W5",
            "1 room of 200, 180 of whom say 1 a second of 4 KB; then the other 20 stop reading",
            Figure::RssGrowth,
            STALLED,
            vec![stalled(4 * 1024, 4 * 1024)],
        ),
        "w5b" => workload(
            "W5b",
            "as W5 with 32 KB, and 16 KB for ours, whose posts hold 20 KB at most",
            Figure::RssGrowth,
            STALLED,
            vec![stalled(32 * 1024, 16 * 1024)],
        ),
        "growth-members" => workload(
            "growth-members",
            "1 room of ever more, at most 20 of whom speak: 20,000 deliveries a second in each",
            cpu,
            PACED,
            growing(
                [("10", 1, 10), ("100", 1, 100), ("1000", 1, 1_000), ("10000", 1, 10_000)],
                files_max,
            ),
        ),
        "growth-rooms" => workload(
            "growth-rooms",
            "ever more rooms of 5: 20,000 deliveries a second in all",
            cpu,
            PACED,
            growing([("1", 1, 5), ("20", 20, 5), ("200", 200, 5), ("2000", 2_000, 5)], files_max),
        ),
        _ => return None,
    })
}

fn layout(rooms: usize, members: usize, senders: usize) -> Layout {
    Layout { rooms, members, senders }
}

fn chat(layout: Layout, drive: Drive) -> Point {
    Point {
        label: "",
        layout,
        drive,
        payload_bytes: CHAT_BYTES,
        payload_bytes_ours: CHAT_BYTES,
        flags: &[],
    }
}

fn stalled(payload_bytes: usize, payload_bytes_ours: usize) -> Point {
    let drive = Drive::Stalled { per_second: 180, slow: 20 };
    Point { payload_bytes, payload_bytes_ours, ..chat(layout(1, 200, 180), drive) }
}

/// The same deliveries a second at each size. What does not fit the open files is left out.
fn growing(sizes: [(&'static str, usize, usize); 4], files_max: u64) -> Vec<Point> {
    const DELIVERIES_PER_SECOND: usize = 20_000;
    const SENDERS_MAX: usize = 20;
    let fits =
        |rooms: usize, members: usize| (rooms * members) as u64 + FILES_RESERVED <= files_max;
    let sizes = sizes.into_iter().filter(|(_, rooms, members)| fits(*rooms, *members));
    let point = |(label, rooms, members): (&'static str, usize, usize)| {
        let per_second = (DELIVERIES_PER_SECOND / members) as u32;
        let layout = layout(rooms, members, members.min(SENDERS_MAX));
        Point { label, flags: NO_RATES, ..chat(layout, Drive::Paced { per_second }) }
    };
    sizes.map(point).collect()
}

/// As many rooms as connections fit the files.
fn quiet_rooms(files_max: u64) -> usize {
    let connections = W4_CONNECTIONS.min(files_max.saturating_sub(FILES_RESERVED));
    (connections / W4_MEMBERS) as usize
}

impl Point {
    /// How long what is said to a contender is.
    pub(crate) fn payload_bytes(&self, contender: Contender) -> usize {
        match contender {
            Contender::Sanctuary => self.payload_bytes_ours,
            Contender::Bun | Contender::EpollEach | Contender::EpollCoalescing => {
                self.payload_bytes
            }
        }
    }

    /// Every flag of our server. Order, bounds, ring and checks stay on; what a room of this size
    /// needs is raised.
    pub(crate) fn server_flags(&self) -> Vec<String> {
        let Layout { rooms, members, .. } = self.layout;
        let mut flags: Vec<String> = ["--bind=127.0.0.1", "--port=0", "--no-admin-socket"]
            .into_iter()
            .map(str::to_owned)
            .collect();
        flags.push(format!("--members-max={members}"));
        flags.push(format!("--rooms-max={rooms}"));
        flags.push(format!("--connections-max={}", self.layout.receivers() + 16));
        // All connect before anybody joins, and nobody is hung up on meanwhile.
        flags.push(format!("--idle-wait={}", JOIN_WAIT.as_secs()));
        // The crowd comes in as fast as it can; nobody is made to wait for a commit's turn.
        flags.push("--commit-wait=0".to_owned());
        flags.push("--knocks-max=128".to_owned());
        flags.extend(self.flags.iter().map(|flag| (*flag).to_owned()));
        flags
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_workload_and_nothing_else_is() {
        for name in NAMES {
            let workload = named(&name.to_lowercase(), 20_000).unwrap();
            assert_eq!(workload.name, name);
            assert!(!workload.points.is_empty());
            assert!(workload.columns.contains(&workload.key));
        }
        assert!(named("W6", 20_000).is_none());
    }

    #[test]
    fn what_does_not_fit_the_open_files_is_smaller_or_left_out() {
        assert_eq!(quiet_rooms(20_000), 2_000);
        assert_eq!(quiet_rooms(4_128), 800);
        assert_eq!(named("growth-members", 4_096).unwrap().points.len(), 3);
    }
}
