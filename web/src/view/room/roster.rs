//! Who is here, and what can be done about each of them.

use leptos::prelude::*;
use sanctuary_client::room::{Msg, Person, Rank, RosterAct, RosterRow, Sheet, Voice, Whose};
use sanctuary_client::{Msg as PageMsg, Notify, Veil};
use sanctuary_protocol::{Moderation, Presence};

use super::super::icon::{Icon, icon};
use super::super::listed::{Item, list};
use super::super::parts::{key_tag, name, plain_name, tile};
use super::{close_button, press, read};
use crate::runtime::Runtime;
use crate::words::say;

/// The panel.
pub(super) fn roster(runtime: Runtime) -> impl IntoView {
    let rows = read(runtime, |room| room.roster());
    let item = move |row: RosterRow| {
        let acts = row.acts.iter().map(|act| 1 << *act as u64).sum();
        let who = u64::from(row.person.member.0) << 32;
        let tag: u64 = row.person.tag.map_or(0, |tag| tag.bits().into());
        let key = [who | tag, row.presence as u64, row.rank as u64, acts];
        Item::new(key, move || member(runtime, &row))
    };
    view! { class="s",
        <section class="panel panel-roster" aria-labelledby="roster-title">
            <div class="panel-head">
                <h2 class="panel-title" id="roster-title">
                    {say!("Here")} <span class="count">{move || rows.read().len().to_string()}</span>
                </h2>
                {close_button(runtime, Sheet::Roster)}
            </div>
            <ul class="members">
                {list(move || rows.get().into_iter().map(item).collect())}
            </ul>
            <p class="hint">{say!("In the order they came in.")}</p>
            {rules(runtime)}
        </section>
    }
}

fn member(runtime: Runtime, row: &RosterRow) -> AnyView {
    let gone = row.presence == Presence::Gone;
    if row.acts.is_empty() {
        return view! { class="s",
            <li class="member" class:gone=gone>
                <div class="member-row">{about(row)}</div>
            </li>
        }
        .into_any();
    }
    let buttons: Vec<_> =
        row.acts.iter().map(|act| act_button(runtime, *act, &row.person)).collect();
    view! { class="s",
        <li class="member" class:gone=gone>
            <details name="members">
                <summary class="member-row">{about(row)} {icon(Icon::Fold)}</summary>
                <div class="member-actions">{buttons}</div>
            </details>
        </li>
    }
    .into_any()
}

fn about(row: &RosterRow) -> impl IntoView {
    let RosterRow { person, presence, rank, voice, acts: _ } = row;
    let is_own = person.whose == Whose::Own;
    view! { class="s",
        {tile(person)}
        <span class="member-name">
            {name(person)}
            {key_tag(person)}
            <span class="member-marks">
                {is_own.then(|| view! { class="s", <span class="chip">{say!("You")}</span> })}
                {(*rank == Rank::Host)
                    .then(|| view! { class="s", <span class="chip chip-host">{icon(Icon::Host)} {say!("Host")}</span> })}
                {(*presence == Presence::Gone)
                    .then(|| view! { class="s", <span class="chip">{say!("Away")}</span> })}
                {(*voice == Voice::Muted)
                    .then(|| view! { class="s", <span class="chip">{say!("Muted")}</span> })}
            </span>
        </span>
    }
}

fn act_button(runtime: Runtime, act: RosterAct, person: &Person) -> impl IntoView {
    let member = person.member;
    let who = plain_name(person);
    let (class, words, label, msg) = match act {
        RosterAct::Whisper => (
            "button button-small",
            say!("Whisper"),
            say!("Whisper to {0}", who),
            Msg::PressedWhisper(member),
        ),
        RosterAct::Mute => {
            ("button button-small", say!("Mute"), say!("Mute {0}", who), Msg::PressedMute(member))
        }
        RosterAct::Unmute => (
            "button button-small",
            say!("Unmute"),
            say!("Unmute {0}", who),
            Msg::PressedUnmute(member),
        ),
        RosterAct::HandOver => (
            "button button-small",
            say!("Make host"),
            say!("Make {0} the host", who),
            Msg::PressedHandOver(member),
        ),
        RosterAct::Kick => (
            "button button-small button-grave",
            say!("Remove\u{2026}"),
            say!("Remove\u{2026} {0}", who),
            Msg::PressedKick(member),
        ),
    };
    view! { class="s",
        <button class=class type="button" aria-label=label on:click=press(runtime, msg)>
            {words}
        </button>
    }
}

/// Whether whoever passes by can read while one looks elsewhere.
fn veil(runtime: Runtime) -> impl IntoView {
    let is_on = runtime.read(|model| model.veil == Veil::WhenAway);
    let turn = move |_| {
        let veil = if is_on.get_untracked() { Veil::Never } else { Veil::WhenAway };
        runtime.dispatch(PageMsg::ChoseVeil(veil));
    };
    view! { class="s",
        <button
            class="button button-small"
            type="button"
            aria-pressed=move || is_on.get().to_string()
            on:click=turn
        >
            {icon(Icon::Veil)}
            {say!("Blur when I look away")}
        </button>
    }
}

/// Whether the page tells that something came while one looks elsewhere.
fn notify(runtime: Runtime) -> impl IntoView {
    let notify = runtime.read(|model| model.notifier.notify);
    let is_on = move || matches!(notify.get(), Notify::On | Notify::Asked).to_string();
    let words = move || match notify.get() {
        Notify::Off | Notify::On => "",
        Notify::Asked => say!("Your browser asks you whether the page may."),
        Notify::Denied => say!("Your browser does not let the page notify you. Its settings can."),
        Notify::Unable => say!("This browser cannot notify you for a page."),
    };
    view! { class="s",
        <button
            class="button button-small"
            type="button"
            aria-pressed=is_on
            on:click=move |_| runtime.dispatch(PageMsg::PressedNotify)
        >
            {icon(Icon::Bell)}
            {say!("Notify me when I look away")}
        </button>
        <p class="hint" role="status">{words}</p>
    }
}

/// Who may do what, and ending the room where one may.
fn rules(runtime: Runtime) -> impl IntoView {
    let who = read(runtime, |room| match room.policy.moderation {
        Moderation::Host => say!("The host may remove people and end the room."),
        Moderation::Everyone => say!("Everybody may remove people and end the room."),
    });
    let may_stop = read(runtime, |room| room.may_moderate(room.me()));
    view! { class="s",
        <div class="panel-foot">
            {veil(runtime)}
            {notify(runtime)}
            <p class="hint">{move || who.get()}</p>
            {move || may_stop.get().then(|| view! { class="s",
                <button
                    class="button button-small button-grave"
                    type="button"
                    on:click=press(runtime, Msg::PressedStop)
                >
                    {say!("End the room\u{2026}")}
                </button>
            }.into_any())}
        </div>
    }
}
