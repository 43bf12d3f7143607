//! Where messages are written. Enter sends, Shift and Enter begin a line, Tab takes a completion;
//! while an input method composes, every key is its own.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::Textarea;
use leptos::prelude::*;
use sanctuary_client::room::{Msg, Seek};
use web_sys::HtmlTextAreaElement;

use super::super::icon::{Icon, icon};
use super::super::parts::{composes, follow};
use super::completions::{self, Arrow, Completions};
use super::reply::replying;
use super::{focus, read, read_once, send};
use crate::runtime::Runtime;

/// The field's id, by which the core's wish for its focus finds it.
pub(super) const ID: &str = "composer";

/// Lines the field grows to where the stylesheet cannot let it grow by itself.
const ROWS_MAX: usize = 6;

/// The composer.
pub(super) fn composer(runtime: Runtime) -> impl IntoView {
    let draft = read(runtime, |room| (room.composer.draft.clone(), room.composer.caret));
    let problem = read(runtime, |room| {
        room.composer.problem.as_ref().map(ToString::to_string).unwrap_or_default()
    });
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
                <label class="unseen" for=ID>"Message"</label>
                <textarea
                    class="composer-field"
                    id=ID
                    rows=move || draft.read().0.split('\n').count().min(ROWS_MAX).to_string()
                    placeholder="Write, or / for commands"
                    autocomplete="off"
                    autocapitalize="sentences"
                    spellcheck="false"
                    enterkeyhint="send"
                    data-1p-ignore="true"
                    data-lpignore="true"
                    data-bwignore="true"
                    aria-describedby="composer-problem"
                    aria-invalid=move || (!problem.read().is_empty()).to_string()
                    aria-autocomplete="list"
                    aria-controls=move || completions.is_open().then(|| completions::ID.to_owned())
                    aria-activedescendant=move || completions.active_id()
                    node_ref=field
                    on:input=typed
                    on:keydown=move |event| press_key(runtime, completions, &event)
                ></textarea>
                <button class="button button-main button-send" type="submit" aria-label="Send" title="Send">
                    {icon(Icon::Send)}
                </button>
            </div>
        </form>
    }
}

fn press_key(runtime: Runtime, completions: Completions, event: &KeyboardEvent) {
    if composes(event) {
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
