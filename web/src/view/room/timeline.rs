//! The timeline: a log that stays at its newest line unless somebody scrolls back. A line keeps its
//! element for as long as it is shown, pending or settled.

use std::time::Duration;

use leptos::html::Div;
use leptos::prelude::*;
use sanctuary_client::Manner;
use sanctuary_client::room::{Body, Happening, Line, LineId, Msg, Room, Sight};
use sanctuary_protocol::MemberId;
use wasm_bindgen::JsCast as _;
use web_sys::Element;

use super::super::icon::{Icon, icon};
use super::super::listed::{Item, list};
use super::super::parts::follow;
use super::line::line;
use super::{read, read_once, send};
use crate::runtime::Runtime;
use crate::words::say;

/// Lines of one member within this time stand under one name.
const TOGETHER_MILLIS: u64 = 5 * 60_000;

/// A browser has told a screen reader of a line within this time.
const SPOKEN_WITHIN: Duration = Duration::from_secs(1);

/// Pixels of scrolling back from which on the newest line is out of sight.
const SCROLLED_BACK_PIXELS: i32 = 160;

/// A line's place in the timeline: what decides how it looks, beside what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) id: LineId,
    pub(super) run: Run,
    /// A line says one thing for as long as it is shown, but for those that count, and for the
    /// message that a reply is to, which may go.
    aspect: u64,
    divided: Divided,
    pub(super) speech: Speech,
}

/// Whether a line is read out as it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speech {
    Aloud,
    /// It was there before, and looks different, or is from long ago.
    Silent,
}

impl Speech {
    /// For `aria-live`; the log's own where there is none.
    pub(super) const fn live(self) -> Option<&'static str> {
        match self {
            Self::Aloud => None,
            Self::Silent => Some("off"),
        }
    }
}

/// Whether a line stands under the name above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Run {
    Begins,
    Continues,
}

/// Whether the divider stands above a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Divided {
    Not,
    Here,
}

/// Pixels above what is in sight that are to be there before somebody scrolls to them.
const AHEAD_PIXELS: i32 = 1_500;

