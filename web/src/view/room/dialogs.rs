//! Questions that stand before everything else. The browser's own modal dialog keeps the focus in,
//! and the rest of the page out of reach; Escape says no.

use leptos::ev::{Event, MouseEvent};
use leptos::html::Dialog as DialogElement;
use leptos::prelude::*;
use sanctuary_client::markup::Href;
use sanctuary_client::room::{Dialog, Msg};
use sanctuary_crypto::Alias;

use super::super::parts::follow;
use super::{help, picture, press, read, safety, send};
use crate::runtime::Runtime;
use crate::words::say;

/// The dialog that is open, if one is.
pub(super) fn dialogs(runtime: Runtime) -> impl IntoView {
    let dialog = read(runtime, |room| room.dialog.clone());
    let shown = move || {
        dialog.get().map(|dialog| match dialog {
            Dialog::Stop => stop(runtime),
            Dialog::Kick { alias, .. } => kick(runtime, &alias),
            Dialog::OpenLink(href) => open_link(runtime, &href),
            Dialog::Help => help::help(runtime),
            Dialog::Safety(safety) => safety::safety(runtime, &safety),
            Dialog::Renew => renew(runtime),
            Dialog::SendPicture(id) => picture::send_picture(runtime, id),
            Dialog::Picture(id) => picture::picture_alone(runtime, id),
        })
    };
    view! { class="s", {move || shown()} }
}

fn stop(runtime: Runtime) -> AnyView {
    let body = view! { class="s",
        <p>
            {say!(
                "Everybody is put out at once and the room is gone, for you too. \
                 What people have copied or photographed stays theirs."
            )}
        </p>
    }
    .into_any();
    let yes = yes(runtime, "button button-grave-main", say!("End the room"));
    question(runtime, say!("End the room for everybody?").into_any(), body, yes)
}

fn kick(runtime: Runtime, alias: &Alias) -> AnyView {
    let name = alias.as_str().to_owned();
    let title = say!("Remove {0}?", [view! { class="s", <bdi>{name}</bdi> }]);
    let body = view! { class="s",
        <p>{say!("They are put out at once, and everybody sees that it was you.")}</p>
        <p class="hint">{say!("The link is renewed with it: the one they know opens nothing any more.")}</p>
    }
    .into_any();
    question(runtime, title, body, yes(runtime, "button button-grave-main", say!("Remove")))
}

fn renew(runtime: Runtime) -> AnyView {
    let body = view! { class="s",
        <p>{say!("The one you shared stops working. Everybody inside stays.")}</p>
    }
    .into_any();
    let yes = yes(runtime, "button button-main", say!("Make it"));
    question(runtime, say!("Make a new link?").into_any(), body, yes)
}

fn open_link(runtime: Runtime, href: &Href) -> AnyView {
    let host = href.host().to_owned();
    let whole = href.as_str().to_owned();
    let body = view! { class="s",
        <p>{say!("It leads out of this room, to")}</p>
        <p class="link-host"><bdi>{host}</bdi></p>
        <p class="link-whole"><bdi>{whole}</bdi></p>
        <p class="hint">{say!("That place learns your address, but not where you came from.")}</p>
    }
    .into_any();
    question(
        runtime,
        say!("Open this link?").into_any(),
        body,
        yes(runtime, "button button-main", say!("Open")),
    )
}

fn yes(runtime: Runtime, class: &'static str, name: &'static str) -> AnyView {
    view! { class="s",
        <button class=class type="button" on:click=press(runtime, Msg::ConfirmedDialog)>{name}</button>
    }
    .into_any()
}

/// A dialog that asks. The focus begins on the answer that changes nothing.
fn question(runtime: Runtime, title: AnyView, body: AnyView, yes: AnyView) -> AnyView {
    let buttons = view! { class="s",
        <button class="button" type="button" autofocus on:click=press(runtime, Msg::DismissedDialog)>
            {say!("Cancel")}
        </button>
        {yes}
    }
    .into_any();
    dialog(runtime, "dialog", title, body, buttons)
}

/// The one answer to a dialog that asks nothing.
pub(super) fn close(runtime: Runtime) -> AnyView {
    view! { class="s",
        <button
            class="button button-main"
            type="button"
            autofocus
            on:click=press(runtime, Msg::DismissedDialog)
        >
            {say!("Close")}
        </button>
    }
    .into_any()
}

/// A modal dialog.
pub(super) fn dialog(
    runtime: Runtime,
    class: &'static str,
    title: AnyView,
    body: AnyView,
    buttons: AnyView,
) -> AnyView {
    let element = NodeRef::<DialogElement>::new();
    follow(move || {
        if let Some(element) = element.get().filter(|element| !element.open()) {
            // It refuses only where it has been taken away again.
            let _gone = element.show_modal();
        }
    });
    let cancel = move |event: Event| {
        event.prevent_default();
        send(runtime, Msg::DismissedDialog);
    };
    // A press beside the dialog reaches the dialog itself; one inside reaches something in it.
    let press_beside = move |event: MouseEvent| {
        if event.target() == event.current_target() {
            send(runtime, Msg::DismissedDialog);
        }
    };
    view! { class="s",
        <dialog
            class=class
            role="dialog"
            aria-modal="true"
            aria-labelledby="dialog-title"
            node_ref=element
            on:cancel=cancel
            on:close=move |_| send(runtime, Msg::DismissedDialog)
            on:click=press_beside
        >
            <div class="dialog-body">
                <h2 class="title" id="dialog-title">{title}</h2>
                {body}
                <div class="actions">{buttons}</div>
            </div>
        </dialog>
    }
    .into_any()
}
