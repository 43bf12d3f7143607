//! What a person sees: one file a screen, and the parts they share. Views format; they decide
//! nothing and keep nothing but what is folded open. Every `view!` carries the class `s`, which no
//! rule of the stylesheet names: with it Leptos builds elements one by one, as Trusted Types ask.

mod home;
mod joining;
mod room;

mod ended;

mod clock;
mod door;
mod icon;
mod listed;
mod markup;
mod parts;

use leptos::prelude::*;
pub(crate) use parts::composes;
use sanctuary_client::{Model, Screen};

use crate::runtime::Runtime;

/// Which screen is shown. It changes seldom, so that a keystroke rebuilds nothing.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Home,
    Joining,
    Room,
    Ended,
}

/// The page.
pub(crate) fn app(runtime: Runtime) -> impl IntoView {
    let place = runtime.read(place);
    view! { class="s",
        {move || match place.get() {
            Place::Home => home::screen(runtime).into_any(),
            Place::Joining => joining::screen(runtime).into_any(),
            Place::Room => room::screen(runtime).into_any(),
            Place::Ended => ended::screen(runtime).into_any(),
        }}
    }
}

fn place(model: &Model) -> Place {
    match model.screen {
        Screen::Home(_) => Place::Home,
        Screen::Joining(_) => Place::Joining,
        Screen::Room(_) => Place::Room,
        Screen::Ended(_) => Place::Ended,
    }
}
