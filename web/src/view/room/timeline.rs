//! The timeline: a log that stays at its newest line unless somebody scrolls back. A line keeps its
//! element for as long as it is shown, pending or settled.

use leptos::html::Div;
use leptos::prelude::*;
use sanctuary_client::room::{Body, Happening, Line, LineId, Room};
use sanctuary_protocol::MemberId;

use super::super::icon::{Icon, icon};
use super::super::listed::{Item, list};
use super::super::parts::follow;
use super::line::line;
use super::{read, read_once};
use crate::runtime::Runtime;

/// Lines of one member within this time stand under one name.
const TOGETHER_MILLIS: u64 = 5 * 60_000;

/// Pixels of scrolling back from which on the newest line is out of sight.
const SCROLLED_BACK_PIXELS: i32 = 160;

/// A line's place in the timeline: what decides how it looks, beside what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) id: LineId,
    pub(super) run: Run,
    /// A line says one thing for as long as it is shown, but for those that count.
    count: u32,
}

/// Whether a line stands under the name above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Run {
    Begins,
    Continues,
}

/// The timeline.
pub(super) fn timeline(runtime: Runtime) -> impl IntoView {
    let rows = read(runtime, rows);
    let pending = read(runtime, pending);
    let log = NodeRef::<Div>::new();
    let sight = RwSignal::new(Sight::Newest);
    let look = move |_| {
        if let Some(log) = log.get_untracked() {
            sight.set(Sight::at(log.scroll_top()));
        }
    };
    // What one says oneself brings the newest line back into sight: with the next picture, since to
    // scroll is to lay the page out, and many lines may come before that.
    let mut before = usize::MAX;
    follow(move || {
        let now = pending.read().len();
        if before < now {
            request_animation_frame(move || show_newest(log));
        }
        before = now;
    });
    let item = move |row: Row| {
        Item::new([row.id.0, row.run as u64, row.count.into(), 0], move || {
            let find = move |room: &Room| find(room, row.id).cloned();
            read_once(runtime, find).map(|it| line(runtime, row, it, pending)).into_any()
        })
    };
    view! { class="s",
        <div
            class="timeline"
            role="log"
            aria-live="polite"
            aria-relevant="additions"
            aria-label="Conversation"
            tabindex="0"
            node_ref=log
            on:scroll=look
        >
            <ol class="lines">
                {list(move || rows.get().into_iter().map(item).collect())}
            </ol>
        </div>
        <button
            class="button button-newest"
            class:button-newest-shown=move || sight.get() == Sight::Back
            type="button"
            tabindex=move || if sight.get() == Sight::Back { "0" } else { "-1" }
            on:click=move |_| show_newest(log)
        >
            {icon(Icon::Fold)}
            "Newest"
        </button>
    }
}

/// What of the timeline is in sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sight {
    Newest,
    Back,
}

impl Sight {
    /// The log is laid out from its end, so that its newest line is at zero and others are before.
    const fn at(scroll_top: i32) -> Self {
        if scroll_top < -SCROLLED_BACK_PIXELS { Self::Back } else { Self::Newest }
    }
}

fn show_newest(log: NodeRef<Div>) {
    if let Some(log) = log.get_untracked() {
        log.set_scroll_top(0);
    }
}

fn rows(room: &Room) -> Vec<Row> {
    let mut above: Option<&Line> = None;
    let lines = room.timeline.lines().chain(room.pending_lines());
    lines
        .map(|line| {
            let run = above.map_or(Run::Begins, |above| run(above, line));
            above = Some(line);
            Row { id: line.id, run, count: count(line) }
        })
        .collect()
}

fn run(above: &Line, line: &Line) -> Run {
    let same = speaker(line).is_some_and(|speaker| self::speaker(above) == Some(speaker));
    let together = line.at.0.saturating_sub(above.at.0) < TOGETHER_MILLIS;
    if same && together { Run::Continues } else { Run::Begins }
}

fn speaker(line: &Line) -> Option<MemberId> {
    match &line.body {
        Body::Said { from, .. } => Some(from.member),
        Body::Whispered { .. }
        | Body::WhisperPassed { .. }
        | Body::Happened(_)
        | Body::Notice { .. } => None,
    }
}

fn count(line: &Line) -> u32 {
    match &line.body {
        Body::Happened(Happening::Missed { messages } | Happening::Unreadable { messages, .. }) => {
            *messages
        }
        Body::Said { .. }
        | Body::Whispered { .. }
        | Body::WhisperPassed { .. }
        | Body::Happened(_)
        | Body::Notice { .. } => 0,
    }
}

/// New lines are the ones looked for, and they are at the end.
fn find(room: &Room, id: LineId) -> Option<&Line> {
    let mut newest_first = room.pending_lines().rev().chain(room.timeline.lines().rev());
    newest_first.find(|line| line.id == id)
}

fn pending(room: &Room) -> Vec<LineId> {
    room.pending_lines().map(|line| line.id).collect()
}
