//! A room's key and its password, as a person types them, and how good the password is.

use leptos::prelude::*;
use sanctuary_client::Field;
use sanctuary_client::home::Msg;
use sanctuary_crypto::Strength;
use zeroize::Zeroizing;

use super::super::parts::{Label, described_by, field};
use super::{problem, read, send};
use crate::runtime::Runtime;
use crate::words::say;

/// Key and password of a room that is there.
pub(super) fn known(runtime: Runtime) -> impl IntoView {
    view! { class="s",
        {room_name(runtime, say!("You can also paste a whole link here."))}
        {secret(runtime, say!("As it was told to you: capitals and spaces count."), ())}
    }
}

/// Key and password of a room to be started.
pub(super) fn chosen(runtime: Runtime) -> impl IntoView {
    view! { class="s",
        {room_name(runtime, say!("A name for the room. Whoever guesses it sees that somebody is there."))}
        {secret(
            runtime,
            say!("Several words that nobody puts together are best."),
            strength(runtime),
        )}
    }
}

fn room_name(runtime: Runtime, hint: &'static str) -> impl IntoView {
    let problem = problem(runtime, Some(Field::RoomName));
    let value = read(runtime, |home| home.room.clone());
    let label = Label { id: "room-name", name: say!("Room key"), hint };
    let input = view! { class="s",
        <input
            class="input"
            id="room-name"
            type="text"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            data-1p-ignore="true"
            data-lpignore="true"
            data-bwignore="true"
            aria-describedby=described_by("room-name")
            aria-invalid=move || (!problem.read().is_empty()).to_string()
            prop:value=move || value.get()
            on:input=move |event| send(runtime, Msg::TypedRoomName(event_target_value(&event)))
        />
    };
    field(label, problem, input)
}

fn secret(runtime: Runtime, hint: &'static str, below: impl IntoView) -> impl IntoView {
    let problem = problem(runtime, Some(Field::Secret));
    let value = read(runtime, |home| home.secret.clone());
    let shown = RwSignal::new(Shown::Hidden);
    let typed =
        move |event| send(runtime, Msg::TypedSecret(Zeroizing::new(event_target_value(&event))));
    let label = Label { id: "secret", name: say!("Password"), hint };
    let input = view! { class="s",
        <div class="input-row">
            <input
                class="input"
                id="secret"
                type=move || shown.get().input_type()
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
            data-1p-ignore="true"
                data-lpignore="true"
                data-bwignore="true"
                aria-describedby=described_by("secret")
                aria-invalid=move || (!problem.read().is_empty()).to_string()
                prop:value=move || value.get().as_str().to_owned()
                on:input=typed
            />
            <button
                class="button button-inside"
                type="button"
                aria-controls="secret"
                aria-pressed=move || (shown.get() == Shown::Plain).to_string()
                aria-label=say!("Show the password")
                on:click=move |_| shown.update(|shown| *shown = shown.other())
            >
                {move || shown.get().button()}
            </button>
        </div>
        {below}
    };
    field(label, problem, input)
}

/// Whether the password can be read over a shoulder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Hidden,
    Plain,
}

impl Shown {
    const fn other(self) -> Self {
        match self {
            Self::Hidden => Self::Plain,
            Self::Plain => Self::Hidden,
        }
    }

    const fn input_type(self) -> &'static str {
        match self {
            Self::Hidden => "password",
            Self::Plain => "text",
        }
    }

    fn button(self) -> &'static str {
        match self {
            Self::Hidden => say!("Show"),
            Self::Plain => say!("Hide"),
        }
    }
}

fn strength(runtime: Runtime) -> impl IntoView {
    let grade = read(runtime, |home| grade(home.strength()));
    let words = read(runtime, |home| match home.strength() {
        Some(Strength::Weak) => say!("Weak: one determined person guesses it."),
        Some(Strength::Fair) => say!("Fair: guessing it takes an organisation."),
        Some(Strength::Strong) => say!("Strong: beyond guessing."),
        None => "",
    });
    view! { class="s",
        <p class="strength" data-strength=move || grade.get() role="status">
            <span class="strength-bar" aria-hidden="true"></span>
            <span>{move || words.get()}</span>
        </p>
    }
}

/// What the stylesheet knows it by.
const fn grade(strength: Option<Strength>) -> &'static str {
    match strength {
        Some(Strength::Weak) => "weak",
        Some(Strength::Fair) => "fair",
        Some(Strength::Strong) => "strong",
        None => "none",
    }
}
