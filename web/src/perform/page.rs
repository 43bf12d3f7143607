//! The page around the views: focus, links, the title, and leaving nothing behind.

use leptos::prelude::{document, request_animation_frame, window};
use sanctuary_client::Field;
use sanctuary_client::markup::Href;
use sanctuary_client::room::{LineId, Unread};
use wasm_bindgen::JsCast as _;
use web_sys::{
    Element, HtmlElement, HtmlInputElement, HtmlTextAreaElement, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};

/// What the title says, and never who is here or which room it is: others see it too.
const TITLE: &str = "Sanctuary";

/// Moves the keyboard's focus, once the view that follows from this update stands.
pub(super) fn focus(field: Field) {
    request_animation_frame(move || {
        let Some(element) = document().get_element_by_id(id_of(field)) else { return };
        if let Some(element) = element.dyn_ref::<HtmlElement>() {
            let _unable = element.focus();
        }
        if field == Field::Invitation {
            select(&element);
        }
    });
}

/// The ids the views give to their fields.
fn id_of(field: Field) -> &'static str {
    match field {
        Field::Alias => "alias",
        Field::RoomName => "room-name",
        Field::Secret => "secret",
        Field::Composer => "composer",
        Field::Invitation => "invitation",
    }
}

/// Brings a line into sight, in the midst of the others, and puts the keyboard's focus on it, once it
/// stands on the page.
pub(super) fn show_line(line: LineId) {
    request_animation_frame(move || {
        let id = format!("line-{}", line.0);
        let Some(element) = document().get_element_by_id(&id) else { return };
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Center);
        element.scroll_into_view_with_scroll_into_view_options(&options);
        if let Some(element) = element.dyn_ref::<HtmlElement>() {
            let _unable = element.focus();
        }
    });
}

/// Selects all of an element's text, ready to be copied by hand.
fn select(element: &Element) {
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        input.select();
    } else if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
        area.select();
    } else if let Ok(Some(selection)) = window().get_selection() {
        let _unable = selection.select_all_children(element);
    }
}

/// Opens a link where it learns nothing of this page: neither its address nor a handle on it.
pub(super) fn open_link(href: &Href) {
    let _handle = window().open_with_url_and_target_and_features(
        href.as_str(),
        "_blank",
        "noopener,noreferrer",
    );
}

/// Says before the title how much came that nobody has looked at.
pub(super) fn show_unread(unread: Unread) {
    if unread.is_none() {
        document().set_title(TITLE);
    } else {
        document().set_title(&format!("({unread}) {TITLE}"));
    }
}

/// Empties what a view does not own: the title, the selection, what stands in form fields.
pub(super) fn wipe() {
    document().set_title(TITLE);
    if let Ok(Some(selection)) = window().get_selection() {
        let _none = selection.remove_all_ranges();
    }
    let Ok(fields) = document().query_selector_all("input, textarea") else { return };
    for field in (0..fields.length()).filter_map(|at| fields.get(at)) {
        if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
            input.set_value("");
        } else if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
            area.set_value("");
        }
    }
}
