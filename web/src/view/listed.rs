//! A list whose items keep their elements for as long as they are shown. Every such list is of one
//! type: each type of its own would be kilobytes to download.

use leptos::prelude::*;

/// What an item is told from the others by, and from itself when it looks different.
pub(super) type Key = [u64; 4];

/// An item that is to be shown.
pub(super) struct Item {
    key: Key,
    show: Box<dyn FnOnce() -> AnyView + Send>,
}

impl Item {
    /// `show` is asked once, when the item comes.
    pub(super) fn new(key: Key, show: impl FnOnce() -> AnyView + Send + 'static) -> Self {
        Self { key, show: Box::new(show) }
    }
}

/// The list.
pub(super) fn list(items: impl Fn() -> Vec<Item> + Send + Sync + 'static) -> AnyView {
    list_of(Box::new(items))
}

fn list_of(items: Box<dyn Fn() -> Vec<Item> + Send + Sync>) -> AnyView {
    view! { class="s",
        <For each=items key=|item: &Item| item.key children=|item: Item| (item.show)() />
    }
    .into_any()
}
