//! Pictures: in the timeline, before one's own is sent, and by themselves; and the ways to choose one.

use leptos::ev::{DragEvent, MouseEvent};
use leptos::html::{Input, Textarea};
use leptos::prelude::*;
use sanctuary_client::markup::plain;
use sanctuary_client::room::{Msg, Person, Progress, Room, Whose};
use sanctuary_client::{PictureId, PictureSize, Words};
use web_sys::DataTransfer;

use super::super::icon::{Icon, icon};
use super::super::parts::plain_name;
use super::dialogs::{close, dialog};
use super::{press, read, read_once, send};
use crate::perform::picture::{choose, first_picture};
use crate::runtime::Runtime;
use crate::words::{say, tell};

/// Pixels a picture has in the timeline, at the most: a hand's breadth, and never a screenful.
const SHOWN: PictureSize = PictureSize { width: 360, height: 320 };

/// Characters of what is said to a picture.
const CAPTION_MAX: &str = "500";

/// A picture in the timeline, in the place it will have, whether it is there yet or not.
pub(super) fn picture(
    runtime: Runtime,
    (id, size): (PictureId, PictureSize),
    from: &Person,
    words: &Words,
) -> AnyView {
    let url = read(runtime, move |room| room.picture(id).url);
    let progress = read(runtime, move |room| room.picture(id).progress);
    let is_own = from.whose == Whose::Own;
    let alt = described(from, words);
    let image = move || {
        let shown = url.get().filter(|_| progress.with(|it| !is_lost(*it, is_own)));
        let (alt, name) = (alt.clone(), say!("{0}. Show it by itself", alt));
        shown.map(|url| {
            view! { class="s",
                <button
                    class="picture-open"
                    type="button"
                    aria-label=name
                    on:click=press(runtime, Msg::PressedPicture(id))
                >
                    <img
                        class="picture-image"
                        src=url
                        alt=alt
                        decoding="async"
                        draggable="false"
                        on:error=move |_| send(runtime, Msg::SawBrokenPicture(id))
                    />
                </button>
            }
            .into_any()
        })
    };
    view! { class="s",
        <div
            class="picture"
            style:width=format!("{}px", shown_width(size))
            style:aspect-ratio=format!("{} / {}", size.width, size.height)
        >
            {image}
            {move || standing(runtime, id, progress.get(), is_own)}
        </div>
    }
    .into_any()
}

/// As wide as may be, and no higher than may be.
fn shown_width(size: PictureSize) -> u32 {
    let (width, height) = (u32::from(size.width), u32::from(size.height));
    let as_high = width * u32::from(SHOWN.height) / height.max(1);
    width.min(SHOWN.width.into()).min(as_high)
}

/// One's own that failed is there to be sent again.
const fn is_lost(progress: Progress, is_own: bool) -> bool {
    match progress {
        Progress::Gone | Progress::Unshowable => true,
        Progress::Failed => !is_own,
        Progress::Underway(_) | Progress::Whole => false,
    }
}

/// How far a picture has come, and what can be done about it.
fn standing(runtime: Runtime, id: PictureId, progress: Progress, is_own: bool) -> AnyView {
    let drop = |name: &'static str| button(runtime, name, Msg::PressedDropPicture(id));
    match progress {
        Progress::Whole => ().into_any(),
        Progress::Underway(percent) => view! { class="s",
            <div class="picture-standing" aria-live="off">
                <progress
                    class="picture-progress"
                    max="100"
                    value=percent.to_string()
                    aria-label=if is_own { say!("Picture on its way") } else { say!("Picture coming") }
                ></progress>
                {is_own.then(|| drop(say!("Cancel")))}
            </div>
        }
        .into_any(),
        Progress::Failed if is_own => view! { class="s",
            <div class="picture-standing picture-failed">
                <p>{say!("The connection did not carry it.")}</p>
                {button(runtime, say!("Try again"), Msg::PressedRetryPicture(id))}
                {drop(say!("Remove"))}
            </div>
        }
        .into_any(),
        Progress::Failed => lost(say!("This picture did not arrive whole.")),
        Progress::Unshowable => lost(say!("This browser cannot show this picture.")),
        Progress::Gone => lost(say!("This picture is no longer kept.")),
    }
}

fn lost(words: &'static str) -> AnyView {
    view! { class="s", <p class="picture-lost">{words}</p> }.into_any()
}

fn button(runtime: Runtime, name: &'static str, msg: Msg) -> AnyView {
    view! { class="s",
        <button class="button button-small" type="button" on:click=press(runtime, msg)>{name}</button>
    }
    .into_any()
}

/// For who cannot see it: what was said to it, or else whose it is.
fn described(from: &Person, words: &Words) -> String {
    let caption = plain(&words.markup);
    match (caption.trim(), from.whose) {
        ("", Whose::Own) => say!("Your picture, without a description").to_owned(),
        ("", Whose::Others) => say!("Picture from {0}, without a description", plain_name(from)),
        (caption, _) => caption.to_owned(),
    }
}

