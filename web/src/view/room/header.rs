//! The room's name, who is here, how the connection does, and the doors out.

use leptos::prelude::*;
use sanctuary_client::Msg as PageMsg;
use sanctuary_client::room::{Connection, Msg, Sheet};
use sanctuary_crypto::Fading;

use super::super::clock::clock;
use super::super::door::mark;
use super::super::icon::{Icon, icon};
use super::{press, read, send};
use crate::runtime::Runtime;
use crate::words::say;

/// The header.
pub(super) fn header(runtime: Runtime) -> impl IntoView {
    let name = read(runtime, |room| room.invitation.link.room.as_str().to_owned());
    let here = read(runtime, |room| say!("{0} here", room.roster().len()));
    view! { class="s",
        <header class="room-header">
            <div class="room-title">
                {mark()}
                <div class="room-words">
                    <h1 class="room-name"><bdi>{move || name.get()}</bdi></h1>
                    <p class="room-state">
                        <span>{move || here.get()}</span>
                        {fading(runtime)}
                        {clock()}
                    </p>
                </div>
            </div>
            <nav class="room-tools" aria-label=say!("Room")>
                {sheet_button(runtime, Sheet::Invitation, Icon::Invite, say!("Invite"))}
                {sheet_button(runtime, Sheet::Roster, Icon::People, say!("People"))}
                {tool(runtime, Msg::PressedShield, Icon::Shield, (say!("Safety"), say!("Safety words")))}
                {tool(runtime, Msg::PressedHelp, Icon::Help, (say!("Help"), say!("Help")))}
                {tool(runtime, Msg::PressedLeave, Icon::Leave, (say!("Leave"), say!("Leave")))}
            </nav>
            <button
                class="button button-cover"
                type="button"
                title=say!("Leave at once for an empty page")
                on:click=move |_| runtime.dispatch(PageMsg::PressedCoverTracks)
            >
                {icon(Icon::Cover)}
                <span>{say!("Cover tracks")}</span>
            </button>
            {banner(runtime)}
        </header>
    }
}

/// A button with a word that fits under its drawing, and a name that says it whole.
fn tool(
    runtime: Runtime,
    msg: Msg,
    drawing: Icon,
    (word, name): (&'static str, &'static str),
) -> impl IntoView {
    view! { class="s",
        <button
            class="button button-tool"
            type="button"
            title=name
            aria-label=name
            on:click=press(runtime, msg)
        >
            {icon(drawing)}
            <span>{word}</span>
        </button>
    }
}

fn sheet_button(runtime: Runtime, own: Sheet, drawing: Icon, name: &'static str) -> impl IntoView {
    let sheet = read(runtime, |room| room.sheet);
    let is_open = move || sheet.get() == Some(own);
    let turn = move |_| {
        let is_open = sheet.get_untracked() == Some(own);
        send(runtime, if is_open { Msg::ClosedSheet } else { Msg::OpenedSheet(own) });
    };
    let class = match own {
        Sheet::Roster => "button button-tool button-people",
        Sheet::Invitation => "button button-tool button-invite",
    };
    view! { class="s",
        <button
            class=class
            type="button"
            title=name
            id=opener(own)
            aria-controls="beside"
            aria-expanded=move || is_open().to_string()
            on:click=turn
        >
            {icon(drawing)}
            <span>{name}</span>
        </button>
    }
}

/// The id of the button that opens this.
pub(super) const fn opener(sheet: Sheet) -> &'static str {
    match sheet {
        Sheet::Roster => "open-roster",
        Sheet::Invitation => "open-invitation",
    }
}

/// That messages go, where they do.
fn fading(runtime: Runtime) -> impl IntoView {
    let words = read(runtime, |room| match room.fading() {
        Fading::Never => None,
        Fading::Hour => Some(say!("Fades: 1 h")),
        Fading::Minutes5 => Some(say!("Fades: 5 min")),
        Fading::Seconds30 => Some(say!("Fades: 30 s")),
    });
    move || {
        words.get().map(|words| {
            view! { class="s",
                <span class="fading" title=say!("Messages go from everybody\u{2019}s page after this time")>
                    {words}
                </span>
            }
            .into_any()
        })
    }
}

fn banner(runtime: Runtime) -> impl IntoView {
    let words = read(runtime, |room| match room.connection {
        Connection::Live { .. } => "",
        Connection::CatchingUp { .. } => say!("Connected. Catching up\u{2026}"),
        Connection::Dialing { .. } | Connection::Down { .. } => {
            say!("Connection lost. Trying again\u{2026}")
        }
    });
    view! { class="s", <p class="banner" role="status">{move || words.get()}</p> }
}
