//! How to bring somebody in: the link, or its two halves by different ways, and who comes in by it.

use leptos::html::Input;
use leptos::prelude::*;
use sanctuary_client::room::{Msg, Sheet};
use sanctuary_client::{Clipboard, Model, QrCode, Run, Screen};
use zeroize::Zeroizing;

use super::super::icon::{Icon, icon};
use super::{close_button, press, read, rules};
use crate::perform::share;
use crate::runtime::Runtime;
use crate::words::say;

/// The panel.
pub(super) fn invitation(runtime: Runtime) -> impl IntoView {
    let key = read(runtime, |room| Zeroizing::new(room.invitation.link.room.as_str().to_owned()));
    let secret =
        read(runtime, |room| Zeroizing::new(room.invitation.link.secret.expose().to_owned()));
    let link = runtime.read(|Model { page, screen, .. }| match screen {
        Screen::Room(room) => page.invitation(&room.invitation.link),
        Screen::Home(_) | Screen::Joining(_) | Screen::Ended(_) => Zeroizing::default(),
    });
    view! { class="s",
        <section class="panel panel-invitation" aria-labelledby="invitation-title">
            <div class="panel-head">
                <h2 class="panel-title" id="invitation-title">{say!("Invite somebody")}</h2>
                {close_button(runtime, Sheet::Invitation)}
            </div>
            <p class="panel-text">{rules::promise(runtime)}</p>
            {link_field(link)}
            {rules::link_state(runtime)}
            <button
                class="button button-main button-wide"
                type="button"
                on:click=press(runtime, Msg::PressedCopy(Clipboard::Invitation))
            >
                {icon(Icon::Copy)}
                {say!("Copy invitation")}
            </button>
            {share::is_offered().then(|| view! { class="s",
                <button
                    class="button button-wide"
                    type="button"
                    on:click=press(runtime, Msg::PressedShare)
                >
                    {icon(Icon::Send)}
                    {say!("Share\u{2026}")}
                </button>
            }.into_any())}
            {qr_code(link)}
            <p class="panel-text panel-text-later">{say!("Or tell the two halves by two different ways:")}</p>
            <dl class="halves">
                {half(runtime, say!("Room key"), key, Clipboard::RoomName, say!("Copy key"))}
                {half(runtime, say!("Password"), secret, Clipboard::Secret, say!("Copy password"))}
            </dl>
            {rules::rules(runtime)}
        </section>
    }
}

/// The whole link, to be selected by a press and copied by hand where the page may not.
fn link_field(link: Memo<Zeroizing<String>>) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let select = move |_| {
        if let Some(input) = input.get_untracked() {
            input.select();
        }
    };
    view! { class="s",
        <label class="unseen" for="invitation">{say!("The whole link")}</label>
        <input
            class="input input-link"
            id="invitation"
            type="text"
            dir="ltr"
            readonly
            autocomplete="off"
            spellcheck="false"
            data-1p-ignore="true"
            data-lpignore="true"
            data-bwignore="true"
            node_ref=input
            prop:value=move || link.get().as_str().to_owned()
            on:focus=select
        />
    }
}

/// The whole link for a phone's camera: one path, drawn again when the link is another.
fn qr_code(link: Memo<Zeroizing<String>>) -> impl IntoView {
    move || {
        QrCode::of(&link.read()).map(|code| {
            let side = code.side();
            let path: String = code.runs().map(draw).collect();
            view! { class="s",
                <figure class="qr-code">
                    <svg
                        role="img"
                        aria-label=say!("QR code of the invitation link")
                        viewBox=format!("0 0 {side} {side}")
                    >
                        <path d=path></path>
                    </svg>
                    <figcaption class="hint">{say!("Point a phone\u{2019}s camera at it.")}</figcaption>
                </figure>
            }
            .into_any()
        })
    }
}

fn draw(Run { row, column, modules }: Run) -> String {
    format!("M{column} {row}h{modules}v1h-{modules}z")
}

fn half(
    runtime: Runtime,
    label: &'static str,
    value: Memo<Zeroizing<String>>,
    what: Clipboard,
    copy: &'static str,
) -> impl IntoView {
    view! { class="s",
        <div class="half">
            <dt>{label}</dt>
            <dd>
                <bdi>{move || value.get().as_str().to_owned()}</bdi>
                <button
                    class="button button-small"
                    type="button"
                    on:click=press(runtime, Msg::PressedCopy(what))
                >
                    {copy}
                </button>
            </dd>
        </div>
    }
}