/// Before a picture is sent: what the others will see.
pub(super) fn send_picture(runtime: Runtime, id: PictureId) -> AnyView {
    let url = read(runtime, move |room| room.picture(id).url);
    let about = read_once(runtime, Room::previewed).map(|about| {
        let kilobytes = about.bytes.div_ceil(1_000);
        let (width, height) = (about.size.width, about.size.height);
        say!("{0} \u{d7} {1} pixels, {2} kB.", width, height, kilobytes)
    });
    let caption = NodeRef::<Textarea>::new();
    let submit = move || {
        let caption = caption.get_untracked().map(|field| field.value()).unwrap_or_default();
        send(runtime, Msg::SubmittedPicture { caption });
    };
    let problem = read(runtime, |room| {
        room.composer.problem.as_ref().map(|it| tell(&it.sentence())).unwrap_or_default()
    });
    let body = view! { class="s",
        <img class="picture-preview" src=move || url.get() alt=say!("What the others will see") />
        <div class="field">
            <label class="label" for="caption">{say!("Say something to it")}</label>
            <textarea
                class="input"
                id="caption"
                rows="2"
                maxlength=CAPTION_MAX
                autocomplete="off"
                spellcheck="false"
            data-1p-ignore="true"
                data-lpignore="true"
                data-bwignore="true"
                aria-describedby="caption-hint"
                // What somebody was still typing goes here, and sends nothing.
                autofocus
                node_ref=caption
            ></textarea>
            <p class="hint" id="caption-hint">
                {say!("Read out, too, to who cannot see the picture.")}
            </p>
        </div>
        <p class="problem" role="alert">{move || problem.get()}</p>
        <p class="hint">
            {about}
            " "
            {say!(
                "Everybody in the room sees it. It was drawn anew: where, when and with what it \
                 was taken is not in it."
            )}
        </p>
    }
    .into_any();
    let buttons = view! { class="s",
        <button class="button" type="button" on:click=press(runtime, Msg::DismissedDialog)>
            {say!("Cancel")}
        </button>
        <button class="button button-main" type="button" on:click=move |_| submit()>
            {say!("Send")}
        </button>
    }
    .into_any();
    dialog(runtime, "dialog", say!("Send this picture?").into_any(), body, buttons)
}

/// A picture by itself.
pub(super) fn picture_alone(runtime: Runtime, id: PictureId) -> AnyView {
    let shown = read_once(runtime, move |room| {
        let mut lines = room.timeline.lines().chain(room.pending_lines());
        let line = lines.find(|line| line.picture() == Some(id))?;
        let (from, words) = line.words()?;
        Some((room.picture(id).url, described(from, words)))
    });
    let (url, alt) = shown.unwrap_or_default();
    let body =
        view! { class="s", <img class="picture-alone" src=url alt=alt.clone() /> }.into_any();
    let title = view! { class="s", <span class="unseen">{say!("Picture")}</span> }.into_any();
    dialog(runtime, "dialog dialog-picture", title, body, close(runtime))
}

/// The way to choose one from the device.
pub(super) fn choose_button(runtime: Runtime) -> AnyView {
    let input = NodeRef::<Input>::new();
    let open = move |_: MouseEvent| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let chosen = move |_| {
        let Some(input) = input.get_untracked() else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            choose(file.into(), runtime);
        }
        // The same one can be chosen again.
        input.set_value("");
    };
    view! { class="s",
        <button
            class="button button-icon button-picture"
            type="button"
            aria-label=say!("Send a picture")
            title=say!("Send a picture")
            on:click=open
        >
            {icon(Icon::Picture)}
        </button>
        <input
            class="picture-input"
            id="picture-input"
            type="file"
            accept="image/*"
            tabindex="-1"
            aria-hidden="true"
            node_ref=input
            on:change=chosen
        />
    }
    .into_any()
}

/// Takes a picture that was pasted or dropped.
pub(super) fn take(runtime: Runtime, data: Option<&DataTransfer>) -> Option<()> {
    first_picture(data?.files()).map(|file| choose(file, runtime))
}

/// A file let go over the room is a picture for it, or nothing: the browser would open it in the
/// room's place.
pub(super) fn dropped(runtime: Runtime, event: &DragEvent) {
    let data = event.data_transfer();
    let holds_files = data.as_ref().is_some_and(|data| data.types().includes(&"Files".into(), 0));
    if holds_files {
        event.prevent_default();
        if event.type_() == "drop" && take(runtime, data.as_ref()).is_none() {
            send(runtime, Msg::RefusedPicture(sanctuary_client::room::PictureRefusal::Unreadable));
        }
    }
}
