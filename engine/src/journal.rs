//! What the operator is told of the server's life: that a part is restarted, that it stops, and, for
//! whoever wants them, counts. A [`Note`] is made of numbers and of words that stand in the program, so
//! that there is no way to write down anything that a person typed, or where they are.
//!
//! Nothing subscribes to `tracing`: what the libraries would say of requests and peers goes nowhere.

use std::fmt;
use std::io::{self, Write as _};
use std::time::Duration;

use crate::engine::Part;
use crate::tree::Tree;

/// Between two lines of counts: a day of them is read in a minute.
const COUNTS_INTERVAL: Duration = Duration::from_secs(300);

/// How much the operator is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Journal {
    /// Nothing.
    #[default]
    Off,
    /// When a part is restarted, and when the server stops.
    Lifecycle,
    /// That, and every five minutes how many rooms, members and connections there are.
    Counts,
}

/// One line of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// A part failed, and is started again.
    Restarted {
        /// Which.
        part: Part,
        /// Of all parts, since the start.
        restarts: u32,
    },
    /// The server stops, and tells everybody.
    Stopping {
        /// Which end.
        rooms: usize,
        /// Which are told.
        connections: usize,
    },
    /// Everybody has been told, or had the time to be.
    Stopped,
    /// How much there is.
    Counts {
        /// Living.
        rooms: u32,
        /// Connected.
        members: u32,
        /// Open.
        connections: u32,
        /// Since the start.
        restarts: u32,
    },
}

impl Journal {
    /// Writes a line to stderr, if the operator wants it. Nobody is told when that fails: there is
    /// nobody left to tell.
    pub(crate) fn note(self, note: Note) {
        if self >= note.level() {
            let _ = writeln!(io::stderr(), "sanctuary: {note}");
        }
    }

    /// Notes counts until the server stops.
    pub(crate) async fn keep_counts(self, tree: Tree) {
        if self < Self::Counts {
            return;
        }
        let mut stopping = tree.stopping();
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => {}
            () = count(&tree, |note| self.note(note)) => {}
        }
    }
}

impl Note {
    const fn level(self) -> Journal {
        match self {
            Self::Restarted { .. } | Self::Stopping { .. } | Self::Stopped => Journal::Lifecycle,
            Self::Counts { .. } => Journal::Counts,
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Restarted { part, restarts } => {
                write!(f, "the {part} failed and is restarted; restarts so far: {restarts}")
            }
            Self::Stopping { rooms, connections } => {
                write!(f, "stopping; rooms: {rooms}, connections: {connections}")
            }
            Self::Stopped => f.write_str("stopped"),
            Self::Counts { rooms, members, connections, restarts } => write!(
                f,
                "rooms: {rooms}, members: {members}, connections: {connections}, restarts: {restarts}"
            ),
        }
    }
}

/// A part of the tree that is restarting at that moment has its counts left out.
async fn count(tree: &Tree, mut note: impl FnMut(Note)) {
    loop {
        tokio::time::sleep(COUNTS_INTERVAL).await;
        if let Ok(status) = tree.status().await {
            note(Note::Counts {
                rooms: status.rooms,
                members: status.members_live,
                connections: status.connections,
                restarts: status.restarts,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Config, start};

    #[test]
    fn a_note_is_written_where_the_operator_wants_it() {
        let counts = Note::Counts { rooms: 1, members: 2, connections: 3, restarts: 4 };
        let restarted = Note::Restarted { part: Part::Lobby, restarts: 1 };
        let table = [
            (
                restarted,
                Journal::Lifecycle,
                "the lobby failed and is restarted; restarts so far: 1",
            ),
            (
                Note::Stopping { rooms: 2, connections: 9 },
                Journal::Lifecycle,
                "stopping; rooms: 2, connections: 9",
            ),
            (Note::Stopped, Journal::Lifecycle, "stopped"),
            (counts, Journal::Counts, "rooms: 1, members: 2, connections: 3, restarts: 4"),
        ];
        for (note, level, words) in table {
            assert_eq!((note.level(), note.to_string().as_str()), (level, words));
        }
        assert!(Journal::Off < Journal::Lifecycle && Journal::Lifecycle < Journal::Counts);
    }

    #[tokio::test(start_paused = true)]
    async fn counts_are_noted_every_five_minutes() {
        let engine = start(Config::default()).await.unwrap();
        let mut noted = Vec::new();
        let counting = count(engine.tree(), |note| noted.push(note));
        let _ = tokio::time::timeout(COUNTS_INTERVAL * 2 + COUNTS_INTERVAL / 2, counting).await;
        let nothing = Note::Counts { rooms: 0, members: 0, connections: 0, restarts: 0 };
        assert_eq!(noted, [nothing, nothing]);
    }
}
