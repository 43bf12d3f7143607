//! Every decision of a run, in words: what was done, sent and heard, and when. Two runs of one plan
//! make the same record, or something depended on more than the plan.

use std::fmt::Write as _;
use std::time::Duration;

use sanctuary_protocol::{ClientFrame, ServerFrame};

/// What has happened, a line each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record(String);

impl Record {
    /// The lines.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.0.lines()
    }

    /// Where two records begin to differ: the lines there.
    pub fn difference<'r>(&'r self, other: &'r Self) -> Option<(&'r str, &'r str)> {
        let (mut ours, mut theirs) = (self.lines(), other.lines());
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => return None,
                (one, another) if one == another => {}
                (one, another) => {
                    return Some((one.unwrap_or("(the end)"), another.unwrap_or("(the end)")));
                }
            }
        }
    }

    pub(super) fn note(&mut self, at: Duration, what: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{:>10.3} {what}", at.as_secs_f64());
    }
}

/// What a page sends, without what differs from run to run.
pub(super) fn sent(frame: &ClientFrame) -> String {
    format!("{:?}", frame.kind())
}

/// What the server tells, likewise.
pub(super) fn told(frame: &ServerFrame) -> String {
    match frame {
        ServerFrame::Opened(opening) => format!("Opened at {}", opening.seq.0),
        ServerFrame::Entry(entry) => format!("Entry {}", entry.seq.0),
        ServerFrame::Refused { what, why } => format!("Refused {what:?}: {why:?}"),
        ServerFrame::Closed { reason } => format!("Closed: {reason:?}"),
        other => {
            let debug = format!("{other:?}");
            let word = debug.find(|it: char| !it.is_alphanumeric()).unwrap_or(debug.len());
            debug[..word].to_owned()
        }
    }
}
