//! The end of a page whose code broke: it says so, hangs up, and prints where, never what. A
//! panic's own words may quote what somebody wrote.

use std::panic::set_hook;

use leptos::prelude::document;
use wasm_bindgen::JsValue;
use web_sys::{Element, HtmlElement};

use crate::perform::Hands;
use crate::runtime::Runtime;
use crate::words::say;

/// Makes a panic end the page.
pub(crate) fn end_with(runtime: Runtime) {
    set_hook(Box::new(move |panic| {
        let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line()));
        let place = place.unwrap_or_default();
        web_sys::console::error_1(&JsValue::from_str(&format!("Sanctuary broke at {place}")));
        if let Some(body) = document().body() {
            show_the_end(&body);
        }
        // Last: when the panic came from an effect this breaks in turn, and all is said by then.
        runtime.with_hands(Hands::let_go);
    }));
}

/// Everything that stood there goes first. What broke may break this too: then the words stand bare.
fn show_the_end(body: &HtmlElement) {
    let what = say!("Something went wrong in this page, and it has left the room.");
    let advice = say!("Reload it to begin again.");
    body.set_text_content(Some(what));
    let build = || -> Result<(), JsValue> {
        let screen = part("main", "passage passage-ended")?;
        let words = part("div", "passage-words")?;
        let (title, text) = (part("h1", "title")?, part("p", "passage-text")?);
        title.set_text_content(Some(what));
        text.set_text_content(Some(advice));
        words.append_with_node_2(&title, &text)?;
        screen.append_with_node_1(&words)?;
        body.replace_children_with_node_1(&screen);
        Ok(())
    };
    let _ = build();
}

fn part(name: &str, class: &str) -> Result<Element, JsValue> {
    let part = document().create_element(name)?;
    part.set_class_name(class);
    Ok(part)
}