/// The timeline.
pub(super) fn timeline(runtime: Runtime) -> impl IntoView {
    let rows = read(runtime, rows);
    let pending = read(runtime, pending);
    let log = NodeRef::<Div>::new();
    let hushing = StoredValue::new_local(Hushing::No);
    follow(move || {
        rows.track();
        if hushing.get_value() == Hushing::No {
            hushing.set_value(Hushing::Soon);
            set_timeout(move || hush(log, hushing), SPOKEN_WITHIN);
        }
    });
    let is_back = read(runtime, |room| room.sight() == Sight::Back);
    let has_older = read(runtime, Room::has_older_lines);
    let look = move |_| {
        let Some(log) = log.get_untracked() else { return };
        let sight = sight_at(log.scroll_top());
        let above = log.scroll_height() - log.client_height() + log.scroll_top();
        if above < AHEAD_PIXELS && has_older.get_untracked() {
            send(runtime, Msg::ReachedOldest);
        }
        // One scrolls by many small steps.
        if is_back.get_untracked() != (sight == Sight::Back) {
            send(runtime, Msg::ScrolledTo(sight));
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
    // Lines are numbered as they come: what is not beyond all others was there, or is from before.
    let newest_shown = StoredValue::new_local(0_u64);
    let item = move |row: Row| {
        Item::new([row.id.0, row.run as u64, row.aspect, 0], move || {
            let is_new = row.id.0 > newest_shown.get_value();
            if is_new {
                newest_shown.set_value(row.id.0);
            }
            let speech = if is_new { Speech::Aloud } else { Speech::Silent };
            let row = Row { speech, ..row };
            let find = move |room: &Room| find(room, row.id).cloned();
            read_once(runtime, find).map(|it| line(runtime, row, it, pending)).into_any()
        })
    };
    let items = move || {
        let rows = rows.get().into_iter();
        let items = rows.flat_map(|row| {
            let divider = (row.divided == Divided::Here).then(|| divider(row));
            divider.into_iter().chain([item(row)])
        });
        items.collect::<Vec<_>>()
    };
    view! { class="s",
        <div
            class="timeline"
            role="log"
            aria-live="polite"
            aria-relevant="additions"
            aria-label=say!("Conversation")
            tabindex="0"
            node_ref=log
            on:scroll=look
        >
            <ol class="lines">
                {list(items)}
            </ol>
        </div>
        <button
            class="button button-newest"
            class:button-newest-shown=move || is_back.get()
            type="button"
            tabindex=move || if is_back.get() { "0" } else { "-1" }
            on:click=move |_| show_newest(log)
        >
            {icon(Icon::Fold)}
            {newest(runtime)}
        </button>
    }
}

/// Stands above what is new. It is not read out when it comes, as the line below it is; whoever reads
/// the log line by line comes upon it.
fn divider(row: Row) -> Item {
    Item::new([row.id.0, 0, 0, 1], || {
        view! { class="s", <li class="divider" aria-live="off">{say!("New")}</li> }.into_any()
    })
}

/// What the way to the newest line is called.
fn newest(runtime: Runtime) -> impl IntoView {
    let words = read(runtime, |room| match room.below() {
        below if below.is_none() => say!("Newest").to_owned(),
        below => say!("{0} new below", below),
    });
    move || words.get()
}

/// The log is laid out from its end, so that its newest line is at zero and others are before.
const fn sight_at(scroll_top: i32) -> Sight {
    if scroll_top < -SCROLLED_BACK_PIXELS { Sight::Back } else { Sight::Newest }
}

/// Whether lines are about to be silenced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hushing {
    No,
    Soon,
}

/// What has been read out is silent from there on: a line that is moved would be read out again, when
/// others come above it.
fn hush(log: NodeRef<Div>, hushing: StoredValue<Hushing, LocalStorage>) {
    let _gone = hushing.try_set_value(Hushing::No);
    let lines = log.try_get_untracked().flatten();
    let lines = lines.and_then(|log| log.query_selector_all(".line:not([aria-live])").ok());
    let Some(lines) = lines else { return };
    for line in (0..lines.length()).filter_map(|at| lines.get(at)) {
        if let Some(line) = line.dyn_ref::<Element>() {
            let _unable = line.set_attribute("aria-live", "off");
        }
    }
}

fn show_newest(log: NodeRef<Div>) {
    if let Some(log) = log.get_untracked() {
        log.set_scroll_top(0);
    }
}

fn rows(room: &Room) -> Vec<Row> {
    let first_new = room.first_new();
    let mut above: Option<&Line> = None;
    let lines = room.lines_on_page().chain(room.pending_lines());
    lines
        .map(|line| {
            let run = above.map_or(Run::Begins, |above| run(above, line));
            above = Some(line);
            let is_first_new = first_new == Some(line.id);
            let divided = if is_first_new { Divided::Here } else { Divided::Not };
            Row { id: line.id, run, aspect: aspect(room, line), divided, speech: Speech::Silent }
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
        Body::Said { from, words } if words.manner == Manner::Plain => Some(from.member),
        Body::Pictured { from, .. } => Some(from.member),
        Body::Said { .. }
        | Body::Whispered { .. }
        | Body::WhisperPassed { .. }
        | Body::Happened(_)
        | Body::Notice { .. } => None,
    }
}

fn aspect(room: &Room, line: &Line) -> u64 {
    match &line.body {
        Body::Happened(Happening::Missed { messages } | Happening::Unreadable { messages, .. }) => {
            u64::from(*messages)
        }
        Body::Said { words, .. } | Body::Whispered { words, .. } | Body::Pictured { words, .. } => {
            let quoted = words.reply_to.and_then(|place| room.line_said_at(place));
            quoted.map_or(0, |line| line.0)
        }
        Body::WhisperPassed { .. } | Body::Happened(_) | Body::Notice { .. } => 0,
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
