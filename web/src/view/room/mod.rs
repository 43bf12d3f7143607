//! The room: header, timeline, what lies beside it, and where messages are written. The order of
//! the files is the order of the page, and of the keyboard's focus.

mod header;

mod alarm;
mod evidence;

mod line;
mod picture;
mod reply;
mod timeline;

mod happening;

mod door_trouble;
mod invitation;
mod roster;
mod rules;

mod asking;

mod completions;
mod composer;

mod dialogs;
mod help;
mod safety;

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use sanctuary_client::room::{Msg, Room, Sheet, Toast};
use sanctuary_client::{Clipboard, Model, Msg as PageMsg, Screen};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use super::icon::{Icon, icon};
use crate::runtime::Runtime;
use crate::words::say;

/// The screen.
pub(super) fn screen(runtime: Runtime) -> impl IntoView {
    let sheet = read(runtime, |room| room.sheet);
    let is_veiled = runtime.read(Model::is_veiled);
    let sheet_name = move || match sheet.get() {
        Some(Sheet::Roster) => "roster",
        Some(Sheet::Invitation) => "invitation",
        None => "none",
    };
    view! { class="s",
        <div
            class="room"
            class:veiled=move || is_veiled.get()
            data-sheet=sheet_name
            on:dragover=move |event| picture::dropped(runtime, &event)
            on:drop=move |event| picture::dropped(runtime, &event)
        >
            <button class="skip" type="button" on:click=move |_| focus(composer::ID)>
                {say!("Skip to writing")}
            </button>
            {header::header(runtime)}
            {alarm::alarm(runtime)}
            <main class="talk">{timeline::timeline(runtime)}</main>
            {beside(runtime, sheet)}
            <footer class="foot">{asking::asking(runtime)} {composer::composer(runtime)}</footer>
            {toast(runtime)}
            {dialogs::dialogs(runtime)}
        </div>
    }
}

/// What lies beside the timeline, or over it on a phone.
fn beside(runtime: Runtime, sheet: Memo<Option<Sheet>>) -> impl IntoView {
    let close_on_escape = move |event: KeyboardEvent| {
        if let (Some(open), "Escape") = (sheet.get_untracked(), event.key().as_str()) {
            event.prevent_default();
            close(runtime, open);
        }
    };
    view! { class="s",
        <aside class="beside" id="beside" aria-label=say!("About this room") on:keydown=close_on_escape>
            {door_trouble::door_trouble(runtime)}
            {move || {
                (sheet.get() == Some(Sheet::Invitation))
                    .then(|| invitation::invitation(runtime).into_any())
            }}
            {roster::roster(runtime)}
        </aside>
    }
}

/// The way back from a panel to the timeline alone.
fn close_button(runtime: Runtime, sheet: Sheet) -> impl IntoView {
    let class = match sheet {
        Sheet::Roster => "button button-icon button-close-roster",
        Sheet::Invitation => "button button-icon button-close-invitation",
    };
    view! { class="s",
        <button
            class=class
            type="button"
            aria-label=say!("Close")
            title=say!("Close")
            on:click=move |_| close(runtime, sheet)
        >
            {icon(Icon::Close)}
        </button>
    }
}

/// Folds a panel away. The focus, which was in it, goes back to the button that opened it.
fn close(runtime: Runtime, sheet: Sheet) {
    send(runtime, Msg::ClosedSheet);
    focus(header::opener(sheet));
}

/// Puts the keyboard's focus on the element of that id.
fn focus(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _unable = element.focus();
    }
}

fn toast(runtime: Runtime) -> impl IntoView {
    let words = read(runtime, |room| match room.toast {
        Some(Toast::Copied(Clipboard::Invitation)) => say!("Invitation copied."),
        Some(Toast::Copied(Clipboard::RoomName)) => say!("Room key copied."),
        Some(Toast::Copied(Clipboard::Secret)) => say!("Password copied."),
        Some(Toast::Copied(Clipboard::Listing)) => say!("Copied."),
        Some(Toast::CopyByHand(Clipboard::Listing)) => {
            say!(
                "This browser does not let the page copy. The listing is selected: copy it by hand."
            )
        }
        Some(Toast::CopyByHand(_)) => {
            say!("This browser does not let the page copy. The link is selected: copy it by hand.")
        }
        Some(Toast::OpeningPicture) => say!("Opening the picture\u{2026}"),
        Some(Toast::LeaveFirst) => {
            say!(
                "Another invitation was opened here. Leave this room first, or open it in a new tab."
            )
        }
        None => "",
    });
    view! { class="s", <p class="toast" role="status">{move || words.get()}</p> }
}

/// What a press does.
fn press(runtime: Runtime, msg: Msg) -> impl Fn(MouseEvent) + 'static {
    move |_| send(runtime, msg.clone())
}

fn send(runtime: Runtime, msg: Msg) {
    runtime.dispatch(PageMsg::Room(msg));
}

/// A part of the room; nothing, in the moment the screen goes.
fn read<T>(runtime: Runtime, part: impl Fn(&Room) -> T + Send + Sync + 'static) -> Memo<T>
where
    T: Clone + Default + PartialEq + Send + Sync + 'static,
{
    runtime.read(move |Model { screen, .. }| match screen {
        Screen::Room(room) => part(room),
        Screen::Home(_) | Screen::Joining(_) | Screen::Ended(_) => T::default(),
    })
}

/// As [`read`], for what never changes while it is shown: read once, and not kept.
fn read_once<T>(runtime: Runtime, part: impl Fn(&Room) -> T + Send + Sync + 'static) -> T
where
    T: Clone + Default + PartialEq + Send + Sync + 'static,
{
    let memo = read(runtime, part);
    let value = memo.get_untracked();
    memo.dispose();
    value
}
