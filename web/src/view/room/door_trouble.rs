//! Wrong passwords at the door: how many, what it does about them, and that it can be forgotten.

use leptos::prelude::*;
use sanctuary_client::room::{DoorTrouble, Msg, Pace};

use super::super::icon::{Icon, icon};
use super::{press, read};
use crate::runtime::Runtime;
use crate::words::say;

/// The line, where there is anything to say.
pub(super) fn door_trouble(runtime: Runtime) -> impl IntoView {
    let words = read(runtime, |room| room.door_trouble().map(|it| words(&it)).unwrap_or_default());
    let may_clear = read(runtime, |room| room.may_moderate(room.me()));
    let line = move || {
        let words = words.get();
        (!words.is_empty()).then(|| {
            view! { class="s",
                <div class="trouble" role="status">
                    {icon(Icon::Lock)}
                    <p class="trouble-words">{words}</p>
                    {may_clear.get().then(|| view! { class="s",
                        <button
                            class="button button-small"
                            type="button"
                            aria-label=say!("Clear the attempts")
                            on:click=press(runtime, Msg::PressedClearDoor)
                        >
                            {say!("Clear")}
                        </button>
                    }.into_any())}
                </div>
            }
            .into_any()
        })
    };
    view! { class="s", {move || line()} }
}

fn words(DoorTrouble { failures, pace }: &DoorTrouble) -> String {
    match (failures, pace) {
        (1, Pace::Quick) => say!("One attempt with a wrong password.").to_owned(),
        (_, Pace::Quick) => say!("{0} attempts with a wrong password.", failures),
        (_, Pace::Slow) => {
            say!("{0} attempts with a wrong password. The door opens once a minute.", failures)
        }
    }
}
