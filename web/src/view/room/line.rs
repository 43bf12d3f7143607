//! One line of the timeline: who, what, when.

use leptos::prelude::*;
use sanctuary_client::room::{Body, Line, LineId, Person, Whose};
use sanctuary_client::{Manner, Words};

use super::super::clock::local_time;
use super::super::icon::{Icon, icon};
use super::super::markup::{message, plain, words};
use super::super::parts::{name, tile};
use super::happening::happening;
use super::picture::picture;
use super::read_once;
use super::reply::{line_id, quote, quote_of_nothing, reply_button};
use super::timeline::{Row, Run};
use crate::runtime::Runtime;
use crate::words::say;

/// Lines on their way, which stand at the end.
type Pending = Memo<Vec<LineId>>;

/// The line.
pub(super) fn line(runtime: Runtime, row: Row, line: Line, pending: Pending) -> AnyView {
    let at = local_time(line.at);
    match &line.body {
        Body::Said { from, words } => match (words.manner, from.whose) {
            (Manner::Action, _) => action(runtime, row, from, words, (at, pending)),
            (Manner::Plain, _) => {
                let content = content(runtime, None, words);
                plainly(runtime, row, from, content, (at, pending))
            }
        },
        Body::Pictured { from, picture, size, words } => {
            let picture = self::picture(runtime, (*picture, *size), from, words);
            let content = content(runtime, Some(picture), words);
            plainly(runtime, row, from, content, (at, pending))
        }
        Body::Whispered { from, to, words } => {
            let people = (from, to);
            whisper(runtime, row, people, words, (at, pending))
        }
        Body::WhisperPassed { from } => view! { class="s",
            <li class="line happened" aria-live=row.speech.live()>
                {icon(Icon::Whisper)}
                <p>{say!("{0} whispered to somebody.", [name(from)])}</p>
                <time class="at">{at}</time>
            </li>
        }
        .into_any(),
        Body::Happened(what) => happening(runtime, row, what, at),
        Body::Notice { text } => view! { class="s",
            <li class="line notice" aria-live=row.speech.live()>
                <p class="notice-label">
                    {icon(Icon::Warning)}
                    {say!("From this server\u{2019}s operator, not encrypted")}
                </p>
                <p class="notice-text" dir="auto">{plain(text)}</p>
                <time class="at">{at}</time>
            </li>
        }
        .into_any(),
    }
}

/// What a line says, below the name it stands under.
fn content(runtime: Runtime, picture: Option<AnyView>, words: &Words) -> AnyView {
    let words_to_it =
        (picture.is_none() || !words.markup.is_blank()).then(|| message(&words.markup, runtime));
    view! { class="s", {quoted(runtime, words)} {picture} {words_to_it} }.into_any()
}

fn plainly(
    runtime: Runtime,
    row: Row,
    from: &Person,
    content: AnyView,
    (at, pending): (String, Pending),
) -> AnyView {
    match from.whose {
        Whose::Own => said_by_oneself(runtime, row, content, at, pending),
        Whose::Others => said(runtime, row, from, content, at),
    }
}

fn said(runtime: Runtime, row: Row, from: &Person, content: AnyView, at: String) -> AnyView {
    let continues = row.run == Run::Continues;
    view! { class="s",
        <li class="line said others" class:continues=continues id=line_id(row.id) tabindex="-1" aria-live=row.speech.live()>
            {(!continues).then(|| tile(from))}
            <div class="bubble">
                <p class=if continues { "unseen" } else { "who" }>{name(from)}</p>
                {content}
                <time class="at">{at}</time>
            </div>
            {reply_button(runtime, row.id)}
        </li>
    }
    .into_any()
}

fn said_by_oneself(
    runtime: Runtime,
    row: Row,
    content: AnyView,
    at: String,
    pending: Pending,
) -> AnyView {
    let continues = row.run == Run::Continues;
    view! { class="s",
        <li
            class="line said own"
            class:continues=continues
            class:pending=on_its_way(row, pending)
            id=line_id(row.id)
            tabindex="-1"
            aria-live=row.speech.live()
        >
            <div class="bubble">
                <p class="unseen">{say!("You")}</p>
                {content}
                {own_time(at, row, pending)}
            </div>
            {reply_button(runtime, row.id)}
        </li>
    }
    .into_any()
}

/// What somebody does, in a line of its own: the name is part of the sentence.
fn action(
    runtime: Runtime,
    row: Row,
    from: &Person,
    words: &Words,
    (at, pending): (String, Pending),
) -> AnyView {
    let is_own = from.whose == Whose::Own;
    let mut on_its_way = on_its_way(row, pending);
    view! { class="s",
        <li
            class="line said action"
            class:pending=move || is_own && on_its_way()
            id=line_id(row.id)
            tabindex="-1"
            aria-live=row.speech.live()
        >
            <div class="bubble">
                {quoted(runtime, words)}
                <div class="act">{name(from)} " " {self::words(&words.markup, runtime)}</div>
                {own_time(at, row, pending)}
            </div>
            {reply_button(runtime, row.id)}
        </li>
    }
    .into_any()
}

/// What of the message stands above a reply.
fn quoted(runtime: Runtime, words: &Words) -> Option<AnyView> {
    let place = words.reply_to?;
    let quote = read_once(runtime, move |room| room.quote(place));
    Some(quote.map_or_else(quote_of_nothing, |quote| self::quote(runtime, &quote)))
}

fn whispered(from: &Person, to: &Person) -> AnyView {
    match (from.whose, to.whose) {
        (Whose::Own, _) => say!("You whispered to {0}", [name(to)]),
        (Whose::Others, Whose::Own) => say!("{0} whispered to you", [name(from)]),
        (Whose::Others, Whose::Others) => {
            say!("{0} whispered to {1}", [name(from), name(to)])
        }
    }
}

fn whisper(
    runtime: Runtime,
    row: Row,
    (from, to): (&Person, &Person),
    words: &Words,
    (at, pending): (String, Pending),
) -> AnyView {
    let is_own = from.whose == Whose::Own;
    let mut on_its_way = on_its_way(row, pending);
    view! { class="s",
        <li
            class="line said whisper"
            class:own=is_own
            class:others=!is_own
            class:pending=move || is_own && on_its_way()
            id=line_id(row.id)
            tabindex="-1"
            aria-live=row.speech.live()
        >
            {(!is_own).then(|| tile(from))}
            <div class="bubble">
                <p class="who">{icon(Icon::Whisper)} <span>{whispered(from, to)}</span></p>
                {quoted(runtime, words)}
                {message(&words.markup, runtime)}
                {own_time(at, row, pending)}
            </div>
            {reply_button(runtime, row.id)}
        </li>
    }
    .into_any()
}

/// The time; until the room has the line in its order, that it is on its way.
fn own_time(at: String, row: Row, pending: Pending) -> impl IntoView {
    let mut on_its_way = on_its_way(row, pending);
    view! { class="s",
        <time class="at">
            {move || if on_its_way() { say!("sending\u{2026}").to_owned() } else { at.clone() }}
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
