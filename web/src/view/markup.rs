//! A message's tree as elements. Every element is built by its name from a closed list, every text
//! is a text node: nothing anybody wrote is ever read as HTML.

use leptos::ev::MouseEvent;
use leptos::html::custom;
use leptos::prelude::*;
use sanctuary_client::markup::{Href, Markup, Node, Run, Tag, code_point, plain_piece, runs};
use sanctuary_client::{Msg, room};
use wasm_bindgen::JsCast as _;
use web_sys::Element;

use crate::runtime::Runtime;
use crate::words::say;

/// A message, in a box that keeps its direction to itself.
pub(super) fn message(markup: &Markup, runtime: Runtime) -> AnyView {
    let nodes = nodes(markup.nodes(), runtime);
    view! { class="s", <div class="markup" dir="auto">{nodes}</div> }.into_any()
}

/// A few words of somebody's in the midst of others.
pub(super) fn words(markup: &Markup, runtime: Runtime) -> AnyView {
    let nodes = nodes(markup.nodes(), runtime);
    view! { class="s", <div class="markup markup-inline" dir="auto">{nodes}</div> }.into_any()
}

fn nodes(nodes: &[Node], runtime: Runtime) -> Vec<AnyView> {
    nodes.iter().map(|node| self::node(node, runtime)).collect()
}

/// The tree is at most eight deep, so that recursion is bounded.
fn node(node: &Node, runtime: Runtime) -> AnyView {
    match node {
        Node::Text(text) => plain(text),
        Node::Element { tag: Tag::Pre, children } => listing(children, runtime),
        Node::Element { tag, children } if children.is_empty() => custom(tag.name()).into_any(),
        Node::Element { tag, children } => {
            custom(tag.name()).child(nodes(children, runtime)).into_any()
        }
        Node::Link { href, children } => link(href, nodes(children, runtime), runtime),
    }
}

/// A listing can be copied. It is selected as well, for whoever must do it by hand.
fn listing(children: &[Node], runtime: Runtime) -> AnyView {
    let text = plain_piece(children);
    let copy = move |event: MouseEvent| {
        let button = event.current_target().and_then(|it| it.dyn_into::<Element>().ok());
        let listing = button.and_then(|button| button.previous_element_sibling());
        if let (Some(listing), Ok(Some(selection))) = (listing, window().get_selection()) {
            let _unable = selection.select_all_children(&listing);
        }
        runtime.dispatch(Msg::Room(room::Msg::PressedCopyListing(text.clone())));
    };
    view! { class="s",
        <div class="listing">
            // It scrolls, and so can be scrolled without a pointer.
            <pre tabindex="0">{nodes(children, runtime)}</pre>
            <button class="button button-small" type="button" on:click=copy>{say!("Copy")}</button>
        </div>
    }
    .into_any()
}

/// Text as it is, and by its name whatever would act on it or hide.
pub(super) fn plain(text: &str) -> AnyView {
    runs(text).into_iter().map(run).collect::<Vec<_>>().into_any()
}

fn run(run: Run<'_>) -> AnyView {
    match run {
        Run::Plain(text) => text.to_owned().into_any(),
        Run::Control(character) => view! { class="s",
            <span class="control" title=say!("A character that would hide or act, shown by its name")>
                {code_point(character)}
            </span>
        }
        .into_any(),
    }
}

/// A link asks before it leads anywhere, by whichever button it is pressed.
fn link(href: &Href, children: Vec<AnyView>, runtime: Runtime) -> AnyView {
    let to = href.clone();
    let ask = move |event: MouseEvent| {
        event.prevent_default();
        runtime.dispatch(Msg::Room(room::Msg::PressedLink(to.clone())));
    };
    let ask_too = ask.clone();
    view! { class="s",
        <a
            href=href.as_str().to_owned()
            title=href.as_str().to_owned()
            rel="noopener noreferrer"
            target="_blank"
            draggable="false"
            on:click=ask
            on:auxclick=ask_too
        >
            {children}
        </a>
    }
    .into_any()
}
