//! One line of the timeline: who, what, when.

use leptos::prelude::*;
use sanctuary_client::markup::Markup;
use sanctuary_client::room::{Body, Line, LineId, Person, Whose};

use super::super::clock::local_time;
use super::super::icon::{Icon, icon};
use super::super::markup::message;
use super::super::parts::{name, name_or_you, tile};
use super::happening::happening;
use super::timeline::{Row, Run};
use crate::runtime::Runtime;

/// Lines on their way, which stand at the end.
type Pending = Memo<Vec<LineId>>;

/// The line.
pub(super) fn line(runtime: Runtime, row: Row, line: Line, pending: Pending) -> AnyView {
    let at = local_time(line.at);
    match &line.body {
        Body::Said { from, markup } => match from.whose {
            Whose::Own => said_by_oneself(runtime, row, markup, at, pending),
            Whose::Others => said(runtime, row, from, markup, at),
        },
        Body::Whispered { from, to, markup } => {
            whisper(row, from, to, message(markup, runtime), at, pending)
        }
        Body::WhisperPassed { from } => view! { class="s",
            <li class="line happened">
                {icon(Icon::Whisper)}
                <p>{name(from)} " whispered to somebody."</p>
                <time class="at">{at}</time>
            </li>
        }
        .into_any(),
        Body::Happened(what) => happening(runtime, what, at),
        Body::Notice { text } => view! { class="s",
            <li class="line notice">
                <p class="notice-label">
                    {icon(Icon::Warning)}
                    "From this server\u{2019}s operator, not encrypted"
                </p>
                <p class="notice-text" dir="auto">{text.clone()}</p>
                <time class="at">{at}</time>
            </li>
        }
        .into_any(),
    }
}

fn said(runtime: Runtime, row: Row, from: &Person, markup: &Markup, at: String) -> AnyView {
    let continues = row.run == Run::Continues;
    view! { class="s",
        <li class="line said others" class:continues=continues>
            {(!continues).then(|| tile(from))}
            <div class="bubble">
                <p class=if continues { "unseen" } else { "who" }>{name(from)}</p>
                {message(markup, runtime)}
                <time class="at">{at}</time>
            </div>
        </li>
    }
    .into_any()
}

fn said_by_oneself(
    runtime: Runtime,
    row: Row,
    markup: &Markup,
    at: String,
    pending: Pending,
) -> AnyView {
    let continues = row.run == Run::Continues;
    view! { class="s",
        <li
            class="line said own"
            class:continues=continues
            class:pending=on_its_way(row, pending)
        >
            <div class="bubble">
                <p class="unseen">"You"</p>
                {message(markup, runtime)}
                {own_time(at, row, pending)}
            </div>
        </li>
    }
    .into_any()
}

fn whispered(from: &Person, to: &Person) -> AnyView {
    let to = match to.whose {
        Whose::Own => "you".into_any(),
        Whose::Others => name(to).into_any(),
    };
    view! { class="s", {name_or_you(from)} " whispered to " {to} }.into_any()
}

fn whisper(
    row: Row,
    from: &Person,
    to: &Person,
    message: AnyView,
    at: String,
    pending: Pending,
) -> AnyView {
    let is_own = from.whose == Whose::Own;
    let mut on_its_way = on_its_way(row, pending);
    view! { class="s",
        <li
            class="line said whisper"
            class:own=is_own
            class:others=!is_own
            class:pending=move || is_own && on_its_way()
        >
            {(!is_own).then(|| tile(from))}
            <div class="bubble">
                <p class="who">{icon(Icon::Whisper)} <span>{whispered(from, to)}</span></p>
                {message}
                {own_time(at, row, pending)}
            </div>
        </li>
    }
    .into_any()
}

/// The time; until the room has the line in its order, that it is on its way.
fn own_time(at: String, row: Row, pending: Pending) -> impl IntoView {
    let mut on_its_way = on_its_way(row, pending);
    view! { class="s",
        <time class="at">
            {move || if on_its_way() { "sending\u{2026}".to_owned() } else { at.clone() }}
        </time>
    }
}

/// Whether the line is still without its place in the room's order. What has one keeps it: a settled
/// line stops listening, or each message would wake all that were said before it.
fn on_its_way(row: Row, pending: Pending) -> impl FnMut() -> bool {
    let mut settled = false;
    move || {
        settled = settled || !pending.read().contains(&row.id);
        !settled
    }
}
