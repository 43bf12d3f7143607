//! Where messages are written. Enter sends, Shift and Enter begin a line, Tab takes a completion;
//! while an input method composes, every key is its own.

use std::ops::Range;

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::Textarea;
use leptos::prelude::*;
use sanctuary_client::markup::pasted;
use sanctuary_client::room::{Format, Msg, Seek};
use wasm_bindgen::JsCast as _;
use web_sys::{ClipboardEvent, Event, HtmlTextAreaElement};

use super::super::icon::{Icon, icon};
use super::super::parts::{composes, follow};
use super::completions::{self, Arrow, Completions};
use super::picture::{choose_button, take};
use super::reply::replying;
use super::{focus, read, read_once, send};
use crate::runtime::Runtime;
use crate::words::{say, tell};

/// The field's id, by which the core's wish for its focus finds it.
pub(super) const ID: &str = "composer";

/// Lines the field grows to where the stylesheet cannot let it grow by itself.
const ROWS_MAX: usize = 6;

/// The composer.
pub(super) fn composer(runtime: Runtime) -> impl IntoView {
    let draft = read(runtime, |room| (room.composer.draft.clone(), room.composer.caret));
    let problem = read(runtime, |room| {
        room.composer.problem.as_ref().map(|it| tell(&it.sentence())).unwrap_or_default()
    });
    let readers = read(runtime, |room| tell(&room.readers().sentence()));
    let completions = Completions::new(runtime);
    let field = NodeRef::<Textarea>::new();
    follow(move || {
        let (text, caret) = draft.get();
        if let Some(field) = field.get() {
            bring_in_line(&field, &text, caret);
        }
    });
    let typed = move |_| {
        if let Some(field) = field.get_untracked() {
            completions.begin_again();
            let text = field.value();
            let caret = field.selection_end().ok().flatten().unwrap_or(u32::MAX);
            let caret = byte_position(&text, caret);
            send(runtime, Msg::TypedDraft { text, caret });
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send(runtime, Msg::SubmittedDraft);
        focus(ID);
    };
    view! { class="s",
        <form class="composer" autocomplete="off" on:submit=submit>
            <p class="problem" id="composer-problem" role="alert">{move || problem.get()}</p>
            {replying(runtime)}
            {completions.view()}
            <div class="composer-row">
                <label class="unseen" for=ID>{say!("Message")}</label>
                {choose_button(runtime)}
                <textarea
                    class="composer-field"
                    id=ID
                    rows=move || draft.read().0.split('\n').count().min(ROWS_MAX).to_string()
                    placeholder=say!("Write, or / for commands")
                    autocomplete="off"
                    autocapitalize="sentences"
                    spellcheck="false"
                    enterkeyhint="send"
            data-1p-ignore="true"
                    data-lpignore="true"
                    data-bwignore="true"
                    aria-describedby="composer-problem readers"
                    aria-invalid=move || (!problem.read().is_empty()).to_string()
                    aria-autocomplete="list"
                    aria-controls=move || completions.is_open().then(|| completions::ID.to_owned())
                    aria-activedescendant=move || completions.active_id()
                    node_ref=field
                    on:input=typed
                    on:paste=move |event| paste(runtime, &event)
                    on:keydown=move |event| press_key(runtime, completions, &event)
                ></textarea>
                <button class="button button-main button-send" type="submit" aria-label=say!("Send") title=say!("Send")>
                    {icon(Icon::Send)}
                </button>
            </div>
            <p class="readers" id="readers">{move || readers.get()}</p>
        </form>
    }
}

fn press_key(runtime: Runtime, completions: Completions, event: &KeyboardEvent) {
    if composes(event) {
        return;
    }
    if let Some(format) = format_of(event) {
        event.prevent_default();
        if let Some(selection) = selection(event) {
            send(runtime, Msg::PressedFormat { format, selection });
        }
        return;
    }
    let is_open = untrack(|| completions.is_open());
    match event.key().as_str() {
        "Enter" if !event.shift_key() => {
            event.prevent_default();
            match completions.marked().filter(|_| is_open) {
                Some(completion) => completions.take(completion),
                None => send(runtime, Msg::SubmittedDraft),
            }
        }
        "Tab" if is_open && !event.shift_key() => {
            if let Some(completion) = completions.marked_or_first() {
                event.prevent_default();
                completions.take(completion);
            }
        }
        "ArrowDown" if is_open => {
            event.prevent_default();
            completions.go(Arrow::Down);
        }
        "ArrowUp" if is_open => {
            event.prevent_default();
            completions.go(Arrow::Up);
        }
        "ArrowUp" if event.alt_key() => seek_reply(runtime, event, Seek::Earlier),
        "ArrowDown" if event.alt_key() => seek_reply(runtime, event, Seek::Later),
        "ArrowUp" if read_once(runtime, |room| room.may_recall()) => {
            event.prevent_default();
            send(runtime, Msg::SoughtSent(Seek::Earlier));
        }
        "ArrowDown"
            if read_once(runtime, |room| room.may_recall() && !room.composer.draft.is_empty()) =>
        {
            event.prevent_default();
            send(runtime, Msg::SoughtSent(Seek::Later));
        }
        "Escape" if is_open => {
            event.prevent_default();
            completions.fold();
        }
        "Escape" if read_once(runtime, |room| room.composer.reply_to.is_some()) => {
            event.prevent_default();
            send(runtime, Msg::DroppedReply);
        }
        _ => {}
    }
}

/// What these keys format, held together with Control, or Command.
fn format_of(event: &KeyboardEvent) -> Option<Format> {
    if !(event.ctrl_key() || event.meta_key()) || event.alt_key() {
        return None;
    }
    match (event.key().as_str(), event.shift_key()) {
        ("b", false) => Some(Format::Strong),
        ("i", false) => Some(Format::Emphasis),
        ("e", false) => Some(Format::Code),
        ("x" | "X", true) => Some(Format::Deletion),
        _ => None,
    }
}

/// What has formatting is pasted with it; the browser pastes what has none, and whatever is pasted as
/// plain text.
fn paste(runtime: Runtime, event: &ClipboardEvent) {
    let data = event.clipboard_data();
    // A picture copied from a page comes with its address in HTML, and without any words.
    let has_words =
        data.as_ref().is_some_and(|it| it.get_data("text/plain").is_ok_and(|it| !it.is_empty()));
    if !has_words && take(runtime, data.as_ref()).is_some() {
        event.prevent_default();
        return;
    }
    let html = data.and_then(|data| data.get_data("text/html").ok());
    let words = html.and_then(|html| pasted(&html));
    if let (Some(words), Some(selection)) = (words, selection(event)) {
        event.prevent_default();
        send(runtime, Msg::Pasted { words, selection });
    }
}

/// What is selected of the field that an event is about.
fn selection(event: &Event) -> Option<Range<usize>> {
    let field = event.target()?.dyn_into::<HtmlTextAreaElement>().ok()?;
    let text = field.value();
    let (start, end) = (field.selection_start().ok()??, field.selection_end().ok()??);
    Some(byte_position(&text, start)..byte_position(&text, end))
}

fn seek_reply(runtime: Runtime, event: &KeyboardEvent, seek: Seek) {
    event.prevent_default();
    send(runtime, Msg::SoughtReply(seek));
}

/// Where the core changed the draft, the field follows, caret and all. What was just typed here is
/// left alone, so that undo and input methods keep what they know.
fn bring_in_line(field: &HtmlTextAreaElement, text: &str, caret: usize) {
    if field.value() == text {
        return;
    }
    field.set_value(text);
    let caret = utf16_position(text, caret);
    let _unable = field.set_selection_range(caret, caret);
}

/// A place the browser counts in UTF-16 units, in bytes.
fn byte_position(text: &str, units: u32) -> usize {
    let mut left = units as usize;
    let mut before = text.chars().take_while(|character| {
        let fits = character.len_utf16() <= left;
        left = left.saturating_sub(character.len_utf16());
        fits
    });
    before.by_ref().map(char::len_utf8).sum()
}

/// A place in bytes, as the browser counts it.
fn utf16_position(text: &str, bytes: usize) -> u32 {
    let before = &text[..text.floor_char_boundary(bytes)];
    u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX)
}
