//! Who may come in, how long messages stay, who may put out, and a link in place of the one that is out: the host chooses,
//! the others are told.

use leptos::html::Input;
use leptos::prelude::*;
use sanctuary_client::room::{LinkState, Msg};
use sanctuary_crypto::Fading;
use sanctuary_protocol::{DoorPolicy, Moderation, Policy};

use super::super::parts::follow;
use super::{press, read, send};
use crate::runtime::Runtime;
use crate::words::say;

/// What belongs under an invitation.
pub(super) fn rules(runtime: Runtime) -> impl IntoView {
    let is_host = read(runtime, |room| room.me() == room.host);
    let may_renew = read(runtime, |room| room.may_moderate(room.me()));
    view! { class="s",
        <div class="rules">
            {move || if is_host.get() {
                choices(runtime).into_any()
            } else {
                told(runtime).into_any()
            }}
            {move || may_renew.get().then(|| view! { class="s",
                <button
                    class="button button-small"
                    type="button"
                    on:click=press(runtime, Msg::PressedRenew)
                >
                    {say!("Make a new link\u{2026}")}
                </button>
            }.into_any())}
        </div>
    }
}

/// Who comes in by the link, in a sentence.
pub(super) fn promise(runtime: Runtime) -> impl IntoView {
    let words = read(runtime, |room| match room.policy {
        Policy { door: DoorPolicy::Open, moderation: _ } => {
            say!(
                "Whoever has this link can come in, as long as somebody is here. \
             Send it by a way you trust."
            )
        }
        Policy { door: DoorPolicy::Ask, moderation: Moderation::Host } => {
            say!(
                "Whoever has this link can knock, and the host lets them in by hand. \
             Send it by a way you trust."
            )
        }
        Policy { door: DoorPolicy::Ask, moderation: Moderation::Everyone } => {
            say!(
                "Whoever has this link can knock, and somebody here lets them in by hand. \
             Send it by a way you trust."
            )
        }
        Policy { door: DoorPolicy::Locked, moderation: _ } => {
            say!("The door is locked: nobody comes in, with this link or without.")
        }
    });
    view! { class="s", {move || words.get()} }
}

/// Whether the link is the first, or in place of one that was shared before.
pub(super) fn link_state(runtime: Runtime) -> impl IntoView {
    let words = read(runtime, |room| match room.link_state() {
        LinkState::First => "",
        LinkState::Renewing => say!("The link is being renewed\u{2026}"),
        LinkState::Renewed => say!("This link is new. The one shared before opens nothing."),
    });
    view! { class="s", <p class="link-state" role="status">{move || words.get()}</p> }
}

fn told(runtime: Runtime) -> impl IntoView {
    let who = read(runtime, |room| match room.policy.moderation {
        Moderation::Host => say!("The host may remove people and make a new link."),
        Moderation::Everyone => say!("Everybody may remove people and make a new link."),
    });
    let stay = read(runtime, |room| match room.fading() {
        Fading::Never => "",
        Fading::Hour => say!("Messages go after an hour."),
        Fading::Minutes5 => say!("Messages go after five minutes."),
        Fading::Seconds30 => say!("Messages go after half a minute."),
    });
    view! { class="s",
        <p class="hint">{move || who.get()}</p>
        <p class="hint">{move || stay.get()}</p>
    }
}

fn choices(runtime: Runtime) -> impl IntoView {
    let door = move |name, own: DoorPolicy| {
        let chosen = read(runtime, move |room| room.policy.door == own);
        rule(runtime, "door", name, chosen, Msg::ChoseDoor(own))
    };
    let fading = move |name, own: Fading| {
        let chosen = read(runtime, move |room| room.fading() == own);
        rule(runtime, "fading", name, chosen, Msg::ChoseFading(own))
    };
    let moderation = move |name, own: Moderation| {
        let chosen = read(runtime, move |room| room.policy.moderation == own);
        rule(runtime, "moderation", name, chosen, Msg::ChoseModeration(own))
    };
    view! { class="s",
        <fieldset class="choices choices-column">
            <legend class="label">{say!("Who may come in")}</legend>
            {door(say!("Whoever has the link"), DoorPolicy::Open)}
            {door(say!("Whom I let in by hand"), DoorPolicy::Ask)}
            {door(say!("Nobody"), DoorPolicy::Locked)}
        </fieldset>
        <fieldset class="choices choices-column">
            <legend class="label">{say!("How long messages stay")}</legend>
            {fading(say!("As long as one is here"), Fading::Never)}
            {fading(say!("An hour"), Fading::Hour)}
            {fading(say!("Five minutes"), Fading::Minutes5)}
            {fading(say!("Half a minute"), Fading::Seconds30)}
        </fieldset>
        <fieldset class="choices choices-column">
            <legend class="label">{say!("Who may remove people and end the room")}</legend>
            {moderation(say!("Only the host"), Moderation::Host)}
            {moderation(say!("Everybody here"), Moderation::Everyone)}
        </fieldset>
    }
}

/// One of a few rules. What is marked is what holds: a choice the room did not take, because the
/// connection was down for instance, is unmarked again.
fn rule(
    runtime: Runtime,
    group: &'static str,
    name: &'static str,
    chosen: Memo<bool>,
    msg: Msg,
) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let outcome = read(runtime, |room| Some((room.connection, room.composer.problem.clone())));
    follow(move || {
        outcome.track();
        let chosen = chosen.get();
        if let Some(input) = input.get() {
            input.set_checked(chosen);
        }
    });
    view! { class="s",
        <label class="choice">
            <input
                type="radio"
                name=group
                node_ref=input
                on:change=move |_| send(runtime, msg.clone())
            />
            <span class="choice-name">{name}</span>
        </label>
    }
}
