//! On the way in: one calm picture and a few words for each step, and what can be done.

use leptos::html::H1;
use leptos::prelude::*;
use sanctuary_client::joining::{Failure, Intent, Joining, Msg, Step};
use sanctuary_client::{Model, Msg as PageMsg, Screen};
use sanctuary_words::{Phrase, phrase};

use super::door::{Pose, doorway};
use super::parts::focus_when_shown;
use crate::runtime::Runtime;
use crate::words::{self, say};

/// The screen.
pub(super) fn screen(runtime: Runtime) -> impl IntoView {
    let step = read(runtime, Step::Deriving, |joining| joining.step);
    let title = read(runtime, None, |joining| Some(title(joining.step, joining.intent)));
    let heading = NodeRef::<H1>::new();
    focus_when_shown(heading);
    view! { class="s",
        <main class="passage" aria-busy=move || is_moving(step.get()).to_string()>
            {doorway(move || pose(step.get()))}
            <div class="passage-words" role="status">
                <h1 class="title" tabindex="-1" node_ref=heading>
                    {move || title.get().map(words::spoken)}
                </h1>
                <p class="passage-text">{move || text(step.get())}</p>
                <span class="pulse" class:pulse-on=move || is_moving(step.get()) aria-hidden="true"></span>
            </div>
            <div class="actions">{move || actions(runtime, step.get())}</div>
        </main>
    }
}

const fn pose(step: Step) -> Pose {
    match step {
        Step::Deriving | Step::Connecting => Pose::Shut,
        Step::AtDoor | Step::Waiting => Pose::Ajar,
        Step::Asked => Pose::Half,
        Step::Entering => Pose::Open,
        Step::NobodyThere | Step::Failed(_) => Pose::Dark,
    }
}

const fn is_moving(step: Step) -> bool {
    match step {
        Step::Deriving
        | Step::Connecting
        | Step::AtDoor
        | Step::Waiting
        | Step::Asked
        | Step::Entering => true,
        Step::NobodyThere | Step::Failed(_) => false,
    }
}

const fn title(step: Step, intent: Intent) -> Phrase {
    match (step, intent) {
        (Step::Deriving, _) => phrase!("Cutting the key"),
        (Step::Connecting, Intent::Create) => phrase!("Opening the room"),
        (Step::Connecting, Intent::Knock) => phrase!("Finding the room"),
        (Step::AtDoor, _) => phrase!("At the door"),
        (Step::Waiting, _) => phrase!("Waiting for somebody inside to open"),
        (Step::Asked, _) => phrase!("Waiting to be let in"),
        (Step::Entering, _) => phrase!("Going in"),
        (Step::NobodyThere, _) => phrase!("Nobody is in that room"),
        (Step::Failed(failure), _) => failed(failure),
    }
}

const fn failed(failure: Failure) -> Phrase {
    match failure {
        Failure::WrongKey => phrase!("That key does not fit"),
        Failure::AliasTaken => phrase!("That name is taken"),
        Failure::Declined | Failure::NotAdmitting => phrase!("The door stays shut"),
        Failure::Locked => phrase!("The door is locked"),
        Failure::Busy => phrase!("Many are coming in at once"),
        Failure::RoomFull => phrase!("No seat is left"),
        Failure::ServerFull => phrase!("No room is left"),
        Failure::TriesSpent => phrase!("Nobody inside could be reached safely"),
        Failure::Unreachable => phrase!("The server does not answer"),
        Failure::HungUp => phrase!("The connection ended"),
        Failure::Unreadable => phrase!("Something came through garbled"),
        Failure::CannotCreate => phrase!("No key can be made here"),
    }
}

fn text(step: Step) -> &'static str {
    match step {
        Step::Deriving => {
            say!(
                "Your browser makes the key from the password. It takes a moment, on purpose: \
             guessing would take as long each time."
            )
        }
        Step::Connecting => {
            say!("Reaching the server. It is told neither the name nor the password.")
        }
        Step::AtDoor => say!("You have knocked. Somebody inside checks your key and lets you in."),
        Step::Waiting => {
            say!(
                "Everybody inside seems to be away. Their pages let you in as soon as one of them wakes. \
             You can keep this open."
            )
        }
        Step::Asked => say!("The host has been asked to let you in. This page waits."),
        Step::Entering => say!("The door is open."),
        Step::NobodyThere => {
            say!(
                "Start it? You would be its first member and its host. If you expected somebody, \
             check the key: one letter off is another room."
            )
        }
        Step::Failed(failure) => words::spoken(failure.phrase()),
    }
}

fn actions(runtime: Runtime, step: Step) -> AnyView {
    match step {
        Step::Deriving
        | Step::Connecting
        | Step::AtDoor
        | Step::Waiting
        | Step::Asked
        | Step::Entering => button(runtime, "button", say!("Back"), Msg::PressedBack).into_any(),
        Step::NobodyThere => view! { class="s",
            {button(runtime, "button button-main", say!("Start"), Msg::PressedStart)}
            {button(runtime, "button", say!("Look again"), Msg::PressedTryAgain)}
            {button(runtime, "button", say!("Back"), Msg::PressedBack)}
        }
        .into_any(),
        // Trying the same again would fail the same way: what was typed has to change.
        Step::Failed(Failure::WrongKey | Failure::AliasTaken) => view! { class="s",
            {button(runtime, "button button-main", say!("Back"), Msg::PressedBack)}
            {button(runtime, "button", say!("Try again"), Msg::PressedTryAgain)}
        }
        .into_any(),
        Step::Failed(
            Failure::Declined
            | Failure::Locked
            | Failure::Busy
            | Failure::RoomFull
            | Failure::ServerFull
            | Failure::NotAdmitting
            | Failure::TriesSpent
            | Failure::Unreachable
            | Failure::HungUp
            | Failure::Unreadable
            | Failure::CannotCreate,
        ) => view! { class="s",
            {button(runtime, "button button-main", say!("Try again"), Msg::PressedTryAgain)}
            {button(runtime, "button", say!("Back"), Msg::PressedBack)}
        }
        .into_any(),
    }
}

fn button(runtime: Runtime, class: &'static str, name: &'static str, msg: Msg) -> impl IntoView {
    view! { class="s",
        <button class=class type="button" on:click=move |_| runtime.dispatch(PageMsg::Joining(msg))>
            {name}
        </button>
    }
}

/// `otherwise` is what is read in the moment the screen goes.
fn read<T>(
    runtime: Runtime,
    otherwise: T,
    part: impl Fn(&Joining) -> T + Send + Sync + 'static,
) -> Memo<T>
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    runtime.read(move |Model { screen, .. }| match screen {
        Screen::Joining(joining) => part(joining),
        Screen::Home(_) | Screen::Room(_) | Screen::Ended(_) => otherwise,
    })
}
