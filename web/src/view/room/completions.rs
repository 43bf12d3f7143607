//! What the draft could become, as a list over the composer. Which one is marked, and whether the
//! list is folded away, is the view's own; the list itself is the core's.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use sanctuary_client::command::Completion;
use sanctuary_client::room::Msg;
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

use super::{read, send};
use crate::runtime::Runtime;
use crate::words::{self, say};

/// The list's id.
pub(super) const ID: &str = "completions";

/// The list, as the composer's keys see it.
#[derive(Clone, Copy)]
pub(super) struct Completions {
    runtime: Runtime,
    offered: Memo<Vec<Completion>>,
    /// The one the arrows stand on.
    marked: RwSignal<Option<usize>>,
    fold: RwSignal<Fold>,
}

/// Whether the list is folded away until something else is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fold {
    Open,
    Folded,
}

/// Which way an arrow goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrow {
    Up,
    Down,
}

impl Completions {
    pub(super) fn new(runtime: Runtime) -> Self {
        Self {
            runtime,
            offered: read(runtime, |room| room.completions()),
            marked: RwSignal::new(None),
            fold: RwSignal::new(Fold::Open),
        }
    }

    /// Something else was typed.
    pub(super) fn begin_again(self) {
        self.marked.set(None);
        self.fold.set(Fold::Open);
    }

    /// Whether there is a list to see.
    pub(super) fn is_open(self) -> bool {
        self.fold.get() == Fold::Open && !self.offered.read().is_empty()
    }

    pub(super) fn fold(self) {
        self.fold.set(Fold::Folded);
    }

    /// Moves the mark, around the ends.
    pub(super) fn go(self, arrow: Arrow) {
        let count = self.offered.read_untracked().len();
        self.marked.update(|marked| {
            *marked = match (arrow, *marked) {
                (Arrow::Down, None) => Some(0),
                (Arrow::Down, Some(at)) => Some((at + 1) % count.max(1)),
                (Arrow::Up, None | Some(0)) => count.checked_sub(1),
                (Arrow::Up, Some(at)) => Some(at - 1),
            };
        });
        self.show_marked();
    }

    /// Scrolls the list to the one the arrows stand on, and nothing else.
    fn show_marked(self) {
        let Some(at) = self.marked.get_untracked() else { return };
        let Some(option) = document().get_element_by_id(&option_id(at)) else { return };
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        option.scroll_into_view_with_scroll_into_view_options(&options);
    }

    /// The one the arrows stand on.
    pub(super) fn marked(self) -> Option<Completion> {
        self.offered.read_untracked().get(self.marked.get_untracked()?).cloned()
    }

    /// The one the arrows stand on, or the best.
    pub(super) fn marked_or_first(self) -> Option<Completion> {
        self.marked().or_else(|| self.offered.read_untracked().first().cloned())
    }

    /// The id of the option the arrows stand on.
    pub(super) fn active_id(self) -> Option<String> {
        self.marked.get().filter(|_| self.is_open()).map(option_id)
    }

    pub(super) fn take(self, completion: Completion) {
        self.begin_again();
        send(self.runtime, Msg::ChoseCompletion(completion));
    }

    /// The list.
    pub(super) fn view(self) -> impl IntoView {
        let list = move || {
            self.is_open().then(|| {
                let options = self.offered.get().into_iter().enumerate();
                let options: Vec<_> =
                    options.map(|(at, it)| self.option(at, it).into_any()).collect();
                view! { class="s",
                    // It scrolls, and so can be scrolled without a pointer.
                    <ul
                        class="completions"
                        id=ID
                        role="listbox"
                        aria-label=say!("Completions")
                        tabindex="0"
                    >
                        {options}
                    </ul>
                }
                .into_any()
            })
        };
        view! { class="s", {move || list()} }
    }

    fn option(self, at: usize, completion: Completion) -> impl IntoView {
        let Completion { text, hint, .. } = completion.clone();
        let is_marked = move || self.marked.get() == Some(at);
        view! { class="s",
            <li
                class="completion"
                id=option_id(at)
                role="option"
                aria-selected=move || is_marked().to_string()
                // A press must not take the focus from the composer.
                on:mousedown=|event: MouseEvent| event.prevent_default()
                on:click=move |_| self.take(completion.clone())
            >
                <bdi class="completion-text">{text}</bdi>
                <span class="completion-hint">{words::spoken(hint)}</span>
            </li>
        }
    }
}

fn option_id(at: usize) -> String {
    format!("{ID}-{at}")
}
